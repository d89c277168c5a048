"""The vocabulary of a derivation: small frozen dataclasses holding expressions, never strings of
maths.

A step says what was done; the words and the formulas are in `present.explain`, which raises on a
step it does not know.  Functions that derive return `(result, steps)`: there is no recorder.  Every
step can be replayed at exact points (`verify.replay`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, TypeAlias

import sympy as sp

from alignsym.claims import Claim
from alignsym.model.game import Concept, Outcome
from alignsym.model.relations import Expr, Interval, Region, Relation

Rows: TypeAlias = tuple[tuple[sp.Symbol, Expr], ...]


# ------------------------------------------------------------------ what is asked
@dataclass(frozen=True, slots=True)
class Problem:
    """`owner` maximises `objective` (of a loss: minimises) over `actions` subject to `constraints`.

    `given` are the choices of others and prices that it takes as they are; `foreseen` the later
    replies, already put into the objective.
    """

    owner: str
    objective: Expr
    loss: bool
    actions: tuple[tuple[sp.Symbol, Interval], ...]
    constraints: tuple[tuple[str, Relation], ...] = ()
    given: tuple[sp.Symbol, ...] = ()
    foreseen: Rows = ()


@dataclass(frozen=True, slots=True)
class Market:
    """The price `price` is nonnegative, `clearing` holds, and one of the two with equality."""

    price: sp.Symbol
    clearing: Relation
    numeraire: bool = False


@dataclass(frozen=True, slots=True)
class Transform:
    """The objective of `owner` is an increasing function of `after`, which is maximised in its
    place."""

    owner: str
    before: Expr
    after: Expr


@dataclass(frozen=True, slots=True)
class Kink:
    """`variable` stands for the kinked `term`: at an optimum the relations `edges` make it so."""

    variable: sp.Symbol
    term: Expr
    edges: Region


# ------------------------------------------------------------------ what an optimum satisfies
@dataclass(frozen=True, slots=True)
class Lagrangian:
    """The objective of `owner` with every constraint added, times its multiplier."""

    owner: str
    expression: Expr
    multipliers: tuple[sp.Symbol, ...]


@dataclass(frozen=True, slots=True)
class FirstOrder:
    """dL/d(variable) = 0 for the decision maker `owner`: `expression` is that derivative.

    Without multipliers (`multiplied` False) L is the objective itself.
    """

    owner: str
    variable: sp.Symbol
    expression: Expr
    multiplied: bool = True


@dataclass(frozen=True, slots=True)
class Complementary:
    """multiplier >= 0, slack >= 0, and their product is 0; `name` is the constraint's."""

    name: str
    multiplier: sp.Symbol
    slack: Expr


# ------------------------------------------------------------------ cases
@dataclass(frozen=True, slots=True)
class Discarded:
    """`assumed` (a slack or a multiplier is zero) cannot be: with it `relations` would have to
    hold, and they have no common solution.

    Where one equation settles it, `sign` is that of its left side wherever it is defined.
    """

    name: str
    assumed: Relation
    relations: Region
    sign: Literal["positive", "negative", ""] = ""


@dataclass(frozen=True, slots=True)
class BindingCase:
    """The case in which exactly the constraints `binding` are taken as equalities."""

    binding: tuple[str, ...]
    equations: tuple[Expr, ...]
    unknowns: tuple[sp.Symbol, ...]


@dataclass(frozen=True, slots=True)
class Solve:
    """The equation `equation` = 0 is solved for `unknown`: `result`.  `strategy` says how."""

    strategy: str
    equation: Expr
    unknown: sp.Symbol
    result: Expr


@dataclass(frozen=True, slots=True)
class ChooseRoot:
    """Of the solutions of `equation` = 0 for `unknown`, `chosen` is kept; each of `refused` fails
    the relation beside it, those of `left` belong to other cases, those of `remaining` are excluded
    with every other solution at the end.  Without any of these nothing is known of others."""

    unknown: sp.Symbol
    equation: Expr
    chosen: Expr
    refused: tuple[tuple[Expr, Relation], ...]
    left: tuple[Expr, ...] = ()
    remaining: tuple[Expr, ...] = ()


@dataclass(frozen=True, slots=True)
class SolveTogether:
    """The equations hold at `values`, as putting them in shows."""

    equations: tuple[Expr, ...]
    values: Rows


@dataclass(frozen=True, slots=True)
class Summed:
    """The sum of a family's choices with the members' choice put in: `total` = `result`."""

    total: Expr
    result: Expr


