"""What n agents could do instead, n a symbol, so that each of them gains.

All members do v where they did w: with u(v) = U_i(v, ..., v) sums over the members become n times
one term, and u(v) > u(w) is decided with n a real number.  The step s = u'(w)/u''(w) of Newton's
method is one to try; w*s/(w + s) goes down from w by less than both.  With payments of a numeraire
the largest sum is better for all than any smaller one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sympy as sp

from alignsym.alignment.crowd_optimum import region_of
from alignsym.alignment.moves import SIZE_LIMIT, neat
from alignsym.alignment.profile import INFINITE, is_proved
from alignsym.alignment.trade import Trade
from alignsym.logic.crowd import Crowd
from alignsym.model.agents import Family
from alignsym.model.domains import natural_domain
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import Regime, Solution
from alignsym.solving.neat import shortened
from alignsym.verify.facts import holds

_ZERO = sp.S.Zero


def common_choice(regime: Regime, people: Crowd, best: Solution, extra: Region) -> Trade | None:
    """A common choice of all members that is shown to be better for everybody."""
    game = people.game
    families = [f for f in game.families if f.objective is not None]
    worth = [-f.objective if f.loss else f.objective for f in families if f.objective is not None]
    now = {s: e for s, e in regime.values if isinstance(s, sp.Indexed)}
    if len(families) != 1 or len(now) != len(families[0].actions):
        return None
    (family,) = families
    if any(e.has(sp.Indexed, sp.Sum) for e in now.values()):
        return None
    region = region_of(people, regime.when, extra)
    utilities = {a.name: a.utility for a in game.agents}
    utilities[str(family.index)] = worth[0]
    relations = [c.relation for c in (*family.constraints, *game.constraints)]
    relations += [r for a in family.actions for r in a.interval.contains(a.symbol)]
    relations += [r for f in families for r in f.domain]
    relations += [r for a in game.agents for r in a.domain]
    alone = {s: e for s, e in regime.values if s in {a.symbol for a in game.actions}}
    for to in _trials(now, family, best):
        rises = {}
        for name, utility in utilities.items():
            before = alike(utility, now, family).xreplace(alone)
            after = alike(utility, to, family).xreplace(alone)
            rises[name] = neat(after - before)
        if any(e.has(sp.Indexed, sp.Sum, *INFINITE) for e in rises.values()):
            continue
        needed = [Relation(e, ">", _ZERO) for e in rises.values()]
        for r in (*relations, *(r for u in utilities.values() for r in natural_domain(u))):
            sides = (alike(side, to, family).xreplace(alone) for side in (r.left, r.right))
            needed.append(Relation(next(sides), r.operator, next(sides)))
        formulas = [alike(u, to, family).xreplace(alone) for u in utilities.values()]
        needed += [r for e in (*formulas, *to.values()) for r in natural_domain(e)]
        if all(is_proved(holds(r, region)) for r in dict.fromkeys(needed)):
            moved = {**alone, **to}
            kept = tuple((s, moved[s]) for s, _ in regime.values if s in moved)
            return Trade(kept, (), tuple(rises.items()))
    return None


def shared_rise(regime: Regime, people: Crowd, best: Solution, extra: Region) -> Trade | None:
    """The optimum, with payments of the numeraire that share equally what it adds to the sum."""
    ledger, (role, *others) = people.ledger, people.roles
    if others or role.family is None:
        return None
    region = region_of(people, regime.when, extra)
    size = ledger.families[role.family].size
    now = {ledger.scalar(s): ledger.scalar(e) for s, e in regime.values}
    before = ledger.at(role.utility, now)
    for other in best.regimes:
        there = [ledger.relation(r) for r in other.when]
        if not is_proved(other.status) or not all(is_proved(holds(r, region)) for r in there):
            continue
        after = ledger.at(role.utility, {ledger.scalar(s): ledger.scalar(e)
                                         for s, e in other.values})  # fmt: skip
        share = neat(sp.expand(ledger.total(role.family, after - before)) / size)
        if share.has(*INFINITE):
            continue
        if is_proved(holds(Relation(share, ">", _ZERO), people.facts(region, share))):
            paid = shortened(before + share - after)
            rows = ((role.name, ledger.indexed(e)) for e in (paid, share))
            return Trade(other.values, (next(rows),), (next(rows),))
    return None


def _trials(now: Mapping[Expr, Expr], family: Family, best: Solution) -> Iterator[dict[Expr, Expr]]:
    """Other common choices: an optimum's, a part or a multiple, a step of Newton's method."""
    for regime in best.regimes:
        to = {s: e for s, e in regime.values if s in now}
        if to and not any(e.has(sp.Indexed, sp.Sum) for e in to.values()):
            yield to
    for factor in (sp.Rational(1, 2), sp.Rational(3, 4), sp.Integer(2), sp.Rational(5, 4)):
        yield {s: factor * e for s, e in now.items()}
    if len(now) != 1 or family.objective is None:
        return
    ((action, value),) = now.items()
    level = sp.Dummy("v", positive=True)
    worth = alike(family.objective, {action: level}, family)
    slopes = [sp.diff(worth, level, k).xreplace({level: value}) for k in (1, 2)]
    if slopes[1] == 0 or any(e.has(*INFINITE, sp.Sum, sp.Indexed) for e in slopes):
        return
    step = neat(slopes[0] / slopes[1])
    if step == 0 or step.count_ops() > SIZE_LIMIT:
        return
    yield {action: neat(value - step / 2)}
    yield {action: neat(value - step)}
    if value != 0:
        yield {action: neat(value**2 / (value + step))}
        yield {action: neat(value * (value + step / 2) / (value + step))}


def alike(e: Expr, choice: Mapping[Expr, Expr], family: Family) -> Expr:
    """The expression where every member does the same: a sum is n times one term.

    >>> i, j, n = sp.symbols("i j n", integer=True, positive=True)
    >>> x, v = sp.IndexedBase("x"), sp.Symbol("v")
    >>> alike(sp.Sum(x[j]**2, (j, 1, n)) + x[i], {x[i]: v}, Family(i, n))
    n*v**2 + v
    """
    values = {s.base: v for s, v in choice.items() if isinstance(s, sp.Indexed)}

    def member(a: Expr) -> Expr:
        return values.get(a.base, a)

    def total(sum_: Expr) -> Expr:
        index, low, high = sum_.limits[0]
        body = sum_.function.replace(lambda a: isinstance(a, sp.Indexed), member)
        return sum_ if body.has(index) else body * (high - low + 1)

    e = e.replace(lambda s: isinstance(s, sp.Sum), total)
    return e.replace(lambda a: isinstance(a, sp.Indexed), member)
