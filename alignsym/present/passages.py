"""What presenters print: passages of words and formulas, formulas still objects.

A formula is a chain of expressions and signs, as `(dL/dx, "=", 1/x - p, "=", 0)`.  In sentences an
expression or relation stands among the words as itself; every presenter prints it in its own way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import sympy as sp

from alignsym.model.relations import Expr, Region, Relation
from alignsym.present.words import chains, in_words

SIGNS = ("<=", ">=", "<", ">", "=", "!=", "=>", "->", ":=")


@dataclass(frozen=True, slots=True)
class Formula:
    """Expressions with signs between them, in the order read."""

    parts: tuple[Expr | str, ...]


Word: TypeAlias = "str | Expr | Formula"


@dataclass(frozen=True, slots=True)
class Passage:
    """Words in order, with formulas among them, and the formulas displayed after them.

    `joins`: after a passage of the same kind only the displayed formulas are added to that one's.
    `opens`: a passage of its own, as a new problem or a new case is.
    """

    words: tuple[Word, ...]
    formulas: tuple[Formula, ...] = ()
    joins: bool = False
    opens: bool = False

    @property
    def sentence(self) -> str:
        """The words as plain text, formulas in the input's syntax."""
        return "".join(plain_word(w) for w in self.words)


def plain_word(word: Word) -> str:
    """A word or formula in the input's syntax.

    >>> x = sp.Symbol("x")
    >>> plain_word(Formula((x, "=", sp.Integer(2))))
    'x = 2'
    """
    if isinstance(word, str):
        return word
    if isinstance(word, Formula):
        said = " ".join(p.strip() if isinstance(p, str) else in_words(p) for p in word.parts)
        return said.replace(" , ", ", ")
    return in_words(word)


def equation(*parts: Expr | str) -> Formula:
    """The parts with `=` between them: `equation(a, b)` is a = b."""
    out: list[Expr | str] = []
    for part in parts:
        out += ["=", part] if out else [part]
    return Formula(tuple(out))


def formula_of(relation: Relation) -> Formula:
    """A relation as a formula."""
    sign = "=" if relation.is_equality else relation.operator
    return Formula((relation.left, sign, relation.right))


def formulas_of(region: Region) -> tuple[Formula, ...]:
    """A conjunction, two bounds of one expression as a chain."""
    return tuple(Formula(tuple(chain)) for chain in chains(region))


def listed(things: Iterable[Word], last: str = " and ") -> tuple[Word, ...]:
    """The things with commas between them, `and` before the last.

    >>> listed(["a", "b", "c"])
    ('a', ', ', 'b', ' and ', 'c')
    """
    return joined([(thing,) for thing in things], last)


def joined(phrases: Sequence[Sequence[Word]], last: str = " and ") -> tuple[Word, ...]:
    """Phrases of several words with commas between them, `and` before the last."""
    out: list[Word] = []
    for k, phrase in enumerate(phrases):
        if k:
            out.append(last if k == len(phrases) - 1 else ", ")
        out += phrase
    return tuple(out)


def named(name: str, *inside: str) -> sp.Symbol:
    """A symbol of the notation: named("L", "alpha") is the Lagrangian of alpha, L[alpha]."""
    return sp.Symbol(f"{name}[{', '.join(inside)}]")
