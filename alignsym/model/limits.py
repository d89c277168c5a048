"""What untrusted input may at most be, and how it is quoted back.  Imports nothing heavy.

Every limit admits what people write (10**99, eighty-term sums, symbolic exponents) and stops what
would make exact arithmetic run without end (9**9**9, 1e400000, powers of sums to the millionth).
"""

from __future__ import annotations

from collections.abc import Iterable

from alignsym.errors import LimitError

FILE_BYTES = 256_000
DOTS_IN_A_LINE = 200  # outside strings: a key of n dotted parts costs TOML readers n**2
ENTRIES = 200  # agents, parameters, constraints, conditions, regimes, ... of one table or list
NAME_CHARACTERS = 60

TEXT_CHARACTERS = 10_000  # one expression
DEPTH = 100
NODES = 2_000
DIGITS = 60  # of one literal
DECIMAL_EXPONENT = 60  # of one literal
NUMBER_BITS = 4_096  # of any exact number that arises
RADICAND_BITS = 1_024  # of a number under a root, which SymPy tries to factor
NUMBER_EXPONENT = 1_000  # number**number, and any number inside an exponent
POWER = 64  # |exponent| of something that is not a number: (1 + x)**64
TOWER = 3  # exponents within exponents
CHOICES = 16  # arguments of all Max and Min of an expression, which SymPy compares pairwise
RANGE = 100  # terms of a Sum or Product with numeric ends
INDICES = 6  # sums within sums
NUMBER_DEPTH = 8  # roots and functions of numbers, nested: evaluated in 2**depth steps

QUOTED = 60


def quoted(data: object) -> str:
    """The data as one short line for a message.

    >>> quoted("a" * 100) == "'" + "a" * 54 + "...'"
    True
    >>> quoted({"a": 1})
    'a table'
    """
    if isinstance(data, dict):
        return "a table"
    if isinstance(data, list):
        return "a list"
    if isinstance(data, bool):
        return str(data).lower()
    if isinstance(data, int) and abs(data) >= 10**20:
        return "a large number"
    if not isinstance(data, str):
        return str(data)[:QUOTED]
    shown = ascii(data)
    if len(shown) > QUOTED:
        shown = shown[: QUOTED - 5].rstrip("\\") + "..." + shown[0]
    return shown


def meant(word: str, known: Iterable[str]) -> str:
    """`did you mean log?`, or nothing when no known name is close.

    >>> meant("utilty", ["utility", "loss"])
    'did you mean utility?'
    """
    from difflib import get_close_matches  # only a message needs it

    spelled = {name.lower(): name for name in known}
    close = get_close_matches(word[:QUOTED].lower(), spelled, n=1)
    return f"did you mean {spelled[close[0]]}?" if close else ""


def at_most(count: int, limit: int, noun: str, *, where: str) -> None:
    """Refuse what exceeds a limit, naming the limit."""
    if count > limit:
        raise LimitError(
            f"more than {limit} {noun}", where=where, remedy="the limit on untrusted input"
        )


__all__ = [
    "CHOICES", "DECIMAL_EXPONENT", "DEPTH", "DIGITS", "DOTS_IN_A_LINE", "ENTRIES", "FILE_BYTES",
    "INDICES", "NAME_CHARACTERS", "NODES", "NUMBER_BITS", "NUMBER_DEPTH", "NUMBER_EXPONENT",
    "POWER", "QUOTED", "RADICAND_BITS", "RANGE", "TEXT_CHARACTERS", "TOWER", "at_most", "meant",
    "quoted",
]  # fmt: skip
