"""Untrusted text -> SymPy, by a whitelist over the syntax tree.  Nothing in a text is executed.

`syntax.tree` reads the text, `builder.Builder` makes SymPy objects of it; these are the questions
one asks.
"""

from __future__ import annotations

import ast

from alignsym.model.builder import Builder
from alignsym.model.domains import lost, natural_domain
from alignsym.model.functions import CONSTANTS
from alignsym.model.relations import Expr, Region, Relation
from alignsym.model.symbols import SymbolTable
from alignsym.model.syntax import tree


def parse_expression(
    text: str,
    table: SymbolTable,
    *,
    where: str = "",
    infinite: bool = False,
    outputs: bool = False,
) -> Expr:
    """The SymPy expression of a text over the table's symbols.

    Args: `where` the text stands in the model, for messages; `infinite`, whether the text as a
    whole may be oo or -oo; `outputs`, whether forms that only answers have (Root) are read.

    Raises: `ModelError` for an illegal text, its subclass `LimitError` for one that is too large.

    >>> table = SymbolTable.of(parameter={"E": "positive"}, action={"x": "nonnegative"})
    >>> parse_expression("0.1*x + E", table)
    E + x/10
    """
    builder = Builder(tree(text, where=where), table, outputs)
    return builder.finished(builder.tree.root, infinite)


def parse_relation(
    text: str, table: SymbolTable, *, where: str = "", outputs: bool = False
) -> Relation:
    """The relation of a text, kept as (left, operator, right) and never evaluated.

    Raises: as `parse_expression`.

    >>> str(parse_relation("Eq(x, 1)", SymbolTable.of(action={"x": "real"})))
    'Eq(x, 1)'
    """
    builder = Builder(tree(text, where=where), table, outputs)
    return builder.relation(builder.tree.root)


def parse_number(text: str, *, where: str = "", infinite: bool = False) -> Expr | None:
    """The number a text denotes without any symbol, None where it names one.

    >>> parse_number("-3/2"), parse_number("a/2")
    (-3/2, None)
    """
    parsed = tree(text, where=where)
    called = {id(n.func) for n in ast.walk(parsed.root) if isinstance(n, ast.Call)}
    for node in ast.walk(parsed.root):
        if isinstance(node, ast.Name) and id(node) not in called and node.id not in CONSTANTS:
            return None
    return parse_expression(text, SymbolTable(), where=where, infinite=infinite)


def natural_domain_of_text(
    text: str, table: SymbolTable, *, where: str = "", outputs: bool = False
) -> Region:
    """The relations that must hold for the text (an expression or a relation) to be real-valued.

    Read off the text, not off SymPy's simplification of it: arguments of logs are positive, of even
    and fractional roots nonnegative, denominators nonzero, and so on.  What follows from a
    symbol's own assumptions is left out.  Branches and conditions of a Piecewise are skipped: what
    they need holds only where they apply.  A relation about the terms of a Sum speaks of every
    value of its index.

    >>> table = SymbolTable.of(action={"x": "real", "y": "nonnegative"})
    >>> [str(r) for r in natural_domain_of_text("0*log(x) + sqrt(y) + y/y", table)]
    ['x > 0', 'Ne(y, 0)']
    """
    builder = Builder(tree(text, where=where), table, outputs)
    root = builder.tree.root
    if builder.is_relation(root):
        builder.relation(root)
    else:
        builder.finished(root, infinite=True)
    return tuple(dict.fromkeys(r for r in builder.needs if not _evident(r)))


def lost_domain(
    text: str, made: Expr | Relation, table: SymbolTable, *, where: str = "", outputs: bool = False
) -> Region:
    """What the text needs to be defined and the expression or relation made of it no longer shows.

    A relation about a bound index speaks of every member.

    >>> table = SymbolTable.of(parameter={"a": "real"})
    >>> [str(r) for r in lost_domain("a/a + 1/a", parse_expression("a/a + 1/a", table), table)]
    []
    >>> [str(r) for r in lost_domain("a**2/a", table.expression("a"), table)]
    ['Ne(a, 0)']
    """
    sides = (made.left, made.right) if isinstance(made, Relation) else (made,)
    kept = [r for side in sides for r in natural_domain(side)]
    needed = natural_domain_of_text(text, table, where=where, outputs=outputs)
    return tuple(r for r in needed if lost(r, kept))


def _evident(r: Relation) -> bool:
    """Whether the relation holds by the assumptions of its symbols."""
    gap = r.gap
    known = {
        ">=": gap.is_nonnegative, "<=": gap.is_nonnegative, ">": gap.is_positive,
        "<": gap.is_positive, "!=": gap.is_nonzero, "==": gap.is_zero,
    }  # fmt: skip
    return bool(known[r.operator])


__all__ = [
    "SymbolTable",
    "lost_domain",
    "natural_domain_of_text",
    "parse_expression",
    "parse_number",
    "parse_relation",
]
