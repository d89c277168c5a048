"""The aggregative technique: n members solved through one of them and a few sums.

1. The first-order condition of member i contains x_i, its data, sums S over all, multipliers and
   prices.  It is solved for x_i: the best reply to sums and prices.
2. The reply is summed term by term over the family, wherever a sum of choices occurs.
3. What remains are finitely many equations in the sums, multipliers, prices, single actions; they
   are solved as every complementarity system is (`partition`), and put back.

A family without data of its own in these conditions has all members alike: x_i = x, S = n*g(x), and
x itself is the unknown, with its bounds, so that corners are found too.  Nothing is trusted.
Reference: Selten 1970; Cornes and Hartley 2007 (aggregative games).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

import sympy as sp

from alignsym.conditions.families import CrowdConditions, MemberConditions
from alignsym.logic.crowd import Crowd, Profile
from alignsym.logic.decide import implies
from alignsym.logic.powers import flattened, flattened_on
from alignsym.logic.sums import NotSummableError
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solving.branches import Branch, Partition
from alignsym.solving.neat import gathered, shortened
from alignsym.solving.partition import partition
from alignsym.solving.reduction import Reduced, reduced
from alignsym.solving.replies import solutions
from alignsym.solving.thresholds import conditions

_ZERO = sp.S.Zero
PATTERNS = 8


def profiles(
    crowd: Crowd, asked: CrowdConditions, deadline: float | None
) -> Iterator[Profile | str]:
    """Claimed solutions with their conditions, one after the other; a text says what stopped."""
    stopped = ""
    for smaller in reductions(crowd, asked):
        if isinstance(smaller, str):
            stopped = smaller
            continue
        if not smaller.system.equations and not smaller.system.pairs:
            found = Partition((Branch((), (), frozenset(), (), ()),), True)  # nothing couples them
        else:
            found = partition(smaller.system, deadline=deadline)
        if not found.branches:
            stopped = found.reason or "no closed form of the sums was found"
        yield from read(crowd, asked, smaller, found)
    yield stopped


def reductions(crowd: Crowd, asked: CrowdConditions) -> Iterator[Reduced | str]:
    """The system with every family's choices put in, for each branch of the best replies."""
    choices: list[list[dict[sp.Symbol, Expr] | None]] = []
    for group in asked.members:
        if alike(crowd, group):
            choices.append([None])
            continue
        found = list(replies(group))
        if not found:
            yield f"the first-order condition of each {group.family} is not solved for its choice"
            return
        choices.append(list(found))
    for number, combination in enumerate(product(*choices)):
        if number >= PATTERNS:
            return
        try:
            yield reduced(crowd, asked, dict(zip((g.family for g in asked.members), combination)))
        except NotSummableError as problem:
            yield str(problem)


def alike(crowd: Crowd, group: MemberConditions) -> bool:
    """Whether no datum of the family's members enters their conditions: all are alike."""
    ledger, chosen = crowd.ledger, set(crowd.chosen)
    formulas = [*group.equations, *(c.gap for c in group.own)]
    formulas += [e for a in group.actions for e in (a.interval.lower, a.interval.upper)]
    found: set[sp.Symbol] = set()
    for e in formulas:
        found |= e.free_symbols
        for total in ledger.moving(e, chosen):
            found |= ledger.totals[total].summand.free_symbols
    data = {s for s in found & set(ledger.members) if s not in chosen}
    return not any(ledger.family_of(s) == group.family for s in data)


def replies(group: MemberConditions) -> Iterator[dict[sp.Symbol, Expr]]:
    """The generic member's choices and own multipliers, in terms of sums, prices and data.

    Own constraints are tried binding first; all bounds are taken as slack.
    """
    for pattern in product(*([(True, False)] * len(group.own))):
        zero = {c.multiplier: _ZERO for c, on in zip(group.own, pattern) if not on}
        active = [c for c, on in zip(group.own, pattern) if on]
        unknowns = [*(a.symbol for a in group.actions), *(c.multiplier for c in active)]
        equations = [*(e.xreplace(zero) for e in group.equations), *(c.gap for c in active)]
        signed = _positive(equations, unknowns)
        back = {new: old for old, new in signed.items()}
        put = [e.xreplace(signed) for e in equations]
        for found in solutions(put, [signed[u] for u in unknowns]):
            values = {u: shortened(flattened(found[signed[u]])).xreplace(back) for u in unknowns}
            yield {**zero, **values}


