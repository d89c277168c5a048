"""The walk from a checked syntax tree to SymPy: declared symbols, exact numbers, known functions.

SymPy simplifies as it builds (`x/x` is 1), which can lose where a text is defined; so the builder
also records what must hold for the text to be real.
"""

from __future__ import annotations

import ast

import sympy as sp

from alignsym.errors import ModelError
from alignsym.model import hints, limits
from alignsym.model.arithmetic import bounded, exponential, power, rebuilt, refuse_result
from alignsym.model.domains import lost, shown_by_branch
from alignsym.model.functions import CONSTANTS, FORMS, FUNCTIONS
from alignsym.model.limits import at_most, quoted
from alignsym.model.relations import Expr, Operator, Relation
from alignsym.model.root_syntax import root
from alignsym.model.symbols import SymbolTable
from alignsym.model.syntax import PRODUCT, SUM, Tree, spine

_COMPARE: dict[type[ast.cmpop], Operator] = {
    ast.LtE: "<=", ast.GtE: ">=", ast.Lt: "<", ast.Gt: ">",
}  # fmt: skip
_SYMPY = {"<=": sp.Le, ">=": sp.Ge, "<": sp.Lt, ">": sp.Gt, "==": sp.Eq, "!=": sp.Ne}
_FAILURES = (
    ArithmeticError, AttributeError, MemoryError, NotImplementedError, RecursionError, TypeError,
    ValueError,
)  # fmt: skip


