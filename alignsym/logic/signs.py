"""Signs of polynomials over generators: visible in coefficients and generators, or given as facts.

    n*m*s > 0 is given,  m a product of positive generators,  s a primitive sum   =>   n*s > 0

What is concluded from a fact holds where the fact does, so that facts are given to questions that
are asked there only.
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from alignsym.logic.generators import Generator, Sign
from alignsym.logic.polynomials import Polynomial, Ratio


class Signs:
    """Signs over a list of generators, which may grow, and the primitive sums of given sign.

    >>> x = Generator("symbol", "positive", expression=sp.Symbol("x", positive=True))
    >>> signs = Signs([x])
    >>> total = Polynomial.generator(0) + Polynomial.constant(1)
    >>> gap = Polynomial.generator(0) + Polynomial.constant(-1)
    >>> signs.of(total), signs.of(gap)
    ('positive', 'any')
    >>> signs.take(Ratio.of(gap))
    >>> signs.of(gap)
    'positive'
    """

    def __init__(self, generators: Sequence[Generator]) -> None:
        self._generators = generators
        self._given: dict[Polynomial, int] = {}

    def copy(self, generators: Sequence[Generator]) -> Signs:
        """The same facts over a copy of the generators."""
        out = Signs(generators)
        out._given = self._given.copy()
        return out

    def take(self, gap: Ratio) -> None:
        """Take gap > 0 as given, if it is a sum times what is visibly positive."""
        number, monomial, primitive = gap.numerator.content()
        positive = all(self._generators[index].sign == "positive" for index, _ in monomial)
        if positive and not gap.denominator and len(primitive.terms) > 1:
            self._given[primitive] = 1 if number > 0 else -1

    def given(self, primitive: Polynomial) -> int | None:
        """+1 or -1 for a primitive sum whose sign is given."""
        return self._given.get(primitive)

    def of_ratio(self, ratio: Ratio) -> Sign:
        """The sign of a ratio wherever it is defined."""
        signs = [self.of(ratio.numerator)]
        signs += [self.of(f) for f, e in ratio.denominator.items() if e % 2]
        if "any" in signs:
            return "any"
        return "nonnegative" if "nonnegative" in signs else "positive"

    def of(self, polynomial: Polynomial) -> Sign:
        """positive or nonnegative where every term visibly is, or it is given; `any` otherwise."""
        if self._given and len(polynomial.terms) > 1:
            number, common, primitive = polynomial.content()
            given = self._given.get(primitive)
            if given is not None and (number > 0) == (given > 0):
                visible = [self._generators[index].sign == "positive" for index, _ in common]
                if all(visible):
                    return "positive"
        best: Sign = "nonnegative"
        for monomial, coefficient in polynomial.terms.items():
            if coefficient < 0:
                return "any"
            strict = True
            for index, exponent in monomial:
                sign = self._generators[index].sign
                if sign == "positive":
                    continue
                strict = False
                if sign == "any" and exponent % 2:
                    return "any"
            if strict:
                best = "positive"
        return best


def declared(e: sp.Expr) -> Sign:
    """The sign SymPy knows from the declarations of the symbols."""
    if e.is_positive:
        return "positive"
    return "nonnegative" if e.is_nonnegative else "any"


def made_of_positive(e: sp.Expr) -> bool:
    """Sums, products and rational powers of positive symbols and numbers: defined and positive.

    >>> a, b = sp.symbols("a b", positive=True)
    >>> made_of_positive(a/(a + 2*b)), made_of_positive(a - b)
    (True, False)
    """
    if e.is_Add or e.is_Mul:
        return all(map(made_of_positive, e.args))
    if e.is_Pow:
        return bool(e.exp.is_Rational) and made_of_positive(e.base)
    return bool((e.is_Symbol or e.is_Rational) and e.is_positive)


def made_of_nonnegative(e: sp.Expr) -> bool:
    """Sums and products of nonnegative symbols and numbers and of their powers with exponents that
    are positive symbols or made of them: defined and nonnegative.

    >>> x, a, r = sp.Symbol("x", nonnegative=True), *sp.symbols("a r", positive=True)
    >>> made_of_nonnegative(a*x**r + x), made_of_nonnegative(x**(-r))
    (True, False)
    """
    if e.is_Add or e.is_Mul:
        return all(map(made_of_nonnegative, e.args))
    if e.is_Pow:
        return made_of_positive(e) or (made_of_nonnegative(e.base) and made_of_positive(e.exp))
    return bool((e.is_Symbol or e.is_Rational) and e.is_nonnegative)
