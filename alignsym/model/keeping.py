"""Pickles in which a formula keeps its form: (a - c)/3 does not come back as a/3 - c/3.

SymPy rebuilds a pickled product by multiplying out a number before a sum; a solution read back
would look different and compare unequal.
"""

from __future__ import annotations

import io
import pickle
from typing import Any

import sympy as sp


class Keeping(pickle.Pickler):
    """A pickler that stores sums, products and powers by their arguments, unevaluated."""

    def reducer_override(self, thing: Any) -> Any:
        """How one object is stored; everything else as usual."""
        if isinstance(thing, (sp.Mul, sp.Add, sp.Pow)):
            return unevaluated, (type(thing), thing.args)
        return NotImplemented


def unevaluated(kind: type[sp.Basic], arguments: tuple[sp.Expr, ...]) -> sp.Expr:
    """The expression with exactly these arguments.

    >>> a, c = sp.symbols("a c")
    >>> unevaluated(sp.Mul, (sp.Rational(1, 3), a - c))
    (a - c)/3
    """
    return kind(*arguments, evaluate=False)


def kept(parts: tuple[object, ...]) -> bytes:
    """The parts as bytes; `pickle.loads` gives them back."""
    out = io.BytesIO()
    Keeping(out, protocol=pickle.HIGHEST_PROTOCOL).dump(parts)
    return out.getvalue()
