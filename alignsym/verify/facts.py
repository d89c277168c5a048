"""Facts about all parameters of a region, as verdicts: zero there, true there."""

from __future__ import annotations

import sympy as sp

from alignsym.claims import Claim, Decided, Identity, Proved, Unknown, Unsatisfiable, Verdict
from alignsym.logic.decide import implies, is_positive_gap, vanishes
from alignsym.logic.powers import flattened_on
from alignsym.logic.signs import made_of_nonnegative, made_of_positive
from alignsym.model.relations import Expr, Region, Relation

_ZERO = sp.S.Zero
LENGTH = 160  # of what is quoted in a sentence


def zero(expression: Expr, region: Region) -> Verdict:
    """Whether the expression is zero on the region: the normal form, else z3."""
    if made_of_positive(expression):
        return Unknown("a sum or product of positive quantities is positive")
    if vanishes(expression, region):
        return Proved((Identity(expression, _ZERO),))
    if not _made_of_roots(expression):
        opened = flattened_on(expression, region)
        if opened != expression and vanishes(opened, region):
            return Proved((Identity(opened, _ZERO),))
    relation = Relation(expression, "==", _ZERO)
    if implies(region, relation).is_proof:
        return Proved((Unsatisfiable(region, (relation,)),))
    return Unknown(f"{short(expression)} = 0 is not shown")


def _made_of_roots(expression: Expr) -> bool:
    """Whether all is made of roots: the normal form has them flat already."""
    powers = expression.atoms(sp.Pow)
    return not expression.has(sp.log, sp.exp) and all(p.exp.is_Rational for p in powers)


def holds(relation: Relation, region: Region) -> Verdict:
    """Whether the relation is defined and true on the region."""
    if relation.is_equality:
        return zero(relation.gap, region)
    visible = relation.operator == ">=" and relation.right == 0
    if is_positive_gap(relation) or (visible and made_of_nonnegative(relation.left)):
        return Proved((Unsatisfiable(region, (relation,)),))
    if not relation.is_strict and relation.operator != "!=" and vanishes(relation.gap, region):
        return Proved((Identity(relation.left, relation.right),))
    answer = implies(region, relation)
    if answer.is_proof:
        return Proved((Unsatisfiable(region, (relation,)),))
    return Unknown(f"{short(relation)} is not shown")


def short(thing: object) -> str:
    """The text, or what it speaks of where it is too long for a sentence: half a formula says
    nothing."""
    text = str(thing)
    if len(text) <= LENGTH:
        return text
    names = sorted(map(str, getattr(thing, "free_symbols", ())))
    what = "relation" if isinstance(thing, Relation) else "expression"
    return f"a {what} of {len(text)} characters" + (f" in {', '.join(names)}" if names else "")


def hypothesis(statement: str, verdict: Verdict, region: Region) -> Decided:
    """A decided hypothesis of a theorem."""
    return Decided(Claim("hypothesis", None, "", statement, region), verdict)
