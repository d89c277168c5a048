"""Products of powers compared by their logarithms.

    A > B  <=>  sum of exponents times logarithms in A  >  the same in B        (A, B > 0)

so that y >= c**(1/g)*x and y**g >= c*x**g meet: both say g*log y >= log c + g*log x where g > 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import z3

from alignsym.logic.polynomials import Polynomial, Ratio
from alignsym.logic.smt import Translation
from alignsym.model.relations import Relation

PRODUCTS_LIMIT = 12
_MINUS = Ratio.of(Polynomial.constant(-1))


def compared_products(translation: Translation, relations: Iterable[Relation]) -> list[Any]:
    """The lemma for every gap with two terms, one of them with a symbol in an exponent."""
    gaps: dict[Polynomial, None] = {}
    for relation in relations:
        ratio, _ = translation.gap(relation)
        if _is_difference_of_products(translation, ratio.numerator):
            gaps.setdefault(ratio.numerator)
    return [_lemma(translation, gap) for gap in list(gaps)[:PRODUCTS_LIMIT]]


def _is_difference_of_products(translation: Translation, gap: Polynomial) -> bool:
    if len(gap.terms) != 2 or min(gap.terms.values()) > 0 or max(gap.terms.values()) < 0:
        return False
    inside = [translation.work.generators[i] for monomial in gap.terms for i, _ in monomial]
    return all(g.sign == "positive" for g in inside) and any(g.kind == "power" for g in inside)


def _lemma(translation: Translation, gap: Polynomial) -> Any:
    total = Ratio.of(Polynomial({}))
    for monomial, coefficient in sorted(gap.terms.items()):
        product = Ratio.of(Polynomial({monomial: abs(coefficient)}))
        logarithm = translation.work.logarithm(product)
        total = total + (logarithm if coefficient > 0 else logarithm * _MINUS)
    difference = translation.signed_numerator(Ratio.of(gap))
    logs = translation.signed_numerator(total)
    above, below = (difference > 0) == (logs > 0), (difference < 0) == (logs < 0)
    return z3.Implies(translation.finite(total), z3.And(above, below))
