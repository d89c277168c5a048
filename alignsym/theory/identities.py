r"""The identities of duality theory as statements about the formulas of one regime.

Roy            x_i = -(dv/dp_i) / (dv/dw)
Shephard       h_i = de/dp_i
Hotelling      q = dPi/dp,  z_i = -dPi/dw_i
Slutsky        S_ij = dx_i/dp_j + x_j dx_i/dw = dh_i/dp_j,  S symmetric, negative semidefinite
adding up      sum p_i x_i = w;  Engel: sum p_i dx_i/dw = 1;  Cournot: sum_i p_i dx_i/dp_j = -x_j

Each function lists statements; `findings.decided` decides them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import sympy as sp

from alignsym.model.relations import Expr, Region, Relation
from alignsym.theory.findings import Statement

Values = Mapping[sp.Symbol, Expr]
Prices = Sequence[tuple[sp.Symbol, sp.Symbol]]
_ZERO = sp.S.Zero


def roy(values: Values, prices: Prices, income: sp.Symbol, utility: Expr) -> Iterator[Statement]:
    """Roy 1947: demand from the indirect utility, where more income is worth something."""
    worth = sp.diff(utility, income)
    for good, price in prices:
        name = f"Roy's identity for {good}"
        if worth == 0:
            yield Statement(name, (), void="more income is worth nothing there")
        else:
            quotient = -sp.diff(utility, price) / worth
            equal = Relation(values[good], "==", quotient)
            yield Statement(name, (equal,), (Relation(worth, "!=", _ZERO),))


def envelope(name: str, value: Expr, by: sp.Symbol, derivative: Expr) -> Statement:
    """d value / d by is the derivative claimed."""
    return Statement(name, (Relation(sp.diff(value, by), "==", derivative),))


def adding_up(values: Values, prices: Prices, income: sp.Symbol) -> Iterator[Statement]:
    """Engel and Cournot aggregation: the budget differentiated in income and in each price."""
    engel = sp.Add(*(p * sp.diff(values[x], income) for x, p in prices))
    yield Statement("Engel aggregation", (Relation(engel, "==", sp.S.One),))
    for good, price in prices:
        cournot = sp.Add(*(p * sp.diff(values[x], price) for x, p in prices))
        yield Statement(
            f"Cournot aggregation for {price}", (Relation(cournot, "==", -values[good]),)
        )


def slutsky_matrix(values: Values, prices: Prices, income: sp.Symbol) -> sp.Matrix:
    """S_ij = dx_i/dp_j + x_j dx_i/dw."""
    return sp.Matrix(
        [
            [sp.diff(values[x], q) + values[y] * sp.diff(values[x], income) for y, q in prices]
            for x, _ in prices
        ]
    )


def jacobian(quantities: Sequence[Expr], prices: Sequence[sp.Symbol]) -> sp.Matrix:
    """dq_i/dp_j."""
    return sp.Matrix([[sp.diff(quantity, p) for p in prices] for quantity in quantities])


def symmetric(matrix: sp.Matrix, names: Sequence[object]) -> Iterator[Statement]:
    """One statement for each pair: M_ij = M_ji."""
    for i, j in combinations(range(matrix.rows), 2):
        pair = Relation(matrix[i, j], "==", matrix[j, i])
        yield Statement(f"symmetry of the effects between {names[i]} and {names[j]}", (pair,))


def semidefinite(matrix: sp.Matrix, sign: int, prices: Sequence[sp.Symbol]) -> Statement:
    """M symmetric, M p = 0, and the principal minors of sign*M without its last row not negative.

    As p_n > 0, M p = 0 says that M is congruent to that block beside a zero: the rest follows.
    """
    rows = range(matrix.rows)
    relations = [Relation(matrix[i, j], "==", matrix[j, i]) for i, j in combinations(rows, 2)]
    for i in rows:
        products = sp.Add(*(matrix[i, j] * prices[j] for j in rows))
        relations.append(Relation(products, "==", _ZERO))
    for size in range(1, matrix.rows):
        for kept in combinations(rows[:-1], size):
            block = (sign * matrix).extract(list(kept), list(kept))
            relations.append(Relation(determinant(block), ">=", _ZERO))
    word = "positive" if sign > 0 else "negative"
    return Statement(f"{word} semidefinite", tuple(relations))


def determinant(matrix: sp.Matrix) -> Expr:
    """Laplace's expansion as it stands: SymPy's own determinants simplify on the way, for minutes.

    >>> a, b = sp.symbols("a b")
    >>> determinant(sp.Matrix([[a, b], [b, a]]))
    a**2 - b**2
    """
    if matrix.rows == 1:
        return matrix[0, 0]
    minors = (matrix.minor_submatrix(0, j) for j in range(matrix.rows))
    return sp.Add(*((-1) ** j * matrix[0, j] * determinant(m) for j, m in enumerate(minors)))


def homogeneous(
    name: str,
    formula: Expr,
    degree: int,
    scaled: Sequence[sp.Symbol],
    region: Region,
    by: sp.Symbol,
) -> Statement:
    """f(t p) = t**degree f(p) for all t > 0, where the region is a cone, by definition."""
    table = {p: by * p for p in scaled}
    same = Relation(formula.xreplace(table), "==", by**degree * formula)
    return Statement(
        f"{name} homogeneous of degree {degree}",
        (same,),
        tuple(r.replaced(table) for r in region),
    )
