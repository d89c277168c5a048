"""What is written is read back: expressions, games, and every corpus file."""

from __future__ import annotations

from pathlib import Path

import pytest
import sympy as sp
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alignsym.errors import LimitError, ModelError
from alignsym.model.expressions import SymbolTable, parse_expression, parse_relation
from alignsym.model.files import dump, dumps, load, loads
from alignsym.model.game import Action, Agent, Game, Parameter, StatedRegime
from alignsym.model.relations import Interval, Relation
from alignsym.model.writing import text

TESTS = Path(__file__).parent.parent
HOMES = [TESTS / "corpus", TESTS.parent.parent / "shared" / "corpus"]
FILES = next((found for home in HOMES if (found := sorted(home.rglob("*.toml")))), [])


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_corpus_file_survives_writing(file: Path) -> None:
    game = load(file)
    again = loads(dumps(game))
    assert again == game
    told = ("expected", "expect", "complete", "id", "title", "source", "tags", "notes")
    for noun in told:  # not part of equality, and yet not to be lost
        assert getattr(again, noun) == getattr(game, noun)


def test_a_file_is_written_and_read(tmp_path: Path) -> None:
    x, q = sp.symbols("x q", positive=True)
    game = Game(Agent("alpha", sp.log(x), x, constraints={"cap": x <= q}), concept="maximize")
    dump(game, tmp_path / "model.toml")
    assert load(str(tmp_path / "model.toml")) == game


TABLE = SymbolTable.of(
    index={"i": "index"},
    parameter={"p": "positive", "t": "real", "n": "positive integer", "a[i]": "positive"},
    action={"x": "nonnegative", "y": "real"},
)


def nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(inner, inner)
    return st.one_of(
        *(pair.map(lambda p, o=o: f"({p[0]}) {o} ({p[1]})") for o in "+-*/"),
        pair.map(lambda p: f"{p[0]} - {p[1]}*{p[0]}"),
        inner.map(lambda e: f"-({e})"),
        st.tuples(inner, st.sampled_from(["2", "-1", "1/2", "-3/2", "p", "t", "p - 1"])).map(
            lambda p: f"({p[0]})**({p[1]})"
        ),
        *(
            inner.map(lambda e, f=f: f"{f}({e})")
            for f in ("log", "exp", "sqrt", "cbrt", "Abs", "sin", "atan", "sign", "LambertW")
        ),
        pair.map(lambda p: f"Max({p[0]}, {p[1]})"),
        pair.map(lambda p: f"Piecewise(({p[0]}, x <= {p[1]}), (y, True))"),
        pair.map(lambda p: f"Piecewise(({p[0]}, x > 1 or y < 2 and t > {p[1]}), (y, True))"),
        inner.map(lambda e: f"Sum(({e})*a[k], (k, 1, n))"),
        inner.map(lambda e: f"Product(a[k] + {e}, (k, 1, n))"),
    )


NESTED = "Piecewise((sqrt(x), x > 1 or y < 2 and t > x), (sqrt(y), True))"
LEAVES = st.sampled_from(
    ["x", "y", "p", "t", "n", "a[i]", "pi", "E", "0.1", "2", "7/3", "10**70 + 1"]
)
TEXTS = st.recursive(LEAVES, nested, max_leaves=8)


def the_same_number(one: sp.Expr, two: sp.Expr) -> bool:
    """Whether they agree in fifty digits, with distinct numbers for what they contain."""
    symbols = sorted(one.free_symbols | two.free_symbols, key=str)
    at = {s: sp.Rational(7 + 3 * k, 5) for k, s in enumerate(symbols)}
    gap = sp.N((one - two).xreplace(at), 50)
    return bool(gap.is_number and abs(gap) < sp.Rational(1, 10**40))


@settings(max_examples=300, deadline=None)
@given(TEXTS)
@example("Abs(Abs(log(x - x*x)))")  # SymPy leaves products unevaluated in these
@example("sqrt(sin(atan(2)))")
@example("Abs(LambertW(-(pi - pi*pi)))")
@example("cbrt(sqrt(7/3) + sqrt(7/3))")  # roots of numbers have several forms
@example("Piecewise((x, x <= Piecewise((x, x <= y), (y, True))), (y, True))")
def test_a_printed_expression_is_read_back(source: str) -> None:
    try:
        expression = parse_expression(source, TABLE)
    except ModelError:  # undefined (1/0, log(-1)) or too large
        return
    back = parse_expression(text(expression), TABLE)
    assert back == expression or the_same_number(back, expression)


