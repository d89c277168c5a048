"""The face at the prompt: short methods on the nouns, each a delegation to a function.

`game.social()`, `game.priced(G="p")`, `market.equilibrium()`, what a notebook shows of a solution.
The nouns know nothing of solving or printing; importing this package attaches the methods, and
every method imports what it calls when it is called.  It is the only exception to the rule that a
module imports only from those below it, and the architecture test names it.
"""

from __future__ import annotations

from alignsym.prompt import answers, games, notebooks
from alignsym.prompt.games import maximize

__all__ = ["maximize"]

for _owner, _name, _function in (*games.ATTACHED, *answers.ATTACHED, *notebooks.ATTACHED):
    setattr(_owner, _name, _function)
