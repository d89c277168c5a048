r"""LaTeX for solutions, games, regimes, relations and expressions.

`latex` gives a fragment for documents with amsmath and booktabs (`standalone=True`: a whole
document); `mathjax` gives one formula for notebooks, without booktabs.  One case is a block of
equations; several are a table with a row a case, or blocks where the table would be too wide.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import singledispatch

from alignsym.claims import word
from alignsym.model.game import Action, Agent, Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.present.active import latex_names, with_active_sets
from alignsym.present.notation import escaped, formula, region_latex, symbol_latex
from alignsym.present.text import OUTCOME_WORDS, concept_in_words, occurrences
from alignsym.present.words import in_words, members_named, tidy
from alignsym.solution import Case, Continuum, NoSolution, Regime, Solution

BETWEEN = 1  # columns: what separates them
TABLE_WIDTH = 88  # characters of all columns as plain text: what fits a page in the usual sizes

PREAMBLE = (
    "\\documentclass{article}\n\\usepackage[utf8]{inputenc}\n\\usepackage[T1]{fontenc}\n"
    "\\usepackage{amsmath,booktabs}\n\\begin{document}\n\n"
)


def latex(thing: object, *, standalone: bool = False) -> str:
    r"""LaTeX of a Solution, Game, Regime, Relation or SymPy expression.

    Solutions and games are fragments of text and displays, the others formulas without dollars.
    `standalone` puts the fragment into a document that compiles as it is.

    >>> import sympy as sp
    >>> latex(sp.Symbol("lam1") / sp.Symbol("wage"))
    '\\frac{\\lambda_{1}}{\\mathrm{wage}}'
    """
    said = _latex(thing)
    if not standalone:
        return said
    body = said if isinstance(thing, (Solution, Game)) else f"\\[ {said} \\]"
    return f"{PREAMBLE}{body}\n\n\\end{{document}}\n"


def mathjax(thing: object) -> str:
    r"""One formula that MathJax renders, between dollars: what notebooks show.

    >>> import sympy as sp
    >>> mathjax(Relation(sp.Symbol("x_a"), "<=", sp.Symbol("q")))
    '$\\displaystyle x_{a} \\le q$'
    """
    if isinstance(thing, Solution):
        return f"$\\displaystyle {_solution_formula(thing)}$"
    if isinstance(thing, Game):
        return f"$\\displaystyle {_array('rl', _game_rows(thing))}$"
    return f"$\\displaystyle {_latex(thing)}$"


@singledispatch
def _latex(thing: object) -> str:
    return formula(thing)


@_latex.register
def _(thing: Relation) -> str:
    return region_latex((thing,))


@_latex.register
def _(thing: Regime) -> str:
    rows = [f"{label} &= {_latex(value)}" for label, value in _quantities(thing)]
    place = rf" \quad \text{{where }} {region_latex(thing.when)}" if thing.when else ""
    return _environment("aligned", rows) + place


@_latex.register
def _(thing: Game) -> str:
    title = rf"\noindent\textbf{{{escaped(thing.title)}}}" + "\n" if thing.title else ""
    rows = [rf"{left} &\quad {right}" for left, right in _game_rows(thing)]
    return title + _environment("align*", rows)


@_latex.register
def _(thing: Solution) -> str:
    title = rf"\textbf{{{escaped(thing.game.title)}}}. " if thing.game.title else ""
    said = cases_latex(thing)
    if not thing.cases:
        return rf"\noindent {title}{said}\par"
    return rf"\noindent {title}{said}" + "\n" + rf"\noindent Verdict: {word(thing.proof)}.\par"


def cases_latex(solution: Solution) -> str:
    """The concept, then the closed forms: a block, a table, or a block a case."""
    solution, sets = with_active_sets(solution, "zz")
    if not sets:
        return _cases(solution)
    with latex_names(sets):
        said = _cases(solution)
    named = "; ".join(f"${s.in_latex()}$" for s in sets)
    return "\n".join([said, rf"\noindent Here {named}.\par"])


def _cases(solution: Solution) -> str:
    head = concept_in_words(solution)
    if not solution.cases:
        return f"{head}: unknown ({escaped(solution.reason)})."
    only = solution.cases[0] if len(solution.cases) == 1 else None
    if only is not None:
        return "\n".join([f"{head}{_everywhere(solution, only)}:", _block(only, solution.game)])
    if fits(solution):
        return "\n".join([f"{head}{_parameters(solution.game)}:", _table(solution)])
    lines = [f"{head}{_parameters(solution.game)}."]
    for number, (case, which) in enumerate(occurrences(solution), start=1):
        where = f"Where ${region_latex(case.when)}${_every(solution.game, case.when)}"
        where = where if case.when else which[:1].upper() + which[1:] or "Always"
        where += f", {which}" if case.when and which else ""
        lines += [rf"\par\noindent {number}. {where}:", _block(case, solution.game)]
    return "\n".join(lines)


def _everywhere(solution: Solution, case: Case) -> str:
    if not case.when:
        return _parameters(solution.game)
    return f", where ${region_latex(case.when)}${_every(solution.game, case.when)}"


def _every(game: Game, region: Region) -> str:
    """A condition on a member's data is meant for every member."""
    named = members_named(game, region)
    return " for every " + " and ".join(f"${i}$" for i in named) if named else ""


