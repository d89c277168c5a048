"""Relations translated once, of which any may be assumed together: which of them cannot be?

    R_1, ..., R_n;   is there a point where all R_i, i in I, hold?   for many I

Asking for one set after another leaves out what makes a question dear: the formulas are made once,
and z3 keeps what it learnt.  `unsat` proves, as in `decide`; facts about logs and powers are not
brought in.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import z3

from alignsym.logic.decide import Answer, nlsat
from alignsym.logic.generators import NotRealError
from alignsym.logic.polynomials import TooLargeError
from alignsym.logic.smt import Translation
from alignsym.model.relations import Region, Relation

RESOURCES = 5_000
SECOND_RESOURCES = 50_000  # some 7 ms
SLOW, FAILURE = 24, 5  # questions that are asked twice; what one without a proof counts
# Simplex with Groebner bases: on products of unknowns it gives up within its resources, which the
# newer one does not.
SIMPLEX = ("smt.arith.solver", 2)


class Assumptions:
    """A pool of relations that may be assumed.

    >>> import sympy as sp
    >>> x, one = sp.Symbol("x", real=True), sp.S.One
    >>> low, high, other = (Relation(x, sign, one) for sign in (">", "<", "<="))
    >>> pool = Assumptions((low, high, other))
    >>> pool.together([low, high]).is_proof, pool.together([high, other]).kind
    (True, 'sat')
    """

    def __init__(self, relations: Region) -> None:
        self._formulas: dict[Relation, Any] = {}
        self._marks: dict[Relation, Any] = {}
        self._axioms: list[Any] = []
        self._reason = ""
        self._slow = SLOW
        self._solver = z3.SimpleSolver()
        self._solver.set("rlimit", RESOURCES, *SIMPLEX)
        try:
            translation = Translation(relations)
            self._formulas = {r: translation.relation(r) for r in relations}
            self._axioms = translation.axioms()
        except (NotRealError, TooLargeError) as problem:
            self._reason = str(problem)
            return
        self._solver.add(*self._axioms)
        for k, (relation, formula) in enumerate(self._formulas.items()):
            self._marks[relation] = z3.Bool(f"assumed!{k}")
            self._solver.add(z3.Implies(self._marks[relation], formula))

    def together(self, chosen: Iterable[Relation]) -> Answer:
        """Whether the chosen relations of the pool have a common point: `unsat` says no."""
        if self._reason:
            return Answer("unknown", reason=self._reason)
        chosen = tuple(chosen)
        answer = _checked(self._solver, [self._marks[r] for r in chosen])
        if answer.kind != "unknown" or self._slow <= 0:
            return answer
        solver = nlsat().solver()
        solver.set("rlimit", SECOND_RESOURCES)
        solver.add(*self._axioms, *(self._formulas[r] for r in chosen))
        answer = _checked(solver, [])
        self._slow -= {"unsat": 1, "sat": FAILURE}.get(answer.kind, SLOW)
        return answer


def _checked(solver: z3.Solver, assumed: list[Any]) -> Answer:
    try:
        found = solver.check(*assumed)
    except z3.Z3Exception as problem:
        return Answer("unknown", reason=str(problem))
    if found == z3.unsat:
        return Answer("unsat")
    return Answer("sat") if found == z3.sat else Answer("unknown", reason="z3 reached its limit")
