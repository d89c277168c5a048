"""Write tests/golden/answers.txt anew: `python tests/golden/update.py`, then read the difference.

Forty answers of the corpus as `print(solution)` shows them, seconds left out.
"""

from __future__ import annotations

import re
from pathlib import Path

from alignsym import load, solve

HERE = Path(__file__).parent
CORPUS = HERE.parent / "corpus"
NAMES = (
    "asked/devsolus_lagrange_parametric", "asked/mathgroup_sign_of_y_multipliers",
    "asked/mse245506_buyer", "asked/waterfilling_2_unordered", "asked/waterfilling_3_ordered",
    "asked/working_capital_sqrt", "external/docs_qa/butenko_pardalos_kkt",
    "external/docs_qa/parametric_unbounded", "external/docs_qa/wolfram_hyperbola_continuum",
    "external/hock_schittkowski/hs024", "external/hock_schittkowski/hs036",
    "external/multiparametric/bbm_one_parameter", "external/walras/samuelson_public_good",
    "seed/war_social", "textbook/bargaining/maxmin_min", "textbook/consumer/cobb_douglas_3",
    "textbook/consumer/hicks_cobb_douglas", "textbook/consumer/leontief",
    "textbook/consumer/log_3_weights", "textbook/consumer/perfect_substitutes",
    "textbook/consumer/quasilinear_log", "textbook/consumer/rationing",
    "textbook/consumer/stone_geary_corner", "textbook/games/team_complements_social",
    "textbook/optimisation/bv_4_1c", "textbook/optimisation/distance_parabola",
    "textbook/optimisation/fritz_john_cusp", "textbook/optimisation/infeasible_interval",
    "textbook/optimisation/least_norm", "textbook/optimisation/linear_on_disc",
    "textbook/optimisation/logit_monopoly", "textbook/optimisation/lp_objective_regimes",
    "textbook/optimisation/shortest_path_mirror", "textbook/optimisation/weighted_two_points",
    "textbook/producer/capacity", "textbook/producer/monopoly_elastic",
    "textbook/producer/price_discrimination", "textbook/producer/profit_cobb_douglas",
    "textbook/sharing/weighted_log_social", "textbook/symbolic_n/softmax_n",
)  # fmt: skip


def shown(name: str) -> str:
    """One answer as the golden file has it."""
    text = str(solve(load(CORPUS / f"{name}.toml")))
    return f"# {name}\n" + re.sub(r"\nsolved in .* s$", "", text.strip()) + "\n"


if __name__ == "__main__":
    (HERE / "answers.txt").write_text("\n".join(map(shown, NAMES)))
