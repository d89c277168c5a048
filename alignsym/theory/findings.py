"""Identities between the formulas of an answer, decided by definition, regime by regime.

A closed form is differentiated where it is one formula: on the open set where the conditions of its
regime hold strictly.  There a statement is *proved* by the exact normal form or z3, *refuted* by a
point at which its two sides differ, else *checked* or *unknown*.  What is decided is a relation
between the formulas reported; how far these are shown to solve the problem is another verdict,
and `Findings.verdict` is the weakest of both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import final, overload

import sympy as sp

from alignsym.claims import (
    Checked,
    Point,
    Proved,
    Refuted,
    Unknown,
    Verdict,
    weakest,
    word,
)
from alignsym.errors import ContradictionError
from alignsym.logic.decide import irredundant, search
from alignsym.model.domains import natural_domain
from alignsym.model.game import Game, Parameter
from alignsym.model.relations import Region, Relation
from alignsym.present.blocks import Block, Prose, Table
from alignsym.present.passages import formulas_of, listed
from alignsym.present.rich import html, latex
from alignsym.present.words import region_in_words, relation_in_words
from alignsym.solution import Continuum, Regime, Solution
from alignsym.verify.arithmetic import PRECISE, Number, Undefined, big, is_exact
from alignsym.verify.coefficients import NotEvaluable
from alignsym.verify.evaluator import compiled, safe_name
from alignsym.verify.facts import holds
from alignsym.verify.points import holds as holds_at
from alignsym.verify.points import shown
from alignsym.verify.trial import points

POINTS = 6
APART, NOISE = 1e-9, 1e-20  # two numbers of 34 digits differ by more, relatively and absolutely
UNSMOOTH = (sp.Heaviside, sp.sign, sp.DiracDelta, sp.Derivative, sp.Subs, sp.nan, sp.zoo, sp.oo)


@final
@dataclass(frozen=True, slots=True)
class Statement:
    """Relations claimed of a regime's formulas, and what must hold for them to have a meaning.

    Without relations nothing is claimed, and `void` says why.
    """

    identity: str
    relations: Region
    needs: Region = ()
    void: str = ""


@final
@dataclass(frozen=True, slots=True)
class Finding:
    """One identity in one regime, with its verdict.

    `regime` numbers the case of the solution (from 0; None: the answer as a whole); `where` is the
    set it was decided on, beyond what is declared of the parameters.
    """

    identity: str
    regime: int | None
    where: Region
    relations: Region
    verdict: Verdict

    def __str__(self) -> str:
        place = f" where {region_in_words(self.where)}" if self.where else ""
        return f"{self.identity}{place}: {_said(self.verdict)}"

    _repr_html_ = html
    _repr_latex_ = latex

    def _blocks_(self) -> tuple[Block, ...]:
        place = (" where ", *listed(formulas_of(self.where))) if self.where else ()
        return (Prose((self.identity, *place, f": {_said(self.verdict)}")),)


@final
@dataclass(frozen=True, slots=True)
class Findings:
    """Decided identities, in order; `formulas` is the verdict on the answer they are about."""

    rows: tuple[Finding, ...]
    formulas: Verdict

    @property
    def verdict(self) -> Verdict:
        """The weakest of all rows and of the answer itself."""
        return weakest([*(row.verdict for row in self.rows), self.formulas])

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, key: int) -> Finding: ...
    @overload
    def __getitem__(self, key: slice) -> tuple[Finding, ...]: ...
    def __getitem__(self, key: int | slice) -> Finding | tuple[Finding, ...]:
        return self.rows[key]

    def __str__(self) -> str:
        lines = [str(row) for row in self.rows]
        return "\n".join([*lines, f"the formulas themselves: {word(self.formulas)}"])

    def __repr__(self) -> str:
        return str(self)

    _repr_html_ = html
    _repr_latex_ = latex

    def _blocks_(self) -> tuple[Block, ...]:
        rows = tuple(
            ((row.identity,), tuple(listed(formulas_of(row.where))) or ("always",),
             (_said(row.verdict),))
            for row in self.rows
        )  # fmt: skip
        last = Prose((f"The formulas themselves: {word(self.formulas)}.",))
        return (Table((("identity",), ("where",), ("verdict",)), rows), last)


def _said(verdict: Verdict) -> str:
    if isinstance(verdict, Checked):
        return f"checked at {verdict.count} exact points, not proved"
    if isinstance(verdict, Unknown):
        return f"unknown: {verdict.reason}"
    if isinstance(verdict, Refuted):
        at = ", ".join(f"{s} = {v}" for s, v in verdict.point)
        return f"refuted: {verdict.reason}" + (f" at {at}" if at else "")
    return word(verdict)


# ------------------------------------------------------------------ over the regimes of an answer
def each_regime(
    solution: Solution,
    claims: Callable[[Regime], Iterable[Statement]],
    *,
    inside: bool = True,
    fresh: Iterable[Parameter] = (),
) -> Findings:
    """The statements `claims` makes of every regime, decided: on its open inside, or on all of it.

    `fresh` parameters are in the statements only.

    A set of optima has no single formula, and an answer without regimes none at all: there the
    finding is `Unknown`, never an empty list, of which everything is true.
    """
    rows: list[Finding] = []
    game = solution.game.altered(parameters=(*solution.game.parameters, *fresh))
    for number, case in enumerate(solution.cases):
        if isinstance(case, Continuum):
            row = _undetermined(number, case)
            if not any(row.where == other.where for other in rows):
                rows.append(row)
        elif isinstance(case, Regime):
            when = opened(case.when) if inside else case.when
            stopped = no_inside((*solution.game.domain(), *case.when)) if inside else ""
            for claim in claims(case):
                verdict = Unknown(stopped) if stopped else decided(claim, game, when, case.witness)
                rows.append(Finding(claim.identity, number, when, claim.relations, verdict))
    if not rows:
        reason = solution.reason or f"there is no closed form: {solution.status}"
        rows.append(Finding("every identity", None, (), (), Unknown(reason)))
    return Findings(tuple(rows), solution.proof)


def _undetermined(number: int | None, case: Continuum) -> Finding:
    reason = "a whole set is optimal there, and no formula says which point"
    return Finding("every identity", number, case.when, (), Unknown(reason))


def meetings(
    first: Solution,
    second: Solution,
    level: sp.Symbol,
    claims: Callable[[Regime, Regime], Iterable[Statement]],
) -> Findings:
    """The statements decided where a regime of each holds, with `level` the value of the first.

    Pairs of regimes that z3 shows to have no point in common are left out; a regime without an
    inside, or a set of optima, on either side is `Unknown`.
    """
    rows: list[Finding] = []
    domain = first.game.domain()
    for solution, own in ((first, domain), (second, second.game.domain())):
        for number, case in enumerate(solution.cases):
            at = number if solution is first else None
            stopped = no_inside((*own, *case.when)) if isinstance(case, Regime) else ""
            if isinstance(case, Continuum):
                rows.append(_undetermined(at, case))
            elif stopped:
                rows.append(Finding("every identity", at, case.when, (), Unknown(stopped)))
    wide = [r for r in second.regimes if not no_inside((*second.game.domain(), *r.when))]
    for number, one in enumerate(first.cases):
        if not isinstance(one, Regime) or no_inside((*domain, *one.when)):
            continue
        for other in wide:
            value = {level: one.value}
            rest = (*second.game.domain(), *other.when)
            when = opened(
                (*one.when, *(r.replaced(value) for r in rest if level in r.free_symbols))
            )
            when = (*when, *opened(tuple(r for r in other.when if level not in r.free_symbols)))
            if search((*domain, *when)).is_proof:
                continue
            when = irredundant(when, domain)
            for claim in claims(one, other):
                verdict = decided(claim, first.game, when, one.witness)
                rows.append(Finding(claim.identity, number, when, claim.relations, verdict))
    if not rows:
        reason = "no regime of one is shown to meet a regime of the other"
        rows.append(Finding("every identity", None, (), (), Unknown(reason)))
    return Findings(tuple(rows), weakest([first.proof, second.proof]))


def opened(region: Region) -> Region:
    """The open set on which the relations hold strictly; an equality stays."""
    return tuple(r.tightened() for r in region)


def no_inside(region: Region) -> str:
    """Why the region has no open inside; '' if it is not known to lack one."""
    tight = [r for r in region if r.is_equality]
    if tight:
        return f"no derivative inside a set as thin as {relation_in_words(tight[0])}"
    if search(opened(region)).is_proof:
        return "the regime has no inside to differentiate on"
    return ""


# ------------------------------------------------------------------ one statement
def decided(claim: Statement, game: Game, when: Region, witness: Point = ()) -> Verdict:
    """Whether the claim's relations are defined and true for all parameters of `when`.

    Raises ContradictionError where the evaluator that is not SymPy refutes what was proved.

    >>> p = sp.Symbol("p", positive=True)
    >>> game = Game(conditions=[p < 5])
    >>> word(decided(Statement("true", (Relation(1/p + 1, "==", (1 + p)/p),)), game, ()))
    'proved'
    >>> decided(Statement("false", (Relation(p, "==", p**2),)), game, ()).reason
    '0.56097561 == 0.31469363 is false'
    """
    if not claim.relations:
        return Unknown(claim.void)
    region = (*game.domain(), *when)
    sides = [side for r in (*claim.relations, *claim.needs) for side in (r.left, r.right)]
    if any(side.has(*UNSMOOTH) for side in sides):
        return Unknown("a formula has a kink, or no finite value, inside the regime")
    defined = dict.fromkeys(r for side in sides for r in natural_domain(side))
    verdicts = [holds(r, region) for r in (*claim.relations, *claim.needs, *defined)]
    verdict = weakest(verdicts)
    tried = attempt(claim, game, when, witness)
    if isinstance(tried, Refuted):
        if isinstance(verdict, Proved):
            raise ContradictionError(
                f"a proved identity fails: {tried.reason}", remedy="please report the problem"
            )
        return tried
    if isinstance(verdict, Proved):
        return Proved(tuple(e for v in verdicts if isinstance(v, Proved) for e in v.evidence))
    if isinstance(tried, Checked) and isinstance(verdict, Unknown):
        return Checked(tried.count, verdict.reason)
    return verdict


def attempt(claim: Statement, game: Game, when: Region, witness: Point = ()) -> Verdict:
    """The claim at exact points of the region, by an evaluator that is not SymPy.

    Sides that are rational are compared exactly, others by 34 digits; points at which something is
    undefined, or what the claim needs fails, say nothing.
    """
    count = 0
    try:
        for point in points(game, Regime(when, (), witness=witness), POINTS):
            env = {safe_name(str(s)): v for s, v in point.items()}
            try:
                if not all(holds_at(r, env) for r in (*game.domain(), *when, *claim.needs)):
                    continue
                pairs = [(r.operator, *_numbers(r, env)) for r in claim.relations]
            except Undefined:
                continue
            wrong = [pair for pair in pairs if not PRECISE.compare(*pair)]
            for operator, left, right in wrong:
                if _apart(left, right):
                    exact = tuple(
                        (s, sp.Rational(v.numerator, v.denominator)) for s, v in point.items()
                    )
                    return Refuted(exact, f"{shown(left)} {operator} {shown(right)} is false")
            count += not wrong
    except NotEvaluable as stopped:
        return Unknown(str(stopped))
    return Checked(count) if count else Unknown("no exact point inside the regime was found")


def _numbers(relation: Relation, env: Mapping[str, Fraction]) -> tuple[Number, Number]:
    return compiled(relation.left).precise(env), compiled(relation.right).precise(env)


def _apart(left: Number, right: Number) -> bool:
    """Whether two numbers differ by more than the rounding of a long calculation."""
    if is_exact(left) and is_exact(right):
        return True
    gap, size = abs(big(left) - big(right)), max(abs(big(left)), abs(big(right)))
    return bool(gap > NOISE and gap > APART * size)
