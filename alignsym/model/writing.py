"""Game -> TOML: what `loads` reads back as an equal game.

Python's standard library reads TOML but does not write it; a model file needs texts, lists and one
level of tables only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import sympy as sp
from sympy.printing.str import StrPrinter

from alignsym.errors import ModelError
from alignsym.model import limits
from alignsym.model.functions import FORMS, FUNCTIONS
from alignsym.model.game import Action, Constraint, Game, StatedRegime, base_symbol
from alignsym.model.relations import Expr, Interval, Relation

_SIGNS = {
    Interval.real(): "real",
    Interval.nonnegative(): "nonnegative",
    Interval.positive(): "positive",
    Interval(-sp.oo, sp.S.Zero, open_upper=True): "negative",
}


class _Input(StrPrinter):
    """SymPy's text, where it differs from the input syntax."""

    def _print_LambertW(self, expr: Expr) -> str:
        return "LambertW(" + ", ".join(self._print(a) for a in expr.args) + ")"

    def _print_ComplexRootOf(self, expr: Expr) -> str:
        return f"Root({self._print(expr.expr)}, {self._print(expr.poly.gen)}, {expr.index})"

    def _print_Relational(self, expr: sp.Basic) -> str:
        kinds = {sp.Eq: "Eq", sp.Ne: "Ne"}
        left, right = self._print(expr.args[0]), self._print(expr.args[1])
        if type(expr) in kinds:
            return f"{kinds[type(expr)]}({left}, {right})"
        return f"{left} {expr.rel_op} {right}"

    def _print_Exp1(self, expr: Expr) -> str:
        return "exp(1)"  # E may be the name of a parameter

    def _print_Integer(self, expr: sp.Integer) -> str:
        sign, digits = ("-" if expr < 0 else ""), str(abs(int(expr)))
        if len(digits) <= limits.DIGITS:
            return sign + digits
        # A literal has a limit; 10**99 is written as people write it, others in blocks of digits.
        head = digits.rstrip("0")
        if len(head) <= limits.DIGITS:
            ten = f"10**{len(digits) - len(head)}"
            return f"{sign}({ten})" if head == "1" else f"{sign}({head}*{ten})"
        low = digits[-50:].lstrip("0") or "0"
        high = self._print_Integer(sp.Integer(digits[:-50]))
        return f"{sign}({high}*10**50 + {low})"

    def _print_Rational(self, expr: sp.Rational) -> str:
        return (
            f"{self._print_Integer(sp.Integer(expr.p))}/{self._print_Integer(sp.Integer(expr.q))}"
        )


def text(given: Expr | Relation) -> str:
    """An expression or relation in the input syntax.

    >>> x = sp.Symbol("x")
    >>> text(Relation(sp.sqrt(x)/3, "==", sp.Integer(1)))
    'Eq(sqrt(x)/3, 1)'
    """
    if isinstance(given, Relation):
        left, right = text(given.left), text(given.right)
        head = {"==": "Eq", "!=": "Ne"}.get(given.operator)
        return f"{head}({left}, {right})" if head else f"{left} {given.operator} {right}"
    return str(_Input().doprint(given))


def toml(game: Game) -> str:
    """The model file of a game.

    Raises: `ModelError` where the game has no concept or says what a file cannot.
    """
    if game.concept is None:
        raise ModelError(
            "a model file needs a concept", where="concept", remedy="game.altered(concept=...)"
        )
    lines = ["format = 1"]
    for key in ("id", "title", "source", "notes"):
        value = getattr(game, key)
        lines += [f"{key} = {_string(value)}"] if value else []
    lines.append(f"concept = {_string(game.concept)}")
    if game.tags:
        lines.append("tags = " + _strings(game.tags))
    lines.append("conditions = " + _strings(map(text, game.conditions)))
    if game.numeraire is not None:
        lines.append(f"numeraire = {_string(str(game.numeraire))}")
    if game.complete is not None:
        lines.append(f"complete = {str(game.complete).lower()}")
    if game.expect is not None:
        lines.append(f"expect = {_string(game.expect)}")
    signs = {str(p.symbol): _sign(p.interval, p.integer) for p in game.parameters}
    lines += _section("parameters", signs)
    for family in game.families:
        lines += ["", "[[families]]", f"name = {_string(str(family.index))}"]
        lines.append(f"size = {_string(str(family.size))}")
        if family.objective is not None:
            lines.append(_actions(family.actions))
            lines.append(_objective(family.loss, family.objective))
            lines += _constraints(family.constraints)
    for agent in game.agents:
        lines += ["", "[[agents]]", f"name = {_string(agent.name)}", _actions(agent.actions)]
        lines.append(_objective(agent.loss, agent.objective))
        lines += _constraints(agent.constraints)
    lines += _section("shared", {c.name: _string(text(c.relation)) for c in game.shared})
    lines += _section("prices", {p.name: _string(text(p.clearing)) for p in game.prices})
    lines += _section("weights", {k: _string(text(v)) for k, v in game.weights})
    lines += _section("disagreement", {k: _string(text(v)) for k, v in game.disagreement})
    for regime in game.expected:
        lines += _expected(regime)
    out = "\n".join(lines) + "\n"
    _refuse_shadows(game, out)
    return out


