"""Signs of expressions over an answer, and comparative statics: how values respond."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import sympy as sp

from alignsym.claims import Verdict
from alignsym.errors import UsageError
from alignsym.model.relations import Expr, Region, Relation
from alignsym.model.writing import text
from alignsym.present.blocks import Block, Prose, Table
from alignsym.present.passages import Formula, Word, formulas_of, listed
from alignsym.present.rich import html, latex
from alignsym.propositions.proving import both, decided, empty, formula, joined, place
from alignsym.solution import Regime, Solution
from alignsym.solving.neat import shortened

Sign = Literal["positive", "negative", "zero", "nonnegative", "nonpositive", "mixed", "unknown"]
_ZERO = sp.S.Zero


@dataclass(frozen=True, slots=True)
class Signed:
    """The sign of an expression in one regime; where it is mixed, the condition for positive."""

    regime: int
    where: Region
    formula: Expr
    sign: Sign
    positive: Region = ()
    reason: str = ""

    def __str__(self) -> str:
        place = f" where {joined(self.where)}" if self.where else ""
        if self.sign == "mixed":
            return f"positive exactly where {joined(both(self.where, self.positive))}"
        return self.sign + place + (f" ({self.reason})" if self.reason else "")

    _repr_html_ = html
    _repr_latex_ = latex

    def _said(self) -> tuple[Word, ...]:
        """The sign in words, with the condition on which it changes."""
        if self.sign == "mixed":
            return ("positive exactly where ", *listed(formulas_of(self.positive)))
        return (self.sign + (f" ({self.reason})" if self.reason else ""),)

    def _blocks_(self) -> tuple[Block, ...]:
        where = (", where ", *listed(formulas_of(self.where))) if self.where else ()
        return (Prose((self.formula, ": ", *self._said(), *where)),)


@dataclass(frozen=True, slots=True)
class Signs:
    """The sign of an expression, regime by regime."""

    expression: str
    parts: tuple[Signed, ...]
    formulas: Verdict

    @property
    def sign(self) -> Sign:
        """The sign, if it is the same in every regime; else mixed, or unknown."""
        found = {p.sign for p in self.parts}
        if len(found) == 1:
            return found.pop()
        return "unknown" if "unknown" in found or not found else "mixed"

    def __str__(self) -> str:
        if len(self.parts) == 1 and not self.parts[0].where:
            return f"{self.expression}: {self.parts[0]}"
        return "\n".join([f"{self.expression}:", *(f"  {part}" for part in self.parts)])

    __repr__ = __str__
    _repr_html_ = html
    _repr_latex_ = latex

    def _blocks_(self) -> tuple[Block, ...]:
        rows = tuple(
            (tuple(listed(formulas_of(p.where))) or ("always",), (p.formula,), p._said())
            for p in self.parts
        )
        head = (("where",), (self.expression,), ("sign",))
        return (Table(head, rows),)


_KINDS: tuple[tuple[str, Sign], ...] = (
    ("==", "zero"), (">", "positive"), ("<", "negative"), (">=", "nonnegative"),
    ("<=", "nonpositive"),
)  # fmt: skip


def sign(solution: Solution, expression: Expr) -> Signs:
    """The sign of an expression in parameters, actions and prices in each regime, that of a
    derivative in the regime's inside.

    >>> from alignsym.answer import solve
    >>> from alignsym.model.game import Agent, Game
    >>> x, p = sp.symbols("x p", positive=True)
    >>> solution = solve(Game(Agent("a", sp.log(x) - p*x, x), concept="maximize"))
    >>> sign(solution, sp.Derivative(x, p)), sign(solution, x - 1)
    (Derivative(x, p): negative, x - 1: positive exactly where p < 1)
    """
    rows = []
    for number, case in enumerate(solution.cases):
        where = place(case.when, expression)
        if not isinstance(case, Regime) or empty(solution, where):
            continue
        rows.append(_signed(solution, expression, number, case, where))
    return Signs(text(expression), tuple(rows), solution.proof)


def _signed(
    solution: Solution, expression: Expr, number: int, case: Regime, where: Region
) -> Signed:
    region = (*solution.game.domain(), *where)
    at = shortened(formula(expression, case, region))
    reason = ""
    for operator, said in _KINDS:
        asked = Relation(expression, operator, _ZERO)  # type: ignore[arg-type]
        part = decided(solution, asked, number, case, where)
        if part.answer == "true":
            return Signed(number, where, at, said)
        if operator == ">" and part.answer == "mixed":
            return Signed(number, where, at, "mixed", part.condition)
        reason = part.reason or reason
    return Signed(number, where, at, "unknown", reason=reason)


@dataclass(frozen=True, slots=True)
class Statics:
    """Comparative statics: the derivative of every value in every parameter, with its sign."""

    rows: tuple[tuple[sp.Symbol, sp.Symbol, Signs], ...]

    def __getitem__(self, key: tuple[object, object]) -> Signs:
        for of, by, signs in self.rows:
            if (str(of), str(by)) == (str(key[0]), str(key[1])):
                return signs
        raise UsageError(f"no derivative of {key[0]} in {key[1]}")

    def __str__(self) -> str:
        lines = []
        for of, by, signs in self.rows:
            for part in signs.parts:
                place = f"   [{joined(part.where)}]" if part.where else ""
                said = part.sign
                if said == "mixed":
                    said = f"> 0 exactly where {joined(part.positive)}"  # type: ignore[assignment]
                lines.append(f"d{of}/d{by} = {text(part.formula)}: {said}{place}")
        return "\n".join(lines)

    __repr__ = __str__
    _repr_html_ = html
    _repr_latex_ = latex

    def _blocks_(self) -> tuple[Block, ...]:
        rows = tuple(
            (
                (Formula((sp.Derivative(of, by, evaluate=False), "=", part.formula)),),
                part._said(),
                tuple(listed(formulas_of(part.where))) or ("always",),
            )
            for of, by, signs in self.rows
            for part in signs.parts
        )
        return (Table((("derivative",), ("sign",), ("where",)), rows),)


def statics(solution: Solution, *of: sp.Symbol) -> Statics:
    """d value / d parameter for every action and price (or those given) and every parameter, with
    its sign in the inside of each regime, or the condition on which it changes."""
    names = {str(s) for s in of}
    wanted = [s for s, _ in solution.regimes[0].values] if solution.regimes else []
    rows = []
    for symbol in wanted:
        if names and str(symbol) not in names:
            continue
        for parameter in solution.game.parameters:
            slope = sp.Derivative(symbol, parameter.symbol, evaluate=False)
            rows.append((symbol, parameter.symbol, sign(solution, slope)))
    return Statics(tuple(rows))
