"""The way through for n members: one generic member and a few sums in place of a list of agents.

game -> crowd (plain symbols, totals) -> conditions of a generic member -> profiles -> obligations
for every n -> trial on instances -> Solution in the game's own terms.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import sympy as sp

from alignsym.activity import level_profiles
from alignsym.claims import Checked, Claim, Decided, Proved, Refuted, Unknown, Verdict, weakest
from alignsym.conditions.families import CrowdConditions, crowd_conditions
from alignsym.errors import ContradictionError
from alignsym.logic.crowd import JOINT, Crowd, Profile, crowd
from alignsym.logic.decide import implies, search
from alignsym.logic.powers import flattened
from alignsym.logic.sums import NotSummableError
from alignsym.model.game import Concept, Game
from alignsym.model.relations import Region, Relation
from alignsym.numeraire import at_numeraire, with_numeraire
from alignsym.solution import Regime, Solution
from alignsym.solving.families import profiles
from alignsym.solving.neat import shortened
from alignsym.verify.families import Shown, verify_profile
from alignsym.verify.instances import try_instances
from alignsym.verify.profiles import Reported

CANDIDATES = 12


@dataclass(frozen=True, slots=True)
class Answered:
    """A regime in the game's terms, where it holds over plain symbols, the claims decided.

    It holds where its condition does and where all it lists is defined.
    """

    regime: Regime
    profile: Profile
    where: Region
    decided: tuple[Decided, ...]


def solve_families(game: Game, concept: Concept, deadline: float | None, began: float) -> Solution:
    """The closed forms for every n, proved for a generic member, tried on small instances.

    Raises: ModelError where an index stands outside its family or a sum over the wrong range;
    ContradictionError where an instance refutes what is proved.
    """
    try:
        people = crowd(at_numeraire(game))
        found, stopped = answers(people, concept, deadline)
        if game.numeraire is not None:
            found, stopped = in_units(game, people, found, stopped)
    except NotSummableError as problem:
        found, stopped = [], str(problem)
    if not found:
        reason = stopped or "nothing was found"
        return Solution(
            game=game, concept=concept, cases=(), coverage=Unknown(reason), reason=reason,
            seconds=time.perf_counter() - began,
        )  # fmt: skip
    coverage = covered(people, [a.where for a in found])
    decided = tuple(d for a in found for d in a.decided)
    claim = Claim("covered", None, "", "the regimes cover all parameters")
    return Solution(
        game=game,
        concept=concept,
        cases=tuple(a.regime for a in found),
        coverage=coverage,
        decided=(*decided, Decided(claim, coverage)),
        reason="" if isinstance(coverage, Proved) else stopped,
        seconds=time.perf_counter() - began,
    )


def in_units(
    game: Game, people: Crowd, found: list[Answered], stopped: str
) -> tuple[list[Answered], str]:
    """The answers with the numeraire's price, where its market clears."""
    out = []
    for each in found:
        whole = with_numeraire(game, people, each.regime, each.profile, each.where)
        if isinstance(whole, str):
            stopped = whole
            continue
        regime, decided = whole
        out.append(replace(each, regime=regime, decided=(*each.decided, decided)))
    return out, stopped


def answers(
    people: Crowd, concept: Concept, deadline: float | None, *, of_sets: bool = False
) -> tuple[list[Answered], str]:
    """The proved profiles until they cover all parameters; without any, the best of the others.

    With `of_sets` also one of each set of maximisers that only determines sums of choices.
    """
    asked = crowd_conditions(people, concept)
    proved: list[Answered] = []
    weaker: list[Answered] = []
    stopped = ""
    for number, profile in enumerate(profiles(people, asked, deadline)):
        if isinstance(profile, str):
            stopped = profile or stopped
            continue
        if number >= CANDIDATES or (deadline is not None and time.monotonic() > deadline):
            stopped = "the time limit was reached"
            break
        answer = answered(people, concept, profile, of_sets)
        if isinstance(answer, str):
            stopped = answer
            continue
        kept = proved if isinstance(answer.regime.status, Proved) else weaker
        if any(a.regime.values == answer.regime.values for a in kept):
            continue
        if any(disputed(people, a, answer) for a in kept):
            # Where two hold together at most at a tie, the first keeps it.
            strict = replace(profile, when=tuple(r.tightened() for r in profile.when))
            answer = answered(people, concept, strict, of_sets)
            if (
                isinstance(answer, str)
                or any(disputed(people, a, answer) for a in kept)
                or (kept is proved) != isinstance(answer.regime.status, Proved)
            ):
                stopped = "several solutions may hold for the same parameters"
                continue
        kept.append(answer)
        if proved and isinstance(covered(people, [a.where for a in proved]), Proved):
            return proved, ""
    for answer in by_level(people, concept, asked):
        if isinstance(answer, str):
            stopped = stopped or answer
            if deadline is not None and time.monotonic() > deadline:
                break
            continue
        agreed = [a for a in proved if not disputed(people, a, answer)]
        if not answer.where and not any(e.has(sp.sign) for _, e in answer.regime.values):
            proved = [answer]  # a maximum says where all are active, too
        elif not answer.where or len(agreed) == len(proved):
            proved = [*(_no_other(people, a, answer) for a in agreed), answer]
        break
    return proved or weaker[:1], stopped


