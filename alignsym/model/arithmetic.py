"""Arithmetic on untrusted numbers: the one place where a power is built, and sizes are bounded.

SymPy evaluates number powers, exp(n*log(2)) and 2**x*2**(n - x) at once, so an exponent is bounded
before it is used, and what comes out is measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import sympy as sp

from alignsym.errors import LimitError, ModelError
from alignsym.model import limits
from alignsym.model.relations import Expr


def bits(number: sp.Rational) -> int:
    """Bits of the larger of numerator and denominator.

    >>> bits(sp.Rational(1, 8))
    4
    """
    return max(int(number.p).bit_length(), int(number.q).bit_length())


def power(base: Expr, exponent: Expr) -> Expr:
    """`base**exponent`, refused where evaluating it could be large.

    Raises: `LimitError`.

    >>> power(sp.Integer(10), sp.Integer(99)) == 10**99
    True
    """
    _refuse_exponent(exponent)
    if base.is_negative and not exponent.is_integer:
        raise _unreal()
    largest = max(map(bits, base.atoms(sp.Rational)), default=1) if not base.free_symbols else 1
    steepest = max((abs(n) for n in exponent.atoms(sp.Rational)), default=sp.S.One)
    if base.free_symbols:
        if not exponent.free_symbols and abs(_size(exponent)) > limits.POWER:
            raise _limit(f"a power beyond {limits.POWER} of something that is not a number")
    elif largest > 1 and largest * max(steepest, 1) > limits.NUMBER_BITS:
        raise _limit(f"a number of more than {limits.NUMBER_BITS} bits")
    elif not exponent.is_integer and largest > limits.RADICAND_BITS:
        raise _limit(f"a root of a number of more than {limits.RADICAND_BITS} bits")
    return sp.Pow(base, exponent)


def exponential(exponent: Expr) -> Expr:
    """`exp(exponent)`, with the bounds of a power."""
    _refuse_exponent(exponent)
    return sp.exp(exponent)


def bounded(expression: Expr) -> Expr:
    """The expression, after its leading numbers were measured (cheap; once per operation)."""
    terms: Iterable[Expr] = expression.args if expression.is_Add else (expression,)
    for term in terms:
        number = term.as_coeff_Mul()[0]
        if number.is_Rational and bits(number) > limits.NUMBER_BITS:
            raise _limit(f"a number of more than {limits.NUMBER_BITS} bits")
    numeric = not expression.is_Atom and not expression.free_symbols
    if numeric and _height(expression) > limits.NUMBER_DEPTH:
        raise _limit(f"numbers under more than {limits.NUMBER_DEPTH} nested roots and functions")
    return expression


def _height(number: Expr) -> int:
    """How deep roots and functions nest in a symbol-free expression."""
    below = max(map(_height, number.args), default=0)
    plain = number.is_Add or number.is_Mul or (number.is_Pow and number.exp.is_Integer)
    return below if plain or not number.args else below + 1


def rebuilt(expression: Expr) -> Expr:
    """The expression with all its sums and products evaluated.

    Abs and roots leave -(x**2 - x) and (5*sqrt(2))*y as they are inside; no text is read so, and
    an expression would differ from what its own text says.
    """
    if not expression.args or isinstance(expression, sp.logic.boolalg.Boolean):
        return expression
    args = [rebuilt(a) for a in expression.args]
    if isinstance(expression, (sp.Add, sp.Mul)):
        return expression.func(*args)
    if all(new is old for new, old in zip(args, expression.args)):
        return expression
    if isinstance(expression, (sp.Abs, sp.Piecewise)):  # evaluating would undo it, or cost much
        return expression.func(*args, evaluate=False)
    return expression.func(*args)


def remade(expression: Expr, args: Sequence[Expr]) -> Expr:
    """The same function of other arguments, Max, Min and sign as they are.

    They compare their arguments by assumptions, which takes seconds for long ones.
    """
    if isinstance(expression, (sp.Max, sp.Min, sp.sign)) and any(a.atoms(sp.Symbol) for a in args):
        return expression.func(*args, evaluate=False)
    return expression.func(*args)


def put_in(expression: Expr, table: Mapping[Expr, Expr]) -> Expr:
    """Replaces subexpressions at once, and remakes what they stand in.

    >>> x, y = sp.symbols("x y")
    >>> put_in(sp.Max(0, x) + x, {x: y**2})
    y**2 + Max(0, y**2)
    """
    if expression in table:
        return table[expression]
    if not expression.args:
        return expression
    args = [put_in(a, table) for a in expression.args]
    if all(new is old for new, old in zip(args, expression.args)):
        return expression
    return remade(expression, args)


def refuse_result(expression: Expr) -> None:
    """Refuse an expression that is not real, not defined, or too large inside."""
    if expression.has(sp.nan, sp.zoo, sp.oo, -sp.oo, sp.AccumBounds):
        raise ModelError("an undefined value", remedy="a division by zero or log(0)")
    if expression.has(sp.I):
        raise _unreal()
    for number in expression.atoms(sp.Rational):
        if bits(number) > limits.NUMBER_BITS:
            raise _limit(f"a number of more than {limits.NUMBER_BITS} bits")
    for node in expression.atoms(sp.Pow):
        if node.base.is_negative and not node.exp.is_integer:
            raise _unreal()
        steep = node.exp.is_Rational and abs(node.exp) > limits.POWER
        if steep and node.base.free_symbols:
            raise _limit(f"a power beyond {limits.POWER} of something that is not a number")
    _refuse_tower(expression)


def _refuse_exponent(exponent: Expr) -> None:
    if exponent.has(sp.nan, sp.zoo, sp.oo, -sp.oo, sp.I, sp.AccumBounds):
        raise ModelError("an exponent that is no real number")
    if not exponent.free_symbols and abs(_size(exponent)) > limits.NUMBER_EXPONENT:
        raise _limit(f"an exponent beyond {limits.NUMBER_EXPONENT}")
    for number in exponent.atoms(sp.Rational):
        if abs(number) > limits.NUMBER_EXPONENT:
            raise _limit(f"a number beyond {limits.NUMBER_EXPONENT} in an exponent")


def _size(number: Expr) -> Expr:
    """A symbol-free expression as a number good enough to compare."""
    return number if number.is_Rational else sp.re(number.evalf(5))


def _refuse_tower(expression: Expr) -> None:
    """Bound exponents within exponents; iterative, as SymPy trees may be deep."""
    todo = [(expression, 0)]
    while todo:
        node, height = todo.pop()
        if height > limits.TOWER:
            raise _limit(f"more than {limits.TOWER} exponents within exponents")
        if isinstance(node, (sp.Pow, sp.exp)):
            base, exponent = node.as_base_exp()
            todo.append((base, height))
            todo.append((exponent, height + (0 if exponent.is_Rational else 1)))
        else:
            todo.extend((a, height) for a in node.args)


def _unreal() -> ModelError:
    return ModelError("not a real number", remedy="a root or log of what is negative")


def _limit(what: str) -> LimitError:
    return LimitError(what, remedy="the limit on untrusted input")
