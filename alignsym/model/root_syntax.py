"""Root(poly, x, k): an output form, read where outputs are read back and nowhere else."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import sympy as sp

from alignsym.model.limits import at_most
from alignsym.model.relations import Expr
from alignsym.model.roots import Root

if TYPE_CHECKING:
    from alignsym.model.builder import Builder

DEGREE = 16  # of a polynomial in the text, whose real roots SymPy may have to tell apart


def root(builder: Builder, node: ast.Call) -> Expr:
    """The k-th real root of the polynomial in a letter, which means nothing else inside.

    Raises: TextError.
    """
    if not builder.outputs:
        raise builder.tree.error(node, "Root(...) is an output form, not input")
    match node.args:
        case [body, ast.Name(id=letter), ast.Constant(value=int(k))] if k >= 0:
            pass
        case _:
            raise builder.tree.error(node, "Root takes a polynomial, its letter and a number")
    bound = sp.Dummy(letter, real=True)
    outer, builder.bound = builder.bound, {**builder.bound, letter: bound}
    polynomial = builder.value(body)
    builder.bound = outer
    if not polynomial.is_polynomial(bound) or not polynomial.has(bound):
        raise builder.tree.error(node, f"a Root of what is no polynomial in {letter}")
    degree = int(sp.degree(polynomial, bound))
    at_most(degree, DEGREE, "as the degree of a Root", where=builder.tree.where)
    at_most(k + 1, degree, "roots", where=builder.tree.where)
    if polynomial.free_symbols - {bound}:
        return Root(sp.expand(polynomial), bound, sp.Integer(k))
    shown = sp.Symbol(letter)
    number = sp.CRootOf(sp.Poly(polynomial.xreplace({bound: shown}), shown), k, radicals=False)
    if not number.is_real:
        raise builder.tree.error(node, "a Root that is not real")
    return number
