"""A finite feasible trade that makes everyone better off, as formulas, proved for all parameters.

x' is found by any means: towards a weighted optimum, all actions scaled, corners, or along a
direction d with grad U_i . d = 1 for all i, so far that no second-order term undoes it.  What is
proved is the definition: x' is feasible and U_i(x') - U_i(x*) > 0 for every person i.  With a
transferable numeraire x' has a larger sum, and transfers T_i, sum T_i = 0, share the gain equally.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import sympy as sp

from alignsym.alignment.compared import found_better
from alignsym.alignment.moves import SIZE_LIMIT, Values, candidates, mixed, neat, steps
from alignsym.alignment.profile import INFINITE, NOISE, Profile, feasible, is_proved
from alignsym.alignment.small_steps import along
from alignsym.logic.normal import is_identically_zero
from alignsym.model.domains import natural_domain
from alignsym.model.relations import Expr, Region, Relation
from alignsym.present.rich import html, latex
from alignsym.solving.neat import shortened

_ZERO = sp.S.Zero
LIMIT = 4  # proofs cost more than candidates


@dataclass(frozen=True, slots=True)
class Trade:
    """From a profile to `to`, with transfers that sum to zero, and what everybody gains.

    `strict`: every person gains; otherwise somebody gains and nobody loses.
    """

    to: tuple[tuple[sp.Symbol, Expr], ...]
    transfers: tuple[tuple[str, Expr], ...]
    gains: tuple[tuple[str, Expr], ...]
    strict: bool = True

    _repr_html_ = html
    _repr_latex_ = latex


def proposals(
    profile: Profile, optima: tuple[Values, ...], deadline: float | None = None
) -> Iterator[tuple[Trade, Region]]:
    """Candidates that improve at every witness, with what must hold for them to improve.

    First those good for everybody, then those where nobody loses; `LIMIT` of each kind of either.
    """
    weak: list[tuple[Trade, Region]] = []
    seen = set()
    plain = (candidates(profile, optima), steps(profile, optima), mixed(profile))
    searched = ((to, None) for to in (() if profile.arena.transferable else found_better(profile)))
    kinds = (*(((to, None) for to in kind) for kind in plain), along(profile), searched)
    for kind in kinds:
        given = 0
        for to, shown in kind:
            if deadline is not None and time.monotonic() > deadline:
                break
            key = tuple(to.items())
            if key in seen or any(e.has(*INFINITE) for _, e in key):
                continue
            if sum(e.count_ops() for _, e in key) > SIZE_LIMIT:
                continue
            seen.add(key)
            here = Profile(profile.arena, profile.region, key, frozenset(), profile.witnesses)
            if not _inside(here):
                continue
            paid = profile.arena.transferable and not profile.silent
            signs = _signs(profile, to, paid)
            if all(s == 1 for s in signs):
                given += 1
                moved = _transferred(profile, to) if paid else _moved(profile, to)
                if shown is not None:
                    yield moved, shown
                inside = _feasible(profile, to)
                for needed in _positive(profile, moved, paid=paid):
                    yield moved, (*inside, *needed)
            elif min(signs) >= 0 and 1 in signs and len(weak) < LIMIT:
                moved = _moved(profile, to)
                gains = tuple(
                    Relation(e, ">" if s == 1 else ">=", _ZERO)
                    for (_, e), s in zip(moved.gains, signs, strict=True)
                    if e != sp.oo
                )
                late = Trade(moved.to, moved.transfers, moved.gains, strict=False)
                weak.append((late, (*_feasible(profile, to), *gains)))
            if given >= LIMIT:
                break
    yield from weak


def _signs(profile: Profile, to: Values, paid: bool) -> list[int]:
    """The sign of everybody's rise, 1, 0 or -1, at every witness alike, by numbers; of the sum
    where it can be shared."""
    rises = [
        profile.arena.utility(n).xreplace(to) - profile.arena.utility(n).xreplace(profile.table)
        if n not in profile.silent
        else sp.oo
        for n in profile.arena.persons
    ]
    return [profile.sign(e) for e in ([sp.Add(*rises)] if paid else rises)]


def _positive(profile: Profile, trade: Trade, *, paid: bool) -> tuple[Region, ...]:
    """What shows that everybody gains: bounds without logarithms if there are, the gains."""
    to = dict(trade.to)
    gains = [e for _, e in trade.gains if e != sp.oo]
    rises = [_rise(profile, n, to) for n, e in trade.gains if e != sp.oo]
    if paid:
        gains, rises = gains[:1], [sp.Add(*rises)]
    bounds = [_bound(rise, e) for rise, e in zip(rises, gains, strict=True)]
    ways = (tuple(Relation(e, ">", _ZERO) for e in way) for way in (bounds, gains))
    return tuple(dict.fromkeys(ways))


def _rise(profile: Profile, name: str, to: Mapping[sp.Symbol, Expr]) -> Expr:
    utility = profile.arena.utility(name)
    return utility.xreplace(dict(to)) - utility.xreplace(profile.table)


def _bound(rise: Expr, gain: Expr) -> Expr:
    """A lower bound of the rise without logarithms, or the gain as it is.

    log u - log v >= 1 - v/u wherever both are defined, as log t <= t - 1.  Terms c log u are taken
    together by their coefficients, those with c > 0 that came against those that went.
    """
    logs: dict[Expr, list[Expr]] = {}
    rest = []
    for term in sp.Add.make_args(rise):
        c, inner = term.as_coeff_Mul()
        factors = [f for f in sp.Mul.make_args(inner) if isinstance(f, sp.log)]
        if len(factors) != 1:
            rest.append(term)
            continue
        weight = inner / factors[0] * c
        if weight.has(sp.log) or not (weight.is_positive or weight.is_negative):
            return gain
        came = weight.is_positive
        logs.setdefault(weight if came else -weight, []).append(
            factors[0].args[0] if came else 1 / factors[0].args[0]
        )
    if not logs or sp.Add(*rest).has(sp.log):
        return gain
    bound = sp.Add(*rest, *(c * (1 - 1 / sp.Mul(*ratios)) for c, ratios in logs.items()))
    return neat(bound)


def _feasible(profile: Profile, to: Values) -> Region:
    """Everything x' must satisfy: all utilities finite there."""
    equal = dict.fromkeys(profile.arena.persons, sp.S.One)
    maker = profile.arena.planner(equal, frozenset())
    needed = [r for e in to.values() for r in natural_domain(e)]
    return (*needed, *(r.replaced(to) for r in maker.feasible()))