def _parameters(game: Game) -> str:
    """What is declared of the parameters; a size is a whole number from its lowest value on."""
    domain = list(tidy(game.domain()))
    sizes = []
    for symbol in (p.symbol for p in game.parameters if p.integer):
        lows = [r for r in domain if r.left == symbol and r.operator == ">=" and r.right.is_number]
        domain = [r for r in domain if r not in lows]
        low = max((r.right for r in lows), default=1)
        sizes.append(rf"{formula(symbol)} \ge {formula(low)}")
    said = [f"integers ${', '.join(sizes)}$"] if sizes else []
    said += [("all " if sizes else "") + f"${region_latex(tuple(domain))}$"] if domain else []
    return ", for all " + " and ".join(said) if said else ""


def _range(game: Game, case: Case) -> dict[str, str]:
    """What is said after a member's row: i = 1, ..., n."""
    if isinstance(case, NoSolution):
        return {}
    out = {}
    for family in game.families:
        said = rf", & {formula(family.index)} &= 1, \ldots, {formula(family.size)}"
        out[f"U_{{{symbol_latex(str(family.index))}}}"] = said
        for symbol, _ in case.values:
            if family.index in symbol.free_symbols:
                out[_latex(symbol)] = said
    return out


def _block(case: Case, game: Game) -> str:
    """The display of one case."""
    if isinstance(case, NoSolution):
        because = f": {case.reason}" if case.reason else ""
        return rf"\[ \text{{{escaped(OUTCOME_WORDS[case.outcome] + because)}}} \]"
    after = _range(game, case)
    rows = [
        f"{label} &= {_latex(value)}{after.get(label, '')}"
        for label, value in _quantities(case, game)
    ]
    if isinstance(case, Continuum):
        rows = [rf"& {region_latex(case.relations)}", *rows]
    return _environment("align*", rows)


def _quantities(case: Case, game: Game | None = None) -> list[tuple[str, Expr]]:
    """Label and expression: values, multipliers (nu those of equalities), the objective, utilities
    that differ from it."""
    if isinstance(case, NoSolution):
        return []
    rows = [(_latex(symbol), value) for symbol, value in case.values]
    equal = {c.name for c in game.constraints if c.relation.is_equality} if game else set()
    for name, price in case.multipliers:
        rows.append(
            (rf"{chr(92)}{'nu' if name in equal else 'mu'}_{{{symbol_latex(name)}}}", price)
        )
    if case.value is not None:
        rows.append(("V", case.value))
    if isinstance(case, Regime):
        pairs = [(n, u) for n, u in case.utilities if u != case.value]
        rows += [(f"U_{{{symbol_latex(name)}}}", utility) for name, utility in pairs]
    return rows


def _grid(solution: Solution) -> tuple[list[str], list[list[Expr | str]]]:
    """Column labels and the cells of every case; a case without such a value has text or a dash."""
    labels = list(dict.fromkeys(
        label for case in solution.cases for label, _ in _quantities(case, solution.game)
        if not label.startswith("U_")
    ))  # fmt: skip
    rows: list[list[Expr | str]] = []
    for case in solution.cases:
        known: dict[str, Expr] = dict(_quantities(case, solution.game))
        cells: list[Expr | str] = [known.get(label, "--") for label in labels]
        if isinstance(case, NoSolution) and cells:
            cells[0] = OUTCOME_WORDS[case.outcome]
        rows.append(cells)
    return labels, rows


def fits(solution: Solution) -> bool:
    """Whether the table of cases fits a page."""
    labels, rows = _grid(solution)
    if not labels or any(isinstance(case, Continuum) for case in solution.cases):
        return False
    table = [
        [
            " and ".join(map(str, case.when)),
            *(c if isinstance(c, str) else in_words(c) for c in row),
        ]
        for case, row in zip(solution.cases, rows, strict=True)
    ]
    heads = ["where", *(re.sub(r"\\[a-z]+|[{}_]", "", label) for label in labels)]
    columns = zip(heads, *table, strict=True)
    return sum(max(map(len, column)) + BETWEEN for column in columns) <= TABLE_WIDTH


