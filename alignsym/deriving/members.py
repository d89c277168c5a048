"""n members, n symbolic: one generic member, the sums of all choices, and what couples them.

The generic member's first-order condition gives its choice in terms of sums, prices and
multipliers; summed over the family it leaves finitely many equations, which are solved like any
others.  All is done over plain symbols (`logic.crowd`) and written with indices and sums.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping

import sympy as sp

from alignsym.claims import ByTheorem, Decided, Proved, SignDerivation
from alignsym.conditions.families import CrowdConditions, crowd_conditions
from alignsym.deriving.active import active_members, is_levelled
from alignsym.deriving.chain import HOW, chain
from alignsym.deriving.grounds import (
    conclusion,
    reason_of,
    short,
    uniqueness,
    without_place,
)
from alignsym.deriving.points import NEAR, finite, number, pointed
from alignsym.logic.crowd import JOINT, Crowd, Role, crowd
from alignsym.logic.sums import NotSummableError
from alignsym.model.relations import Expr
from alignsym.solution import Regime, Solution
from alignsym.solving.binding import binding_case
from alignsym.solving.families import reductions
from alignsym.solving.oracle.interior import NumericPoint
from alignsym.solving.reduction import Reduced
from alignsym.steps import (
    BindingCase,
    Concave,
    FirstOrder,
    Gap,
    Hold,
    Lagrangian,
    Market,
    Problem,
    ShadowPrices,
    Solve,
    Step,
    Sufficient,
    Summed,
    Transform,
    Values,
    rewritten,
)

TRIES = 300
_ZERO = sp.S.Zero


def members(solution: Solution) -> tuple[Step, ...]:
    """The problems of a generic member, its choice, the sums, the cases."""
    game, concept = solution.game, solution.concept
    if concept == "stackelberg":
        return (*_led(solution), *_ends(None, solution))
    people = crowd(game)
    asked = crowd_conditions(people, concept)
    asking = _asking(people, asked, solution)
    steps = [rewritten(s, people.ledger.indexed) for s in asking]
    found = next((r for r in reductions(people, asked) if isinstance(r, Reduced)), None)
    alone = [uniqueness(case) for case in solution.cases]
    once = all(without_place(u) == without_place(alone[0]) for u in alone)
    for case in solution.cases:
        if isinstance(case, Regime) and is_levelled(case):
            steps += active_members(people, asked, solution, case)  # in the game's own terms
        elif isinstance(case, Regime) and found is not None:
            told = _case(people, asked, found, case)
            steps += [rewritten(s, people.ledger.indexed) for s in told]
        steps += [] if once else uniqueness(case)
        steps.append(conclusion(solution.concept, case))
    shared = without_place(alone[0]) if once else ()
    return (*steps, *_grounds(people, solution), *shared)


def _led(solution: Solution) -> Iterator[Step]:
    """One leader: its problem, then the followers'."""
    for agent in solution.game.agents:
        actions = tuple((a.symbol, a.interval) for a in agent.actions)
        yield Problem(agent.name, agent.objective, agent.loss, actions)
    for family in solution.game.families:
        if family.objective is not None:
            actions = tuple((a.symbol, a.interval) for a in family.actions)
            yield Problem(f"each {family.index}", family.objective, family.loss, actions)


