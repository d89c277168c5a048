"""The evaluator against hand-computed numbers and the judge's; truths pass, lies are caught."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from fractions import Fraction
from types import ModuleType

import mpmath
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from alignsym.model.game import Action, Agent, Constraint, Game
from alignsym.model.relations import Interval, Relation
from alignsym.solution import Regime
from alignsym.verify import numbers
from alignsym.verify.arithmetic import CONTEXT, Undefined
from alignsym.verify.coefficients import NotEvaluable
from alignsym.verify.evaluator import compile_text, compiled

AT = {"x": Fraction(1, 2), "y": Fraction(9, 4), "n": Fraction(-3)}

BY_HAND = [
    ("x + y - 1/4", Fraction(5, 2)),
    ("x/y", Fraction(2, 9)),
    ("-x**2", Fraction(-1, 4)),
    ("2**-x**2", CONTEXT.mpf(2) ** CONTEXT.mpf("-0.25")),
    ("sqrt(y)", Fraction(3, 2)),
    ("y**(-3/2)", Fraction(8, 27)),
    ("n**3", Fraction(-27)),
    ("n**0", Fraction(1)),
    ("0**x", Fraction(0)),
    ("0.1 + 0.2", Fraction(3, 10)),
    ("log(1)", Fraction(0)),
    ("log(0)", CONTEXT.ninf),
    ("log(E)", CONTEXT.mpf(1)),
    ("exp(-oo)", Fraction(0)),
    ("-log(0) - 3", CONTEXT.inf),
    ("Min(x, y, n)", Fraction(-3)),
    ("Max(x, y, n)", Fraction(9, 4)),
    ("Abs(n)", Fraction(3)),
    ("sign(n)", Fraction(-1)),
    ("cbrt(8)", CONTEXT.mpf(2)),
    ("Rational(1, 3) + x", Fraction(5, 6)),
    ("Pow(y, 2)", Fraction(81, 16)),
    ("LambertW(E)", CONTEXT.mpf(1)),
    ("LambertW(-2*exp(-2), -1)", CONTEXT.mpf(-2)),
    ("sin(pi/2) + cos(0) + tan(0)", CONTEXT.mpf(2)),
    ("4*atan(1) - 2*asin(1) + acos(1)", CONTEXT.mpf(0)),
    ("Piecewise((x, x > 1), (y, x <= 1/2), (0, True))", Fraction(9, 4)),
    ("Piecewise((x, (x > 0) & (y > 0)), (0, True))", Fraction(1, 2)),
    ("Piecewise((x, (x > 1) | ~(y > 0)), (7, True))", Fraction(7)),
    ("Sum(k**2, (k, 1, 4))", Fraction(30)),
    ("Product(k, (k, 1, 5))", Fraction(120)),
    ("Sum(j*k, (j, 1, k), (k, 1, 2))", Fraction(7)),
    ("Root(z**2 - y, z, 0)", CONTEXT.mpf("-1.5")),
    ("Root(z**3 - 2*z + 1, z, 2)", CONTEXT.mpf(1)),
    ("CRootOf(z**3 - 8, 0)", CONTEXT.mpf(2)),
    ("10**99 - 10**99 + x", Fraction(1, 2)),
]


@pytest.mark.parametrize(("text", "expected"), BY_HAND)
def test_by_hand(text: str, expected: object) -> None:
    got = compile_text(text).precise(AT)
    if isinstance(expected, Fraction):
        assert got == expected
        assert not isinstance(got, float)
    else:
        assert CONTEXT.almosteq(got, expected, 1e-30, 1e-30) or got == expected
    quick = compile_text(text).quick({k: float(v) for k, v in AT.items()})
    assert quick == pytest.approx(float(got), rel=1e-9, abs=1e-9) or "10**99" in text


UNDEFINED = (
    "log(n)", "sqrt(n)", "n**x", "n**(1/3)", "1/0", "x/(y - 9/4)", "0**n", "log(0) - log(0)",
    "0*log(0)", "zoo", "nan", "I*x", "asin(2)", "Piecewise((x, x > 1))", "LambertW(-1)",
    "Root(z**2 + 1, z, 0)", "log(0)/log(0)",
)  # fmt: skip


@pytest.mark.parametrize("text", UNDEFINED)
def test_undefined_in_both_arithmetics(text: str) -> None:
    with pytest.raises(Undefined):
        compile_text(text).precise(AT)
    with pytest.raises(Undefined):
        compile_text(text).quick({k: float(v) for k, v in AT.items()})


@pytest.mark.parametrize(
    "text",
    ["__import__('os')", "x.real", "f(x)", "lambda: 1", "x +", "[1]", "'x'", "x if x else y"],
)
def test_what_is_not_a_formula_is_refused(text: str) -> None:
    with pytest.raises(NotEvaluable):
        compile_text(text)


def test_declared_names_win_and_odd_names_are_read() -> None:
    assert compile_text("E + pi").precise({"E": 1, "pi": 2}) == 3
    assert compiled(sp.Symbol("lambda") ** 2).precise({"v_6c616d626461": 3}) == 9
    with pytest.raises(NotEvaluable):
        compile_text("x").precise({})


def test_relations_are_exact_for_rationals_and_tie_for_roots() -> None:
    tiny = Fraction(1, 10**60)
    assert compile_text("a < b").precise({"a": 1 - tiny, "b": 1}) is True
    assert compile_text("Eq(sqrt(2)**2, 2)").precise({}) is True
    assert compile_text("sqrt(2)*sqrt(2) < 2").precise({}) is False


def test_what_would_take_memory_without_bound_is_undefined() -> None:
    with pytest.raises(Undefined):
        compile_text("exp(exp(exp(100)))").precise({})
    assert compile_text("exp(-10**99)").precise({}) > 0
    with pytest.raises(Undefined):
        compile_text("exp(1000)").quick({})


LEAVES = st.sampled_from(["x", "y", "n", "2", "3", "1/3", "pi"])
FORMULAS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(st.sampled_from(["log", "exp", "sqrt", "Abs", "atan"]), inner).map(
            lambda t: f"{t[0]}({t[1]})"
        ),
        st.tuples(inner, inner).map(lambda t: f"Max({t[0]}, {t[1]})"),
        st.tuples(inner, st.sampled_from(["2", "-1", "1/2"])).map(lambda t: f"({t[0]})**({t[1]})"),
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(text=FORMULAS)
def test_agrees_with_the_judge(text: str, judge: ModuleType) -> None:
    with mpmath.workdps(30):
        theirs = judge.number(
            text, {k: mpmath.mpf(v.numerator) / v.denominator for k, v in AT.items()}
        )
    try:
        ours = compile_text(text).precise(AT)
    except Undefined:
        return  # the judge is content with oo and complex parts in between
    if theirs is not None and mpmath.isfinite(theirs) and abs(theirs) < 1e15:
        assert float(ours) == pytest.approx(float(theirs), rel=1e-9, abs=1e-9)


# ------------------------------------------------------------------ games, truths and lies
x, y = sp.symbols("x y", nonnegative=True)
z = sp.Symbol("z", real=True)
w = sp.Symbol("w", real=True)
p = sp.Symbol("p", nonnegative=True)
q, a, b, c, d = sp.symbols("q a b c d", positive=True)
ZERO = sp.Integer(0)
Values = Mapping[sp.Symbol, sp.Expr]


def regime(
    values: Values, *when: Relation, value: sp.Expr | None = None, **named: Mapping[str, sp.Expr]
) -> Regime:
    """A regime written out; `multipliers`, `bounds` and `utilities` are mappings."""
    rest = {k: tuple(v.items()) for k, v in named.items()}
    return Regime(when, tuple(values.items()), value=value, **rest)  # type: ignore[arg-type]


def le(left: sp.Expr, right: object) -> Relation:
    return Relation(left, "<=", sp.Integer(right) if isinstance(right, int) else right)


def point(**numbers_: str | int) -> dict[str, Fraction]:
    return {k: Fraction(v) for k, v in numbers_.items()}


@dataclasses.dataclass(frozen=True)
class Case:
    """A game with a true regime, a point of it, and untrue regimes by name."""

    game: Game
    concept: str
    truth: Regime
    at: dict[str, Fraction]
    lies: dict[str, Regime]


def scaled(case_truth: Regime, symbol: sp.Symbol, factor: str = "1.01") -> Regime:
    f = sp.Rational(factor)
    return dataclasses.replace(
        case_truth, values=tuple((s, v * f if s == symbol else v) for s, v in case_truth.values)
    )


def shifted(truth: Regime, symbol: sp.Symbol, by: str = "1/100") -> Regime:
    t = sp.Rational(by)
    return dataclasses.replace(
        truth, values=tuple((s, v + t if s == symbol else v) for s, v in truth.values)
    )


def with_(truth: Regime, **changes: object) -> Regime:
    table = {
        k: tuple(v.items()) if isinstance(v, Mapping) else v  # type: ignore[union-attr]
        for k, v in changes.items()
    }
    return dataclasses.replace(truth, **table)  # type: ignore[arg-type]


def sharing() -> Case:
    game = Game(Agent("A", sp.log(x), x), Agent("B", sp.log(y), y), shared={"G": x + y <= q})
    truth = regime(
        {x: q / 2, y: q / 2},
        value=2 * sp.log(q / 2),
        multipliers={"G": 2 / q},
        bounds={"x": ZERO, "y": ZERO},
        utilities={"A": sp.log(q / 2), "B": sp.log(q) - sp.log(2)},
    )
    return Case(game, "social", truth, point(q="7/3"), {
        "more than there is": scaled(truth, x),
        "less than there is": scaled(truth, x, "99/100"),
        "unequal shares": with_(truth, values={x: q / 3, y: 2 * q / 3}, value=None, utilities={}),
        "multiplier of the other sign": with_(truth, multipliers={"G": -2 / q}),
        "multiplier halved": with_(truth, multipliers={"G": 1 / q}),
        "multiplier undefined": with_(truth, multipliers={"G": 1 / (q - sp.Rational(7, 3))}),
        "value": with_(truth, value=2 * sp.log(q)),
        "utility": with_(truth, utilities={"A": sp.log(q)}),
        "bound multiplier inside the domain": with_(truth, bounds={"x": sp.Integer(1)}),
        "value undefined": with_(truth, values={x: q / 2, y: sp.log(-q)}),
        "an action missing": with_(truth, values={x: q / 2}),
        "infinite": with_(truth, values={x: q / 2, y: sp.oo}),
    })  # fmt: skip


def shifted_logs() -> Case:
    """log(1 + x) + log(1 + 3 y) on x + y <= q: for q <= 2/3 all goes to y."""
    game = Game(
        Agent("A", sp.log(1 + x), x), Agent("B", sp.log(1 + 3 * y), y), shared={"G": x + y <= q}
    )
    mu = 3 / (1 + 3 * q)
    truth = regime({x: ZERO, y: q}, multipliers={"G": mu}, bounds={"x": mu - 1, "y": ZERO})
    inside = {x: (q - sp.Rational(2, 3)) / 2, y: (q + sp.Rational(2, 3)) / 2}
    return Case(game, "social", truth, point(q="1/2"), {
        "corner dropped": regime(inside, multipliers={"G": mu}),
        "the other corner": regime({x: q, y: ZERO}),
        "bound multiplier zero": with_(truth, bounds={"x": ZERO, "y": ZERO}),
        "bound multiplier negative": with_(truth, bounds={"x": 1 - mu, "y": ZERO}),
        "multiplier of the wrong agent": with_(truth, multipliers={"G": 1 / (1 + q)}),
    })  # fmt: skip


def cournot(at: dict[str, Fraction], both: bool) -> Case:
    """Demand a - x - y, costs c and d: a duopoly, or B stays out."""
    game = Game(Agent("A", (a - x - y - c) * x, x), Agent("B", (a - x - y - d) * y, y))
    duopoly = regime({x: (a - 2 * c + d) / 3, y: (a - 2 * d + c) / 3})
    alone = regime({x: (a - c) / 2, y: ZERO}, bounds={"y": d - (a + c) / 2, "x": ZERO})
    truth, other = (duopoly, alone) if both else (alone, duopoly)
    return Case(game, "nash", truth, at, {
        "the other regime": other,
        "A broken": scaled(truth, x),
        "B broken": shifted(truth, y),
        "nobody sells": regime({x: ZERO, y: ZERO}),
        "collusion": regime({x: (a - c) / 4, y: (a - d) / 4}),
    })  # fmt: skip


def split() -> Case:
    """Variational: all exact splits are generalised Nash, one has a common multiplier."""
    game = Game(Agent("A", sp.log(x), x), Agent("B", sp.log(y), y), shared={"G": x + y <= q})
    truth = regime({x: q / 2, y: q / 2}, multipliers={"G": 2 / q})
    return Case(game, "variational", truth, point(q=3), {
        "another generalised Nash equilibrium": with_(truth, values={x: q / 3, y: 2 * q / 3}),
        "waste": regime({x: q / 3, y: q / 3}, multipliers={"G": ZERO}),
        "infeasible": scaled(truth, y),
        "multiplier": with_(truth, multipliers={"G": 1 / q}),
    })  # fmt: skip


def priced() -> Case:
    game = Game(
        Agent("A", sp.log(x) - p * x, x), Agent("B", sp.log(y) - p * y, y), prices={p: x + y <= q}
    )
    truth = regime({x: q / 2, y: q / 2, p: 2 / q})
    return Case(game, "walras", truth, point(q="5/7"), {
        "price too low": scaled(truth, p, "1/2"),
        "price negative": scaled(truth, p, "-1"),
        "no price": scaled(truth, p, "0"),
        "excess demand": regime({x: q, y: q, p: 1 / q}),
        "excess supply at a price": regime({x: q / 4, y: q / 4, p: 4 / q}),
        "only A optimises": regime({x: q / 2, y: q / 4, p: 2 / q}),
        "clears, but A does not optimise": regime({x: q / 3, y: 2 * q / 3, p: 2 / q}),
    })  # fmt: skip


def projection() -> Case:
    """Least squares to the line z + w = b: an equality, and a loss."""
    game = Game(
        Agent(
            "S", z**2 + w**2, z, w, loss=True,
            constraints=[Constraint("line", Relation(z + w, "==", b))],
        )
    )  # fmt: skip
    truth = regime({z: b / 2, w: b / 2}, value=b**2 / 2, multipliers={"line": -b})
    return Case(game, "maximize", truth, point(b="3/2"), {
        "off the line": shifted(truth, z),
        "on the line, not nearest": with_(truth, values={z: b, w: ZERO}, value=b**2),
        "value of the negative": with_(truth, value=-(b**2) / 2),
        "sign of the multiplier": with_(truth, multipliers={"line": b}),
        "size of the multiplier": with_(truth, multipliers={"line": -2 * b}),
    })  # fmt: skip


def interval() -> Case:
    """Linear on [0, q]: the upper end, with a bound multiplier."""
    game = Game(Agent("S", a * x, Action(x, Interval(ZERO, q))))
    truth = regime({x: q}, value=a * q, bounds={"x": a})
    return Case(game, "maximize", truth, point(a=2, q="1/3"), {
        "the lower end": regime({x: ZERO}),
        "inside": scaled(truth, x, "99/100"),
        "outside": scaled(truth, x),
        "bound multiplier": with_(truth, bounds={"x": 2 * a}),
        "bound multiplier zero": with_(truth, bounds={"x": ZERO}),
        "bound multiplier negative": with_(truth, bounds={"x": -a}),
    })  # fmt: skip


def double_well() -> Case:
    """-(z**2 - 1)**2 + z/10: a local maximum near -1 is not a global one."""
    f = -((z**2 - 1) ** 2) + a * z
    roots = sp.Poly(sp.diff(f, z).subs(a, sp.Rational(1, 10)), z)
    low, high = sp.CRootOf(roots, 0), sp.CRootOf(roots, 2)
    game = Game(Agent("S", f, z))
    truth = regime({z: high})
    return Case(game, "maximize", truth, point(a="1/10"), {
        "a local maximum": regime({z: low}),
        "a minimum": regime({z: sp.CRootOf(roots, 1)}),
        "near it": scaled(truth, z),
    })  # fmt: skip


def at_least() -> Case:
    """Cheapest inputs for an output: a constraint with >=."""
    game = Game(
        Agent(
            "firm", a * x + b * y, x, y, loss=True,
            constraints=[Constraint("output", Relation(sp.sqrt(x * y), ">=", q))],
        )
    )  # fmt: skip
    truth = regime(
        {x: q * sp.sqrt(b / a), y: q * sp.sqrt(a / b)},
        value=2 * q * sp.sqrt(a * b),
        multipliers={"output": 2 * sp.sqrt(a * b)},
    )
    return Case(game, "maximize", truth, point(a=2, b=3, q="5/4"), {
        "too little": scaled(truth, x, "99/100"),
        "too much": scaled(truth, x),
        "wrong mix": with_(truth, values={x: q, y: q}, value=(a + b) * q),
        "multiplier": with_(truth, multipliers={"output": sp.sqrt(a * b)}),
        "negative multiplier": with_(truth, multipliers={"output": -2 * sp.sqrt(a * b)}),
    })  # fmt: skip


def own_constraints() -> Case:
    """A budget of one agent in a Nash game, slack for the other."""
    game = Game(
        Agent("A", x - x * y / 4, x, constraints=[Constraint("cap", le(2 * x, q))]),
        Agent("B", y - y**2 / 2 - x * y / 4, y, constraints=[Constraint("room", le(y, 2))]),
    )
    truth = regime(
        {x: q / 2, y: 1 - q / 8},
        multipliers={"cap": (1 - (1 - q / 8) / 4) / 2, "room": ZERO},
    )
    return Case(game, "nash", truth, point(q=1), {
        "cap not used": shifted(truth, x, "-1/10"),
        "cap exceeded": shifted(truth, x),
        "B broken": shifted(truth, y),
        "multiplier of slack": with_(
            truth, multipliers={"cap": truth.multipliers[0][1], "room": sp.Integer(1)}
        ),
        "multiplier": with_(truth, multipliers={"cap": sp.Integer(1), "room": ZERO}),
    })  # fmt: skip


def kinked() -> Case:
    """-|z - b| - z**2/10: the maximiser is the kink while it is steep enough."""
    game = Game(Agent("S", -sp.Abs(z - b) - z**2 / 10, z))
    truth = regime({z: b}, value=-(b**2) / 10)
    return Case(game, "maximize", truth, point(b=2), {
        "below": scaled(truth, z, "99/100"),
        "above": scaled(truth, z),
        "without the kink": regime({z: ZERO}),
        "smooth on the wrong side": regime({z: sp.Integer(5)}),
    })  # fmt: skip


def bargain() -> Case:
    """Nash bargaining over q with disagreement a for A: (q + a)/2 and (q - a)/2."""
    game = Game(
        Agent("A", x, x), Agent("B", y, y), shared={"pie": x + y <= q}, disagreement={"A": a}
    )
    truth = regime({x: (q + a) / 2, y: (q - a) / 2}, multipliers={"pie": (q - a) / 2})
    return Case(game, "bargaining", truth, point(q=3, a=1), {
        "equal shares": regime({x: q / 2, y: q / 2}),
        "not individually rational": regime({x: ZERO, y: q}),
        "waste": scaled(truth, y, "1/2"),
        "multiplier": with_(truth, multipliers={"pie": q - a}),
    })  # fmt: skip


def weighted() -> Case:
    """A weight of zero on an agent at -oo: 0 * -oo = 0."""
    game = Game(
        Agent("A", sp.log(x), x),
        Agent("B", sp.log(y), y),
        shared={"G": x + y <= q},
        weights={"B": ZERO},
    )
    truth = regime({x: q, y: ZERO}, value=sp.log(q), multipliers={"G": 1 / q})
    return Case(game, "social", truth, point(q=3), {
        "B gets something": regime({x: q / 2, y: q / 2}),
        "value": with_(truth, value=sp.log(q) - 1),
    })  # fmt: skip


CASES = {
    "sharing": sharing(),
    "shifted_logs": shifted_logs(),
    "duopoly": cournot(point(a=10, c=1, d=2), both=True),
    "exit": cournot(point(a=10, c=1, d=7), both=False),
    "split": split(),
    "priced": priced(),
    "projection": projection(),
    "interval": interval(),
    "double_well": double_well(),
    "at_least": at_least(),
    "own_constraints": own_constraints(),
    "kinked": kinked(),
    "bargain": bargain(),
    "weighted": weighted(),
}


def refuted(case: Case, claimed: Regime) -> str | None:
    """What either test says of a regime."""
    return numbers.refute_regime(
        case.game, case.concept, claimed, case.at
    ) or numbers.refute_multipliers(case.game, case.concept, claimed, case.at)


@pytest.mark.parametrize("name", CASES)
def test_the_truth_passes(name: str) -> None:
    case = CASES[name]
    assert refuted(case, case.truth) is None


@pytest.mark.parametrize(
    ("name", "lie"), [(name, lie) for name, case in CASES.items() for lie in case.lies]
)
def test_a_lie_is_caught(name: str, lie: str) -> None:
    case = CASES[name]
    assert refuted(case, case.lies[lie])


def test_the_truth_passes_at_extreme_points() -> None:
    case = CASES["sharing"]
    for size in ("1/1000000", "1000000", "123456789/1000"):
        again = dataclasses.replace(case, at=point(q=size))
        assert refuted(again, case.truth) is None
        assert refuted(again, case.lies["unequal shares"])


def test_another_regimes_point_says_nothing() -> None:
    case = CASES["sharing"]
    elsewhere = dataclasses.replace(case.lies["unequal shares"], when=(le(q, 1),))
    assert numbers.refute_regime(case.game, "social", elsewhere, point(q=2)) is None
    assert numbers.refute_regime(case.game, "social", elsewhere, point(q=1)) is not None
    assert numbers.refute_regime(case.game, "social", elsewhere, point(q=-1)) is None


def test_the_same_sentence_every_time() -> None:
    case = CASES["double_well"]
    lie = case.lies["a local maximum"]
    assert refuted(case, lie) == refuted(case, lie)


def test_an_undefined_utility_of_another_is_a_contradiction() -> None:
    game = Game(Agent("A", x, Action(x, Interval(ZERO, q))), Agent("B", sp.sqrt(1 - x)))
    assert "utility of B" in (numbers.refute_regime(game, "nash", regime({x: q}), point(q=2)) or "")
    assert numbers.refute_regime(game, "nash", regime({x: q}), point(q="1/2")) is None


def test_what_is_not_true_is_false() -> None:
    for at, expected in ((1, 5), (3, 0)):
        for condition in ("Not(x > 2)", "~(x > 2)", "x <= 2"):
            value = compile_text(f"Piecewise((5, {condition}), (0, True))")
            assert value.enclosed({"x": Fraction(at)}) == expected


def test_sums_of_very_many_terms_are_not_evaluated() -> None:
    with pytest.raises(NotEvaluable, match="1000 terms"):
        compile_text("Sum(k, (k, 1, 5000))").enclosed({})
    assert compile_text("Sum(k, (k, 1, 1000))").enclosed({}) == 500500
