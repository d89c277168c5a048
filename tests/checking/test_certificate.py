"""Certificates: what is written is checked again from the model alone, and lies do not pass."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import alignsym as al
from alignsym.checking.certificate import digest
from alignsym.checking.reading import read_certificate
from alignsym.checking.recheck import recheck
from alignsym.cli import main
from alignsym.errors import AlignsymError, ModelError, UsageError
from alignsym.isolation import Send, isolated
from alignsym.model.expressions import SymbolTable, parse_expression
from alignsym.model.writing import text as text_of

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "tests" / "corpus"
# One file in so many of the sample that the corpus is judged by; all of it: benchmarks/check.py.
EVERY = 9
SAMPLE = (ROOT / "tests" / "corpus_sample.txt").read_text().split()[::EVERY]
LIMIT = 12.0

CAPPED = """
format = 1
id = "capped"
concept = "maximize"
[parameters]
q = "positive"
p = "positive"
[[agents]]
name = "alpha"
actions = { x = "nonnegative" }
utility = "log(1 + x) - p*x"
constraints = { cap = "x <= q" }
"""
COORDINATION = """
format = 1
id = "coordination"
concept = "nash"
[parameters]
a = "positive"
[[agents]]
name = "row"
actions = { p = ["0", "1"] }
utility = "p*t*a + (1 - p)*(1 - t)"
[[agents]]
name = "column"
actions = { t = ["0", "1"] }
utility = "p*t*a + (1 - p)*(1 - t)"
"""


def certified(text: str) -> dict[str, Any]:
    """The certificate of a model's answer, as data."""
    out: dict[str, Any] = json.loads(str(al.solve(al.loads(text)).certificate()))
    return out


CERTIFICATES = {name: certified(t) for name, t in (("one", CAPPED), ("two", COORDINATION))}


def again(data: dict[str, Any]) -> tuple[str, str]:
    """The verdict on a certificate and the reasons against it; a refusal counts as refuted."""
    try:
        report = recheck(read_certificate(json.dumps(data)), seconds=30)
    except ModelError as refused:
        return "refused", refused.line()
    reasons = (str(getattr(d.verdict, "reason", "")) for d in report.decided)
    return report.verdict, "; ".join(filter(None, reasons))


@pytest.mark.parametrize("name", CERTIFICATES)
def test_what_is_written_is_proved_again_and_the_same(name: str) -> None:
    data = CERTIFICATES[name]
    assert data["proof"] == "proved" and len(data["obligations"]) > 15
    assert again(data) == ("proved", "")
    whole = json.dumps(data, indent=1) + "\n"
    assert str(read_certificate(whole)) == whole


def test_the_reader_finds_every_obligation_by_name_with_its_evidence() -> None:
    rows = {row["name"]: row for row in CERTIFICATES["one"]["obligations"]}
    assert {"1.nonempty", "1.optimal.alpha", "2.feasible.cap", "all.covered"} <= set(rows)
    kinds = {e["kind"] for row in rows.values() for e in row["evidence"]}
    assert {"unsatisfiable", "points", "theorem"} <= kinds
    assert all(row["claim"] and row["verdict"] == "proved" for row in rows.values())


# ------------------------------------------------------------------ lies
def without_obligation(data: dict[str, Any]) -> None:
    data["obligations"] = [o for o in data["obligations"] if o["name"] != "2.feasible.cap"]


def renamed_obligation(data: dict[str, Any]) -> None:
    data["obligations"][3]["name"] = "1.feasible.nothing"


def another_claim(data: dict[str, Any]) -> None:
    row = next(o for o in data["obligations"] if o["name"] == "2.feasible.cap")
    row["claim"] = "x <= 2*q holds"


def another_value(data: dict[str, Any]) -> None:
    data["regimes"][-1]["values"]["x"] = "q/2"


def another_multiplier(data: dict[str, Any]) -> None:
    data["regimes"][-1]["multipliers"]["cap"] += " + 1"


def negative_multiplier(data: dict[str, Any]) -> None:
    data["regimes"][-1]["multipliers"]["cap"] = f"-({data['regimes'][-1]['multipliers']['cap']})"


def another_condition(data: dict[str, Any]) -> None:
    data["regimes"][0]["when"] = []


def without_regime(data: dict[str, Any]) -> None:
    last = len(data["regimes"]) - 1
    del data["regimes"][last], data["verdicts"][last]
    data["obligations"] = [o for o in data["obligations"] if o["regime"] != last]


def without_any_regime(data: dict[str, Any]) -> None:
    data["regimes"], data["verdicts"] = [], []
    data["obligations"] = [o for o in data["obligations"] if o["regime"] is None]


def another_model(data: dict[str, Any]) -> None:
    data["model"] = [line.replace('"x <= q"', '"x <= 2*q"') for line in data["model"]]


def another_model_and_digest(data: dict[str, Any]) -> None:
    another_model(data)
    data["sha256"] = digest("".join(f"{line}\n" for line in data["model"]))


