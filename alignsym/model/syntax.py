"""Untrusted text -> a checked syntax tree.  Nothing is executed, and SymPy is not needed.

The text is refused before Python's parser sees it if it is too long, not ASCII or holds a character
no expression needs; the tree is then bounded in depth and nodes.  Numbers are read from the source
text, so 0.1 is exactly 1/10.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from fractions import Fraction

from alignsym.errors import LimitError, ModelError
from alignsym.model import limits
from alignsym.model.limits import at_most, quoted

_STRANGE = re.compile(r"[^A-Za-z0-9_+\-*/().,<>=!&|\[\] \t\r\n]")
_SINGLE_EQUALS = re.compile(r"(?<![<>=!])=(?!=)")
_GLUED = re.compile(r"(?<![\w.])(?:\d++\.?+\d*+|\.\d++)(?:[eE][+-]?\d+)?+[A-Za-z_]\w*")
_NUMBER = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_DIGITS = re.compile(r"\d+")


class TextError(ModelError):
    """A `ModelError` that knows the text it is about, and its line and column.

    >>> print(TextError("unknown name 'r'", where="agents[0].utility", text="x + r", offset=4))
    agents[0].utility: unknown name 'r', line 1, column 5
    """

    def __init__(
        self,
        what: str,
        *,
        where: str,
        text: str,
        remedy: str = "",
        offset: int = 0,
        place: str = "",
    ) -> None:
        self.text, self.offset = text, offset
        self.place = place or place_of(text, offset)
        super().__init__(what, where=where, remedy=remedy)

    def line(self) -> str:
        """The message as one line, with line and column at its end."""
        return f"{super().line()}, {self.place}"

    def within(self, source: str) -> TextError:
        """The error with its place in the file the text stands in, where that is unambiguous."""
        found = [source.find(quote + self.text + quote) for quote in ('"', "'")]
        start = max(found)
        if start < 0 or source.count(source[start : start + len(self.text) + 2]) > 1:
            place = f"column {self.offset + 1} of the text"
        else:
            place = place_of(source, start + 1 + self.offset)
        return _rebuild(self.what, self.where, self.remedy, self.text, self.offset, place)

    def __reduce__(self) -> tuple[object, ...]:
        return (
            _rebuild,
            (self.what, self.where, self.remedy, self.text, self.offset, self.place),
        )


def _rebuild(what: str, where: str, remedy: str, text: str, offset: int, place: str) -> TextError:
    return TextError(what, where=where, remedy=remedy, text=text, offset=offset, place=place)


@dataclass(frozen=True, slots=True)
class Tree:
    """A parsed text: the root of its syntax tree, and where in the model it stands."""

    text: str
    root: ast.expr
    where: str

    def source(self, node: ast.expr) -> str:
        """The text of a node."""
        return self.text[self._start(node) : self._margin() + (node.end_col_offset or 0)]

    def error(self, node: ast.AST, what: str, remedy: str = "") -> TextError:
        """An error at a node."""
        start = self._start(node) if isinstance(node, ast.expr) else 0
        return TextError(what, where=self.where, remedy=remedy, text=self.text, offset=start)

    def number(self, node: ast.expr) -> Fraction:
        """The exact value of a numeric literal, read from the source text.

        >>> t = tree("0.1", where="")
        >>> t.number(t.root)
        Fraction(1, 10)
        """
        literal = self.source(node)
        if not _NUMBER.fullmatch(literal):
            raise self.error(node, f"{quoted(literal)} is not a decimal number")
        mantissa, _, exponent = literal.lower().partition("e")
        at_most(
            sum(map(str.isdigit, mantissa)), limits.DIGITS, "digits in a number", where=self.where
        )
        if exponent and abs(int(exponent)) > limits.DECIMAL_EXPONENT:
            raise LimitError(
                f"decimal exponent of {quoted(literal)} beyond {limits.DECIMAL_EXPONENT}",
                where=self.where,
                remedy="the limit on untrusted input",
            )
        return Fraction(literal)

    def _margin(self) -> int:
        return len(self.text) - len(self.text.lstrip())

    def _start(self, node: ast.expr) -> int:
        return self._margin() + node.col_offset


def place_of(text: str, offset: int) -> str:
    """`line 1, column 7` of an offset in a text.

    >>> place_of("a +\\n b", 5)
    'line 2, column 2'
    """
    before = text[:offset]
    return f"line {before.count(chr(10)) + 1}, column {offset - (before.rfind(chr(10)) + 1) + 1}"


def tree(text: str, *, where: str) -> Tree:
    """The checked syntax tree of an expression or relation.

    Raises: `TextError` where the text is no expression, `LimitError` where it is too large.

    >>> tree("x + 1", where="").source(tree("x + 1", where="").root.left)
    'x'
    """
    _refuse_text(text, where)
    flat = re.sub(r"[\t\r\n]", " ", text).strip()  # the same length, so that columns stay true
    try:
        root = ast.parse(flat, mode="eval").body
    except SyntaxError as failure:
        start = len(text) - len(text.lstrip()) + (failure.offset or len(text) + 1) - 1
        raise TextError(
            f"not an expression: {quoted(text)}",
            where=where,
            text=text,
            offset=min(start, len(text)),
        ) from None
    except (RecursionError, MemoryError, ValueError):
        raise _too_deep(where) from None
    out = Tree(text, root, where)
    _refuse_size(out)
    return out


def spine(node: ast.expr, kinds: tuple[type[ast.operator], ...]) -> list[tuple[bool, ast.expr]]:
    """The operands of a chain such as a - b + c, each with whether its operator is the second kind.

    Chains lean left in the tree, so that a long sum is flattened without recursion.

    >>> [(s, n.id) for s, n in spine(tree("a - b + c", where="").root, (ast.Add, ast.Sub))]
    [(False, 'a'), (True, 'b'), (False, 'c')]
    """
    out = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, kinds):
        out.append((isinstance(node.op, kinds[1]), node.right))
        node = node.left
    return [(False, node), *reversed(out)]


SUM = (ast.Add, ast.Sub)
PRODUCT = (ast.Mult, ast.Div)


def _refuse_text(text: str, where: str) -> None:
    at_most(len(text), limits.TEXT_CHARACTERS, "characters in an expression", where=where)
    if not text.strip():
        raise ModelError("an empty text where an expression belongs", where=where)
    strange = _STRANGE.search(text)
    if strange:
        hint = {
            "^": "write ** for a power", ":": "", ";": "", "{": "use ( )", "}": "use ( )",
            "=": "write Eq(left, right)", "%": "",
        }.get(strange[0], "" if strange[0].isascii() else "write ASCII")  # fmt: skip
        raise TextError(
            f"character {quoted(strange[0])} has no meaning in an expression",
            where=where, remedy=hint, text=text, offset=strange.start(),
        )  # fmt: skip
    equals = _SINGLE_EQUALS.search(text)
    if equals:
        raise TextError(
            "'=' is no relation", where=where, remedy="write Eq(left, right)",
            text=text, offset=equals.start(),
        )  # fmt: skip
    for digits in _DIGITS.finditer(text):
        at_most(len(digits[0]), limits.DIGITS, "digits in a number", where=where)
    glued = _GLUED.search(text)
    if glued:
        number = _NUMBER.match(glued[0])
        rest = glued[0][number.end() :] if number else ""
        raise TextError(
            f"{quoted(glued[0])} is neither a number nor a name", where=where,
            remedy=f"write {number[0]}*{rest} for a product"
            if number and number[0] != "0" and rest[0] != "_" and len(rest) < 20
            else "",
            text=text, offset=glued.start(),
        )  # fmt: skip
    depth = deepest = 0
    for character in text:
        depth += (character in "([") - (character in ")]")
        deepest = max(deepest, depth)
    if deepest > limits.DEPTH:
        raise _too_deep(where)


def _refuse_size(parsed: Tree) -> None:
    """Bound nodes and depth; a chain of + - or of * / counts as one level."""
    nodes = 0
    todo: list[tuple[ast.expr, int]] = [(parsed.root, 1)]
    while todo:
        node, depth = todo.pop()
        nodes += 1
        at_most(nodes, limits.NODES, "nodes in an expression", where=parsed.where)
        if depth > limits.DEPTH:
            raise _too_deep(parsed.where)
        chain = _chain(node)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                level = chain is not None and _chain(child) == chain
                leans = isinstance(node, ast.BinOp) and child is node.left
                todo.append((child, depth if level and leans else depth + 1))


def _chain(node: ast.expr) -> tuple[type[ast.operator], ...] | None:
    if isinstance(node, ast.BinOp):
        return next((kinds for kinds in (SUM, PRODUCT) if isinstance(node.op, kinds)), None)
    return None


def _too_deep(where: str) -> LimitError:
    return LimitError(
        f"nested deeper than {limits.DEPTH} levels", where=where,
        remedy="the limit on untrusted input",
    )  # fmt: skip
