"""Ways to solve a fixed binding set, in the order they are tried."""

from alignsym.solving.strategies.aggregate import Aggregate
from alignsym.solving.strategies.compound import Compound
from alignsym.solving.strategies.contract import Strategy
from alignsym.solving.strategies.demand import Demand
from alignsym.solving.strategies.eliminate import Eliminate
from alignsym.solving.strategies.euler import Euler
from alignsym.solving.strategies.linear import Linear
from alignsym.solving.strategies.loglinear import LogLinear
from alignsym.solving.strategies.pencil import Pencil
from alignsym.solving.strategies.recognise import Recognise
from alignsym.solving.strategies.symmetric import Symmetric
from alignsym.solving.strategies.vanishing import Vanishing

DEFAULT: tuple[Strategy, ...] = (
    Linear(),
    Recognise(
        "recognised numbers, many", least=5
    ),  # many unknowns without parameters: elimination would be long
    Demand(),
    Vanishing(),
    Symmetric(),
    LogLinear(),
    Compound(),
    Euler(),
    Aggregate(),
    Pencil(),
    Eliminate(),
    Recognise(),
)
