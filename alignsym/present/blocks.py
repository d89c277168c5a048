"""Blocks of a text: paragraphs, displayed formulas, tables; every presenter prints them alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from alignsym.present.passages import Formula, Word


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph; `title` in bold before it."""

    words: tuple[Word, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Display:
    """Formulas below each other, aligned at their first sign."""

    rows: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A head, which may be empty, and rows of cells; a cell is words and formulas in order."""

    head: tuple[tuple[Word, ...], ...]
    rows: tuple[tuple[tuple[Word, ...], ...], ...]


Block: TypeAlias = Prose | Display | Table