def _moved(profile: Profile, to: Values) -> Trade:
    gains = tuple((n, gain(profile, n, to)) for n in profile.arena.persons)
    return Trade(tuple(to.items()), (), gains)


def _transferred(profile: Profile, to: Values) -> Trade:
    """Everyone gets the same share of the rise of the sum."""
    rises = {n: gain(profile, n, to) for n in profile.arena.persons}
    share = shortened(sp.together(sp.Add(*rises.values()) / len(rises)))
    transfers = tuple((n, shortened(sp.expand(share - e))) for n, e in rises.items())
    return Trade(tuple(to.items()), transfers, tuple((n, share) for n in rises))


def gain(profile: Profile, name: str, to: Mapping[sp.Symbol, Expr]) -> Expr:
    """U_i(x') - U_i(x*) as one formula; oo for a person at -oo."""
    if name in profile.silent:
        return sp.oo
    utility = profile.arena.utility(name)
    rise = utility.xreplace(dict(to)) - utility.xreplace(profile.table)
    tidied = neat(rise)
    return tidied if is_identically_zero(rise - tidied) else rise


def _inside(here: Profile) -> bool:
    """Whether the candidate is feasible at every witness, by numbers."""
    maker = here.arena.planner(dict.fromkeys(here.arena.persons, sp.S.One), frozenset())
    for k in range(len(here.witnesses)):
        for r in maker.feasible():
            value = here.number(r.gap, k)
            if value is None:
                return False
            slack = abs(value) if r.is_equality else -value
            if slack > NOISE or (r.operator in ("<", ">") and value <= 0):
                return False
    return True


def finite_point(profile: Profile, optima: tuple[Values, ...]) -> bool:
    """Whether some profile is shown feasible with every utility finite, for all parameters."""
    equal = dict.fromkeys(profile.arena.persons, sp.S.One)
    maker = profile.arena.planner(equal, frozenset())
    points = [*optima, *({s: e / 2 for s, e in o.items()} for o in (*optima, profile.table))]
    actions = profile.arena.game.actions
    points.append({a.symbol: sp.S.One for a in actions})
    if all(a.interval.lower.is_finite and a.interval.upper.is_finite for a in actions):
        points.append({a.symbol: (a.interval.lower + a.interval.upper) / 2 for a in actions})
    return any(is_proved(feasible(maker, p, profile.region)) for p in points)