@settings(max_examples=100, deadline=None)
@example("x", "log(Abs(-(Abs(y))))", "<=")
@example("x", f"Piecewise(({NESTED}, x <= y), (sqrt(y), True))", "<=")
@given(TEXTS, TEXTS, st.sampled_from(["<=", ">=", "<", ">", "==", "!="]))
def test_a_printed_relation_is_read_back(left: str, right: str, operator: str) -> None:
    try:
        relation = Relation(parse_expression(left, TABLE), operator, parse_expression(right, TABLE))
    except ModelError:
        return
    assert parse_relation(text(relation), TABLE) == relation


SIGNS = {
    "positive": Interval.positive(),
    "nonnegative": Interval.nonnegative(),
    "real": Interval.real(),
    "negative": Interval(-sp.oo, sp.S.Zero, open_upper=True),
}


@st.composite
def games(draw: st.DrawFn) -> Game:
    """A maximisation over one to three actions, with whatever else a file may hold."""
    signs = draw(st.lists(st.sampled_from(list(SIGNS)), min_size=1, max_size=3))
    parameters = [
        Parameter(sp.Symbol(f"p{k}", **{sign: True}), SIGNS[sign]) for k, sign in enumerate(signs)
    ]
    kinds = draw(st.lists(st.sampled_from(["positive", "nonnegative", "real"]), max_size=3))
    actions = [Action(sp.Symbol(f"x{k}", **{s: True}), SIGNS[s]) for k, s in enumerate(kinds)]
    low, high = draw(st.tuples(st.integers(-9, 0), st.integers(1, 9)))
    boxed = sp.Symbol("z", nonnegative=True) if low == 0 else sp.Symbol("z", real=True)
    actions.append(Action(boxed, Interval(sp.Rational(low, 7), sp.Integer(high))))
    symbols = [p.symbol for p in parameters] + [a.symbol for a in actions]
    numbers = st.integers(-5, 5).filter(bool)
    terms = st.tuples(numbers, st.sampled_from(symbols), st.sampled_from(symbols))
    objective = sum((sp.Rational(c, 3) * u * v for c, u, v in draw(st.lists(terms))), boxed)
    name = draw(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=9))
    line = draw(st.text(st.characters(codec="utf-8"), max_size=9))
    bound = Relation(symbols[0], draw(st.sampled_from(["<=", "=="])), boxed)
    return Game(
        Agent(name, objective, *actions, constraints={"cap": bound}, loss=draw(st.booleans())),
        parameters=parameters,
        concept="maximize",
        expected=[StatedRegime(values=((boxed, parameters[0].symbol),), multiple=True)],
        title=line,
        notes=line,
        tags=[line],
    )


@settings(max_examples=150, deadline=None)
@given(games())
def test_a_written_game_is_read_back(game: Game) -> None:
    again = loads(dumps(game))
    assert again == game
    assert (again.expected, again.title, again.tags) == (game.expected, game.title, game.tags)


def test_a_literal_beyond_the_limit_is_written_as_a_power() -> None:
    big = sp.Integer(10) ** 99
    assert text(big) == "(10**99)"
    for number in (big, -3 * big, big + 7, sp.Rational(1, 3**200)):
        assert parse_expression(text(number), SymbolTable()) == number
    with pytest.raises(LimitError):
        parse_expression(str(big), SymbolTable())


def test_a_parameter_may_be_called_like_a_constant() -> None:
    e, x = sp.Symbol("E", positive=True), sp.Symbol("x", nonnegative=True)
    game = Game(Agent("a", e * x * sp.E - x**2, x), concept="maximize")
    assert loads(dumps(game)) == game
    log = sp.Symbol("log", positive=True)
    with pytest.raises(ModelError, match="'log' is a declared name and a function"):
        dumps(Game(Agent("a", sp.log(x + 1) - log * x, x), concept="maximize"))


def test_what_a_file_cannot_say() -> None:
    x = sp.Symbol("x", real=True)
    with pytest.raises(ModelError, match="needs a concept"):
        dumps(Game(Agent("a", x, x)))
    half_open = Action(x, Interval(sp.S.Zero, sp.S.One, open_lower=True))
    with pytest.raises(ModelError, match="no open interval"):
        dumps(Game(Agent("a", x, half_open), concept="maximize"))
