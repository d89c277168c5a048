"""A second opinion: SMT-LIB 2 scripts decided by cvc5."""

from __future__ import annotations

from typing import Any

MILLISECONDS = 500


def second(script: str, milliseconds: int = MILLISECONDS) -> str:
    """What cvc5 says of the script: sat, unsat or unknown (within its limit)."""
    import cvc5

    solver: Any = cvc5.Solver(cvc5.TermManager())
    # Without a limit some nonlinear questions run for ever.
    solver.setOption("tlimit-per", str(milliseconds))
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, script, "question")
    symbols = parser.getSymbolManager()
    said = ""
    while not (command := parser.nextCommand()).isNull():
        said += str(command.invoke(solver, symbols)).strip()
    if said == '(error "Expected result unsat but got sat")':  # the script's own :status
        return "sat"
    if said.startswith("unknown"):  # with the reason, as TIMEOUT
        return "unknown"
    assert said in ("sat", "unsat", "unknown"), said
    return said
