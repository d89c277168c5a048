"""Every claim of the essay "Alignment as Pareto-efficiency" as a claim that is proved or refuted.

`rows()` is the table of the README beside this file: the claim, the reading of it, and the verdict,
each computed here.  `python derivations/essay/claims.py` prints it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import sympy as sp

from alignsym import Agent, Game, Relation, load, solve
from alignsym.alignment.align import align, alignment
from alignsym.alignment.decentral import Spot, equilibrium
from alignsym.alignment.efficiency import Efficiency
from alignsym.alignment.judging import judge
from alignsym.claims import Proved, Unknown, Verdict, weakest, word
from alignsym.solution import Regime, Solution
from alignsym.verify.facts import holds, zero

HERE = Path(__file__).parent
WAR = sp.Integer(10) ** 99
q, s, c, w = sp.symbols("q s c w", positive=True)
Q = sp.Symbol("Q", positive=True)
x, y = sp.symbols("x y", nonnegative=True)
ZERO = sp.S.Zero
Row = tuple[str, str, str]


def true(verdict: Verdict) -> str:
    """What the essay says holds."""
    return f"true, {word(verdict)}"


def false(verdict: Verdict, why: str) -> str:
    """What the essay says fails, `verdict` being on the contrary."""
    return f"false: {why}, {word(verdict)}"


def values(solution: Solution, expected: dict[str, sp.Expr]) -> Verdict:
    """Whether the solution is the only one, proved, and has these values."""
    (regime,) = solution.regimes
    found = {str(k): e for k, e in regime.values}
    same = [zero(found[name] - e, solution.game.domain()) for name, e in expected.items()]
    return weakest([solution.proof, *same])


def strongly(row: Efficiency, weights: dict[str, sp.Expr], *, degenerate: bool = False) -> Verdict:
    """Whether the row says strongly efficient, with these weights."""
    right = row.kind == "strongly" and row.degenerate == degenerate
    if not right or dict(row.weights or ()) != weights:
        return Unknown(f"{row.kind} with weights {row.weights}")
    return row.status


def always(*relations: Relation, given: tuple[Relation, ...]) -> Verdict:
    """Whether all relations follow from what is given."""
    return weakest(holds(r, given) for r in relations)


# ------------------------------------------------------------------ supplier and receiver
def supplier() -> Iterator[Row]:
    game = load(HERE / "supplier_no_trade.toml")
    solution = solve(game)
    yield (
        "The only Nash equilibrium is x = 0",
        "x >= 0, costs positive",
        true(values(solution, {"x1": ZERO, "x2": ZERO})),
    )
    z = sp.Symbol("z", real=True)
    literal = solve(Game(Agent("alpha", -c * z, z)), "maximize")
    unbounded = literal.proof if literal.status == "unbounded" else Unknown(literal.status)
    yield "The same", "literally X = R^G", false(unbounded, "supply has no lower bound")
    (row,) = alignment(solution).equilibria
    yield (
        "It is Pareto-efficient, a degenerate alignment",
        "weights (1, 0), no positive ones",
        true(strongly(row, {"alpha": sp.S.One, "beta": ZERO}, degenerate=True)),
    )
    market = solve(load(HERE / "supplier_trade.toml"))
    by_name = {str(p.symbol): p.symbol for p in market.game.parameters}
    c1, lam1 = by_name["c1"], by_name["lam1"]
    yield (
        "beta can bid for the goods",
        "prices c_i, quantities lam_i / c_i",
        true(values(market, {"p1": c1, "x1": lam1 / c1, "y1": lam1 / c1})),
    )
    (row,) = alignment(market).equilibria
    yield (
        "The bids align",
        "weights (1, 1), utilities before payments",
        true(strongly(row, {"alpha": sp.S.One, "beta": sp.S.One})),
    )


# ------------------------------------------------------------------ war
def war() -> Iterator[Row]:
    X, Y, t = sp.symbols("X Y t", real=True)
    box = [Relation(Q, ">", ZERO)]
    for u in (X, Y, t):
        box += [Relation(u, ">=", ZERO), Relation(u, "<=", Q)]
    poor = (*box, Relation(sp.log(1 + Q), "<", WAR))
    peace = Relation(X + Y, "==", Q)
    mine, now = sp.log(1 + t), sp.log(1 + X)
    stay = [
        always(Relation(mine, "<=", now), given=(*poor, peace, Relation(t, "<=", X))),
        always(Relation(mine - WAR, "<", now), given=(*poor, peace, Relation(t, ">", X))),
    ]
    yield "Nash: the segment x + y = Q", "closed [0, Q], log(1 + Q) < 10^99", true(weakest(stay))
    less, more = Relation(X + Y, "<", Q), Relation(X + Y, ">", Q)
    leave = [
        # In peace with something left one takes it; in war short of Q one takes all; at (Q, Q)
        # either retreats to nothing.
        always(Relation(sp.log(1 + Q - Y), ">", now), given=(*poor, less)),
        always(
            Relation(sp.log(1 + Q) - WAR, ">", now - WAR), given=(*poor, more, Relation(X, "<", Q))
        ),
        always(Relation(sp.log(1 + Q) - WAR, "<", ZERO), given=poor),
    ]
    yield "No other", "log(1 + Q) < 10^99", true(weakest(leave))
    rich = (*box, Relation(sp.log(1 + Q), ">", WAR))
    both = [
        always(Relation(sp.log(1 + Q) - WAR, ">=", mine - WAR), given=rich),
        always(Relation(sp.log(1 + Q) - WAR, ">", ZERO), given=rich),
    ]
    yield "No other", "log(1 + Q) > 10^99", false(weakest(both), "(Q, Q) is an equilibrium")
    further = (*poor, more, Relation(X, "<", Q))
    better = always(
        Relation(sp.log(1 + (X + Q) / 2) - WAR, ">", now - WAR),
        Relation((X + Q) / 2, "<", Q),
        given=further,
    )
    yield "War is never an equilibrium", "half-open [0, Q), for every Q", true(better)
    solution = solve(load(HERE / "war_social.toml"))
    (size,) = (p.symbol for p in solution.game.parameters)
    yield (
        "The aggregate optimum is Q/2 each",
        "for every Q",
        true(values(solution, {"x_a": size / 2, "x_b": size / 2})),
    )
    slope = zero(sp.diff(solution.value, size) - 2 / (2 + size), solution.game.domain())
    yield (
        "Its shadow price is 2/(2 + Q)",
        "derivative of the largest sum",
        true(weakest([solution.proof, slope])),
    )
    r = sp.Symbol("r", positive=True)
    game = Game(
        Agent("alpha", sp.log(1 + x), x), Agent("beta", sp.log(1 + y), y),
        shared={"G": x + y <= r + s},
    )  # fmt: skip
    point = Regime(
        (), ((x, r), (y, s)), utilities=(("alpha", sp.log(1 + r)), ("beta", sp.log(1 + s))),
        witness=((r, sp.S.One), (s, sp.Integer(2))), status=Proved(),
    )  # fmt: skip
    (row,) = judge(Solution(game, "variational", (point,), Proved()), point, None)
    kind = row.status if row.kind == "strongly" else Unknown(row.kind)
    worse = always(Relation(mine - WAR, "<", ZERO), given=poor)
    yield (
        "All points of the segment are efficient",
        "shares positive, log(1 + Q) < 10^99",
        true(weakest([kind, worse])),
    )


# ------------------------------------------------------------------ the shared good
def no_trade() -> Iterator[Row]:
    literal = solve(load(HERE / "no_trade_unbounded.toml"))
    unbounded = literal.proof if literal.status == "unbounded" else Unknown(literal.status)
    yield (
        "Without trade the Nash equilibrium is x = q",
        "literally X = [0, oo)",
        false(unbounded, "unbounded"),
    )
    solution = solve(load(HERE / "no_trade.toml"))
    yield "The same", "x <= q", true(values(solution, {"x": solution.game.parameters[0].symbol}))
    (row,) = alignment(solution).equilibria
    beta = Proved() if dict(row.utilities)["beta"] == -sp.oo else Unknown("finite")
    smaller = always(Relation(sp.log(q), "<", q), given=(Relation(q, ">", ZERO),))
    yield "It gives alpha a utility of q", "log q < q for all q", false(smaller, "log q")
    yield "It gives beta -oo", "log(q - x) at x = q", true(weakest([beta, solution.proof]))
    yield (
        "It is efficient, beta being ignored",
        "weights (1, 0), no positive ones",
        true(strongly(row, {"alpha": sp.S.One, "beta": ZERO}, degenerate=True)),
    )
    yield "X_beta is empty", "then there are no profiles; read {0}", "by definition"


def priced() -> Iterator[Row]:
    third = sp.Symbol("p", positive=True)
    game = Game(
        Agent("alpha", sp.log(x) - third * x, x), Agent("beta", sp.log(y) - third * y, y),
        Agent("mu", -sp.Abs(q - x - y), third), concept="nash",
        conditions=[Relation(s, ">", ZERO)],
    )  # fmt: skip
    anywhere = Spot(
        game.domain(), ((x, 1 / s), (y, 1 / s), (third, s)), ((q, sp.S.One), (s, sp.S.One))
    )
    yield (
        "The Nash equilibrium is (q/2, q/2, 2/q)",
        "mu moves at the same time",
        false(equilibrium(game, "nash", anywhere), "every p > 0 with x = y = 1/p is one"),
    )
    first = solve(load(HERE / "priced_leader.toml"))
    yield "The same", "mu moves first", true(values(first, _halves(first)))
    market = solve(load(HERE.parent / "shared_good" / "model.toml"))
    yield "The same", "the market clears", true(values(market, _halves(market)))
    shared = Game(
        Agent("alpha", sp.log(x), x), Agent("beta", sp.log(y), y), shared={"G": x + y <= q}
    )
    social = solve(shared, "social")
    yield (
        "It maximises U_alpha + U_beta",
        "utilities before payments, x + y <= q",
        true(values(social, {"x": q / 2, "y": q / 2})),
    )
    fixed = {third: 2 / q}
    paying = Game(*(Agent(a.name, a.utility.xreplace(fixed), *a.actions) for a in game.agents[:2]))
    yield (
        "It maximises U_alpha + U_beta",
        "after payments, p = 2/q fixed",
        true(values(solve(paying, "social"), {"x": q / 2, "y": q / 2})),
    )
    each = sp.log(q / 2) - 1
    point = Regime(
        (), ((x, q / 2), (y, q / 2), (third, 2 / q)), witness=((q, sp.S.One), (s, sp.S.One)),
        utilities=(("alpha", each), ("beta", each), ("mu", ZERO)), status=Proved(),
    )  # fmt: skip
    (row,) = judge(Solution(game, "nash", (point,), Proved()), point, None)
    weak = row.kind == "weakly" and dict(row.weights or ()) == {
        "alpha": ZERO, "beta": ZERO, "mu": sp.S.One,
    }  # fmt: skip
    yield (
        "It maximises U_alpha + U_beta",
        "over (x, y, p), payments burnt",
        false(
            row.status if weak else Unknown(row.kind), "weakly efficient only, weights (0, 0, 1)"
        ),
    )
    price = zero(social.multipliers["G"] - 2 / q, shared.domain())
    yield (
        "Prices are Lagrange multipliers",
        "2/q is that of x + y <= q",
        true(weakest([social.proof, price])),
    )
    found = align(shared, "variational")
    kinds = [i.status for i in found.instruments if i.kind == "price"]
    yield (
        "Trade can achieve alignment",
        "the priced game's equilibrium is the optimum",
        true(weakest(kinds) if kinds else Unknown("no price")),
    )


def _halves(solution: Solution) -> dict[str, sp.Expr]:
    size = next(p.symbol for p in solution.game.parameters if str(p.symbol) == "q")
    return {"x_a": size / 2, "x_b": size / 2, "p": 2 / size}


def general() -> Iterator[Row]:
    folder = HERE.parent
    for claim, file in (
        ("n agents: q/n each at the price n/q", "many_agents/model.toml"),
        ("n agents with a_i log x_i: q a_i/A at the price A/q", "many_agents/weighted.toml"),
        ("log(1 + x), so that corners are possible", "shared_good/shifted_log.toml"),
    ):
        yield claim, file, true(solve(load(folder / file)).proof)


SECTIONS: tuple[tuple[str, Callable[[], Iterator[Row]]], ...] = (
    ("Supplier and receiver", supplier), ("War", war), ("Without trade", no_trade),
    ("With a price", priced), ("More generally", general),
)  # fmt: skip


def table() -> str:
    """The table as Markdown."""
    lines = ["| claim | reading | verdict |", "|---|---|---|"]
    for title, section in SECTIONS:
        lines.append(f"| **{title}** | | |")
        lines += [f"| {claim} | {reading} | {verdict} |" for claim, reading, verdict in section()]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())  # noqa: T201
