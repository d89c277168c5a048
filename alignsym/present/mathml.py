"""Presentation MathML of expressions and formulas, well-formed and escaped.

A printer of its own: SymPy's writes names with brackets or subscripts as it pleases and escapes
nothing.  Everything a model can contain has a clause; a type without one raises TypeError.
"""

from __future__ import annotations

import re
from functools import singledispatch
from html import escape

import sympy as sp
from sympy.core.relational import Relational

from alignsym.model.relations import Expr
from alignsym.model.roots import Root
from alignsym.present.notation import GREEK, SPELT
from alignsym.present.passages import Formula
from alignsym.present.words import ALONE, ordered_terms, plain, powers_of_ten

LETTERS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν",
    "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ",
    "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ",
    "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ",
    "Omega": "Ω",
}  # fmt: skip
MADE = {"mu": "μ", "nu": "ν", "L": "ℒ", "U": "U", "V": "V", "kink": "t"}
SIGNS = {
    "<=": "≤",
    ">=": "≥",
    "=": "=",
    "!=": "≠",
    "<": "<",
    ">": ">",
    "=>": "⇒",
    "->": "→",
    ",": ",",
}
RELATIONS = {sp.Le: "≤", sp.Ge: "≥", sp.Lt: "<", sp.Gt: ">", sp.Eq: "=", sp.Ne: "≠"}
ADD, TIMES, POWER = 1, 2, 3  # how tightly the surroundings bind


def mathml(thing: Expr | Formula, *, block: bool = False) -> str:
    """One `<math>` element.

    >>> mathml(sp.Symbol("x_a"))
    '<math><msub><mi>x</mi><mi>a</mi></msub></math>'
    """
    shown = ' display="block"' if block else ""
    inner = "".join(parts(thing)) if isinstance(thing, Formula) else printed(thing)
    return f"<math{shown}>{inner}</math>"


def parts(row: Formula) -> list[str]:
    """The parts of a formula one by one."""
    out = []
    for part in row.parts:
        if not isinstance(part, str):
            out.append(f"<mrow>{printed(part)}</mrow>")
        elif part in SIGNS:
            space = {"=>": ' lspace="1em" rspace="1em"', ",": ' lspace="0" rspace="1em"'}.get(
                part, ""
            )
            out.append(f"<mo{space}>{escape(SIGNS[part])}</mo>")
        else:
            out.append(_text(part))
    return out


def name(text: str) -> str:
    """A name as mathematics, as `notation.symbol_latex` has it.

    >>> name("mu[G]"), name("lam1")
    ('<msub><mi>μ</mi><mi>G</mi></msub>', '<msub><mi>λ</mi><mn>1</mn></msub>')
    """
    made = re.fullmatch(r"(mu|nu|low|high|L|U|V|kink)\[(.*)\]", text)
    if made:
        edge = re.fullmatch(r"kink\[(\d+)\]:(\d+)", made[2])
        inside = "" if made[2] in ALONE else name(made[2]) if edge is None else _edge(edge)
        if made[1] in ("low", "high"):
            kind = "munder" if made[1] == "low" else "mover"
            letter = f"<{kind}><mi>μ</mi><mo>_</mo></{kind}>"
        else:
            letter = f"<mi>{MADE[made[1]]}</mi>"
        return f"<msub>{letter}{inside}</msub>" if inside else letter
    pieces = [part for part in text.split("_") if part]
    head = re.fullmatch(r"([A-Za-z]+)([0-9]\w*)?", pieces[0] if pieces else "")
    if head is None or not text.isascii():
        return f"<mi>{escape(plain(text))}</mi>"
    below = ([head[2]] if head[2] else []) + pieces[1:]
    if not below:
        return _letter(head[1])
    inside = "<mo>,</mo>".join(map(_letter, below))
    inside = inside if len(below) == 1 else f"<mrow>{inside}</mrow>"
    return f"<msub>{_letter(head[1])}{inside}</msub>"


def _edge(found: re.Match[str]) -> str:
    variable = f"<msub><mi>t</mi><mn>{found[1]}</mn></msub>"
    return f"<mrow>{variable}<mo>,</mo><mn>{int(found[2]) + 1}</mn></mrow>"


def _letter(word: str) -> str:
    known = SPELT.get(word, word)
    if known in GREEK and known in LETTERS:
        return f"<mi>{LETTERS[known]}</mi>"
    return f"<mn>{word}</mn>" if word.isdigit() else f"<mi>{escape(word)}</mi>"


