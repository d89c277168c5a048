"""Expressions, relations, games and parameters in words: still the input's syntax, better ordered.

Names and titles come from files, so control characters are dropped.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import sympy as sp
from sympy.printing.str import StrPrinter

from alignsym.model.game import Action, Agent, Game, Parameter
from alignsym.model.relations import Expr, Interval, Region, Relation

SHOWN_AGENTS = 4
ALONE = ("planner", "the bargain", "agent", "")  # one decision maker alone needs no name


def problem_in_words(game: Game) -> str:
    """The game in a sentence: who maximises what over what, and what binds all."""
    parts = [_agent(agent) for agent in game.agents[:SHOWN_AGENTS]]
    if (more := len(game.agents) - SHOWN_AGENTS) > 0:
        parts.append(f"and {more} more agent" + "s" * (more > 1))
    for family in game.families:
        who = f"each {family.index} = 1..{family.size}"
        if family.objective is None:
            parts.append(f"{family.index} = 1..{family.size}")
        else:
            verb = "minimises" if family.loss else "maximises"
            over = ", ".join(map(_action, family.actions))
            parts.append(f"{who} {verb} {in_words(family.objective)} over {over}")
    parts += [f"the price {p.name} clears {relation_in_words(p.clearing)}" for p in game.prices]
    if game.shared:
        shared = ", ".join(f"{relation_in_words(c.relation)} ({c.name})" for c in game.shared)
        parts.append(f"all subject to {shared}")
    for title, rows in (("weights", game.weights), ("disagreement", game.disagreement)):
        if rows:
            listed = ", ".join(f"{in_words(value)} for {name}" for name, value in rows)
            parts.append(f"{title}: {listed}")
    return plain("; ".join(parts)) + "."


def parameters_in_words(game: Game) -> str:
    """What is declared of the parameters: `a, b > 0, c real with a < b`; empty without any."""
    groups: dict[str, list[str]] = {}
    for parameter in game.parameters:
        groups.setdefault(_declared(parameter), []).append(str(parameter.symbol))
    said = ", ".join(", ".join(names) + how for how, names in groups.items())
    if game.conditions:
        said += " with " + region_in_words(game.conditions)
    return said


def in_words(expression: Expr) -> str:
    """The expression in the input's syntax, a positive term first.

    >>> x, p = sp.symbols("x p", positive=True)
    >>> in_words(sp.log(x) - p*x)
    'log(x) - p*x'
    """
    return str(_PRINTER.doprint(expression))


def relation_in_words(relation: Relation) -> str:
    """The relation with `=` for equality.

    >>> relation_in_words(Relation(sp.Symbol("x"), "==", sp.Integer(2)))
    'x = 2'
    """
    operator = "=" if relation.operator == "==" else relation.operator
    return f"{in_words(relation.left)} {operator} {in_words(relation.right)}"


def region_in_words(region: Region) -> str:
    """The conjunction, two bounds of one expression as a chain.

    >>> k = sp.Symbol("k")
    >>> region_in_words((Relation(k, ">=", sp.Integer(1)), Relation(k, "<", sp.Integer(2))))
    '1 <= k < 2'
    """
    return " and ".join(
        " ".join(in_words(part) if isinstance(part, sp.Expr) else part for part in chain)
        for chain in chains(region)
    )


def tidy(region: Region) -> Region:
    """The conditions without signs that follow from the others: a > c > 0 says a > 0.

    >>> a, c = sp.symbols("a c")
    >>> zero = sp.S.Zero
    >>> rows = (Relation(a, ">", zero), Relation(c, ">", zero), Relation(c, "<", a))
    >>> [str(r) for r in tidy(rows)]
    ['c > 0', 'c < a']
    """
    kept = list(region)
    for r in region:
        if r.left.is_Symbol and r.right == 0 and r.operator in (">", ">="):
            rest = [o for o in kept if o is not r]
            strict = _signs(rest).get(r.left)
            if strict is not None and (strict or r.operator == ">="):
                kept = rest
    return tuple(kept)


def _signs(region: list[Relation]) -> dict[Expr, bool]:
    """Symbols with a lower bound of known sign: True if they are positive, False if >= 0."""
    known: dict[Expr, bool] = {}
    while True:
        before = dict(known)
        table = {
            s: sp.Dummy(positive=True) if strict else sp.Dummy(nonnegative=True)
            for s, strict in known.items()
        }
        for r in region:
            if r.is_equality or r.operator == "!=":
                continue
            high, low = (r.left, r.right) if r.operator in (">", ">=") else (r.right, r.left)
            bound = low.xreplace(table)
            if high.is_Symbol and bound.is_nonnegative:
                known[high] = known.get(high, False) or r.is_strict or bool(bound.is_positive)
        if known == before:
            return known


def members_named(game: Game, region: Region) -> tuple[str, ...]:
    """The families whose members' data a region speaks of: it is meant for every member.

    >>> i, n = sp.symbols("i n", positive=True, integer=True)
    >>> a = sp.IndexedBase("a", positive=True)
    >>> from alignsym.model.game import Family
    >>> members_named(Game(families=[Family(i, n)]), (Relation(a[i], ">", sp.Integer(1)),))
    ('i',)
    """
    free = {s for r in region for s in r.free_symbols}
    return tuple(str(f.index) for f in game.families if f.index in free)


def chains(region: Region) -> list[tuple[Expr | str, ...]]:
    """Every relation as (left, sign, right), or two bounds as (low, sign, middle, sign, high)."""
    partner: dict[int, int] = {}
    for i, low in enumerate(region):
        for j, high in enumerate(region):
            bounds = low.operator in (">", ">=") and high.operator in ("<", "<=")
            if bounds and low.left == high.left and not {i, j} & partner.keys():
                partner |= {i: j, j: i}
    out: list[tuple[Expr | str, ...]] = []
    for i, one in enumerate(region):
        j = partner.get(i, i)
        if j == i:
            out.append((one.left, "=" if one.is_equality else one.operator, one.right))
        elif i < j:
            low, high = (one, region[j]) if one.operator in (">", ">=") else (region[j], one)
            sign = "<" if low.is_strict else "<="
            out.append((low.right, sign, low.left, high.operator, high.right))
    return out


def positive_first(terms: list[Expr]) -> list[Expr]:
    """The terms of a sum, the first without a minus sign moved to the front."""
    if terms and terms[0].could_extract_minus_sign():
        for index, term in enumerate(terms):
            if not term.could_extract_minus_sign():
                return [term, *terms[:index], *terms[index + 1 :]]
    return terms


@lru_cache(maxsize=2048)  # a row is measured, broken and printed, in text and in mathematics
def ordered_terms(total: Expr) -> tuple[Expr, ...]:
    """The terms of a sum as people write them: SymPy's order, a positive one first.

    >>> x, y = sp.symbols("x y", positive=True)
    >>> ordered_terms(y**2 - x**3)
    (y**2, -x**3)
    """
    # A sum that was left unevaluated says how it is meant to stand.
    return tuple(positive_first(list(StrPrinter()._as_ordered_terms(total))))


class _Printer(StrPrinter):  # type: ignore[misc]
    """SymPy's printer of its own syntax, with sums in the order people write them.

    A derivation says the same terms many times: what was written is remembered.
    """

    def _print(self, expr: Any, **kwargs: Any) -> str:
        if kwargs or not isinstance(expr, sp.Expr) or expr.is_Atom:
            return str(super()._print(expr, **kwargs))
        return _written(expr)

    def _print_Symbol(self, expr: sp.Symbol) -> str:
        short = {"V[]": "value"} | {f"{k}[{o}]": k for k in "LU" for o in ALONE if o}
        return short.get(str(expr.name), _KINK.sub(_kinked, str(expr.name)))

    def _print_Derivative(self, expr: sp.Derivative) -> str:
        return f"d{self._print(expr.expr)}/d{self._print(expr.variables[0])}"

    def _as_ordered_terms(self, expr: Expr, order: str | None = None) -> list[Expr]:
        return list(ordered_terms(expr))

    def _print_Integer(self, expr: sp.Integer) -> str:
        head, zeros = powers_of_ten(int(expr))
        if not zeros:
            return str(expr)
        said = {1: "", -1: "-"}.get(head, f"{head}*")
        return f"{said}10**{zeros}"


_PRINTER = _Printer()


@lru_cache(maxsize=4096)
def _written(expr: Expr) -> str:
    return str(StrPrinter._print(_PRINTER, expr))


_KINK = re.compile(
    r"\bkink\[(\d+)\](?::(\d+))?"
)  # the variable of a kink, and one of its relations


def _kinked(found: re.Match[str]) -> str:
    """t_0, and of its second relation t_0,2."""
    return f"t_{found[1]}" + (f",{int(found[2]) + 1}" if found[2] else "")


def powers_of_ten(number: int) -> tuple[int, int]:
    """A huge round number as (head, zeros), any other as (number, 0).

    >>> powers_of_ten(-3 * 10**99), powers_of_ten(1500)
    ((-3, 99), (1500, 0))
    """
    if abs(number) < 10**9:
        return number, 0
    zeros = 0
    while number % 10 == 0:
        number, zeros = number // 10, zeros + 1
    return (number, zeros) if zeros >= 9 and abs(number) < 1000 else (number * 10**zeros, 0)


def _agent(agent: Agent) -> str:
    if not agent.actions:
        return f"{agent.name} watches {in_words(agent.utility)}"
    verb = "minimises" if agent.loss else "maximises"
    said = f"{agent.name} {verb} {in_words(agent.objective)}"
    said += " over " + ", ".join(map(_action, agent.actions))
    if agent.constraints:
        own = (f"{relation_in_words(c.relation)} ({c.name})" for c in agent.constraints)
        said += " subject to " + ", ".join(own)
    return said


def _action(action: Action) -> str:
    return action.name + _bounds(action.interval) if _one_sided(action.interval) else (
        f"{action.name} in {_ends(action.interval)}"
    )  # fmt: skip


def _declared(parameter: Parameter) -> str:
    if parameter.integer:
        return " = 1, 2, ..."
    interval = parameter.interval
    return _bounds(interval) if _one_sided(interval) else f" in {_ends(interval)}"


def _one_sided(interval: Interval) -> bool:
    return bool(interval.lower == -sp.oo or interval.upper == sp.oo)


def _bounds(interval: Interval) -> str:
    if interval.lower != -sp.oo:
        return f" {'>' if interval.open_lower else '>='} {in_words(interval.lower)}"
    if interval.upper != sp.oo:
        return f" {'<' if interval.open_upper else '<='} {in_words(interval.upper)}"
    return " real"


def _ends(interval: Interval) -> str:
    low, high = in_words(interval.lower), in_words(interval.upper)
    opened, closed = "(" if interval.open_lower else "[", ")" if interval.open_upper else "]"
    return f"{opened}{low}, {high}{closed}"


def plain(text: str) -> str:
    """The text on one line, without control characters."""
    return "".join(c if c.isprintable() else " " for c in text)
