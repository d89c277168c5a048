"""Why it is a solution, and the only one: the verifier's decided claims as steps.

Nothing is concluded here.  A claim that is proved by a named theorem is cited with its hypotheses,
one decided by direct comparison is written out, one that is not proved is a gap and said so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from alignsym.claims import (
    ByTheorem,
    Claim,
    Decided,
    Proved,
    SignDerivation,
    Unsatisfiable,
    Verdict,
)
from alignsym.model.game import Concept, Game
from alignsym.model.relations import Region
from alignsym.solution import Case, NoSolution, Regime, Solution
from alignsym.steps import (
    Compare,
    Concave,
    Conclude,
    ConcludeNone,
    ConcludeSet,
    Covered,
    Gap,
    Step,
    Sufficient,
    Unique,
)
from alignsym.verify.decision import DecisionMaker, decision_makers

SAID = ("optimal", "exhaustive", "covered")  # claims with steps of their own
TRIVIAL = ("dL/dx = 0", "signs and complementary slackness")  # what the case has shown


def sufficiency(solution: Solution, index: int) -> list[Step]:
    """Why no decision maker has a better choice in the regime number `index`."""
    game, concept = solution.game, solution.concept
    makers = {m.name: m for m in decision_makers(game, concept)}
    regime = solution.regimes[index]
    steps: list[Step] = []
    for decided in solution.decided:
        if decided.claim.kind != "optimal" or decided.claim.regime != index:
            continue
        maker = makers.get(decided.claim.subject)
        if maker is not None:
            steps += _optimal(game, maker, regime, decided.verdict)
    return steps


def _optimal(game: Game, maker: DecisionMaker, regime: Regime, verdict: Verdict) -> list[Step]:
    if not isinstance(verdict, Proved):
        return [Gap(f"no feasible choice of {maker.name} is better", reason_of(verdict))]
    steps: list[Step] = []
    for evidence in verdict.evidence:
        if isinstance(evidence, ByTheorem):
            steps += shapes(evidence.hypotheses, maker)
            kept = [h.claim for h in evidence.hypotheses]
            steps.append(Sufficient(maker.name, evidence.theorem, short(kept)))
        elif isinstance(evidence, Unsatisfiable):
            others = {s: e for s, e in regime.values if s not in maker.variables}
            here = maker.at(others)
            best = maker.objective.xreplace(dict(regime.values))
            region = (*game.domain(), *regime.when)
            steps.append(Compare(maker.name, here.objective, best, here.feasible(), region))
    if not steps:
        steps.append(Sufficient(maker.name, "", ()))
    return steps


def shapes(hypotheses: Sequence[Decided], maker: DecisionMaker) -> Iterator[Concave]:
    """The concavity a theorem rests on, with the expression that has it."""
    for h in hypotheses:
        for evidence in getattr(h.verdict, "evidence", ()):
            if isinstance(evidence, SignDerivation) and evidence.sign == "concave":
                inside = tuple(v for v in maker.variables if evidence.expression.has(v))
                if inside:
                    region = tuple(r for r in h.claim.region if r.free_symbols)
                    yield Concave(evidence.expression, inside, evidence.sign, region)


def short(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """Each statement once, without the parameters it is for, which the regime says; what the case
    itself has shown is left out."""
    named = {
        c.statement: Claim(c.kind, c.regime, c.subject, c.statement)
        for c in claims
        if c.statement not in TRIVIAL
    }
    return tuple(named.values())


def uniqueness(case: Case) -> list[Step]:
    """Why nothing else is a solution there."""
    if isinstance(case, NoSolution):
        return []
    verdict = case.exhaustive
    if not isinstance(verdict, Proved):
        return [Gap("nothing else is a solution", reason_of(verdict))]
    theorem = ""
    hypotheses: tuple[Claim, ...] = ()
    for evidence in verdict.evidence:
        if isinstance(evidence, ByTheorem):
            theorem = evidence.theorem
            hypotheses = short(
                [h.claim for h in evidence.hypotheses if h.claim.statement != theorem]
            )
    return [Unique(case.when, theorem, hypotheses)]


def without_place(steps: Sequence[Step]) -> list[Step]:
    """Uniqueness, whatever the parameters it is for."""
    return [replace(s, when=()) if isinstance(s, Unique) else s for s in steps]


def conclusion(concept: Concept, case: Case) -> Step:
    """What is shown of the case."""
    if isinstance(case, NoSolution):
        return ConcludeNone(case.when, case.outcome, case.reason)
    if isinstance(case, Regime):
        return Conclude(concept, case.when, case.values, case.value)
    return ConcludeSet(case.when, case.description)


def coverage(solution: Solution) -> list[Step]:
    """That the conditions of the cases leave no declared parameters out."""
    regions: tuple[Region, ...] = tuple(c.when for c in solution.cases)
    if not isinstance(solution.coverage, Proved):
        return [Gap("the cases cover all declared parameters", reason_of(solution.coverage))]
    return [Covered(regions)] if all(regions) else []


def gaps(solution: Solution, said: Sequence[Step]) -> list[Step]:
    """Everything that is not proved and not yet said: no answer looks better than it is."""
    told = {s.statement for s in said if isinstance(s, Gap)}
    found: dict[str, str] = {}
    for d in solution.decided:
        if not isinstance(d.verdict, Proved) and d.claim.kind not in SAID:
            place = "" if d.claim.regime is None else f"case {d.claim.regime + 1}: "
            found.setdefault(place + d.claim.statement, reason_of(d.verdict))
    for number, case in enumerate(solution.cases, start=1):
        if not isinstance(case.status, Proved) and not (found or told):
            found[f"case {number} is what it is said to be"] = reason_of(case.status)
    return [Gap(s, reason) for s, reason in found.items() if s not in told]


def facts(decided: Sequence[Decided], owner: str, verdict: Verdict) -> list[Step]:
    """A proof by a theorem whose hypotheses are the facts decided on the way."""
    if not isinstance(verdict, Proved):
        return [Gap(f"the answer of {owner} is a solution", reason_of(verdict))]
    theorems = [e for e in verdict.evidence if isinstance(e, ByTheorem)]
    if not theorems:
        return []
    claims = short([d.claim for d in decided])
    return [Sufficient(owner, theorems[0].theorem, claims)]


def reason_of(verdict: Verdict) -> str:
    """What stopped a verdict that is no proof."""
    reason = getattr(verdict, "reason", "")
    count = getattr(verdict, "count", None)
    checked = "" if count is None else f"checked at {count} exact points"
    return "; ".join(filter(None, (checked, reason))) or "no reason given"
