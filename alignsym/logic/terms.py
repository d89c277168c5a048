"""z3 terms made by its C interface: z3py's coercions cost more than most of the questions.

Every argument is a real (or Boolean) term of z3's main context already, which is what coercion
would establish.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

import z3


@lru_cache(maxsize=4096)
def number(value: Fraction) -> Any:
    """A rational as a z3 numeral.

    >>> number(Fraction(1, 2))
    1/2
    """
    return z3.RealVal(f"{value.numerator}/{value.denominator}")


@lru_cache(maxsize=4096)  # the same few names, asked about again and again
def variable(name: str) -> Any:
    """A real variable."""
    return z3.Real(name)


def product(factors: Sequence[Any]) -> Any:
    """The product of real terms."""
    return factors[0] if len(factors) == 1 else _applied(z3.Z3_mk_mul, z3.ArithRef, factors)


def total(terms: Sequence[Any]) -> Any:
    """The sum of real terms."""
    return terms[0] if len(terms) == 1 else _applied(z3.Z3_mk_add, z3.ArithRef, terms)


def conjunction(parts: Sequence[Any]) -> Any:
    """All of the parts; true where there are none."""
    if not parts:
        return z3.BoolVal(True)  # z3 writes a conjunction of nothing as SMT-LIB does not
    return _applied(z3.Z3_mk_and, z3.BoolRef, parts)


def compared(term: Any, operator: str) -> Any:
    """`term operator 0`.

    >>> compared(z3.Real("x"), ">="), compared(z3.Real("x"), "!=")
    (x >= 0, x != 0)
    """
    context, zero = term.ctx, number(Fraction(0))
    if operator == "==":
        return z3.BoolRef(z3.Z3_mk_eq(context.ref(), term.as_ast(), zero.as_ast()), context)
    if operator == "!=":
        return _applied(z3.Z3_mk_distinct, z3.BoolRef, (term, zero))
    make = {">": z3.Z3_mk_gt, ">=": z3.Z3_mk_ge, "<": z3.Z3_mk_lt, "<=": z3.Z3_mk_le}[operator]
    return z3.BoolRef(make(context.ref(), term.as_ast(), zero.as_ast()), context)


def _applied(make: Any, kind: Any, parts: Sequence[Any]) -> Any:
    context = z3.main_ctx()
    array = (z3.Ast * len(parts))(*(part.as_ast() for part in parts))
    return kind(make(context.ref(), len(parts), array), context)
