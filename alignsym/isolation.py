"""A child process for untrusted work: bounded in time and memory, heard through a pipe.

The child sends dicts, one line of JSON each, which are merged in order.  Whatever it does (loops,
eats memory, dies) the caller gets its messages so far and the way it ended.  Imports nothing heavy.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any, Literal, NamedTuple, NoReturn

Message = dict[str, Any]
Send = Callable[[Message], None]

COLLECTION = 50_000  # new objects between two collections; Python has 700
CACHE = 20_000  # results of each function of SymPy; it has 1000
START_SECONDS = 60.0  # a bound on what comes before the message `started`: imports
MESSAGE_BYTES = 64 * 2**20
TICK = 0.1
OUT_OF_MEMORY = 101  # the status with which z3 ends a process that it cannot give memory


class End(NamedTuple):
    """All messages merged, how the child ended, seconds since it said `started`, why it died."""

    messages: Message
    kind: Literal["done", "time", "memory", "died"]
    seconds: float
    cause: str = ""


def isolated(
    work: Callable[[Send], None],
    *,
    seconds: float,
    memory: int,
    waiting: Callable[[float], None] = lambda elapsed: None,
) -> End:
    """Run `work(send)` in a forked child for at most `seconds` and `memory` bytes.

    The clock starts when the child sends `{"started": ...}`.  `waiting` is called now and then with
    the seconds since the start.  Without `os.fork` the work runs in this process, unbounded.

    >>> isolated(lambda send: send({"sum": 1 + 1}), seconds=5, memory=2**32).messages
    {'sum': 2}
    """
    if not hasattr(os, "fork"):
        return _in_process(work)
    reader, writer = os.pipe()
    sys.stdout.flush()  # else what is buffered would be printed by both
    sys.stderr.flush()
    with warnings.catch_warnings():
        # A caller with threads is warned of locks held at the fork; numpy's pool, the only one
        # alignsym brings, has handlers for it.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        os.close(reader)
        _child(work, writer, seconds, memory)
    os.close(writer)
    try:
        end = _listen(reader, seconds, waiting)
    finally:
        os.close(reader)
        os.kill(child, signal.SIGKILL)  # not reaped yet, so the number is still the child's
        _, status = os.waitpid(child, 0)
    return _judged(end, status) if end.kind == "done" else end


def _in_process(work: Callable[[Send], None]) -> End:
    messages: Message = {}
    started = time.monotonic()
    try:
        work(messages.update)
    except MemoryError:
        return End(messages, "memory", time.monotonic() - started)
    return End(messages, "done", time.monotonic() - started)


def _child(work: Callable[[Send], None], writer: int, seconds: float, memory: int) -> NoReturn:
    """What the child does, to its end: never returns into the caller's stack."""
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # the parent alone says "interrupted"
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.dup2(2, 1)  # a library that prints must not spoil the answers on standard output
        _bound(seconds, memory)
        _hasten()
        work(lambda message: _write(writer, message))
        code = 0
    except MemoryError:
        code = OUT_OF_MEMORY
    finally:
        os._exit(code)


def _hasten() -> None:
    """Fewer collections and a larger cache of SymPy's, in a process that answers once and ends."""
    gc.set_threshold(COLLECTION, 20, 20)
    os.environ.setdefault("SYMPY_CACHE_SIZE", str(CACHE))


def _bound(seconds: float, memory: int) -> None:
    import resource

    # Processor time is a second wall, should the parent be killed before it can kill the child.
    for kind, wanted in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, int(2 * seconds + START_SECONDS)),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        try:
            resource.setrlimit(kind, (allowed, allowed))
        except (ValueError, OSError):
            continue  # some systems refuse RLIMIT_AS; the time limit still holds


def _write(writer: int, message: Message) -> None:
    data = memoryview(json.dumps(message).encode() + b"\n")
    while data:
        data = data[os.write(writer, data) :]


def _listen(reader: int, seconds: float, waiting: Callable[[float], None]) -> End:
    """Merge messages until the pipe closes, the time is over, or the child says too much."""
    messages: Message = {}
    buffer = bytearray()
    begun = clock = time.monotonic()
    limit = START_SECONDS
    while (left := clock + limit - time.monotonic()) > 0:
        ready, _, _ = select.select([reader], [], [], min(left, TICK))
        if not ready:
            waiting(time.monotonic() - begun)
            continue
        chunk = os.read(reader, 65536)
        if not chunk:
            return End(messages, "done", time.monotonic() - clock)
        buffer += chunk
        if len(buffer) > MESSAGE_BYTES:
            return End(messages, "memory", time.monotonic() - clock)
        if b"\n" not in chunk:
            continue
        *lines, rest = bytes(buffer).split(b"\n")
        buffer = bytearray(rest)
        for line in lines:
            message = json.loads(line)
            messages.update(message)
            if "started" in message:
                clock, limit = time.monotonic(), seconds
    return End(messages, "time", time.monotonic() - clock)


def _judged(end: End, status: int) -> End:
    """How a child that closed its pipe ended, from its wait status."""
    code = os.waitstatus_to_exitcode(status)
    if code == 0:
        return end
    if code == -signal.SIGINT:  # Ctrl-C reaches the whole group, and the child may be first
        raise KeyboardInterrupt
    # C++ code that gets no memory aborts; a system that runs out of memory kills.
    if code in (OUT_OF_MEMORY, -signal.SIGABRT, -signal.SIGKILL):
        return end._replace(kind="memory")
    if code == -signal.SIGXCPU:
        return end._replace(kind="time")
    how = f"signal {-code}" if code < 0 else f"exit status {code}"
    return end._replace(kind="died", cause=f"the solving process ended with {how}")
