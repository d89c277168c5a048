"""Ways to solve a fixed binding set, in the order they are tried."""

from alignsym.solving.strategies.contract import Strategy
from alignsym.solving.strategies.eliminate import Eliminate
from alignsym.solving.strategies.linear import Linear

DEFAULT: tuple[Strategy, ...] = (Linear(), Eliminate())
