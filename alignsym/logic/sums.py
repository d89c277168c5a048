"""Finite sums over a family, in a canonical form of their own.

    Sum(c*f(j) + g(j)) = c*Sum(f(j)) + Sum(g(j)),    Sum(c) = n*c,    prod f(j) = exp(Sum(log f(j)))

A sum over the family i = 1..n is a *total*: a symbol of its own, with the sign its summand has for
every member (n >= 1), and a summand written for one member, whose data a[i] are plain symbols too.
So what is asked about n members is asked about finitely many reals: a generic member's data, and
totals.  The bound index has no name, and equal sums are one symbol.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sympy as sp

from alignsym.logic.powers import divided, flattened, one_quotient, positive
from alignsym.model.domains import natural_domain
from alignsym.model.game import Family, Game
from alignsym.model.relations import Expr, Interval, Region, Relation

LETTERS = "jklmrst"
_ZERO = sp.S.Zero


class NotSummableError(ArithmeticError):
    """A sum has no canonical form here: a part of a family, a single member, a pair of members."""


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of `summand` over the members of `family`; `summand` is a product for one member."""

    family: sp.Symbol
    summand: Expr


class Totals:
    """The totals met so far, the laws of sums over them, and derivatives of what contains them."""

    def __init__(self, game: Game) -> None:
        self.families: dict[sp.Symbol, Family] = {f.index: f for f in game.families}
        self.home: dict[Expr, sp.Symbol] = {}
        declared = [p.symbol for p in game.parameters] + [a.symbol for a in game.actions]
        for symbol in declared:
            if isinstance(symbol, sp.Indexed):
                self.home[symbol.base] = symbol.indices[0]
        self.members: dict[sp.Symbol, Expr] = {}
        self.totals: dict[sp.Symbol, Total] = {}
        self.intervals: dict[sp.Symbol, Interval] = {}
        self.known: dict[sp.Symbol, Expr] = {}  # by the conditions: Sum(a[j], (j, 1, n)) = 1
        # Where a member's value is that of one case, what all members choose, and sums of it.
        self.everybody: dict[sp.Symbol, Expr] = {}
        self.settled: dict[sp.Symbol, Expr] = {}
        self.named: dict[sp.Symbol, Expr] = {}  # how a symbol that is no total is written
        # The number of a member is a datum of it: j in Sum(d**j).
        self.numbers = {
            i: sp.IndexedBase(sp.Symbol(f"{i}'", positive=True, integer=True))
            for i in self.families
        }
        self.home |= {base: i for i, base in self.numbers.items()}
        self.ranges = {i: i for i in self.families}  # over which family an index runs
        self.taken = {str(s) for s in declared} | {str(b) for b in self.home}
        self.taken |= {str(i) for i in self.families} | {p.name for p in game.prices}
        for symbol in declared:
            if isinstance(symbol, sp.Indexed):
                self.member(symbol)

    def member(self, indexed: sp.Indexed) -> sp.Symbol:
        """The plain symbol of a[i], the datum or action of a generic member."""
        index = self.home[indexed.base]
        known = indexed.base.label.assumptions0
        known = known if known.get("extended_real") else {"real": True}
        out = sp.Symbol(f"{indexed.base}[{index}]", **known)
        self.members[out] = indexed.base[index]
        return out

    def family_of(self, member: sp.Symbol) -> sp.Symbol:
        """The index of the family a member's symbol belongs to."""
        return self.home[self.members[member].base]

    # ------------------------------------------------------------------ the laws
    def total(self, family: sp.Symbol, body: Expr) -> Expr:
        """The sum of `body` over the family: linear in totals, with constants outside."""
        size = self.families[family].size
        out = []
        own = tuple(m for m in self.members if self.family_of(m) == family)
        for term in sp.Add.make_args(divided(sp.expand(flattened(body)), own)):
            coefficient, summand = self.split(family, term)
            out.append(coefficient * (size if summand == 1 else self._atom(family, summand)))
        return sp.Add(*out)

    def split(self, family: sp.Symbol, term: Expr) -> tuple[Expr, Expr]:
        """(what does not depend on the member, the product that does), the second canonical."""
        own = {m for m in self.members if self.family_of(m) == family}
        outside, inside = [], []
        for base, exponent in term.as_powers_dict().items():
            if not (base.free_symbols | exponent.free_symbols) & own:
                outside.append(base**exponent)
            elif not base.free_symbols & own:
                # k**(u + c) = k**u * k**c, k > 0 or e
                constant, moving = sp.expand(exponent).as_independent(*own, as_Add=True)
                outside.append(base**constant)
                inside.append(base**moving)
            else:
                factored = one_quotient(base) if base.is_Add else base
                if factored.is_Mul and (exponent.is_integer or base.is_positive):
                    rows = [(f, exponent) for f in factored.args]
                    if not all(f.is_positive or exponent.is_integer for f, _ in rows):
                        rows = [(base, exponent)]
                else:
                    rows = [(base, exponent)]
                for factor, power in rows:
                    side = inside if factor.free_symbols & own else outside
                    side.append(_power(factor, power))
        return sp.Mul(*outside), sp.Mul(*inside)

    def _atom(self, family: sp.Symbol, summand: Expr) -> Expr:
        known = {}
        for sign in ("positive", "negative", "nonnegative", "nonpositive", "real"):
            if sign == "positive" and positive(summand):
                known = {sign: True}  # wherever it is defined, which is asked for separately
                break
            if sign == "real" or getattr(summand, f"is_{sign}"):
                known = {sign: True}
                break
        out = sp.Symbol(str(self._written(family, summand)), **known)
        self.totals[out] = Total(family, summand)
        return self.known.get(out, out)

    # ------------------------------------------------------------------ names
    def _written(self, family: sp.Symbol, summand: Expr) -> Expr:
        index = self._index(summand)
        table: dict[Expr, Expr] = {}
        for symbol in summand.free_symbols:
            if symbol in self.members and self.family_of(symbol) == family:
                table[symbol] = self.members[symbol].base[index]
            elif symbol in self.members:
                table[symbol] = self.members[symbol]
            elif symbol in self.totals:
                table[symbol] = self._written(
                    self.totals[symbol].family, self.totals[symbol].summand
                )
        return sp.Sum(summand.xreplace(table), (index, 1, self.families[family].size))

    def _index(self, summand: Expr) -> sp.Symbol:
        depth = 0
        inner = [s for s in summand.free_symbols if s in self.totals]
        while inner:
            depth += 1
            inner = [
                t for s in inner for t in self.totals[s].summand.free_symbols if t in self.totals
            ]
        free = [c for c in LETTERS if c not in self.taken]
        name = free[depth] if depth < len(free) else f"j_{depth}"
        return sp.Symbol(name, positive=True, integer=True)

    # ------------------------------------------------------------------ calculus
    def depends(self, symbol: sp.Symbol, members: Iterable[sp.Symbol]) -> bool:
        """Whether a total's summand, or one inside it, contains one of the members."""
        if symbol not in self.totals:
            return False
        wanted = set(members)
        found = self.totals[symbol].summand.free_symbols
        return bool(found & wanted) or any(self.depends(s, wanted) for s in found)

    def moving(self, e: Expr, members: Iterable[sp.Symbol]) -> tuple[sp.Symbol, ...]:
        """The totals in e that depend on the members, by name."""
        members = tuple(members)
        found = (s for s in e.free_symbols if self.depends(s, members))
        return tuple(sorted(found, key=lambda s: s.name))

    def derivative(self, e: Expr, member: sp.Symbol) -> Expr:
        """d e / d x_i for one member i: own terms, and dS/dx_i = g'(x_i) for S = Sum(g(x_j))."""
        out = sp.diff(e, member)
        for symbol in self.moving(e, (member,)):
            total = self.totals[symbol]
            if self.moving(total.summand, (member,)):
                raise NotSummableError(f"{symbol} contains another sum of {member}")
            slope = sp.diff(total.summand, member)
            if member not in self.members:  # of a plain symbol: all terms move
                slope = self.total(total.family, slope)
            out += sp.diff(e, symbol) * slope
        return out

    def at(self, e: Expr, values: Mapping[sp.Symbol, Expr]) -> Expr:
        """e with the members' and other symbols' values put in, in the summands of totals too."""
        table: dict[sp.Symbol, Expr] = {}
        for symbol in e.free_symbols:
            if symbol in values:
                table[symbol] = values[symbol]
            elif symbol in self.settled:
                table[symbol] = self.settled[symbol]
            elif symbol in self.totals and self._touched(symbol, values):
                total, every = self.totals[symbol], {**values, **self.everybody}
                table[symbol] = self.total(total.family, self.at(total.summand, every))
        return e.xreplace(table)

    def _touched(self, symbol: sp.Symbol, values: Mapping[sp.Symbol, Expr]) -> bool:
        found = self.totals[symbol].summand.free_symbols
        return any(s in values or (s in self.totals and self._touched(s, values)) for s in found)

    def domain(self, e: Expr) -> Region:
        """Where e is defined: its natural domain, and that of the summands of the totals in it."""
        found = dict.fromkeys(natural_domain(e))
        for symbol in sorted(e.free_symbols & set(self.totals), key=str):
            found.update(dict.fromkeys(self.domain(self.totals[symbol].summand)))
        return tuple(found)

    def bounded(self, intervals: Mapping[sp.Symbol, Interval]) -> None:
        """What is declared of a member's data, for all members: n*low <= Sum(a[j]) <= n*high."""
        self.intervals = dict(intervals)

    def facts(self, expressions: Iterable[Expr | Relation], several: bool) -> Region:
        """What is true of the totals that occur: a sum of nonnegative terms is at least each.

        With `several` (n >= 2) a sum of positive terms is more than each.
        """
        found: set[sp.Symbol] = set()
        for e in expressions:
            found |= e.free_symbols
        out: list[Relation] = []
        for symbol in sorted((s for s in found if s in self.totals), key=lambda s: s.name):
            summand = self.totals[symbol].summand
            if summand.is_nonnegative or positive(summand):
                strict = several and positive(summand)
                out.append(Relation(symbol, ">" if strict else ">=", summand))
            elif summand.is_nonpositive:
                out.append(Relation(symbol, "<=", summand))
            size = self.families[self.totals[symbol].family].size
            for r in self.intervals[summand].contains(symbol) if summand in self.intervals else ():
                if r.right != 0:
                    # the member itself, and n - 1 others at the end of their interval
                    out.append(Relation(symbol, r.operator, size * r.right))
                    rest = summand + (size - 1) * r.right
                    out.append(Relation(symbol, r.relaxed().operator, rest))
        return tuple(out)


def _power(base: Expr, exponent: Expr) -> Expr:
    """base**exponent with an exponent that is one quotient, so that equal powers are equal."""
    return base ** sp.cancel(exponent) if exponent.free_symbols else base**exponent
