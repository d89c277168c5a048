"""Utilities that are piecewise: one program for each combination of conditions, the best of all.

    f = f_j where C_j,  F = union of F_j = F and C_j:    max_F f = max_j max_{F_j} f_j

Each program is solved and verified like any other, on its conditions with edges included; x_j is a
maximiser where it satisfies C_j itself and no other program has a larger value.  Tariffs with
steps, progressive taxes, penalties.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product

import sympy as sp
from sympy.core.relational import Relational

from alignsym.claims import ByTheorem, Claim, Decided, Proved, Unknown, Verdict, weakest
from alignsym.conditions.system import System
from alignsym.logic.decide import implies, search, visibly_true
from alignsym.model.game import Agent, Concept, Constraint, Game
from alignsym.model.relations import Expr, Region, Relation, relation
from alignsym.solution import Case, NoSolution, Regime, Solution, as_sympy
from alignsym.solving.branches import Branch
from alignsym.solving.compare import Valued, unbeaten
from alignsym.solving.neat import condition, conditions
from alignsym.solving.regimes import payoff, witness_of
from alignsym.solving.ties import disputed, equality_of, opened, same_edge
from alignsym.verify.decision import decision_makers
from alignsym.verify.obligations import consistent
from alignsym.verify.regime import RegimeClaims

THEOREM = "the best over all cases is the best (the cases cover the feasible set)"
CONDITIONS_LIMIT = 3
WAYS_LIMIT = 8
Solver = Callable[[Game], Solution]


@dataclass(frozen=True, slots=True)
class Part:
    """One combination of conditions: what holds, and the program there with edges included."""

    region: Region
    game: Game


@dataclass(frozen=True, slots=True)
class Rival:
    """The optimum of one part on some parameters; its value bounds the part from above."""

    part: Part
    regime: Regime


def is_piecewise(game: Game) -> bool:
    """Whether some utility is piecewise in an action."""
    chosen = {a.symbol for a in game.actions}
    return any(
        p.free_symbols & chosen for a in game.agents for p in a.objective.atoms(sp.Piecewise)
    )


def has_kinks(game: Game) -> bool:
    """Whether some utility has a kink in an action."""
    chosen = {a.symbol for a in game.actions}
    kinks = {k for a in game.agents for k in a.objective.atoms(sp.Max, sp.Min, sp.Abs)}
    return any(k.free_symbols & chosen for k in kinks)


def unkinked(game: Game) -> Game:
    """The game with Max, Min and Abs of its utilities written as cases.

    >>> x, a = sp.symbols("x a", positive=True)
    >>> unkinked(Game(Agent("A", -sp.Abs(x - a), x))).agents[0].objective
    -Piecewise((a - x, a >= x), (-a + x, True))
    """
    if not has_kinks(game):
        return game
    chosen = {a.symbol for a in game.actions}
    table: dict[Expr, Expr] = {}
    for kink in {k for a in game.agents for k in a.objective.atoms(sp.Max, sp.Min, sp.Abs)}:
        if not kink.free_symbols & chosen:
            continue
        u, v = (kink.args[0], -kink.args[0]) if isinstance(kink, sp.Abs) else kink.args[:2]
        if len(kink.args) > 2:
            continue
        larger = condition(Relation(u, ">=", v), ())
        first, second = (v, u) if isinstance(kink, sp.Min) else (u, v)
        table[kink] = sp.Piecewise((first, as_sympy(larger)), (second, True), evaluate=False)
    agents = tuple(
        Agent(
            a.name, a.objective.xreplace(table), *a.actions,
            constraints=a.constraints, loss=a.loss, domain=a.domain,
        )
        for a in game.agents
    )  # fmt: skip
    return game.altered(agents=agents)


def by_cases(
    game: Game, concept: Concept, solve: Solver
) -> tuple[list[Regime], list[Decided]] | str:
    """The regimes of the piecewise program with the facts they rest on; or why there are none."""
    split = parts(unkinked(game))
    if isinstance(split, str):
        return split
    rivals: list[Rival] = []
    facts: list[Decided] = []
    for part in split:
        solution = solve(part.game)
        where = " and ".join(map(str, part.region))
        if not isinstance(solution.coverage, Proved):
            return f"where {where}: {solution.reason or 'not all parameters are covered'}"
        for case in solution.cases:
            if not isinstance(case.status, Proved) and not _optimal(solution, case):
                return f"where {where}: an optimum is not proved"
            if isinstance(case, NoSolution) and case.outcome == "infeasible":
                continue
            if not isinstance(case, Regime) or case.value is None:
                return f"where {where}: no single optimum"
            rivals.append(Rival(part, case))
        claim = Claim("optimal", None, "", f"the optima where {where}, edges included")
        facts.append(Decided(claim, Proved()))
    found = composed(game, concept, rivals, tuple(facts))
    return (found, facts) if found else "no case has an optimum of its own"


def _optimal(solution: Solution, case: Case) -> bool:
    """Whether all is shown of the regime but its multipliers, which an edge of a case may lack."""
    if not isinstance(case, Regime):
        return False
    index = solution.regimes.index(case)
    own = [d for d in solution.decided if d.claim.regime == index]
    rest = [d for d in own if d.claim.kind != "multipliers"]
    optimal = any(d.claim.kind == "optimal" for d in rest)
    return optimal and all(isinstance(d.verdict, Proved) for d in rest)


def parts(game: Game) -> list[Part] | str:
    """Every combination of the conditions, with the utilities it selects."""
    pieces = sorted({p for a in game.agents for p in a.objective.atoms(sp.Piecewise)}, key=str)
    if any(p is not q and p.has(q) for p in pieces for q in pieces):
        return "a Piecewise inside a Piecewise"
    asked: dict[sp.Basic, Relation] = {}
    for piece in pieces:
        for _, test in piece.args:
            if test in (sp.true, sp.false):
                continue
            if not isinstance(test, Relational):
                return f"the condition {test} is not one relation"
            asked[test] = relation(test)
    if len(asked) > CONDITIONS_LIMIT:
        return f"more than {CONDITIONS_LIMIT} conditions"
    out = []
    for truths in product((True, False), repeat=len(asked)):
        known = dict(zip(asked, truths, strict=True))
        region = tuple(r if known[c] else r.negated() for c, r in asked.items())
        table = {p: _selected(p, known) for p in pieces}
        out.append(Part(region, _restricted(game, region, table)))
    return out


def _selected(piece: sp.Piecewise, known: dict[sp.Basic, bool]) -> Expr:
    for value, test in piece.args:
        if test == sp.true or known.get(test, False):
            return value
    return sp.nan


def _restricted(game: Game, region: Region, table: dict[Expr, Expr]) -> Game:
    """The game with the utilities of the case, its edges included, under its conditions."""
    chosen = {a.symbol for a in game.actions}
    agents = tuple(
        Agent(
            a.name, a.objective.xreplace(table), *a.actions,
            constraints=a.constraints, loss=a.loss, domain=a.domain,
        )
        for a in game.agents
    )  # fmt: skip
    moving = [r.relaxed() for r in region if r.free_symbols & chosen]
    fixed = tuple(r for r in region if not r.free_symbols & chosen)
    added = tuple(Constraint(f"case_{k}", r) for k, r in enumerate(moving, start=1))
    shared = (*game.shared, *added)
    return game.altered(
        agents=agents, shared=shared, conditions=(*game.conditions, *fixed), expected=()
    )


def composed(
    game: Game, concept: Concept, rivals: list[Rival], facts: tuple[Decided, ...]
) -> list[Regime]:
    """Every optimum of a part where it is one of the whole, with its verdict."""
    system = System((), (), (), (), (), game.domain())
    signed = -1 if concept == "maximize" and game.agents[0].loss else 1
    bounds = []
    for r in rivals:
        when = (*_fixed(game, r.part), *r.regime.when)
        branch = Branch(when, r.regime.values, frozenset(), (), ())
        bounds.append(Valued(branch, signed * _worth(r)))
    out: list[Regime] = []
    for rival, bound in zip(rivals, bounds, strict=True):
        inside = tuple(r.replaced(dict(rival.regime.values)) for r in rival.part.region)
        needed = tuple(r for r in inside if not visibly_true(r))
        ways: list[Region] = [(*bound.branch.when, *needed)]
        for other in bounds:
            if other is not bound:
                ways = [more for way in ways for more in unbeaten(system, way, bound, other)]
        for way in ways[:WAYS_LIMIT]:
            if search((*game.domain(), *way)).is_proof:
                continue
            when = conditions(way, game.domain())
            regime = _regime(game, rival, when)
            if any(_same(regime, known, game) for known in out):
                continue
            region = (*game.domain(), *when)
            shown = [_inside(inside, region), *_unbeaten(bound, bounds, region)]
            shown += _reported(game, concept, regime)
            status = weakest([Proved((ByTheorem(THEOREM, facts),)), *shown])
            only = _only(rival, bound, bounds, region)
            out.append(replace(regime, status=status, exhaustive=only))
    return separated(game, out)


def separated(game: Game, regimes: list[Regime]) -> list[Regime]:
    """Regimes that meet on an edge with different answers, opened; the edge with all of them."""
    out = list(regimes)
    ties: list[Regime] = []
    for edge in disputed(game, out):
        beside = [r for r in out if any(same_edge(c.gap, edge) for c in r.when)]
        out = [opened(r, edge) if r in beside else r for r in out]
        for regime in beside:
            others = tuple(r for r in regime.when if not same_edge(r.gap, edge))
            when = (equality_of(edge), *conditions(others, (*game.domain(), equality_of(edge))))
            witness = witness_of(game, when)
            if witness:
                open_question = Unknown("other solutions may be as good")
                tie = replace(regime, when=when, multiple=True, multipliers=(), bounds=())
                ties.append(replace(tie, witness=witness, exhaustive=open_question))
    whole = [*out, *ties]
    _, doubtful = consistent(game, whole, ())
    return [
        replace(r, multiple=True, multipliers=(), bounds=()) if k in doubtful else r
        for k, r in enumerate(whole)
    ]


def _fixed(game: Game, part: Part) -> Region:
    chosen = {a.symbol for a in game.actions}
    return tuple(r for r in part.region if not r.free_symbols & chosen)


def _worth(rival: Rival) -> Expr:
    return sp.S.Zero if rival.regime.value is None else rival.regime.value


def _regime(game: Game, rival: Rival, when: Region) -> Regime:
    """The part's optimum with the multipliers of the game's own constraints, if the part's edges
    have none."""
    named = dict(rival.regime.multipliers)
    own = {c.name for c in game.constraints}
    clear = all(e == 0 for n, e in named.items() if n not in own)
    values = dict(rival.regime.values)
    agents = rival.part.game.agents
    return replace(
        rival.regime,
        when=when,
        multipliers=tuple((n, e) for n, e in named.items() if n in own) if clear else (),
        bounds=rival.regime.bounds if clear else (),
        utilities=tuple((a.name, payoff(a.utility, values)) for a in agents),
        binding=tuple(n for n in rival.regime.binding if not n.startswith("case_")),
        witness=witness_of(game, when),
    )


def _same(one: Regime, two: Regime, game: Game) -> bool:
    """The same point on no more parameters."""
    theirs = dict(two.values)
    differ = tuple(Relation(e, "!=", theirs[s]) for s, e in one.values if theirs[s] != e)
    region = (*game.domain(), *one.when)
    inside = search(region, outside=[two.when]).is_proof
    return inside and (not differ or search(region, any_of=differ).is_proof)


def _inside(inside: Region, region: Region) -> Verdict:
    if all(implies(region, r).is_proof for r in inside):
        return Proved()
    return Unknown("the optimum is not shown to lie in its case")


def _unbeaten(bound: Valued, bounds: list[Valued], region: Region) -> list[Verdict]:
    out: list[Verdict] = []
    for other in bounds:
        if other is bound:
            continue
        better = Relation(other.value, ">", bound.value)
        if not search((*region, *other.branch.when, better)).is_proof:
            out.append(Unknown("another case is perhaps better"))
    return out


def _only(rival: Rival, bound: Valued, bounds: list[Valued], region: Region) -> Verdict:
    """No other maximiser: the only one of its case, and every other case is worse or has the
    same point."""
    mine = dict(rival.regime.values)
    for other in bounds:
        if other is bound:
            continue
        theirs = dict(other.branch.values)
        differ = tuple(Relation(e, "!=", theirs[s]) for s, e in mine.items() if theirs[s] != e)
        equal = Relation(other.value, ">=", bound.value)
        there = (*region, *other.branch.when, equal)
        if differ and not search(there, any_of=differ).is_proof:
            return Unknown("another case may have an optimum that is as good")
    return rival.regime.exhaustive


def _reported(game: Game, concept: Concept, regime: Regime) -> list[Verdict]:
    """What the parts do not show: everything listed, an exact witness, defined, feasible."""
    makers = decision_makers(game, concept)
    elsewhere = Unknown("optimality is shown case by case")
    claims = RegimeClaims(game, concept, 0, regime, makers, {m.name: elsewhere for m in makers})
    return [claims.nonempty(), claims.defined(), *claims.feasible()]
