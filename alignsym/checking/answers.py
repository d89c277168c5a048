"""Every claim that an answer makes, regenerated from the model and decided without the solver.

An answer is a list of cases and a way to show them.  The way is a hint, one of a closed list; each
is sound by itself, and none reads a verdict from whoever hands the answer in:

definition   every obligation of `verify.obligations`
equilibria   points and sets of equilibria against everybody's best replies, which are the
             answers to programs of one agent each, shown first (`verify.all_equilibria`)
scale        rays of prices: the answer at numeraire 1, shown first (`verify.scale`)
members      n symbolic: one generic member stands for all (`verify.families`)
in order     movers one after the other, each best after every earlier move (`sequential`)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from alignsym.checking import crowds, outcomes, sequential
from alignsym.checking.statement import table_of
from alignsym.claims import (
    Claim,
    ClaimKind,
    Decided,
    Proved,
    Refuted,
    Unknown,
    Verdict,
    weakest,
)
from alignsym.errors import UsageError
from alignsym.logic.normal import is_identically_zero
from alignsym.model.game import Concept, Game
from alignsym.model.relations import Expr
from alignsym.model.responses import response_program
from alignsym.present.rich import html, latex
from alignsym.solution import Case, Continuum, NoSolution, Regime, Solution
from alignsym.verify.all_equilibria import Replies, replies_of, verify_equilibria
from alignsym.verify.obligations import covered, verify
from alignsym.verify.scale import matters_up_to_scale, ray
from alignsym.verify.trial import try_regime

AT_ONE = "at numeraire 1"


@dataclass(frozen=True, slots=True)
class Answer:
    """Cases somebody hands in for a game, and how they are to be shown.

    `programs`: answers to games that the way to show it needs, by name; each is shown like any
    other answer before it is used, and the games are made from the model, never read.
    """

    game: Game
    concept: Concept
    cases: tuple[Case, ...]
    method: str = "definition"
    programs: tuple[tuple[str, Answer], ...] = ()

    _repr_html_ = html
    _repr_latex_ = latex


@dataclass(frozen=True, slots=True)
class Shown:
    """Every obligation with its verdict, the cases with theirs, and coverage."""

    decided: tuple[Decided, ...]
    cases: tuple[Case, ...]
    coverage: Verdict

    @property
    def verdict(self) -> Verdict:
        """The weakest of all."""
        return weakest([self.coverage, *(d.verdict for d in self.decided)])


def shown(answer: Answer, *, deadline: float | None = None) -> Shown:
    """Decide every obligation of the answer; after the deadline the rest is unknown.

    Raises: UsageError for a way to show it that there is not, or that this game does not have.

    >>> import sympy as sp
    >>> from alignsym.model.game import Agent
    >>> x, q = sp.symbols("x q", positive=True)
    >>> game = Game(Agent("alpha", sp.log(x), x, constraints={"cap": x <= q}))
    >>> regime = Regime((), ((x, q),), (("cap", 1/q),), (("x", sp.S.Zero),), sp.log(q),
    ...                 (("alpha", sp.log(q)),), witness=((q, sp.S.One),))
    >>> found = shown(Answer(game, "maximize", (regime,)))
    >>> len(found.decided), {type(d.verdict).__name__ for d in found.decided}
    (11, {'Proved'})
    """
    if answer.method not in METHODS:
        known = ", ".join(METHODS)
        raise UsageError(f"no way {answer.method!r} to show an answer", remedy=f"one of: {known}")
    return METHODS[answer.method](answer, deadline)


def _definition(answer: Answer, deadline: float | None) -> Shown:
    game, concept = answer.game, answer.concept
    if concept == "stackelberg" or game.families:
        raise UsageError("this game is not shown by its definition alone", where="method")
    places = [k for k, c in enumerate(answer.cases) if isinstance(c, Regime)]
    sets = [k for k, c in enumerate(answer.cases) if isinstance(c, Continuum)]
    said = verify(game, concept, answer.cases, deadline=deadline)
    decided = [_placed(d, places) for d in said.decided]
    cases: list[Case] = list(answer.cases)
    for k, regime in zip(places, said.regimes, strict=True):
        cases[k] = _tried(game, concept, regime, len(places))
    for k, closed in zip(sets, said.sets, strict=True):
        cases[k] = closed
        decided += _of_set(k, closed)
        if closed.multipliers != answer.cases[k].multipliers:  # type: ignore[union-attr]
            text = "the multipliers are those of all members"
            decided.append(_claim("multipliers", k, "", text, Unknown("not shown")))
    for k, case in enumerate(answer.cases):
        if isinstance(case, NoSolution):
            verdict = outcomes.outcome(game, concept, table_of(case))
            cases[k] = replace(case, status=verdict)
            decided.append(_claim("outcome", k, "", f"no solution: {case.outcome}", verdict))
    decided += [_contradicted(k, c) for k, c in enumerate(cases) if _is_refuted(c)]
    return Shown(tuple(decided), tuple(cases), said.coverage)


def _equilibria(answer: Answer, deadline: float | None) -> Shown:
    game, concept = answer.game, answer.concept
    if concept not in ("nash", "variational", "walras") or game.families:
        raise UsageError("best replies are those of several agents", where="method")
    replies: dict[str, Replies] = {}
    decided: list[Decided] = []
    for name, given in answer.programs:
        if name not in {a.name for a in game.agents} or concept != "nash":
            raise UsageError(f"no best replies of {name!r} are needed", where="programs")
        program = response_program(game, name)
        part = shown(replace(given, game=program, concept="maximize"), deadline=deadline)
        replies[name] = replies_of(Solution(program, "maximize", part.cases, part.coverage))
        # What is left open of a reply makes `replies` incomplete, and no more is read of it.
        decided += [_of_program(name, d) for d in part.decided]
    listed = verify_equilibria(game, concept, answer.cases, replies, deadline=deadline)
    decided += listed.decided
    cases = list(listed.cases)
    for k, case in enumerate(cases):
        if isinstance(case, NoSolution):
            decided.append(_claim("outcome", k, "", f"no solution: {case.outcome}", case.status))
            continue
        if isinstance(case, Regime):
            case = cases[k] = _tried(game, concept, case, len(cases))
        decided += _of_set(k, case)
    decided += [_contradicted(k, c) for k, c in enumerate(cases) if _is_refuted(c)]
    coverage = covered(game, [c.when for c in cases])
    decided.append(_claim("covered", None, "", "the regimes cover all parameters", coverage))
    return Shown(tuple(decided), tuple(cases), coverage)


def _scale(answer: Answer, deadline: float | None) -> Shown:
    game = answer.game
    programs = dict(answer.programs)
    if answer.concept != "walras" or not matters_up_to_scale(game) or set(programs) != {AT_ONE}:
        raise UsageError("prices matter, or there is no answer at numeraire 1", where="method")
    numeraire = game.prices[-1].symbol
    fixed = replace(programs[AT_ONE], game=game.altered(numeraire=numeraire), concept="walras")
    part = shown(fixed, deadline=deadline)
    decided = [_of_program(AT_ONE, d) for d in part.decided]
    cases: list[Case] = list(answer.cases)
    text = "the case is the ray through its answer at numeraire 1"
    if len(cases) != len(part.cases):
        raise UsageError("another number of rays than of answers at numeraire 1", where="regimes")
    for k, (case, point) in enumerate(zip(answer.cases, part.cases, strict=True)):
        same: Verdict = Unknown("it is another set")
        if isinstance(point, Regime) and isinstance(case, Continuum):
            whole = ray(game, point, numeraire)
            if _same_set(whole, case):
                same, cases[k] = Proved(), whole
        decided.append(_claim("optimal", k, "ray", text, same))
        decided += _of_set(k, cases[k] if isinstance(same, Proved) else _open(case))
    coverage = covered(game, [c.when for c in cases])
    decided.append(_claim("covered", None, "", "the regimes cover all parameters", coverage))
    return Shown(tuple(decided), tuple(cases), coverage)


def _members(answer: Answer, deadline: float | None) -> Shown:
    game, concept = answer.game, answer.concept
    if not game.families or concept == "stackelberg":
        raise UsageError("no family of agents or goods", where="method")
    decided: list[Decided] = []
    cases: list[Case] = []
    for k, case in enumerate(answer.cases):
        if not isinstance(case, Regime):
            stopped = Unknown("single closed forms are shown for n members")
            decided.append(_claim("optimal", k, "", "the case holds for every n", stopped))
            cases.append(_open(case))
            continue
        table = table_of(case)
        rows = crowds.verified(game, concept, table, dict(case.bounds))
        if isinstance(rows, str):
            rows = [_claim("optimal", k, "", "the case holds for every n", Unknown(rows))]
        rows = [replace(d, claim=replace(d.claim, regime=k)) for d in rows]
        inside: Verdict = Proved()
        if not crowds.inhabited(game, table):
            inside = Unknown("no small instance inside the regime was found")
        rows.append(_claim("nonempty", k, "", "some parameters are in the regime", inside))
        decided += rows
        only = [d.verdict for d in rows if d.claim.kind == "exhaustive"]
        rest = [d.verdict for d in rows if d.claim.kind != "exhaustive"]
        cases.append(replace(case, status=weakest(rest), exhaustive=weakest(only)))
    coverage: Verdict = Proved()
    if not cases or not crowds.covers(game, [c.when for c in cases]):
        coverage = Unknown("the regimes are not shown to cover all parameters for every n")
    decided.append(_claim("covered", None, "", "the regimes cover all parameters", coverage))
    return Shown(tuple(decided), tuple(cases), coverage)


def _in_order(answer: Answer, deadline: float | None) -> Shown:
    game = answer.game
    if answer.concept != "stackelberg" or game.families:
        raise UsageError("only moves in order are shown mover by mover", where="method")
    listed = sequential.verified(game, [table_of(c) for c in answer.cases])
    decided: list[Decided] = []
    cases: list[Case] = []
    for k, case in enumerate(answer.cases):
        rows: list[Decided] = []
        if isinstance(listed, str) or not isinstance(case, Regime):
            text = listed if isinstance(listed, str) else "single closed forms are shown"
            rows = [_claim("optimal", k, "", "nobody has a better move", Unknown(text))]
        else:
            rows = listed[k]
        decided += rows
        only = [d.verdict for d in rows if d.claim.kind == "exhaustive"]
        rest = [d.verdict for d in rows if d.claim.kind != "exhaustive"]
        case = replace(case, status=weakest(rest))
        if isinstance(case, Regime):
            alone = weakest(only) if only else Unknown("not shown")
            case = _tried(game, "stackelberg", replace(case, exhaustive=alone), len(answer.cases))
        cases.append(case)
    decided += [_contradicted(k, c) for k, c in enumerate(cases) if _is_refuted(c)]
    coverage = covered(game, [c.when for c in cases])
    decided.append(_claim("covered", None, "", "the regimes cover all parameters", coverage))
    return Shown(tuple(decided), tuple(cases), coverage)


METHODS: Mapping[str, Callable[[Answer, float | None], Shown]] = {
    "definition": _definition,
    "equilibria": _equilibria,
    "scale": _scale,
    "members": _members,
    "in order": _in_order,
}


# ------------------------------------------------------------------ claims
def _claim(
    kind: ClaimKind, regime: int | None, subject: str, statement: str, verdict: Verdict
) -> Decided:
    return Decided(Claim(kind, regime, subject, statement), verdict)


def _placed(decided: Decided, places: Sequence[int]) -> Decided:
    """The claim about a single solution, numbered among all cases."""
    index = decided.claim.regime
    if index is None:
        return decided
    return replace(decided, claim=replace(decided.claim, regime=places[index]))


def _of_program(name: str, decided: Decided) -> Decided:
    """The claim about an answer that another one rests on."""
    claim = decided.claim
    where = "" if claim.regime is None else f" case {claim.regime}"
    said = f"({name}{where}) {claim.statement}"
    return replace(decided, claim=replace(claim, regime=None, subject=name, statement=said))


def _of_set(k: int, case: Case) -> list[Decided]:
    out = [_claim("optimal", k, "all", "what is listed is a solution", case.status)]
    if not isinstance(case, NoSolution):
        text = "nothing else is a solution"
        out.append(_claim("exhaustive", k, "all", text, case.exhaustive))
    return out


def _open(case: Case) -> Case:
    nothing = Unknown("not shown")
    if isinstance(case, NoSolution):
        return replace(case, status=nothing)
    return replace(case, status=nothing, exhaustive=nothing)


def _same_set(one: Continuum, two: Continuum) -> bool:
    """Whether two sets are described by the same condition, relations and values."""
    mine, theirs = dict(one.values), dict(two.values)
    if one.when != two.when or one.relations != two.relations or set(mine) != set(theirs):
        return False
    if two.multipliers or two.value is not None:
        return False
    return all(_equal(e, theirs[s]) for s, e in mine.items())


def _equal(one: Expr, two: Expr) -> bool:
    return bool(one == two) or is_identically_zero(one - two)


# ------------------------------------------------------------------ against a proof
def _tried(game: Game, concept: Concept, regime: Regime, among: int) -> Regime:
    """The regime as it is, unless an evaluator that is not SymPy refutes it at an exact point."""
    outcome = try_regime(game, concept, regime, thorough=False, among=among)
    return replace(regime, status=outcome) if isinstance(outcome, Refuted) else regime


def _is_refuted(case: Case) -> bool:
    return isinstance(case.status, Refuted)


def _contradicted(k: int, case: Case) -> Decided:
    return _claim("optimal", k, "points", "the definition holds at exact points", case.status)
