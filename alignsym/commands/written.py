"""Files that the command line writes beside its answers; the process that works on them does not.

A child, which reads what nobody need trust, names the option a text is for; the place is the one
the person gave, and a name within a directory is a plain name.
"""

from __future__ import annotations

import argparse
import base64
import os
import re

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,119}")


def wanted(options: argparse.Namespace) -> str:
    """The option that takes the answer to one file only, if it is given; else ''."""
    given = (
        o for o in ("output", "certificate", "smtlib") if getattr(options, o, None) is not None
    )
    return next(given, "")


def write(options: argparse.Namespace, files: list[tuple[str, str]], data: str, text: str) -> str:
    """Write what was asked for; '' or what went wrong.

    `data`, base64, or else `text` goes where --output says.
    """
    path = ""
    try:
        output = getattr(options, "output", None)
        if output is not None:
            path = output
            with open(path, "wb") as file:
                file.write(base64.b64decode(data) if data else text.encode())
        for key, content in files:
            option, _, name = key.partition("/")
            path = str(getattr(options, option))
            if name:
                if not _NAME.fullmatch(name):
                    return f"{name!r} is no name of a file"
                os.makedirs(path, exist_ok=True)
                path = os.path.join(path, name)
            with open(path, "w", encoding="utf-8") as out:
                out.write(content)
    except OSError as error:
        return f"{path}: cannot be written: {error.strerror}"
    return ""
