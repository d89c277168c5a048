"""One class a failure: where it happened, what is wrong, what would be right.

Imports nothing, so that the command line can refuse a file before SymPy is loaded.
"""

from __future__ import annotations


class AlignsymError(Exception):
    """A failure with a place and a remedy; prints as one line.

    Arguments: `what` is wrong; `where` in the model (`agents[0].constraints.cap`) or in the call;
    `remedy`, what to do about it.

    >>> print(AlignsymError("unknown name 'r'", where="agents[0].utility", remedy="declared: p, x"))
    agents[0].utility: unknown name 'r' (declared: p, x)
    """

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.what, self.where, self.remedy = what, where, remedy
        super().__init__(self.line())

    def line(self) -> str:
        """The message as one line of text, without the file's name."""
        head = f"{self.where}: " if self.where else ""
        return head + self.what + (f" ({self.remedy})" if self.remedy else "")

    def __str__(self) -> str:
        return self.line()

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.what, self.where, self.remedy))


def _rebuild(kind: type[AlignsymError], what: str, where: str, remedy: str) -> AlignsymError:
    return kind(what, where=where, remedy=remedy)


class ModelError(AlignsymError):
    """The text or the objects do not make a legal model (exit status 2)."""


class UsageError(AlignsymError):
    """A function or the command line was called in a way that has no meaning (exit status 2)."""


class LimitError(ModelError):
    """A documented limit on untrusted input is exceeded; the message names the limit."""


class ContradictionError(AlignsymError):
    """Two independent parts of the program disagree about a fact: a defect, never an answer.

    Raised when the evaluator that is not SymPy refutes at an exact point what a proof claimed.
    """
