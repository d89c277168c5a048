"""Which instruments fit a game, and what everybody gains by each."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from alignsym.alignment.arena import Arena
from alignsym.alignment.bargain import bargain
from alignsym.alignment.contracts import lindahl, side_payment
from alignsym.alignment.efficiency import Efficiency, Instrument, Optimum
from alignsym.alignment.instruments import in_order, permits, pigou, price
from alignsym.alignment.market_instruments import market_permits, market_pigou
from alignsym.alignment.participation import with_participation
from alignsym.alignment.transfers import transfers
from alignsym.solution import Solution

Maker = Callable[[], Instrument | None]


def fitting(
    solution: Solution,
    rows: Sequence[Efficiency],
    now: Sequence[Efficiency],
    where: Arena,
    best: Optimum | None,
    found: Solution | None,
    *,
    deadline: float | None = None,
) -> tuple[Instrument, ...]:
    """Instruments that fit, the proved ones first, then those with the fewest rates.

    None where the equilibrium is the optimum already, but for the prices of what is shared.
    Arguments: `now`, the equilibria with everybody's utility where there is one for every
    parameter, else nothing; `found`, the solution that the optimum is from.
    """
    domain = solution.game.domain()
    left = None if deadline is None else deadline - time.monotonic()
    makers = _makers(solution, rows, now, where, best, found, left)
    made = in_order(_late(m, deadline) for m in makers)
    if not now:
        return made
    out = []
    for i in made:
        # Whoever chooses the weights chooses who gains: no signs are asked for.
        until = time.monotonic() if i.kind == "transfers" else deadline
        out.append(i if i.participation else with_participation(i, now, domain, until))
    return tuple(out)


def _late(make: Maker, deadline: float | None) -> Maker:
    """Nothing more is made once the time is over."""
    return lambda: None if deadline is not None and time.monotonic() > deadline else make()


def _makers(
    solution: Solution,
    rows: Sequence[Efficiency],
    now: Sequence[Efficiency],
    where: Arena,
    best: Optimum | None,
    found: Solution | None,
    seconds: float | None,
) -> list[Maker]:
    game = solution.game
    if solution.concept == "walras" and not where.transferable:
        return [lambda: transfers(game, seconds=seconds)]
    if best is None or found is None:
        return []
    equal = all(r.weights and all(e == 1 for _, e in r.weights) for r in rows)
    tables = [dict(r.multipliers) for r in found.regimes]
    if solution.concept == "walras":
        taxes: list[Maker] = [lambda: market_pigou(game, where, best, tables)]
        return [] if equal else [*taxes, lambda: market_permits(game, where, best, tables)]
    if solution.concept not in ("nash", "variational"):
        return []
    agreed: list[Maker] = [lambda: bargain(game, best, now, solution.proof)] if now else []
    if game.shared:
        return [lambda: price(game, best, tables), *(agreed if not equal else [])]
    if equal:
        return []
    alone = len(solution.cases) == 1 and solution.regimes
    today = dict(solution.regimes[0].values) if alone else {}
    return [
        lambda: pigou(game, best),
        lambda: permits(game, best),
        lambda: lindahl(game, best),
        lambda: side_payment(game, best, today, victims=False) if today else None,
        lambda: side_payment(game, best, today, victims=True),
        *agreed,
    ]
