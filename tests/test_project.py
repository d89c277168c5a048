"""The project file: extras and groups agree, and what is shipped is there."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
# About a host of code and its workflows, of which none is named (lefthook runs the hooks here).
ELSEWHERE = ("GH", "SEC", "PC", "PY006")
WANTED = ("sp_repo_review", "rich")


def test_every_extra_is_a_group_of_the_same_packages() -> None:
    extras = PROJECT["project"]["optional-dependencies"]
    groups = PROJECT["dependency-groups"]
    for name, packages in extras.items():
        assert groups.get(name) == packages, f"[dependency-groups] {name}"
        assert {"include-group": name} in groups["dev"], name


def test_what_is_shipped_exists() -> None:
    for name in PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]:
        assert (ROOT / name).exists(), name


@pytest.mark.skipif(
    not all(map(importlib.util.find_spec, WANTED)), reason="sp-repo-review[cli] is not installed"
)
def test_the_repository_follows_the_conventions_of_scientific_packages() -> None:
    command = [sys.executable, "-m", "repo_review", str(ROOT), "--format", "json"]
    said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    checks = json.loads(said.stdout)["checks"]
    assert len(checks) > 40
    failed = {
        name: check["description"]
        for name, check in checks.items()
        if check["result"] is False and not name.startswith(ELSEWHERE)
    }
    assert not failed
