"""The command line: exit statuses, one line a failure, and the walls around files.

The engine is replaced by one whose model files are instructions, so that every outcome can be
provoked; children are forked from this process and see the replacement.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sympy as sp

import alignsym
from alignsym import cli
from alignsym.claims import Proved, Unknown
from alignsym.commands import solve as commands_solve
from alignsym.errors import ContradictionError, ModelError, UsageError
from alignsym.isolation import OUT_OF_MEMORY, isolated
from alignsym.model.game import CONCEPTS, Agent, Game
from alignsym.solution import Regime, Solution

ROOT = str(Path(alignsym.__file__).parents[1])
x = sp.Symbol("x", nonnegative=True)
LINE = re.compile(r"alignsym: [^\n]+\n")


def load(path):
    text = Path(path).read_text()
    if text == "illegal":
        raise ModelError("unknown name 'r'", where="agents[0].utility", remedy="declared: p, x")
    if text == "slow to load":
        time.sleep(60)
    return Game(Agent("alpha", -x, x), concept="maximize", id=text, title="fake")


def solve(game, concept, *, seconds):
    order, _, detail = game.id.partition(" ")
    if order == "hang":
        while True:
            time.sleep(0.01)
    if order == "soft":
        time.sleep(seconds)
        return Solution(game, concept, (), Unknown("gave up"), reason="gave up")
    if order == "eat":
        return bytearray(int(detail))
    if order == "die":
        os.kill(os.getpid(), int(detail))
    if order == "exit":
        os._exit(int(detail))
    if order == "raise":
        raise {"usage": UsageError, "contradiction": ContradictionError}.get(detail, KeyError)(
            detail
        )
    if order == "print":
        os.write(1, b"noise of a library\n")
    case = Regime((), ((x, sp.S.Zero),), status=Proved(), exhaustive=Proved())
    return Solution(game, concept, (case,), Proved(), seconds=0.5)


def to_json(solution):
    regimes = [{"values": {str(k): str(v) for k, v in c.values}} for c in solution.regimes]
    return {
        "id": solution.game.id, "concept": solution.concept, "status": solution.status,
        "reason": solution.reason, "seconds": solution.seconds, "regimes": regimes,
    }  # fmt: skip


def to_text(solution):
    return f"text of {solution.game.id}: {solution.reason}"


@pytest.fixture
def run(monkeypatch, tmp_path, capfd):
    """Run `alignsym solve` on files of the given texts: status, standard output, standard error."""
    monkeypatch.setattr(cli, "_loader", lambda: load)
    engine = commands_solve.Engine(solve, to_json, to_text)
    monkeypatch.setattr(commands_solve, "engine", lambda: engine)
    monkeypatch.setattr(cli, "_refuse_early", lambda path: None)

    def run(*texts, options=("--json",)):
        paths = []
        for number, text in enumerate(texts):
            path = tmp_path / f"m{number}.toml"
            if text is not None:
                path.write_text(text)
            paths.append(str(path))
        code = cli.main(["solve", *options, *paths])
        out, err = capfd.readouterr()
        return code, out, err.replace(str(tmp_path) + os.sep, "")

    return run


def test_an_answer_is_one_line_of_json(run):
    code, out, err = run("ok")
    assert (code, err) == (0, "")
    assert out.count("\n") == 1
    assert json.loads(out)["regimes"] == [{"values": {"x": "0"}}]


def test_without_json_the_answer_is_text(run):
    assert run("ok", options=()) == (0, "text of ok: \n", "")


def test_the_concept_can_be_overruled(run):
    code, out, _ = run("ok", options=("--json", "--concept", "social"))
    assert code == 0 and json.loads(out)["concept"] == "social"


def test_an_illegal_file_says_where_and_the_others_are_answered(run):
    code, out, err = run("one", "illegal", None, "two")
    assert code == 2
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["one", "two"]
    assert err == (
        "alignsym: m1.toml: agents[0].utility: unknown name 'r' (declared: p, x)\n"
        "alignsym: m2.toml: no such file\n"
    )


@pytest.mark.parametrize(
    ("texts", "worst"),
    [
        (("ok", "hang"), 3), (("hang", "illegal"), 2), (("illegal", "raise key", "hang"), 70),
        (("raise usage",), 2), (("ok", "ok"), 0),
    ],
)  # fmt: skip
def test_the_worst_exit_status_wins(run, texts, worst):
    assert run(*texts, options=("--json", "--timeout", "0.3"))[0] == worst


def test_a_file_that_hangs_is_killed_and_its_answer_is_unknown(run):
    started = time.monotonic()
    code, out, err = run("hang", "ok", options=("--json", "--timeout", "0.4"))
    assert time.monotonic() - started < 5
    first, second = map(json.loads, out.splitlines())
    assert (code, err) == (3, "")
    assert first["status"] == "unknown" and first["id"] == "hang"
    assert first["reason"] == "time limit of 0.4 s reached (--timeout)"
    assert 0.4 <= first["seconds"] < 3
    assert second["status"] == "solved"


def test_a_file_that_hangs_while_it_is_read(run):
    code, out, _ = run("slow to load", options=("--json", "--timeout", "0.3"))
    answer = json.loads(out)
    assert code == 3
    assert (answer["format"], answer["id"], answer["status"]) == (1, "m0", "unknown")
    assert run("slow to load", options=("--timeout", "0.3"))[1] == (
        "m0\n\nunknown: time limit of 0.3 s reached (--timeout)\n"
    )


def test_the_solver_stops_by_itself_before_the_limit(run):
    code, out, _ = run("soft", options=("--json", "--timeout", "0.5"))
    answer = json.loads(out)
    assert code == 3
    assert answer["reason"] == "time limit of 0.5 s reached (--timeout); gave up"


def test_memory_is_bounded(run, monkeypatch):
    monkeypatch.setattr(cli, "MEMORY_BYTES", 8 * 2**30)
    code, out, err = run(f"eat {16 * 2**30}", f"exit {OUT_OF_MEMORY}")
    assert (code, err) == (3, "")
    reasons = [json.loads(line)["reason"] for line in out.splitlines()]
    assert reasons == ["memory limit of 8 GiB reached"] * 2


@pytest.mark.parametrize("order", ["raise key", "raise contradiction", "exit 5", "die 10"])
def test_an_internal_error_says_what_to_report(run, monkeypatch, order):
    code, out, err = run(order)
    assert (code, out) == (70, "")
    assert LINE.fullmatch(err) and "internal error" in err and "please report" in err
    if order == "raise key":
        assert "KeyError" in err and "test_cli.py:" in err
        monkeypatch.setenv("ALIGNSYM_TRACEBACK", "1")
        assert "Traceback (most recent call last)" in run(order)[2]


def test_what_a_library_prints_does_not_spoil_the_answers(run):
    code, out, err = run("print")
    assert code == 0 and json.loads(out)["id"] == "print"
    assert "noise" in err


def test_a_missing_package_is_said_to_be_missing(run, monkeypatch):
    def loader():
        raise ModuleNotFoundError("No module named 'z3'")

    monkeypatch.setattr(cli, "_loader", loader)
    code, out, err = run("ok")
    assert (code, out) == (70, "")
    assert "a package is missing" in err and "pip install" in err and "internal" not in err


def test_where_there_is_no_fork_the_file_is_solved_here(run, monkeypatch):
    monkeypatch.delattr(os, "fork")
    assert json.loads(run("ok")[1])["status"] == "solved"
    assert run("illegal")[0] == 2
    assert run("raise key")[0] == 70


def test_a_terminal_sees_progress_and_then_nothing(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with cli._progress("model.toml") as waiting:
        waiting(0.5)
        assert capsys.readouterr().err == ""
        waiting(2.0)
        assert "model.toml: 2 s" in capsys.readouterr().err
    assert capsys.readouterr().err == "\r\x1b[K"


def test_a_pipe_sees_no_progress(capsys):
    with cli._progress("model.toml") as waiting:
        waiting(2.0)
    assert capsys.readouterr().err == ""


def test_no_child_outlives_its_time():
    end = isolated(_tell_and_sleep, seconds=0.2, memory=2**33)
    assert end.kind == "time"
    with pytest.raises(ProcessLookupError):
        os.kill(end.messages["child"], 0)


def _tell_and_sleep(send):
    send({"started": True, "child": os.getpid()})
    time.sleep(60)


def test_the_names_of_concepts_agree_with_the_model():
    assert commands_solve.CONCEPTS == CONCEPTS


# What follows starts the program itself.


ENVIRONMENT = {**os.environ, "PYTHONPATH": ROOT}


def alignsym_process(*arguments):
    code = (
        "import sys; from alignsym.cli import main; code = main(sys.argv[1:]);"
        "heavy = {'sympy', 'z3', 'numpy', 'importlib.metadata'} & set(sys.modules);"
        "sys.exit(f'imported {heavy}' if heavy else code)"
    )
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True, text=True, timeout=60, env=ENVIRONMENT,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--help"], 0), (["--version"], 0), (["solve", "--help"], 0), ([], 2), (["frob"], 2),
        (["solve"], 2), (["solve", "no such file"], 2), (["solve", "no such file", "nor this"], 2),
        (["solve", "x", "--timeout", "0"], 2), (["solve", "x", "--timeout", "nan"], 2),
        (["solve", "x", "--concept", "pareto"], 2), (["solve", ROOT], 2),
    ],
)  # fmt: skip
def test_the_light_answers_import_nothing_heavy(arguments, code):
    done = alignsym_process(*arguments)
    assert done.returncode == code, done.stderr
    if code == 0:
        assert done.stdout and not done.stderr
    else:
        assert not done.stdout
        assert re.fullmatch(r"(alignsym(?: solve)?: [^\n]+\n)+", done.stderr)


def test_a_file_without_sense_is_refused_without_sympy(tmp_path):
    (tmp_path / "sympy.py").write_text("raise ImportError('SymPy was imported')")
    bad = tmp_path / "bad.toml"
    bad.write_text("format = 1\nconcept = 'maximise'\n")
    environment = {**ENVIRONMENT, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    done = subprocess.run(
        [sys.executable, "-m", "alignsym", "solve", str(bad)],
        capture_output=True, text=True, timeout=60, env=environment,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert LINE.fullmatch(done.stderr) and "concept" in done.stderr


def test_interrupted_means_130_and_one_line(tmp_path):
    model = tmp_path / "model.toml"
    model.write_text("format = 1")
    code = (
        "import sys, time; from alignsym import cli; cli._refuse_early = lambda path: None;"
        "cli._loader = lambda: (open(sys.argv[2], 'w').close(), time.sleep(60));"
        "sys.exit(cli.main(['solve', sys.argv[1]]))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(model), str(tmp_path / "working")],
        start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT,
    )  # fmt: skip
    began = time.monotonic()
    while not (tmp_path / "working").exists() and time.monotonic() < began + 20:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (130, b"")
    assert err.strip() == b"alignsym: interrupted"


def test_an_interrupted_child_is_an_interruption():
    """Ctrl-C reaches the whole group; the child may be gone before its parent is told."""
    with pytest.raises(KeyboardInterrupt):
        isolated(lambda send: os.kill(os.getpid(), signal.SIGINT), seconds=5, memory=2**32)


def test_a_closed_pipe_is_no_error(run, monkeypatch):
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as closed:
        monkeypatch.setattr(sys, "stdout", closed)
        code, _, err = run("ok", "ok")
    assert (code, err) == (141, "")
