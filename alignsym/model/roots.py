"""Real roots of polynomials whose coefficients are parameters: `Root(poly, x, k)`.

The k-th real root in increasing order.  SymPy's own CRootOf has numbers as coefficients only.
"""

from __future__ import annotations

from itertools import chain, count
from typing import Any

import sympy as sp

LETTERS = "zuvwxy"


def variable(depth: int) -> sp.Dummy:
    """The bound variable of a root with `depth` roots one in the other among its coefficients.

    No symbol of a model is equal to it, and it is the same in every process.
    """
    return sp.Dummy("root", dummy_index=depth, real=True)


VARIABLE = variable(0)


class Root(sp.Function):
    """The k-th real root of a polynomial in a bound variable, printed z or another free letter.

    >>> a = sp.Symbol("a", positive=True)
    >>> root = Root.of(VARIABLE**3 + VARIABLE - a, 0)
    >>> root, root.free_symbols, root.diff(a).xreplace({a: sp.Integer(2)}).evalf(4)
    (Root(-a + z**3 + z, z, 0), {a}, 0.2500)
    """

    nargs = 3
    is_extended_real = True
    is_finite = True

    @classmethod
    def eval(cls, polynomial: sp.Expr, bound: sp.Symbol, index: sp.Integer) -> Root | None:
        """Bound variables are named by depth: equal roots are equal, and none is another's."""
        inner = polynomial.atoms(Root)
        wanted = variable(1 + max((r.depth for r in inner), default=-1))
        if bound == wanted:
            return None
        hidden = {r: sp.Dummy("inner", real=True) for r in inner}
        plain = polynomial.xreplace(hidden).xreplace({bound: wanted})
        return cls(plain.xreplace({d: r for r, d in hidden.items()}), wanted, index)

    @property
    def depth(self) -> int:
        """How many roots stand one in the other among the coefficients."""
        return int(self.args[1].dummy_index)

    @classmethod
    def of(cls, polynomial: sp.Expr, index: int) -> Root:
        """The root of a polynomial in VARIABLE."""
        return cls(sp.expand(polynomial), VARIABLE, sp.Integer(index))

    @property
    def free_symbols(self) -> set[sp.Basic]:
        """The parameters; the polynomial's variable is bound."""
        return set(self.args[0].free_symbols) - {self.args[1]}

    @property
    def coefficients(self) -> list[sp.Expr]:
        """The coefficients, the highest power first."""
        return list(sp.Poly(self.args[0], self.args[1]).all_coeffs())

    @property
    def leading(self) -> sp.Expr:
        """The coefficient of the highest power: where it is not zero and the degree is odd there is
        a real root."""
        return self.coefficients[0]

    @property
    def exists(self) -> bool:
        """Whether the root exists wherever the leading coefficient is not zero."""
        return int(self.args[2]) == 0 and len(self.coefficients) % 2 == 0

    def vanishing(self) -> sp.Expr:
        """The polynomial at the root itself, which is zero."""
        return self.args[0].xreplace({self.args[1]: self})

    def _eval_derivative(self, s: sp.Symbol) -> sp.Expr:
        """The implicit function theorem: -p_s/p_x at the root."""
        if s not in self.free_symbols:
            return sp.S.Zero
        polynomial, bound = self.args[0], self.args[1]
        return (-sp.diff(polynomial, s) / sp.diff(polynomial, bound)).xreplace({bound: self})

    def _eval_evalf(self, prec: int) -> Any:
        import mpmath

        if self.free_symbols:
            return self
        with mpmath.workprec(prec + 30):
            numbers = [mpmath.mpf(str(sp.N(c, prec // 3 + 10))) for c in self.coefficients]
            roots = mpmath.polyroots(numbers, maxsteps=200, extraprec=200)
            size = 1 + max(abs(r) for r in roots)
            real = sorted(r.real for r in roots if abs(r.imag) < size * mpmath.mpf(10) ** -12)
            return sp.Float(str(real[int(self.args[2])]), prec // 3)

    def _shown(self) -> tuple[sp.Expr, sp.Symbol]:
        """The polynomial in a letter that no parameter has, and the letter."""
        taken = {str(symbol) for symbol in self.free_symbols}
        taken |= {str(root._shown()[1]) for root in self.args[0].atoms(Root)}
        letters = chain(LETTERS, (f"{LETTERS[0]}_{k}" for k in count()))
        letter = sp.Symbol(next(c for c in letters if c not in taken), real=True)
        return self.args[0].xreplace({self.args[1]: letter}), letter

    def _sympystr(self, printer: Any) -> str:
        polynomial, letter = self._shown()
        return f"Root({printer._print(polynomial)}, {letter}, {self.args[2]})"

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        polynomial, letter = self._shown()
        inside = f"{printer._print(polynomial)} = 0"
        root = rf"\operatorname{{root}}_{{{self.args[2]}, {letter}}}\left({inside}\right)"
        return root if exp is None else rf"{root}^{{{exp}}}"
