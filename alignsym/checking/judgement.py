"""`check`: a person's claims about a model, each proved, refuted, checked, or unknown and why.

What a table claims (FORMAT.md; `StatedRegime`), for all declared parameters where its `when` holds:

values        together they solve the game by the definition of its concept: feasible, defined, and
              nobody has a better feasible choice.  Not that nothing else does.
multipliers   each is the shadow price of its constraint.  Of a constraint without entry nothing.
value         the objective at the solution.
continuum     the solutions are exactly the choices in their intervals that satisfy the relations.
outcome       there is no solution, for this reason.

With `complete` the tables claim besides that every declared parameter value satisfies the condition
of one of them, and that where tables are marked `multiple`, nothing else is a solution.

The solver is not used: what the proof needs and the person did not state is filled in
(`completion`) and verified like the rest.  What is refuted fails at an exact point, by enclosures;
points are tried first, for a false claim is refuted sooner than it is not proved.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import sympy as sp

from alignsym.checking import crowds, listed, outcomes, rivals, sequential, sets, texts
from alignsym.checking.completion import completed
from alignsym.checking.coverage import coverage
from alignsym.checking.points import Point, inside, numbers, witness
from alignsym.checking.refutation import Refutations, refutations
from alignsym.checking.report import Report
from alignsym.checking.shown import LATE, NOTHING_ELSE, THE_SOLUTION, THE_VALUE, Shown
from alignsym.checking.statement import tables
from alignsym.claims import (
    Checked,
    Claim,
    ClaimKind,
    Decided,
    Proved,
    Refuted,
    Unknown,
    Verdict,
    weakest,
)
from alignsym.errors import ContradictionError, UsageError
from alignsym.logic.decide import until
from alignsym.model.agents import StatedRegime
from alignsym.model.game import Concept, Game
from alignsym.model.writing import text
from alignsym.solution import Case, Continuum, Regime
from alignsym.verify.obligations import Verified, verify


def check(
    game: Game,
    claim: object = None,
    concept: Concept | None = None,
    *,
    complete: bool | None = None,
    seconds: float | None = None,
    partial: Callable[[Report], object] | None = None,
) -> Report:
    """Decide every claim about the game.

    Arguments: `claim`, by default the game's own `expected`; else a `StatedRegime`, a mapping from
    actions and prices to closed forms, a `Solution`, or a list of these; `concept`, by default the
    game's own.  `complete`: whether they claim to cover all parameters (default: what the game
    says).  `seconds`, after which what is not yet decided is unknown.  `partial` is told what is
    refuted at once, before anything is proved.

    >>> from alignsym.model.game import Agent
    >>> x, q = sp.symbols("x q", positive=True)
    >>> game = Game(Agent("alpha", sp.log(x), x, constraints={"cap": x <= q}), concept="maximize")
    >>> print(check(game, {x: q}).verdict)
    proved
    >>> print(check(game, {x: q/2}))
    claims: refuted
    <BLANKLINE>
    regime 1
      refuted   x = q/2
                at q = 1: alpha does better with x = 1: utility 0 in place of -0.69314718
    """
    began = time.perf_counter()
    concept = concept or game.concept
    if concept is None:
        raise UsageError("no concept", remedy="check(game, claim, 'nash'), or another")
    stated = tables(game, claim)
    whole = bool(game.complete) if complete is None else complete
    deadline = None if seconds is None else time.monotonic() + seconds
    with until(deadline):
        judge = _Judge(game, concept, stated, whole, deadline)
        first = judge.refuted_at_once()
        if partial is not None:
            so_far = time.perf_counter() - began
            partial(Report(game.id, judge.so_far(first), Unknown(LATE) if whole else None, so_far))
        decided, covers = judge.decided(first)
    return Report(game.id, decided, covers, time.perf_counter() - began)


class _Judge:
    """The claims of one check, decided table by table."""

    def __init__(
        self,
        game: Game,
        concept: Concept,
        stated: Sequence[StatedRegime],
        complete: bool,
        deadline: float | None,
    ) -> None:
        self.game, self.concept, self.listed = game, concept, stated
        self.complete, self.deadline = complete, deadline
        self.single = [k for k, t in enumerate(stated) if not (t.continuum or t.outcome)]
        self.another: Refuted | None = None  # a solution that no table lists, and where
        self.missed: Point | None = None
        self.inside: list[Point | None] = [None] * len(stated)
        self.cases: dict[int, Regime] = {}
        if not game.families:
            self.inside = [witness(game, t.when) for t in stated]
            self.cases = {k: self._completed(stated[k], k) for k in self.single}

    def _completed(self, table: StatedRegime, k: int) -> Regime:
        return completed(self.game, self.concept, table, self.inside[k])

    def refuted_at_once(self) -> dict[int, Refutations]:
        """What fails at the first points, by table."""
        return {k: self._refuted(k, thorough=False) for k in self.single}

    def so_far(self, found: Mapping[int, Refutations]) -> tuple[Decided, ...]:
        """What is refuted, all else being unknown."""
        out: list[Decided] = []
        for k in self.single:
            late: dict[str, Verdict] = {s: Unknown(LATE) for s in self._subjects(k)}
            out += self._worded(k, self.listed[k], {**late, **found[k].found})
        return tuple(out)

    def decided(
        self, found: Mapping[int, Refutations]
    ) -> tuple[tuple[Decided, ...], Verdict | None]:
        """Every claim with its verdict, and coverage if it is claimed."""
        shown, closed = self._verified(found)
        out: list[Decided] = []
        for k, table in enumerate(self.listed):
            if table.outcome:
                verdict = outcomes.outcome(self.game, self.concept, table)
                out.append(self._claim(k, "outcome", "outcome", str(table.outcome), verdict))
            elif table.continuum:
                out += self._set(k, table, closed.get(k))
            else:
                out += self._table(k, table, found[k], shown[k])
        if not self.complete:
            return tuple(out), None
        whole = self._coverage()
        claim = Claim("covered", None, "coverage", "the tables cover all declared parameters")
        return (*out, Decided(claim, whole)), whole

    # ------------------------------------------------------------------ what is claimed, and shown
    def _subjects(self, k: int) -> list[str]:
        """What the table claims: a solution, multipliers, a value, that nothing else is one."""
        table = self.listed[k]
        out = [THE_SOLUTION, *(n for n, _ in table.multipliers)]
        out += [THE_VALUE] if table.value is not None else []
        return out + ([NOTHING_ELSE] if table.multiple and self.complete else [])

    def _refuted(self, k: int, *, thorough: bool) -> Refutations:
        stated = frozenset(self._subjects(k)) - {NOTHING_ELSE}
        if self.game.families:
            return crowds.tried(self.game, self.concept, self.listed[k], stated)
        return refutations(
            self.game, self.concept, self.cases[k],
            stated=stated, thorough=thorough, deadline=self.deadline,
        )  # fmt: skip

    def _verified(
        self, found: Mapping[int, Refutations]
    ) -> tuple[dict[int, Shown], dict[int, Case]]:
        """What `verify` decides of tables with values, and the sets of solutions with verdicts."""
        shown = {k: Shown(stopped="the values are refuted") for k in self.single}
        numbers = [k for k in self.single if THE_SOLUTION not in found[k].found]
        if self.game.families:
            for k in numbers:
                rows = crowds.verified(self.game, self.concept, self.listed[k])
                if isinstance(rows, str):
                    shown[k] = Shown(stopped=rows)
                elif not crowds.inhabited(self.game, self.listed[k]):
                    shown[k] = Shown(stopped="no small instance inside the regime was found")
                else:
                    shown[k] = Shown(tuple(rows))
            return shown, {}
        if self.concept == "stackelberg":
            return {**shown, **self._in_order(numbers)}, {}
        continua = [k for k, t in enumerate(self.listed) if t.continuum]
        if continua and self.concept in listed.CONCEPTS:
            beside = [self._without(k, set(found[k].found)) for k in numbers]
            tables = [(self.listed[k], self.inside[k]) for k in continua]
            alone, sets_ = listed.verified(self.game, self.concept, beside, tables, self.deadline)
            shown |= {k: Shown(own) for k, own in zip(numbers, alone, strict=True)}
            return shown, dict(zip(continua, sets_, strict=True))
        cases: list[Case] = [self._without(k, set(found[k].found)) for k in numbers]
        for k in continua:
            cases.append(sets.continuum(self.game, self.concept, self.listed[k], self.inside[k]))
        if not cases:
            return shown, {}
        until_then = None
        if self.deadline is not None:  # the rest is kept for the points
            until_then = time.monotonic() + 0.7 * max(self.deadline - time.monotonic(), 0)
        with until(until_then):
            said: Verified = verify(self.game, self.concept, cases, deadline=until_then)
        for place, k in enumerate(numbers):
            own = tuple(d for d in said.decided if d.claim.regime == place)
            shown[k] = Shown(own, said.local[place])
        return shown, dict(zip(continua, said.sets))

    def _in_order(self, numbers: Sequence[int]) -> dict[int, Shown]:
        """What is shown of moves in order; no number of points shows that nothing is better."""
        found = sequential.verified(self.game, [self.listed[k] for k in numbers])
        if isinstance(found, str):
            return {k: Shown(local=found, stopped=found) for k in numbers}
        local = "moves in order are not supported by points"
        return {k: Shown(tuple(own), local) for k, own in zip(numbers, found, strict=True)}

    def _without(self, k: int, wrong: set[str]) -> Regime:
        """The case without the multipliers and the value that are refuted."""
        table = self.listed[k]
        if not wrong:
            return self.cases[k]
        right = tuple((n, e) for n, e in table.multipliers if n not in wrong)
        value = None if THE_VALUE in wrong else table.value
        return self._completed(replace(table, multipliers=right, value=value), k)

    # ------------------------------------------------------------------ one table
    def _table(
        self, k: int, table: StatedRegime, first: Refutations, shown: Shown
    ) -> list[Decided]:
        verdicts = {s: shown.of(s) for s in self._subjects(k)}
        found, points = dict(first.found), {s: first.of(s) for s in verdicts}
        open_ = [s for s, v in verdicts.items() if not isinstance(v, Proved) and s not in found]
        if open_ and THE_SOLUTION not in found and not self.game.families:
            more = self._refuted(k, thorough=True)
            points = {s: max(n, more.of(s)) for s, n in points.items()}
            found = {**more.found, **found}
        for s, verdict in verdicts.items():
            if s in found and s == THE_SOLUTION and isinstance(verdict, Proved):
                raise ContradictionError(
                    f"a claim that is proved fails: {found[s].reason}",
                    remedy="please report the model file",
                )
            if s in found:
                verdicts[s] = found[s]
            elif s == NOTHING_ELSE and isinstance(verdict, Unknown):
                verdicts[s] = self._nothing_else(k, verdict)
            elif isinstance(verdict, Unknown) and points[s] and not shown.local:
                verdicts[s] = Checked(points[s], verdict.reason)
        return self._worded(k, table, verdicts)

    def _nothing_else(self, k: int, open_: Unknown) -> Verdict:
        """Whether no solution is missing in the tables marked `multiple`."""
        shown = rivals.only_listed(self.game, self.concept, k, self.listed)
        if isinstance(shown, Proved):
            return shown
        known = self.missed
        if known is not None and inside(self.listed[k].when, numbers(known)) is True:
            return self.another or open_
        found = rivals.another(self.game, self.concept, k, self.listed, self.deadline)
        if found is not None:
            self.another = found
            self.missed = {s: Fraction(int(v.p), int(v.q)) for s, v in found.point}
        return found or open_

    def _worded(
        self, k: int, table: StatedRegime, verdicts: Mapping[str, Verdict]
    ) -> list[Decided]:
        verdicts = {s: weakest([v, texts.stated(self.game, table, s)]) for s, v in verdicts.items()}
        whole = verdicts[THE_SOLUTION]
        each: Verdict = whole
        out = []
        if len(table.values) > 1 and isinstance(whole, Refuted):
            said = ", ".join(f"{s} = {text(e)}" for s, e in table.values)
            out.append(self._claim(k, "optimal", "solution", f"a solution: {said}", whole))
            each = Unknown("the values are claimed together, and together they are refuted")
        for s, e in table.values:
            out.append(self._claim(k, "optimal", str(s), f"{s} = {text(e)}", each))
        for name, e in table.multipliers:
            statement = f"the multiplier of {name} is {text(e)}"
            out.append(self._claim(k, "multipliers", name, statement, verdicts[name]))
        if table.value is not None:
            statement = f"the optimal value is {text(table.value)}"
            out.append(self._claim(k, "reported", "value", statement, verdicts[THE_VALUE]))
        if NOTHING_ELSE in verdicts:
            statement = "nothing else than the tables marked multiple is a solution"
            out.append(
                self._claim(k, "exhaustive", NOTHING_ELSE, statement, verdicts[NOTHING_ELSE])
            )
        return out

    def _set(self, k: int, table: StatedRegime, closed: Case | None) -> list[Decided]:
        """The claims of a table with a set of solutions: exactly these, at this value and price."""
        whole: Verdict = Unknown("sets of solutions are verified for one decision maker")
        named: dict[str, sp.Expr] = {}
        if isinstance(closed, Continuum):
            whole = weakest([closed.status, closed.exhaustive])
            named = dict(closed.multipliers)
        wrong: dict[str, Refuted] = {}
        if not isinstance(whole, Proved) or set(named) != {n for n, _ in table.multipliers}:
            wrong = sets.refutations(self.game, self.concept, table)
        valued: Verdict = wrong.get(THE_VALUE, wrong.get(THE_SOLUTION, whole))
        whole = weakest(
            [wrong.get(THE_SOLUTION, whole), texts.stated(self.game, table, THE_SOLUTION)]
        )
        said = " and ".join(text(r) for r in table.continuum)
        out = [self._claim(k, "optimal", "continuum", f"the solutions are: {said}", whole)]
        for name, e in table.multipliers:
            verdict: Verdict = Unknown("the multiplier is not shown for the whole set")
            if name in named and isinstance(whole, Proved):
                verdict = Proved()
            verdict = weakest([wrong.get(name, verdict), texts.stated(self.game, table, name)])
            statement = f"the multiplier of {name} is {text(e)}"
            out.append(self._claim(k, "multipliers", name, statement, verdict))
        if table.value is not None:
            valued = weakest([valued, texts.stated(self.game, table, THE_VALUE)])
            statement = f"the optimal value is {text(table.value)}"
            out.append(self._claim(k, "reported", "value", statement, valued))
        return out

    def _claim(
        self, k: int, kind: ClaimKind, subject: str, statement: str, verdict: Verdict
    ) -> Decided:
        return Decided(Claim(kind, k, subject, statement, self.listed[k].when), verdict)

    # ------------------------------------------------------------------ the answer as a whole
    def _coverage(self) -> Verdict:
        regions = [t.when for t in self.listed]
        if not self.game.families:
            return coverage(self.game, regions)
        if crowds.covers(self.game, regions):
            return Proved()
        return Unknown("the tables are not shown to cover all parameters for every n")
