"""Questions about all parameters: implied? satisfiable? where? which conditions are needed?

`unsat` proves, `sat` is only a hint (the point is confirmed by whoever uses it), and every query
has a limit.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal

import sympy as sp
import z3

from alignsym.logic.counterexamples import Place, decidable
from alignsym.logic.generators import NotRealError
from alignsym.logic.lemmas import instances, log_sums
from alignsym.logic.levels import is_rational
from alignsym.logic.normal import is_identically_zero
from alignsym.logic.polynomials import TooLargeError
from alignsym.logic.premises import Premises
from alignsym.logic.products import compared_products
from alignsym.logic.questions import Question, told
from alignsym.logic.signs import made_of_positive
from alignsym.logic.smt import Translation
from alignsym.model.relations import Region, Relation

MILLISECONDS = 1500
RESOURCES = 20_000_000
SIGNS_LIMIT = 40
FIRST_RESOURCES = 300_000  # some 40 ms


@dataclass(frozen=True, slots=True)
class Answer:
    """What z3 says: `unsat` is a proof; with `sat` comes a point that is only a hint."""

    kind: Literal["unsat", "sat", "unknown"]
    point: tuple[tuple[sp.Symbol, Fraction], ...] = ()
    reason: str = ""
    lemmas: bool = False  # whether instances of facts about logs and powers were needed

    @property
    def is_proof(self) -> bool:
        """Whether no point exists."""
        return self.kind == "unsat"


def search(
    premises: Region,
    *,
    outside: Sequence[Region] = (),
    any_of: Region = (),
    milliseconds: int = MILLISECONDS,
    located: bool = True,
) -> Answer:
    """A point where all `premises` hold, no region of `outside` does, and some of `any_of` (if
    given).  Not `located`: whether there is one; the answer then need not name it.

    >>> q = sp.Symbol("q", positive=True)
    >>> search((Relation(q, "<", sp.Integer(0)),)).kind
    'unsat'
    """
    if _UNTIL:
        left = 1000 * (_UNTIL[-1] - time.monotonic())
        if left <= 0:
            return Answer("unknown", reason="the time limit was reached")
        milliseconds = max(10, min(milliseconds, int(left)))
    asked = tuple(premises), tuple(map(tuple, outside)), tuple(any_of)
    if not located and _is_somewhere(*asked):
        return Answer("sat")
    answer = _search(*asked, milliseconds)
    if answer.is_proof:
        told(Question(*asked, answer.lemmas))
    return answer


_UNTIL: list[float] = []


@contextmanager
def until(deadline: float | None) -> Iterator[None]:
    """Within it no question is asked after the deadline (of `time.monotonic`): all is unknown."""
    if deadline is None:
        yield
        return
    _UNTIL.append(deadline)
    try:
        yield
    finally:
        _UNTIL.pop()


@lru_cache(maxsize=4096)
def _is_somewhere(premises: Region, outside: tuple[Region, ...], any_of: Region) -> bool:
    """Whether one of a few points is such a point: then z3 need not look for one."""
    try:
        known = _translated(premises)
        places = known.points
        if not places:
            return False
        work = known.translation.work.copy()
        out = [decidable(work, region) for region in outside]
        some = decidable(work, any_of)
        known.translation.work.adopt(work)
    except (NotRealError, TooLargeError):
        return False
    for seed, point in enumerate(places):
        at = Place(work, point, seed)
        if all(any(map(at.is_false, region)) for region in out) and (
            not some or any(map(at.is_true, some))
        ):
            return True
    return False


@lru_cache(maxsize=4096)  # verification asks again what the search for regimes has asked
def _search(
    premises: Region, outside: tuple[Region, ...], any_of: Region, milliseconds: int
) -> Answer:
    try:
        known = _translated(premises)
        translation, formulas = _plain(premises, outside, any_of, known)
        answer = _ask(translation, formulas, milliseconds)
        if answer.kind == "unsat":
            return answer
        known.learn(answer.point)
        lemmas = _lemmas(translation, premises, outside, any_of)
        if lemmas:
            # Lemmas may have met new generators; their axioms come with them.
            whole = [*formulas, *lemmas, *translation.axioms()]
            return replace(_ask(translation, whole, milliseconds), lemmas=True)
        return answer
    except (NotRealError, TooLargeError) as problem:
        return Answer("unknown", reason=str(problem))


def _plain(
    premises: Region, outside: tuple[Region, ...], any_of: Region, known: Premises
) -> tuple[Translation, list[Any]]:
    """The question as formulas, with what is known of every generator by definition."""
    more = [*any_of, *(r for region in outside for r in region)]
    translation, formulas = known.translation.continued(more), list(known.formulas)
    continued = translation is not None
    if translation is None:
        translation = Translation([*premises, *more])
        formulas = [translation.relation(r) for r in premises]
    formulas += [z3.Not(translation.region(region)) for region in outside]
    if any_of:
        formulas.append(z3.Or([translation.relation(r) for r in any_of]))
    if continued:
        known.translation.adopt(translation)
    formulas += translation.axioms()
    return translation, formulas


def _lemmas(
    translation: Translation, premises: Region, outside: tuple[Region, ...], any_of: Region
) -> list[Any]:
    more = [*any_of, *(r for region in outside for r in region)]
    said = [*premises, *more]
    lemmas = [*compared_products(translation, said), *instances(translation)]
    return [*lemmas, *log_sums(translation, said)]


def formulas_of(question: Question) -> list[Any]:
    """The formulas of which z3 said that they have no common solution."""
    asked = question.premises, question.outside, question.any_of
    # Not what was translated before, so that the same question is written in the same way.
    translation, formulas = _plain(*asked, Premises(question.premises))
    if not question.lemmas:
        return formulas
    return [*formulas, *_lemmas(translation, *asked), *translation.axioms()]


@lru_cache(maxsize=256)  # the same premises stand before dozens of questions
def _translated(premises: Region) -> Premises:
    return Premises(premises)


def _ask(translation: Translation, formulas: list[Any], milliseconds: int) -> Answer:
    # Most questions are small, and nlsat alone settles them in a quarter of the time the others
    # need to start.  It can be slow on wide linear problems, so it gets little before their turn.
    solvers = (
        (nlsat().solver, FIRST_RESOURCES),
        (lambda: z3.SolverFor("QF_NRA"), RESOURCES),
        (z3.Solver, RESOURCES),
    )
    reason = "z3 reached its limit"
    for create, resources in solvers:
        solver = create()
        solver.set("timeout", max(10, milliseconds), "rlimit", resources)
        solver.add(*formulas)
        try:
            result = solver.check()
        except z3.Z3Exception as problem:
            reason = str(problem)
            continue
        if result == z3.unsat:
            return Answer("unsat")
        if result == z3.sat:
            return Answer("sat", _point(translation, solver.model()))
    return Answer("unknown", reason=reason)


@lru_cache(maxsize=1)
def nlsat() -> Any:
    """The solver of polynomial questions alone."""
    return z3.Tactic("qfnra-nlsat")


def _point(translation: Translation, model: Any) -> tuple[tuple[sp.Symbol, Fraction], ...]:
    out = []
    for index, generator in enumerate(translation.work.generators):
        if generator.kind != "symbol" or generator.expression is None:
            continue
        value = model.eval(translation.real(index), model_completion=True)
        if z3.is_algebraic_value(value):
            value = value.approx(20)
        out.append((generator.expression, Fraction(value.as_string())))
    return tuple(sorted(out, key=lambda pair: str(pair[0])))


def implies(premises: Region, conclusion: Relation, *, milliseconds: int = MILLISECONDS) -> Answer:
    """Whether `conclusion` is defined and true wherever the premises hold: `unsat` says yes.

    >>> a, b = sp.symbols("a b", positive=True)
    >>> implies((Relation(a, "<", b),), Relation(b - a, ">", sp.Integer(0))).is_proof
    True
    """
    if visibly_true(conclusion):
        return Answer("unsat")
    return search(premises, outside=[(conclusion,)], milliseconds=milliseconds, located=False)


def vanishes(expression: sp.Expr, given: Region) -> bool:
    """Whether the expression is zero wherever it is defined and `given` holds: by normal form.

    The sums inside its powers and logs are split as their signs on `given` allow; where all
    exponents are whole no sign helps.

    >>> s, e = sp.symbols("s e", positive=True)
    >>> price = ((1 - 1/e)*s)**e
    >>> vanishes(price**(-1/e)*s*(1 - 1/e) - 1, (Relation(e, ">=", sp.Integer(2)),))
    True
    """
    if is_identically_zero(expression):
        return True
    if not given or is_rational(expression):
        return False
    facts = sums_with_signs(expression, given)
    return bool(facts) and is_identically_zero(expression, facts)


def sums_with_signs(expression: sp.Expr, given: Region) -> Region:
    """The sums under powers and logs that are positive, or negative, wherever `given` holds."""
    sums: dict[sp.Expr, None] = {}
    for e in sorted(expression.atoms(sp.Pow, sp.log), key=str):
        inside = e.args[0]
        if isinstance(e, sp.Pow) and e.exp.is_Integer and not e.exp.is_negative:
            continue
        try:
            parts = sp.Mul.make_args(sp.factor(sp.together(inside)))
        except (sp.PolynomialError, NotImplementedError):
            parts = (inside,)
        for part in parts:
            base = part.as_base_exp()[0]
            if base.is_Add and base.is_positive is None and base.count_ops() < SIGNS_LIMIT:
                sums.setdefault(base)
    out = []
    for base in sums:
        for operator in (">", "<"):
            relation = Relation(base, operator, sp.S.Zero)
            if visibly_true(relation) or search(given, outside=[(relation,)]).is_proof:
                out.append(relation)
                break
    return tuple(out)


@lru_cache(maxsize=4096)
def visibly_true(relation: Relation) -> bool:
    """Whether the relation follows from coefficients and declared signs alone."""
    if is_positive_gap(relation):
        return True
    if relation.operator == "!=":
        return False
    try:
        translation = Translation([relation])
        gap, conditions = translation.gap(relation)
    except (NotRealError, TooLargeError):
        return False
    work = translation.work
    for condition in conditions:
        sign = work._sign(condition.ratio)
        if condition.kind == "unsaid" or sign == "any":
            return False
        if condition.kind != "nonnegative" and sign != "positive":
            return False
    if relation.operator == "==":
        return not gap.numerator.terms
    sign = work._sign(gap)
    return sign == "positive" or (sign == "nonnegative" and not relation.is_strict)


def is_positive_gap(relation: Relation) -> bool:
    """e > 0, e >= 0 or e != 0 with e made of positive symbols alone."""
    signed = relation.right == 0 and relation.operator in (">", ">=", "!=")
    return signed and made_of_positive(relation.left)


def irredundant(conditions: Region, given: Region, *, milliseconds: int = 400) -> Region:
    """The conditions without those that the others and `given` imply; complicated ones go first.

    >>> a, b = sp.symbols("a b", positive=True)
    >>> kept = irredundant((Relation(a, ">=", b), Relation(2*a, ">=", b)), ())
    >>> [str(r) for r in kept]
    ['a >= b']
    """
    unique: list[Relation] = []
    for condition in conditions:
        if condition not in unique and not visibly_true(condition):
            unique.append(condition)
    kept = sorted(unique, key=lambda r: (r.gap.count_ops(), str(r)))
    for candidate in sorted(unique, key=lambda r: (-r.gap.count_ops(), str(r))):
        rest = tuple(r for r in kept if r is not candidate)
        if implies((*given, *rest), candidate, milliseconds=milliseconds).is_proof:
            kept = list(rest)
    return tuple(r for r in unique if r in kept)
