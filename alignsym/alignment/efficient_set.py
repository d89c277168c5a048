"""All that is known of a game's efficient profiles: by weights, among utilities, in exchange."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

import sympy as sp

from alignsym.alignment.arena import arena
from alignsym.alignment.attainable import attainable
from alignsym.alignment.core_of_exchange import Core, core
from alignsym.alignment.efficiency import Efficiency
from alignsym.alignment.exchange import ContractCurve, contract_curve, exchange
from alignsym.alignment.frontier import Frontier, frontier
from alignsym.alignment.lines import Lines, html, latex
from alignsym.alignment.utility_space import Attainable
from alignsym.alignment.welfare import largest_sum
from alignsym.claims import Unknown
from alignsym.errors import UsageError
from alignsym.logic.decide import until
from alignsym.model.game import Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import Solution

Known = TypeVar("Known")
SHARE = 0.6  # of the time for the maximisers of weighted sums


@dataclass(frozen=True, slots=True)
class EfficientSet:
    """The efficient profiles of a game.

    `weighted`: maximisers of sum w_i U_i, the weights being parameters; `among_utilities`: the same
    frontier as relations among the utilities, one a case; `curve`, `of_core`: contract curve and
    core of an exchange of two.  What does not exist or was not found is `Unknown` and says why.
    """

    game: Game
    weighted: Frontier | Unknown
    among_utilities: tuple[Attainable, ...] | Unknown
    curve: ContractCurve | Unknown
    of_core: Core | Unknown

    @property
    def solution(self) -> Solution:
        """The efficient profiles by weights w_<agent>; UsageError where they are not known."""
        return _known(self.weighted, "solution").solution

    @property
    def relations(self) -> tuple[Attainable, ...]:
        """The frontier among utilities, one row a case; UsageError where it is not known."""
        return _known(self.among_utilities, "relations")

    @property
    def relation(self) -> Relation:
        """The relation among utilities, where one holds for all parameters."""
        rows = self.relations
        if len(rows) != 1:
            raise UsageError("it differs by case", where="relation", remedy="see relations")
        return rows[0].relation

    @property
    def contract_curve(self) -> ContractCurve:
        """The contract curve; UsageError where the game is no exchange of two."""
        return _known(self.curve, "contract_curve")

    @property
    def core(self) -> Core:
        """The core; UsageError where the game is no exchange of two with endowments."""
        return _known(self.of_core, "core")

    def __str__(self) -> str:
        from alignsym.alignment.frontier_output import frontier_text

        return frontier_text(self)

    def __repr__(self) -> str:
        from alignsym.alignment.frontier_output import frontier_headline

        return frontier_headline(self)

    _repr_html_ = html
    _repr_latex_ = latex

    def lines(self) -> Lines:
        """All that is known; what is not, and why, where nothing is."""
        rows: list[tuple[str, Region]] = []
        if isinstance(self.among_utilities, tuple):
            rows += [line for row in self.among_utilities for line in row.lines()]
        elif isinstance(self.weighted, Frontier):
            rows += self.weighted.lines()
        for known in (self.curve, self.of_core):
            rows += () if isinstance(known, Unknown) else known.lines()
        if not rows and isinstance(self.weighted, Unknown):
            rows.append((f"unknown: {self.weighted.reason}", ()))
        return tuple(rows)


@dataclass(frozen=True, slots=True)
class Pareto:
    """The verdicts on a game's equilibria, as a sequence; and the frontier they are on or off."""

    game: Game
    equilibria: tuple[Efficiency, ...]

    @property
    def frontier(self) -> EfficientSet:
        """All that is known of the efficient profiles."""
        return efficient_set(self.game)

    @property
    def relation(self) -> Relation:
        """The frontier as a relation among utilities."""
        return self.frontier.relation

    @property
    def contract_curve(self) -> ContractCurve:
        """The efficient divisions of an exchange of two."""
        return self.frontier.contract_curve

    @property
    def core(self) -> Core:
        """Those that neither refuses for what it has."""
        return self.frontier.core

    def __iter__(self) -> Iterator[Efficiency]:
        return iter(self.equilibria)

    def __len__(self) -> int:
        return len(self.equilibria)

    def __getitem__(self, position: int) -> Efficiency:
        return self.equilibria[position]

    _repr_html_ = html
    _repr_latex_ = latex

    def lines(self) -> Lines:
        """One line a verdict."""
        from alignsym.alignment.output import verdicts

        return tuple((said, ()) for said in verdicts(self.equilibria))

    def __repr__(self) -> str:
        from alignsym.alignment.output import verdicts

        return "\n".join(verdicts(self.equilibria)) or "no equilibrium is known"


def _known(found: Known | Unknown, where: str) -> Known:
    if isinstance(found, Unknown):
        raise UsageError(found.reason, where=where)
    return found


def efficient_set(
    game: Game,
    *,
    endowment: Mapping[sp.Symbol, Expr] | None = None,
    seconds: float | None = None,
) -> EfficientSet:
    """The efficient profiles of a game, in every form that is found and proved.

    Arguments: `endowment`, what each action is without exchange, for the core (by default what
    the budgets say); `seconds`, after which what is left is unknown.
    """
    began = time.monotonic()
    share = None if seconds is None else SHARE * seconds
    weighted: Frontier | Unknown
    try:
        weighted = frontier(game, seconds=share)
    except UsageError as problem:
        weighted = Unknown(problem.what)
    left = None if seconds is None else max(0.0, seconds - (time.monotonic() - began))
    with until(None if left is None else time.monotonic() + left):
        among = _among(game, weighted, left)
        try:
            market = exchange(game)
            curve: ContractCurve | Unknown = contract_curve(market)
        except UsageError as problem:
            why = Unknown(problem.what)
            return EfficientSet(game, weighted, among, why, why)
        try:
            of_core: Core | Unknown = core(market, endowment)
        except UsageError as problem:
            of_core = Unknown(problem.what)
    return EfficientSet(game, weighted, among, curve, of_core)


def _among(
    game: Game, weighted: Frontier | Unknown, seconds: float | None
) -> tuple[Attainable, ...] | Unknown:
    if isinstance(weighted, Frontier):
        judged = weighted.arena
        best = largest_sum(judged, seconds) if judged.transferable else weighted.solution
        return attainable(judged, best)
    found = arena(game, "walras" if game.prices else "social", {p.symbol: p.symbol
                  for p in game.prices})  # fmt: skip
    return Unknown(found) if isinstance(found, str) else weighted
