"""Between indexed expressions and plain symbols: x[i] and Sum(...) in, members and totals out.

Within a sum the bound index stands for a member; outside, a family's own index does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sympy as sp

from alignsym.errors import ModelError
from alignsym.logic.sums import NotSummableError, Totals
from alignsym.model.arithmetic import put_in, rebuilt
from alignsym.model.relations import Expr, Region, Relation


class Ledger(Totals):
    """Reads and writes expressions of a game with families.

    >>> from alignsym.model.game import Family, Game, Parameter
    >>> from alignsym.model.relations import Interval
    >>> i, n = sp.symbols("i n", positive=True, integer=True)
    >>> a, c = sp.IndexedBase("a", positive=True), sp.Symbol("c", positive=True)
    >>> game = Game(families=[Family(i, n)], parameters=[Parameter(a[i], Interval.positive())])
    >>> ledger, k = Ledger(game), sp.Symbol("k", integer=True)
    >>> ledger.indexed(ledger.scalar(sp.Sum(c*a[k]*(1 + a[k]) + 2, (k, 1, n))))
    c*Sum(a[j], (j, 1, n)) + c*Sum(a[j]**2, (j, 1, n)) + 2*n
    """

    def scalar(self, e: Expr, *, where: str = "") -> Expr:
        """The expression over plain symbols: members for what is indexed, totals for sums.

        Raises: NotSummableError; ModelError for a sum over the wrong range.
        """
        return self._scalar(e, {}, where)

    def inside(self, e: Expr) -> Expr:
        """A part of a sum over plain symbols: a bound index stands for a member.

        Raises: NotSummableError where two members meet.
        """
        free = {k for a in e.atoms(sp.Indexed) for k in a.indices}
        within = {s.limits[0][0] for s in e.atoms(sp.Sum, sp.Product)}
        bound = sorted((k for k in free - within if k not in self.families), key=str)
        if len(bound) > 1 or (bound and free & set(self.families)):
            raise NotSummableError(f"{e} pairs members")
        return self._scalar(e, {bound[0]: 1} if bound and bound[0].is_Symbol else {}, "")

    def assume(self, conditions: Iterable[Relation]) -> Region:
        """The conditions over plain symbols; one that gives a total its value is used from now on.

        After Eq(Sum(a[j], (j, 1, n)), 1) that sum is written 1.
        """
        out = [self.relation(r, where="conditions") for r in conditions]
        for r in out:
            for side, other in ((r.left, r.right), (r.right, r.left)):
                if r.is_equality and side in self.totals and not other.has(side):
                    self.known.setdefault(side, other)
                    break
        return tuple(out)

    def relation(self, r: Relation, *, where: str = "") -> Relation:
        """Both sides over plain symbols."""
        return Relation(
            self.scalar(r.left, where=where), r.operator, self.scalar(r.right, where=where)
        )

    def _scalar(self, e: Expr, bound: Mapping[sp.Symbol, int], where: str) -> Expr:
        if isinstance(e, sp.Indexed):
            return self._indexed(e, bound)
        if isinstance(e, (sp.Sum, sp.Product)):
            return self._sum(e, bound, where)
        if e in self.families or (e in bound and e in self.ranges):
            return self._indexed(self.numbers[self.ranges.get(e, e)][e], bound)
        if not e.args or not (e.has(sp.Indexed, sp.Sum, sp.Product) or self._numbered(e)):
            if e in bound:
                raise NotSummableError(f"the number of a member, {e}, stands for itself")
            return e
        return e.func(*(self._scalar(arg, bound, where) for arg in e.args))

    def _numbered(self, e: Expr) -> bool:
        """Whether the number of a member occurs."""
        return not self.ranges.keys().isdisjoint(e.atoms(sp.Symbol))

    def _indexed(self, e: sp.Indexed, bound: Mapping[sp.Symbol, int]) -> Expr:
        (index,) = e.indices
        if e.base not in self.home:
            raise NotSummableError(f"{e.base} is not declared for a family")
        member = self.member(e)
        if index in bound:
            depth = max(bound.values())
            if bound[index] < depth:
                return self._outer(member, index)
            return member
        if index == self.home[e.base]:
            return self._outer(member, index) if bound else member
        raise NotSummableError(f"{e} is not the member of a generic {self.home[e.base]}")

    @staticmethod
    def _outer(member: sp.Symbol, index: sp.Symbol) -> sp.Symbol:
        """The member outside the sum that stands around: a constant within the sum."""
        return sp.Symbol(f"{member.name}@{index}", **member.assumptions0)

    def _sum(self, e: Expr, bound: Mapping[sp.Symbol, int], where: str) -> Expr:
        ((index, low, high),) = e.limits
        inner = {**bound, index: max(bound.values(), default=0) + 1}
        bases = {a.base for a in e.function.atoms(sp.Indexed) if a.indices[0] == index}
        homes = sorted({self.home[b] for b in bases if b in self.home}, key=str)
        if not homes and e.function.has(index):
            homes = [i for i, f in self.families.items() if (low, high) == (1, f.size)][:1]
        if homes:
            self.ranges[index] = homes[0]
        body = self._scalar(e.function, inner, where)
        if isinstance(e, sp.Product):
            body = _log(body)
        if not homes:
            out = body * (high - low + 1)
        else:
            size = self.families[homes[0]].size
            if len(homes) > 1:
                raise NotSummableError(f"{e} runs over two families at once")
            if high != size and isinstance(high, sp.Symbol):
                raise ModelError(
                    f"a sum over {homes[0]} runs to {high}",
                    where=where,
                    remedy=f"{homes[0]} runs from 1 to {size}",
                )
            if low != 1 or high != size:
                raise NotSummableError(f"{e} runs over a part of the family {homes[0]}")
            out = self.total(homes[0], body)
        named = {self._outer(m, i): m for m in self.members for i in (*self.families, *bound)}
        for symbol in out.free_symbols & set(self.totals):
            if self.totals[symbol].summand.free_symbols & set(named):
                raise NotSummableError(f"{e} pairs members in a way that does not separate")
        inside = [i for i in bound if bound[i] == max(bound.values())] if bound else []
        kept = {s: m for s, m in named.items() if not bound or s.name.endswith(f"@{inside[0]}")}
        out = out.xreplace(kept)
        return sp.exp(out) if isinstance(e, sp.Product) else out

    # ------------------------------------------------------------------ out
    def indexed(self, e: Expr) -> Expr:
        """The expression with a[i] and Sum(...) in place of the plain symbols."""
        table = {
            s: self._written(self.totals[s].family, self.totals[s].summand)
            for s in e.free_symbols
            if s in self.totals
        }
        table |= {s: self.members[s] for s in e.free_symbols if s in self.members}
        named = {s: self.named[s] for s in e.free_symbols if s in self.named}
        products = {p: self._product(p.args[0]) for p in e.atoms(sp.exp)}
        out = e.xreplace({p: q for p, q in products.items() if q is not None})
        out = put_in(rebuilt(put_in(out, table)), named)
        counts = {a: a.indices[0] for a in out.atoms(sp.Indexed) if a.base in self.numbered}
        return put_in(out, counts)

    @property
    def numbered(self) -> frozenset[Expr]:
        """The bases that stand for the numbers of members."""
        return frozenset(self.numbers.values())

    def _product(self, exponent: Expr) -> Expr | None:
        """exp(k*Sum(c*log b) + rest) as Product(b**c)**k * exp(rest); None without such sums."""
        rows: dict[tuple[sp.Symbol, Expr], Expr] = {}
        rest = []
        for term in sp.Add.make_args(exponent):
            coefficient, part = term.as_coeff_Mul()
            total = self.totals.get(part)
            logs = [] if total is None else [*total.summand.atoms(sp.log)]
            if total is None or len(logs) != 1:
                rest.append(term)
                continue
            sign = sp.S.One if abs(coefficient) == 1 else coefficient
            factor = logs[0].args[0] ** sp.cancel(coefficient / sign * total.summand / logs[0])
            key = (total.family, sign)
            rows[key] = rows.get(key, sp.S.One) * factor
        if not rows:
            return None
        out = [sp.exp(sp.Add(*rest))]
        for (family, power), body in rows.items():
            written = self._written(family, body)
            out.append(sp.Product(written.function, written.limits[0]) ** power)
        return sp.Mul(*out)

    def written(self, r: Relation) -> Relation:
        """Both sides with a[i] and Sum(...)."""
        return Relation(self.indexed(r.left), r.operator, self.indexed(r.right))


def _log(product: Expr) -> Expr:
    """The logarithm of a factor of a product, where all factors are positive.

    Where one is zero the product is zero, which `exp` of minus infinity says too.
    """
    rows = product.as_powers_dict().items()
    if any(b.is_number or not (b.is_nonnegative or b is sp.E) for b, _ in rows):
        return sp.log(product)
    return sp.Add(*(e * sp.log(b) for b, e in rows))
