r"""Every public object as blocks, and blocks as a notebook shows them: HTML, or one formula.

`blocks` has a clause a noun; other packages' objects bring a method `_blocks_`; a step has the
words of `explain`; of any other dataclass the fields are listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from functools import singledispatch

import sympy as sp

from alignsym.claims import Proved, Verdict, word
from alignsym.derivation import Derivation
from alignsym.model.agents import Agent, Family
from alignsym.model.game import Game
from alignsym.model.relations import Interval, Relation
from alignsym.present.blocks import Block, Display, Prose, Table
from alignsym.present.explain import explain
from alignsym.present.latex import mathjax
from alignsym.present.notation import escaped, word_latex
from alignsym.present.page import block_html
from alignsym.present.passages import Formula, Word, formula_of, formulas_of, listed, plain_word
from alignsym.present.phrases import without_solution
from alignsym.present.script import declared, proof, quantities, statement
from alignsym.present.text import OUTCOME_WORDS, concept_in_words
from alignsym.present.words import plain
from alignsym.solution import Continuum, Multipliers, NoSolution, Regime, Solution
from alignsym.steps import Market, Problem

WIDTH = 90  # characters of a line of text in a formula
STYLE = """
.alignsym { max-width: 60em; overflow-x: auto; } .alignsym p { margin: .4em 0; }
.alignsym table { border-collapse: collapse; margin: .5em 0; background: none; }
.alignsym th, .alignsym td { padding: .3em .7em; text-align: left; vertical-align: middle; }
.alignsym table.cases { border-top: 2px solid; border-bottom: 2px solid; }
.alignsym table.cases thead { border-bottom: 1px solid; }
.alignsym table.rows td { padding: .2em 0; } .alignsym td.left { text-align: right; }
.alignsym td.right { padding-left: .3em; }
"""


def fragment(thing: object) -> str:
    """The object's blocks as one `<div>`, well-formed XML.

    >>> print(fragment(Relation(sp.Symbol("a"), "<", sp.Symbol("b"))).split("</style>")[1])
    <p><math><mrow><mi>a</mi></mrow><mo>&lt;</mo><mrow><mi>b</mi></mrow></math></p></div>
    """
    body = "\n".join(block_html(block, None) for block in blocks(thing))
    return f'<div class="alignsym"><style>{STYLE}</style>{body}</div>'


def one_formula(thing: object) -> str:
    r"""The object as one formula that MathJax renders, between dollars.

    >>> one_formula(Interval(sp.S.Zero, sp.Symbol("Q"), open_upper=True))
    '$\\displaystyle \\begin{array}{l} \\text{[} 0 \\text{, } Q \\text{)} \\end{array}$'
    """
    if isinstance(thing, (Game, Solution, Regime, Relation)):
        return mathjax(thing)
    rows = [row for block in blocks(thing) for row in _lines(block)]
    body = " \\\\\n".join(rows)
    return rf"$\displaystyle \begin{{array}}{{l}} {body} \end{{array}}$"


# ------------------------------------------------------------------ objects as blocks
@singledispatch
def blocks(thing: object) -> tuple[Block, ...]:
    """What is shown of an object, in order.  Raises TypeError for what nothing is known of."""
    own = getattr(thing, "_blocks_", None)
    if own is not None:
        return tuple(own())
    if explain.dispatch(type(thing)) is not explain.dispatch(object):
        said = explain(thing)
        return (Prose(said.words), *([Display(said.formulas)] if said.formulas else []))
    if is_dataclass(thing):
        rows = (
            (field.name.replace("_", " "), getattr(thing, field.name)) for field in fields(thing)
        )
        return (Table((), tuple(((name,), in_order(value)) for name, value in rows)),)
    raise TypeError(f"nothing to show of {type(thing).__name__}: give it a method _blocks_")


@blocks.register
def _(thing: Relation) -> tuple[Block, ...]:
    return (Prose((formula_of(thing),)),)


@blocks.register
def _(thing: Interval) -> tuple[Block, ...]:
    return (Prose(in_order(thing)),)


@blocks.register
def _(thing: Agent) -> tuple[Block, ...]:
    if not thing.actions:
        return (Prose((f"{thing.name} chooses nothing, with utility ", thing.objective, ".")),)
    actions = tuple((a.symbol, a.interval) for a in thing.actions)
    own = tuple((c.name, c.relation) for c in thing.constraints)
    return blocks(Problem(thing.name, thing.objective, thing.loss, actions, own))


@blocks.register
def _(thing: Family) -> tuple[Block, ...]:
    size = Prose((thing.index, " = 1, ..., ", thing.size, "."))
    if thing.objective is None:
        return (size,)
    actions = tuple((a.symbol, a.interval) for a in thing.actions)
    own = tuple((c.name, c.relation) for c in thing.constraints)
    asked = Problem(f"each {thing.index}", thing.objective, thing.loss, actions, own)
    return (*blocks(asked), size)


@blocks.register
def _(thing: Game) -> tuple[Block, ...]:
    out: list[Block] = [Prose((), plain(thing.title))] if thing.title else []
    for one in (*thing.agents, *thing.families):
        out += blocks(one)
    for price in thing.prices:
        out += blocks(Market(price.symbol, price.clearing, price.symbol == thing.numeraire))
    for constraint in thing.shared:
        relation = formula_of(constraint.relation)
        out.append(Prose(("All are subject to ", relation, f" ({constraint.name}).")))
    for name, rows in (("Weights", thing.weights), ("Disagreement", thing.disagreement)):
        if rows:
            out.append(Prose((f"{name}: ", *_named(rows), ".")))
    if thing.domain():
        out.append(Prose(("For all ", *declared(thing), ".")))
    return tuple(out)


@blocks.register
def _(thing: Solution) -> tuple[Block, ...]:
    return (*_title(thing), *statement(thing), *_verdict(thing))


@blocks.register(Regime)
@blocks.register(Continuum)
@blocks.register(NoSolution)
def _(thing: Regime | Continuum | NoSolution) -> tuple[Block, ...]:
    where = ("Where ", *listed(formulas_of(thing.when))) if thing.when else ("Always",)
    if isinstance(thing, NoSolution):
        said = without_solution(OUTCOME_WORDS[thing.outcome], thing.reason)
        return (Prose((*where, f", {said}.")),)
    rows = [Formula((label, "=", value)) for label, value in quantities(thing)]
    said = ":"
    if isinstance(thing, Continuum):
        rows, said = [*formulas_of(thing.relations), *rows], ", all points with"
    return (
        Prose((*where, said)),
        Display(tuple(rows)),
        Prose((f"A solution: {_how(thing.status)}.",)),
    )


@blocks.register
def _(thing: Multipliers) -> tuple[Block, ...]:
    return (Prose(tuple(_named(thing.items())) or ("no shadow prices",)),)


@blocks.register
def _(thing: Derivation) -> tuple[Block, ...]:
    solution = thing.solution
    return (*_title(solution), *statement(solution), Prose((), "Derivation."), *proof(thing),
            *_verdict(solution))  # fmt: skip


def _title(solution: Solution) -> tuple[Block, ...]:
    title = plain(solution.game.title)
    return (Prose((), title),) if title and title != concept_in_words(solution) else ()


def _verdict(solution: Solution) -> tuple[Block, ...]:
    """One word where all is proved, else what is not, and why."""
    if isinstance(solution.proof, Proved) or not solution.cases:
        return (Prose((f"Verdict: {word(solution.proof)}.",)),)
    said: dict[str, None] = {}
    for case in solution.cases:
        said[f"a solution: {_how(case.status)}"] = None
        if not isinstance(case, NoSolution):
            said[f"no other solution: {_how(case.exhaustive)}"] = None
    said[f"covers all declared parameters: {_how(solution.coverage)}"] = None
    return (Prose((f"Verdict: {word(solution.proof)}; {'; '.join(said)}.",)),)


def _how(verdict: Verdict) -> str:
    return explain(verdict).sentence


def _named(pairs: Iterable[tuple[str, sp.Expr]]) -> Iterator[Word]:
    """Names with their expressions, commas between."""
    for k, (name, value) in enumerate(pairs):
        yield from ((", " if k else "") + f"{name} ", value)


def in_order(value: object) -> tuple[Word, ...]:
    """Anything a field may hold, as words and formulas."""
    if isinstance(value, (Formula, sp.Expr)):
        return (value,)
    if isinstance(value, Relation):
        return (formula_of(value),)
    if isinstance(value, Interval):
        low = "(" if value.open_lower or value.lower == -sp.oo else "["
        high = ")" if value.open_upper or value.upper == sp.oo else "]"
        return (Formula((low, value.lower, ", ", value.upper, high)),)
    if isinstance(value, Verdict):
        return (_how(value),)
    if value is None or value == ():
        return ("none",)
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    if isinstance(value, (str, int, float, sp.Basic)):
        return (str(value),)
    if isinstance(value, tuple):
        out: list[Word] = []
        for k, one in enumerate(value):
            out += [", "] * bool(k) + list(in_order(one))
        return tuple(out)
    inner = [block for block in blocks(value) if isinstance(block, Prose)]
    return tuple(w for block in inner for w in block.words) or (type(value).__name__,)


# ------------------------------------------------------------------ blocks as lines of a formula
def _lines(block: Block) -> Iterator[str]:
    if isinstance(block, Prose):
        title = rf"\textbf{{{escaped(block.title)}}}\ " if block.title else ""
        said = list(_wrapped(block.words))
        yield from [title + said[0], *said[1:]] if said else [title]
    elif isinstance(block, Display):
        for row in block.rows:
            yield r"\quad " + word_latex(row)
    else:
        width = max(map(len, (block.head, *block.rows)))
        lines = [" & ".join(_cell(cell) for cell in row) for row in block.rows]
        head = " & ".join(_cell(cell) for cell in block.head)
        body = " \\\\\n".join(lines)
        over = f"{head} \\\\ \\hline\n" if block.head else ""
        yield rf"\begin{{array}}{{{'l' * width}}} {over}{body} \end{{array}}"


def _cell(words: Iterable[Word]) -> str:
    return " ".join(_piece(w) for w in words)


def _piece(one: Word) -> str:
    return rf"\text{{{escaped(one)}}}" if isinstance(one, str) else word_latex(one)


def _wrapped(words: Iterable[Word]) -> Iterator[str]:
    """The words in lines of about `WIDTH` characters."""
    line, length = "", 0
    for one in words:
        pieces: list[Word] = list(re.findall(r"\S+\s*|\s+", one)) if isinstance(one, str) else [one]
        texts: list[str] = []
        for piece in pieces:
            size = len(plain_word(piece))
            if length and length + size > WIDTH:
                yield line + _joined(texts)
                line, length, texts = "", 0, []
            length += size
            if isinstance(piece, str):
                texts.append(piece)
            else:
                line += _piece(piece) + " "
        line += _joined(texts)
    if line:
        yield line.strip()


def _joined(texts: list[str]) -> str:
    return rf"\text{{{escaped(''.join(texts))}}} " if texts else ""


__all__ = ["blocks", "fragment", "in_order", "one_formula"]
