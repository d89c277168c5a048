"""Claims about n members, n symbolic: verified for a generic member and every n, refuted by small
instances written out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, product

import sympy as sp

from alignsym.checking.points import points
from alignsym.checking.refutation import Refutations, refutations
from alignsym.checking.shown import THE_SOLUTION, THE_VALUE
from alignsym.claims import Decided, Refuted
from alignsym.errors import ModelError
from alignsym.logic.crowd import JOINT, Crowd, Profile, crowd
from alignsym.logic.decide import search
from alignsym.logic.sums import NotSummableError
from alignsym.model.agents import StatedRegime
from alignsym.model.domains import natural_domain
from alignsym.model.game import Concept, Game
from alignsym.model.instances import Instance, instance
from alignsym.model.relations import Expr, Region
from alignsym.solution import Regime
from alignsym.verify.coefficients import NotEvaluable
from alignsym.verify.families import verify_profile
from alignsym.verify.instances import regime_at
from alignsym.verify.profiles import Reported

SIZES = (2, 3, 1)
_ZERO = sp.S.Zero


def verified(
    game: Game, concept: Concept, table: StatedRegime, bounds: Mapping[str, Expr] | None = None
) -> list[Decided] | str:
    """The claims of `verify.families` about the table; a text says what stopped them.

    `bounds`: multipliers of the actions' intervals by the action's name, where some are claimed.
    """
    try:
        people = crowd(game)
        profile = _profile(people, table, bounds or {})
        shown = verify_profile(people, concept, profile, _reported(people, concept, profile, table))
    except NotSummableError as stopped:
        return str(stopped)
    return list(shown.decided)


def _profile(people: Crowd, table: StatedRegime, claimed: Mapping[str, Expr]) -> Profile:
    """The table over plain symbols; what is not claimed of bounds is zero."""
    ledger = people.ledger
    prices = {p.symbol for p in people.game.prices}
    values = tuple(
        (s if s in prices else ledger.scalar(s), ledger.scalar(e)) for s, e in table.values
    )
    multipliers = tuple((n, ledger.scalar(e)) for n, e in table.multipliers)
    bounds = tuple((a.name, ledger.scalar(claimed.get(a.name, _ZERO))) for a in people.actions)
    when = tuple(ledger.relation(r) for r in table.when)
    return Profile(when, values, multipliers, bounds)


def _reported(people: Crowd, concept: Concept, profile: Profile, table: StatedRegime) -> Reported:
    ledger, values = people.ledger, dict(profile.values)
    value: Expr | None = None
    if table.value is not None:
        value = ledger.scalar(table.value)
    elif concept in JOINT:
        value = ledger.at(people.objective(concept), values)
        value = -value if concept == "maximize" and people.roles[0].loss else value
    payoffs = tuple((r.name, ledger.at(r.utility, values)) for r in people.roles)
    return Reported(value, payoffs)


def covers(game: Game, regions: list[Region]) -> bool:
    """Whether no data lie outside every region; a member's condition covers nothing."""
    if any(not region for region in regions):
        return True
    try:
        people = crowd(game)
        plain = [tuple(people.ledger.relation(r) for r in region) for region in regions]
    except NotSummableError:
        return False
    members = set(people.ledger.members)
    plain = [r for r in plain if not any(c.free_symbols & members for c in r)]
    totals = people.ledger.totals
    plain = [
        (*(d for c in r for s in c.free_symbols if s in totals
           for d in natural_domain(totals[s].summand)), *r)
        for r in plain
    ]  # fmt: skip
    premises = people.facts(people.declared, *(c.gap for r in plain for c in r))
    return bool(plain) and search(premises, outside=plain, milliseconds=2000).is_proof


def instances(game: Game) -> Iterator[Instance]:
    """The game with few members."""
    families = list(dict.fromkeys(f.size for f in game.families))
    for row in product(SIZES, repeat=len(families)):
        try:
            yield instance(game, dict(zip(families, row)))
        except ModelError:
            continue


def tried(game: Game, concept: Concept, table: StatedRegime, stated: frozenset[str]) -> Refutations:
    """What fails of the table for few members, by the subjects of the table."""
    regime = Regime(table.when, table.values, table.multipliers, value=table.value)
    found: dict[str, Refuted] = {}
    passed = 0
    priced: dict[str, int] = {}
    for made in islice(instances(game), 4):
        concrete = regime_at(game, made, regime)
        names = {n: b for b, _ in table.multipliers for n, _ in concrete.multipliers if _of(n, b)}
        subjects = frozenset(names) | (stated & {THE_SOLUTION, THE_VALUE})
        try:
            part = refutations(made.game, concept, concrete, stated=subjects, thorough=False)
        except NotEvaluable:
            continue
        sizes = tuple((s, sp.Integer(k)) for s, k in made.sizes)
        for subject, verdict in part.found.items():
            whole = Refuted((*sizes, *verdict.point), verdict.reason, verdict.better)
            found.setdefault(names.get(subject, subject), whole)
        passed += part.passed
        for name, count in part.priced.items():
            base = names.get(name, name)
            priced[base] = priced.get(base, 0) + count
        if THE_SOLUTION in found:
            break
    return Refutations(found, passed, priced)


def _of(name: str, base: str) -> bool:
    return name == base or (name.startswith(f"{base}_") and name[len(base) + 1 :].isdigit())


def inhabited(game: Game, table: StatedRegime) -> bool:
    """Whether some small instance has legal parameters in the table's condition."""
    regime = Regime(table.when, table.values)
    for made in instances(game):
        when = regime_at(game, made, regime).when
        if next(points(made.game, when, 1), None) is not None:
            return True
    return False
