"""`derive(solution)`: the steps that lead to it, for people to follow and to check by hand.

What the concept asks; which cases cannot be, and why; every case solved; why what comes out is a
solution, and the only one.  A derivation is made when it is asked for: solving keeps no record.
"""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from alignsym.claims import Proved
from alignsym.derivation import Derivation
from alignsym.deriving.asked import Asked, asked, problem
from alignsym.deriving.chain import solved
from alignsym.deriving.choosing import choice
from alignsym.deriving.excluded import excluded
from alignsym.deriving.grounds import conclusion, coverage, facts, sufficiency, uniqueness
from alignsym.deriving.members import members
from alignsym.deriving.points import numbers
from alignsym.deriving.stages import stages
from alignsym.model.relations import Expr, Relation
from alignsym.pieces import is_piecewise
from alignsym.solution import Regime, Solution
from alignsym.solving.oracle.interior import NumericPoint
from alignsym.steps import Gap, Hold, ShadowPrices, Solve, Step, Unique
from alignsym.verify.decision import decision_makers

_ZERO = sp.S.Zero


def derive(solution: Solution) -> Derivation:
    """The derivation of a solution.

    >>> import sympy as sp
    >>> from alignsym.answer import solve
    >>> from alignsym.model.game import Agent, Game
    >>> x, q = sp.symbols("x q", positive=True)
    >>> game = Game(Agent("alpha", sp.log(x), x, constraints={"cap": x <= q}))
    >>> [type(s).__name__ for s in derive(solve(game, "maximize")).steps][:4]
    ['Problem', 'Lagrangian', 'FirstOrder', 'Complementary']
    """
    game, concept = solution.game, solution.concept
    if game.families:
        return Derivation(solution, (*members(solution), *_end(solution)))
    if concept == "stackelberg":
        return Derivation(solution, (*stages(solution), *_end(solution)))
    if is_piecewise(game) or not solution.cases:
        makers = decision_makers(game, concept)
        asking = tuple(problem(game, concept, m) for m in makers)
        return Derivation(solution, (*asking, *_told(solution), *_end(solution)))
    return Derivation(solution, (*_by_conditions(solution), *_end(solution)))


def _by_conditions(solution: Solution) -> tuple[Step, ...]:
    """The complementarity system, the cases discarded, every case solved."""
    found = asked(solution.game, solution.concept)
    points = [
        numbers(solution.game, found.system, found.kinks, r) if isinstance(r, Regime) else None
        for r in solution.cases
    ]
    patterns = [p.binding for p in points if p is not None]
    steps: list[Step] = list(found.steps)
    if patterns and len(patterns) == len(points):
        steps += excluded(found.system, patterns)
    grounds = [
        sufficiency(solution, solution.regimes.index(c)) if isinstance(c, Regime) else []
        for c in solution.cases
    ]
    alone = [uniqueness(c) for c in solution.cases]
    # What is the same of every case is said once, after them.
    shared = all(g == grounds[0] for g in grounds)
    once = all(_theorem(u) == _theorem(alone[0]) for u in alone)
    for case, point, why, only in zip(solution.cases, points, grounds, alone, strict=True):
        if isinstance(case, Regime) and point is not None:
            steps += _regime(solution, found, case, point)
        if not isinstance(case, Regime) and not isinstance(case.status, Proved):
            steps.append(Gap("what is said of this case", getattr(case.status, "reason", "")))
        steps += [] if shared else why
        steps += [] if once else only
        steps.append(conclusion(solution.concept, case))
    if shared:
        steps += grounds[0]
    if once:
        steps += [replace(u, when=()) if isinstance(u, Unique) else u for u in alone[0]]
    return tuple(steps)


def _theorem(steps: list[Step]) -> list[Step]:
    """Uniqueness, whatever the parameters it is for."""
    return [replace(s, when=()) if isinstance(s, Unique) else s for s in steps]


def _regime(solution: Solution, found: Asked, regime: Regime, point: NumericPoint) -> list[Step]:
    """The case of the regime solved, its shadow prices, and where it is a solution."""
    begin, chain = solved(found.system, point, regime, solution.steps)
    steps: list[Step] = [begin]
    known = (*found.system.parameters, *regime.when)
    for step in chain:
        steps.append(step)
        if isinstance(step, Solve):
            other = choice(step, known, found.system, point.table())
            steps += [] if other is None else [other]
    return [*steps, *prices(found, regime), *_condition(found, regime, point)]


def prices(found: Asked, regime: Regime) -> list[Step]:
    """The shadow prices read off: scale times multiplier."""
    named = dict(regime.multipliers)
    rows: list[tuple[str, Expr, Expr]] = []
    known = {(f.origin.kind, f.origin.name): f.scale * f.symbol for f in found.system.free}
    known |= {(p.origin.kind, p.origin.name): p.scale * p.multiplier for p in found.system.pairs}
    for name, value in named.items():
        if ("constraint", name) in known:
            rows.append((name, known["constraint", name], value))
    return [ShadowPrices(tuple(rows))] if rows else []


def _condition(found: Asked, regime: Regime, point: NumericPoint) -> list[Step]:
    """Where the case is a solution: what is not bound is feasible, what is has its sign."""
    if not regime.when:
        return []
    values = dict(regime.values)
    named = dict(regime.multipliers) | {n: e for n, e in regime.bounds if e != 0}
    listed = {p.symbol.name: values[p.symbol] for p in found.markets if p.symbol in values}
    required = []
    for k, pair in enumerate(found.system.pairs):
        name = pair.origin.name
        if k not in point.binding:
            kept = pair.slack.xreplace(values)
        else:
            kept = (listed if pair.origin.kind == "clearing" else named).get(name, _ZERO)
        moving = kept.free_symbols & {s for r in regime.when for s in r.free_symbols}
        if moving and not kept.is_nonnegative and not kept.has(sp.zoo, sp.nan, sp.oo):
            required.append(Relation(kept, ">=", _ZERO))
    return [Hold(tuple(dict.fromkeys(required)), regime.when)]


def _told(solution: Solution) -> list[Step]:
    """An answer composed of programs of its own: the facts, then every case."""
    steps: list[Step] = []
    for case in solution.cases:
        if isinstance(case, Regime):
            steps += facts(solution.decided, solution.game.agents[0].name, case.status)
        steps += uniqueness(case)
        steps.append(conclusion(solution.concept, case))
    return steps


def _end(solution: Solution) -> list[Step]:
    if not solution.cases:
        reason = solution.reason or getattr(solution.coverage, "reason", "")
        return [Gap("no answer was found", reason)]
    return coverage(solution)