def _text(words: str) -> str:
    said = plain(words)
    # A space at an end is dropped from <mtext> unless it does not break.
    start, end = ("\u00a0" * k for k in (words.startswith(" "), words.endswith(" ")))
    return f"<mtext>{start}{escape(said.strip())}{end}</mtext>"


def within(e: Expr, level: int) -> str:
    """The expression, in brackets where its surroundings bind more tightly."""
    said = printed(e)
    own = TIMES + 1
    if e.is_Add or isinstance(e, sp.Piecewise):
        own = ADD
    elif e.is_Mul or (e.is_Rational and (e.q != 1 or e.p < 0)):
        own = TIMES
    elif (e.is_Pow and not _is_root(e)) or isinstance(e, (sp.exp, sp.Sum, sp.Product)):
        own = POWER - 1 if level == POWER else POWER
    return bracketed(said) if own < level else said


def bracketed(said: str) -> str:
    """The markup in round brackets."""
    return f"<mrow><mo>(</mo>{said}<mo>)</mo></mrow>"


def call(function: str, *inside: str) -> str:
    """A function of arguments."""
    arguments = "<mo>,</mo>".join(inside)
    return f"<mrow><mi>{function}</mi><mo>&#x2061;</mo>{bracketed(arguments)}</mrow>"


@singledispatch
def printed(e: object) -> str:
    """The markup of an expression without `<math>` around it.

    Raises TypeError for what has no clause.
    """
    raise TypeError(f"no MathML for {type(e).__name__}: add a clause to present.mathml")


@printed.register
def _(e: sp.Symbol) -> str:
    return name(e.name)


@printed.register
def _(e: sp.Indexed) -> str:
    index = "<mo>,</mo>".join(map(printed, e.indices))
    return f"<msub>{name(str(e.base))}<mrow>{index}</mrow></msub>"


@printed.register
def _(e: sp.Integer) -> str:
    head, zeros = powers_of_ten(int(e))
    if not zeros:
        sign = "<mo>−</mo>" if e < 0 else ""
        return f"{sign}<mn>{abs(int(e))}</mn>"
    first = "" if head == 1 else f"<mn>{head}</mn><mo>·</mo>"
    return f"{first}<msup><mn>10</mn><mn>{zeros}</mn></msup>"


@printed.register
def _(e: sp.Rational) -> str:
    sign = "<mo>−</mo>" if e < 0 else ""
    return f"{sign}<mfrac><mn>{abs(e.p)}</mn><mn>{e.q}</mn></mfrac>"


@printed.register
def _(e: sp.Float) -> str:
    return f"<mn>{e}</mn>"


@printed.register(sp.core.numbers.NumberSymbol)
@printed.register(sp.core.numbers.Infinity)
@printed.register(sp.core.numbers.NegativeInfinity)
@printed.register(sp.core.numbers.ComplexInfinity)
@printed.register(sp.core.numbers.NaN)
def _(e: Expr) -> str:
    said = {"pi": "π", "E": "e", "oo": "∞", "-oo": "−∞", "zoo": "∞̃"}.get(str(e), str(e))
    return f"<mi>{said}</mi>"


@printed.register
def _(e: sp.Add) -> str:
    out = []
    for k, term in enumerate(ordered_terms(e)):
        minus = term.could_extract_minus_sign()
        sign = "<mo>−</mo>" if minus else "<mo>+</mo>" if k else ""
        out.append(sign + within(-term if minus else term, ADD + 1))
    return "".join(out)


@printed.register
def _(e: sp.Mul) -> str:
    if e.could_extract_minus_sign() and e.args[0].is_number:
        return f"<mo>−</mo>{within(-e, TIMES)}"
    above, below = [], []
    for factor in e.as_ordered_factors():
        if factor.is_Rational and factor.q != 1:
            above += [sp.Integer(factor.p)] if factor.p != 1 else []
            below.append(sp.Integer(factor.q))
        elif factor.is_Pow and factor.exp.could_extract_minus_sign() and factor.base is not sp.E:
            below.append(factor.base ** (-factor.exp))
        else:
            above.append(factor)
    if not below:
        return _factors(above)
    top, bottom = _side(above), _side(below)
    return f"<mfrac><mrow>{top}</mrow><mrow>{bottom}</mrow></mfrac>"


def _side(factors: list[Expr]) -> str:
    if not factors:
        return "<mn>1</mn>"
    return printed(factors[0]) if len(factors) == 1 else _factors(factors)


