"""What changes with the number of agents: one more of them, and more and more.

With n agents a closed form f(n) is compared with f(n + 1), for members whose data do not change;
for many agents it has a limit, in which sums of data are n times their mean.
"""

from __future__ import annotations

from collections.abc import Iterable

import sympy as sp

from alignsym.claims import Unknown
from alignsym.errors import UsageError
from alignsym.logic.crowd import Crowd, crowd
from alignsym.logic.decide import implies
from alignsym.logic.sums import NotSummableError
from alignsym.model.game import Game, Parameter, interval_of
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import Regime, Solution, by_regime
from alignsym.solving.neat import shortened
from alignsym.solving.thresholds import conditions
from alignsym.theory.findings import Finding, Findings, decided
from alignsym.theory.responses import signed

_ZERO = sp.S.Zero


def entry(solution: Solution, of: Expr | str, size: sp.Symbol) -> Findings:
    """The sign of f(n + 1) - f(n) in every regime: does f rise with the number of agents?

    Asked where a regime holds for n members and for n + 1, whose data are those of the n.  Where f
    contains a sum of data, the new member's count too, and nothing is claimed.

    Arguments: `of`, an action or price by symbol or name, or an expression in actions, prices and
    parameters, such as n*x[i] or Sum(x[j], (j, 1, n)); `size`, the number of members.
    Raises: UsageError where `of` is not part of the answer, or `size` numbers no family.

    Source: Seade 1980, On the effects of entry, Econometrica 48.

    >>> from alignsym import Agents, Game, solve
    >>> i, j, n = sp.symbols("i j n", positive=True, integer=True)
    >>> x, a = sp.IndexedBase("x", real=True), sp.Symbol("a", positive=True)
    >>> total = sp.Sum(x[j], (j, 1, n))
    >>> cournot = solve(Game(Agents(i, n, utility=(a - total)*x[i], actions=x[i])), "nash")
    >>> print(entry(cournot, x[i], n))
    x[i] falls with n: proved
    the formulas themselves: proved
    >>> print(entry(cournot, total, n))
    Sum(x[j], (j, 1, n)) rises with n: proved
    the formulas themselves: proved
    """
    people = _people(solution, size)
    words = {
        "==": f"{of} does not depend on {size}", ">": f"{of} rises with {size}",
        "<": f"{of} falls with {size}", ">=": f"{of} does not fall with {size}",
        "<=": f"{of} does not rise with {size}",
    }  # fmt: skip
    if len(solution.regimes) < len(solution.cases) or not solution.cases:
        return Findings(
            (_open(f"{of} with one more", "not all cases are closed forms"),), solution.proof
        )
    rows = []
    for number, regime in enumerate(solution.regimes):
        try:
            f = _put(people, regime, of)
        except NotSummableError:
            reason = "who is active may change with one more member"
            rows.append(_open(f"{of} with one more", reason, number, regime.when))
            continue
        when = tuple(people.ledger.relation(r) for r in regime.when)
        new = sorted(
            str(people.ledger.indexed(s))
            for s in _summed(people, size, (f, *(r.gap for r in when)))
        )
        if new:
            reason = f"the new member's data are part of {new[0]}"
            rows.append(_open(f"{of} with one more", reason, number, regime.when))
            continue
        back, plain = _plain(people, (f, *(r.gap for r in when)))
        f, when = f.xreplace(back), tuple(r.replaced(back) for r in when)
        more = {size: size + 1}
        where = conditions(
            (*when, *(r.replaced(more) for r in (*plain.conditions, *when))), plain.domain()
        )
        change = shortened(f.xreplace(more) - f)
        claim = signed(f"{of} with one more", change, words, (*plain.domain(), *where))
        verdict = decided(claim, plain, where)
        out = {new: people.ledger.indexed(old) for old, new in back.items()}
        relations = tuple(r.replaced(out) for r in claim.relations)
        said = tuple(r.replaced(out) for r in where)
        rows.append(Finding(claim.identity, number, said, relations, verdict))
    return Findings(tuple(rows), solution.proof)