def another_concept(data: dict[str, Any]) -> None:
    data["concept"] = "nash"


def another_evidence(data: dict[str, Any]) -> None:
    row = next(o for o in data["obligations"] if o["evidence"] and o["kind"] == "feasible")
    row["evidence"][0]["conclusion"] = ["1 >= 0"]


def another_way(data: dict[str, Any]) -> None:
    data["method"] = "members"


LIES = (
    without_obligation, renamed_obligation, another_claim, another_value, another_multiplier,
    negative_multiplier, another_condition, without_regime, without_any_regime, another_model,
    another_model_and_digest, another_concept, another_evidence, another_way,
)  # fmt: skip


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
def test_a_lie_is_never_proved_and_the_reason_is_said(lie: Any) -> None:
    data = copy.deepcopy(CERTIFICATES["one"])
    lie(data)
    assert data != CERTIFICATES["one"]
    verdict, reason = again(data)
    assert verdict != "proved" and reason


def test_what_is_left_out_or_reworded_is_refuted_by_name() -> None:
    for lie in (without_obligation, another_claim):
        data = copy.deepcopy(CERTIFICATES["one"])
        lie(data)
        verdict, reason = again(data)
        assert verdict == "refuted" and "2.feasible.cap" in reason


def test_a_false_value_said_to_be_proved_is_refuted_at_a_point() -> None:
    data = copy.deepcopy(CERTIFICATES["one"])
    another_value(data)
    report = recheck(read_certificate(json.dumps(data)))
    (found,) = (d.verdict for d in report.refuted if d.claim.subject == "points")
    price, cap = (dict(found.point)[sp.Symbol(n, positive=True)] for n in "pq")  # type: ignore[union-attr]
    assert 1 / price - 1 >= cap  # there x = q is best, and the multiplier positive


def test_one_of_three_equilibria_left_out_is_not_all() -> None:
    for k in range(3):
        data = copy.deepcopy(CERTIFICATES["two"])
        del data["regimes"][k], data["verdicts"][k]
        kept = [o for o in data["obligations"] if o["regime"] != k]
        for o in kept:
            if o["regime"] is not None and o["regime"] > k:
                o["regime"] -= 1
                o["name"] = ".".join([str(o["regime"] + 1), *o["name"].split(".")[1:]])
        data["obligations"] = kept
        verdict, reason = again(data)
        assert verdict != "proved" and reason


def test_the_words_proved_alone_prove_nothing() -> None:
    """An answer that is wrong, in the best words: every verdict is the checker's own."""
    data = copy.deepcopy(CERTIFICATES["two"])
    for regime in data["regimes"]:
        regime["values"] = {"p": "1/3", "t": "1/5"}
    assert again(data)[0] == "refuted"


# ------------------------------------------------------------------ hostile texts
BOMB = "9**9**9**9"
TEXTS = {
    "no object": "[]",
    "no certificate": "{}",
    "nested": '{"alignsym": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "twice": '{"alignsym": "certificate", "alignsym": "certificate"}',
    "infinite": '{"format": Infinity}',
    "digits": '{"format": ' + "9" * 10_000 + "}",
    "not JSON": '{"alignsym"',
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_what_is_no_certificate_is_refused(text: str) -> None:
    with pytest.raises(ModelError):
        read_certificate(text)


@pytest.mark.parametrize("bad", [BOMB, "__import__('os').system('true')", "x.__class__", "f(x)"])
@pytest.mark.parametrize("place", ["values", "when", "utilities", "witness", "value", "bounds"])
def test_no_expression_escapes_the_whitelist(bad: str, place: str) -> None:
    data = copy.deepcopy(CERTIFICATES["one"])
    regime = data["regimes"][0]
    if place == "when":
        regime["when"] = [f"{bad} > 0"]
    elif place == "value":
        regime["value"] = bad
    else:
        key = next(iter(regime[place]), "x")
        regime[place][key] = bad
    verdict, reason = again(data)
    assert verdict == "refused" and reason


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("Root(z**3 + z - q, z, 0)", True),
        ("Root(z**5 - z - 1, z, 0)", True),
        ("Root(z**2 + 1, z, 0)", False),
        ("Root(z**99 + z - q, z, 0)", False),
        ("Root(z**3 + z - q, z, 7)", False),
        ("Root(q**3 + q + 3, q, 0)", True),
        ("Root(exp(z) - q, z, 0)", False),
        ("Root(z, z, z)", False),
    ],
)
def test_a_root_is_read_where_answers_are_and_bounded(text: str, fine: bool) -> None:
    table = SymbolTable.of(parameter={"q": "positive"})
    if not fine:
        with pytest.raises(ModelError):
            parse_expression(text, table, outputs=True)
        return
    again = text_of(parse_expression(text, table, outputs=True))
    assert text_of(parse_expression(again, table, outputs=True)) == again
    with pytest.raises(ModelError):
        parse_expression(text, table)


