"""SMT-LIB 2 scripts: well-formed, by the claim's name, and confirmed by a second solver."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import sympy as sp

import alignsym as al
from alignsym.checking.certificate import name_of
from alignsym.checking.judgement import check
from alignsym.checking.smtlib import scripts
from alignsym.isolation import Send, isolated
from alignsym.logic.decide import search
from alignsym.logic.questions import Question, listening
from alignsym.logic.smtlib import script
from alignsym.model.relations import Relation

cvc5 = pytest.importorskip("cvc5")
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
from second import second  # noqa: E402

CORPUS = ROOT / "tests" / "corpus"
SAMPLE = (ROOT / "tests" / "corpus_sample.txt").read_text().split()[4::8]
AT_MOST = 12  # scripts of one file
a, b, q = sp.symbols("a b q", positive=True)


def asked(*premises: Relation) -> str:
    return script(Question(premises))


def test_the_second_solver_tells_true_from_false() -> None:
    assert second(asked(Relation(q, "<", sp.S.Zero))) == "unsat"
    assert second(asked(Relation(q, "<", sp.S.One))) == "sat"
    square = Relation((a - b) ** 2, "<", sp.S.Zero)
    assert second(asked(square)) == "unsat"


@pytest.mark.parametrize(
    "premises",
    [
        (Relation(1 / (a - b), ">", sp.S.Zero), Relation(1 / (a - b), "<", sp.S.Zero)),
        (Relation(sp.sqrt(a), "<", sp.S.Zero),),
        (Relation(sp.log(a), ">", a),),
        (Relation(sp.Max(a, b), "<", a),),
        (Relation(a**b, "<=", sp.S.Zero),),
    ],
    ids=str,
)
def test_what_z3_proves_with_abstractions_is_confirmed(premises: tuple[Relation, ...]) -> None:
    with listening() as heard:
        assert search(premises).is_proof
    ((_, question),) = heard.filed
    text = script(question)
    assert text.startswith("(set-logic QF_NRA)\n(set-info :status unsat)\n")
    assert second(text, 5000) == "unsat"


@pytest.mark.parametrize(
    ("undefined", "region"),
    [
        (Relation(a, "==", b), Relation(1 / (a - b), ">", sp.S.Zero)),
        (Relation(a, "<=", b), Relation(sp.log(a - b), "<", a)),
        (Relation(a, "<", b), Relation(sp.sqrt(a - b), ">=", sp.S.Zero)),
        (Relation(a, "<", b), Relation((a - b) ** q, ">=", sp.S.Zero)),
    ],
    ids=str,
)
def test_the_axioms_leave_room_where_a_term_is_undefined(
    undefined: Relation, region: Relation
) -> None:
    """What is negated in a script is `defined and true`: no region holds where it is undefined."""
    assert second(script(Question((undefined,), ((region,),)))) == "sat"


def test_files_are_named_by_the_claims_they_were_asked_for() -> None:
    game = al.load(CORPUS / "seed" / "priced.toml")
    solution = al.solve(game)
    files = solution.smtlib()
    names = {name_of(d.claim) for d in solution.decided}
    assert files and all(any(f.startswith(n) for n in names) or "hypothesis" in f for f in files)
    for text in files.values():
        assert text.startswith("; model: seed.priced\n; obligation: ") and "\n; claim: " in text


def test_the_command_line_writes_them(tmp_path: Path) -> None:
    file, out = CORPUS / "seed" / "no_trade.toml", tmp_path / "scripts"
    done = subprocess.run(
        [sys.executable, "-m", "alignsym", "check", str(file), "--smtlib", str(out), "--json",
         "--timeout", "60"],
        capture_output=True, text=True, timeout=60, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["verdict"] == "proved"
    found = sorted(out.glob("*.smt2"))
    assert found and all(second(f.read_text()) == "unsat" for f in found)


@pytest.mark.parametrize("path", SAMPLE)
def test_the_second_solver_never_disagrees(path: str) -> None:
    def work(send: Send) -> None:
        send({"started": True})
        game = al.load(CORPUS / path)
        with listening() as heard:
            check(game, seconds=6)
        files = scripts(heard, game.id)
        step = max(1, len(files) // AT_MOST)
        said = {name: second(text) for name, text in list(files.items())[::step]}
        send({"said": said})

    end = isolated(work, seconds=60, memory=2**33)
    assert end.kind == "done", end
    assert "sat" not in end.messages["said"].values(), end.messages["said"]