def with_means(formula: Expr, size: sp.Symbol) -> Expr:
    """Sums over n members as n times the mean of their terms, a symbol of its own.

    Sum(f(a[j]), (j, 1, n)) = n*mean(f(a)): what depends on n alone is seen, and SymPy's `limit` in
    n is then that for members whose means settle.  A product is exp(n*mean(log f)).
    Raises: UsageError where a term itself contains n, or the number of the member in a way that is
    not summed to a rational function of n: its mean changes with n.

    >>> n, j, i = sp.symbols("n j i", positive=True, integer=True)
    >>> a, q = sp.IndexedBase("a", positive=True), sp.Symbol("q", positive=True)
    >>> share = with_means(q*n*a[i]/sp.Sum(a[j], (j, 1, n)), n)
    >>> share, sp.limit(share, n, sp.oo)
    (q*a[i]/mean(a), q*a[i]/mean(a))
    """
    table: dict[Expr, Expr] = {}
    for e in formula.atoms(sp.Sum, sp.Product):
        if len(e.limits) != 1 or e.limits[0][2] != size:
            continue
        index = e.limits[0][0]
        term = e.function
        if term.xreplace({a: sp.Dummy() for a in term.atoms(sp.Indexed)}).has(index):
            table[e] = _counted(e, size)
            continue
        if term.has(size):
            raise UsageError(
                f"the terms of {e} change with {size}",
                where="with_means",
                remedy="no mean of data stands for them; look at one sum at a time",
            )
        if isinstance(e, sp.Product):
            table[e] = sp.exp(size * _mean(sp.expand_log(sp.log(term), force=True), index))
        else:
            table[e] = size * _mean(term, index)
    return formula.xreplace(table)


def _counted(e: Expr, size: sp.Symbol) -> Expr:
    """A sum whose terms contain the number of the member, where it is rational in n."""
    closed = sp.S.NaN if e.has(sp.Indexed) else e.doit()
    if closed.has(sp.Sum, sp.Product, sp.nan) or not closed.is_rational_function(size):
        raise UsageError(
            f"the terms of {e} change with the number of the member",
            where="with_means",
            remedy="their mean need not settle; no limit is claimed",
        )
    return closed


def _mean(term: Expr, index: sp.Symbol) -> sp.Symbol:
    bare = {a: sp.Symbol(str(a.base)) for a in term.atoms(sp.Indexed) if a.indices == (index,)}
    known = next(
        (k for k in ("positive", "negative", "nonnegative") if getattr(term, f"is_{k}")), "real"
    )
    return sp.Symbol(f"mean({term.xreplace(bare)})", **{known: True})


def in_the_limit(solution: Solution, of: Expr | str, size: sp.Symbol) -> Expr:
    """The limit of f(n) as n grows, over the regimes that hold for all large n.

    Sums of data are n times their means (`with_means`), which are taken to settle.  Of a regime's
    conditions the coefficient of the highest power of n remains: a*n <= b*n + c becomes a < b; at
    a = b, where the next power decides, nothing is said.  The limits are SymPy's.

    Raises: UsageError where a condition is not rational in n, or SymPy finds no limit.

    >>> from alignsym import Agents, Game, solve
    >>> i, j, n = sp.symbols("i j n", positive=True, integer=True)
    >>> x, a = sp.IndexedBase("x", real=True), sp.Symbol("a", positive=True)
    >>> total = sp.Sum(x[j], (j, 1, n))
    >>> cournot = solve(Game(Agents(i, n, utility=(a - total)*x[i], actions=x[i])), "nash")
    >>> in_the_limit(cournot, x[i], n), in_the_limit(cournot, a - total, n)
    (0, 0)
    """
    people = _people(solution, size)
    rows: list[tuple[Expr, Region]] = []
    for regime in solution.regimes:
        when = _eventually(regime.when, size, solution.game.domain())
        if when is None:
            continue
        try:
            f = with_means(people.ledger.indexed(_put(people, regime, of)), size)
        except NotSummableError:
            continue  # sums over the active members: where all are active there is another regime
        try:
            limit = sp.limit(sp.together(f), size, sp.oo)
        except (NotImplementedError, ValueError, TypeError) as problem:
            raise UsageError(
                f"SymPy finds no limit of {f} in {size}", where="in_the_limit"
            ) from problem
        if limit.has(sp.Limit, sp.AccumBounds):
            raise UsageError(f"SymPy finds no limit of {f} in {size}", where="in_the_limit")
        rows.append((limit, when))
    if not rows:
        raise UsageError(
            f"no regime without sums over active members holds for all large {size}",
            where="in_the_limit",
        )
    indices = {f.index for f in solution.game.families}
    if len(rows) > 1 and any(r.free_symbols & indices for _, when in rows for r in when):
        raise UsageError(
            f"the limit of {of} has several formulas, with conditions on every member's data",
            where="in_the_limit",
            remedy="add conditions to the game under which one of them holds",
        )
    return by_regime(rows)