def _refuse_shadows(game: Game, out: str) -> None:
    """A declared name wins over a function or constant, which could then not be written."""
    names = {str(base_symbol(p.symbol)) for p in game.parameters}
    names |= {str(base_symbol(a.symbol)) for a in game.actions} | {p.name for p in game.prices}
    expressions = out[out.index("\nconcept = ") :]
    for name in sorted(names & {*FUNCTIONS, *FORMS}):
        if re.search(rf"\b{name}\(", expressions):
            raise ModelError(f"{name!r} is a declared name and a function", remedy="rename one")
    if "pi" in names and any(a.objective.has(sp.pi) for a in game.agents):
        raise ModelError("'pi' is a declared name and a number", remedy="rename one")


def _expected(regime: StatedRegime) -> list[str]:
    lines = ["", "[[expected]]", "when = " + _strings(map(text, regime.when))]
    if regime.outcome is not None:
        lines.append(f"outcome = {_string(regime.outcome)}")
    if regime.continuum:
        lines.append("continuum = " + _strings(map(text, regime.continuum)))
    if regime.values:
        values = {str(k): _string(text(v)) for k, v in regime.values}
        lines.append("values = " + _inline(values))
    if regime.multipliers:
        lines.append(
            "multipliers = " + _inline({k: _string(text(v)) for k, v in regime.multipliers})
        )
    if regime.value is not None:
        lines.append("value = " + _string(text(regime.value)))
    if regime.multiple:
        lines.append("multiple = true")
    return lines


def _sign(interval: Interval, integer: bool = False) -> str:
    if integer:
        return _string("positive integer")
    if interval in _SIGNS:
        return _string(_SIGNS[interval])
    if interval.open_lower or interval.open_upper:
        raise ModelError(f"a file has no open interval from {interval.lower} to {interval.upper}")
    return _strings([text(interval.lower), text(interval.upper)])


def _actions(actions: Iterable[Action]) -> str:
    return "actions = " + _inline({a.name: _sign(a.interval) for a in actions})


def _objective(loss: bool, objective: Expr) -> str:
    return ("loss = " if loss else "utility = ") + _string(text(objective))


def _constraints(constraints: tuple[Constraint, ...]) -> list[str]:
    table = {c.name: _string(text(c.relation)) for c in constraints}
    return ["constraints = " + _inline(table)] if table else []


def _section(name: str, table: Mapping[str, str]) -> list[str]:
    return ["", f"[{name}]", *(f"{_key(k)} = {v}" for k, v in table.items())] if table else []


def _inline(table: Mapping[str, str]) -> str:
    return "{ " + ", ".join(f"{_key(k)} = {v}" for k, v in table.items()) + " }" if table else "{}"


def _key(name: str) -> str:
    return (
        name
        if name.replace("_", "a").replace("-", "a").isalnum() and name.isascii()
        else _string(name)
    )


def _string(value: str) -> str:
    special = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return (
        '"'
        + "".join(special.get(c, c if c.isprintable() else f"\\U{ord(c):08x}") for c in value)
        + '"'
    )


def _strings(values: Iterable[str]) -> str:
    return "[" + ", ".join(map(_string, values)) + "]"
