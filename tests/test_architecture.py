"""The house rules of ARCHITECTURE, read from the syntax tree of every module.

Each rule is a generator of complaints about one parsed module; each is shown to catch a violation.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "alignsym"

NOUNS = {"errors", "model", "claims", "steps", "solution", "derivation"}
ALLOWED: dict[str, set[str]] = {
    "errors": set(),
    "model": {"errors"},
    "claims": NOUNS,
    "steps": NOUNS,
    "solution": NOUNS,
    "derivation": NOUNS,
    "isolation": {"errors"},
    "logic": NOUNS,
    "conditions": {"errors", "model", "steps", "logic"},
    "solving": NOUNS | {"logic", "conditions"},
    "verify": NOUNS | {"logic"},
    "rays": NOUNS | {"verify"},  # prices up to scale
    # a person's claims, without the solver
    "checking": NOUNS | {"logic", "verify", "present"},
    "turns": NOUNS
    | {"logic", "solving", "verify"},  # one mover's program, the later replies foreseen
    "induction": NOUNS | {"turns", "logic", "conditions", "solving", "verify"},
    "plays": NOUNS | {"turns", "induction", "logic", "solving", "verify"},  # as regimes
    "pieces": NOUNS | {"logic", "solving"},  # piecewise utilities, piece by piece
    "rivals": NOUNS | {"pieces", "logic", "solving", "verify"},  # what every piece offers
    "suprema": NOUNS | {"rivals", "logic", "conditions", "solving"},  # neared and not attained
    "cases": NOUNS | {"pieces", "rivals", "suprema", "logic", "conditions", "solving", "verify"},
    "activity": NOUNS | {"logic", "conditions", "solving", "verify"},  # some of n at their bound
    "numeraire": NOUNS | {"logic", "verify"},  # of n traders
    "families": NOUNS
    | {"activity", "numeraire", "logic", "conditions", "solving", "verify"},  # n members by one
    "followers": NOUNS | {"logic", "solving", "verify", "families"},  # a leader before n members
    "equilibria": NOUNS | {"logic", "conditions", "solving", "verify"},  # several and sets of them
    "examined": NOUNS | {"logic", "conditions", "solving", "verify"},  # candidates and verdicts
    "closing": NOUNS | {"logic", "solving", "verify", "examined"},  # ends of intervals
    "answer": NOUNS
    | {
        "turns",
        "induction",
        "plays",
        "pieces",
        "rivals",
        "suprema",
        "cases",
        "families",
        "followers",
    }
    | {"closing", "equilibria", "examined", "rays"}
    | {"logic", "conditions", "solving", "verify"},  # the one function `solve`
    "alignment": NOUNS
    | {"logic", "conditions", "solving", "verify", "families", "answer", "present"},
    # The way to a solution, told after it is found.
    "deriving": NOUNS | {"pieces", "logic", "conditions", "solving", "verify"},
    "present": NOUNS,
    "plotting": NOUNS | {"verify", "answer", "present", "alignment"},
    # Questions about a game that are answered by several programs.
    "games": NOUNS
    | {"logic", "conditions", "solving", "verify", "cases", "induction", "examined"}
    | {"answer", "present"},
    # What is true of an answer, regime by regime.
    "propositions": NOUNS | {"logic", "solving", "verify", "checking", "present"},
    # An answer written down with what the checker, not the solver, shows of it.
    "certifying": NOUNS | {"logic", "verify", "checking", "answer"},
    # For users' own tests.
    "testing": NOUNS | {"logic", "verify", "checking"},
    # Named programs for the prompt: they solve, decide identities, and show themselves.
    "theory": NOUNS | {"logic", "solving", "verify", "answer", "present"},
}
FACES = {"cli", "commands", "prompt", "__init__", "__main__"}
EXCEPTIONS: dict[str, set[str]] = {
    "alignsym.model.files": {"solution", "claims"},  # a solution as JSON
    "alignsym.model.output": {"solution", "claims"},
}
BANNED_NAMES = {"utils", "util", "helpers", "common", "misc", "core", "base"}
LONGEST = 350


@dataclass(frozen=True)
class Module:
    """A module's dotted name, text and syntax tree, with the parent of every node."""

    name: str
    text: str
    tree: ast.Module
    parents: dict[ast.AST, ast.AST]

    @property
    def layer(self) -> str:
        """The first part of the name below the package."""
        parts = self.name.split(".")
        return parts[1] if len(parts) > 1 else "__init__"

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around a node, from the inside."""
        while node in self.parents:
            node = self.parents[node]
            yield node


def parsed(name: str, text: str) -> Module:
    tree = ast.parse(text)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    return Module(name, text, tree, parents)


@cache
def modules() -> list[Module]:
    out = []
    for file in sorted((ROOT / PACKAGE).rglob("*.py")):
        parts = file.relative_to(ROOT).with_suffix("").parts
        parts = parts[:-1] if parts[-1] == "__init__" else parts
        out.append(parsed(".".join(parts), file.read_text()))
    return out


def imports(module: Module) -> Iterator[tuple[str, ast.stmt]]:
    """Every imported module's dotted name (`from a import b` gives a and a.b)."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node
        elif isinstance(node, ast.ImportFrom):
            yield ("." * node.level) + (node.module or ""), node
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node


