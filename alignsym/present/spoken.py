"""Relations and expressions inside a sentence that was written as plain text.

Reasons and hypotheses are sentences; `x_a + x_b <= Q` in one of them is a formula like any other,
and every presenter is to print it as it prints formulas.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from alignsym.errors import ModelError
from alignsym.model.expressions import SymbolTable, parse_expression
from alignsym.model.functions import CONSTANTS, FUNCTIONS
from alignsym.model.relations import Expr
from alignsym.present.passages import Formula, Word

BEGIN = re.compile(r"(?<![\w.\])'-])(?=[A-Za-z_0-9(-])")
OPERATOR = re.compile(r" ?(\*\*|\*|/|\+|(?<= )-(?= )|<=|>=|==|!=|->|<|>|=) ?")
SIGN = re.compile(r" ?(<=|>=|==|!=|->|<|>|=) ?")
OPERAND = re.compile(r"-?(?:[A-Za-z_]\w*|\d+(?:\.\d+)?)?")
CUT = re.compile(r" ?[*/(\[^]")  # a formula that goes on, and was not understood
NEXT = re.compile(r"\w+|.", re.S)


def spoken(words: Iterable[Word]) -> tuple[Word, ...]:
    """The words, formulas in plain text as formulas.

    >>> spoken(["the optima where x + y**2 <= Q, edges included"])[0::2]
    ('the optima where ', ', edges included')
    >>> spoken(["a quasi-concave and/or linear one (Kuhn and Tucker 1951)"])
    ('a quasi-concave and/or linear one (Kuhn and Tucker 1951)',)
    """
    out: list[Word] = []
    for one in words:
        out += _found(one) if isinstance(one, str) else [one]
    return tuple(out)


def _found(text: str) -> Iterator[Word]:
    begin = at = 0
    if text.count("(") != text.count(")"):  # cut short: half a formula is none
        at = len(text)
    while at < len(text):
        start = BEGIN.search(text, at)
        if start is None:
            break
        end, strong = _run(text, start.start())
        whole = strong and not CUT.match(text, end)
        formula = _formula(text[start.start() : end]) if whole else None
        if formula is None:
            following = NEXT.match(text, start.start())
            at = following.end() if following else len(text)
            continue
        if start.start() > begin:
            yield text[begin : start.start()]
        yield formula
        begin = at = end
    if begin < len(text):
        yield text[begin:]


def _run(text: str, start: int) -> tuple[int, bool]:
    """Where the longest formula from `start` ends, and whether it has a sign that prose has not."""
    at, strong = _operand(text, start)
    if at == start:
        return start, False
    while True:
        token = OPERATOR.match(text, at)
        if token is None:
            return at, strong
        end, inside = _operand(text, token.end())
        if end == token.end():
            return at, strong
        strong = strong or inside or token[1] not in ("/", "-")
        at = end


def _operand(text: str, at: int) -> tuple[int, bool]:
    """Where a name, number, call or bracket that begins here ends."""
    first = OPERAND.match(text, at)
    end = first.end() if first else at
    if end >= len(text) or text[end] != "(":
        return (end if end > at and text[at:end] != "-" else at), False
    depth = 0
    for k in range(end, len(text)):
        depth += {"(": 1, ")": -1}.get(text[k], 0)
        if depth == 0:
            inside = text[end + 1 : k]
            return k + 1, bool(re.search(r"[*<>=+]", inside))
    return at, False


def _formula(text: str) -> Word | None:
    """The text as a formula; None where it is none."""
    parts = SIGN.split(text)
    out: list[Expr | str] = []
    for k, part in enumerate(parts):
        if k % 2:
            out.append("=" if part == "==" else part)
            continue
        read = _read(part)
        if read is None:
            return None
        out.append(read)
    return Formula(tuple(out)) if len(out) > 1 else out[0]


def _read(text: str) -> Expr | None:
    called = set(re.findall(r"([A-Za-z_]\w*)\(", text))
    names = set(re.findall(r"[A-Za-z_]\w*", text)) - called - set(CONSTANTS)
    if not called <= set(FUNCTIONS):
        return None
    try:
        table = SymbolTable.of(parameter=dict.fromkeys(sorted(names), "real"))
        return parse_expression(text, table, infinite=True)
    except ModelError:
        return None


__all__ = ["spoken"]
