"""Claims that there is no solution: infeasible, unbounded, or a supremum that is not attained."""

from __future__ import annotations

from fractions import Fraction

import sympy as sp

from alignsym.checking.points import (
    Numbers,
    certainly,
    exactly,
    numbers,
    points,
    rational,
    witness,
)
from alignsym.claims import Proved, Refuted, Unknown, Verdict
from alignsym.logic.decide import search
from alignsym.model.agents import StatedRegime
from alignsym.model.game import Concept, Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.verify.arithmetic import Undefined
from alignsym.verify.coefficients import NotEvaluable
from alignsym.verify.decision import JOINT, DecisionMaker, decision_makers
from alignsym.verify.evaluator import compiled, safe_name
from alignsym.verify.outcomes import infeasible, not_attained, rays, unbounded

_FAR = sp.Integer(10) ** 6
_POINTS, _WAYS = 6, 40


def outcome(game: Game, concept: Concept, table: StatedRegime) -> Verdict:
    """Whether there is no solution where the table's condition holds, for the reason it states."""
    if concept not in JOINT or concept == "bargaining" or game.families:
        return Unknown("an outcome is decided for one decision maker")
    if witness(game, table.when) is None:
        return Unknown("no exact parameter point inside was found")
    (maker,) = decision_makers(game, concept)
    given = (*game.domain(), *table.when)
    shown = _shown(maker, given, table)
    if isinstance(shown, Proved):
        return shown
    return _refuted(game, maker, table) or shown


def _shown(maker: DecisionMaker, given: Region, table: StatedRegime) -> Verdict:
    if table.outcome == "infeasible":
        return infeasible(maker, given)
    if table.outcome == "unbounded":
        return unbounded(maker, given, "the objective")
    for number, (start, direction) in enumerate(rays(maker)):
        if number >= _WAYS:
            break
        way = tuple((s, start[s], direction[s]) for s in maker.variables)
        for inverse in (False, True):
            shown = not_attained(maker, given, way, "the objective", inverse=inverse)
            if isinstance(shown, Proved):
                return shown
    return Unknown("no way along which a supremum is approached was found")


def _refuted(game: Game, maker: DecisionMaker, table: StatedRegime) -> Refuted | None:
    """A point where the outcome is another one: something is feasible, or nothing is large."""
    for point in points(game, table.when, _POINTS):
        fixed = {s: rational(v) for s, v in point.items()}
        feasible = tuple(r.replaced(fixed) for r in maker.feasible())
        if table.outcome == "unbounded":
            try:
                worth = maker.objective.xreplace(fixed)
            except TypeError:  # a condition inside is not one on real numbers here
                continue
            if search((*feasible, Relation(worth, ">", _FAR))).is_proof:
                text = f"no feasible choice has more than {_FAR}, or none is feasible"
                return Refuted(exactly(point), text)
            continue
        if table.outcome != "infeasible":
            continue
        edges = tuple(r.tightened() for r in feasible)
        for premises in (edges, feasible):
            answer = search(premises)
            if answer.kind != "sat":
                continue
            known = dict(answer.point)
            to = {v: known.get(v, Fraction(0)) for v in maker.variables}
            env = {**numbers(point), **{safe_name(str(s)): v for s, v in to.items()}}
            allowed = all(certainly(r, env) is True for r in maker.feasible())
            if allowed and _is_defined(maker.objective, env):
                chosen = tuple((s, rational(v)) for s, v in to.items())
                listed = ", ".join(f"{s} = {v}" for s, v in to.items())
                return Refuted(exactly(point), f"{listed} is feasible", chosen)
    return None


def _is_defined(worth: Expr, env: Numbers) -> bool:
    """Whether the objective certainly has a value, -oo among them: a branch may have none."""
    try:
        compiled(worth).enclosed(env)
    except (Undefined, NotEvaluable):
        return False
    return True
