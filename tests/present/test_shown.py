"""What a notebook shows: every public object has HTML that is well-formed and LaTeX.

The objects are found, not listed: the classes of `alignsym.__all__`, then whatever their methods,
properties and fields and the public functions are annotated to return.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import types
import typing
from pathlib import Path
from xml.etree import ElementTree

import pytest
import sympy as sp

import alignsym
from alignsym import Agent, Agents, Game
from alignsym.claims import Checked, Claim, Decided, Proved, Refuted, Unknown
from alignsym.model.relations import Relation
from alignsym.present.shown import blocks

PLAIN = {"alignsym.alignment.arena"}  # how a judgement was prepared: nothing to read


# ------------------------------------------------------------------ what is public
def namespace(module_name: str) -> dict[str, object]:
    """The module's names, with those it imports for type checkers only."""
    module = importlib.import_module(module_name)
    out = dict(vars(module))
    for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text())):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            for line in node.body:
                if isinstance(line, ast.ImportFrom) and line.module:
                    source = importlib.import_module(line.module)
                    out |= {a.asname or a.name: getattr(source, a.name) for a in line.names}
    return out


def classes_in(hint: object) -> set[type]:
    """The classes a type annotation speaks of."""
    if isinstance(hint, type) and not isinstance(hint, types.GenericAlias):
        return {hint}
    out: set[type] = set()
    for part in typing.get_args(hint):
        out |= classes_in(part)
    return out


def returned(function: object) -> set[type]:
    hints = typing.get_type_hints(function, namespace(function.__module__))  # type: ignore[attr-defined]
    return classes_in(hints.get("return"))


def led_to(owner: type) -> set[type]:
    """The classes of the fields, and of what methods and properties return."""
    out: set[type] = set()
    for name, thing in inspect.getmembers(owner):
        thing = thing.fget if isinstance(thing, property) else thing
        ours = inspect.isfunction(thing) and thing.__module__.startswith("alignsym")
        if ours and not name.startswith("_"):
            out |= returned(thing)
    for base in owner.__mro__:
        if "__annotations__" in vars(base) and base.__module__.startswith("alignsym"):
            bare = types.SimpleNamespace(__annotations__=vars(base)["__annotations__"])
            for hint in typing.get_type_hints(bare, namespace(base.__module__)).values():
                out |= classes_in(hint)
    return out


def public_classes() -> list[type]:
    todo: set[type] = set()
    for name in alignsym.__all__:
        thing = getattr(alignsym, name)
        todo |= {thing} if isinstance(thing, type) else set()
        todo |= returned(thing) if inspect.isfunction(thing) else set()
    done: set[type] = set()
    while todo:
        owner = todo.pop()
        ours = owner.__module__.startswith("alignsym.") and owner.__module__ not in PLAIN
        if owner in done or not ours or issubclass(owner, Exception):
            continue
        done.add(owner)
        todo |= led_to(owner)
    return sorted(done, key=lambda c: (c.__module__, c.__name__))


PUBLIC = public_classes()


@pytest.mark.parametrize("owner", PUBLIC, ids=lambda c: f"{c.__module__}.{c.__name__}")
def test_a_notebook_can_show_every_public_class(owner: type) -> None:
    assert callable(getattr(owner, "_repr_html_", None)), f"give {owner.__name__} _repr_html_"
    assert callable(getattr(owner, "_repr_latex_", None)), f"give {owner.__name__} _repr_latex_"


def test_the_search_finds_what_is_returned() -> None:
    """Else the test above could pass by finding nothing."""
    names = {c.__name__ for c in PUBLIC}
    assert {"Report", "Alignment", "Statics", "Findings", "Mixed", "Derivation", "Trade"} <= names
    assert {"Proved", "Unknown", "Conclude", "Action", "Continuum", "PriceOfAnarchy"} <= names


