"""Where what somebody wrote is defined: a**2/a is read as a, but says nothing where a = 0.

The reader keeps what a text needs and its simplified expression no longer shows.  It must hold for
all parameters of the regime; where it does not, the text states no number there.
"""

from __future__ import annotations

from collections.abc import Iterable

import sympy as sp

from alignsym.checking.crowds import instances
from alignsym.checking.points import certainly, exactly, numbers, points
from alignsym.checking.shown import THE_SOLUTION, THE_VALUE
from alignsym.claims import Proved, Refuted, Unknown, Verdict, weakest
from alignsym.errors import ModelError
from alignsym.logic.crowd import crowd
from alignsym.logic.sums import NotSummableError
from alignsym.model.agents import StatedRegime
from alignsym.model.game import Game
from alignsym.model.relations import Region, Relation
from alignsym.solution import Regime
from alignsym.verify.decision import everyones_bounds
from alignsym.verify.facts import holds, short
from alignsym.verify.instances import regime_at

_POINTS = 2


def stated(game: Game, table: StatedRegime, subject: str) -> Verdict:
    """Whether the texts in which the table says its subject (THE_SOLUTION, THE_VALUE, or the name
    of a constraint) are defined on its whole regime."""
    place = "value" if subject == THE_VALUE else f"multipliers.{subject}"
    needed = [
        r
        for name, region in table.domain
        if name == place or (subject == THE_SOLUTION and name.startswith("values."))
        for r in region
    ]
    return defined(game, table.when, needed, table.continuum)


def defined(game: Game, when: Region, needed: Iterable[Relation], among: Region = ()) -> Verdict:
    """Whether every relation that a text needs holds for all declared parameters of the regime, and
    for all choices `among` them; else an exact point where one does not.

    >>> from alignsym.model.game import Agent, Parameter
    >>> from alignsym.model.relations import Interval
    >>> x, a = sp.symbols("x a", real=True)
    >>> game = Game(Agent("one", -(x - a)**2, x), parameters=[Parameter(a, Interval.real())])
    >>> defined(game, (), [Relation(a, "!=", sp.S.Zero)]).point
    ((a, 0),)
    >>> defined(game, (Relation(a, ">", sp.S.Zero),), [Relation(a, "!=", sp.S.Zero)])
    Proved(evidence=...)
    """
    if game.families:
        return weakest(_for_every_member(game, when, r) for r in needed)
    return weakest(_on(game, when, r, among) for r in needed)


def _on(game: Game, when: Region, needed: Relation, among: Region) -> Verdict:
    verdict = holds(needed, (*game.domain(), *when, *everyones_bounds(game), *among))
    if isinstance(verdict, Proved):
        return verdict
    if needed.free_symbols - {p.symbol for p in game.parameters}:
        return Unknown(_said(needed, "is not shown on all of the set"))
    for point in points(game, (*when, needed.negated()), _POINTS):
        if certainly(needed, numbers(point)) is False:
            return Refuted(exactly(point), _said(needed, "fails"))
    return Unknown(_said(needed, "is not shown"))


def _for_every_member(game: Game, when: Region, needed: Relation) -> Verdict:
    indices = {f.index for f in game.families}
    sizes = {f.size for f in game.families}
    plain = {s for s in needed.free_symbols if s.is_integer and not isinstance(s, sp.Indexed)}
    if plain - indices - sizes:
        return Unknown(_said(needed, "is not shown for every term of a sum"))
    try:
        people = crowd(game)
        relations = [people.ledger.relation(r) for r in (needed, *when)]
    except NotSummableError as stopped:
        return Unknown(str(stopped))
    premises = people.facts(people.declared, *(r.gap for r in relations))
    verdict = holds(relations[0], (*premises, *relations[1:]))
    if isinstance(verdict, Proved):
        return verdict
    for made in instances(game):
        try:
            there = made.relation(needed, dict.fromkeys(indices, 1))
        except ModelError:
            continue
        region = regime_at(game, made, Regime(when, ())).when
        for point in points(made.game, (*region, there.negated()), _POINTS):
            if certainly(there, numbers(point)) is False:
                known = tuple((s, sp.Integer(k)) for s, k in made.sizes)
                return Refuted((*known, *exactly(point)), _said(there, "fails"))
    return Unknown(_said(needed, "is not shown for every n"))


def _said(needed: Relation, what: str) -> str:
    return f"the text is defined where {short(needed)}, which {what}"