def _table(solution: Solution) -> str:
    """A booktabs table, a row a case."""
    labels, rows = _grid(solution)
    head = " & ".join(["where", *(f"${label}$" for label in labels)]) + r" \\"
    lines = [
        r"\begin{center}", r"\renewcommand{\arraystretch}{1.9}",
        rf"\begin{{tabular}}{{l{'l' * len(labels)}}}", r"\toprule", head, r"\midrule",
    ]  # fmt: skip
    for (case, which), row in zip(occurrences(solution), rows, strict=True):
        where = f"$\\displaystyle {region_latex(case.when)}$" if case.when else which or "always"
        where += f", {which}" if case.when and which else ""
        cells = (c if isinstance(c, str) else f"$\\displaystyle {_latex(c)}$" for c in row)
        lines.append(" & ".join([where, *cells]) + r" \\")
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}", r"\end{center}"])


def _solution_formula(solution: Solution) -> str:
    """The whole answer as one array: equations of the only case, or a row a case under a head."""
    if not solution.cases:
        return rf"\text{{unknown: {escaped(solution.reason)}}}"
    if len(solution.cases) == 1:
        case = solution.cases[0]
        if isinstance(case, NoSolution):
            return rf"\text{{{OUTCOME_WORDS[case.outcome]}}}{_place_formula(solution, case)}"
        named = _quantities(case, solution.game)
        rows = [(label, f"= {_latex(value)}") for label, value in named]
        if isinstance(case, Continuum):
            rows = [("", region_latex(case.relations)), *rows]
        return _array("rl", rows) + _place_formula(solution, case)
    labels, grid = _grid(solution)
    lines = [("", *labels)]
    for case, row in zip(solution.cases, grid, strict=True):
        cells = (rf"\text{{{c}}}" if isinstance(c, str) else _latex(c) for c in row)
        where = region_latex(case.when)
        if isinstance(case, Continuum):
            where += rf"\ \text{{(set: }} {region_latex(case.relations)}\text{{)}}"
        lines.append((where, *cells))
    return _array("l|" + "l" * len(labels), lines).replace(r" \\[1ex]", r" \\ \hline", 1)


def _place_formula(solution: Solution, case: Case) -> str:
    if case.when:
        return rf" \quad \text{{where }} {region_latex(case.when)}"
    domain = tidy(solution.game.domain())
    return rf" \quad \text{{for all }} {region_latex(domain)}" if domain else ""


def _game_rows(game: Game) -> list[tuple[str, str]]:
    rows = [row for agent in game.agents for row in _agent_rows(agent)]
    for price in game.prices:
        rows.append((rf"\text{{price }} {formula(price.symbol)}\text{{:}}", _latex(price.clearing)))
    for constraint in game.shared:
        name = rf"\text{{shared, {escaped(constraint.name)}:}}"
        rows.append((name, _latex(constraint.relation)))
    for family in game.families:
        index, size = _latex(family.index), _latex(family.size)
        said = rf"{index} = 1, \ldots, {size}"
        if family.objective is not None:
            said = _optimise(family.actions, family.objective, family.loss) + r" \quad " + said
        rows.append((r"\text{each:}", said))
    return rows


def _agent_rows(agent: Agent) -> list[tuple[str, str]]:
    name = rf"\text{{{escaped(agent.name)}:}}"
    rows = [(name, _optimise(agent.actions, agent.objective, agent.loss))]
    rows += [
        ("", rf"\text{{subject to }} {_latex(c.relation)} \quad (\text{{{escaped(c.name)}}})")
        for c in agent.constraints
    ]
    return rows


def _optimise(actions: tuple[Action, ...], objective: Expr, loss: bool) -> str:
    if not actions:
        return _latex(objective)
    choice = ",\\, ".join(
        region_latex(a.interval.contains(a.symbol)) or formula(a.symbol) for a in actions
    )
    return rf"{chr(92)}{'min' if loss else 'max'}_{{{choice}}}\ {_latex(objective)}"


def _environment(name: str, rows: list[str]) -> str:
    return "\n".join([rf"\begin{{{name}}}", " \\\\\n".join(rows), rf"\end{{{name}}}"])


def _array(columns: str, rows: Sequence[tuple[str, ...]]) -> str:
    body = r" \\[1ex] ".join(" & ".join(row) for row in rows)
    return rf"\begin{{array}}{{{columns}}} {body} \end{{array}}"


__all__ = ["latex", "mathjax"]
