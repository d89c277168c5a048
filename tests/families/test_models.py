"""Every model with n agents or goods is solved for every n, proved, and right by value."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alignsym import load, solve
from alignsym.claims import Checked, Proved
from alignsym.model.files import solution_to_json

Judged = Callable[[dict[str, Any], dict[str, Any]], tuple[str, str]]
# Not concave in the own action everywhere, so that only points are tested.
CHECKED = {"exp_contest"}


def test_proved_and_right(path: Path, judged: Judged) -> None:
    solution = solve(load(path))
    if path.stem in CHECKED:
        assert isinstance(solution.regimes[0].status, Checked)
    else:
        assert all(isinstance(r.status, Proved) for r in solution.regimes)
        assert isinstance(solution.coverage, Proved)
    model = {"id": path.stem} | tomllib.loads(path.read_text())
    assert judged(model, solution_to_json(solution)) == ("right", "")


def test_what_is_listed_is_read_back(path: Path) -> None:
    """The printed closed forms are legal input."""
    from alignsym.model.files import dumps, loads

    game = load(path)
    assert loads(dumps(game), name=game.id) == game
