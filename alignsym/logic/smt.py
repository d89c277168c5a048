"""Relations as formulas of real arithmetic for z3.  The only file, with `decide`, that names z3.

A relation becomes `defined and true`: definedness is part of the atom, and every axiom about a
generator is guarded by the definedness of what it stands for.  Whatever cannot be expressed is left
free, so that `unsat` is a proof and `sat` only a hint.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import sympy as sp
import z3

from alignsym.logic.abstraction import Abstraction
from alignsym.logic.counterexamples import gap_of
from alignsym.logic.generators import Condition, Generator
from alignsym.logic.polynomials import Polynomial, Ratio, TooLargeError
from alignsym.logic.terms import compared, conjunction, number, product, total, variable
from alignsym.model.relations import Region, Relation
from alignsym.model.roots import Root

EXPONENT_LIMIT = 200  # e**400 > 1 takes z3 seconds, and it looks at no clock meanwhile


class Translation:
    """One query's generators as z3 reals, with their axioms."""

    def __init__(self, relations: Iterable[Relation]) -> None:
        relations = list(relations)
        self.work = Abstraction([])
        for relation in relations:
            self.work.prepare(relation.left)
            self.work.prepare(relation.right)
        self._reals: dict[int, Any] = {}
        self._formulas: dict[Relation, Any] = {}
        self._free = 0

    def continued(self, relations: Iterable[Relation]) -> Translation | None:
        """A translation that goes on from here with more relations, without changing this one.

        None where they bring roots of another degree: then nothing said so far may be used.
        """
        out = Translation(())
        out.work = self.work.copy()
        for relation in relations:
            out.work.prepare(relation.left)
            out.work.prepare(relation.right)
        out._reals, out._free = self._reals.copy(), self._free
        out._formulas = self._formulas.copy()
        return out if out.work.degree == self.work.degree else None

    def adopt(self, later: Translation) -> None:
        """Keep what a continuation has translated, if it has met nothing new."""
        if len(later.work.generators) == len(self.work.generators) and later._free == self._free:
            self.work.adopt(later.work)
            self._reals, self._formulas = later._reals.copy(), later._formulas.copy()

    def real(self, index: int) -> Any:
        """The z3 variable of a generator."""
        if index not in self._reals:
            generator = self.work.generators[index]
            name = str(generator.expression) if generator.kind == "symbol" else f"{generator.kind}"
            self._reals[index] = variable(f"{name}!{index}")
        return self._reals[index]

    # ------------------------------------------------------------------ terms
    def polynomial(self, polynomial: Polynomial) -> Any:
        """A polynomial without negative exponents as a z3 term."""
        terms = []
        for monomial, coefficient in sorted(polynomial.terms.items()):
            factors = [number(coefficient)] if coefficient != 1 or not monomial else []
            for index, exponent in monomial:
                if exponent > EXPONENT_LIMIT:
                    raise TooLargeError(f"a power with an exponent beyond {EXPONENT_LIMIT}")
                factors += [self.real(index)] * exponent
            terms.append(product(factors))
        return total(terms) if terms else number(Fraction(0))

    def signed_numerator(self, ratio: Ratio) -> Any:
        """A polynomial with the sign of the ratio wherever the ratio is defined."""
        polynomial = ratio.numerator
        for factor, exponent in ratio.denominator.items():
            if exponent % 2 and self.work.sign(factor) != "positive":
                polynomial = polynomial * factor
        lowest: dict[int, int] = {}
        for monomial in polynomial.terms:
            for index, exponent in monomial:
                lowest[index] = min(lowest.get(index, 0), exponent)
        shift = []
        for index, exponent in sorted(lowest.items()):
            if exponent < 0:
                # Multiplying by an even power, or by a positive generator, keeps the sign.
                odd = exponent % 2 and self.work.generators[index].sign != "positive"
                shift.append((index, -exponent + (1 if odd else 0)))
        if shift:
            polynomial = polynomial * Polynomial({tuple(shift): Fraction(1)})
        return self.polynomial(polynomial)

    def finite(self, *ratios: Ratio) -> Any:
        """No denominator inside vanishes: the guard of everything said through a cleared
        denominator.

        `signed_numerator` multiplies by denominators, so that at a pole it has a value that means
        nothing; an axiom that spoke there would make z3 overlook exactly the undefined points.
        """
        parts = []
        for ratio in ratios:
            parts += [compared(self.polynomial(f), "!=") for f in ratio.denominator]
            poles = {
                index
                for monomial in ratio.numerator.terms
                for index, exponent in monomial
                if exponent < 0 and self.work.generators[index].sign != "positive"
            }
            parts += [compared(self.real(index), "!=") for index in sorted(poles)]
        return conjunction(parts)

    def positive(self, ratio: Ratio) -> Any:
        """The ratio is defined and positive."""
        return conjunction([self.finite(ratio), compared(self.signed_numerator(ratio), ">")])

    # ------------------------------------------------------------------ formulas
    def relation(self, relation: Relation) -> Any:
        """`defined and true`."""
        known = self._formulas.get(relation)
        if known is None:
            free = self._free
            known = self._relation(relation)
            if free == self._free:  # what is unsaid is another unknown each time
                self._formulas[relation] = known
        return known

    def _relation(self, relation: Relation) -> Any:
        ratio, conditions = self.gap(relation)
        operator = relation.operator
        if operator not in ("==", "!="):
            operator = ">" if relation.is_strict else ">="
        at_zero = any(c.kind == "boundary" for c in conditions)
        said = self._said(ratio, operator, at_zero)
        return conjunction([*(self.condition(c, at_zero) for c in ordered(conditions)), said])

    def _said(self, ratio: Ratio, operator: str, at_zero: bool) -> Any:
        """The comparison with zero.

        b**(a - 1) = b**a/b is zero at b = 0 if a > 1, though b stands in a denominator: there the
        cleared numerator means nothing, and nothing is said.
        """
        said = compared(self.signed_numerator(ratio), operator)
        if not at_zero or (finite := self.finite(ratio)).num_args() == 0:
            return said
        return z3.Or(z3.And(finite, said), z3.And(z3.Not(finite), self._unsaid()))

    def gap(self, relation: Relation) -> tuple[Ratio, frozenset[Condition]]:
        """The relation's gap, and the conditions under which both sides are defined."""
        return gap_of(self.work, relation)

    def region(self, region: Region) -> Any:
        """The conjunction of the relations."""
        return conjunction([self.relation(r) for r in region])

    def condition(self, condition: Condition, at_zero: bool = True) -> Any:
        """A condition of definedness; what is unsaid is a fresh unknown, never an assumption.

        Denominators inside are nonzero by their own conditions, unless powers of zero (`at_zero`)
        are among them.
        """
        if condition.kind == "unsaid":
            return self._unsaid()
        if condition.kind != "boundary":
            operator = {"nonzero": "!=", "positive": ">", "nonnegative": ">="}[condition.kind]
            return self._said(condition.ratio, operator, at_zero)
        positive = self._said(condition.ratio, ">", at_zero)
        zero = self._said(condition.ratio, "==", at_zero)
        return z3.Or(positive, z3.And(zero, self._unsaid()))

    def _unsaid(self) -> Any:
        self._free += 1
        return z3.Bool(f"unsaid!{self._free}")

    # ------------------------------------------------------------------ axioms
    def axioms(self) -> list[Any]:
        """What is known of every generator met so far, each guarded by definedness."""
        out: list[Any] = []
        index = 0
        while index < len(self.work.generators):  # axioms may mention generators not met before
            out += self._axioms(index, self.work.generators[index])
            index += 1
        return out

    def _axioms(self, index: int, generator: Generator) -> list[Any]:
        x = self.real(index)
        if generator.kind == "root" and generator.argument is not None:
            base = self.signed_numerator(generator.argument)
            power = Ratio.of(Polynomial.generator(index, generator.degree))
            minus = Ratio.of(Polynomial.constant(-1))
            law = self.signed_numerator(power + generator.argument * minus) == 0
            real = z3.And(self.finite(generator.argument), base >= 0)
            return [z3.Implies(real, z3.And(x >= 0, law))]
        if generator.kind == "power" and generator.argument is not None:
            return [z3.Implies(self.positive(generator.argument), x > 0), x >= 0]
        if generator.kind == "e":
            return [
                x > number(Fraction(2718281828, 10**9)),
                x < number(Fraction(2718281829, 10**9)),
            ]
        if generator.kind == "log" or generator.expression is None:
            return []
        out = _sign_axioms(x, generator.expression)
        if generator.kind == "opaque":
            out += self._opaque_axioms(x, generator.expression)
        return out

    def _opaque_axioms(self, x: Any, e: sp.Expr) -> list[Any]:
        if e is sp.pi:
            return [x > number(Fraction(314159265, 10**8)), x < number(Fraction(314159266, 10**8))]
        if isinstance(e, sp.exp) and e.exp.is_Rational:  # a vast power of e: e**n >= 1 + n
            least = 1 + abs(Fraction(int(e.exp.p), int(e.exp.q)))
            return [x >= number(least)] if e.exp > 0 else [x <= number(1 / least), x > 0]
        if isinstance(e, Root):
            law, conditions = self.work.rewrite(e.vanishing())
            real = z3.And([self.condition(c) for c in ordered(conditions)])
            known = [self.signed_numerator(law) == 0, *self._lowest_root(x, e)]
            return [z3.Implies(real, z3.And(known))]
        if isinstance(e, sp.CRootOf) and e.is_real:
            return self._root_axioms(x, e)
        if isinstance(e, sp.LambertW) and len(e.args) == 1:
            u, w = self.work.rewrite(e.args[0])[0], self.work.rewrite(e)[0]
            known = [self.positive(u)]
            compared_ = [x > 0]
            minus = Ratio.of(Polynomial.constant(-1))
            for product, m in _exponential_parts(e.args[0]):
                # W(P*e**m) against m is P against m: W*e**W = P*e**m, and t*e**t increases.
                rewritten = [self.work.rewrite(part)[0] for part in (product, m)]
                gap = self.signed_numerator(rewritten[0] + rewritten[1] * minus)
                here = self.signed_numerator(w + rewritten[1] * minus)
                known.append(self.finite(*rewritten))
                compared_ += [(gap > 0) == (here > 0), (gap < 0) == (here < 0)]
            return [z3.Implies(z3.And(known), z3.And(compared_))]
        if isinstance(e, (sp.Abs, sp.Max, sp.Min)):
            ratios = [self.work.rewrite(arg)[0] for arg in e.args]
            minus = Ratio.of(Polynomial.constant(-1))
            mine = self.work.rewrite(e)[0]
            gaps = [self.signed_numerator(mine + r * minus) for r in ratios]
            real = self.finite(*ratios)
            if isinstance(e, sp.Abs):
                other = self.signed_numerator(mine + ratios[0])
                return [x >= 0, z3.Implies(real, z3.Or(gaps[0] == 0, other == 0))]
            side = [g >= 0 if isinstance(e, sp.Max) else g <= 0 for g in gaps]
            return [z3.Implies(real, z3.And([*side, z3.Or([g == 0 for g in gaps])]))]
        if isinstance(e, (sp.sin, sp.cos, sp.tanh)):
            return [x >= -1, x <= 1]
        return []

    def _lowest_root(self, x: Any, e: Root) -> list[Any]:
        """Of odd degree and with a positive leading coefficient p falls to -oo on the left: where
        p(0) > 0 its lowest root is negative, and where p(0) = 0 it is not positive."""
        if not e.exists:
            return []
        at_zero, lead = (self.work.rewrite(c)[0] for c in (e.coefficients[-1], e.leading))
        real = z3.And(self.finite(at_zero, lead), self.positive(lead))
        value = self.signed_numerator(at_zero)
        below = z3.And(z3.Implies(value > 0, x < 0), z3.Implies(value == 0, x <= 0))
        return [z3.Implies(real, below)]

    def _root_axioms(self, x: Any, root: sp.CRootOf) -> list[Any]:
        """The polynomial vanishes, and the interval that isolates the root contains it."""
        coefficients = [Fraction(int(c.p), int(c.q)) for c in root.poly.all_coeffs()]
        total = z3.RealVal(0)
        for c in coefficients:
            total = total * x + number(c)
        # The polynomial is irreducible and the real roots are numbered from the left.
        (low, high), _ = root.poly.intervals(eps=sp.Rational(1, 10**6))[root.index]
        bounds = [Fraction(int(b.p), int(b.q)) for b in (low, high)]
        return [total == 0, x >= number(bounds[0]), x <= number(bounds[1])]


def _exponential_parts(u: sp.Expr) -> list[tuple[sp.Expr, sp.Expr]]:
    """(P, m) with u = P*e**m: the exponentials in u, and m = 1."""
    factors = sp.Mul.make_args(sp.expand_power_exp(u))
    m = sp.Add(*(f.args[0] if isinstance(f, sp.exp) else 1 for f in factors
                 if isinstance(f, sp.exp) or f is sp.E))  # fmt: skip
    rest = sp.Mul(*(f for f in factors if not (isinstance(f, sp.exp) or f is sp.E)))
    out = [(rest, m)] if m not in (0, 1) else []
    return [*out, (rest * sp.exp(m - 1), sp.S.One)]


def _sign_axioms(x: Any, e: sp.Expr) -> list[Any]:
    if e.is_positive:
        return [compared(x, ">")]
    if e.is_negative:
        return [compared(x, "<")]
    if e.is_nonnegative:
        return [compared(x, ">=")]
    return [compared(x, "<=")] if e.is_nonpositive else []


def ordered(conditions: frozenset[Condition]) -> list[Condition]:
    """Conditions in an order that does not depend on hashing."""
    return sorted(conditions, key=lambda c: (c.kind, sorted(c.ratio.numerator.terms)))