def _positive(equations: list[Expr], unknowns: list[sp.Symbol]) -> dict[sp.Symbol, sp.Symbol]:
    """Nonnegative unknowns, multipliers and prices as positive symbols, so that powers split."""
    found = {s for e in equations for s in e.free_symbols} | set(unknowns)
    out = {}
    for s in sorted(found, key=lambda s: s.name):
        if s.is_nonnegative and not s.is_positive:
            out[s] = sp.Symbol(s.name, positive=True)
        elif s in unknowns:
            out[s] = s
    return out


def read(
    crowd: Crowd, asked: CrowdConditions, found: Reduced, parts: Partition
) -> Iterator[Profile]:
    """The branches of the reduced system as profiles of the game."""
    ledger = crowd.ledger
    replies = dict(found.replies)
    for branch in parts.branches:
        region = crowd.facts((*crowd.declared, *branch.when))
        solved = {s: flattened_on(e, region) for s, e in branch.values}
        values: dict[sp.Symbol, Expr] = {}
        for symbol in crowd.chosen:
            value = solved[symbol] if symbol in solved else replies[symbol].xreplace(solved)
            short = shortened(flattened_on(value, region))
            values[symbol] = gathered(short, tuple(ledger.members))
        multipliers: dict[str, Expr] = {}
        every = [*(c for g in asked.members for c in g.own), *asked.coupling]
        for c in every:
            value = solved.get(c.multiplier, replies.get(c.multiplier))
            if value is None:
                break
            value = value.xreplace(solved) * ledger.at(c.scale, values)
            multipliers[c.name] = shortened(flattened(value))
        bounds: dict[str, Expr] = {a.name: _ZERO for a in crowd.actions}
        scale = every[0].scale if every else sp.S.One
        for pair in found.system.pairs:
            if pair.origin.kind in ("lower", "upper") and solved[pair.multiplier] != 0:
                value = solved[pair.multiplier] * ledger.at(scale, values)
                bounds[pair.origin.name] = shortened(value)
        listed = (*values.values(), *multipliers.values(), *bounds.values())
        needed = [*within(crowd, values), *own_constraints(crowd, asked, values, multipliers)]
        needed += defined(crowd, values, listed)
        more = lacking(crowd, tuple(needed), branch.when)
        given = crowd.facts((*crowd.declared, *more)) if more else crowd.declared
        kept = conditions(branch.when, given) if more else branch.when
        when = (*kept, *more)
        names = [found.system.pairs[k].origin.name for k in sorted(branch.binding)]
        names += [c.name for c in asked.coupling if c.equality]
        yield Profile(
            when, tuple(values.items()), tuple(multipliers.items()), tuple(bounds.items()),
            tuple(dict.fromkeys(names)),
        )  # fmt: skip


def within(crowd: Crowd, values: Mapping[sp.Symbol, Expr]) -> Region:
    """What a generic member's data must satisfy for its choice to lie in its interval."""
    mine = [a for a in crowd.actions if values[a.symbol].free_symbols & set(crowd.ledger.members)]
    return tuple(r for a in mine for r in a.interval.contains(values[a.symbol]))


def own_constraints(
    crowd: Crowd,
    asked: CrowdConditions,
    values: Mapping[sp.Symbol, Expr],
    multipliers: Mapping[str, Expr],
) -> Region:
    """Each member's own constraints and the signs of their multipliers."""
    out = []
    for c in (c for group in asked.members for c in group.own if not c.equality):
        out.append(Relation(crowd.ledger.at(c.gap, values), ">=", _ZERO))
        out.append(Relation(multipliers.get(c.name, _ZERO), ">=", _ZERO))
    return tuple(out)


def defined(crowd: Crowd, values: Mapping[sp.Symbol, Expr], listed: Iterable[Expr]) -> Region:
    """Where all that is listed is defined, and every utility with the values put in."""
    ledger = crowd.ledger
    out = [r for e in listed for r in ledger.domain(e)]
    for role in crowd.roles:
        for r in (*ledger.domain(role.utility), *role.needs):
            out.append(Relation(ledger.at(r.left, values), r.operator, ledger.at(r.right, values)))
    return tuple(out)


def lacking(crowd: Crowd, needed: Region, when: Region) -> Region:
    """Of what is needed that which is not declared, nor follows from the branch's condition."""
    missing = []
    for r in dict.fromkeys(needed):
        region = crowd.facts((*crowd.declared, *when), r.left, r.right)
        if not implies(region, r).is_proof:
            missing.append(r)
    return conditions(tuple(missing), crowd.facts((*crowd.declared, *when))) if missing else ()
