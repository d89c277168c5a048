"""No solution, for every declared parameter or where conditions on them hold.

*Infeasible*: no point satisfies the constraints (z3: unsat).
*Unbounded*: along x0 + t*d, feasible from some t on, the objective grows without bound, because its
term of highest order in t (powers of t above log t above constants) has a positive coefficient.
*None*: the objective nears L along x0 + t*d or x0 + d/t, and no feasible choice has L or more (z3:
unsat), so that the supremum is not attained.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations, count, islice, product

import sympy as sp

from alignsym.claims import (
    ByTheorem,
    Claim,
    Decided,
    Point,
    Proved,
    SignDerivation,
    Unknown,
    Unsatisfiable,
    Verdict,
)
from alignsym.logic.decide import implies, search
from alignsym.logic.growth import T, leading, limit_along
from alignsym.logic.witness import is_inside
from alignsym.model.domains import natural_domain
from alignsym.model.game import Concept, Game, Outcome
from alignsym.model.relations import Expr, Region, Relation, substituted
from alignsym.solution import NoSolution
from alignsym.verify.decision import DecisionMaker, decision_makers
from alignsym.verify.theorems import algebraic

RAYS_LIMIT = 60


def no_solution(game: Game, concept: Concept) -> NoSolution | None:
    """Infeasible or unbounded for all declared parameters, if one of the two is shown."""
    if concept not in ("maximize", "social"):
        return None
    (maker,) = decision_makers(game, concept)
    given = game.domain()
    empty = infeasible(maker, given)
    if isinstance(empty, Proved):
        return NoSolution((), "infeasible", said(empty), status=empty)
    found = unbounded(maker, given, _goal(game))
    if isinstance(found, Proved):
        return NoSolution((), "unbounded", said(found), status=found)
    return None


Ray = tuple[tuple[sp.Symbol, Expr, Expr], ...]


def no_solution_where(
    game: Game,
    concept: Concept,
    when: Region,
    outcome: Outcome,
    ray: Ray,
    witness: Point,
    *,
    inverse: bool = False,
) -> NoSolution:
    """The outcome claimed on `when`, with its verdict; `ray`: action, start and direction.

    `inverse`: the way is start + direction/t in place of start + direction*t.
    """
    (maker,) = decision_makers(game, concept)
    given = (*game.domain(), *when)
    table = dict(witness)
    inside = set(table) == {p.symbol for p in game.parameters}
    if not inside or not is_inside(given, witness):
        verdict: Verdict = Unknown("the witness is not inside the regime")
    elif outcome == "infeasible":
        verdict = infeasible(maker, given)
    elif outcome == "none":
        verdict = not_attained(maker, given, ray, _goal(game), inverse=inverse)
    else:
        verdict = unbounded_along(maker, given, ray, _goal(game))
    return NoSolution(when, outcome, said(verdict), witness, verdict)


def unbounded_on(game: Game, concept: Concept, when: Region, witness: Point) -> NoSolution:
    """The claim that the objective has no bound on `when`, with its verdict; the ray is sought."""
    (maker,) = decision_makers(game, concept)
    given = (*game.domain(), *when)
    verdict = unbounded(maker, given, _goal(game))
    if not is_inside(given, witness):
        verdict = Unknown("the witness is not inside the regime")
    return NoSolution(when, "unbounded", said(verdict), witness, verdict)


def _goal(game: Game) -> str:
    """What is maximised, in words."""
    alone = len(game.agents) == 1
    return "minus the loss" if alone and game.agents[0].loss else "the objective"


def said(verdict: Verdict) -> str:
    """Why there is no solution, as a sentence; '' where it is not shown."""
    if not isinstance(verdict, Proved):
        return ""
    theorems = [e.theorem for e in verdict.evidence if isinstance(e, ByTheorem)]
    return theorems[0] if theorems else "no point satisfies all constraints"


def unbounded_along(maker: DecisionMaker, given: Region, ray: Ray, goal: str) -> Verdict:
    """Whether the ray is feasible from some t on and the objective grows on it without bound.

    A relation with the gap a + b*t holds from some t on if b > 0, or b = 0 and it holds at a.
    `goal`: the objective, in words.
    """
    if {s for s, _, _ in ray} != set(maker.variables):
        return Unknown("the ray does not say how all actions move")
    if not all(is_real(e, maker, given) for _, start, d in ray for e in (start, _pace(d))):
        return Unknown("the ray is not shown to be real")
    along = {s: start + T * direction for s, start, direction in ray}
    growth = leading(_on_equations(substituted(maker.objective, along), given))
    if growth is None or not implies(given, Relation(growth, ">", sp.S.Zero)).is_proof:
        return Unknown("the objective is not shown to grow along the ray")
    for relation in maker.feasible():
        if not _eventually(relation.replaced(along), given):
            return Unknown(f"{relation} is not shown to hold along the ray")
    statement = f"{goal} grows without bound along {path_in_words(maker, along, '-> oo')}"
    return _stated(maker, given, statement, Proved((SignDerivation(growth, "positive"),)))


def not_attained(
    maker: DecisionMaker, given: Region, ray: Ray, goal: str, *, inverse: bool
) -> Verdict:
    """Whether the objective tends to L along the way and no feasible choice has as much.

    Along a ray L is the limit of terms that fade; towards a point of the closure it is the value
    there, where the objective, if algebraic, is defined, hence continuous.
    """
    if {s for s, _, _ in ray} != set(maker.variables):
        return Unknown("the way does not say how all actions move")
    steps = [step if inverse else _pace(step) for _, _, step in ray]
    if not all(is_real(e, maker, given) for e in (*(start for _, start, _ in ray), *steps)):
        return Unknown("the way is not shown to be real")
    end = {s: start for s, start, _ in ray}
    pace = 1 / T if inverse else T
    along = {s: start + pace * direction for s, start, direction in ray}
    if inverse:
        limit: Expr | None = substituted(maker.objective, end)
        strict = natural_domain(maker.objective)
        defined = [r.tightened().replaced(end) for r in strict]
        if not all(implies(given, r).is_proof for r in defined) or not algebraic(maker.objective):
            return Unknown("the objective is not shown to be continuous at the end of the way")
    else:
        limit = limit_along(_on_equations(substituted(maker.objective, along), given))
    if limit is None or limit.has(sp.oo, sp.zoo, sp.nan):
        return Unknown("the objective has no limit along the way")
    later = (*given, Relation(T, ">=", sp.S.One))
    for relation in maker.feasible():
        at = relation.replaced(along)
        shown = implies(later, at).is_proof if inverse else _eventually(at, given)
        if not shown:
            return Unknown(f"{relation} is not shown to hold along the way")
    premises = (*given, *maker.feasible(), Relation(maker.objective, ">=", limit))
    if not search(premises).is_proof:
        return Unknown("a choice that attains the supremum is not excluded")
    path = path_in_words(maker, along, "-> oo")
    statement = f"the supremum {limit} of {goal} is approached along {path}, and not attained"
    return _stated(maker, given, statement, Proved((Unsatisfiable(premises, ()),)))


def _pace(direction: Expr) -> Expr:
    """c of the direction c*t**k: real wherever c is, for t >= 1."""
    c, power = direction.as_independent(T)
    base, exponent = power.as_base_exp()
    return c if base == T and exponent.is_Integer else direction


def _on_equations(e: Expr, given: Region) -> Expr:
    """The same quantity where the equations given determine a symbol: u*t is 0 where u = 0."""
    for relation in given:
        if not relation.is_equality:
            continue
        gap = relation.gap
        for symbol in sorted(gap.free_symbols, key=lambda s: s.name):
            slope = sp.diff(gap, symbol)
            if slope.is_Rational and slope != 0:
                e = e.xreplace({symbol: sp.expand(symbol - gap / slope)})
                break
    return e


def path_in_words(maker: DecisionMaker, along: Mapping[sp.Symbol, Expr], goes: str) -> str:
    """The way in words: x = t + 1, y = 0, t -> oo, with a letter that stands for nothing else."""
    symbols = set(along).union(*(e.free_symbols for e in along.values())) - {T}
    taken = {s.name for s in symbols}
    letter = next(name for k in count() if (name := f"t{k or ''}") not in taken)
    moves = (f"{s} = {along[s].xreplace({T: sp.Symbol(letter)})}" for s in maker.variables)
    return f"{', '.join(moves)}, {letter} {goes}"


def _stated(maker: DecisionMaker, given: Region, statement: str, shown: Proved) -> Proved:
    """The statement with what shows it."""
    claim = Claim("hypothesis", None, maker.name, statement, given)
    return Proved((ByTheorem(statement, (Decided(claim, shown),)),))


def is_real(e: Expr, maker: DecisionMaker, given: Region) -> bool:
    """A closed form in the parameters that is defined on all of `given`: (sqrt(r))**2 is r even
    where r < 0, but no choice is sqrt(r) there."""
    if e.has(sp.I, sp.oo, -sp.oo, sp.zoo, sp.nan, T) or e.free_symbols & set(maker.variables):
        return False
    return all(implies(given, r).is_proof for r in (Relation(e, "==", e), *natural_domain(e)))


def _eventually(relation: Relation, given: Region) -> bool:
    gap = sp.expand(relation.gap)
    slope = sp.diff(gap, T)
    if slope == 0:
        return implies(given, relation).is_proof
    if slope.has(T):
        return implies((*given, Relation(T, ">=", sp.S.One)), relation).is_proof
    if relation.is_equality:
        return False
    if relation.operator == "!=":
        return implies(given, Relation(slope, "!=", sp.S.Zero)).is_proof
    start = gap.xreplace({T: sp.S.Zero})
    if implies(given, Relation(slope, "==", sp.S.Zero)).is_proof:
        return implies(given, relation.replaced({T: sp.S.Zero})).is_proof
    defined = Relation(start, "==", start)
    rising = implies(given, Relation(slope, ">", sp.S.Zero)).is_proof
    return rising and implies(given, defined).is_proof


def infeasible(maker: DecisionMaker, given: Region) -> Verdict:
    """Whether no choice satisfies the constraints, for any parameter.

    The parameters themselves must be satisfiable, else everything would be infeasible.
    """
    if search(given).kind == "unsat":
        return Unknown("no parameter satisfies what is declared")
    # At the edge of a logarithm the utility is -oo: a bad choice, but a feasible one.
    edges = tuple(r if r.operator == "!=" else r.relaxed() for r in maker.domain)
    premises = (*given, *maker.bounds(), *(c.relation for c in maker.constraints), *edges)
    if search(premises).is_proof:
        return Proved((Unsatisfiable(premises, ()),))
    return Unknown("the constraints are not shown to contradict each other")


def unbounded(maker: DecisionMaker, given: Region, goal: str) -> Verdict:
    """Whether the objective grows without bound along a feasible ray, for every parameter."""
    later = (*given, Relation(T, ">=", sp.S.One))
    for start, direction in islice(rays(maker), RAYS_LIMIT):
        along = {v: start[v] + T * direction[v] for v in maker.variables}
        growth = leading(substituted(maker.objective, along))
        if growth is None:
            continue
        if not implies(given, Relation(growth, ">", sp.S.Zero)).is_proof:
            continue
        feasible = [r.replaced(along) for r in maker.feasible()]
        if all(implies(later, r).is_proof for r in feasible):
            statement = f"{goal} grows without bound along {path_in_words(maker, along, '>= 1')}"
            return _stated(maker, given, statement, Proved((SignDerivation(growth, "positive"),)))
    return Unknown("no ray of growth was found")


def rays(maker: DecisionMaker) -> Iterator[tuple[dict[sp.Symbol, Expr], dict[sp.Symbol, Expr]]]:
    """Starting points at ends and simple numbers, with unit and two-coordinate directions."""
    variables = maker.variables
    starts = {v: _ends(maker, v) for v in variables}
    units = [{v: s} for v in variables for s in (sp.S.One, sp.S.NegativeOne)]
    pairs = [
        {v: s, w: r}
        for v, w in combinations(variables, 2)
        for s, r in product((sp.S.One, sp.S.NegativeOne), repeat=2)
    ]
    for direction in [*units, *pairs]:
        full = {v: direction.get(v, sp.S.Zero) for v in variables}
        for row in islice(product(*(starts[v] for v in variables)), 12):
            yield dict(zip(variables, row, strict=True)), full


def _ends(maker: DecisionMaker, variable: sp.Symbol) -> list[Expr]:
    """Ends of the variable's interval and of constraints that concern it alone, then 1 and 0."""
    out: list[Expr] = []
    relations = [*maker.bounds(), *(c.relation for c in maker.constraints)]
    for relation in relations:
        for side, other in ((relation.left, relation.right), (relation.right, relation.left)):
            if side == variable and not other.free_symbols & set(maker.variables):
                out.append(other + 1 if relation.operator == ">" else other)
    return list(dict.fromkeys([*out, sp.S.One, sp.S.Zero]))
