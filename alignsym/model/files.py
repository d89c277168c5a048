"""Model files <-> games, and solutions -> JSON: the package's door to what is on disk.

structure.read       bytes, bounded
structure.structure  tables, checked                   (no SymPy up to here)
building.game        Game
writing.toml         Game -> text
output               Solution -> JSON
"""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

from alignsym.errors import UsageError
from alignsym.model import building, contradictions, structure, writing
from alignsym.model.game import Game
from alignsym.model.output import solution_to_json
from alignsym.model.syntax import TextError


def load(path: str | Path) -> Game:
    """The game of a model file.

    Raises: `ModelError` (`LimitError` where a limit on untrusted input is exceeded), one line with
    the place in the model; nothing in a file is executed.
    """
    return loads(structure.read(path), name=Path(path).stem)


def loads(text: str, *, name: str = "") -> Game:
    """The game of a model file's text; `name` identifies a model without an id.

    Raises: as `load`.

    >>> game = loads('''
    ... format = 1
    ... concept = "maximize"
    ... [parameters]
    ... p = "positive"
    ... [[agents]]
    ... name = "alpha"
    ... actions = { x = "nonnegative" }
    ... utility = "log(1 + x) - p*x"
    ... ''')
    >>> game.agents[0].objective
    -p*x + log(x + 1)
    """
    tables = structure.structure(text)
    try:
        game = building.game(tables, name=name)
    except TextError as failure:
        raise failure.within(text) from None
    contradictions.refuse_contradictory_conditions(game)
    return game


def dumps(game: Game) -> str:
    """The text of a model file; `loads(dumps(game)) == game`.

    Raises: `ModelError` where a file cannot say what the game says.
    """
    return writing.toml(game)


def dump(game: Game, path: str | Path) -> None:
    """Write the model file of a game."""
    Path(path).write_text(dumps(game), encoding="utf-8")


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of model files (`"model"`) or of the solver's output (`"solution"`).

    >>> schema("model")["properties"]["format"]
    {'const': 1}
    """
    if name not in ("model", "solution"):
        raise UsageError(f"no schema {name!r}", where="schema", remedy="model or solution")
    file = resources.files("alignsym.model") / "schemas" / f"{name}.schema.json"
    loaded: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return loaded


__all__ = ["dump", "dumps", "load", "loads", "schema", "solution_to_json"]
