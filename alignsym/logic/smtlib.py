"""A question as an SMT-LIB 2 script, in which another solver can decide what z3 decided.

The script asserts exactly the formulas that z3 was given.  Logs, roots and symbolic powers in them
are real constants with the facts about them asserted, so that the logic is QF_NRA.
"""

from __future__ import annotations

from collections.abc import Iterable

import z3

from alignsym.logic.decide import formulas_of
from alignsym.logic.questions import Question

LOGIC = "QF_NRA"


def script(question: Question, comment: Iterable[str] = ()) -> str:
    """The script, `unsat` by z3, with lines of comment before it.

    >>> import sympy as sp
    >>> from alignsym.model.relations import Relation
    >>> q = sp.Symbol("q", positive=True)
    >>> print(script(Question((Relation(q, "<", sp.Integer(0)),)), ["q is positive"]))
    ; q is positive
    (set-logic QF_NRA)
    (set-info :status unsat)
    (declare-fun q!0 () Real)
    (assert
     (and (> (* (- 1.0) q!0) 0.0)))
    (assert
     (> q!0 0.0))
    (check-sat)
    <BLANKLINE>
    """
    solver = z3.Solver()
    solver.add(*formulas_of(question))
    lines = solver.to_smt2().splitlines()
    body = [x for x in lines if not x.startswith(("; benchmark", "(set-info", "(set-logic"))]
    head = [f"; {printable(line)}" for line in comment]
    head += [f"(set-logic {LOGIC})", "(set-info :status unsat)"]
    return "\n".join([*head, *body]) + "\n"


def printable(line: str) -> str:
    """The text as one line of comment."""
    return "".join(c if c.isprintable() and c.isascii() else " " for c in line)