def _asking(people: Crowd, asked: CrowdConditions, solution: Solution) -> Iterator[Step]:
    """Problem, Lagrangian and first-order conditions of every decision maker."""
    concept = solution.concept
    equations = {a.symbol: e for g in asked.members for a, e in zip(g.actions, g.equations)}
    equations |= {a.symbol: e for a, e in zip(asked.singles, asked.equations)}
    coupling = {c.name: c for c in (*asked.coupling, *(c for g in asked.members for c in g.own))}
    rows: list[tuple[str, Expr, tuple[Role, ...], tuple[str, ...]]] = []
    shared = tuple(c.name for c in people.shared)
    if concept in JOINT:
        own = tuple(c.name for r in people.roles for c in r.constraints)
        single = people.roles[0].name if concept == "maximize" else "planner"
        owner = "the bargain" if concept == "bargaining" else single
        rows.append((owner, people.objective(concept), people.roles, (*own, *shared)))
    else:
        common = shared if concept == "variational" else ()
        for role in people.roles:
            if role.actions:
                names = (*(c.name for c in role.constraints), *common)
                owner = role.name if role.family is None else f"each {role.name}"
                rows.append((owner, role.utility, (role,), names))
    relations = {c.name: c.relation for r in people.roles for c in r.constraints}
    relations |= {c.name: c.relation for c in people.shared}
    for (owner, objective, roles, names), inner in zip(rows, asked.objectives, strict=True):
        actions = tuple((a.symbol, a.interval) for r in roles for a in r.actions)
        loss = concept == "maximize" and roles[0].loss
        shown = -objective if loss else objective
        bound = tuple((n, relations[n]) for n in names)
        given = tuple(p.symbol for p in people.game.prices if inner.has(p.symbol))
        yield Problem(owner, shown, loss, actions, bound, given)
        if inner != objective:
            yield Transform(owner, objective, inner)
        terms = [inner]
        for n in names:
            sign = -1 if coupling[n].equality else 1
            terms.append(sign * coupling[n].multiplier * coupling[n].gap)
        if len(terms) > 1 or loss:
            multipliers = tuple(coupling[n].multiplier for n in names)
            yield Lagrangian(owner, sp.Add(*terms), multipliers)
        for symbol, _ in actions:
            yield FirstOrder(owner, symbol, equations[symbol], len(terms) > 1 or loss)
    for price, relation in zip(people.game.prices, people.prices):
        yield Market(price.symbol, relation.relation)


def _case(people: Crowd, asked: CrowdConditions, found: Reduced, regime: Regime) -> Iterator[Step]:
    """The generic choice, the sums, the few equations left, and the closed forms."""
    equations = {a.symbol: e for g in asked.members for a, e in zip(g.actions, g.equations)}
    replies = dict(found.replies)
    for symbol, e in equations.items():
        alone = replies.get(symbol)
        single = alone is not None and not alone.free_symbols & set(replies)
        if single and e.has(symbol) and alone is not None:
            yield Solve(HOW, e.xreplace({s: r for s, r in replies.items() if s != symbol}),
                        symbol, alone)  # fmt: skip
    for total, summed in found.sums:
        yield Summed(total, summed)
    values = _plain(people, regime)
    point = _point(people, asked, found, regime, values)
    if point is not None:
        case, back = binding_case(found.system, point)
        case_equations = tuple(e.xreplace(back) for e in case.equations)
        names = tuple(found.system.pairs[k].origin.name for k in sorted(point.binding))
        begin = BindingCase(names, case_equations, tuple(back.values()))
        steps = chain(begin, case, back, (), point.table())
        if steps is not None:
            yield begin
            yield from steps
    yield Values(tuple(values.items()))
    named = dict(regime.multipliers)
    couplings = (*asked.coupling, *(c for g in asked.members for c in g.own))
    prices = tuple(
        (c.name, c.scale * c.multiplier, people.ledger.scalar(named[c.name]))
        for c in couplings
        if c.name in named
    )
    if prices:
        yield ShadowPrices(prices)
    if regime.when:
        yield Hold((), tuple(people.ledger.relation(r) for r in regime.when))


def _plain(people: Crowd, regime: Regime) -> dict[sp.Symbol, Expr]:
    """The regime's values over plain symbols."""
    ledger = people.ledger
    return {ledger.scalar(s): ledger.scalar(v) for s, v in regime.values}


