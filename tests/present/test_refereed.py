"""Sentences a referee objected to: which bound binds, minima, affine objectives, roots, causes."""

from __future__ import annotations

from pathlib import Path

import pytest
import sympy as sp

from alignsym import Agent, Game, derive, load, replay, solve
from alignsym.claims import Claim
from alignsym.model.relations import Relation
from alignsym.present.documents import broken, words_latex
from alignsym.present.explain import explain
from alignsym.present.latex import latex
from alignsym.present.mathml import mathml
from alignsym.present.notation import formula
from alignsym.present.passages import Formula
from alignsym.present.phrases import in_sentence
from alignsym.present.together import told
from alignsym.solution import Solution
from alignsym.steps import ChooseRoot, Concave, Conclude, Discarded, Gap, Hold, Sufficient, Unique
from alignsym.verify.facts import LENGTH, short

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
ZERO = sp.S.Zero
x, y, t = sp.symbols("x y t", real=True)
a, w, r = sp.symbols("a w r", positive=True)
AGREE = "maximisers agree where the objective is strictly concave"


def said(*steps: object) -> str:
    return "".join(passage.sentence for _, passage in told(steps))  # type: ignore[arg-type]


def words(solution: Solution) -> str:
    return " ".join(str(derive(solution)).split())


def test_which_bound_binds_is_said() -> None:
    games = Game(*(Agent(n, (r - 1) * s, (s, (0, w))) for n, s in (("A", x), ("B", y))))
    text = words(games.nash())
    assert "Exactly x >= 0 and y >= 0 bind" in text and "Exactly x <= w and y <= w bind" in text


def test_what_is_minimised_has_a_minimum() -> None:
    text = words(Game(Agent("A", -((x - a) ** 2), x)).maximize())
    assert "Global maximum" in text and "is a maximum" in text
    costs = solve(load(CORPUS / "external" / "hock_schittkowski" / "hs003.toml"))
    text = words(costs)
    assert "Global minimum" in text and "is a minimum" in text and "maximum" not in text
    assert "Global minimum" in latex(costs)


def test_affine_is_not_called_strictly_concave() -> None:
    flat = Concave(a * x - 2 * y, (x, y), "concave")
    assert said(flat) == "a*x - 2*y is affine in x and y, so concave. "
    assert "strictly" not in said(flat, Unique((), AGREE, ()))
    bent = Concave(a * x - y**2, (x, y), "concave")
    assert "is concave in x and y" in said(bent)
    assert "wherever the objective is strictly concave" in said(bent, Unique((), AGREE, ()))


def test_several_solutions_are_counted_and_not_always() -> None:
    text = words(solve(load(CORPUS / "textbook" / "optimisation" / "two_wells.toml")))
    assert "solution 1 of 2: x = " in text and "solution 2 of 2: x = " in text
    assert "always" not in text


def test_a_condition_just_said_is_not_said_again() -> None:
    when = (Relation(a, ">=", sp.Integer(2)),)
    held, end = Hold((Relation(a - 2, ">=", ZERO),), when), Conclude("nash", when, ((x, a),), None)
    assert said(held, end).endswith("Hence x = a is a Nash equilibrium there. ")
    assert said(end).endswith("is a Nash equilibrium where a >= 2. ")


def test_hypotheses_have_no_notation_of_their_own() -> None:
    facts = [Claim("hypothesis", None, "", s) for s in ("cap describes a convex set", "f(x*) > 0")]
    text = said(Sufficient("A", "a theorem", tuple(facts)))
    assert "for cap describes a convex set and the objective is positive at the solution" in text
    shape = Concave(sp.log(x), (x,), "concave")
    text = said(shape, Sufficient("A", "a theorem", tuple(facts)))
    assert text.startswith("An increasing function of the objective, log(x), is concave in x. So")
    reply = Sufficient("A", "a proved best reply", ())
    assert "among the best replies named above" in said(reply)


def test_a_root_is_refused_by_a_multiplier_and_never_left_to_a_case_that_is_not() -> None:
    """max t subject to t**2 + 2*t <= c: the lower root has a negative multiplier."""
    c = sp.Symbol("c", positive=True)
    game = Game(Agent("A", t, t, constraints={"cap": t**2 + 2 * t <= c}))
    told_of = game.maximize().derivation
    (root,) = [s for s in told_of.steps if isinstance(s, ChooseRoot)]
    assert not root.left and not root.remaining
    ((other, failed),) = root.refused
    assert sp.expand(other - (-1 - sp.sqrt(c + 1))) == 0
    assert failed.left.subs(t, other).subs(c, 3) < 0  # 1/(2*t + 2) at t = -3
    assert not replay(told_of).lies
    text = " ".join(str(told_of).split())
    assert "Another case" not in text and "is refused: it fails 1/(2*(t + 1)) >= 0" in text


def test_roots_of_which_nothing_is_known_are_said_to_remain() -> None:
    one = ChooseRoot(x, x**2 - a, sp.sqrt(a), (), (), (-sp.sqrt(a),))
    assert explain(one).sentence == "The solution x = -sqrt(a) remains to be excluded. "
    none = ChooseRoot(x, x - sp.cos(x), a, ())
    assert "Any other solution of this equation remains" in explain(none).sentence


