"""What to say about a name, call or construct that an expression may not hold."""

from __future__ import annotations

import ast

from alignsym.model.functions import FORMS, FUNCTIONS
from alignsym.model.limits import meant, quoted
from alignsym.model.syntax import TextError, Tree

_INSTEAD = {
    "ln": "write log", "e": "write E", "inf": "write oo", "max": "write Max", "min": "write Min",
    "abs": "write Abs", "sum": "write Sum(e, (k, a, b))", "prod": "write Product(e, (k, a, b))",
    "Pi": "write pi", "root": "write x**(1/n)",
}  # fmt: skip


def unknown_name(tree: Tree, node: ast.Name, names: list[str]) -> TextError:
    """A name that is not declared, with those that are."""
    shown = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    declared = f"declared: {shown or 'none'}"
    hint = meant(node.id, names) or _INSTEAD.get(node.id, "")
    return tree.error(
        node, f"unknown name {quoted(node.id)}", f"{declared}; {hint}" if hint else declared
    )


def unknown_function(tree: Tree, node: ast.Call, name: str) -> TextError:
    """A function that is not on the whitelist."""
    hint = _INSTEAD.get(name, "") or meant(name, [*FUNCTIONS, *FORMS])
    return tree.error(node, f"unknown function {quoted(name)}", hint)


def wrong_arity(tree: Tree, node: ast.Call, name: str, least: int, most: int) -> TextError:
    """A call with too few or too many arguments."""
    count = f"{least}"
    if least < most:
        count += " or more" if most > 9 else f" or {most}"
    plural = "" if count == "1" else "s"
    return tree.error(node, f"{name} takes {count} argument{plural}, not {len(node.args)}")


def illegal(tree: Tree, node: ast.expr) -> TextError:
    """Python that is no expression of the input syntax."""
    source = quoted(tree.source(node))
    if isinstance(node, ast.Attribute):
        return tree.error(node, f"{source}: a dot has no meaning in an expression")
    if isinstance(node, ast.Tuple):
        return tree.error(
            node,
            f"a tuple stands where a value belongs: {source}",
            "tuples belong in Piecewise, Sum and Product",
        )
    return tree.error(node, f"{source} has no meaning in an expression")
