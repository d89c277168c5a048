r"""Names, expressions and relations as LaTeX formulas, and plain text made safe for LaTeX."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import sympy as sp
from sympy.printing.latex import LatexPrinter

from alignsym.model.relations import Expr, Region
from alignsym.present.passages import Formula
from alignsym.present.words import ALONE, chains, ordered_terms, plain, powers_of_ten

GREEK = frozenset((
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa",
    "lambda", "mu", "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi",
    "omega", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi",
    "Omega",
))  # fmt: skip
SPELT = {"lam": "lambda", "lamda": "lambda", "Lam": "Lambda", "Lamda": "Lambda", "eps": "epsilon"}
SIGNS = {"<=": r"\le", ">=": r"\ge", "<": "<", ">": ">", "=": "=", "!=": r"\ne"}
CHAIN = {**SIGNS, "->": r"\to", "=>": r"\ \Rightarrow\ ", ",": r",\quad"}
MADE = {
    "mu": r"\mu", "nu": r"\nu", "low": r"\underline{\mu}", "high": r"\overline{\mu}",
    "L": r"\mathcal{L}", "U": "U", "V": "V",
    "kink": "t",
}  # fmt: skip
MARKDOWN = frozenset("\\`*_{}[]<>()#+-!|$~")
ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "%": r"\%", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
}  # fmt: skip


Names = tuple[tuple[str, str], ...]
_CHOSEN: ContextVar[Mapping[str, str]] = ContextVar("chosen", default=MappingProxyType({}))
_NAMES: ContextVar[Names] = ContextVar("names", default=())  # the same, as a key


@contextmanager
def renamed(names: Mapping[str, str], *, subscripts: bool = True) -> Iterator[None]:
    r"""Within it symbols are written as `names` says; the key `\mu` is the multipliers' letter.

    >>> with renamed({"lam1": "L_1"}):
    ...     formula(sp.Symbol("lam1"))
    'L_1'
    """
    chosen = {**names, **({} if subscripts else {"L[]": ""})}
    token, key = _CHOSEN.set(chosen), _NAMES.set(tuple(chosen.items()))
    try:
        yield
    finally:
        _CHOSEN.reset(token)
        _NAMES.reset(key)


# A product with a name of several letters has a thin space: cs ps is not csps.
_BEFORE = re.compile(r"((?:(?<![\\A-Za-z])[A-Za-z0-9]|\})) (?=\\mathrm\{)")
_AFTER = re.compile(r"(\\mathrm\{\w+\}) (?=[A-Za-z0-9])")


def formula(expression: object) -> str:
    r"""LaTeX of an expression, with this package's names and a positive term first.

    >>> x, p = sp.symbols("x p", positive=True)
    >>> print(formula(x/2 - p))
    \frac{x}{2} - p
    """
    said = str(_PRINTER.doprint(expression))
    return _AFTER.sub(r"\1 \\, ", _BEFORE.sub(r"\1 \\, ", said)) if r"\mathrm" in said else said


def region_latex(region: Region) -> str:
    """The conjunction, two bounds of one expression as a chain."""
    said = (
        " ".join(SIGNS[part] if isinstance(part, str) else formula(part) for part in link)
        for link in chains(region)
    )
    return ",\\ ".join(said)


def symbol_latex(name: str) -> str:
    r"""A name as mathematics: `x_a`, `lam1`, `alpha`, `q2H`, `wage`.

    What the package names itself is mu[G], a multiplier, low[x] and high[x], those of bounds, and
    L[alpha], a Lagrangian.

    >>> [symbol_latex(n) for n in ("p1", "q2H", "w_low", "x_alpha", "mu[G]")]
    ['p_{1}', 'q_{2H}', 'w_{\\mathrm{low}}', 'x_{\\alpha}', '\\mu_{G}']
    """
    chosen = _CHOSEN.get()
    if name in chosen:
        return chosen[name]
    made = re.fullmatch(r"(mu|nu|low|high|L|U|V|kink)\[(.*)\]", name)
    if made:
        hidden = made[2] in ALONE or (made[1] == "L" and "L[]" in chosen)
        edge = re.fullmatch(r"kink\[(\d+)\]:(\d+)", made[2])
        inside = "" if hidden else symbol_latex(made[2]) if edge is None else _edge(edge)
        letter = MADE[made[1]].replace(r"\mu", chosen.get(r"\mu", r"\mu"))
        return letter + (f"_{{{inside}}}" if inside else "")
    parts = [part for part in name.split("_") if part]
    head = re.fullmatch(r"([A-Za-z]+)([0-9]\w*)?", parts[0] if parts else "")
    if head is None or not name.isascii():
        return rf"\mathrm{{{escaped(name)}}}"
    below = ([head[2]] if head[2] else []) + [_letters(part) for part in parts[1:]]
    return _letters(head[1]) + (f"_{{{', '.join(below)}}}" if below else "")


def _edge(found: re.Match[str]) -> str:
    """The relation number k + 1 that ties the variable t_j to its kink."""
    return rf"t_{{{found[1]}}},{int(found[2]) + 1}"


def escaped(text: str) -> str:
    r"""Plain text for LaTeX, on one line.

    >>> print(escaped("50% of G_1 & more"))
    50\% of G\_1 \& more
    """
    safe = "".join(ESCAPES.get(c, c) for c in plain(text))
    return safe.replace("--", "-{}-")  # else an option would be printed as a dash


def escaped_markdown(text: str) -> str:
    r"""Plain text for Markdown and the HTML inside it, on one line.

    >>> print(escaped_markdown("x_1 <b>"))
    x\_1 \<b\>
    """
    return "".join(f"\\{c}" if c in MARKDOWN - set("()-+!") else c for c in plain(text))


def word_latex(word: Expr | Formula, *, align: bool = False) -> str:
    r"""A formula among words; with `align` its first sign has the mark `&` before it.

    >>> x = sp.Symbol("x")
    >>> print(word_latex(Formula((x, ">=", sp.Integer(2))), align=True))
    x &\ge 2
    """
    if not isinstance(word, Formula):
        return formula(word)
    out: list[str] = []
    for part in word.parts:
        if not isinstance(part, str):
            out.append(formula(part))
        elif part in CHAIN:
            mark = "&" if align and part != "," else ""
            align = align and not mark
            out.append(mark + CHAIN[part])
        else:
            out.append(rf"\text{{{escaped(part)}}}")
    return " ".join(out)


def _letters(word: str) -> str:
    name = SPELT.get(word, word)
    if name in GREEK:
        return rf"\{name}"
    return name if len(name) == 1 or name.isdigit() else rf"\mathrm{{{escaped(name)}}}"


class _Printer(LatexPrinter):  # type: ignore[misc]
    """SymPy's LaTeX with our names and order of terms; what was written is remembered."""

    def _print(self, expr: Any, **kwargs: Any) -> str:
        if kwargs or not isinstance(expr, sp.Expr) or expr.is_Atom:
            return str(super()._print(expr, **kwargs))
        return _written(expr, _NAMES.get())

    def _print_Indexed(self, expr: sp.Indexed) -> str:
        base = symbol_latex(str(expr.base))
        base = f"{{{base}}}" if "_" in base else base
        return f"{base}_{{{', '.join(self._print(i) for i in expr.indices)}}}"

    def _print_Symbol(self, expr: sp.Symbol, style: str = "plain") -> str:
        return symbol_latex(expr.name)

    def _as_ordered_terms(self, expr: Expr, order: str | None = None) -> list[Expr]:
        return list(ordered_terms(expr))

    def _print_Derivative(self, expr: sp.Derivative) -> str:
        variable = self._print(expr.variables[0])
        return rf"\frac{{\partial {self._print(expr.expr)}}}{{\partial {variable}}}"

    def _print_Integer(self, expr: sp.Integer) -> str:
        head, zeros = powers_of_ten(int(expr))
        if not zeros:
            return str(expr)
        said = {1: "", -1: "-"}.get(head, rf"{head} \cdot ")
        return f"{said}10^{{{zeros}}}"


_PRINTER = _Printer()


@lru_cache(maxsize=4096)
def _written(expr: Expr, names: Names) -> str:
    """LaTeX of an expression where symbols have these names."""
    return str(LatexPrinter._print(_PRINTER, expr))
