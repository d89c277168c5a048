"""Is the equilibrium efficient, what does it cost if not, and which instrument would align it?"""

from __future__ import annotations

import time
from dataclasses import replace

import sympy as sp

from alignsym.alignment.arena import Arena, arena
from alignsym.alignment.contracts import lindahl, side_payment
from alignsym.alignment.crowds import judge_crowd
from alignsym.alignment.efficiency import Alignment, Efficiency, Instrument, Named, Optimum
from alignsym.alignment.instruments import in_order, permits, pigou, price
from alignsym.alignment.pareto import POSITIVE, SINGLE, TRANSFERABLE, cone_of, judged
from alignsym.alignment.profile import Profile, is_proved
from alignsym.alignment.theorems import FIRST, first_welfare
from alignsym.alignment.welfare import anarchy, largest_sum, loss, optimum
from alignsym.answer import solve
from alignsym.claims import Unknown, weakest
from alignsym.model.game import Concept, Game
from alignsym.model.relations import Relation
from alignsym.solution import Regime, Solution
from alignsym.verify.facts import holds
from alignsym.verify.trial import points

_ZERO = sp.S.Zero
POINTS = 5
BARGAIN = "a maximiser of a product of positive gains is strongly efficient"


def align(
    game: Game,
    concept: Concept | None = None,
    *,
    seconds: float | None = None,
    instruments: bool = True,
) -> Alignment:
    """Solve the game and judge every equilibrium; see `alignment`.

    >>> import sympy as sp
    >>> from alignsym.model.game import Agent
    >>> x, (p, e) = sp.Symbol("x", nonnegative=True), sp.symbols("p e", positive=True)
    >>> mill = Agent("mill", p*x - x**2/2, x)
    >>> game = Game(mill, Agent("fishery", -e*x), concept="nash")
    >>> found = align(game)
    >>> found.equilibria[0].kind, found.equilibria[0].weights
    ('strongly', (('mill', 1), ('fishery', 0)))
    """
    share = None if seconds is None else 0.4 * seconds
    began = time.perf_counter()
    solution = solve(game, concept, seconds=share)
    left = None if seconds is None else seconds - (time.perf_counter() - began)
    out = alignment(solution, seconds=left, instruments=instruments)
    return replace(out, seconds=time.perf_counter() - began)


def alignment(
    solution: Solution, *, seconds: float | None = None, instruments: bool = True
) -> Alignment:
    """Efficiency of every case of a solution, the optimum, the loss, and instruments.

    Arguments: `seconds`, after which what is left stays undecided, and is said so.
    """
    began = time.monotonic()
    game, concept = solution.game, solution.concept
    nothing = Alignment(game, concept, (), None, None, None, (), solution.reason)
    if not solution.regimes:
        return replace(nothing, reason=solution.reason or "no closed form of an equilibrium")
    if game.families and concept in ("nash", "variational", "walras", "social"):
        share = None if seconds is None else 0.5 * seconds
        crowd, whole_ = judge_crowd(solution, seconds=share)
        return replace(nothing, equilibria=crowd, optimum=whole_)
    found = arena(game, concept, dict(solution.regimes[0].values))
    if isinstance(found, str):
        why = Unknown(found)
        rows = tuple(_undecided(r, why) for r in solution.regimes)
        return replace(nothing, equilibria=rows, reason=found)
    best = largest_sum(found, None if seconds is None else 0.3 * seconds)
    rows_: list[Efficiency] = []
    deadline = None if seconds is None else began + 0.5 * seconds
    for regime in solution.regimes:
        if deadline is not None and time.monotonic() > deadline:
            rows_.append(_undecided(regime, Unknown("the time limit was reached")))
            continue
        rows_ += judge(solution, regime, best, deadline=deadline)
    best_known = optimum(best, found)
    complete = all(isinstance(c, Regime) for c in solution.cases) and is_proved(solution.proof)
    single = complete and not any(r.multiple for r in solution.regimes)
    domain = game.domain()
    whole = [_whole(game, concept, r) for r in solution.regimes] if best_known and single else []
    lost = loss(whole, best_known, domain) if best_known and whole else None
    ratio = anarchy(whole, best_known, domain) if best_known and whole else None
    found_: tuple[Instrument, ...] = ()
    if instruments and best_known is not None and not _passed(began, seconds):
        found_ = _instruments(solution, tuple(rows_), best_known, best)
    return Alignment(game, concept, tuple(rows_), best_known, lost, ratio, found_, solution.reason)


def _passed(began: float, seconds: float | None) -> bool:
    return seconds is not None and time.monotonic() - began > 0.75 * seconds


def _instruments(
    solution: Solution, rows: tuple[Efficiency, ...], best: Optimum, found: Solution
) -> tuple[Instrument, ...]:
    """Instruments that fit the game; none where the equilibrium is the optimum already."""
    game = solution.game
    if solution.concept not in ("nash", "variational"):
        return ()
    equal = all(r.weights and all(e == 1 for _, e in r.weights) for r in rows)
    if equal and not game.shared:
        return ()
    tables = [dict(r.multipliers) for r in found.regimes]
    if game.shared:
        return in_order([lambda: price(game, best, tables)])
    (first, *more) = solution.regimes
    now = {} if more else dict(first.values)
    makers = [
        lambda: pigou(game, best),
        lambda: permits(game, best),
        lambda: lindahl(game, best),
        lambda: side_payment(game, best, now, victims=False) if now else None,
        lambda: side_payment(game, best, now, victims=True),
    ]
    return in_order(makers)


