"""Relations translated once, of which any may be assumed together: which of them cannot be?

    R_1, ..., R_n;   is there a point where all R_i, i in I, hold?   for many I

Asking for one set after another leaves out what makes a question dear: the formulas are made once,
and z3 keeps what it learnt.  A set that contains a contradiction found before is one, a part of a
set with a common point has that point: neither is asked again.  `unsat` proves, as in `decide`;
facts about logs and powers are not brought in.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import z3

from alignsym.logic.decide import Answer, nlsat
from alignsym.logic.generators import NotRealError
from alignsym.logic.polynomials import TooLargeError
from alignsym.logic.smt import Translation
from alignsym.logic.terms import checked, implication, truth
from alignsym.model.relations import Region, Relation

RESOURCES = 5_000
SECOND_RESOURCES = 15_000  # some 2 ms
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
        self._formulas: list[Any] = []
        self._marks: list[Any] = []
        self._places: dict[Relation, int] = {}
        self._axioms: list[Any] = []
        self._answers: dict[int, Answer] = {}  # by the set of places, as bits
        self._reason = ""
        self._slow = SLOW
        self._solver = z3.SimpleSolver()
        self._solver.set("rlimit", RESOURCES, *SIMPLEX)
        try:
            translation = Translation(relations)
            relations = tuple(dict.fromkeys(relations))
            self._formulas = [translation.relation(r) for r in relations]
            self._axioms = translation.axioms()
        except (NotRealError, TooLargeError) as problem:
            self._reason = str(problem)
            return
        self._solver.add(*self._axioms)
        for k, (relation, formula) in enumerate(zip(relations, self._formulas, strict=True)):
            self._places[relation] = k
            self._marks.append(truth(f"assumed!{k}"))
            self._solver.add(implication(self._marks[k], formula))

    def together(self, chosen: Iterable[Relation]) -> Answer:
        """Whether the chosen relations of the pool have a common point: `unsat` says no."""
        if self._reason:
            return Answer("unknown", reason=self._reason)
        places = list(dict.fromkeys(self._places[r] for r in chosen))
        asked = sum(1 << k for k in places)
        for earlier, answer in self._answers.items():
            common = earlier & asked
            if common == earlier and (answer.kind == "unsat" or earlier == asked):
                return answer
            if common == asked and answer.kind == "sat":
                return answer
        needed, answer = self._asked(places)
        self._answers[needed] = answer
        return answer

    def used(self, chosen: Iterable[Relation]) -> Region:
        """The chosen relations that were needed when they were last shown to contradict."""
        chosen = tuple(dict.fromkeys(chosen))
        asked = sum(1 << self._places[r] for r in chosen)
        for earlier, answer in self._answers.items():
            if answer.kind == "unsat" and earlier & asked == earlier:
                return tuple(r for r in chosen if earlier >> self._places[r] & 1)
        return chosen

    def _asked(self, places: list[int]) -> tuple[int, Answer]:
        """The answer, and the relations it is about: of a contradiction those that z3 used."""
        everything = sum(1 << k for k in places)
        answer = _checked(self._solver, [self._marks[k] for k in places])
        if answer.kind == "unsat":
            used = {mark.get_id() for mark in self._solver.unsat_core()}
            return sum(1 << k for k in places if self._marks[k].get_id() in used), answer
        if answer.kind == "sat" or self._slow <= 0:
            return everything, answer
        solver = nlsat().solver()
        solver.set("rlimit", SECOND_RESOURCES)
        solver.add(*self._axioms, *(self._formulas[k] for k in places))
        answer = _checked(solver, [])
        self._slow -= {"unsat": 1, "sat": FAILURE}.get(answer.kind, SLOW)
        return everything, answer


def _checked(solver: z3.Solver, assumed: list[Any]) -> Answer:
    try:
        found = checked(solver, assumed)
    except z3.Z3Exception as problem:
        return Answer("unknown", reason=str(problem))
    if found == z3.unsat:
        return Answer("unsat")
    return Answer("sat") if found == z3.sat else Answer("unknown", reason="z3 reached its limit")
