"""Parts of the argument for n members, each by its own definition."""

from __future__ import annotations

import sympy as sp

from alignsym import Interval, Relation, loads
from alignsym.checking.crowds import verified
from alignsym.claims import Proved, Unknown
from alignsym.logic.crowd import Crowd, crowd
from alignsym.model.agents import Action
from alignsym.verify.activity import positive_part
from alignsym.verify.aggregative import (
    _by_aggregate,
    _by_share,
    _never_minus_infinity,
    _nobody_matters,
)
from alignsym.verify.division import _gap_in_choices

MODEL = """
format = 1
concept = "{concept}"
[parameters]
n = "positive integer"
q = "positive"
"b[i]" = "real"
[[families]]
name = "i"
size = "n"
actions = {{ "x[i]" = {interval} }}
utility = "{utility}"
{rest}
"""
ZERO, ONE = sp.S.Zero, sp.S.One
S = sp.Symbol("S", real=True)
TOTAL = "Sum(x[j], (j, 1, n))"


def people(
    utility: str, *, rest: str = "", interval: str = '"nonnegative"', concept: str = "nash"
) -> Crowd:
    return crowd(
        loads(MODEL.format(utility=utility, rest=rest, interval=interval, concept=concept))
    )


OTHER = '[[agents]]\nname = "state"\nactions = { t = "nonnegative" }\nutility = "-t**2"\n'


def test_who_looks_at_others() -> None:
    assert _nobody_matters(people("log(1 + x[i]) - q*x[i]", rest=OTHER))
    assert not _nobody_matters(people(f"-x[i]**2 + x[i]/(1 + {TOTAL})"))
    assert not _nobody_matters(people("-x[i]**2 + t*x[i]", rest=OTHER))


def test_ends_of_intervals_are_numbers_of_the_member() -> None:
    crowd_ = people("-x[i]**2", interval='["b[i] - 1", "b[i]"]')
    (action,) = crowd_.actions
    assert not action.interval.lower.has(sp.Indexed) and not action.interval.upper.has(sp.Indexed)
    assert action.interval.upper - action.interval.lower == 1


def test_a_contest_has_one_equilibrium_where_nobody_can_stay_away_together() -> None:
    crowd_ = people("-x[i]")
    ((role,), (action,)) = crowd_.roles, crowd_.actions
    x, c = action.symbol, sp.Symbol("c", positive=True)
    marginal = (S - x) / S**2 - c
    away = Relation(S, "!=", ZERO)
    base = (Relation(x, ">=", ZERO),)
    assert isinstance(_by_share(role, action, S, ONE, marginal, base, (away,)), Proved)
    found = _by_share(role, action, S, ONE, marginal, base, ())
    assert isinstance(found, Unknown) and "zero" in found.reason
    assert not isinstance(_by_share(role, action, S, ONE, marginal + 1, base, (away,)), Proved)


def test_logarithms_that_vanish_together_are_left_open() -> None:
    x = sp.Symbol("x", nonnegative=True)
    action = Action(x, Interval.nonnegative())
    twice = (Relation(x, ">", ZERO), Relation(2 * x, ">", ZERO))
    found = _never_minus_infinity(twice, action, S, ONE, ())
    assert isinstance(found, Unknown) and "at once" in found.reason
    assert isinstance(_never_minus_infinity(twice[:1], action, S, ONE, ()), Proved)


def test_a_constraint_that_describes_no_convex_set_is_left_open() -> None:
    rest = '[shared]\nfar = "Sum(x[j]**2, (j, 1, n)) >= q"\nnear = "Sum(x[j]**2, (j, 1, n)) <= q"\n'
    crowd_ = people("-x[i]", rest=rest, concept="social")
    far, near = crowd_.shared
    (action,) = crowd_.actions
    at = {action.symbol: sp.sqrt(sp.Symbol("q", positive=True))}
    mu = {"far": ONE, "near": ONE}
    region = crowd_.facts(crowd_.declared)
    assert isinstance(_gap_in_choices(crowd_, far, [action], at, mu, region), Unknown)
    found = _gap_in_choices(crowd_, near, [action], at, mu, region)
    assert not isinstance(found, Unknown) and found[3] == {action.symbol}


def test_a_member_s_utility_is_defined_at_its_choice() -> None:
    """log(x[i]) has no value at b[i] <= 0."""
    for choice, right in (("b[i]", False), ("1 + b[i]**2", True)):
        table = f'[[expected]]\nvalues = {{ "x[i]" = "{choice}" }}\n'
        utility = "log(x[i]) - x[i]"
        game = loads(MODEL.format(utility=utility, rest=table, interval='"real"', concept="nash"))
        rows = verified(game, "nash", game.expected[0])
        assert not isinstance(rows, str)
        feasible = [d.verdict for d in rows if d.claim.kind == "feasible"]
        assert all(isinstance(v, Proved) for v in feasible) is right


def test_shares_fall_in_a_contest_and_make_its_equilibrium_the_only_one() -> None:
    contest = people(f"x[i]/{TOTAL} - q*x[i]", interval='"positive"')
    region = contest.facts(contest.declared)
    assert isinstance(_by_aggregate(contest, "nash", region), Proved)
    friends = people(f"x[i]*{TOTAL} - q*x[i]**2", interval='"positive"')
    found = _by_aggregate(friends, "nash", friends.facts(friends.declared))
    assert isinstance(found, Unknown)


def test_a_price_that_nobody_inside_sees_is_not_the_only_one() -> None:
    """Nothing is for sale: every p >= 1 is a price at which nobody buys."""
    rest = (
        '[prices]\np = "Sum(x[j], (j, 1, n)) <= {}"\n'
        '[[expected]]\nvalues = {{ "x[i]" = "{}", p = "{}" }}\n'
    )
    for supply, choice, price, right in (("q", "q/n", "n/(n + q)", True), ("0", "0", "1", False)):
        text = MODEL.format(
            utility="log(1 + x[i]) - p*x[i]", rest=rest.format(supply, choice, price),
            interval='"nonnegative"', concept="walras",
        )  # fmt: skip
        game = loads(text)
        rows = verified(game, "walras", game.expected[0])
        assert not isinstance(rows, str)
        (only,) = [d.verdict for d in rows if d.claim.kind == "exhaustive"]
        assert isinstance(only, Proved) is right
        assert right or (isinstance(only, Unknown) and "not shown to be the only" in only.reason)


def test_positive_parts() -> None:
    q = sp.Symbol("q", real=True)
    assert positive_part(q, (Relation(q, ">=", ZERO),)) == q
    assert positive_part(q, (Relation(q, "<=", ZERO),)) == 0
    assert positive_part(q, ()) == sp.Max(0, q)
