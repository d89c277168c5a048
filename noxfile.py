#!/usr/bin/env -S uv run --script
# /// script
# dependencies = ["nox"]
# ///
"""Everything that is checked of a change: `nox`, or one session, `nox -s tests`."""

from __future__ import annotations

import nox

nox.needs_version = ">=2024.4.15"
nox.options.default_venv_backend = "uv|virtualenv"


@nox.session(default=True)
def lint(session: nox.Session) -> None:
    """Style and types."""
    session.install("-e", ".[test]")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")


@nox.session(default=True)
def tests(session: nox.Session) -> None:
    """The test suite, with the examples of the documentation."""
    session.install("-e", ".[test,plot]")
    session.run("pytest", *session.posargs)


@nox.session(default=True)
def docs(session: nox.Session) -> None:
    """The pages, without a warning."""
    session.install("-e", ".[docs]")
    session.run("sphinx-build", "-W", "-q", "docs", "build/docs")


@nox.session(default=False)
def rendered(session: nox.Session) -> None:
    """Whether derivations and notebooks say what the program says."""
    session.install("-e", ".")
    session.run("python", "derivations/render.py", "--check")
    session.run("python", "docs/notebooks/run.py", "--check")


if __name__ == "__main__":
    nox.main()
