"""A condition said of every member, as one relation without a free index.

    e_i > 0 for every i    iff    Product(Max(0, e_j)) > 0
    e_i >= 0 for every i   iff    Sum(Max(0, -e_j)) <= 0

People read `a[i] < 1 for every i`; a program evaluates what has no free index.
"""

from __future__ import annotations

import sympy as sp

from alignsym.model.agents import Family
from alignsym.model.arithmetic import put_in
from alignsym.model.relations import Relation

_ZERO = sp.S.Zero
LETTERS = "jkmrst"


def of_everyone(r: Relation, families: tuple[Family, ...]) -> Relation:
    """The relation without the free indices of families.

    >>> i, n = sp.symbols("i n", positive=True, integer=True)
    >>> a = sp.IndexedBase("a", positive=True)
    >>> print(of_everyone(Relation(a[i], "<", sp.S.One), (Family(i, n),)))
    Product(Max(0, 1 - a[j]), (j, 1, n)) > 0
    >>> print(of_everyone(Relation(a[i], ">=", sp.S.One), (Family(i, n),)))
    Sum(Max(0, 1 - a[j]), (j, 1, n)) <= 0
    """
    for family in families:
        if family.index in r.free_symbols:
            r = _once(r, family)
    return r


def _once(r: Relation, family: Family) -> Relation:
    taken = {str(s) for e in (r.left, r.right) for s in e.atoms(sp.Symbol)}
    taken |= {str(a.base) for e in (r.left, r.right) for a in e.atoms(sp.Indexed)}
    letter = next((c for c in LETTERS if c not in taken), "j_")
    index = sp.Symbol(letter, positive=True, integer=True)
    gap = put_in(r.gap, {family.index: index})
    limits = (index, 1, family.size)
    if r.operator == "==":
        return Relation(sp.Sum(sp.Abs(gap, evaluate=False), limits), "==", _ZERO)
    if r.operator == "!=":
        return Relation(sp.Product(gap, limits), "!=", _ZERO)
    if r.is_strict:
        return Relation(sp.Product(sp.Max(0, gap, evaluate=False), limits), ">", _ZERO)
    return Relation(sp.Sum(sp.Max(0, -gap, evaluate=False), limits), "<=", _ZERO)
