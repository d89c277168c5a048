"""Expressions as ratios of polynomials over generators: symbols, roots, powers, logs, the rest.

    b**(k + c*u) = b**k * X**c,  X = b**u > 0;   b**(p/q) = t**p,  t >= 0, t**q = b;
    log(c * f1**e1 * ... * r) = log c + e1*log f1 + ... + log r   where every f is positive by its
    signs.

One generator stands for one transcendental or algebraic atom, so that equal atoms meet.  The laws
used while rewriting hold wherever the expression is defined; `Conditions` says where that is, and
the solver never assumes more (MATHEMATICS 5: guarded axioms).
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import Literal

import sympy as sp
from sympy.core.numbers import NumberSymbol

from alignsym.logic.exponents import exponent_terms, prime_powers
from alignsym.logic.generators import Condition, Conditions, Generator, NotRealError, Sign
from alignsym.logic.polynomials import Polynomial, Ratio, TooLargeError
from alignsym.logic.signs import Signs, declared
from alignsym.model.relations import Region, Relation
from alignsym.model.roots import Root

DEGREE_LIMIT = 60
EXPONENT_LIMIT, POWER_LIMIT = 60, 1000  # of sums, of e
_NONE: Conditions = frozenset()
_TOTAL = (sp.Abs, sp.Min, sp.Max, sp.sin, sp.cos, sp.atan, sp.sign, sp.tanh, sp.sinh, sp.cosh)


class Abstraction:
    """The generators met so far and the expressions rewritten over them.

    >>> a, b, r = sp.symbols("a b r", positive=True)
    >>> work = Abstraction([a])
    >>> zero = a**(r/(r - 1)) - a*a**(1/(r - 1))
    >>> work.rewrite(zero)[0].numerator.terms
    {}
    """

    def __init__(self, expressions: Iterable[sp.Expr], given: Region = ()) -> None:
        self.generators: list[Generator] = []
        self._index: dict[Generator, int] = {}
        self._done: dict[sp.Expr, tuple[Ratio, Conditions]] = {}
        self.degree = 1
        self._signs = Signs(self.generators)
        for expression in expressions:
            self.prepare(expression)
        for relation in given:
            self.assume(relation)

    def assume(self, relation: Relation) -> None:
        """Take a strict inequality as given: powers and logs of its gap's sum are split by it.

        >>> a, e = sp.symbols("a e", positive=True)
        >>> work = Abstraction([], (Relation(e, ">", sp.S.One),))
        >>> work.rewrite((1 - 1/e)**a * (e/(e - 1))**a - 1)[0].numerator.terms
        {}
        """
        if not relation.is_strict or relation.operator == "!=":
            return
        try:
            ratio, _ = self.rewrite(relation.gap)
        except (NotRealError, TooLargeError):
            return
        self._done.clear()  # rewritten before the sign was known
        self._signs.take(ratio)

    def prepare(self, expression: sp.Expr) -> None:
        """Note the denominators of exponents, so that x**(1/2) and x**(1/3) share one root."""
        self.degree = lcm(self.degree, _degree(expression))
        if self.degree > DEGREE_LIMIT:
            self.degree = 1

    def copy(self) -> Abstraction:
        """An abstraction that goes on from here without changing this one."""
        out = Abstraction([])
        out.generators = self.generators.copy()
        out._index = self._index.copy()
        out._done = self._done.copy()
        out._signs = self._signs.copy(out.generators)
        out.degree = self.degree
        return out

    def adopt(self, later: Abstraction) -> None:
        """Keep what a copy has rewritten since, if it has met no new generators."""
        if len(later.generators) == len(self.generators):
            self._done = later._done.copy()  # the copy goes on, and may meet some

    # ------------------------------------------------------------------ rewriting
    def rewrite(self, expression: sp.Expr) -> tuple[Ratio, Conditions]:
        """The expression as a ratio, and the conditions under which it is defined and real."""
        known = self._done.get(expression)
        if known is None:
            known = self._rewrite(expression)
            self._done[expression] = known
        return known

    def _rewrite(self, e: sp.Expr) -> tuple[Ratio, Conditions]:
        if e.is_Rational:
            return Ratio.of(Polynomial.constant(Fraction(int(e.p), int(e.q)))), _NONE
        if isinstance(e, (sp.Symbol, sp.Indexed)):
            return self._atom(Generator("symbol", declared(e), expression=e)), _NONE
        if e.is_Add:
            return self._combine(e.args, product=False)
        if e.is_Mul:
            return self._combine(e.args, product=True)
        if isinstance(e, sp.exp) or e is sp.E:
            return self._exponential(e.exp if isinstance(e, sp.exp) else sp.S.One)
        if e.is_Pow:
            return self._power(e.base, e.exp)
        if isinstance(e, sp.log) and len(e.args) == 1:
            ratio, conditions = self.rewrite(e.args[0])
            if not ratio.numerator:
                raise NotRealError(f"the logarithm of zero in {e}")
            return self.logarithm(ratio), conditions | {Condition("positive", ratio)}
        complex_root = isinstance(e, sp.CRootOf) and not e.is_real
        if e in (sp.oo, -sp.oo, sp.zoo, sp.nan, sp.I) or e.is_Float or complex_root:
            raise NotRealError(f"{e} is not a finite real expression")
        return self._opaque(e)

    def _combine(self, args: tuple[sp.Expr, ...], *, product: bool) -> tuple[Ratio, Conditions]:
        out, conditions = self.rewrite(args[0])
        for arg in args[1:]:
            ratio, more = self.rewrite(arg)
            out = out * ratio if product else out + ratio
            conditions |= more
        return out, conditions

    def _root_of(self, e: Root) -> tuple[Ratio, Conditions]:
        """A real root: of odd degree there is one where the leading coefficient is not zero."""
        out = self._atom(Generator("opaque", "any", expression=e))
        conditions: Conditions = _NONE
        for coefficient in e.coefficients:
            conditions |= self.rewrite(coefficient)[1]
        lead = self.rewrite(e.leading)[0]
        if not e.exists or not lead.numerator:
            return out, conditions | {Condition("unsaid", out)}
        return out, conditions | {Condition("nonzero", lead)}

    def _opaque(self, e: sp.Expr) -> tuple[Ratio, Conditions]:
        if isinstance(e, Root):
            return self._root_of(e)
        conditions: Conditions = _NONE
        total = isinstance(e, (*_TOTAL, NumberSymbol, sp.CRootOf)) or (
            # The principal branch is real and as positive as its argument from 0 on.
            isinstance(e, sp.LambertW) and len(e.args) == 1 and bool(e.args[0].is_nonnegative)
        )
        for arg in () if isinstance(e, sp.CRootOf) else e.args:
            if isinstance(arg, sp.Expr) and total:
                conditions |= self.rewrite(arg)[1]
        sign: Sign = declared(e)
        if isinstance(e, sp.LambertW) and len(e.args) == 1 and e.args[0].is_positive:
            sign = "positive"
        out = self._atom(Generator("opaque", sign, expression=e))
        return out, conditions if total else conditions | {Condition("unsaid", out)}

    def _exponential(self, exponent: sp.Expr) -> tuple[Ratio, Conditions]:
        if exponent.is_Rational and abs(exponent) > POWER_LIMIT:
            return self._atom(Generator("opaque", "positive", expression=sp.exp(exponent))), _NONE
        ratio, conditions = self.rewrite(exponent)
        return self._to_power(self._atom(Generator("e", "positive")), ratio), conditions

    def _power(self, base: sp.Expr, exponent: sp.Expr) -> tuple[Ratio, Conditions]:
        ratio, conditions = self.rewrite(base)
        if exponent.is_Integer:
            k = int(exponent)
            if abs(k) > EXPONENT_LIMIT:
                return self._opaque_power(base, exponent, conditions)
            if k < 0:
                if not ratio.numerator:
                    raise NotRealError(f"{base} is zero in a denominator")
                conditions |= {Condition("nonzero", ratio)}
            return ratio.power(k), conditions
        if exponent.is_integer and self._sign(ratio) != "positive":
            # (-2)**n is real for every integer n: the laws for positive bases would lose it.
            return self._opaque(sp.Pow(base, exponent, evaluate=False))
        how, more = self.rewrite(exponent)
        conditions |= more
        if not ratio.numerator:
            raise NotRealError(f"power of zero with exponent {exponent}")
        if exponent.is_Rational:
            kind: Literal["nonnegative", "positive"] = "nonnegative" if exponent > 0 else "positive"
            conditions |= {Condition(kind, ratio)}
        else:
            conditions |= {Condition("boundary", ratio)}
        return self._to_power(ratio, how), conditions

    def _opaque_power(
        self, base: sp.Expr, exponent: sp.Expr, conditions: Conditions
    ) -> tuple[Ratio, Conditions]:
        power = sp.Pow(base, exponent, evaluate=False)
        out = self._atom(Generator("opaque", declared(power), expression=power))
        if exponent < 0:
            conditions |= {Condition("nonzero", self.rewrite(base)[0])}
        return out, conditions

    # ------------------------------------------------------------------ laws
    def _to_power(self, base: Ratio, exponent: Ratio) -> Ratio:
        """base**exponent, split over the positive pieces of the base and the terms of the
        exponent."""
        out = Ratio.of(Polynomial.constant(1))
        for piece, times_ in self._pieces(base):
            for unit, number in exponent_terms(exponent):
                known = self._lambert(unit) if self._is_constant_e(piece) else None
                if known is not None and unit is not None:
                    # exp(W(u)) = u/W(u), from W*exp(W) = u with u > 0.
                    out = out * self._to_power(known / unit, _constant(number * times_))
                else:
                    out = out * self._piece_power(piece, unit, number * times_)
        return out

    def _piece_power(self, piece: Ratio, unit: Ratio | None, number: Fraction) -> Ratio:
        """piece**(number*unit); unit None means 1."""
        inner = self.single(piece)
        if inner is not None and inner.kind in ("root", "power") and inner.argument is not None:
            # t**e = argument**(e/degree): roots of roots meet the roots of what is inside.
            scale = number / inner.degree
            units = (
                [(unit, Fraction(1))]
                if inner.unit is None
                else exponent_terms(inner.unit * (unit or Ratio.of(Polynomial.constant(1))))
            )
            if not (unit is None and scale.denominator == 1 and inner.unit is None):
                out = Ratio.of(Polynomial.constant(1))
                for part, c in units:
                    out = out * self._atom_power(inner.argument, part, scale * c)
                return out
        return self._atom_power(piece, unit, number)

    def _atom_power(self, piece: Ratio, unit: Ratio | None, number: Fraction) -> Ratio:
        if unit is None and number.denominator == 1:
            return piece.power(int(number))
        degree = lcm(self.degree, number.denominator)
        count = int(number * degree)
        if unit is None:
            root = self._atom(Generator("root", self._sign(piece), argument=piece, degree=degree))
            whole, rest = divmod(count, degree)
            return piece.power(whole) * root.power(rest)
        sign: Sign = "positive" if self._sign(piece) == "positive" else "nonnegative"
        power = Generator("power", sign, argument=piece, degree=degree, unit=unit)
        return self._atom(power).power(count)

    def logarithm(self, argument: Ratio) -> Ratio:
        """log of a ratio, split over its positive pieces."""
        out = Ratio.of(Polynomial({}))
        for piece, number in self._pieces(argument):
            out = out + self._piece_log(piece) * _constant(Fraction(number))
        return out

    def _piece_log(self, piece: Ratio) -> Ratio:
        inner = self.single(piece)
        if inner is not None and inner.kind == "e":
            return _constant(Fraction(1))
        if inner is not None and inner.kind in ("root", "power") and inner.argument is not None:
            unit = inner.unit or _constant(Fraction(1))
            return self.logarithm(inner.argument) * unit * _constant(Fraction(1, inner.degree))
        known = self._lambert(piece)
        if known is not None:  # log W(u) = log u - W(u)
            return self.logarithm(known) + piece * _constant(Fraction(-1))
        return self._atom(Generator("log", argument=piece))

    def _pieces(self, ratio: Ratio) -> list[tuple[Ratio, int]]:
        """The ratio as a product of powers: positive pieces one by one, and one rest of unknown
        sign."""
        number, monomial, primitive = ratio.numerator.content()
        pieces: list[tuple[Ratio, int]] = [
            (_constant(Fraction(p)), e) for p, e in prime_powers(abs(number))
        ]
        rest = _constant(Fraction(1 if number > 0 else -1))
        for index, exponent in monomial:
            alone = Ratio.of(Polynomial.generator(index))
            if self.generators[index].sign == "positive":
                pieces.append((alone, exponent))
            else:
                rest = rest * alone.power(exponent)
        factors = [(primitive, 1)] if len(primitive.terms) > 1 else []
        factors += [(f, -e) for f, e in ratio.denominator.items()]
        for factor, exponent in factors:
            if self._signs.given(factor) == -1:
                rest = rest * _constant(Fraction(-1)).power(exponent)
                pieces.append((Ratio.of(factor) * _constant(Fraction(-1)), exponent))
            elif self._sign(Ratio.of(factor)) == "positive":
                pieces.append((Ratio.of(factor), exponent))
            else:
                rest = rest * Ratio.of(factor).power(exponent)
        if rest != _constant(Fraction(1)):
            pieces.append((rest, 1))
        return pieces

    def _is_constant_e(self, piece: Ratio) -> bool:
        inner = self.single(piece)
        return inner is not None and inner.kind == "e"

    def _lambert(self, piece: Ratio | None) -> Ratio | None:
        """u if the piece is W(u), principal branch, u > 0."""
        inner = None if piece is None else self.single(piece)
        if inner is None or inner.kind != "opaque" or inner.sign != "positive":
            return None
        e = inner.expression
        if not isinstance(e, sp.LambertW) or len(e.args) != 1:
            return None
        return self.rewrite(e.args[0])[0]

    # ------------------------------------------------------------------ generators and signs
    def _atom(self, generator: Generator) -> Ratio:
        index = self._index.get(generator)
        if index is None:
            index = self._index[generator] = len(self.generators)
            self.generators.append(generator)
        return Ratio.of(Polynomial.generator(index))

    def single(self, piece: Ratio) -> Generator | None:
        """The generator a ratio consists of, if it is just one."""
        if len(piece.numerator.terms) == 1 and not piece.denominator:
            ((monomial, coefficient),) = piece.numerator.terms.items()
            if coefficient == 1 and len(monomial) == 1 and monomial[0][1] == 1:
                return self.generators[monomial[0][0]]
        return None

    def _sign(self, ratio: Ratio) -> Sign:
        return self._signs.of_ratio(ratio)

    def sign(self, polynomial: Polynomial) -> Sign:
        """positive or nonnegative where every term visibly is, or it is given; `any` otherwise."""
        return self._signs.of(polynomial)


@lru_cache(maxsize=8192)
def _degree(expression: sp.Expr) -> int:
    """The least common denominator of the numbers in exponents."""
    out = 1
    for power in expression.atoms(sp.Pow, sp.exp):
        for number in power.exp.atoms(sp.Rational):
            out = lcm(out, number.q)
    return out


def _constant(number: Fraction) -> Ratio:
    return Ratio.of(Polynomial.constant(number))