class Builder:
    """Walks one tree; `needs` collects what must hold for the text to be real."""

    def __init__(self, parsed: Tree, table: SymbolTable, outputs: bool = False) -> None:
        self.tree, self.table, self.outputs = parsed, table, outputs
        self.bound: dict[str, sp.Symbol] = {}
        self.enclosing: list[str] = []  # names of all indices around, shadowed ones too
        self.needs: list[Relation] = []
        self.inside: list[Relation] | None = None  # what the branch being read needs
        self.choices = 0

    def finished(self, node: ast.expr, infinite: bool = False) -> Expr:
        """The expression of a node, with the last checks made on it."""
        if infinite and "oo" not in self.table:
            match node:
                case ast.Name(id="oo"):
                    return sp.oo
                case ast.UnaryOp(op=ast.USub(), operand=ast.Name(id="oo")):
                    return -sp.oo
        out = self.value(node)
        try:
            out = rebuilt(out)
            refuse_result(out)
        except ModelError as failure:
            raise type(failure)(
                failure.what, where=self.tree.where, remedy=failure.remedy
            ) from None
        return out

    # Values

    def value(self, node: ast.expr) -> Expr:
        """The expression of a node; what SymPy cannot build is an error of the text."""
        try:
            return bounded(self._value(node))
        except ModelError as failure:
            if failure.where == self.tree.where:
                raise
            raise type(failure)(
                failure.what, where=self.tree.where, remedy=failure.remedy
            ) from None
        except _FAILURES:
            raise self.tree.error(
                node, f"{quoted(self.tree.source(node))} has no real value"
            ) from None

    def _value(self, node: ast.expr) -> Expr:
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name():
                return self._name(node)
            case ast.UnaryOp(op=ast.USub()) | ast.BinOp(op=ast.Mult() | ast.Div()):
                return sp.Mul(*self._factors(node))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.value(operand)
            case ast.BinOp(op=ast.Add() | ast.Sub()):
                terms = [(minus, self.value(n)) for minus, n in spine(node, SUM)]
                return sp.Add(*(-v if minus else v for minus, v in terms))
            case ast.BinOp(op=ast.Pow(), left=base, right=exponent):
                return self._power(self.value(base), self.value(exponent))
            case ast.Call():
                return self._call(node)
            case ast.Subscript():
                return self._subscript(node)
        if self.is_relation(node) or isinstance(node, ast.BoolOp | ast.Compare):
            raise self.tree.error(node, "a relation stands where a value belongs")
        raise hints.illegal(self.tree, node)

    def _constant(self, node: ast.Constant) -> Expr:
        if isinstance(node.value, bool) or not isinstance(node.value, int | float | complex):
            raise self.tree.error(
                node, f"{quoted(self.tree.source(node))} stands where a value belongs"
            )
        number = self.tree.number(node)
        return sp.Rational(number.numerator, number.denominator)

    def _name(self, node: ast.Name) -> Expr:
        if node.id in self.bound:
            return self.bound[node.id]
        if node.id in self.table:
            symbol = self.table[node.id].symbol
            if isinstance(symbol, sp.IndexedBase):
                raise self.tree.error(
                    node, f"{node.id!r} is a family and needs an index", f"write {node.id}[i]"
                )
            return symbol
        if node.id == "oo":
            raise self.tree.error(node, "oo stands inside an expression", "it may only be an end")
        if node.id in CONSTANTS:
            return CONSTANTS[node.id]
        if node.id in FUNCTIONS or node.id in FORMS:
            raise self.tree.error(
                node,
                f"function {node.id!r} needs arguments",
                f"declare {node.id!r} to use it as a name",
            )
        raise hints.unknown_name(self.tree, node, [*self.table.names, *self.bound])

    def _factors(self, node: ast.expr, inverse: bool = False, nonzero: bool = False) -> list[Expr]:
        """The factors of a product, those of denominators inverted one by one.

        One flat product keeps what is written: SymPy would turn the 2*(4 - t) of 1/(2*(4 - t)) into
        8 - 2*t and -(a + b)/c into (-a - b)/c, and what is printed would not be read back equal.
        In x/(y/t) neither y nor t may be zero, so `nonzero` is handed down.
        """
        match node:
            case ast.BinOp(op=ast.Mult() | ast.Div()):
                out = []
                for divided, operand in spine(node, PRODUCT):
                    out += self._factors(operand, inverse != divided, nonzero or divided)
                return out
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return [sp.S.NegativeOne, *self._factors(operand, inverse, nonzero)]
        value = self.value(node)
        if nonzero:
            if value.is_number and value.is_zero:
                raise self.tree.error(node, "a division by zero")
            self._need(Relation(value, "!=", sp.S.Zero))
        return [power(value, sp.S.NegativeOne) if inverse else value]

    def _power(self, base: Expr, exponent: Expr) -> Expr:
        if base.is_number and exponent.is_negative and base.is_zero:
            raise ModelError("a division by zero")
        if not exponent.is_integer:
            low = exponent.is_positive
            self._need(Relation(base, ">=" if low else ">", sp.S.Zero))
        elif not exponent.is_nonnegative:
            self._need(Relation(base, "!=", sp.S.Zero))
        return power(base, exponent)

    def _need(self, *relations: Relation) -> None:
        (self.needs if self.inside is None else self.inside).extend(relations)

    # Functions

    def _call(self, node: ast.Call) -> Expr:
        if not isinstance(node.func, ast.Name):
            raise hints.illegal(self.tree, node.func)
        name = node.func.id
        if name in self.table or name in self.bound:
            raise self.tree.error(
                node, f"{quoted(name)} is a declared name, not a function",
                f"write {name}*(...) for a product" if len(name) < 20 else "",
            )  # fmt: skip
        if name == "Piecewise":
            return self._piecewise(node)
        if name in ("Sum", "Product"):
            return self._over_index(node, name)
        if name in ("Eq", "Ne"):
            raise self.tree.error(node, "a relation stands where a value belongs")
        if name == "Root":
            return root(self, node)
        if name not in FUNCTIONS:
            raise hints.unknown_function(self.tree, node, name)
        least, most = FUNCTIONS[name].arity
        if not least <= len(node.args) <= most:
            raise hints.wrong_arity(self.tree, node, name, least, most)
        arguments = [self.value(n) for n in node.args]
        return self._apply(node, name, arguments)

    def _apply(self, node: ast.Call, name: str, arguments: list[Expr]) -> Expr:
        function = FUNCTIONS[name]
        if name == "exp":
            return exponential(arguments[0])
        if name in ("sqrt", "cbrt"):
            self._need(*function.domain(*arguments))
            return power(arguments[0], sp.Rational(1, 2 if name == "sqrt" else 3))
        if name == "Rational" and not (
            all(a.is_Integer for a in arguments) and arguments[1].is_nonzero
        ):
            raise self.tree.error(node, "Rational takes two whole numbers, the second not zero")
        if name == "LambertW" and len(arguments) == 2 and arguments[1] not in (0, -1):
            raise self.tree.error(node, "the real branches of LambertW are 0 and -1")
        if name in ("Max", "Min"):
            self.choices += len(arguments)
            at_most(self.choices, limits.CHOICES, "arguments of Max and Min", where=self.tree.where)
        self._need(*function.domain(*arguments))
        return function.build(*arguments)

    def _subscript(self, node: ast.Subscript) -> Expr:
        name = node.value.id if isinstance(node.value, ast.Name) else ""
        family = self.table[name].symbol if name in self.table else None
        if not isinstance(family, sp.IndexedBase):
            raise self.tree.error(
                node, f"{quoted(self.tree.source(node.value))} is not an indexed family",
                "declare it as \"x[i]\"",
            )  # fmt: skip
        if isinstance(node.slice, ast.Tuple | ast.Slice):
            raise self.tree.error(node, "a family has one index")
        index = self.value(node.slice)
        if not index.is_integer:
            raise self.tree.error(
                node.slice, f"{quoted(self.tree.source(node.slice))} is not an index"
            )
        return family[index]

    def _over_index(self, node: ast.Call, name: str) -> Expr:
        match node.args:
            case [body, ast.Tuple(elts=[ast.Name() as index, low, high])]:
                pass
            case _:
                raise self.tree.error(
                    node, f"{name} takes an expression and a tuple (k, low, high)"
                )
        declared = self.table[index.id].role if index.id in self.table else "index"
        if declared != "index":
            raise self.tree.error(
                index, f"index {index.id!r} is also {declared} {index.id!r}", "rename one"
            )
        ends = self.value(low), self.value(high)
        if not all(end.is_integer for end in ends):
            raise self.tree.error(node, f"the ends of a {name} are not whole numbers")
        if all(end.is_Integer for end in ends):
            at_most(
                int(ends[1] - ends[0]) + 1,
                limits.RANGE,
                f"terms of a {name}",
                where=self.tree.where,
            )
        symbol = self._index(index.id, ends[0])
        outer, self.bound = self.bound, {**self.bound, index.id: symbol}
        self.enclosing.append(symbol.name)
        at_most(len(self.enclosing), limits.INDICES, "sums within sums", where=self.tree.where)
        term = self.value(body)
        self.enclosing.pop()
        self.bound = outer
        out = (sp.Sum if name == "Sum" else sp.Product)(term, (symbol, *ends))
        if not out.free_symbols:  # SymPy would evaluate it term by term at any comparison
            raise self.tree.error(node, f"a {name} of numbers only", "write its value")
        return out

    def _index(self, name: str, low: Expr) -> sp.Symbol:
        """A bound symbol, renamed where the name is free outside: no substitution may reach it."""
        taken = {*self.table.names, *self.enclosing}
        while name in taken:
            name = next((c for c in "jklmrst" if c not in taken), name + "_")
        sign = {"positive": True} if low.is_positive else {}
        return sp.Symbol(name, integer=True, **sign)

    def _piecewise(self, node: ast.Call) -> Expr:
        if not node.args:
            raise self.tree.error(node, "Piecewise takes pairs (value, condition)")
        pairs = []
        outside = self.inside  # the branches below answer for themselves
        for position, pair in enumerate(node.args, start=1):
            if not (isinstance(pair, ast.Tuple) and len(pair.elts) == 2):
                raise self.tree.error(pair, "Piecewise takes pairs (value, condition)")
            value, condition = pair.elts
            last = isinstance(condition, ast.Constant) and condition.value is True
            if last != (position == len(node.args)):
                raise self.tree.error(
                    pair, "the last pair of a Piecewise, and no other, ends in True"
                )
            self.inside = []
            pairs.append((self.value(value), sp.true if last else self._condition(condition)))
            if any(lost(r, shown_by_branch(*pairs[-1])) for r in self.inside):
                remedy = "write the branch without it, and its domain as a constraint"
                raise self.tree.error(pair, "a part with a domain cancels in a branch", remedy)
        self.inside = outside
        return sp.Piecewise(*pairs, evaluate=False)

    # Relations

    def is_relation(self, node: ast.expr) -> bool:
        """Whether the node is one relation: a comparison, Eq(...) or Ne(...)."""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return node.func.id in ("Eq", "Ne") and node.func.id not in self.table
        return isinstance(node, ast.Compare)

    def relation(self, node: ast.expr) -> Relation:
        """The relation of a node."""
        match node:
            case ast.Compare(ops=[_, _, *_]):
                raise self.tree.error(
                    node, "a chain of comparisons", "write one relation each: a < b and b < c apart"
                )
            case ast.Compare(ops=[op], left=left, comparators=[right]) if type(op) in _COMPARE:
                return Relation(self.finished(left), _COMPARE[type(op)], self.finished(right))
            case ast.Compare(ops=[ast.Eq()]):
                raise self.tree.error(node, "'==' is no relation", "write Eq(left, right)")
            case ast.Compare(ops=[ast.NotEq()]):
                raise self.tree.error(node, "'!=' is no relation", "write Ne(left, right)")
            case ast.Call(func=ast.Name(id=name), args=arguments) if self.is_relation(node):
                if len(arguments) != 2:
                    raise self.tree.error(node, f"{name} takes 2 arguments, not {len(arguments)}")
                left, right = map(self.finished, arguments)
                return Relation(left, "==" if name == "Eq" else "!=", right)
        if isinstance(node, ast.BoolOp | ast.BinOp) and not self._is_value(node):
            raise self.tree.error(node, "several relations in one", "write one relation each")
        if not isinstance(node, ast.Constant):
            self.value(node)  # an error inside is the better message
        raise self.tree.error(
            node, "a value stands where a relation belongs", "use <=, >=, <, > or Eq(left, right)"
        )

    @staticmethod
    def _is_value(node: ast.expr) -> bool:
        return isinstance(node, ast.BinOp) and not isinstance(node.op, ast.BitAnd | ast.BitOr)

    def _condition(self, node: ast.expr) -> sp.Basic:
        """A condition of a Piecewise: relations joined by and, or, &, |."""
        match node:
            case ast.BoolOp(op=op, values=values):
                parts = [self._condition(v) for v in values]
                return sp.And(*parts) if isinstance(op, ast.And) else sp.Or(*parts)
            case ast.BinOp(op=ast.BitAnd(), left=left, right=right):
                return sp.And(self._condition(left), self._condition(right))
            case ast.BinOp(op=ast.BitOr(), left=left, right=right):
                return sp.Or(self._condition(left), self._condition(right))
        found = self.relation(node)
        if found.left.has(sp.Piecewise) or found.right.has(sp.Piecewise):
            raise self.tree.error(node, "a Piecewise inside a condition", "write its cases apart")
        return _SYMPY[found.operator](found.left, found.right)
