"""Hypothesis strategies: exact parameter points, and random models with answers worth checking.

What is drawn is exact and legal; nothing here knows an answer.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING, Any

import sympy as sp

from alignsym.checking.points import exactly, inside, legal, met, numbers, points
from alignsym.errors import UsageError
from alignsym.model.game import Agent, Game, Parameter
from alignsym.model.relations import Region, Relation

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_HINTS = 12


def _strategies() -> Any:
    try:
        from hypothesis import strategies
    except ImportError:
        raise UsageError(
            "Hypothesis is not installed", where="alignsym.testing",
            remedy='pip install "alignsym[testing]"',
        ) from None  # fmt: skip
    return strategies


def parameter_points(game: Game, when: Region = ()) -> SearchStrategy[dict[sp.Symbol, sp.Rational]]:
    """Exact parameter values that are legal in the game and satisfy the conditions `when`.

    Points on edges are among them, and equalities of `when` are met.
    Raises: UsageError where no such point is found, or Hypothesis is not installed.

    >>> import sympy as sp
    >>> from hypothesis import find
    >>> from alignsym.model.game import Agent
    >>> x, q = sp.symbols("x q", positive=True)
    >>> game = Game(Agent("alpha", sp.log(x), x, constraints={"cap": x <= q}))
    >>> find(parameter_points(game), lambda point: point[q] > 3)[q] > 3
    True
    """
    st = _strategies()
    if not game.parameters:
        nothing: SearchStrategy[dict[sp.Symbol, sp.Rational]] = st.just({})
        return nothing
    hints = list(islice(points(game, when, _HINTS), _HINTS))
    if not hints:
        raise UsageError("no legal parameter point satisfies the conditions", where="when")
    equalities = [r for r in (*game.domain(), *when) if r.is_equality]

    def near(drawn: tuple[dict[sp.Symbol, Fraction], tuple[Fraction | None, ...]]) -> Any:
        point = dict(drawn[0])
        for parameter, value in zip(game.parameters, drawn[1], strict=True):
            if value is not None:
                point[parameter.symbol] = value
        point = met(equalities, point)
        if legal(game, point) and inside(when, numbers(point)) is True:
            return dict(exactly(point))
        return dict(exactly(drawn[0]))  # a hint is always one

    values = st.tuples(*(st.none() | _values(p) for p in game.parameters))
    out: SearchStrategy[dict[sp.Symbol, sp.Rational]]
    out = st.tuples(st.sampled_from(hints), values).map(near)
    return out


def _values(parameter: Parameter) -> Any:
    """Fractions of moderate size with the parameter's sign, or within its numeric bounds."""
    st = _strategies()
    if parameter.integer or parameter.symbol.is_integer:
        return st.integers(1, 9).map(Fraction)
    low, high = parameter.interval.lower, parameter.interval.upper
    least = Fraction(int(low.p), int(low.q)) if low.is_Rational else Fraction(-50)
    most = Fraction(int(high.p), int(high.q)) if high.is_Rational else Fraction(50)
    return st.fractions(min(least, most), max(least, most), max_denominator=60)


def programs(variables: int = 2) -> SearchStrategy[Game]:
    """Random concave programs: a_k log x_k or a_k x_k - x_k**2/2 under one budget and bounds.

        max sum_k u_k(x_k)    s.t.  sum_k c_k x_k <= m,   x_k >= 0

    m > 0 and one taste a > 0 are parameters, all other numbers are drawn.
    """
    st = _strategies()
    whole = st.integers(1, 5)
    row = st.tuples(st.booleans(), whole, whole)

    def made(drawn: list[tuple[bool, int, int]]) -> Game:
        m, a = sp.symbols("m a", positive=True)
        terms, cost, chosen = [], [], []
        for k, (log, taste, price) in enumerate(drawn):
            x = sp.Symbol(f"x{k}", nonnegative=True)
            weight = a if k == 0 else sp.Integer(taste)
            terms.append(weight * sp.log(x) if log else weight * x - x**2 / 2)
            cost.append(price * x)
            chosen.append(x)
        budget = Relation(sp.Add(*cost), "<=", m)
        agent = Agent("agent", sp.Add(*terms), *chosen, constraints={"budget": budget})
        return Game(agent, concept="maximize")

    out: SearchStrategy[Game] = st.lists(row, min_size=variables, max_size=variables).map(made)
    return out


def oligopolies(firms: int = 2) -> SearchStrategy[Game]:
    """Random Cournot games: u_i = (a - b*sum_j x_j - c_i) x_i - d_i x_i**2,  x_i >= 0.

    The demand's a > 0 is a parameter; slopes b > 0 and costs c_i >= 0, d_i >= 0 are drawn, so that
    a firm may stay out of the market.
    """
    st = _strategies()
    costs = st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 2)), min_size=firms, max_size=firms
    )

    def made(drawn: tuple[int, list[tuple[int, int]]]) -> Game:
        slope, listed = drawn
        a = sp.Symbol("a", positive=True)
        xs = [sp.Symbol(f"x{k}", nonnegative=True) for k in range(firms)]
        price = a - slope * sp.Add(*xs)
        agents = [
            Agent(f"firm{k}", (price - c) * x - d * x**2, x)
            for k, (x, (c, d)) in enumerate(zip(xs, listed, strict=True))
        ]
        return Game(*agents, concept="nash")

    out: SearchStrategy[Game] = st.tuples(st.integers(1, 3), costs).map(made)
    return out


def economies(consumers: int = 2) -> SearchStrategy[Game]:
    """Random exchange economies with two goods, the second the numeraire.

        u_i = s_i log x_i + t_i log y_i    s.t.   p x_i + y_i <= p e_i + f_i

    p clears the first market.  The first consumer's endowment of the first good is a parameter
    e > 0; tastes and the other endowments are drawn, everybody owning something.
    """
    st = _strategies()
    row = st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(0, 3), st.integers(1, 4))

    def made(drawn: list[tuple[int, int, int, int]]) -> Game:
        e = sp.Symbol("e", positive=True)
        p = sp.Symbol("p", nonnegative=True)
        agents, demand, supply = [], [], []
        for k, (s, t, first, second) in enumerate(drawn):
            x, y = sp.symbols(f"x{k} y{k}", nonnegative=True)
            owned = e if k == 0 else sp.Integer(first)
            budget = Relation(p * x + y, "<=", p * owned + second)
            utility = s * sp.log(x) + t * sp.log(y)
            agents.append(Agent(f"consumer{k}", utility, x, y, constraints={f"budget{k}": budget}))
            demand.append(x)
            supply.append(owned)
        clearing = Relation(sp.Add(*demand), "<=", sp.Add(*supply))
        return Game(*agents, concept="walras", prices={p: clearing})

    out: SearchStrategy[Game] = st.lists(row, min_size=consumers, max_size=consumers).map(made)
    return out
