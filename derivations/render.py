"""Write the derivation of every model under derivations/ beside it, as Markdown and LaTeX, and the
list of them in the README.

    python derivations/render.py [--check] [MODEL...]

`--check` writes nothing and fails where a file differs.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from alignsym import Derivation, derive, load, solve
from alignsym.present.derivations import derivation_markdown
from alignsym.present.documents import derivation_latex
from alignsym.present.notation import escaped_markdown, formula, region_latex
from alignsym.present.text import OUTCOME_WORDS
from alignsym.solution import Continuum, NoSolution, Solution

ROOT = Path(__file__).resolve().parent
BEGIN, END = "<!-- list, written by render.py -->", "<!-- end of the list -->"
FEW = 3  # more values than this and the first stands for all


def targets(model: Path) -> tuple[Path, Path]:
    """derivation.md and derivation.tex for model.toml, social.md and social.tex for social.toml."""
    name = "derivation" if model.stem == "model" else model.stem
    return model.with_name(f"{name}.md"), model.with_name(f"{name}.tex")


def rendered(told: Derivation) -> tuple[str, str]:
    """The derivation as Markdown, and as a LaTeX document."""
    return derivation_markdown(told) + "\n", derivation_latex(told, standalone=True)


def headline(solution: Solution) -> str:
    """One formula: the values of the first case, and how many more there are."""
    case, *others = solution.cases
    if isinstance(case, NoSolution):
        said = OUTCOME_WORDS[case.outcome]
    elif isinstance(case, Continuum):
        said = f"${region_latex(case.description)}$"
    else:
        shown = case.values if len(case.values) <= FEW else case.values[:1]
        said = "$" + ",\\ ".join(f"{formula(s)} = {formula(e)}" for s, e in shown) + "$"
    where = f" where ${region_latex(case.when)}$" if case.when else ""
    return (
        said
        + where
        + (f", and {len(others)} more cases" if len(others) > 1 else "")
        + (", and one more case" if len(others) == 1 else "")
    )


def row(model: Path, solution: Solution) -> str:
    """The model's line of the list."""
    link = targets(model)[0].relative_to(ROOT).as_posix()
    name = model.relative_to(ROOT).with_suffix("").as_posix()
    title = escaped_markdown(solution.game.title)
    said = headline(solution).replace("|", "\\vert ")
    return f"| [{name}]({link}) | {title} | {said} |"


def listed(readme: str, rows: list[str]) -> str:
    """The README with the list in it renewed."""
    head, _, rest = readme.partition(BEGIN)
    _, _, tail = rest.partition(END)
    table = "\n".join(["| derivation | title | one formula |", "|---|---|---|", *rows])
    return f"{head}{BEGIN}\n{table}\n{END}{tail}"


def main(argv: list[str] | None = None) -> int:
    """Write or compare all of them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("models", nargs="*", type=Path)
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args(argv)
    stale = []
    texts: dict[Path, str] = {}
    rows = []
    for model in [m.resolve() for m in given.models] or sorted(ROOT.rglob("*.toml")):
        solution = solve(load(model))
        texts |= zip(targets(model), rendered(derive(solution)), strict=True)
        rows.append(row(model, solution))
    if not given.models:
        texts[ROOT / "README.md"] = listed((ROOT / "README.md").read_text(), rows)
    for path, text in texts.items():
        if given.check:
            stale += [] if path.exists() and path.read_text() == text else [path]
        else:
            path.write_text(text)
    for path in stale:
        sys.stdout.write(f"differs: {path} (python derivations/render.py)\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
