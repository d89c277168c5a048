"""Linear utilities: two answers meet at a tie, which the first of them keeps."""

from __future__ import annotations

from alignsym import loads, solve
from alignsym.claims import Proved
from alignsym.model.instances import instance

TEXT = """
format = 1
concept = "nash"
[parameters]
n = "positive integer"
w = "positive"
m = "positive"
[[families]]
name = "i"
size = "n"
actions = { "x[i]" = ["0", "w"] }
utility = "w - x[i] + m*Sum(x[j], (j, 1, n))/n"
"""


def test_a_linear_public_good_is_all_or_nothing() -> None:
    """Nobody gives where m < n and everybody all where m > n; at m = n any choice will do."""
    solution = solve(loads(TEXT))
    assert isinstance(solution.coverage, Proved)
    low, high = solution.regimes
    assert [str(r) for r in low.when] == ["n >= m"] and [str(r) for r in high.when] == ["m > n"]
    assert isinstance(high.exhaustive, Proved)
    assert not isinstance(low.exhaustive, Proved)  # at the tie there are others
    for m, given in ((1, 0), (5, 7)):
        made = instance(solution.game, {solution.game.families[0].size: 3})
        found = solve(made.game).at({"w": 7, "m": m})
        assert [set(row.values()) for row in found] == [{given}]
