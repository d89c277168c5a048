"""Mixed strategies read back by name, and what a player can secure.

    v_i = max over own mixed strategies p of  min over pure strategies j of the other  U_i(p, j)

a linear program.  In a zero-sum game v_row = -v_column is the value of the game, and a pair of
optimal strategies is an equilibrium (von Neumann 1928; Dantzig 1951).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import final

import sympy as sp

from alignsym.answer import solve
from alignsym.claims import Proved, Verdict, weakest, word
from alignsym.errors import UsageError
from alignsym.games.kernels import optimal_pair
from alignsym.logic.decide import search
from alignsym.logic.normal import is_identically_zero
from alignsym.model.agents import Action, Agent, Constraint
from alignsym.model.bimatrix import Player, players
from alignsym.model.game import Game
from alignsym.model.relations import Expr, Interval, Region, Relation
from alignsym.present.blocks import Block, Prose, Table
from alignsym.present.passages import formulas_of, listed
from alignsym.present.rich import html, latex
from alignsym.present.words import in_words, region_in_words
from alignsym.solution import Continuum, Regime, Solution, by_regime
from alignsym.solving.neat import shortened
from alignsym.verify.facts import holds, zero
from alignsym.verify.obligations import covered


@final
@dataclass(frozen=True, slots=True, repr=False)
class Mixed:
    """One equilibrium of a bimatrix game: every strategy's probability, by player and name."""

    when: Region
    probabilities: tuple[tuple[str, tuple[tuple[str, Expr], ...]], ...]
    payoffs: tuple[tuple[str, Expr], ...]
    status: Verdict

    def __getitem__(self, player: str) -> dict[str, Expr]:
        known = {name: dict(row) for name, row in self.probabilities}
        if player not in known:
            raise UsageError(f"no player {player!r}", remedy=f"players: {', '.join(known)}")
        return known[player]

    def support(self, player: str) -> tuple[str, ...]:
        """The strategies whose probability is not zero throughout."""
        return tuple(name for name, p in self[player].items() if p != 0)

    def __repr__(self) -> str:
        rows = [
            f"{player}: " + ", ".join(f"{name} {in_words(p)}" for name, p in row if p != 0)
            for player, row in self.probabilities
        ]
        place = f" where {region_in_words(self.when)}" if self.when else ""
        return "; ".join(rows) + f"{place} ({word(self.status)})"

    _repr_html_ = html
    _repr_latex_ = latex

    def _blocks_(self) -> tuple[Block, ...]:
        rows = tuple(
            ((player if k == 0 else "",), (name,), (chance,))
            for player, row in self.probabilities
            for k, (name, chance) in enumerate(row)
        )
        place = (", where ", *listed(formulas_of(self.when))) if self.when else ()
        said = Prose(("Equilibrium in mixed strategies", *place, f", {word(self.status)}."))
        return (said, Table((("player",), ("strategy",), ("probability",)), rows))


def mixed(solution: Solution) -> tuple[Mixed, ...]:
    """Every equilibrium with one closed form, in the names of the strategies.

    Raises: ModelError for a game that was not made by `Game.from_payoffs`.

    >>> from alignsym.model.bimatrix import from_payoffs
    >>> a = sp.Symbol("a", positive=True)
    >>> game = from_payoffs([[a, -1], [-1, a]], rows=("heads", "tails"), columns=("H", "T"))
    >>> mixed(solve(game, "nash"))
    (row: heads 1/2, tails 1/2; column: H 1/2, T 1/2 (proved),)
    """
    known = players(solution.game)

    def rows(regime: Regime) -> Iterator[tuple[str, tuple[tuple[str, Expr], ...]]]:
        values = dict(regime.values)
        for player in known:
            chances = (_quotient(p.xreplace(values)) for p in player.probabilities)
            yield player.name, tuple(zip(player.strategies, chances, strict=True))

    return tuple(Mixed(r.when, tuple(rows(r)), r.utilities, r.status) for r in solution.regimes)


def _quotient(chance: Expr) -> Expr:
    """The probability as one quotient, (a + 1)/(a + 3) rather than 1 - 2/(a + 3)."""
    return min(sp.factor(sp.together(chance)), shortened(chance), key=sp.count_ops)


