"""Branches of the complementarity system as regimes of the game: values, shadow prices, payoffs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import sympy as sp

from alignsym.claims import Point
from alignsym.conditions.concepts import objective_of
from alignsym.conditions.system import System
from alignsym.logic.decide import implies, search
from alignsym.logic.witness import are_whole, is_inside
from alignsym.model.domains import natural_domain
from alignsym.model.game import Concept, Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import Continuum, Regime, holds
from alignsym.solving.branches import Branch
from alignsym.solving.neat import shortened, weight
from alignsym.solving.thresholds import conditions
from alignsym.solving.witnesses import unusual_point


def regime(game: Game, concept: Concept, system: System, branch: Branch) -> Regime:
    """What the branch says about the game, with everything reported in its own terms.

    Multipliers of a transformed objective are scaled back; the two multipliers of an interval's
    ends are one entry, since at most one of them is not zero.
    """
    solved = dict(branch.values)
    if game.numeraire is not None:
        solved[game.numeraire] = sp.S.One
    chosen = [a.symbol for a in game.actions] + [p.symbol for p in game.prices]
    values = {s: solved[s] for s in chosen}
    multipliers, bounds = _multipliers(game, system, solved, values)
    value = _value(game, concept, values)
    everything = [*values.values(), *multipliers.values(), *bounds.values()]
    when = defined_where(game, branch.when, everything if value is None else [*everything, value])
    witness = tuple((s, sp.Rational(v.numerator, v.denominator)) for s, v in branch.point)
    listed = {p.symbol for p in game.parameters}  # some may have dropped out of the conditions
    region = (*game.domain(), *when)
    if {s for s, _ in witness} != listed or not _is_rational_point(witness, region):
        witness = witness_of(game, when)
    names = [system.pairs[k].origin.name for k in sorted(branch.binding)]
    known = {c.name for c in game.constraints} | {str(s) for s in chosen}
    return Regime(
        when=when,
        values=tuple(values.items()),
        multipliers=tuple(multipliers.items()),
        bounds=tuple(bounds.items()),
        value=value,
        utilities=payoffs(game, concept, values),
        binding=tuple(n for n in names if n in known),
        multiple=branch.multiple,
        witness=witness,
    )


def defined_where(game: Game, when: Region, listed: Sequence[Expr]) -> Region:
    """The condition, and what else is needed for everything listed to be defined.

    A multiplier 1/a excludes a = 0, where the solution may be another one.
    """
    needed = dict.fromkeys(r for e in listed for r in natural_domain(e))
    parameters = {p.symbol for p in game.parameters}
    added = when
    for relation in needed:
        within = relation.free_symbols <= parameters
        if within and not implies((*game.domain(), *added), relation).is_proof:
            added = (*added, relation)
    return when if added == when else conditions(added, game.domain())


def continua(game: Game, system: System, branches: Sequence[Branch]) -> tuple[Continuum, ...]:
    """The sets of solutions among the branches; parts of one set are put together again."""
    groups: dict[Region, list[Branch]] = {}
    for branch in branches:
        if branch.relations:
            groups.setdefault(branch.relations, []).append(branch)
    out = []
    for relations, parts in groups.items():
        common = tuple(r for r in parts[0].when if all(r in p.when for p in parts))
        whole = (*game.domain(), *common)
        if search(whole, outside=[p.when for p in parts]).is_proof:
            out.append(_continuum(game, system, common, relations, parts))
        else:
            out += [_continuum(game, system, p.when, relations, [p]) for p in parts]
    return tuple(out)


def _continuum(
    game: Game, system: System, when: Region, relations: Region, parts: Sequence[Branch]
) -> Continuum:
    members = [{a.symbol: dict(p.values)[a.symbol] for a in game.actions} for p in parts]
    multipliers, _ = _multipliers(game, system, dict(parts[0].values), members[0])
    worth = game.agents[0].objective if len(game.agents) == 1 else system.objective
    values = [] if worth is None else [shortened(worth.xreplace(m)) for m in members]
    return Continuum(
        when=when,
        relations=relations,
        multipliers=tuple(multipliers.items()),
        value=min(values, key=weight, default=None),
        witness=witness_of(game, when),
        members=tuple(tuple(m.items()) for m in members),
    )


def _multipliers(
    game: Game, system: System, solved: Mapping[sp.Symbol, Expr], values: Mapping[sp.Symbol, Expr]
) -> tuple[dict[str, Expr], dict[str, Expr]]:
    named: dict[str, Expr] = {}
    bounds: dict[str, Expr] = {a.name: sp.S.Zero for a in game.actions}
    rows = [(f.symbol, f.origin, f.scale) for f in system.free]
    rows += [(p.multiplier, p.origin, p.scale) for p in system.pairs]
    for symbol, origin, scale in rows:
        if symbol not in solved:  # it does not exist, or is not determined
            continue
        value = solved[symbol]
        if value != 0 and scale != 1:
            value = shortened(scale.xreplace(dict(values)) * value)
        if origin.kind == "constraint":
            named[origin.name] = value
        elif origin.kind in ("lower", "upper") and value != 0:
            bounds[origin.name] = value
    ordered = {c.name: named[c.name] for c in game.constraints if c.name in named}
    return ordered, bounds


def _value(game: Game, concept: Concept, values: Mapping[sp.Symbol, Expr]) -> Expr | None:
    """The maximised objective: of a single loss the least loss, of several agents the weighted
    sum."""
    if concept == "maximize":
        return worth(game.agents[0].objective, values)
    objective = objective_of(game, concept)
    return None if objective is None else shortened(objective.xreplace(dict(values)))


def worth(objective: Expr, values: Mapping[sp.Symbol, Expr]) -> Expr:
    """The objective at the values: as a whole, or separable parts one by one if that is shorter."""
    whole = shortened(objective.xreplace(dict(values)))
    parts = separable(objective, values)
    if len(parts) < 2 or whole.count_ops() < 8:
        return whole
    apart = sp.Add(*(shortened(part.xreplace(dict(values))) for part in parts))
    return min((whole, apart), key=weight)


def separable(objective: Expr, values: Mapping[sp.Symbol, Expr]) -> list[Expr]:
    """Sums of the objective's terms that share no action with each other.

    >>> x, y, c = sp.symbols("x y c")
    >>> separable(x**2 - c*(x + y) + y, {x: c, y: c})
    [-c*x + x**2, -c*y + y]
    """
    groups: list[tuple[set[sp.Symbol], list[Expr]]] = []
    for term in sp.Add.make_args(sp.expand(objective)):
        inside = term.free_symbols & set(values)
        joined = [g for g in groups if g[0] & inside]
        groups = [g for g in groups if not g[0] & inside]
        symbols = inside.union(*(s for s, _ in joined))
        groups.append((symbols, [t for _, terms in joined for t in terms] + [term]))
    return sorted((sp.Add(*terms) for _, terms in groups), key=str)


def payoffs(
    game: Game, concept: Concept, values: Mapping[sp.Symbol, Expr]
) -> tuple[tuple[str, Expr], ...]:
    """Every agent's utility at the values; of a single loss the negative of the least loss."""
    if concept == "maximize" and game.agents[0].loss:
        (agent,) = game.agents
        least = _value(game, concept, values)
        if least is not None and not least.has(sp.zoo, sp.nan, sp.oo):
            return ((agent.name, -least),)
    return tuple((a.name, payoff(a.utility, values)) for a in game.agents)