def _factors(factors: list[Expr]) -> str:
    out: list[str] = []
    for k, factor in enumerate(factors):
        if k:
            both = factor.is_number and factors[k - 1].is_number
            out.append(
                "<mo>·</mo>" if both else "<mo>&#x2062;</mo>" + _apart(factors[k - 1], factor)
            )
        out.append(within(factor, TIMES if len(factors) > 1 or factor.is_Add else 0))
    return "".join(out)


def _apart(before: Expr, factor: Expr) -> str:
    """A thin space before a function that is a factor, and beside a name of several letters."""
    called = isinstance(factor, (sp.log, sp.Max, sp.Min, sp.LambertW))
    return '<mspace width="0.17em"/>' if called or _is_word(before) or _is_word(factor) else ""


def _is_word(factor: Expr) -> bool:
    base = factor.base if factor.is_Pow else factor
    return bool(base.is_Symbol and re.match(r"<mi[^>]*>[A-Za-z]{2,}</mi>", printed(base)))


def _is_root(e: Expr) -> bool:
    return bool(e.is_Pow and e.exp.is_Rational and e.exp.p == 1 and e.exp.q > 1)


@printed.register
def _(e: sp.Pow) -> str:
    if e.exp.could_extract_minus_sign() and e.base is not sp.E:
        return f"<mfrac><mn>1</mn><mrow>{printed(e.base ** (-e.exp))}</mrow></mfrac>"
    if _is_root(e):
        if e.exp.q == 2:
            return f"<msqrt>{printed(e.base)}</msqrt>"
        return f"<mroot><mrow>{printed(e.base)}</mrow><mn>{e.exp.q}</mn></mroot>"
    return f"<msup><mrow>{within(e.base, POWER)}</mrow><mrow>{printed(e.exp)}</mrow></msup>"


@printed.register
def _(e: sp.exp) -> str:
    return f"<msup><mi>e</mi><mrow>{printed(e.args[0])}</mrow></msup>"


@printed.register
def _(e: sp.Abs) -> str:
    return f"<mrow><mo>|</mo>{printed(e.args[0])}<mo>|</mo></mrow>"


@printed.register
def _(e: sp.Function) -> str:
    return call(escape(e.func.__name__), *map(printed, e.args))


@printed.register
def _(e: sp.Max) -> str:
    return call("max", *sorted(map(printed, e.args)))


@printed.register
def _(e: sp.Min) -> str:
    return call("min", *sorted(map(printed, e.args)))


@printed.register
def _(e: Root) -> str:
    return call("Root", *map(printed, e.args))


@printed.register
def _(e: sp.polys.rootoftools.ComplexRootOf) -> str:
    return call("Root", printed(e.expr), printed(sp.Integer(e.index)))


@printed.register
def _(e: sp.Derivative) -> str:
    above = f"<mo>∂</mo>{printed(e.expr)}"
    return f"<mfrac><mrow>{above}</mrow><mrow><mo>∂</mo>{printed(e.variables[0])}</mrow></mfrac>"


@printed.register(sp.Sum)
@printed.register(sp.Product)
def _(e: sp.Sum) -> str:
    letter = "∑" if isinstance(e, sp.Sum) else "∏"
    ((index, low, high),) = e.limits
    under = f"<mrow>{printed(index)}<mo>=</mo>{printed(low)}</mrow>"
    sign = f"<munderover><mo>{letter}</mo>{under}<mrow>{printed(high)}</mrow></munderover>"
    return f"<mrow>{sign}{within(e.function, TIMES)}</mrow>"


@printed.register
def _(e: sp.Piecewise) -> str:
    rows = []
    for value, test in e.args:
        where = _text("otherwise") if test == sp.true else printed(test)
        rows.append(f"<mtr><mtd>{printed(value)}</mtd><mtd>{where}</mtd></mtr>")
    return f"<mrow><mo>{{</mo><mtable>{''.join(rows)}</mtable></mrow>"


@printed.register
def _(e: Relational) -> str:
    sign = escape(RELATIONS[type(e)])
    return f"{printed(e.lhs)}<mo>{sign}</mo>{printed(e.rhs)}"


@printed.register(sp.And)
@printed.register(sp.Or)
def _(e: sp.And) -> str:
    joint = "∧" if isinstance(e, sp.And) else "∨"
    return f"<mo>{joint}</mo>".join(sorted(map(printed, e.args)))


@printed.register(sp.logic.boolalg.BooleanAtom)
def _(e: object) -> str:
    return _text(str(e))
