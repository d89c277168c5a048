"""The coefficients of a polynomial given as a syntax tree, as closures over numbers.

    Root(x**3 - p*x - 1, x, 0)   ->   [-1, -p, 0, 1], evaluated where p is known

Polynomials are multiplied out by convolution of coefficients; nothing is handed to SymPy.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from alignsym.errors import AlignsymError
from alignsym.verify.arithmetic import Arithmetic, Number

Environment: TypeAlias = Mapping[str, Any]
Closure: TypeAlias = Callable[[Environment], Any]
Builder: TypeAlias = Callable[[ast.expr, Arithmetic], Closure]


class NotEvaluable(AlignsymError):
    """The formula uses something this evaluator does not know: nothing can be said about it."""


def coefficients(node: ast.expr, name: str, on: Arithmetic, build: Builder) -> list[Closure]:
    """The coefficients of a polynomial in `name`, constant first, as closures.

    Arguments: `build` makes the closure of what does not contain the name.
    Raises: NotEvaluable where the name occurs in anything but sums, products and whole powers.
    """
    zero, one = on.constant("0"), on.constant("1")
    if not any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(node)):
        return [build(node, on)]
    match node:
        case ast.Name():
            return [lambda env: zero, lambda env: one]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return [
                _scaled(c, on.constant("-1"), on) for c in coefficients(operand, name, on, build)
            ]
        case ast.BinOp(op=ast.Add() | ast.Sub() as kind, left=left, right=right):
            a, b = coefficients(left, name, on, build), coefficients(right, name, on, build)
            if isinstance(kind, ast.Sub):
                b = [_scaled(c, on.constant("-1"), on) for c in b]
            size = max(len(a), len(b))
            nil: Closure = lambda env: zero  # noqa: E731
            padded = [(p + [nil] * (size - len(p))) for p in (a, b)]
            return [_joined(on.plus, x, y) for x, y in zip(*padded)]
        case ast.BinOp(op=ast.Mult(), left=left, right=right):
            return _product(
                coefficients(left, name, on, build), coefficients(right, name, on, build), on
            )
        case ast.BinOp(op=ast.Div(), left=left, right=right):
            divisor = build(right, on)
            return [_joined(on.over, c, divisor) for c in coefficients(left, name, on, build)]
        case ast.BinOp(op=ast.Pow(), left=left, right=ast.Constant(value=int() as n)) if n <= 32:
            base, out = coefficients(left, name, on, build), [lambda env: one]
            for _ in range(n):
                out = _product(out, base, on)
            return out
    raise NotEvaluable(f"not a polynomial in {name}")


def _scaled(closure: Closure, factor: Number, on: Arithmetic) -> Closure:
    return lambda env: on.times(factor, closure(env))


def _joined(operation: Callable[[Any, Any], Any], a: Closure, b: Closure) -> Closure:
    return lambda env: operation(a(env), b(env))


def _product(a: list[Closure], b: list[Closure], on: Arithmetic) -> list[Closure]:
    """The coefficients of the product of two polynomials."""

    def entry(k: int) -> Closure:
        pairs = [(a[i], b[k - i]) for i in range(len(a)) if 0 <= k - i < len(b)]

        def total(env: Environment) -> Any:
            out = on.constant("0")
            for left, right in pairs:
                out = on.plus(out, on.times(left(env), right(env)))
            return out

        return total

    return [entry(k) for k in range(len(a) + len(b) - 1)]
