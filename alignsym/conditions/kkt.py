"""The Lagrangian of one decision maker, and the only place where signs are decided.

    L = f - sum mu_k (g_k - b_k)          g_k <= b_k,   mu_k >= 0
          + sum mu_k (g_k - b_k)          g_k >= b_k,   mu_k >= 0
          - sum nu_j (h_j - c_j)          Eq(h_j, c_j), nu_j free
          + sum a_i (x_i - lo_i) + sum b_i (hi_i - x_i),  a, b >= 0,

so mu = dV/db for `<=` and `Eq`, and -dV/db for `>=` (MATHEMATICS 2).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sympy as sp

from alignsym.conditions.system import Equation, FreeMultiplier, Origin, Pair
from alignsym.model.domains import natural_domain
from alignsym.model.game import Action, Constraint
from alignsym.model.relations import Expr, Region, Relation
from alignsym.steps import Complementary, FirstOrder, Step


@dataclass(frozen=True, slots=True)
class Multiplied:
    """Constraints with their multipliers: pairs for inequalities, free ones for equalities."""

    pairs: tuple[Pair, ...]
    free: tuple[FreeMultiplier, ...]
    equations: tuple[Equation, ...]

    def gradient_of(self, variable: sp.Symbol) -> Expr:
        """The constraints' part of dL/d(variable)."""
        near = [p for p in self.pairs if variable in p.slack.free_symbols]
        out = sum((p.multiplier * sp.diff(p.slack, variable) for p in near), sp.S.Zero)
        for free, equation in zip(self.free, self.equations, strict=True):
            out -= free.symbol * sp.diff(equation.expression, variable)
        return out


def attach(owner: str, constraints: Iterable[Constraint], *, scale: Expr = sp.S.One) -> Multiplied:
    """Multipliers for named constraints.  Equalities keep the order written: h - c."""
    pairs, free, equations = [], [], []
    for constraint in constraints:
        origin = Origin("constraint", owner, constraint.name)
        if constraint.relation.is_equality:
            symbol = sp.Symbol(f"nu[{constraint.name}]", real=True)
            free.append(FreeMultiplier(symbol, origin, scale))
            equations.append(Equation(constraint.relation.gap, origin))
        else:
            symbol = sp.Symbol(f"mu[{constraint.name}]", nonnegative=True)
            pairs.append(Pair(symbol, constraint.relation.gap, origin, scale))
    return Multiplied(tuple(pairs), tuple(free), tuple(equations))


def bounds(
    owner: str, actions: Iterable[Action], domain: Region, *, scale: Expr = sp.S.One
) -> Multiplied:
    """Multipliers for bounds of actions; one that the natural domain keeps away from has none."""
    kept_away = {r.gap for r in domain if r.is_strict}
    pairs = []
    for action in actions:
        low, high = action.interval.lower, action.interval.upper
        if (
            low != -sp.oo
            and not action.interval.open_lower
            and action.symbol - low not in kept_away
        ):
            symbol = sp.Symbol(f"low[{action.name}]", nonnegative=True)
            slack = action.symbol - low
            pairs.append(Pair(symbol, slack, Origin("lower", owner, action.name), scale))
        if (
            high != sp.oo
            and not action.interval.open_upper
            and high - action.symbol not in kept_away
        ):
            symbol = sp.Symbol(f"high[{action.name}]", nonnegative=True)
            slack = high - action.symbol
            pairs.append(Pair(symbol, slack, Origin("upper", owner, action.name), scale))
    return Multiplied(tuple(pairs), (), ())


def stationarity(
    owner: str, objective: Expr, variables: Iterable[sp.Symbol], parts: Sequence[Multiplied]
) -> tuple[Equation, ...]:
    """dL/dx = 0 for every variable of the decision maker."""
    out = []
    for variable in variables:
        gradient = sp.diff(objective, variable)
        gradient += sum((part.gradient_of(variable) for part in parts), sp.S.Zero)
        out.append(Equation(gradient, Origin("stationarity", owner, str(variable))))
    return tuple(out)


def lagrangian(objective: Expr, parts: Sequence[Multiplied]) -> Expr:
    """L, with the signs of the head of this page.

    >>> x, q = sp.symbols("x q", positive=True)
    >>> cap = attach("alpha", [Constraint("cap", Relation(x, "<=", q))])
    >>> lagrangian(sp.log(x), [cap])
    mu[cap]*(q - x) + log(x)
    """
    out = objective
    for part in parts:
        out += sum((p.multiplier * p.slack for p in part.pairs), sp.S.Zero)
        for free, equation in zip(part.free, part.equations, strict=True):
            out -= free.symbol * equation.expression
    return out


def open_domain(objective: Expr, actions: Iterable[Action]) -> Region:
    """Relations that hold strictly at any differentiable solution: natural domain and open bounds.

    `log` needs a positive argument; a root's argument is only nonnegative, and then its bound stays
    a constraint, for sqrt(x) at x = 0 is a legal point (its derivative is not).
    """
    actions = tuple(actions)
    found = [r for r in natural_domain(objective) if r.is_strict]
    found += _zero_excluded(objective, actions)
    for action in actions:
        if action.interval.open_lower and action.interval.lower != -sp.oo:
            found.append(Relation(action.symbol, ">", action.interval.lower))
        if action.interval.open_upper and action.interval.upper != sp.oo:
            found.append(Relation(action.symbol, "<", action.interval.upper))
    return tuple(dict.fromkeys(found))


def _zero_excluded(objective: Expr, actions: tuple[Action, ...]) -> Region:
    """x > 0 for nonnegative actions x with log(x) or a negative power in the objective."""
    out = []
    for action in actions:
        x = action.symbol
        for e in objective.atoms(sp.log, sp.Pow):
            if (isinstance(e, sp.log) and e.args[0] == x) or (
                isinstance(e, sp.Pow) and e.base == x and e.exp.is_negative
            ):
                out.append(Relation(x, ">", sp.S.Zero))
                break
    return tuple(out)


def describe(equations: Iterable[Equation], pairs: Iterable[Pair]) -> tuple[Step, ...]:
    """The conditions as steps of a derivation."""
    steps: list[Step] = []
    for equation in equations:
        if equation.origin.kind == "stationarity":
            variable = sp.Symbol(equation.origin.name)
            steps.append(FirstOrder(equation.origin.owner, variable, equation.expression))
    steps += [Complementary(p.origin.name, p.multiplier, p.slack) for p in pairs]
    return tuple(steps)
