"""The functions expressions may use: exact arity, how SymPy builds them, where they are real."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sympy as sp

from alignsym.model.relations import Expr, Region, Relation

# Functions whose value jumps, so that limits and derivatives say nothing of it.
JUMPS = (sp.Piecewise, sp.sign, sp.Heaviside, sp.floor, sp.ceiling)


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the input syntax.

    `arity` is (least, most) arguments, `domain` the relations that make it real at given arguments.
    """

    arity: tuple[int, int]
    build: Callable[..., Expr]
    domain: Callable[..., Region] = lambda *_: ()


def _nonnegative(x: Expr) -> Region:
    return (Relation(x, ">=", sp.S.Zero),)


def _positive(x: Expr) -> Region:
    return (Relation(x, ">", sp.S.Zero),)


def _unit(x: Expr) -> Region:
    return (Relation(x, ">=", sp.S.NegativeOne), Relation(x, "<=", sp.S.One))


def _cosine(x: Expr) -> Region:
    return (Relation(sp.cos(x), "!=", sp.S.Zero),)


def _lambert(x: Expr, branch: Expr = sp.S.Zero) -> Region:
    low = Relation(x, ">=", -sp.exp(-1))
    return (low,) if branch == 0 else (low, Relation(x, "<", sp.S.Zero))


def _absolute(x: Expr) -> Expr:
    # For an argument not known to be real, Abs expands x*conjugate(x): a bomb for large powers.
    out = sp.Abs(x) if x.is_extended_real else sp.Abs(x, evaluate=False)
    # SymPy makes Abs(Abs(y)) of -Abs(y), and Abs(y) of that when it is read back.
    return out.args[0] if isinstance(out, sp.Abs) and isinstance(out.args[0], sp.Abs) else out


_MANY = 10**6

FUNCTIONS: dict[str, Function] = {
    "log": Function((1, 1), sp.log, _positive),
    "exp": Function((1, 1), sp.exp),
    "sqrt": Function((1, 1), sp.sqrt, _nonnegative),
    "cbrt": Function((1, 1), sp.cbrt, _nonnegative),
    "Abs": Function((1, 1), _absolute),
    "Min": Function((1, _MANY), sp.Min),
    "Max": Function((1, _MANY), sp.Max),
    "sin": Function((1, 1), sp.sin),
    "cos": Function((1, 1), sp.cos),
    "tan": Function((1, 1), sp.tan, _cosine),
    "asin": Function((1, 1), sp.asin, _unit),
    "acos": Function((1, 1), sp.acos, _unit),
    "atan": Function((1, 1), sp.atan),
    "sign": Function((1, 1), sp.sign),
    "LambertW": Function((1, 2), sp.LambertW, _lambert),
    "Rational": Function((2, 2), sp.Rational),
}

CONSTANTS: dict[str, Expr] = {"pi": sp.pi, "E": sp.E, "oo": sp.oo}
FORMS = ("Piecewise", "Sum", "Product", "Eq", "Ne", "Root")  # read by the parser itself
