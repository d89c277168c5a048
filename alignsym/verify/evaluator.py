"""An evaluator of formulas that is not SymPy: text -> nested closures over numbers.

A formula is parsed by Python's `ast` and turned into closures, once for each of two arithmetics:

* *precise*: `Fraction` as long as every operation stays rational, else mpmath with 34 digits;
* *quick*: `float`, for screening; what it finds must be confirmed by the precise arithmetic.

Numbers are extended reals: log 0 = -oo.  Where a formula has no such value (log or root of a
negative, division by zero, oo - oo, 0*oo) `Undefined` is raised.  Nothing is executed, and nothing
is handed to SymPy, so that a defect of its algebra cannot hide itself here.
"""

from __future__ import annotations

import ast
import functools
import keyword
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.printing.str import StrPrinter

from alignsym.verify.arithmetic import PRECISE, QUICK, Arithmetic, Number, Undefined
from alignsym.verify.coefficients import Closure, Environment, NotEvaluable, coefficients
from alignsym.verify.enclosure import ENCLOSED


@dataclass(frozen=True, slots=True)
class Evaluator:
    """A compiled formula: `precise(env)` and `quick(env)`, where `env` maps names to numbers.

    >>> from fractions import Fraction
    >>> compile_text("a/3 + 1/6").precise({"a": Fraction(1, 2)})
    Fraction(1, 3)
    >>> compile_text("log(x)").quick({"x": 0.0})
    -inf
    """

    text: str
    precise: Closure
    quick: Closure

    def on(self, arithmetic: Arithmetic, env: Environment) -> Any:
        """The value in the arithmetic named."""
        if arithmetic is ENCLOSED:
            return self.enclosed(env)
        return self.quick(env) if arithmetic is QUICK else self.precise(env)

    def enclosed(self, env: Environment) -> Any:
        """The value as a rational or an interval that contains it (`enclosure`)."""
        return _enclosing(self.text)(env)


# Sorting the terms for the eye takes longer than everything else.
_UNORDERED = StrPrinter({"order": "none"})


@functools.lru_cache(maxsize=8192)
def compile_text(text: str) -> Evaluator:
    """The evaluator of a formula or relation in SymPy's string syntax.

    Raises: NotEvaluable for syntax or functions that are not known.
    """
    try:
        node = ast.parse(text.strip(), mode="eval").body
        return Evaluator(
            text, _guarded(_build(node, PRECISE), node, PRECISE), _guarded(None, node, QUICK)
        )
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise NotEvaluable(f"cannot read {text[:60]!r}: {type(error).__name__}") from error


@functools.lru_cache(maxsize=2048)
def _enclosing(text: str) -> Closure:
    node = ast.parse(text.strip(), mode="eval").body
    return _guarded(_build(node, ENCLOSED), node, ENCLOSED)


@functools.lru_cache(maxsize=8192)
def compiled(expression: sp.Basic) -> Evaluator:
    """The evaluator of a SymPy expression, by way of its text.

    >>> str(compiled(sp.Symbol("lambda")**2).precise({safe_name("lambda"): 3}))
    '9'
    """
    odd = {s: safe_name(s.name) for s in expression.free_symbols if isinstance(s, sp.Symbol)}
    table = {s: sp.Symbol(name, **s.assumptions0) for s, name in odd.items() if name != s.name}
    return compile_text(_UNORDERED.doprint(expression.xreplace(table) if table else expression))


@functools.lru_cache(maxsize=4096)
def safe_name(name: str) -> str:
    """The name itself if Python can read it, else one made of its code points.

    >>> safe_name("x_1"), safe_name("lambda")
    ('x_1', 'v_6c616d626461')
    """
    if name.isidentifier() and name.isascii() and not keyword.iskeyword(name):
        return name
    return "v_" + name.encode().hex()


def _guarded(run: Closure | None, node: ast.expr, on: Arithmetic) -> Closure:
    """The closure of the node, or what builds it when first needed: many are read once."""

    def guarded(env: Environment) -> Any:
        nonlocal run
        try:
            if run is None:
                run = _build(node, on)
            return run(env)
        except (ZeroDivisionError, ValueError) as error:
            raise Undefined(str(error)) from error
        except (RecursionError, TypeError, KeyError) as error:
            raise NotEvaluable(f"cannot evaluate: {error!r}") from error

    return guarded


