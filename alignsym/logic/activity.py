"""Members of whom some choose their bound: all choices by one number, the level.

    x_i = max(l_i, r_i(L)),      Sum(w_j*x_j) = s(L),

where L is a sum of choices, a price or a multiplier, and r_i the best reply to it.  With
u_i = w_i*(r_i - l_i)/h and R(L) = (s - Sum(w_j*l_j))/h - Sum(max(0, u_j)), L is the root of R.
Member i is active if R is positive at its threshold t_i, where u_i(t_i) = 0; no order of the
members is needed to say so.  Over the active members A the sums are those of r_j, and L is a closed
form in them:

    Cournot, costs c_i:    i in A iff  Sum(max(0, c_i - c_k)) < a - c_i
    water-filling:         i in A iff  Sum(max(0, s_i - s_k)) < q
    Tullock, values v_i:   i in A iff  Sum(max(0, 1 - v_i/v_k)) < 1

For ordered data these are the first k members, k the last with the inequality.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count, islice

import sympy as sp

from alignsym.logic.crowd import Crowd, Profile, crowd
from alignsym.logic.ledger import Ledger
from alignsym.model.agents import Action, Parameter
from alignsym.model.arithmetic import put_in
from alignsym.model.game import Game
from alignsym.model.relations import Expr, Interval, Region

_ZERO = sp.S.Zero


@dataclass(frozen=True, slots=True)
class Level:
    """One number by which every member's choice is known; all over plain symbols.

    `reply` r_i, `comes_to` s, `part` u_i and `rest` (s - Sum(w_j*l_j))/h are functions of `symbol`.
    """

    symbol: sp.Symbol
    unknown: sp.Symbol  # the sum, price or multiplier that the level is
    interval: Interval
    family: sp.Symbol
    action: Action
    total: sp.Symbol
    weight: Expr
    reply: Expr
    comes_to: Expr
    divisor: Expr
    part: Expr
    rest: Expr
    threshold: Expr
    low: Expr  # a level at which R <= 0
    formula: Expr

    @property
    def alone(self) -> bool:
        """Whether nothing couples the members: the reply is one to data, and no sum is known."""
        return self.total == self.symbol and not self.reply.has(self.symbol)

    @property
    def clipped(self) -> Expr:
        """max(l_i, r_i)."""
        return sp.Max(self.action.interval.lower, self.reply, evaluate=False)


@dataclass(frozen=True, slots=True)
class Levelled:
    """A profile in terms of a level, in the game that has the level for a parameter."""

    crowd: Crowd
    profile: Profile
    level: Level


@contextmanager
def at_level(ledger: Ledger, level: Level) -> Iterator[None]:
    """Within it sums are those of everybody's choices, and the sum of choices what it comes to."""
    ledger.everybody = {level.action.symbol: level.clipped}
    ledger.settled = {} if level.alone else {level.total: level.comes_to}
    try:
        yield
    finally:
        ledger.everybody, ledger.settled = {}, {}


def with_level(game: Game, symbol: sp.Symbol, interval: Interval) -> Crowd:
    """The roles of the game with the level as one more parameter."""
    return crowd(game.altered(parameters=(*game.parameters, Parameter(symbol, interval))))


def of_one(people: Crowd, facts: Region) -> Crowd:
    """The crowd where the facts hold of the generic member, though not of every member.

    Nothing is summed or compared term by term any more, but what was before.
    """
    summed = people.summed(people.declared)
    return replace(people, declared=(*people.declared, *summed, *facts), one=True)


def over_active(
    ledger: Ledger, family: sp.Symbol, e: Expr
) -> tuple[Expr, tuple[tuple[sp.Symbol, Expr], ...]]:
    """Sum over the active members of e, linear in sums of one member's data; and those sums.

    A sum over active members is a symbol of its own: Sum(c*g(j)) = c*Sum(g(j)).
    """
    members = {m for m in ledger.members if ledger.family_of(m) == family}
    hidden = {
        s: sp.Dummy(s.name, **s.assumptions0)
        for s in e.free_symbols - members
        if s in ledger.totals or s == ledger.families[family].size
    }
    back = {d: s for s, d in hidden.items()}
    # What the conditions say of sums over all, Sum(a[j]) = 1, is not said of sums over some.
    known, ledger.known = ledger.known, {}
    summed = ledger.total(family, e.xreplace(hidden))
    ledger.known = known
    size = ledger.families[family].size
    rows: dict[sp.Symbol, tuple[sp.Symbol, Expr]] = {}
    for symbol in sorted(summed.free_symbols, key=str):
        if symbol != size and symbol not in ledger.totals:
            continue
        summand = sp.S.One if symbol == size else ledger.totals[symbol].summand
        known = {
            sign: True
            for sign in ("nonnegative", "nonpositive", "real")
            if sign == "real" or getattr(summand, f"is_{sign}")
        }
        rows[symbol] = (sp.Symbol(f"active {symbol.name}", **known), summand.xreplace(back))
    out = summed.xreplace({s: a for s, (a, _) in rows.items()}).xreplace(back)
    return out, tuple(rows.values())


def is_active(ledger: Ledger, level: Level, index: sp.Symbol, other: sp.Symbol) -> Expr:
    """One if R(t_i) > 0 for the member `index`, else zero; written with a sum over `other`.

    max(0, sign(R)), for SymPy takes piecewise expressions out of sums, and their index with them.
    """
    size = ledger.families[level.family].size
    members = tuple(m for m in ledger.members if ledger.family_of(m) == level.family)
    mine = {m: sp.Dummy(m.name, **m.assumptions0) for m in members}
    threshold = level.threshold.xreplace(mine)
    here = level.rest.xreplace({level.symbol: threshold})
    there = sp.together(level.part.xreplace({level.symbol: threshold}))
    # Both sides times what is positive and not of the members summed over.
    factors = sp.Mul.make_args(sp.fraction(sp.factor_terms(sp.cancel(there)))[1])
    scale = sp.Mul(*(f for f in factors if f.is_positive and not f.free_symbols & set(members)))
    body = sp.expand_mul(sp.cancel(there * scale))
    table = {d: ledger.members[m].base[index] for m, d in mine.items()}
    everyone = {m: ledger.members[m].base[other] for m in members}
    left = put_in(ledger.indexed(sp.cancel(here * scale)), table)
    body = put_in(body, {**everyone, **table})
    summed = sp.Sum(sp.Max(0, ledger.indexed(body), evaluate=False), (other, 1, size))
    return sp.Max(0, sp.sign(left - summed, evaluate=False), evaluate=False)


def name_active_sums(
    ledger: Ledger, level: Level, sums: tuple[tuple[sp.Symbol, Expr], ...]
) -> None:
    """The ledger writes a sum over active members as Sum(g[j]*active(j), (j, 1, n))."""
    # The letter j is that of sums over all, which may contain these.
    names = (c + "_" * n for n in count() for c in "kmrst")
    letters = islice((name for name in names if name not in ledger.taken), 2)
    index, other = (sp.Symbol(c, positive=True, integer=True) for c in letters)
    condition = is_active(ledger, level, index, other)
    size = ledger.families[level.family].size
    for symbol, summand in sums:
        table = {m: ledger.members[m].base[index] for m in ledger.members}
        body = ledger.indexed(summand.xreplace(table))
        ledger.named[symbol] = sp.Sum(body * condition, (index, 1, size))


def inside(level: Level) -> Region:
    """The level in its interval."""
    return level.interval.contains(level.symbol)