def answered(
    people: Crowd, concept: Concept, profile: Profile, of_sets: bool = False
) -> Answered | str:
    """The profile with its verdicts, as a regime of the game; a text says why it is none."""
    said = reported(people, concept, profile)
    shown = verify_profile(people, concept, profile, said)
    if shown.flat and not of_sets:
        return "only sums of choices are determined: the solutions are a set"
    regime = concluded(people, concept, profile, said, shown)
    if isinstance(regime, str):
        return regime
    listed = [*(e for _, e in (*profile.values, *profile.multipliers, *profile.bounds))]
    listed += [e for r in profile.when for e in (r.left, r.right)]
    more = people.undefined((*people.declared, *profile.when), listed)
    return Answered(regime, profile, (*more, *profile.when), shown.decided)


def _no_other(people: Crowd, one: Answered, general: Answered) -> Answered:
    """A solution where another answer holds too, and is the only one, is the same one."""
    if isinstance(one.regime.exhaustive, Proved):
        return one
    region = people.facts((*people.declared, *one.where))
    if not isinstance(general.regime.exhaustive, Proved) or not all(
        implies(region, r).is_proof for r in general.where
    ):
        return one
    return replace(one, regime=replace(one.regime, exhaustive=general.regime.exhaustive))


def by_level(people: Crowd, concept: Concept, asked: CrowdConditions) -> Iterator[Answered | str]:
    """Regimes in which any of the members may choose their bound; what is listed is defined."""
    for found in level_profiles(people, asked, concept):
        if isinstance(found, str):
            yield found
            continue
        levelled, profile, said, shown = found
        regime = concluded(levelled, concept, profile, said, shown)
        if isinstance(regime, str) or not isinstance(regime.status, Proved):
            yield regime if isinstance(regime, str) else "what is written is not shown"
            continue
        yield Answered(regime, profile, profile.when, shown.decided)


def concluded(
    people: Crowd, concept: Concept, profile: Profile, said: Reported, shown: Shown
) -> Regime | str:
    """The regime with its final status, after the trial on instances; a text says why none."""
    regime = written(people, profile, said, shown)
    trial = try_instances(people.game, concept, regime)
    if isinstance(trial.verdict, Refuted):
        if isinstance(shown.status, Proved):
            raise ContradictionError(
                f"a proved answer for n members fails: {trial.verdict.reason}",
                remedy="please report the model file",
            )
        return f"a candidate was refuted: {trial.verdict.reason}"
    # Sums over active members are written out here, so that instances must have been met.
    met = trial.inside and not (profile.written_out and isinstance(trial.verdict, Unknown))
    inside: Verdict = Proved() if met else Unknown("no instance inside it was found")
    status = weakest([shown.status, inside])
    if isinstance(status, Unknown) and isinstance(trial.verdict, Checked):
        status = Checked(trial.verdict.count, status.reason)
    if isinstance(status, Unknown):
        return status.reason
    return written(people, profile, said, replace(shown, status=status))


def reported(people: Crowd, concept: Concept, profile: Profile) -> Reported:
    """The optimal value where the concept has one, and every role's payoff."""
    ledger, values = people.ledger, dict(profile.values)
    value = None
    if concept in JOINT:
        target = people.objective(concept)
        if concept == "maximize" and people.roles[0].loss:
            target = -target
        value = shortened(flattened(ledger.at(target, values)))
    payoffs = tuple(
        (r.name, shortened(flattened(ledger.at(r.utility, values)))) for r in people.roles
    )
    return Reported(value, payoffs)


def written(people: Crowd, profile: Profile, said: Reported, shown: Shown) -> Regime:
    """The profile over indexed symbols and sums."""
    ledger = people.ledger
    prices = {p.symbol: p.symbol for p in people.game.prices}
    return Regime(
        when=tuple(ledger.written(r) for r in profile.when),
        values=tuple(
            (prices.get(s) or ledger.indexed(s), ledger.indexed(e)) for s, e in profile.values
        ),
        multipliers=tuple((k, ledger.indexed(e)) for k, e in profile.multipliers),
        bounds=tuple((k, ledger.indexed(e)) for k, e in profile.bounds),
        value=None if said.value is None else ledger.indexed(said.value),
        utilities=tuple((k, ledger.indexed(e)) for k, e in said.utilities),
        binding=profile.binding,
        status=shown.status,
        exhaustive=shown.exhaustive,
    )


def covered(people: Crowd, regions: list[Region]) -> Verdict:
    """No declared parameters lie outside every region; a member's condition covers nothing."""
    if any(not region for region in regions):
        return Proved()
    members = set(people.ledger.members)
    plain = [r for r in regions if not any(c.free_symbols & members for c in r)]
    premises = people.facts(people.declared, *(c.gap for r in plain for c in r))
    if plain and search(premises, outside=plain, milliseconds=2000).is_proof:
        return Proved()
    if len(plain) < len(regions):
        return Unknown("data for which some members choose their bound are not covered")
    return Unknown("the regimes are not shown to cover all parameters")


def disputed(people: Crowd, one: Answered, two: Answered) -> bool:
    """Whether two answers may hold for the same parameters and differ there."""
    if isinstance(one.regime.exhaustive, Proved) or isinstance(two.regime.exhaustive, Proved):
        return False
    theirs = dict(two.profile.values)
    differ = tuple(Relation(e, "!=", theirs[s]) for s, e in one.profile.values if theirs[s] != e)
    region = people.facts((*people.declared, *one.where, *two.where), *(r.gap for r in differ))
    return bool(differ) and not search(region, any_of=differ).is_proof
