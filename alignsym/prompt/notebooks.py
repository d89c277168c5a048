"""What a notebook shows of the nouns, every class of them; other classes say it themselves."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from alignsym import claims, derivation, solution, steps
from alignsym.model import agents, game, relations
from alignsym.present.rich import html, latex

NOUNS = (agents, claims, derivation, game, relations, solution, steps)


def classes(module: ModuleType) -> Iterator[type]:
    """The classes a module defines."""
    for thing in vars(module).values():
        if isinstance(thing, type) and thing.__module__ == module.__name__:
            yield thing


ATTACHED: tuple[tuple[type, str, object], ...] = tuple(
    (owner, name, function)
    for module in NOUNS
    for owner in classes(module)
    for name, function in (("_repr_html_", html), ("_repr_latex_", latex))
)
