"""Bargaining: the Nash solution, that of Kalai and Smorodinsky, and the egalitarian one.

The last two maximise the least relative gain,

    max t   s.t.   U_i(x) - d_i >= t*s_i for all i,  x feasible,

and are accepted only if, by definition, all relative gains are equal and the profile is strongly
efficient (`verify.bargains`).
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal, get_args

import sympy as sp

from alignsym.answer import solve
from alignsym.claims import Claim, Decided, Proved, Unknown, Verdict, weakest
from alignsym.conditions.bargaining import refuse_weights
from alignsym.errors import UsageError
from alignsym.logic.decide import implies, search
from alignsym.model.agents import Action, Agent, Constraint, named_expressions
from alignsym.model.game import Game
from alignsym.model.relations import Expr, Interval, Region, Relation
from alignsym.solution import Case, NoSolution, Regime, Solution
from alignsym.solving.neat import shortened
from alignsym.solving.regimes import payoff, witness_of
from alignsym.solving.thresholds import conditions
from alignsym.verify.bargains import efficient, equal_shares, real
from alignsym.verify.decision import domain_of
from alignsym.verify.obligations import covered, proved_optimal
from alignsym.verify.outcomes import no_solution_where

Rule = Literal["nash", "kalai-smorodinsky", "egalitarian"]
RULES: tuple[Rule, ...] = get_args(Rule)
_ZERO = sp.S.Zero
Scales = dict[str, Expr]


def bargain(
    game: Game,
    *,
    weights: Mapping[str, object] | None = None,
    disagreement: Mapping[str, object] | None = None,
    solution: Rule = "nash",
    seconds: float | None = None,
) -> Solution:
    """The bargaining solution over feasible profiles with U_i >= d_i (individually rational).

    - "nash": max prod (U_i - d_i)**w_i (Nash 1950; weighted: Kalai 1977, Harsanyi and Selten 1972)
    - "kalai-smorodinsky": efficient, (U_i - d_i)/(m_i - d_i) equal, m_i the largest U_i over
      individually rational profiles (Kalai and Smorodinsky 1975); takes no weights
    - "egalitarian": efficient, (U_i - d_i)/w_i equal (Kalai 1977); w_i = 1 unless said

    `solution.value` is the product of gains, or the common share of the scales.  Where no profile
    is individually rational the answer says infeasible.  Where equal shares leave something to one
    agent that costs the others nothing, no efficient profile has equal shares and the answer is
    unknown.

    Arguments: `weights` and `disagreement`, {agent's name: expression}, in place of the game's own
    (weights 1 and d_i = 0 where neither says).
    Raises: UsageError for an unknown name or rule, for prices, for weights that have no place,
    and for negative ones.

    >>> x, y = sp.symbols("x y", nonnegative=True)
    >>> game = Game(Agent("a", x, x), Agent("b", sp.sqrt(y), y), shared={"cake": x + y <= 1})
    >>> bargain(game)[x], bargain(game, solution="kalai-smorodinsky")[x]
    (2/3, (-1 + sqrt(5))/2)
    """
    if solution not in RULES:
        raise UsageError(
            f"no bargaining solution {solution!r}", where="bargain", remedy=", ".join(RULES)
        )
    if weights and solution == "kalai-smorodinsky":
        raise UsageError("Kalai and Smorodinsky's solution has no weights", where="bargain")
    names = {a.name for a in game.agents} | {str(f.index) for f in game.families}
    for kind, given in (("weights", weights), ("disagreement", disagreement)):
        unknown = sorted(set(given or ()) - names)
        if unknown:
            raise UsageError(
                f"no agent {unknown[0]!r}", where=kind, remedy=f"agents: {', '.join(sorted(names))}"
            )
    if weights is not None:
        game = game.altered(weights=named_expressions(weights, where="weights"))
    if disagreement is not None:
        point = named_expressions(disagreement, where="disagreement")
        game = game.altered(disagreement=point)
    if game.prices:
        raise UsageError("nobody bargains at prices", where="bargain", remedy="a game without them")
    refuse_weights(game)
    if solution == "nash":
        return solve(game, "bargaining", seconds=seconds)
    if game.families:
        raise UsageError(
            "a family of symbolic size bargains by the Nash solution only",
            where="bargain",
            remedy="write the agents out",
        )
    return by_shares(game, solution, seconds)


@dataclass(frozen=True, slots=True)
class Ideals:
    """The scales on a set of parameters, the verdict on them, and what they rest on."""

    when: Region
    scales: Scales
    verdict: Verdict
    facts: tuple[Decided, ...]


def by_shares(game: Game, rule: Rule, seconds: float | None) -> Solution:
    """The profile that maximises the least relative gain, with its verdict by definition."""
    began = time.perf_counter()
    share = None if seconds is None else seconds / (len(game.agents) + 2)
    found = _egalitarian(game) if rule == "egalitarian" else _ideals(game, share)
    if isinstance(found, str):
        return _unknown(game, rule, found, began)
    ideals, without = found
    cases: list[Case] = list(without)
    decided: list[Decided] = []
    reasons: list[str] = []
    for ideal in ideals:
        program, symbol = _program(game, ideal)
        answer = solve(program, "maximize", seconds=share)
        reasons += [answer.reason] if answer.reason else []
        decided += ideal.facts
        for case in answer.cases:
            if isinstance(case, NoSolution):
                cases.append(replace(case, when=(*ideal.when, *case.when)))
            elif not isinstance(case, Regime):
                reasons.append("several profiles have the largest least share")
            else:
                shown = isinstance(case.status, Proved) or proved_optimal(answer, case)
                only = case.exhaustive if shown else case.status
                for told in _regimes(game, ideal, replace(case, exhaustive=only), symbol):
                    stopped = _stopped(told)
                    reasons += [stopped] if stopped else []
                    cases += [] if stopped else [told]
    if not cases:
        return _unknown(game, rule, reasons[0] if reasons else "nothing was found", began)
    return Solution(
        game=game,
        concept="bargaining",
        cases=tuple(cases),
        coverage=covered(game, [c.when for c in cases]),
        decided=tuple(decided),
        reason=reasons[0] if reasons else "",
        seconds=time.perf_counter() - began,
        criterion=rule,
    )


def _unknown(game: Game, rule: Rule, reason: str, began: float) -> Solution:
    seconds = time.perf_counter() - began
    return Solution(game, "bargaining", (), Unknown(reason), (), (), reason, seconds, rule)


def _stopped(case: Regime | NoSolution) -> str:
    """Why a regime that is not shown to be the solution cannot be given as one."""
    status = case.status
    return "" if isinstance(status, Proved) else getattr(status, "reason", "not shown")


# ------------------------------------------------------------------ the scales
def _egalitarian(game: Game) -> tuple[list[Ideals], list[NoSolution]]:
    weights = {a.name: game.weight(a.name) for a in game.agents}
    return [Ideals((), weights, Proved(), ())], []


def _ideals(game: Game, seconds: float | None) -> tuple[list[Ideals], list[NoSolution]] | str:
    """m_i - d_i for every agent on the sets of parameters where each m_i has one closed form."""
    rows: list[list[Regime]] = []
    facts: list[Decided] = []
    without: list[NoSolution] = []
    for agent in game.agents:
        best = _best_for(game, agent)
        answer = solve(best, "maximize", seconds=seconds)
        for case in answer.cases:
            if isinstance(case, NoSolution) and case.outcome != "infeasible":
                return f"{agent.name} has no ideal utility: {case.reason}"
            if isinstance(case, NoSolution) and not without:
                without = [c for c in answer.cases if isinstance(c, NoSolution)]
        rows.append(list(_valued(answer)))
        if not rows[-1] and not without:
            return f"the ideal utility of {agent.name} is not known: {answer.reason}"
        claim = Claim("optimal", None, agent.name, f"the ideal utility of {agent.name}")
        facts.append(Decided(claim, weakest(r.status for r in rows[-1])))
    point = dict(game.disagreement)
    out = []
    given = game.domain()
    for row in product(*rows):
        region = tuple(dict.fromkeys(r for regime in row for r in regime.when))
        if search((*given, *(r.tightened() for r in region))).is_proof:
            continue
        scales = {
            a.name: shortened((_ZERO if r.value is None else r.value) - point.get(a.name, _ZERO))
            for a, r in zip(game.agents, row, strict=True)
        }
        gainful = tuple(Relation(s, ">", _ZERO) for s in scales.values())
        when = conditions((*region, *gainful), given)
        if not search((*given, *when)).is_proof:
            verdict = weakest(r.status for r in row)
            out.append(Ideals(when, scales, verdict, tuple(facts)))
    return out, without


def _valued(answer: Solution) -> Iterator[Regime]:
    """Regimes by their value: of several maximisers one tells the ideal utility; a continuum
    too."""
    for case in answer.cases:
        if isinstance(case, NoSolution) or case.value is None:
            continue
        if isinstance(case, Regime):
            # Of the ideal only the value is used; rationality that binds twice leaves no one price.
            status = Proved() if proved_optimal(answer, case) else case.status
            yield replace(case, status=status)
        else:
            yield Regime(case.when, (), value=case.value, status=case.status)


def _best_for(game: Game, agent: Agent) -> Game:
    """max U_i over feasible, individually rational profiles."""
    point = dict(game.disagreement)
    bounds = tuple(r for a in game.actions for r in a.interval.contains(a.symbol))
    rational = []
    for a in game.agents:
        enough = Relation(a.utility, ">=", point.get(a.name, _ZERO))
        if not implies((*game.domain(), *bounds), enough).is_proof:
            rational.append(Constraint(f"rational for {a.name}", enough))
    return _joint(game, Agent(
        agent.name,
        agent.utility,
        *game.actions,
        constraints=(*game.constraints, *rational),
        domain=_everyones(game),
    ))  # fmt: skip


def _program(game: Game, ideal: Ideals) -> tuple[Game, sp.Symbol]:
    """max t s.t. U_i - d_i >= t*s_i, x feasible, on the parameters of `ideal`."""
    taken = game.names()
    name = "t"
    while name in taken:
        name += "t"
    t = sp.Symbol(name, real=True)
    point = dict(game.disagreement)
    shares = [
        Constraint(
            f"share of {a.name}",
            Relation(a.utility - point.get(a.name, _ZERO), ">=", t * ideal.scales[a.name]),
        )
        for a in game.agents
    ]
    arbiter = Agent(
        "arbiter",
        t,
        *game.actions,
        Action(t, Interval.real()),
        constraints=(*game.constraints, *shares),
        domain=_everyones(game),
    )
    return _joint(game, arbiter, ideal.when), t


def _everyones(game: Game) -> Region:
    return domain_of(game.agents, game.constraints)


def _joint(game: Game, agent: Agent, when: Region = ()) -> Game:
    return game.altered(
        agents=(agent,),
        shared=(),
        weights=(),
        disagreement=(),
        conditions=(*game.conditions, *when),
        concept="maximize",
        expected=(),
        expect=None,
    )


# ------------------------------------------------------------------ the answer
def _regimes(
    game: Game, ideal: Ideals, case: Regime, symbol: sp.Symbol
) -> list[Regime | NoSolution]:
    """Where the least share is negative no profile is individually rational."""
    share = dict(case.values)[symbol]
    given = game.domain()
    when = conditions((*ideal.when, *case.when), given)
    nothing = Relation(share, "<", _ZERO)
    if search((*given, *when, nothing)).is_proof:
        return [_regime(game, ideal, case, symbol, when)]
    out: list[Regime | NoSolution] = []
    if not search((*given, *when, nothing.negated().tightened())).is_proof:
        rational = conditions((*when, nothing.negated()), given)
        out.append(_regime(game, ideal, case, symbol, rational))
    empty = conditions((*when, nothing), given)
    inside = witness_of(game, empty)
    return [*out, no_solution_where(game, "bargaining", empty, "infeasible", (), inside)]


def _regime(game: Game, ideal: Ideals, case: Regime, symbol: sp.Symbol, when: Region) -> Regime:
    """The program's optimum in the terms of the game, with the verdict by definition."""
    values = {s: e for s, e in case.values if s != symbol}
    share = dict(case.values)[symbol]
    region = (*game.domain(), *when)
    formulas = (*values.values(), share, *ideal.scales.values())
    status = weakest(
        [
            ideal.verdict,
            real(formulas, region),
            equal_shares(game, values, share, ideal.scales, region),
            efficient(game, values, region, only=case.exhaustive),
        ]
    )
    named = {c.name for c in game.constraints}
    return replace(
        case,
        when=when,
        values=tuple(values.items()),
        multipliers=tuple((n, mu) for n, mu in case.multipliers if n in named),
        bounds=tuple((n, mu) for n, mu in case.bounds if n != symbol.name),
        value=share,
        utilities=tuple((a.name, payoff(a.utility, values)) for a in game.agents),
        binding=tuple(n for n in case.binding if n in named or n in {a.name for a in game.actions}),
        witness=witness_of(game, when),
        status=status,
    )