def test_where_a_derivative_is_not_defined_is_said() -> None:
    slack = Relation(w - x, "==", ZERO)
    step = Discarded("hours", slack, (Relation(1 - 1 / sp.sqrt(w - x), "==", ZERO),))
    assert "is not defined, so that it cannot hold there" in explain(step).sentence
    step = Discarded("hours", slack, (Relation(1 - 1 / sp.sqrt(x), "==", ZERO),))
    assert "which cannot be" in explain(step).sentence


@pytest.mark.parametrize("length", [3, 100])
def test_no_formula_is_cut(length: int) -> None:
    total = sp.Add(*(sp.Symbol(f"x{k}") for k in range(length)))
    text = short(Relation(total, ">", ZERO))
    assert "..." not in text and len(text) < 4 * LENGTH
    assert (str(total) in text) == (length == 3)


def test_an_answer_that_was_not_found_is_not_called_unproved() -> None:
    assert explain(Gap("no answer was found", "too long")).sentence == (
        "No answer was found: too long. "
    )


# ------------------------------------------------------------------ formulas
def test_names_of_several_letters_are_not_run_together() -> None:
    cs, ps = sp.symbols("cs ps", positive=True)
    assert formula(cs * ps) == r"\mathrm{cs} \, \mathrm{ps}"
    assert formula(2 * a * ps) == r"2 a \, \mathrm{ps}" and formula(a * w) == "a w"
    assert "mspace" in mathml(cs * ps) and "mspace" not in mathml(a * w)


def test_a_long_row_is_cut_between_its_relations() -> None:
    many = [sp.Symbol(f"x{k}") for k in range(8)]
    total = sp.Add(*many)
    row = Formula((total, ">=", ZERO, ",", w - total, ">=", ZERO, ",", a * total, "=", ZERO))
    lines = broken(row, 60)
    assert len(lines) == 3 and all(r"\ge 0" in one or "= 0" in one for one in lines)


def test_what_is_made_smaller_leaves_room_for_what_stands_before_it() -> None:
    long = sp.sqrt(sp.Add(*(sp.Symbol(f"c{k}") for k in range(40))))
    (line,) = broken(Formula((sp.Symbol("x"), "=", -long)))
    assert "- \\resizebox" in line and line.count("resizebox") == 1
    sum_of_long = broken(Formula((sp.Symbol("x"), "=", a - w * long)))
    assert any("{}- \\resizebox" in s or "{} - \\resizebox" in s for s in sum_of_long)


def test_the_sign_after_a_displayed_formula_stands_in_the_display() -> None:
    long = Formula((sp.Symbol("x"), "=", sp.Add(*(sp.Symbol(f"c{k}") for k in range(20)))))
    said = words_latex(["Then ", long, ", ", long, " and ", a, ", for ", long, ". It is so."])
    assert said.count(r"\begin{align*}") == 2 and said.count(",") == 2
    assert not any(line.lstrip().startswith((",", ".")) for line in said.splitlines())
    assert all(line.strip() for line in said.splitlines())  # an empty line ends a paragraph
    assert said.endswith(".\\end{align*}\nIt is so.")


def test_many_roots_in_a_row_are_made_smaller() -> None:
    # Set at full size this is wider than a page: a root sign takes two letters.
    roots = [sp.sqrt(sp.Symbol(f"p{c}", positive=True)) for c in "abcdefghijklm"]
    (line,) = broken(Formula((sp.Symbol("V"), "=", sp.log(sp.Mul(*roots) + sp.Mul(*roots[:9])))))
    assert "resizebox" in line


# ------------------------------------------------------------------ steps
def test_roots_of_polynomials_have_a_name() -> None:
    solution = Game(Agent("A", t - t**2 - t**6, t)).maximize()
    text = words(solution)
    assert "CRootOf" not in text and "t = rho" in text
    assert "rho is the only real root of 6*rho**5 + 2*rho - 1 = 0, about 0.44" in text
    assert "CRootOf" not in derive(solution).latex() + derive(solution).html()


def test_a_discarded_case_names_what_the_conditions_divide_by() -> None:
    """With mu = 0 the condition low[k] = r has a point at k = 0, where the first one has none."""
    solution = solve(load(CORPUS / "textbook" / "producer" / "cost_cobb_douglas.toml"))
    (step,) = [s for s in derive(solution).steps if isinstance(s, Discarded)]
    assert [str(r) for r in step.relations if not r.is_equality] == ["k > 0"]
    assert not replay(derive(solution)).lies


def test_roots_are_named_where_all_letters_are_taken() -> None:
    taken = sp.symbols("rho zeta xi eta omega", positive=True)
    solution = Game(Agent("A", t - t**2 - t**6 + sp.Add(*taken), t)).maximize()
    assert "root0x is the only real root" in str(derive(solution))


def test_two_constraints_that_bind_are_solved_first() -> None:
    solution = solve(load(CORPUS / "textbook" / "consumer" / "two_constraints.toml"))
    told_of = derive(solution)
    text = " ".join(str(told_of).split()).split("Case 3.")[1]
    assert text.index("=> y = (p1*t - t1*w)/(p1*t2 - p2*t1)") < text.index("=> mu[money] = ")
    assert not replay(told_of).lies


def test_a_branch_that_is_divided_out_is_told() -> None:
    text = words(solve(load(CORPUS / "textbook" / "optimisation" / "two_wells.toml")))
    assert "has the solution x = 0, which remains to be excluded" in text


def test_the_members_together_are_not_called_an_agent() -> None:
    assert in_sentence("the whole") == "the members together"
    assert in_sentence("beta") == "agent beta"
