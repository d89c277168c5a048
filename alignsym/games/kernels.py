"""A zero-sum game in numbers: an optimal pair from one of its square kernels.

Every matrix game with a positive value v has a nonsingular square submatrix K with

    p = 1'K^-1 / (1'K^-1 1),    q = K^-1 1 / (1'K^-1 1),    v = 1 / (1'K^-1 1)

optimal after zeros are put in for the strategies left out (Shapley and Snow 1950).  Adding a number
to all payoffs makes the value positive and changes no strategy.  Exact, and exponential in the
number of strategies: for small games.
"""

from __future__ import annotations

from itertools import combinations

import sympy as sp

SIZE_LIMIT = 6

Pair = tuple[tuple[sp.Expr, ...], tuple[sp.Expr, ...], sp.Expr]


def optimal_pair(payoffs: sp.Matrix) -> Pair | None:
    """(p, q, v) with min_j p'A_j >= v >= max_i A_i q, in rational numbers; None beyond the limit.

    >>> optimal_pair(sp.Matrix([[3, 0], [1, 2]]))
    ((1/4, 3/4), (1/2, 1/2), 3/2)
    """
    if max(payoffs.shape) > SIZE_LIMIT or not all(e.is_Rational for e in payoffs):
        return None
    shift = 1 - min(payoffs)
    positive = payoffs.applyfunc(lambda e: e + shift)
    for size in range(1, min(payoffs.shape) + 1):
        for rows in combinations(range(payoffs.rows), size):
            for columns in combinations(range(payoffs.cols), size):
                found = _of_kernel(positive, rows, columns)
                if found is not None:
                    p, q, v = found
                    return p, q, v - shift
    return None


def _of_kernel(payoffs: sp.Matrix, rows: tuple[int, ...], columns: tuple[int, ...]) -> Pair | None:
    """The pair of one kernel if it is optimal in the whole game."""
    kernel = payoffs.extract(list(rows), list(columns))
    if kernel.det() == 0:
        return None
    inverse = kernel.inv()
    total = sum(inverse)
    if total <= 0:
        return None
    one = dict(zip(rows, (sum(inverse[:, j]) / total for j in range(len(rows))), strict=True))
    two = dict(zip(columns, (sum(inverse[j, :]) / total for j in range(len(rows))), strict=True))
    p = tuple(one.get(i, sp.S.Zero) for i in range(payoffs.rows))
    q = tuple(two.get(j, sp.S.Zero) for j in range(payoffs.cols))
    v = 1 / total
    if min((*p, *q)) < 0:
        return None
    secured = min(sp.Matrix([p]) * payoffs)
    held = max(payoffs * sp.Matrix(q))
    return (p, q, v) if secured >= v >= held else None
