"""Two players with finitely many strategies, as a game in probabilities.

Row plays i with probability p_i, column j with q_j:

    U_row = sum_ij p_i A_ij q_j,    U_column = sum_ij p_i B_ij q_j.

With two strategies the action is the probability of the first, in [0, 1]; with more it is one
nonnegative probability a strategy, under the player's own constraint that they sum to one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sympy as sp

from alignsym.errors import ModelError
from alignsym.model.agents import Agent, Constraint, rational
from alignsym.model.game import Game
from alignsym.model.relations import Expr, Relation

TAG = "strategies"  # of a game: "strategies player first second ..."


def from_payoffs(
    row_payoffs: object,
    column_payoffs: object = None,
    *,
    rows: Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
    names: tuple[str, str] = ("row", "column"),
    conditions: Iterable[object] = (),
    parameters: Iterable[object] = (),
) -> Game:
    """The bimatrix game (A, B) in mixed strategies; without B it is zero-sum, B = -A.

    Arguments: A and B, the payoffs of row and column, SymPy matrices or nested lists of exact
    numbers and expressions, one row for each strategy of the row player; `rows` and `columns`, the
    names of strategies (by default 1, 2, ...); `names`, of the players; `conditions` and
    `parameters`, as of a `Game`.  The symbols are `p_<strategy>` for row and `q_<strategy>` for
    column; with two strategies only that of the first, for the other has 1 - p.
    Raises: ModelError for shapes that do not match and for names that are no identifiers.

    >>> a, b = sp.symbols("a b", positive=True)
    >>> game = from_payoffs([[a, -b], [0, 0]], rows=("fight", "rest"), columns=("stay", "flee"))
    >>> [str(act.symbol) for act in game.actions], game.agents[0].utility
    (['p_fight', 'q_stay'], a*p_fight*q_stay - b*p_fight*(1 - q_stay))
    """
    first = _matrix(row_payoffs, "A")
    second = -first if column_payoffs is None else _matrix(column_payoffs, "B")
    if first.shape != second.shape:
        raise ModelError(
            f"A is {_shape(first)} and B {_shape(second)}",
            where="from_payoffs",
            remedy="one row for each strategy of the row player, one column for each of the other",
        )
    used = {s.name for s in first.free_symbols | second.free_symbols}
    if len(set(names)) != 2:
        raise ModelError("two players need two names", where="from_payoffs, names")
    row = _player(names[0], "p", rows, first.rows, used)
    column = _player(names[1], "q", columns, first.cols, used)
    return Game(
        _agent(row, _expected(row, first, column)),
        _agent(column, _expected(row, second, column)),
        conditions=conditions,
        parameters=parameters,  # type: ignore[arg-type]
        concept="nash",
        tags=(_tag(row), _tag(column)),
    )


@dataclass(frozen=True, slots=True)
class Player:
    """A player's name, its strategies, its symbols, and the probability of every strategy."""

    name: str
    strategies: tuple[str, ...]
    symbols: tuple[sp.Symbol, ...]

    @property
    def probabilities(self) -> tuple[Expr, ...]:
        """One expression a strategy; they sum to one, or are constrained to."""
        if len(self.symbols) == len(self.strategies):
            return self.symbols
        return (*self.symbols, 1 - sp.Add(*self.symbols))


def players(game: Game) -> tuple[Player, ...]:
    """The players of a game made by `from_payoffs`, read from its tags and actions."""
    said = {}
    for tag in game.tags:
        word, *rest = tag.split()
        if word == TAG:
            said[rest[0]] = tuple(rest[1:])
    found = []
    for agent in game.agents:
        if agent.actions and agent.name in said:
            symbols = tuple(a.symbol for a in agent.actions)
            found.append(Player(agent.name, said[agent.name], symbols))
    if len(found) != len([a for a in game.agents if a.actions]) or not found:
        raise ModelError(
            "the strategies of the players are not known",
            where="mixed strategies",
            remedy="make the game with Game.from_payoffs",
        )
    return tuple(found)


def _tag(player: Player) -> str:
    return " ".join((TAG, player.name, *player.strategies))


def _matrix(given: object, name: str) -> sp.Matrix:
    rows = given.tolist() if hasattr(given, "tolist") else given
    where = f"from_payoffs, {name}"
    remedy = "give a SymPy matrix or a list of rows"
    if not isinstance(rows, (list, tuple)) or not rows:
        raise ModelError("no payoffs", where=where, remedy=remedy)
    if not all(isinstance(r, (list, tuple)) for r in rows):
        raise ModelError("a list of payoffs is no table", where=where, remedy=remedy)
    if any(len(r) != len(rows[0]) or not r for r in rows):
        raise ModelError("the rows differ in length", where=where, remedy=remedy)
    return sp.Matrix([[rational(e, where=where) for e in row] for row in rows])


def _shape(matrix: sp.Matrix) -> str:
    return f"{matrix.rows} by {matrix.cols}"


def _player(
    name: str, letter: str, strategies: Sequence[str] | None, count: int, used: set[str]
) -> Player:
    where = f"from_payoffs, {name}"
    named = tuple(strategies) if strategies is not None else tuple(map(str, range(1, count + 1)))
    if not name.isidentifier():
        raise ModelError(
            f"{name!r} is no name of a player", where=where, remedy="letters, digits and _"
        )
    if len(named) != count or len(set(named)) != count:
        raise ModelError(f"{count} strategies need {count} different names", where=where)
    for strategy in named:
        if not f"_{strategy}".isidentifier():
            raise ModelError(
                f"{strategy!r} is no name of a strategy",
                where=where,
                remedy="letters, digits and _: it becomes part of a symbol",
            )
    symbols = []
    for strategy in named if count != 2 else named[:1]:
        symbol = f"{letter}_{strategy}"
        while symbol in used:
            symbol += "_"
        used.add(symbol)
        symbols.append(sp.Symbol(symbol, nonnegative=True))
    return Player(name, named, tuple(symbols))


def _expected(row: Player, payoffs: sp.Matrix, column: Player) -> Expr:
    return sp.Add(
        *(
            p * payoffs[i, j] * q
            for i, p in enumerate(row.probabilities)
            for j, q in enumerate(column.probabilities)
        )
    )


def _agent(player: Player, utility: Expr) -> Agent:
    if len(player.symbols) != len(player.strategies):
        return Agent(player.name, utility, (player.symbols[0], (0, 1)))
    total = Relation(sp.Add(*player.symbols), "==", sp.S.One)
    sums = Constraint(f"probabilities_{player.name}", total)
    return Agent(player.name, utility, *player.symbols, constraints=(sums,))
