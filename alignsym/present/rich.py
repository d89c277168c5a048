"""What a notebook asks of an object, for every object in the same way.

A class says in blocks what it shows (`_blocks_`, or a clause of `present.shown.blocks`) and takes
the two functions here for its own: `_repr_html_ = html`, `_repr_latex_ = latex`.  Printers are
imported when a notebook asks.
"""

from __future__ import annotations


def html(thing: object) -> str:
    """Self-contained, well-formed HTML: no scripts, nothing to fetch."""
    from alignsym.present.shown import fragment

    return fragment(thing)


def latex(thing: object) -> str:
    """One formula between dollars, for what has no HTML."""
    from alignsym.present.shown import one_formula

    return one_formula(thing)