def secured(game: Game, player: str, *, seconds: float | None = None) -> Solution:
    """max v s.t. U_i(p, j) >= v for every pure strategy j of the other: the security level.

    `solution.value` is the level, the actions are the optimal (maximin) strategy, and the shadow
    price of the constraint of j is the probability with which the other holds the player down to
    it.

    Raises: ModelError for a game not made by `Game.from_payoffs`, UsageError for an unknown name.

    Source: von Neumann 1928, Zur Theorie der Gesellschaftsspiele.

    >>> from alignsym.model.bimatrix import from_payoffs
    >>> answer = secured(from_payoffs([[3, 0], [1, 2]]), "row")
    >>> answer.value, answer["p_1"], answer.multipliers["against 1"]
    (3/2, 1/4, 1/2)
    """
    known = {p.name: p for p in players(game)}
    if player not in known or len(known) != 2:
        raise UsageError(
            f"no player {player!r}", where="secured", remedy=f"players: {', '.join(known)}"
        )
    return solve(_security(game, known.pop(player), *known.values()), "maximize", seconds=seconds)


def pure(player: Player, chosen: int) -> dict[sp.Symbol, Expr]:
    """The probabilities when the player surely plays the strategy of this number."""
    return {s: sp.Integer(int(k == chosen)) for k, s in enumerate(player.symbols)}


def _security(game: Game, mine: Player, other: Player) -> Game:
    taken = game.names()
    name = "v"
    while name in taken:
        name += "v"
    v = sp.Symbol(name, real=True)
    agent = game.agent(mine.name)
    against = []
    for j, strategy in enumerate(other.strategies):
        payoff = sp.expand(agent.utility.xreplace(pure(other, j)))
        against.append(Constraint(f"against {strategy}", Relation(payoff, ">=", v)))
    one = Agent(
        agent.name,
        v,
        *agent.actions,
        Action(v, Interval.real()),
        constraints=(*agent.constraints, *against),
    )
    return game.altered(agents=(one,), concept="maximize", expected=(), expect=None)


@final
@dataclass(frozen=True, slots=True, repr=False)
class Value:
    """The value of a zero-sum game with both players' optimal strategies.

    `verdict`: row can secure the value, column can hold row down to it, for all parameters.
    """

    row: Solution
    column: Solution
    verdict: Verdict

    @property
    def value(self) -> Expr:
        """What row secures: a Piecewise over several regimes."""
        return by_regime([(c.value, c.when) for c in _valued(self.row)])

    def __repr__(self) -> str:
        return f"value {in_words(self.value)}, {word(self.verdict)}"

    _repr_html_ = html
    _repr_latex_ = latex

    def _blocks_(self) -> tuple[Block, ...]:
        return (Prose(("Value ", self.value, f", {word(self.verdict)}.")),)


def value(game: Game, *, seconds: float | None = None) -> Value:
    """The value of a zero-sum bimatrix game, from both players' linear programs.

    Each program alone bounds the value from one side; that the bounds meet shows both.  The payoffs
    may sum to any constant c, when column secures c - v.

    Raises: UsageError where the payoffs do not sum to a constant.

    >>> from alignsym.model.bimatrix import from_payoffs
    >>> a, b = sp.symbols("a b", positive=True)
    >>> value(from_payoffs([[a, 0], [0, b]]))
    value a*b/(a + b), proved
    """
    agents = [a for a in game.agents if a.actions]
    total = sp.expand(sp.Add(*(a.utility for a in agents)))
    moving = [a.symbol for a in game.actions]
    if any(not is_identically_zero(sp.diff(total, s)) for s in moving):
        raise UsageError(
            f"the payoffs sum to {in_words(total)}, no constant",
            where="value",
            remedy="secured(game, player) for what a player can secure",
        )
    for row, column in candidates(game, total, seconds):
        verdict = bounds_meet(game, row, column, total)
        if isinstance(verdict, Proved):
            return Value(optimal(row, verdict), optimal(column, verdict), verdict)
    return Value(row, column, verdict)


