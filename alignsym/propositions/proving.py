"""Propositions about an answer, in the words of mathematics: true, false, mixed, vacuous.

    solution.prove(sp.diff(solution[x], p) < 0)       solution.prove(sp.Derivative(x, p) < 0)
    solution.sign(sp.diff(solution.value, q))         solution.statics()

A proposition is decided regime by regime, for all parameters in the regime, edges included; one
with derivatives (or branches, which may be derivatives) in the regime's open inside, where the
formulas are differentiable: *true* or *false* everywhere there, *mixed* with the condition under
which it holds and exact points of both kinds, *vacuous* where no parameters are left.  What is
decided speaks of the formulas reported; `formulas` says how far these are proved to be right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import sympy as sp

from alignsym.checking.points import certainly, exactly, numbers, points
from alignsym.claims import Point, Proved, Verdict, weakest, word
from alignsym.errors import UsageError
from alignsym.logic.decide import implies, search
from alignsym.model.domains import natural_domain
from alignsym.model.relations import Expr, Region, Relation, relation
from alignsym.model.writing import text
from alignsym.present.blocks import Block, Prose
from alignsym.present.passages import formulas_of, listed
from alignsym.present.rich import html, latex
from alignsym.solution import Continuum, NoSolution, Regime, Solution, as_sympy
from alignsym.solving.neat import shortened
from alignsym.solving.thresholds import conditions
from alignsym.verify.facts import holds

Answer = Literal["true", "false", "mixed", "vacuous", "unknown"]
UNSMOOTH = (sp.Heaviside, sp.sign, sp.DiracDelta, sp.Derivative, sp.Subs, sp.nan, sp.zoo, sp.oo)
_ZERO = sp.S.Zero
_POINTS = 24


@dataclass(frozen=True, slots=True)
class Part:
    """The answer in one regime: `where` it was decided, and, if it is mixed, where it holds.

    `holds_at` and `fails_at` are exact points of both kinds.
    """

    regime: int
    where: Region
    answer: Answer
    condition: Region = ()
    holds_at: Point = ()
    fails_at: Point = ()
    reason: str = ""

    def __str__(self) -> str:
        place = joined(self.where)
        if self.answer == "mixed":
            return f"true exactly where {joined(both(self.where, self.condition))}"
        why = f" ({self.reason})" if self.reason else ""
        return self.answer + (f" where {place}" if place else "") + why

    _repr_html_ = html
    _repr_latex_ = latex

    def _blocks_(self) -> tuple[Block, ...]:
        holds_ = (*self.where, *self.condition)
        said = "true exactly" if self.answer == "mixed" else self.answer
        place = (" where ", *listed(formulas_of(holds_))) if holds_ else ()
        why = f" ({self.reason})" if self.reason else ""
        return (Prose((said, *place, why)),)


@dataclass(frozen=True, slots=True)
class Proposition:
    """A decided proposition; `answer` over all regimes, `parts` one by one."""

    statement: str
    parts: tuple[Part, ...]
    formulas: Verdict

    @property
    def answer(self) -> Answer:
        """true or false if it is so in every regime that is not vacuous; mixed if it holds here and
        fails there; else unknown."""
        found = {p.answer for p in self.parts} - {"vacuous"}
        if not found:
            return "vacuous"
        if "mixed" in found or {"true", "false"} <= found:
            return "mixed"
        return "unknown" if "unknown" in found else found.pop()

    def __bool__(self) -> bool:
        raise UsageError(
            "a proposition is no truth value", remedy="compare .answer with 'true', or print it"
        )

    def __str__(self) -> str:
        lines = [f"{self.statement}: {self.answer}"]
        if len(self.parts) > 1 or self.answer == "mixed":
            lines += [f"  {part}" for part in self.parts]
        elif self.answer == "unknown" and self.parts:
            lines.append(f"  {self.parts[0].reason}")
        if not isinstance(self.formulas, Proved):
            lines.append(f"  the formulas themselves: {word(self.formulas)}")
        return "\n".join(lines)

    __repr__ = __str__
    _repr_html_ = html
    _repr_latex_ = latex

    def _blocks_(self) -> tuple[Block, ...]:
        out: list[Block] = [Prose((f"{self.statement}: {self.answer}",))]
        if len(self.parts) > 1 or self.answer in ("mixed", "unknown"):
            out += [block for part in self.parts for block in part._blocks_()]
        if not isinstance(self.formulas, Proved):
            out.append(Prose((f"The formulas themselves: {word(self.formulas)}.",)))
        return tuple(out)


def prove(solution: Solution, claim: object, *, given: object = ()) -> Proposition:
    """Decide a relation between formulas of the answer, its parameters, actions and prices.

    Arguments: `claim`, a SymPy relation or a `Relation`; an action or price in it stands for its
    closed form, `sp.Derivative(x, p)` for the derivative of that.  `given`: further conditions on
    the parameters under which it is claimed.

    >>> from alignsym.answer import solve
    >>> from alignsym.model.game import Agent, Game
    >>> x, p = sp.symbols("x p", positive=True)
    >>> solution = solve(Game(Agent("a", sp.log(x) - p*x, x), concept="maximize"))
    >>> prove(solution, sp.Derivative(x, p) < 0)
    Derivative(x, p) < 0: true
    >>> prove(solution, sp.Symbol("x", positive=True) > 1)
    x > 1: mixed
      true exactly where p < 1
    """
    premises = tuple(relation(r, where="given") for r in _listed(given))
    if isinstance(claim, (bool, sp.logic.boolalg.BooleanAtom)):
        return _evaluated(solution, bool(claim), premises)
    asked = relation(claim, where="prove")
    parts = tuple(_parts(solution, asked, premises))
    return Proposition(text(asked), parts, solution.proof)


def _listed(given: object) -> list[object]:
    if isinstance(given, (list, tuple)):
        return list(given)
    return [given]


def _evaluated(solution: Solution, holds_: bool, premises: Region) -> Proposition:
    """What SymPy has decided from the signs of the symbols, before anybody saw it."""
    answer: Answer = "true" if holds_ else "false"
    parts = tuple(
        Part(k, where, "vacuous") if empty(solution, where) else Part(k, where, answer)
        for k, case in enumerate(solution.cases)
        for where in [(*inside(case.when), *premises)]
    )
    return Proposition(f"{holds_} (decided by the signs of the symbols)", parts, solution.proof)


def _parts(solution: Solution, asked: Relation, premises: Region) -> Iterator[Part]:
    for number, case in enumerate(solution.cases):
        where = (*place(case.when, asked.left, asked.right), *premises)
        if empty(solution, where) or isinstance(case, NoSolution):
            yield Part(number, where, "vacuous")
        elif isinstance(case, Continuum):
            reason = "a whole set of solutions, of which no formula says which point"
            yield Part(number, where, "unknown", reason=reason)
        else:
            yield decided(solution, asked, number, case, where)


def place(when: Region, *asked: Expr) -> Region:
    """Where it is decided: on the regime, or for what is differentiated strictly inside."""
    differentiated = any(e.has(sp.Derivative, sp.Piecewise) for e in asked)
    return inside(when) if differentiated else when


def inside(when: Region) -> Region:
    """The open set on which the conditions hold strictly; an equality stays."""
    return tuple(r.tightened() for r in when)


def empty(solution: Solution, where: Region) -> bool:
    return search((*solution.game.domain(), *where)).is_proof


def decided(solution: Solution, asked: Relation, number: int, case: Regime, where: Region) -> Part:
    region = (*solution.game.domain(), *where)
    left, right = (formula(side, case, region) for side in (asked.left, asked.right))
    here = Relation(left, asked.operator, right)
    moving = bool(asked.left.atoms(sp.Derivative) | asked.right.atoms(sp.Derivative))
    if moving and any(r.is_equality for r in case.when):
        return Part(number, where, "unknown", reason="no derivative inside a set without inside")
    if left.has(*UNSMOOTH, sp.Piecewise) or right.has(*UNSMOOTH, sp.Piecewise):
        reason = "a formula has a kink, no finite value, or several branches inside the regime"
        return Part(number, where, "unknown", reason=reason)
    gap = shortened(here.gap)
    short = Relation(gap, "==" if here.is_equality else here.operator, _ZERO)
    if here.operator in ("<", "<="):  # the gap is right - left
        short = Relation(gap, ">" if here.operator == "<" else ">=", _ZERO)
    needed = [*natural_domain(left), *natural_domain(right)]
    defined = weakest(holds(r, region) for r in dict.fromkeys(needed))
    if not isinstance(defined, Proved):
        return Part(number, where, "unknown", reason="not shown to be defined in all of the regime")
    for answer, wanted in (("true", short), ("false", short.negated())):
        if isinstance(holds(wanted, region), Proved):
            if answer == "false" and not _has_a_point(solution, where):
                reason = "false of real numbers, but no point with whole ones was found"
                return Part(number, where, "unknown", reason=reason)
            return Part(number, where, answer)  # type: ignore[arg-type]
    return _mixed(solution, here, short, number, where)


def _has_a_point(solution: Solution, where: Region) -> bool:
    """Whether integers are known to lie there, which to the proof are real numbers."""
    if not any(p.symbol.is_integer for p in solution.game.parameters):
        return True
    return any(True for _ in points(solution.game, where, 1))


def _mixed(solution: Solution, here: Relation, short: Relation, number: int, where: Region) -> Part:
    """Points of both kinds, and the condition that separates them."""
    region = (*solution.game.domain(), *where)
    yes: Point = ()
    no: Point = ()
    for point in points(solution.game, where, _POINTS):
        held = certainly(here, numbers(point))
        yes = exactly(point) if held is True and not yes else yes
        no = exactly(point) if held is False and not no else no
        if yes and no:
            break
    if not (yes and no):
        side = "holds" if yes else "fails" if no else "is not decided"
        reason = f"not proved; it {side} at all points tried"
        return Part(number, where, "unknown", (), yes, no, reason)
    tidy = conditions((short,), region)
    same = search(region, outside=[tidy], any_of=(short,)).is_proof
    same = same and search((*region, *tidy), any_of=(short.negated(),)).is_proof
    return Part(number, where, "mixed", tidy if same and tidy else (short,), yes, no)


def formula(e: Expr, case: Regime, region: Region) -> Expr:
    """The expression in the parameters alone: closed forms put in, branches chosen."""
    values = {str(s): v for s, v in case.values}
    known = {s: values[s.name] for s in e.free_symbols if s.name in values}
    if known:
        slopes = {
            d: sp.diff(values[str(d.expr)], *d.variables)
            for d in e.atoms(sp.Derivative)
            if str(d.expr) in values
        }
        e = e.xreplace(slopes).xreplace(known)
    table = {}
    for piecewise in e.atoms(sp.Piecewise):
        branch = _branch(piecewise, case, region)
        if branch is not None:
            table[piecewise] = branch
    return e.xreplace(table)


def _branch(piecewise: sp.Piecewise, case: Regime, region: Region) -> Expr | None:
    """The branch that holds on all of the region; None where that is not shown."""
    own = sp.And(*map(as_sympy, case.when))
    for value, condition in piecewise.args:
        if condition == own or _everywhere(condition, region):
            return value
        if not _nowhere(condition, region):
            return None
    return None


def _everywhere(condition: sp.Basic, region: Region) -> bool:
    """Whether a condition of SymPy's is shown to hold on all of the region."""
    if isinstance(condition, sp.And):
        return all(_everywhere(c, region) for c in condition.args)
    if isinstance(condition, sp.Or):
        return any(_everywhere(c, region) for c in condition.args)
    if isinstance(condition, sp.Rel):
        return implies(region, relation(condition)).is_proof
    return condition is sp.true


def _nowhere(condition: sp.Basic, region: Region) -> bool:
    """Whether it is shown to hold nowhere there."""
    plain = sp.to_dnf(condition) if len(condition.atoms(sp.Rel)) <= 8 else condition
    if isinstance(plain, sp.Or):
        return all(_nowhere(c, region) for c in plain.args)
    rows = sp.And.make_args(plain)
    if not all(isinstance(c, sp.Rel) for c in rows):
        return condition is sp.false
    return search((*region, *map(relation, rows))).is_proof


def both(where: Region, condition: Region) -> Region:
    """The place and the condition, without edges of the place that the condition leaves out."""
    closed = {r.relaxed() for r in condition if r.is_strict}
    return (*(r for r in where if r not in closed), *condition)


def joined(region: Region) -> str:
    return " and ".join(text(r) for r in region)