def _point(
    people: Crowd,
    asked: CrowdConditions,
    found: Reduced,
    regime: Regime,
    values: Mapping[sp.Symbol, Expr],
) -> NumericPoint | None:
    """Numbers for data and sums of data, and those of the unknowns that go with them."""
    ledger, system = people.ledger, found.system
    formulas: dict[sp.Symbol, Expr] = {}
    for symbol in system.actions:
        formulas[symbol] = values[symbol] if symbol in values else ledger.at(symbol, values)
    named, bounds = dict(regime.multipliers), dict(regime.bounds)
    couplings = {c.multiplier: c for c in asked.coupling}
    couplings |= {c.multiplier: c for g in asked.members for c in g.own}
    scale = next((c.scale for c in couplings.values()), sp.S.One)
    rows = [(p.multiplier, p.origin) for p in system.pairs]
    rows += [(f.symbol, f.origin) for f in system.free]
    for symbol, origin in rows:
        if symbol in couplings and origin.name in named:
            over = ledger.at(couplings[symbol].scale, values)
            formulas[symbol] = ledger.scalar(named[origin.name]) / over
        elif symbol in values:
            formulas[symbol] = values[symbol]
        elif origin.kind in ("lower", "upper"):
            price = ledger.scalar(bounds.get(origin.name, _ZERO))
            formulas[symbol] = price / ledger.at(scale, values)
        else:
            return None
    rest = {s for e in formulas.values() for s in e.free_symbols}
    rest |= {s for e in system.equations for s in e.expression.free_symbols}
    rest |= {s for p in system.pairs for s in p.slack.free_symbols}
    data = sorted(rest - set(formulas), key=lambda s: s.name)
    when = [ledger.relation(r) for r in regime.when]
    rng = random.Random(5)
    for _ in range(TRIES):
        table = {s: rng.uniform(0.2, 0.9) if k % 3 else rng.uniform(1, 3)
                 for k, s in enumerate(rng.sample(data, len(data)))}  # fmt: skip
        sizes = {f.size for f in people.game.families}
        table |= {s: 3.0 for s in data if s in sizes}
        asked_of = (*(r for r in system.parameters if r.free_symbols <= set(table)), *when)
        if not all(number(r.gap, table) >= 0 for r in asked_of if r.free_symbols <= set(table)):
            continue
        solved = {s: number(e, table) for s, e in formulas.items()}
        table |= solved
        left = [number(e.expression, table) for e in system.equations]
        slacks = [number(p.slack, table) for p in system.pairs]
        if finite([*solved.values(), *left, *slacks]) and all(abs(v) < NEAR for v in left):
            tight = frozenset(k for k, v in enumerate(slacks) if abs(v) < NEAR)
            return pointed(system, table, tight)
    return None


def _ends(people: Crowd | None, solution: Solution) -> Iterator[Step]:
    """Why the choices are best, as far as it is decided, and the conclusions."""
    alone = [uniqueness(case) for case in solution.cases]
    once = all(without_place(u) == without_place(alone[0]) for u in alone)
    for case, only in zip(solution.cases, alone, strict=True):
        yield from () if once else only
        yield conclusion(solution.concept, case)
    yield from _grounds(people, solution)
    yield from without_place(alone[0]) if once else ()


def _grounds(people: Crowd | None, solution: Solution) -> tuple[Step, ...]:
    """Why the choices are best, each reason once."""
    said: dict[Step, None] = {}
    for decided in solution.decided:
        if decided.claim.kind == "optimal":
            said.update(dict.fromkeys(_optimal(people, decided)))
    return tuple(said)


def _optimal(people: Crowd | None, decided: Decided) -> Iterator[Step]:
    claim, verdict = decided.claim, decided.verdict
    if not isinstance(verdict, Proved):
        yield Gap(claim.statement, reason_of(verdict))
        return
    for evidence in verdict.evidence:
        if isinstance(evidence, ByTheorem):
            for h in evidence.hypotheses:
                for sign in getattr(h.verdict, "evidence", ()):
                    if isinstance(sign, SignDerivation) and sign.sign == "concave":
                        yield from _concave(people, sign.expression)
            kept = [h.claim for h in evidence.hypotheses]
            yield Sufficient(claim.subject, evidence.theorem, short(kept))
            return
    yield Sufficient(claim.subject, "", ())


def _concave(people: Crowd | None, expression: Expr) -> Iterator[Step]:
    """The concave function, where it can be written with the model's own symbols."""
    if people is None:
        return
    own = tuple(a.symbol for a in people.actions if expression.has(a.symbol))
    data = set(people.ledger.members)
    known = tuple(r for r in people.declared if not r.free_symbols & data)
    step = rewritten(Concave(expression, own, "concave", known), people.ledger.indexed)
    assert isinstance(step, Concave)
    # A sum over the others has a name of its own in the proof, and none here.
    names = [str(s) for s in step.expression.free_symbols if type(s) is sp.Symbol]
    unknown = [s for s in names if s == "level" or any(m in s for m in ("'", "Sum("))]
    if own and not unknown:
        yield step


__all__ = ["NotSummableError", "members"]