@dataclass(frozen=True, slots=True)
class Active:
    """Some members choose their bound: `choice` = `clipped`, a function of `unknown`.

    A member is active where `condition` holds, `threshold` being the `unknown` at which its reply
    is at the bound.  `total`, the sum of choices, is `comes_to`, and `summed` over the active
    members; so `unknown` = `value`.
    """

    choice: Expr
    clipped: Expr
    unknown: Expr
    threshold: Expr
    condition: Relation
    total: Expr
    comes_to: Expr
    summed: Expr
    value: Expr
    name: str = ""


@dataclass(frozen=True, slots=True)
class Values:
    """What was solved, put back: every unknown by parameters alone."""

    values: Rows


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply of `owner` to the moves before it, and to those it foresees."""

    owner: str
    values: Rows


@dataclass(frozen=True, slots=True)
class BestReplies:
    """The best replies of `owner` are the choices that meet `what`, wherever `where` holds of the
    others' choices and the parameters; there are no others."""

    owner: str
    pieces: tuple[tuple[Region, Region], ...]  # (where, what)


@dataclass(frozen=True, slots=True)
class ShadowPrices:
    """The shadow price of each constraint: (name, multiplier with its scale, closed form)."""

    rows: tuple[tuple[str, Expr, Expr], ...]


@dataclass(frozen=True, slots=True)
class Hold:
    """Where `when` holds, the free slacks and the multipliers `required` have their signs."""

    required: Region
    when: Region


# ------------------------------------------------------------------ why it is a solution
@dataclass(frozen=True, slots=True)
class Concave:
    """`expression` is concave (or as `kind` says) in `variables` where `region` holds."""

    expression: Expr
    variables: tuple[sp.Symbol, ...]
    kind: str
    region: Region = ()


@dataclass(frozen=True, slots=True)
class Sufficient:
    """No feasible choice of `owner` is better, by `theorem`, each hypothesis of which is proved."""

    owner: str
    theorem: str
    hypotheses: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """No choice in `feasible` gives `objective` more than `value`, where `region` holds."""

    owner: str
    objective: Expr
    value: Expr
    feasible: Region
    region: Region


@dataclass(frozen=True, slots=True)
class Unique:
    """Nothing else is a solution where `when` holds; `theorem` says why, '' by cases."""

    when: Region
    theorem: str
    hypotheses: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Covered:
    """Every declared parameter lies in one of the regions."""

    regions: tuple[Region, ...]


@dataclass(frozen=True, slots=True)
class Conclude:
    """Where `when` holds, `values` is a solution of the concept, with objective `value`."""

    concept: Concept
    when: Region
    values: Rows
    value: Expr | None


@dataclass(frozen=True, slots=True)
class ConcludeSet:
    """Where `when` holds, the solutions are all points with `relations`."""

    when: Region
    relations: Region


@dataclass(frozen=True, slots=True)
class ConcludeNone:
    """Where `when` holds there is no solution, and why."""

    when: Region
    outcome: Outcome
    reason: str


@dataclass(frozen=True, slots=True)
class Gap:
    """What is not proved, and why not."""

    statement: str
    reason: str


Step: TypeAlias = (
    Problem | Market | Transform | Kink | Lagrangian | FirstOrder | Complementary
    | Discarded | BindingCase | Solve | ChooseRoot | SolveTogether | Summed | Active | Values
    | Reply | BestReplies | ShadowPrices | Hold | Concave | Sufficient | Compare | Unique | Covered
    | Conclude | ConcludeSet | ConcludeNone | Gap
)  # fmt: skip


def rewritten(step: Step, change: Callable[[Expr], Expr]) -> Step:
    """The step with every expression in it changed.

    >>> x, y = sp.symbols("x y")
    >>> rewritten(FirstOrder("alpha", x, 2*x), lambda e: e.xreplace({x: y}))
    FirstOrder(owner='alpha', variable=y, expression=2*y, multiplied=True)
    """
    return replace(step, **{f.name: _changed(getattr(step, f.name), change) for f in fields(step)})


def _changed(part: Any, change: Callable[[Expr], Expr]) -> Any:
    if isinstance(part, sp.Expr):
        return change(part)
    if isinstance(part, tuple):
        return tuple(_changed(p, change) for p in part)
    if isinstance(part, (Relation, Interval)):
        names = ("left", "right") if isinstance(part, Relation) else ("lower", "upper")
        return replace(part, **{n: change(getattr(part, n)) for n in names})
    return part