def called(node: ast.AST) -> str:
    """The last name of what is called: `simplify` of sp.simplify(x)."""
    if isinstance(node, ast.Call):
        match node.func:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                return name
    return ""


# ------------------------------------------------------------------ the rules
def layers(module: Module) -> Iterator[str]:
    if module.layer in FACES:
        return
    if module.layer not in ALLOWED:
        yield f"{module.name}: no layer {module.layer!r} in the architecture"
        return
    allowed = ALLOWED[module.layer] | {module.layer} | EXCEPTIONS.get(module.name, set())
    for name, node in imports(module):
        if name.startswith("."):
            yield f"{module.name}:{node.lineno}: relative import"
        if name == PACKAGE and isinstance(node, ast.Import):
            yield f"{module.name}:{node.lineno}: imports the facade"
        parts = name.split(".")
        if parts[0] == PACKAGE and len(parts) > 1 and parts[1] not in allowed | {"__version__"}:
            yield f"{module.name}:{node.lineno}: {module.layer} imports {parts[1]}"


def one_door_to_z3(module: Module) -> Iterator[str]:
    for name, node in imports(module):
        if name.split(".")[0] != "z3" or module.layer == "logic":
            continue
        local = any(isinstance(a, ast.FunctionDef) for a in module.ancestors(node))
        if not (module.layer == "model" and local):
            yield f"{module.name}:{node.lineno}: imports z3"


def nothing_is_executed(module: Module) -> Iterator[str]:
    for name, node in imports(module):
        if name.split(".")[-1] in ("sympify", "parse_expr"):
            yield f"{module.name}:{node.lineno}: imports {name}"
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id in ("eval", "exec"):
            yield f"{module.name}:{node.lineno}: {node.func.id}"
        if called(node) in ("sympify", "parse_expr"):
            yield f"{module.name}:{node.lineno}: {called(node)}"
        text = node.args and (
            isinstance(node.args[0], ast.JoinedStr)
            or (isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str))
        )
        if called(node) == "S" and text:
            yield f"{module.name}:{node.lineno}: S of a text"