def candidates(
    game: Game, total: Expr, seconds: float | None
) -> Iterator[tuple[Solution, Solution]]:
    """Pairs of solved programs, the cheapest first: a kernel, one program with its shadow prices,
    both."""
    first, second = (a.name for a in game.agents if a.actions)
    known = in_numbers(game, total)
    if known is not None:
        yield known
    row = secured(game, first, seconds=seconds)
    yield row, by_shadow_prices(game, row, second, total)
    column = secured(game, second, seconds=seconds)
    yield by_shadow_prices(game, column, first, total), column
    yield row, column


def optimal(solution: Solution, verdict: Verdict) -> Solution:
    """The program's answer with what the meeting of the bounds shows of its regimes."""
    cases = (replace(c, status=verdict) if isinstance(c, Regime) else c for c in solution.cases)
    return replace(solution, cases=tuple(cases))


def in_numbers(game: Game, total: Expr) -> tuple[Solution, Solution] | None:
    """Both programs' optima where all payoffs are numbers, from a kernel of the game."""
    row, column = players(game)
    utility = game.agent(row.name).utility
    matrix = sp.Matrix(
        len(row.strategies),
        len(column.strategies),
        lambda i, j: utility.xreplace({**pure(row, i), **pure(column, j)}),
    )
    found = optimal_pair(matrix)
    if found is None:
        return None
    sides = []
    for mine, other, chances, level in (
        (row, column, found[0], found[2]),
        (column, row, found[1], total - found[2]),
    ):
        program = _security(game, mine, other)
        values = (*zip(mine.symbols, chances, strict=False), (program.actions[-1].symbol, level))
        regime = Regime((), values, value=level)
        sides.append(Solution(program, "maximize", (regime,), covered(game, [()])))
    return sides[0], sides[1]


def by_shadow_prices(game: Game, solved: Solution, player: str, total: Expr) -> Solution:
    """The other player's strategy from the shadow prices of one player's program (LP duality).

    Only where the prices are listed, and not verified here: `bounds_meet` does.
    """
    known = {p.name: p for p in players(game)}
    mine = known.pop(player)
    program = _security(game, mine, *known.values())
    level = program.actions[-1].symbol
    regimes = []
    for r in solved.regimes:
        prices = dict(r.multipliers)
        if r.value is None or any(f"against {s}" not in prices for s in mine.strategies):
            continue
        chances = [prices[f"against {s}"] for s in mine.strategies]
        secures = shortened(total - r.value)
        values = (*zip(mine.symbols, chances, strict=False), (level, secures))
        regimes.append(Regime(r.when, values, value=secures, witness=r.witness, status=r.status))
    return Solution(program, "maximize", tuple(regimes), covered(game, [r.when for r in regimes]))


def bounds_meet(game: Game, row: Solution, column: Solution, total: Expr) -> Verdict:
    """Weak duality: a strategy that secures v and one that secures c - v leave nothing between.

    That neither program has a better solution follows; only that each has this one is asked.
    """
    given = game.domain()
    verdicts: list[Verdict] = []
    for side in (row, column):
        verdicts.append(covered(game, [c.when for c in _valued(side)]))
        verdicts += [_reached(side, case) for case in _valued(side)]
    for one in _valued(row):
        for two in _valued(column):
            region = (*given, *one.when, *two.when)
            if not search(region).is_proof:
                verdicts.append(zero(sp.Add(one.value, two.value, -total), region))
    return weakest(verdicts)


def _valued(solution: Solution) -> list[Regime | Continuum]:
    """The cases in which something is secured."""
    cases = [c for c in solution.cases if isinstance(c, (Regime, Continuum))]
    return [c for c in cases if c.value is not None]


def _reached(solution: Solution, case: Regime | Continuum) -> Verdict:
    """Whether the strategy listed is one, and secures the value listed."""
    if isinstance(case, Continuum):
        return case.status
    (agent,) = solution.game.agents
    values = dict(case.values)
    region = (*solution.game.domain(), *case.when)
    needed = [r for a in agent.actions for r in a.interval.contains(a.symbol)]
    needed += [c.relation for c in agent.constraints]
    worth = Relation(agent.utility, "==", case.value)
    return weakest(holds(r.replaced(values), region) for r in (*needed, worth))
