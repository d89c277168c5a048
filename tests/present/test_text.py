"""Golden pages for answers built by hand, and the words of steps and verdicts."""

from dataclasses import MISSING, fields, replace
from typing import get_args

import pytest
import sympy as sp

import alignsym.present.together  # noqa: F401  (the words of steps)
from alignsym import steps
from alignsym.claims import Checked, Proved, Refuted, Unknown
from alignsym.model.relations import Interval, Relation
from alignsym.present.explain import explain
from alignsym.present.text import WIDTH, headline, solution_text
from alignsym.present.words import chains, in_words, region_in_words
from alignsym.solution import Solution

ONE = """\
Two agents share a good at a price

Price equilibrium

alpha maximises log(x_a) - p*x_a over x_a >= 0; beta maximises log(x_b) - p*x_b over x_b >= 0; the
price p clears x_a + x_b <= q.

For all q > 0:
  x_a              = q/2
  x_b              = q/2
  p                = 2/q
  utility of alpha = log(q/2) - 1
  utility of beta  = log(q/2) - 1
  binding: p (x_a + x_b = q)

is a solution: proved
no other solution: proved
covers all declared parameters: proved
solved in 0.08 s"""

THREE = """\
Home and office

Global maximum

worker maximises sqrt(L_f)*sqrt(k) + L_o + sqrt(24 - L_f - L_o) over L_f >= 0, L_o in [0, 5] subject
to L_f + L_o <= 24 (day).
Parameters: k > 0.

1 of 3. Where k < 75:
  L_f                              = 19*k/(k + 1)
  L_o                              = 5
  shadow price of day              = 0
  shadow price of the bound on L_o = 1 - sqrt(k/19 + 1/19)/2
  optimal value                    = sqrt(19*k + 19) + 5
  binding: L_o at its bound

2 of 3. Where 75 <= k <= 95:
  L_f                 = k/4
  L_o                 = 95/4 - k/4
  shadow price of day = 0
  optimal value       = k/4 + 99/4

3 of 3. Where k > 95:
  L_f                 = 24*k/(k + 1)
  L_o                 = 0
  shadow price of day = 0
  optimal value       = sqrt(24*k + 24)

is a solution (cases 1, 3): proved
is a solution (case 2): not proved, checked at 12 exact points
no other solution (cases 1, 3): proved
no other solution (case 2): not decided: concavity not decided
covers all declared parameters: proved
  - Case 2: no feasible choice of worker does better: not proved, checked at 12 exact points (time
    limit of the prover)
solved in 1.30 s"""

UNKNOWN = """\
No answer: time limit of 15 s reached (--timeout).
What may help: a longer time limit, numbers for some of the parameters, further conditions on them,
or fewer agents.
stopped after 15.00 s"""


def test_one_regime(one_regime):
    assert solution_text(one_regime) == ONE


def test_three_regimes(three_regimes):
    assert solution_text(three_regimes) == THREE


def test_unknown_ends_with_the_reason_and_a_remedy(unknown):
    text = solution_text(unknown)
    assert text.startswith("Home and office\n\nGlobal maximum\n")
    assert text.endswith(UNKNOWN)


def test_sets_and_outcomes_are_cases(set_and_none):
    text = solution_text(set_and_none)
    assert "1 of 2. Where k < m:\n  the objective has no bound: along x = t\n" in text
    assert "2 of 2. Where k >= m:\n  every point with x <= k\n" in text


def test_headlines(one_regime, unknown, three_regimes):
    assert headline(one_regime) == ("x_a = q/2, x_b = q/2, p = 2/q for all q > 0, proved")
    assert headline(unknown) == "unknown: time limit of 15 s reached (--timeout)"
    lines = headline(three_regimes).splitlines()
    assert lines[1] == "L_f = k/4, L_o = 95/4 - k/4 where 75 <= k <= 95"
    assert lines[-1] == "unknown"


@pytest.mark.parametrize(
    "verdict", [Checked(3), Unknown("why not"), Refuted(((sp.Symbol("q"), sp.S(2)),))]
)
@pytest.mark.parametrize("part", ["status", "exhaustive", "coverage"])
def test_nothing_short_of_proof_reads_as_proved(verdict, part, one_regime):
    solution = one_regime
    if part == "coverage":
        weak = replace(solution, coverage=verdict)
    else:
        weak = replace(solution, cases=(replace(solution.cases[0], **{part: verdict}),))
    assert solution_text(weak).count(": proved") == 2
    assert not headline(weak).endswith("proved")


