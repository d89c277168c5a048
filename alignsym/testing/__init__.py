"""For tests of one's own derivations: assertions with exact counterexamples, and strategies.

    from alignsym.testing import assert_proved, parameter_points

The strategies need Hypothesis (`pip install "alignsym[testing]"`), the assertions do not.
"""

from alignsym.testing.assertions import assert_not_refuted, assert_proved, assert_solution
from alignsym.testing.strategies import economies, oligopolies, parameter_points, programs

__all__ = [
    "assert_not_refuted", "assert_proved", "assert_solution", "economies", "oligopolies",
    "parameter_points", "programs",
]  # fmt: skip