KEYS = sorted(CERTIFICATES["one"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(KEYS), VALUES)
def test_another_shape_is_refused_and_never_proved(key: str, value: object) -> None:
    data = copy.deepcopy(CERTIFICATES["one"])
    if key in ("obligations", "regimes") and isinstance(value, list) and value:
        data[key][0] = value[0]
    else:
        data[key] = value
    if data != CERTIFICATES["one"] and key not in ("versions", "id"):
        try:
            read = read_certificate(json.dumps(data))
        except AlignsymError:
            return
        assert recheck(read, seconds=5).verdict != "proved"


# ------------------------------------------------------------------ the command line
@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Any:
    """Run the command line here: exit status, standard output, standard error."""

    def ran(*arguments: str) -> tuple[int, str, str]:
        code = main([*arguments, "--timeout", "60"])
        return code, *capfd.readouterr()

    return ran


def test_solve_writes_and_check_reads(tmp_path: Path, run: Any) -> None:
    model, out, other = (tmp_path / name for name in ("m.toml", "c.json", "other.toml"))
    model.write_text(CAPPED)
    other.write_text(CAPPED.replace("x <= q", "x <= 2*q"))
    code, said, problem = run("solve", str(model), "--certificate", str(out))
    assert code == 0 and "x" in said, problem
    assert json.loads(out.read_text())["obligations"] == CERTIFICATES["one"]["obligations"]
    code, said, problem = run("check", str(out), "--model", str(model), "--json")
    assert code == 0, problem
    answer = json.loads(said)
    assert answer["verdict"] == answer["coverage"] == "proved" and answer["id"] == "capped"
    code, said, problem = run("check", str(out), "--model", str(other))
    assert code == 2 and "not one of" in problem
    data = json.loads(out.read_text())
    another_value(data)
    out.write_text(json.dumps(data))
    assert run("check", str(out))[0] == 1
    out.write_text(out.read_text()[:-5])
    code, said, problem = run("check", str(out))
    assert code == 2 and problem.count("\n") == 1 and not said
    assert run("solve", str(model), str(model), "--certificate", str(out))[0] == 2


def test_where_nothing_is_found_there_is_no_certificate(tmp_path: Path, run: Any) -> None:
    x = sp.Symbol("x", real=True)
    solution = al.maximize(sp.sin(x) + sp.cos(x**2), over=x)
    with pytest.raises(UsageError):
        solution.certificate()
    model, out = tmp_path / "m.toml", tmp_path / "c.json"
    al.dump(solution.game, model)
    code, _, problem = run("solve", str(model), "--certificate", str(out))
    assert code == 0 and "no certificate" in problem and not out.exists()


def test_a_certificate_is_checked_where_the_solver_is_never_imported(tmp_path: Path) -> None:
    file = tmp_path / "c.json"
    file.write_text(json.dumps(CERTIFICATES["two"]))
    code = (
        "import sys; from alignsym.commands.check import certificates, prepare;"
        "prepare(); certificate = certificates(sys.argv[1])(sys.argv[1]);"
        "from alignsym.checking.recheck import recheck; print(recheck(certificate).verdict);"
        "allowed = {'errors', 'model', 'claims', 'steps', 'solution', 'derivation', 'logic',"
        " 'verify', 'checking', 'commands', 'isolation', 'present'};"
        "names = {m.split('.')[1] for m in sys.modules if m.startswith('alignsym.')};"
        "sys.exit(str(names - allowed) if names - allowed else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(file)],
        capture_output=True, text=True, timeout=60, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "proved"


# ------------------------------------------------------------------ the corpus
@pytest.mark.parametrize("path", SAMPLE)
def test_every_answer_fed_back_is_checked(path: str) -> None:
    """Nothing that `solve` proves is refuted, and what a certificate states is found again."""

    def work(send: Send) -> None:
        send({"started": True})
        solution = al.solve(al.load(CORPUS / path), seconds=LIMIT)
        if not solution.cases:
            send({"stated": None})
            return
        try:
            written = str(solution.certificate(seconds=LIMIT))
        except UsageError as stopped:
            send({"stated": None, "why": stopped.line()})
            return
        read = read_certificate(written)
        send({"stated": read.proof, "again": recheck(read, seconds=4 * LIMIT).verdict})

    end = isolated(work, seconds=12 * LIMIT, memory=2**33)
    assert end.kind == "done", end
    if end.messages["stated"] is not None:
        assert end.messages["again"] == end.messages["stated"]


def test_a_certificate_of_another_concept_than_its_models_is_refused() -> None:
    """The Nash equilibrium of a duopoly is no play of a leader and a follower."""
    data = copy.deepcopy(CERTIFICATES["two"])
    data["concept"] = "variational" if data["concept"] == "nash" else "nash"
    verdict, reason = again(data)
    assert verdict == "refused" and "concept" in reason