LOOPS = (ast.For, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def no_simplify(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if called(node) == "simplify" and (
            module.layer in ("verify", "logic")
            or any(isinstance(a, LOOPS) for a in module.ancestors(node))
        ):
            yield f"{module.name}:{node.lineno}: simplify in {module.layer} or in a loop"


def the_checker_solves_nothing(module: Module) -> Iterator[str]:
    if module.layer != "verify":
        return
    for node in ast.walk(module.tree):
        if called(node) in ("solve", "nsolve", "solveset", "ask", "refine"):
            yield f"{module.name}:{node.lineno}: {called(node)} in verify"


def no_print(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if named and called(node) == "print" and module.layer != "cli":
            yield f"{module.name}:{node.lineno}: print"


def no_swallowed_errors(module: Module) -> Iterator[str]:
    if module.layer == "cli":
        return
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.ExceptHandler):
            continue
        kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        broad = any(
            isinstance(k, ast.Name) and k.id in ("Exception", "BaseException") for k in kinds
        )
        raises = any(isinstance(n, ast.Raise) for n in ast.walk(node))
        if node.type is None or (broad and not raises):
            yield f"{module.name}:{node.lineno}: catches everything"


def short_files(module: Module) -> Iterator[str]:
    length = len(module.text.splitlines())
    if length > LONGEST:
        yield f"{module.name}: {length} lines"


def named_ideas(module: Module) -> Iterator[str]:
    for part in module.name.split("."):
        if part in BANNED_NAMES:
            yield f"{module.name}: a module called {part}"


def exact_numbers(module: Module) -> Iterator[str]:
    """No floats in what is said and what is true; a time limit may be one."""
    if module.layer not in ("model", "logic"):
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            around: ast.AST = node
            for ancestor in module.ancestors(node):
                if isinstance(ancestor, ast.stmt) and hasattr(ancestor, "body"):
                    break
                around = ancestor
                if isinstance(ancestor, ast.stmt):
                    break
            words = ast.unparse(around).lower()
            if "second" not in words and "timeout" not in words:
                yield f"{module.name}:{node.lineno}: floating-point number {node.value}"


RULES: tuple[Callable[[Module], Iterator[str]], ...] = (
    layers,
    one_door_to_z3,
    nothing_is_executed,
    no_simplify,
    the_checker_solves_nothing,
    no_print,
    no_swallowed_errors,
    short_files,
    named_ideas,
    exact_numbers,
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_package_keeps_the_rule(rule: Callable[[Module], Iterator[str]]) -> None:
    complaints = [complaint for module in modules() for complaint in rule(module)]
    assert not complaints, "\n".join(complaints)


VIOLATIONS = [
    (layers, "alignsym.verify.x", "from alignsym.solving.partition import partition"),
    (layers, "alignsym.verify.x", "from alignsym.answer import solve"),
    (layers, "alignsym.verify.x", "from alignsym.conditions.kkt import lagrangian"),
    (layers, "alignsym.verify.x", "from alignsym import solve"),
    (layers, "alignsym.model.x", "def f():\n    import alignsym.logic.normal"),
    (layers, "alignsym.model.x", "from alignsym.solution import Solution"),
    (layers, "alignsym.present.x", "from alignsym.logic import decide"),
    (layers, "alignsym.logic.x", "from alignsym.conditions import system"),
    (layers, "alignsym.solving.partition", "from alignsym.verify import numbers"),
    (layers, "alignsym.answer", "from alignsym.present import text"),
    (layers, "alignsym.conditions.x", "from .kkt import f"),
    (layers, "alignsym.extras.x", ""),
    (one_door_to_z3, "alignsym.solving.x", "import z3"),
    (one_door_to_z3, "alignsym.model.x", "import z3"),
    (one_door_to_z3, "alignsym.verify.x", "def f():\n    from z3 import Solver"),
    (nothing_is_executed, "alignsym.model.x", "sp.sympify('x')"),
    (nothing_is_executed, "alignsym.model.x", "from sympy.parsing.sympy_parser import parse_expr"),
    (nothing_is_executed, "alignsym.cli", "eval('1')"),
    (nothing_is_executed, "alignsym.cli", "exec('1')"),
    (nothing_is_executed, "alignsym.solving.x", "sp.S('x + 1')"),
    (nothing_is_executed, "alignsym.solving.x", "S(f'{x}')"),
    (no_simplify, "alignsym.verify.x", "sp.simplify(e)"),
    (no_simplify, "alignsym.logic.x", "e.simplify()"),
    (no_simplify, "alignsym.solving.x", "for e in es:\n    simplify(e)"),
    (no_simplify, "alignsym.solving.x", "a = [sp.simplify(e) for e in es]"),
    (the_checker_solves_nothing, "alignsym.verify.x", "sp.solve(e, x)"),
    (the_checker_solves_nothing, "alignsym.verify.x", "sp.ask(sp.Q.positive(x))"),
    (the_checker_solves_nothing, "alignsym.verify.x", "e.refine()"),
    (no_print, "alignsym.solving.x", "print('here')"),
    (no_swallowed_errors, "alignsym.solving.x", "try:\n    f()\nexcept:\n    pass"),
    (no_swallowed_errors, "alignsym.solving.x", "try:\n    f()\nexcept Exception:\n    pass"),
    (no_swallowed_errors, "alignsym.x", "try:\n    f()\nexcept (KeyError, Exception):\n    pass"),
    (short_files, "alignsym.solving.x", "x = 1\n" * 351),
    (named_ideas, "alignsym.solving.utils", ""),
    (named_ideas, "alignsym.core.x", ""),
    (exact_numbers, "alignsym.model.x", "half = 0.5"),
    (exact_numbers, "alignsym.logic.x", "def f(seconds):\n    return g(1e-9)"),
]


@pytest.mark.parametrize(("rule", "name", "text"), VIOLATIONS)
def test_a_violation_is_caught(
    rule: Callable[[Module], Iterator[str]], name: str, text: str
) -> None:
    assert list(rule(parsed(name, text)))


PERMITTED = [
    (layers, "alignsym.answer", "from alignsym.verify import numbers"),
    (layers, "alignsym.cli", "from alignsym.answer import solve"),
    (layers, "alignsym.verify.x", "from alignsym.logic.decide import implies"),
    (one_door_to_z3, "alignsym.logic.x", "import z3"),
    (one_door_to_z3, "alignsym.model.x", "def f():\n    import z3"),
    (nothing_is_executed, "alignsym.model.x", "ast.parse(text, mode='eval'); sp.S(1)"),
    (no_simplify, "alignsym.solving.x", "sp.simplify(e)"),
    (no_print, "alignsym.cli", "print('here')"),
    (no_swallowed_errors, "alignsym.x", "try:\n    f()\nexcept Exception:\n    raise"),
    (exact_numbers, "alignsym.logic.x", "DECISION_SECONDS = 0.5"),
    (exact_numbers, "alignsym.logic.x", "def f(seconds=0.5):\n    pass"),
]


@pytest.mark.parametrize(("rule", "name", "text"), PERMITTED)
def test_what_is_permitted_passes(
    rule: Callable[[Module], Iterator[str]], name: str, text: str
) -> None:
    assert not list(rule(parsed(name, text)))