def test_no_line_is_too_wide(one_regime):
    solution = one_regime
    symbols = sp.symbols("a:z", positive=True)
    long = sp.Add(*symbols) ** 2 / sp.Mul(*symbols)
    regime = replace(
        solution.cases[0], values=((sp.Symbol("x_a"), long),), when=(Relation(long, ">", sp.S.One),)
    )
    text = solution_text(replace(solution, cases=(regime,)))
    assert max(map(len, text.splitlines())) <= WIDTH


def test_control_characters_of_a_file_do_not_reach_the_terminal(one_regime):
    game = one_regime.game.altered(title="bell\x07 \x1b[31mred\nnext")
    text = solution_text(Solution(game, "walras", (), Unknown("x"), reason="a\x1bb"))
    assert "\x1b" not in text and "\x07" not in text


def test_sums_start_with_a_positive_term():
    a, b, c = sp.symbols("a b c")
    assert [in_words(e) for e in ((a - c) / (3 * b), -a + sp.log(c), -a - b, 2 / b)] == [
        "(a - c)/(3*b)", "log(c) - a", "-a - b", "2/b",
    ]  # fmt: skip


def test_huge_round_numbers_stay_powers():
    a = sp.Symbol("a")
    big = sp.Integer(10) ** 99
    said = [in_words(e) for e in (sp.log(a) - big, 3 * big * a, big + 1, -big)]
    assert said[:2] == ["log(a) - 10**99", "3*10**99*a"] and said[3] == "-10**99"
    assert sp.sympify(said[2]) == big + 1
    assert sp.sympify(in_words(a**big / big)) == a**big / big


def test_two_bounds_are_a_chain_and_nothing_is_lost():
    k, one, two = sp.Symbol("k"), sp.S.One, sp.Integer(2)
    region = (Relation(k, "<=", two), Relation(k, ">", one), Relation(k, "!=", sp.Rational(3, 2)))
    assert region_in_words(region) == "1 < k <= 2 and k != 3/2"
    assert len(chains((Relation(k, ">", one), Relation(k, ">=", two)))) == 2


def test_every_step_has_words():
    """One of each kind, given what its fields are annotated as."""
    x, mu = sp.Symbol("x", nonnegative=True), sp.Symbol("mu")
    relation = Relation(x, ">=", sp.S.Zero)
    made = {
        "owner": "alpha", "objective": 2 * x, "loss": False, "price": x, "clearing": relation,
        "actions": ((x, Interval.nonnegative()),), "before": sp.exp(x), "after": x, "variable": x,
        "term": sp.Abs(x), "edges": (relation,), "expression": 1 - x, "multipliers": (mu,),
        "name": "G", "multiplier": mu, "slack": 1 - x, "assumed": relation,
        "relations": (relation,), "binding": ("G",), "equations": (1 - x,), "unknowns": (x,),
        "strategy": "", "equation": 1 - x, "unknown": x, "result": sp.S.One, "chosen": x,
        "refused": ((x, relation),), "values": ((x, sp.S.One),), "total": x, "kind": "concave",
        "rows": (("G", mu, sp.S.One),), "pieces": (((relation,), (relation,)),),
            "required": (relation,), "when": (relation,),
        "variables": (x,), "theorem": "Kuhn and Tucker", "hypotheses": (), "value": sp.S.One,
        "feasible": (relation,), "region": (), "regions": ((relation,),), "concept": "nash",
        "outcome": "none", "reason": "it fades", "statement": "it holds",
        "choice": x, "clipped": sp.Max(0, mu), "threshold": sp.S.One, "condition": relation,
        "comes_to": x, "summed": 2 * x,
    }  # fmt: skip
    for kind in get_args(steps.Step):
        needed = [f.name for f in fields(kind) if f.default is MISSING]
        passage = explain(kind(**{n: made[n] for n in needed}))
        assert passage.sentence.strip() and (passage.formulas or passage.sentence.endswith(". "))
    assert explain(Proved()).sentence == "proved"


def test_a_type_without_words_is_refused():
    with pytest.raises(TypeError, match="no words for dict"):
        explain({})
