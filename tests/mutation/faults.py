"""Small faults planted in a module, one at a time: what a slip of the pen would change.

Standard operators of mutation testing (DeMillo, Lipton, Sayward 1978) over the syntax tree:
comparisons, the relations of mathematics written as strings, `and`/`or`, arithmetic, constants,
conditions negated or decided, returned values, statements left out.  Annotations, docstrings,
messages of errors and decorators are no part of what is proved and stay.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
RELATIONS = {
    "<": "<=",
    "<=": "<",
    ">": ">=",
    ">=": ">",
    "==": "!=",
    "!=": "==",
    "positive": "nonnegative",
    "nonnegative": "positive",
    "nonzero": "positive",
}


Step = tuple[str, int | None]
Change = Callable[[ast.AST], ast.AST]


@dataclass(frozen=True)
class Fault:
    """One change: where, of which kind, what it was and what it became."""

    function: str
    line: int
    kind: str
    before: str
    after: str
    path: tuple[Step, ...]
    change: Change

    def planted(self, source: str) -> ast.Module:
        """The syntax tree of the module with the fault."""
        tree = ast.parse(source)
        holder, field, index = _reached(tree, self.path)
        old = getattr(holder, field)
        if index is None:
            setattr(holder, field, self.change(old))
        else:
            old[index] = self.change(old[index])
        return ast.fix_missing_locations(tree)


def faults(source: str) -> Iterator[Fault]:
    """Every fault of the operators above, in the order of the text."""
    for path, node, function in _places(ast.parse(source), (), "<module>"):
        for kind, change in _changes(node):
            line = getattr(node, "lineno", 0)
            yield Fault(function, line, kind, _said(node), _said(change(node)), path, change)


def _places(
    node: ast.AST, path: tuple[Step, ...], function: str
) -> Iterator[tuple[tuple[Step, ...], ast.AST, str]]:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        function = node.name if function == "<module>" else f"{function}.{node.name}"
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "type_comment", "ctx", "bases"):
            continue
        if isinstance(node, ast.arguments) and field != "defaults" and field != "kw_defaults":
            continue
        if isinstance(value, list):
            for index, child in enumerate(value):
                if isinstance(child, ast.AST) and not _is_left(node, child):
                    here = (*path, (field, index))
                    yield here, child, function
                    yield from _places(child, here, function)
        elif isinstance(value, ast.AST) and not _is_left(node, value):
            here = (*path, (field, None))
            yield here, value, function
            yield from _places(value, here, function)


def _is_left(parent: ast.AST, node: ast.AST) -> bool:
    """What is no part of the argument: imports, docstrings, messages of errors."""
    if isinstance(node, (ast.Import, ast.ImportFrom, ast.JoinedStr)):
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    return isinstance(parent, ast.Raise)


def _reached(tree: ast.AST, path: tuple[Step, ...]) -> tuple[ast.AST, str, int | None]:
    node = tree
    for field, index in path[:-1]:
        node = getattr(node, field)
        node = node if index is None else node[index]  # type: ignore[index]
    return node, *path[-1]


def _changes(node: ast.AST) -> Iterator[tuple[str, Change]]:
    if isinstance(node, ast.Compare):
        for index, operator in enumerate(node.ops):
            if type(operator) in COMPARISONS:
                yield "comparison", _compared(index)
    elif isinstance(node, ast.BoolOp):
        yield "boolean", _joined
    elif isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        yield "arithmetic", _computed
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Not)):
        yield "sign or negation dropped", lambda n: n.operand  # type: ignore[attr-defined]
    elif isinstance(node, ast.Constant):
        yield from _constants(node)
    elif isinstance(node, (ast.If, ast.IfExp, ast.While)):
        yield "condition negated", _negated
        yield "condition never true", _decided(False)
        if not isinstance(node, ast.While):
            yield "condition always true", _decided(True)
    elif isinstance(node, ast.comprehension) and node.ifs:
        yield "filter dropped", _unfiltered
    elif isinstance(node, ast.Return) and node.value is not None:
        if not (isinstance(node.value, ast.Constant) and node.value.value is None):
            yield "return", lambda n: ast.copy_location(ast.Return(ast.Constant(None)), n)
    elif isinstance(node, (ast.Expr, ast.AugAssign, ast.Continue, ast.Break, ast.Raise)):
        yield "statement left out", lambda n: ast.copy_location(ast.Pass(), n)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        if node.func.id in ("all", "any"):
            yield "all and any", _quantified
        elif node.func.id in ("min", "max"):
            yield "min and max", _quantified


def _constants(node: ast.Constant) -> Iterator[tuple[str, Change]]:
    value = node.value
    if isinstance(value, bool):
        yield "constant", lambda n: ast.copy_location(ast.Constant(not value), n)
    elif isinstance(value, int):
        yield "constant", lambda n: ast.copy_location(ast.Constant(value + 1), n)
    elif isinstance(value, str) and value in RELATIONS:
        yield "relation", lambda n: ast.copy_location(ast.Constant(RELATIONS[value]), n)


def _compared(index: int) -> Change:
    def change(node: ast.AST) -> ast.AST:
        assert isinstance(node, ast.Compare)
        node = copy.deepcopy(node)
        node.ops[index] = COMPARISONS[type(node.ops[index])]()
        return node

    return change


def _joined(node: ast.AST) -> ast.AST:
    assert isinstance(node, ast.BoolOp)
    other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    return ast.copy_location(ast.BoolOp(other, node.values), node)


def _computed(node: ast.AST) -> ast.AST:
    assert isinstance(node, ast.BinOp)
    return ast.copy_location(ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right), node)


def _negated(node: ast.AST) -> ast.AST:
    node = copy.copy(node)
    node.test = ast.UnaryOp(ast.Not(), node.test)  # type: ignore[attr-defined]
    return node


def _decided(value: bool) -> Change:
    def change(node: ast.AST) -> ast.AST:
        node = copy.copy(node)
        node.test = ast.Constant(value)  # type: ignore[attr-defined]
        return node

    return change


def _unfiltered(node: ast.AST) -> ast.AST:
    node = copy.copy(node)
    node.ifs = []  # type: ignore[attr-defined]
    return node


def _quantified(node: ast.AST) -> ast.AST:
    assert isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    other = {"all": "any", "any": "all", "min": "max", "max": "min"}[node.func.id]
    name = ast.copy_location(ast.Name(other, ast.Load()), node.func)
    return ast.copy_location(ast.Call(name, node.args, node.keywords), node)


def _said(node: ast.AST) -> str:
    """The code in one short line."""
    if isinstance(node, ast.comprehension):
        return "".join(f" if {ast.unparse(i)}" for i in node.ifs).strip() or "no filter"
    if isinstance(node, (ast.If, ast.While)):
        return f"{type(node).__name__.lower()} {ast.unparse(node.test)}"
    return " ".join(ast.unparse(node).split())