def payoff(utility: Expr, values: Mapping[sp.Symbol, Expr]) -> Expr:
    """The utility at the values, with log 0 = -oo where SymPy says complex infinity.

    >>> x, a = sp.symbols("x a", nonnegative=True)
    >>> payoff(sp.log(x) + 1, {x: sp.S.Zero})
    -oo
    """
    table = dict(values)
    lost = [e for e in utility.atoms(sp.log) if e.args[0].xreplace(table).is_zero]
    if lost:
        utility = utility.xreplace(dict.fromkeys(lost, -sp.oo))
    return shortened(utility.xreplace(table))


def witness_of(game: Game, when: Region) -> Point:
    """An exact point of the region, strictly inside where it has an interior, rational where one is
    found; () if none is."""
    symbols = [p.symbol for p in game.parameters]
    found: list[Region] = []
    met = False
    for region in (tuple(r.tightened() for r in when), when):
        answer = search((*game.domain(), *region), milliseconds=500)
        if answer.kind != "sat":
            continue
        met = True
        known = dict(answer.point)
        point = tuple((s, _rational(known.get(s, Fraction(1)))) for s in symbols)
        if _is_rational_point(point, (*game.domain(), *when)):
            return point
        if not are_whole(point):
            found += _whole_numbers(point, game, region)
    for region in found:
        answer = search(region, milliseconds=200)
        known = dict(answer.point)
        point = tuple((s, _rational(known.get(s, Fraction(1)))) for s in symbols)
        if answer.kind == "sat" and _is_rational_point(point, (*game.domain(), *when)):
            return point
    # z3 knows what has no logarithm, and what it does not find is not there; but its point of an
    # edge of degree two or more may have been irrational.
    unusual = any(r.gap.has(sp.log, sp.exp) for r in when) or (met and any(_bends(r) for r in when))
    if not unusual or game.families:
        return ()
    return unusual_point(game.parameters, (*game.domain(), *when), is_inside)


def _bends(relation: Relation) -> bool:
    """Whether it is an equation that is linear in no symbol."""
    gap = relation.gap
    return relation.is_equality and not any(
        sp.diff(gap, s).free_symbols.isdisjoint({s}) for s in gap.free_symbols
    )


def _is_rational_point(point: Point, region: Region) -> bool:
    return are_whole(point) and all(holds(r, dict(point)) for r in region)


def _whole_numbers(point: Point, game: Game, region: Region) -> list[Region]:
    """The region with its integers fixed: z3, to which all are reals, is asked near its point."""
    rows: list[Region] = []
    numbers = [(s, v) for s, v in point if s.is_integer]
    for shift in (0, 1, -1, 2, 3, 5):
        fixed = (Relation(s, "==", sp.floor(v) + shift) for s, v in numbers)
        rows.append((*game.domain(), *region, *fixed))
    return rows


def _rational(number: Fraction) -> sp.Rational:
    return sp.Rational(number.numerator, number.denominator)
