"""The vocabulary of alignment: what is said of a profile, of an optimum and of an instrument."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import sympy as sp

from alignsym.alignment.trade import Trade
from alignsym.claims import Unknown, Verdict, weakest
from alignsym.model.game import Concept, Game
from alignsym.model.relations import Expr, Region
from alignsym.present.blocks import Block
from alignsym.present.rich import html, latex
from alignsym.solution import as_sympy

Kind = Literal["strongly", "weakly", "no", "unknown"]
Named = tuple[tuple[str, Expr], ...]
Values = tuple[tuple[sp.Symbol, Expr], ...]


def by_cases(rows: Sequence[tuple[Expr, Region]]) -> Expr:
    """One expression for several cases: itself if they agree, else a Piecewise as written.

    SymPy's own Piecewise joins equal branches by conditions that nobody can read.

    >>> q = sp.Symbol("q", positive=True)
    >>> by_cases([(q/2, ()), (q/2, ())])
    q/2
    """
    if len({e for e, _ in rows}) == 1:
        return rows[0][0]
    pairs = [sp.functions.elementary.piecewise.ExprCondPair(e, _condition(r)) for e, r in rows]
    return sp.Piecewise(*pairs, evaluate=False)


def _condition(region: Region) -> sp.Basic:
    return (
        sp.And(*map(as_sympy, region), evaluate=False) if len(region) != 1 else as_sympy(region[0])
    )


@dataclass(frozen=True, slots=True)
class Efficiency:
    """Whether a profile is efficient where `when` holds, and what shows it.

    `weights`: w with x* maximising sum w_i U_i; `cone`: relations that describe all such weights,
    in the symbols w_<agent>; `degenerate`: no strictly positive weights do, proved.  `trade`: a
    feasible profile that all persons prefer (of a weakly efficient profile: that somebody prefers
    and nobody minds).  `status` is the verdict on `kind`; `theorem` is what it rests on.
    `members`: of a set of equilibria, the relations that its members satisfy; all of them are
    judged alike, and everything else is in terms of the actions that the set leaves free.
    """

    when: Region
    values: Values
    utilities: Named
    kind: Kind
    weights: Named | None = None
    cone: Region | None = None
    degenerate: bool = False
    trade: Trade | None = None
    status: Verdict = Unknown("not decided")
    theorem: str = ""
    reason: str = ""
    members: Region | None = None

    @property
    def aggregate(self) -> Expr | None:
        """W = min_i (U_i - u_i), u what everybody has: an increasing aggregate that an efficient
        profile maximises where no weights are known to support it; else None.

        Of a profile that is at least weakly efficient no other is better for all, so that W <= 0
        everywhere, and W = 0 at it, concave or not (Chebyshev; Bowman 1976).  The utilities are the
        symbols U_<agent>.

        >>> row = Efficiency((), (), (("a", sp.S(2)), ("b", sp.S(0))), "weakly")
        >>> sorted(map(str, row.aggregate.args))
        ['U_a - 2', 'U_b']
        """
        if self.kind not in ("strongly", "weakly") or self.weights is not None:
            return None
        if not self.utilities or any(e.has(sp.oo, -sp.oo, sp.nan) for _, e in self.utilities):
            return None
        gaps = (sp.Symbol(f"U_{n}", real=True) - e for n, e in self.utilities)
        return sp.Min(*gaps)

    _repr_html_ = html
    _repr_latex_ = latex

    def _blocks_(self) -> tuple[Block, ...]:
        from alignsym.alignment.typeset import efficiency_blocks

        return efficiency_blocks(self)


@dataclass(frozen=True, slots=True)
class Optimum:
    """The maximum of the sum of the persons' utilities, by regime."""

    cases: tuple[tuple[Region, Values, Expr], ...]
    status: Verdict

    _repr_html_ = html
    _repr_latex_ = latex

    def _blocks_(self) -> tuple[Block, ...]:
        from alignsym.alignment.typeset import optimum_blocks

        return optimum_blocks(self)


Willing = Literal["gains", "does not lose", "indifferent", "does not gain", "loses", "undecided"]


@dataclass(frozen=True, slots=True)
class Gains:
    """What everybody gains by an instrument where `when` holds, and whether that is a gain.

    `gains` is U_i with the instrument less U_i without, oo for who has -oo without; `willing` says
    of each "gains", "does not lose", "indifferent" or "loses" where that is shown for all these
    parameters, else "undecided".
    """

    when: Region
    gains: Named
    willing: tuple[tuple[str, Willing], ...]

    _repr_html_ = html
    _repr_latex_ = latex


@dataclass(frozen=True, slots=True)
class Instrument:
    """A change of the game whose equilibrium is the aggregate optimum.

    `values`: the rates, prices or payments; `equilibrium`: what is then done; `budget`: what the
    instrument takes in net of what it pays out (zero: balanced).  `unique`: whether nothing else
    is an equilibrium of the expanded game.  `note`: who pays whom.  `after`: everybody's utility
    then, by regime of the optimum; `participation`: what everybody gains against the equilibrium
    without the instrument, where that is known.
    """

    kind: str
    on: str
    values: tuple[tuple[str, Expr], ...]
    equilibrium: tuple[tuple[str, Expr], ...]
    budget: Expr
    status: Verdict
    unique: Verdict = Unknown("not asked")
    note: str = ""
    after: tuple[tuple[Region, Named], ...] = ()
    participation: tuple[Gains, ...] = ()

    _repr_html_ = html
    _repr_latex_ = latex

    def _blocks_(self) -> tuple[Block, ...]:
        from alignsym.alignment.typeset import instrument_blocks

        return instrument_blocks(self)


@dataclass(frozen=True, slots=True)
class Alignment:
    """The answer to `align(game)`: efficiency by regime, the optimum, the loss, instruments."""

    game: Game
    concept: Concept
    equilibria: tuple[Efficiency, ...]
    optimum: Optimum | None
    welfare_loss: Expr | None
    price_of_anarchy: Expr | None
    instruments: tuple[Instrument, ...]
    reason: str = ""
    seconds: float = 0.0

    def __str__(self) -> str:
        from alignsym.alignment.output import alignment_text

        return alignment_text(self)

    def __repr__(self) -> str:
        from alignsym.alignment.output import headline

        return headline(self)

    def _repr_latex_(self) -> str:
        from alignsym.alignment.typeset import mathjax

        return mathjax(self)

    _repr_html_ = html

    def atkinson(self) -> tuple[Expr | Unknown, ...]:
        """For each equilibrium the inequality aversion whose Atkinson sum it maximises."""
        from alignsym.alignment.aggregate import atkinson

        domain = self.game.domain()
        return tuple(atkinson(e, (*domain, *e.when, *(e.members or ()))) for e in self.equilibria)

    def _blocks_(self) -> tuple[Block, ...]:
        from alignsym.alignment.typeset import alignment_blocks

        return alignment_blocks(self)

    @property
    def efficient(self) -> Kind:
        """The common verdict of all equilibria, `unknown` where they differ or none is known."""
        kinds = {e.kind for e in self.equilibria}
        return kinds.pop() if len(kinds) == 1 else "unknown"

    @property
    def status(self) -> Verdict:
        """The weakest verdict on an equilibrium."""
        if not self.equilibria:
            return Unknown(self.reason or "no equilibrium is known")
        return weakest(e.status for e in self.equilibria)
