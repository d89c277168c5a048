"""Real roots of polynomials whose coefficients are parameters: `Root(poly, x, k)`.

The k-th real root in increasing order.  SymPy's own CRootOf has numbers as coefficients only.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

VARIABLE = sp.Symbol("root_", real=True)


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
    def of(cls, polynomial: sp.Expr, index: int) -> Root:
        """The root of a polynomial in VARIABLE."""
        return cls(sp.expand(polynomial), VARIABLE, sp.Integer(index))

    @property
    def free_symbols(self) -> set[sp.Basic]:
        """The parameters; the polynomial's variable is bound."""
        return set(self.args[0].free_symbols) - {VARIABLE}

    @property
    def coefficients(self) -> list[sp.Expr]:
        """The coefficients, the highest power first."""
        return list(sp.Poly(self.args[0], VARIABLE).all_coeffs())

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
        return self.args[0].xreplace({VARIABLE: self})

    def _eval_derivative(self, s: sp.Symbol) -> sp.Expr:
        """The implicit function theorem: -p_s/p_x at the root."""
        polynomial = self.args[0]
        if not polynomial.has(s) or s == VARIABLE:
            return sp.S.Zero
        slope = -sp.diff(polynomial, s) / sp.diff(polynomial, VARIABLE)
        return slope.xreplace({VARIABLE: self})

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
        letter = sp.Symbol(next(c for c in (*"zuvwxy", "root_") if c not in taken), real=True)
        return self.args[0].xreplace({VARIABLE: letter}), letter

    def _sympystr(self, printer: Any) -> str:
        polynomial, letter = self._shown()
        return f"Root({printer._print(polynomial)}, {letter}, {self.args[2]})"

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        polynomial, letter = self._shown()
        inside = f"{printer._print(polynomial)} = 0"
        root = rf"\operatorname{{root}}_{{{self.args[2]}, {letter}}}\left({inside}\right)"
        return root if exp is None else rf"{root}^{{{exp}}}"