# ------------------------------------------------------------------ ast -> closures
_RELATIONS = {"Eq": "==", "Ne": "!=", "Le": "<=", "Lt": "<", "Ge": ">=", "Gt": ">"}
_OPERATORS: dict[type, str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.LtE: "<=", ast.Lt: "<", ast.GtE: ">=", ast.Gt: ">",
}  # fmt: skip


def _build(node: ast.expr, on: Arithmetic) -> Closure:
    """The closure of one node."""
    match node:
        case ast.Constant(value=bool() as flag):
            return lambda env: flag
        case ast.Constant(value=int() | float()):
            value = node.value
            number = on.constant(str(value) if isinstance(value, int) else ast.unparse(node))
            return lambda env: number
        case ast.Name(id=name):
            return _name(name, on)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _build(operand, on)
            return lambda env: -inner(env)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _build(operand, on)
        case ast.UnaryOp(op=ast.Invert() | ast.Not(), operand=operand):
            inner = _build(operand, on)
            return lambda env: not inner(env)
        case ast.BinOp(op=ast.Add() | ast.Sub()):
            return _sum(node, on)
        case ast.BinOp(op=ast.Mult()) if on is QUICK:
            return _quick_product(node)
        case ast.BinOp(op=ast.Mult() | ast.Div() | ast.Pow() as kind, left=left, right=right):
            apply = {ast.Mult: on.times, ast.Div: on.over, ast.Pow: on.power}[type(kind)]
            a, b = _build(left, on), _build(right, on)
            return lambda env: apply(a(env), b(env))
        case ast.BinOp(op=ast.BitAnd() | ast.BitOr() as kind, left=left, right=right):
            return _junction([left, right], isinstance(kind, ast.BitAnd), on)
        case ast.BoolOp(op=junction, values=values):
            return _junction(values, isinstance(junction, ast.And), on)
        case ast.Compare(left=left, ops=ops, comparators=others):
            terms = [left, *others]
            parts = [
                _relation(_OPERATORS[type(op)], a, b, on)
                for op, a, b in zip(ops, terms[:-1], terms[1:])
                if type(op) in _OPERATORS
            ]
            if len(parts) == len(ops):
                return lambda env: all(part(env) for part in parts)
        case ast.Subscript(value=ast.Name(id=base), slice=index):
            at = _build(index, on)
            return lambda env: env[base][int(at(env))]
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            return _call(name, arguments, on)
    raise NotEvaluable(f"cannot evaluate {ast.unparse(node)[:60]!r}")


def _name(name: str, on: Arithmetic) -> Closure:
    """A declared name wins over a constant of the same name."""
    constant = on.constants.get(name)

    def look_up(env: Environment) -> Any:
        value = env.get(name)
        if value is not None:
            return value
        if constant is None:
            if name in ("I", "zoo", "nan"):
                raise Undefined(f"{name} is not a real number")
            raise NotEvaluable(f"no value for {name}")
        return constant

    return look_up


def _sum(node: ast.expr, on: Arithmetic) -> Closure:
    """A chain of + and -, flattened: long sums nest deeply to the left."""
    terms: list[tuple[bool, Closure]] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        terms.append((isinstance(node.op, ast.Sub), _build(node.right, on)))
        node = node.left
    first = _build(node, on)
    plus = on.plus
    terms.reverse()

    def quick(env: Environment) -> float:
        out: float = first(env)
        for negative, term in terms:
            if negative:
                out -= term(env)
            else:
                out += term(env)
        if out != out:  # oo - oo stays not a number, so that one look at the end is enough
            raise Undefined("oo - oo")
        return out

    def total(env: Environment) -> Any:
        out = first(env)
        for negative, term in terms:
            out = plus(out, -term(env) if negative else term(env))
        if out != out:
            raise Undefined("oo - oo")
        return out

    return quick if on is QUICK else total


def _quick_product(node: ast.expr) -> Closure:
    """A chain of products in floats; 0*oo stays not a number until the end."""
    factors: list[Closure] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        factors.append(_build(node.right, QUICK))
        node = node.left
    first = _build(node, QUICK)
    factors.reverse()

    def product(env: Environment) -> float:
        out: float = first(env)
        for factor in factors:
            out *= factor(env)
        if out != out:
            raise Undefined("0*oo")
        return out

    return product