# ------------------------------------------------------------------ objects of every kind
@pytest.fixture(scope="module")
def objects() -> list[object]:
    """One object or more of every class that is made at the prompt."""
    x, y = sp.symbols("x y", nonnegative=True)
    a, b, c, q = sp.symbols("a b c q", positive=True)
    i, j, n = sp.symbols("i j n", integer=True, positive=True)
    share = Game(
        Agent("<alpha & co>", sp.log(x), x), Agent("beta", sp.log(y), y),
        shared={"G<1>": x + y <= q}, title="Two & <three>", weights={"beta": 2},
    )  # fmt: skip
    duopoly = Game(
        Agent("f", (a - x - y - c) * x, x), Agent("g", (a - x - y) * y, y), conditions=[a > c]
    )
    market = share.altered(weights=()).priced(**{"G<1>": "p"})
    z = sp.IndexedBase("z", real=True)
    team = Game(Agents(i, n, utility=sp.Sum(z[j], (j, 1, n)) / n - z[i] ** 2 / 2, actions=z[i]))
    pennies = Game.from_payoffs([[a, -1], [-1, 1]], rows=("H", "T"), columns=("H", "T"))
    many = alignsym.maximize(a * x - b * x, over=(x, (0, 1)))
    bound = alignsym.maximize(a * x, over=x)
    division, cournot = share.social(), duopoly.nash()
    consumer = alignsym.demand(2 * sp.sqrt(x) + y, prices={x: a, y: b}, income=q)
    found = duopoly.align()
    prices = {x: a}
    derivation = division.derivation
    report = duopoly.check({"x": a / 2, "y": a / 2}, "nash")
    proposition = cournot.prove(sp.Symbol("x", nonnegative=True) > sp.Symbol("y", nonnegative=True))
    verdicts = (
        Proved(), Checked(3, "a < b & c"), Unknown("<z3>"), Refuted(((a, sp.S.One),), "x < y"),
    )  # fmt: skip
    claim = Claim("optimal", 0, "f", "a < b & so", (Relation(a, "<", b),))
    family = team.families[0]
    return [
        share, market, team, *share.agents, family, *share.shared, *market.prices,
        *share.parameters, *share.agents[0].actions, share.parameters[0].interval,
        Relation(x, "<=", y), division, cournot, many, bound, *division.cases, *many.cases,
        *bound.cases, division.multipliers, derivation, *derivation.steps,
        alignsym.replay(derivation), report, *report.decided, proposition, *proposition.parts,
        cournot.sign(sp.Derivative(x, a)), cournot.statics(x), *cournot.statics(x).rows[0][2].parts,
        consumer, consumer.roy(), consumer.roy()[0], consumer.classify(),
        alignsym.supply(sp.sqrt(x), price=b, wages=prices),
        alignsym.cost(sp.sqrt(x), wages=prices, output=q),
        alignsym.hicksian_demand(sp.sqrt(x * y), prices={x: a, y: b}, level=q),
        alignsym.price_of_anarchy(team), found, *found.equilibria, found.optimum,
        *found.instruments, found.equilibria[0].trade, *pennies.nash().mixed(),
        pennies.zero_sum(), duopoly.potential(), many.select("welfare-best"),
        Game(Agent("f", x * y - x**2, x), Agent("g", -x * y - y**2, y)).potential(),
        *verdicts, claim, *(Decided(claim, v) for v in verdicts),
    ]  # fmt: skip


def test_html_is_well_formed_and_self_contained(objects: list[object]) -> None:
    for thing in objects:
        if not hasattr(type(thing), "_repr_html_"):
            assert isinstance(thing, (str, tuple, dict, sp.Basic)), type(thing)
            continue
        said = thing._repr_html_()  # type: ignore[attr-defined]
        root = ElementTree.fromstring(said)  # raises where a sign is not escaped or a tag not shut
        assert root.tag == "div" and root.get("class") == "alignsym", type(thing)
        assert "".join(root.itertext()).strip(), f"{type(thing).__name__} shows nothing"
        assert not re.search(r"<script|https?:|src=|href=|@import|url\(", said), type(thing)
        assert "Relation(" not in said and "frozenset" not in said, type(thing)


def test_latex_is_one_formula_with_its_brackets(objects: list[object]) -> None:
    for thing in objects:
        if not hasattr(type(thing), "_repr_latex_"):
            continue
        said = thing._repr_latex_()  # type: ignore[attr-defined]
        assert said.startswith("$") and said.endswith("$"), type(thing)
        inside = said.strip("$").replace(r"\{", "").replace(r"\}", "").replace(r"\$", "")
        assert "$" not in inside, type(thing)
        assert inside.count("{") == inside.count("}"), type(thing)
        assert said.count(r"\begin{") == said.count(r"\end{"), type(thing)
        for line in re.findall(r"\\text\{([^{}]*)\}", said):
            assert len(line) <= 160, f"{type(thing).__name__}: a line of {len(line)} characters"


def test_text_of_a_model_does_not_become_markup(objects: list[object]) -> None:
    share, market = objects[:2]
    for thing in (share, market, market.equilibrium()):  # type: ignore[attr-defined]
        said = thing._repr_html_()
        assert "<alpha" not in said and "<three>" not in said and "G<1>" not in said
    assert "Two &amp; &lt;three&gt;" in share._repr_html_()  # type: ignore[attr-defined]


def test_formulas_are_mathml_in_html(objects: list[object]) -> None:
    game, solution = objects[0], objects[0].social()  # type: ignore[attr-defined]
    for thing in (game, solution, solution.derivation):
        root = ElementTree.fromstring(thing._repr_html_())
        assert root.findall(".//math"), type(thing)
    assert "Verdict: proved." in "".join(ElementTree.fromstring(solution._repr_html_()).itertext())


def test_what_is_not_proved_says_so() -> None:
    x, q = sp.symbols("x q", positive=True)
    solution = alignsym.maximize(sp.log(x), over=x, subject_to={"cap": x <= q})
    from dataclasses import replace

    doubted = replace(solution, coverage=Unknown("a gap < 1"))
    assert "covers all declared parameters: not decided: a gap &lt; 1" in doubted._repr_html_()


def test_an_object_nobody_knows_is_refused() -> None:
    with pytest.raises(TypeError, match="_blocks_"):
        blocks(object())