def _limit(f: Expr, size: sp.Symbol) -> Expr:
    try:
        out = sp.limit(sp.together(f), size, sp.oo)
    except (NotImplementedError, ValueError, TypeError):
        out = sp.nan
    if out.has(sp.Limit, sp.AccumBounds, sp.nan):
        raise UsageError(f"SymPy finds no limit of {f} in {size}", where="in_the_limit")
    return out


def _eventually(when: Region, size: sp.Symbol, domain: Region) -> Region | None:
    """What the conditions become for large n; None where one of them fails then."""
    out: list[Relation] = []
    for r in when:
        gap = with_means(r.gap, size)
        if not gap.has(size):
            out.append(r)
            continue
        if r.is_equality:
            return None
        numerator, denominator = sp.fraction(sp.together(gap))
        try:
            top, bottom = sp.Poly(numerator, size), sp.Poly(denominator, size)
        except sp.PolynomialError as problem:
            raise UsageError(f"{r} is not rational in {size}", where="in_the_limit") from problem
        if any(c.has(size) for c in (*top.all_coeffs(), *bottom.all_coeffs())):
            raise UsageError(f"{r} is not rational in {size}", where="in_the_limit")
        if r.operator == "!=":
            out.append(Relation(top.LC(), "!=", _ZERO))  # then it fails for finitely many n
            continue
        lead = Relation(top.LC() * bottom.LC(), ">", _ZERO)
        if not implies(domain, lead).is_proof:
            if implies(domain, Relation(lead.left, "<", _ZERO)).is_proof:
                return None
            out.append(lead)
    return conditions(tuple(out), domain)


# ------------------------------------------------------------------ an answer over plain symbols
def _people(solution: Solution, size: sp.Symbol) -> Crowd:
    sizes = {f.size for f in solution.game.families}
    if size not in sizes:
        known = ", ".join(sorted(map(str, sizes))) or "none"
        raise UsageError(f"{size} numbers no family", remedy=f"sizes of families: {known}")
    return crowd(solution.game)


def _put(people: Crowd, regime: Regime, of: Expr | str) -> Expr:
    """The expression with the regime's values put in, over plain symbols."""
    ledger = people.ledger
    named = {str(s): s for s, _ in regime.values}
    if isinstance(of, str) and of not in named:
        raise UsageError(f"{of} is no action and no price", remedy=f"known: {', '.join(named)}")
    asked = named[of] if isinstance(of, str) else of
    values = {ledger.scalar(s): ledger.scalar(e) for s, e in regime.values}
    return shortened(ledger.at(ledger.scalar(asked), values))


def _summed(people: Crowd, size: sp.Symbol, formulas: Iterable[Expr]) -> set[sp.Symbol]:
    """The sums over members of a family of this size."""
    totals = people.ledger.totals
    found = {s for e in formulas for s in e.free_symbols if s in totals}
    return {s for s in found if people.ledger.families[totals[s].family].size == size}


def _plain(people: Crowd, formulas: Iterable[Expr]) -> tuple[dict[sp.Symbol, sp.Symbol], Game]:
    """Names for members' data and other sums, and a game with these as parameters."""
    found = sorted({s for e in formulas for s in e.free_symbols}, key=str)
    names: dict[sp.Symbol, sp.Symbol] = {}
    for s in found:
        if s in people.ledger.members or s in people.ledger.totals:
            names[s] = sp.Symbol(f"datum_{len(names)}", **s.assumptions0)
    known = {p.symbol: p for p in people.game.parameters}
    parameters = [known[s] for s in found if s in known]
    parameters += [Parameter(new, interval_of(new)) for new in names.values()]
    declared = {*(p.symbol for p in parameters), *names}
    about = [r.replaced(names) for r in people.declared if r.free_symbols <= declared]
    return names, Game(parameters=parameters, conditions=about)


def _open(asked: str, reason: str, number: int | None = None, when: Region = ()) -> Finding:
    return Finding(asked, number, when, (), Unknown(reason))
