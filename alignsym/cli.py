"""The command line: one command a module of `commands`, its exit statuses, the walls around files.

Help, versions, wrong usage and missing files are answered before SymPy is imported.  Each file,
which nobody need trust, is worked on in a child process of bounded time and memory
(`alignsym.isolation`); where the system has no `fork` this process does it, and only the solver's
own time limit holds.

Exit statuses, the worst of all files in the order 70, 2, 1, 3, 4, 0: 0 answered (also `unknown`,
except from check), 1 refuted, 2 no legal model or wrong usage, 3 time or memory limit, 4 a check
that stays unknown, 70 internal error; besides, 130 interrupted, 141 the reader of the output went
away, 143 terminated.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple, NoReturn

from alignsym import __version__
from alignsym.commands import align, check, derive, plot, solve
from alignsym.commands.contract import (
    ANSWERED,
    BROKEN_PIPE,
    ILLEGAL,
    INTERNAL,
    INTERRUPTED,
    LIMIT,
    PENDING,
    REFUTED,
    SEVERITY,
    Command,
    Said,
)
from alignsym.commands.written import wanted, write
from alignsym.errors import AlignsymError, ContradictionError
from alignsym.isolation import End, Send, isolated

COMMANDS: tuple[Command, ...] = (
    solve.COMMAND, check.COMMAND, align.COMMAND, derive.COMMAND, plot.COMMAND,
)  # fmt: skip

DEFAULT_SECONDS = 15.0
SOFT_SHARE = 0.8  # of the limit: then the work stops by itself, so that partial answers come out
MEMORY_BYTES = 4 * 2**30
STATUSES = (
    "Exit status: 0 answered (also unknown), 1 refuted, 2 no legal model or wrong usage, 3 time or "
    "memory limit, 4 a check that stays unknown, 70 internal error, 130 interrupted; of several "
    "files the worst in the order 70, 2, 1, 3, 4, 0. "
    f"A file may take {MEMORY_BYTES // 2**30} GiB of memory."
)


class Answer(NamedTuple):
    """What is said of one file: standard output, a line on standard error, the exit status."""

    out: str
    err: str
    code: int
    data: str = ""  # base64 of a file's bytes, where the answer is no text
    files: tuple[tuple[str, str], ...] = ()


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit status.

    >>> main(["--version"])
    alignsym 0.1.0
    0
    """
    try:
        options = _parser().parse_args(argv)
        with _terminable():
            return _each_file(options)
    except SystemExit as stop:  # argparse, after help, version or a usage error
        return stop.code if isinstance(stop.code, int) else ILLEGAL
    except KeyboardInterrupt:
        print("\nalignsym: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The interpreter flushes standard output once more at exit, which would fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line, as every other error of the command line."""

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {_one_line(message)} (see {self.prog} --help)", file=sys.stderr)
        raise SystemExit(ILLEGAL)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="alignsym",
        description="Equilibria and shadow prices in closed form, for all parameter values.",
        epilog="Start with: alignsym solve derivations/shared_good/model.toml",
    )
    parser.add_argument("--version", action="version", version=f"alignsym {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command in COMMANDS:
        sub = commands.add_parser(
            command.name, help=command.help, description=command.help.capitalize() + ".",
            epilog=f"{command.concluding} {STATUSES}".strip(),
        )  # fmt: skip
        sub.add_argument("files", nargs="+", metavar="FILE", help="a model file (TOML)")
        sub.add_argument("--json", action="store_true", help="one JSON object a file, a line each")
        sub.add_argument(
            "--timeout", type=_seconds, default=DEFAULT_SECONDS, metavar="SECONDS",
            help="time limit for each file, imports excluded (default: %(default)g)",
        )  # fmt: skip
        command.arguments(sub)
        sub.set_defaults(run=command)
    return parser


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number of seconds")
    return seconds


def _each_file(options: argparse.Namespace) -> int:
    """Answer every file in the order given; the worst exit status."""
    single = wanted(options)
    if single and len(options.files) > 1:
        print(f"alignsym: --{single} takes the answer to one file", file=sys.stderr)
        return ILLEGAL
    missing = {path: why for path in options.files if (why := _unreadable(path))}
    if len(options.files) - len(missing) > 1:
        with suppress(ImportError):  # a child will say what is missing
            _loader()  # imported once, before forking: the children share it
            options.run.prepare()
    worst = ANSWERED
    for path in options.files:
        if path in missing:
            answer = Answer("", f"alignsym: {path}: {missing[path]}", ILLEGAL)
        else:
            answer = _answer(path, options)
        to_file = getattr(options, "output", None) is not None and answer.code == ANSWERED
        if answer.out and (to_file or answer.files):
            problem = write(options, list(answer.files), answer.data, answer.out)
            if problem:
                answer = answer._replace(err=f"alignsym: {problem}", code=ILLEGAL)
        if answer.out and not to_file:
            sys.stdout.write(answer.out)
            sys.stdout.flush()
        if answer.err:
            print(_one_line(answer.err), file=sys.stderr, flush=True)
        worst = max(worst, answer.code, key=SEVERITY.index)
    return worst


def _unreadable(path: str) -> str:
    if not os.path.exists(path):
        return "no such file"
    if os.path.isdir(path):
        return "is a directory (give a model file)"
    return "" if os.access(path, os.R_OK) else "no permission to read it"


def _answer(path: str, options: argparse.Namespace) -> Answer:
    """Work on one file behind the walls, and word what came back."""
    with _progress(path) as waiting:
        end = isolated(
            lambda send: _work(path, options, send),
            seconds=options.timeout, memory=MEMORY_BYTES, waiting=waiting,
        )  # fmt: skip
    said = end.messages
    if "refused" in said:
        return Answer("", f"alignsym: {path}: {said['refused']}", ILLEGAL)
    if "said" in said:
        return _worded(Said(*said["said"]), options, path)
    if end.kind in ("time", "memory"):
        return _worded(_cut_off(path, options, end), options, path)
    if os.environ.get("ALIGNSYM_TRACEBACK"):
        sys.stderr.write(said.get("traceback", ""))
    what = said.get("failed") or end.cause or "no answer"
    if what.startswith("ModuleNotFoundError"):
        remedy = "alignsym is not fully installed: pip install sympy z3-solver numpy"
        return Answer("", f"alignsym: {path}: a package is missing: {what} ({remedy})", INTERNAL)
    remedy = "a defect of alignsym: please report this line with the file; "
    remedy += "ALIGNSYM_TRACEBACK=1 shows the traceback"
    return Answer("", f"alignsym: {path}: internal error: {what} ({remedy})", INTERNAL)


def _worded(said: Said, options: argparse.Namespace, path: str) -> Answer:
    out = json.dumps(said.json) if options.json else said.text
    note = f"alignsym: {path}: {said.note}" if said.note else ""
    files = tuple((name, content) for name, content in said.files)
    return Answer(out + "\n", note, said.code, said.data, files)


def _cut_off(path: str, options: argparse.Namespace, end: End) -> Said:
    """What is said for a child that was stopped: nothing known, and which limit it was."""
    name = os.path.splitext(os.path.basename(path))[0]
    fallback = end.messages.get("fallback")
    said = Said(*fallback) if fallback else options.run.unfinished(name, None, PENDING)
    reason = _limit_reason(end.kind, options.timeout)
    stated = {**said.json, "reason": reason, "seconds": round(end.seconds, 3)}
    code = said.code if said.code == REFUTED else LIMIT  # what is refuted stays so
    return Said(stated, said.text.replace(PENDING, reason), code)


def _limit_reason(kind: str, seconds: float) -> str:
    if kind == "memory":
        return f"memory limit of {MEMORY_BYTES // 2**30} GiB reached"
    return f"time limit of {seconds:g} s reached (--timeout)"


def _loader() -> Callable[[str], Any]:
    """Import what reads model files, SymPy with it; `Command.prepare` imports the rest."""
    # One thread: the child may not take more, and thread pools reserve memory by the core.
    for pool in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(pool, "1")
    gc.disable()  # importing leaves little garbage: a tenth of the time saved
    try:
        from alignsym.model.files import load
    finally:
        gc.freeze()  # else the first collection would go through all that was imported
        gc.enable()
    return load


def _work(path: str, options: argparse.Namespace, send: Send) -> None:
    """Load one file and run the command; every outcome but want of memory is sent, none raised."""
    command: Command = options.run
    name = os.path.splitext(os.path.basename(path))[0]
    try:
        other = command.other(path)
        if other is None:
            _refuse_early(path)
        load = _loader()
        command.prepare()
        load = other or load
        send({"started": True})
        started = time.monotonic()
        game = load(path)
        send({"fallback": command.unfinished(name, game, PENDING)})
        options.partial = lambda said: send({"fallback": said})
        left = SOFT_SHARE * options.timeout - (time.monotonic() - started)
        send({"said": command.answer(game, options, max(left, 0.0))})
    except MemoryError:
        raise
    except ContradictionError as error:
        send(_failure(error))
    except AlignsymError as error:
        send({"refused": error.line()})
    except OSError as error:
        send({"refused": f"cannot be read: {error.strerror}"})
    except Exception as error:  # the wall itself: whatever else happens is a defect, and is said so
        if "out of memory" in str(error).lower():  # z3's own kind of exception
            raise MemoryError from error
        send(_failure(error))


def _refuse_early(path: str) -> None:
    """Raise what is wrong with the file as far as it can be seen without SymPy."""
    from alignsym.model.structure import read, structure

    structure(read(path))


def _failure(error: Exception) -> dict[str, Any]:
    import traceback

    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{os.path.basename(os.path.dirname(last.filename))}/{os.path.basename(last.filename)}"
    line = f"{type(error).__name__}: {error} at {place}:{last.lineno}"
    return {"failed": line[:500], "traceback": "".join(traceback.format_exception(error))}


@contextmanager
def _progress(path: str) -> Iterator[Callable[[float], None]]:
    """A line on a terminal's standard error while a file takes long; erased at the end."""
    shown = False

    def waiting(elapsed: float) -> None:
        nonlocal shown
        if elapsed >= 1 and sys.stderr.isatty():
            shown = True
            sys.stderr.write(f"\r\x1b[Kalignsym: {_one_line(path)[-60:]}: {elapsed:.0f} s")
            sys.stderr.flush()

    try:
        yield waiting
    finally:
        if shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


@contextmanager
def _terminable() -> Iterator[None]:
    """SIGTERM ends the program by way of its `finally` clauses, so that no child outlives it."""

    def stop(number: int, frame: object) -> NoReturn:
        raise SystemExit(128 + number)

    try:
        before = signal.signal(signal.SIGTERM, stop)
    except ValueError:  # only the main thread may ask for this
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _one_line(text: str) -> str:
    """Text for a terminal: one line, and no control characters out of an untrusted file."""
    return "".join(c if c.isprintable() else " " for c in text)