def judge(
    solution: Solution,
    regime: Regime,
    best: Solution | None,
    *,
    deadline: float | None = None,
) -> tuple[Efficiency, ...]:
    """The efficiency of one regime's profile, in pieces of the regime where it differs."""
    game, concept = solution.game, solution.concept
    where = arena(game, concept, dict(regime.values))
    if isinstance(where, str):
        return (_undecided(regime, Unknown(where)),)
    profile = profile_of(game, regime, where)
    known = _by_concept(game, concept, regime)
    if known is not None:
        return (known,)
    optima = tuple(dict(r.values) for r in best.regimes) if best is not None else ()
    if best is not None and _is_optimum(profile, best):
        weights = tuple((n, sp.S.One) for n in where.persons)
        described = None if where.transferable else cone_of(profile)
        theorem = TRANSFERABLE if where.transferable else POSITIVE
        row = Efficiency(
            regime.when, regime.values, _utilities(profile), "strongly", weights, described,
            status=regime.status, theorem=theorem,
        )  # fmt: skip
        return (row,)
    pieces = judged(profile, optima, deadline=deadline)
    if concept == "walras" and any(p.kind == "unknown" for p in pieces):
        status = first_welfare(game, regime, where)
        if is_proved(status) and is_proved(profile.feasible()):
            equal = tuple((n, sp.S.One) for n in where.persons) if where.transferable else None
            row = _undecided(regime, Unknown(""))
            return (replace(row, kind="strongly", weights=equal, status=status, reason="",
                            utilities=_utilities(profile), theorem=FIRST),)  # fmt: skip
    rows = [p.efficiency(profile, regime.when, game.domain()) for p in pieces]
    return tuple(
        replace(r, status=weakest([r.status, regime.status]), values=regime.values) for r in rows
    )


def profile_of(game: Game, regime: Regime, where: Arena) -> Profile:
    """The regime's profile in its arena, with exact points of the regime."""
    silent = frozenset(n for n, e in regime.utilities if e == -sp.oo and n in where.persons)
    values = dict(regime.values)
    added = tuple((m, e.xreplace(values)) for m, e in where.added)
    numeraire = {} if game.numeraire is None else {game.numeraire: sp.S.One}
    witnesses = [regime.witness]
    for point in points(game, regime, POINTS, 0):
        exact = tuple((s, sp.Rational(v.numerator, v.denominator)) for s, v in point.items())
        if exact not in witnesses:
            witnesses.append(exact)
    region = (*game.domain(), *regime.when)
    chosen = {a.symbol for a in where.game.actions}
    kept = tuple((s, e.xreplace(numeraire)) for s, e in regime.values if s in chosen)
    return Profile(where, region, (*kept, *added), silent, tuple(witnesses))


def _whole(game: Game, concept: Concept, regime: Regime) -> Efficiency:
    """The regime with the persons' utilities, in one piece."""
    where = arena(game, concept, dict(regime.values))
    row = _undecided(regime, Unknown("not asked"))
    if isinstance(where, str):
        return row
    return replace(row, utilities=_utilities(profile_of(game, regime, where)))


def _utilities(profile: Profile) -> Named:
    return tuple((n, profile.utility(n)) for n in profile.arena.persons)


def _undecided(regime: Regime, why: Unknown) -> Efficiency:
    return Efficiency(
        regime.when, regime.values, regime.utilities, "unknown", status=why, reason=why.reason
    )


def _by_concept(game: Game, concept: Concept, regime: Regime) -> Efficiency | None:
    """Efficiency that the definition of the concept implies."""
    row = Efficiency(regime.when, regime.values, regime.utilities, "strongly", status=regime.status)
    region = (*game.domain(), *regime.when)
    weights = tuple((a.name, game.weight(a.name)) for a in game.agents)
    positive = all(is_proved(holds(Relation(w, ">", _ZERO), region)) for _, w in weights)
    if concept == "maximize":
        return replace(row, weights=((game.agents[0].name, sp.S.One),), theorem=SINGLE)
    if any(e == -sp.oo for _, e in regime.utilities) or not positive:
        return None
    if concept == "social":
        return replace(row, weights=weights, theorem=POSITIVE)
    if concept != "bargaining" or regime.value is None:
        return None
    gains = is_proved(holds(Relation(regime.value, ">", _ZERO), region))
    return replace(row, theorem=BARGAIN) if gains else None


def _is_optimum(profile: Profile, best: Solution) -> bool:
    """Whether the profile is one that maximises the sum of utilities, for all its parameters."""
    for r in best.regimes:
        theirs = dict(r.values)
        if not is_proved(r.status) or set(theirs) != set(profile.table):
            continue
        if not all(profile.looks_zero(s - theirs[s]) for s in theirs):
            continue
        inside = all(is_proved(holds(c, profile.region)) for c in r.when)
        same = (Relation(e, "==", theirs[s]) for s, e in profile.values)
        if inside and all(is_proved(holds(q, profile.region)) for q in same):
            return not profile.silent
    return False