def _junction(nodes: list[ast.expr], conjunction: bool, on: Arithmetic) -> Closure:
    parts = [_build(node, on) for node in nodes]
    if conjunction:
        return lambda env: all(part(env) for part in parts)
    return lambda env: any(part(env) for part in parts)


def _relation(operator: str, left: ast.expr, right: ast.expr, on: Arithmetic) -> Closure:
    a, b, compare = _build(left, on), _build(right, on), on.compare
    return lambda env: compare(operator, a(env), b(env))


def _call(name: str, arguments: list[ast.expr], on: Arithmetic) -> Closure:
    """A function of the whitelist, or one of the forms that bind a name or choose a branch."""
    if name in _RELATIONS and len(arguments) == 2:
        return _relation(_RELATIONS[name], arguments[0], arguments[1], on)
    if name in ("And", "Or"):
        return _junction(arguments, name == "And", on)
    if name == "Not" and len(arguments) == 1:
        inner = _build(arguments[0], on)
        return lambda env: not inner(env)
    if name == "Piecewise":
        return _piecewise(arguments, on)
    if name == "ITE" and len(arguments) == 3:
        test, yes, no = (_build(a, on) for a in arguments)
        return lambda env: yes(env) if test(env) else no(env)
    if name in ("Sum", "Product"):
        return _iterated(name == "Sum", arguments[0], arguments[1:], on)
    if name in ("Root", "CRootOf", "rootof", "ComplexRootOf"):
        return _root(arguments, on)
    function = on.functions.get(name)
    if function is None:
        raise NotEvaluable(f"unknown function {name!r}")
    parts = [_build(argument, on) for argument in arguments]
    if len(parts) == 1:
        only = parts[0]
        return lambda env: function(only(env))
    return lambda env: function(*[part(env) for part in parts])


def _piecewise(arguments: list[ast.expr], on: Arithmetic) -> Closure:
    branches = []
    for pair in arguments:
        if not (isinstance(pair, ast.Tuple) and len(pair.elts) == 2):
            raise NotEvaluable("a branch of Piecewise is a pair (value, condition)")
        branches.append((_build(pair.elts[0], on), _build(pair.elts[1], on)))

    def choose(env: Environment) -> Any:
        for value, condition in branches:
            if condition(env):
                return value(env)
        raise Undefined("no branch of the Piecewise applies")

    return choose


def _iterated(adding: bool, term: ast.expr, ranges: list[ast.expr], on: Arithmetic) -> Closure:
    """Sum or Product over (k, low, high); with several ranges the first is the innermost."""
    body = _build(term, on)
    for given in ranges:
        if not (isinstance(given, ast.Tuple) and isinstance(given.elts[0], ast.Name)):
            raise NotEvaluable("a range is a triple (name, low, high)")
        low, high = _build(given.elts[1], on), _build(given.elts[2], on)
        body = _iterated_once(adding, body, given.elts[0].id, low, high, on)
    return body


def _iterated_once(
    adding: bool, body: Closure, name: str, low: Closure, high: Closure, on: Arithmetic
) -> Closure:
    join, start = (on.plus, 0) if adding else (on.times, 1)

    def total(env: Environment) -> Any:
        out: Number = on.constant(str(start))
        first, last = int(low(env)), int(high(env))
        if last - first > 1000:
            raise NotEvaluable("a sum of more than 1000 terms")
        for k in range(first, last + 1):
            out = join(out, body({**env, name: on.constant(str(k))}))
        return out

    return total


def _root(arguments: list[ast.expr], on: Arithmetic) -> Closure:
    """Root(poly, x, k), or CRootOf(poly, k) in the only name: the k-th real root."""
    polynomial, index = arguments[0], _build(arguments[-1], on)
    names = sorted({n.id for n in ast.walk(polynomial) if isinstance(n, ast.Name)})
    if len(arguments) == 3 and isinstance(arguments[1], ast.Name):
        names = [arguments[1].id]
    if len(names) != 1:
        raise NotEvaluable("the variable of a root is not clear")
    rows = coefficients(polynomial, names[0], on, _build)
    return lambda env: on.real_root([c(env) for c in rows], int(index(env)))
