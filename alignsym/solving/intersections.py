"""All equilibria: every way in which the decision makers' conditions can hold together.

A maker with a concave program contributes its first-order conditions, each pair of multiplier and
slack being two alternatives; another one its best replies, piece by piece.  A choice of one
alternative for each is a system of equations whose solution sets (`loci`) are points or sets of
equilibria, with conditions on the parameters.  Choices that z3 excludes are cut off early.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import sympy as sp

from alignsym.logic.decide import irredundant, search
from alignsym.model.domains import natural_domain
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solving.faces import balanced
from alignsym.solving.loci import NoClosedFormError, loci
from alignsym.solving.neat import shortened
from alignsym.solving.projection import separated, shadows, signed, widened
from alignsym.solving.thresholds import conditions, equated, without_roots

_ZERO = sp.S.Zero
FOUND_LIMIT = 40
MEMBERS_LIMIT = 12
CHOICES_LIMIT = 600
TOO_MANY = "too many ways in which first-order conditions may hold together"
VAST = 1000
OPERATIONS_LIMIT = 60
Row = tuple[tuple[sp.Symbol, Expr], ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way in which a condition can hold: `equations` = 0 and `relations`."""

    equations: tuple[Expr, ...]
    relations: Region

    def replaced(self, mapping: Mapping[Expr, Expr]) -> Alternative:
        """Everything with `mapping` put in."""
        return Alternative(
            tuple(e.xreplace(mapping) for e in self.equations),
            tuple(r.replaced(mapping) for r in self.relations),
        )


@dataclass(frozen=True, slots=True)
class Conjunction:
    """Everything that must hold of a profile: `common`, and one alternative of every group.

    `profile` are the actions and prices, `others` the multipliers; what comes first among the
    unknowns is solved for first.
    """

    profile: tuple[sp.Symbol, ...]
    others: tuple[sp.Symbol, ...]
    common: Alternative
    groups: tuple[tuple[Alternative, ...], ...]
    given: Region

    def replaced(self, mapping: Mapping[Expr, Expr]) -> Conjunction:
        """Everything with `mapping`, which has no unknowns, put in."""
        return replace(
            self,
            common=self.common.replaced(mapping),
            groups=tuple(tuple(a.replaced(mapping) for a in g) for g in self.groups),
            given=tuple(r.replaced(mapping) for r in self.given),
        )


@dataclass(frozen=True, slots=True)
class Piece:
    """A point (nothing free) or a set of profiles: `values` in parameters and free unknowns.

    On `when` the `relations` have a solution; `members` are candidates for one.
    """

    when: Region
    values: Row
    free: tuple[sp.Symbol, ...] = ()
    relations: Region = ()
    members: tuple[Row, ...] = ()

    def replaced(self, mapping: Mapping[Expr, Expr]) -> Piece:
        """Everything with `mapping`, which has no unknowns, put in."""
        return Piece(
            tuple(r.replaced(mapping) for r in self.when),
            _row(self.values, mapping),
            self.free,
            tuple(r.replaced(mapping) for r in self.relations),
            tuple(_row(m, mapping) for m in self.members),
        )

    def contains(self, profile: dict[sp.Symbol, Expr]) -> Region:
        """The relations that say that the profile is in this piece."""
        at = {f: profile[f] for f in self.free}
        equal = [Relation(profile[s], "==", v.xreplace(at)) for s, v in self.values if s in profile]
        return (*self.when, *equal, *(r.replaced(at) for r in self.relations))


def _row(row: Row, mapping: Mapping[Expr, Expr]) -> Row:
    return tuple((s, e.xreplace(mapping)) for s, e in row)


def vast(asked: Conjunction) -> dict[Expr, sp.Symbol]:
    """Names for the powers of e with huge exponents that occur."""
    parts = (asked.common, *(a for g in asked.groups for a in g))
    sides = [e for p in parts for e in p.equations]
    sides += [e for p in parts for r in p.relations for e in (r.left, r.right)]
    found = {x for e in sides for x in e.atoms(sp.exp) if x.exp.is_Rational and abs(x.exp) > VAST}
    ordered = sorted(found, key=lambda x: x.exp)
    return {x: sp.Dummy(f"vast{k}", positive=True) for k, x in enumerate(ordered)}


def pieces(asked: Conjunction, deadline: float | None = None) -> list[Piece] | str:
    """All points and sets that meet the conjunction; or what stopped the search for them."""
    constants = vast(asked)
    if constants:
        # SymPy takes exp(10**99) for a power of e and would write out its polynomials.
        named = asked.replaced(constants)
        sizes = tuple(
            Relation(name, ">" if e.exp > 0 else "<", sp.Integer(VAST) ** (1 if e.exp > 0 else -1))
            for e, name in constants.items()
        )
        inside = pieces(replace(named, given=(*named.given, *sizes)), deadline)
        back = {name: e for e, name in constants.items()}
        return inside if isinstance(inside, str) else [p.replaced(back) for p in inside]
    found: list[Piece] = []
    try:
        for chosen in _Choices(asked, deadline).all():
            found += _pieces_of(asked, chosen, deadline)
            if len(found) > FOUND_LIMIT:
                return f"more than {FOUND_LIMIT} candidates for equilibria"
    except NoClosedFormError as stopped:
        return str(stopped)
    return opened(asked, kept(asked, found))


class _Choices:
    """Choices of one alternative a group that z3 does not exclude, depth first."""

    def __init__(self, asked: Conjunction, deadline: float | None) -> None:
        self.asked, self.deadline, self.left = asked, deadline, CHOICES_LIMIT

    def all(self, chosen: tuple[Alternative, ...] = ()) -> Iterator[tuple[Alternative, ...]]:
        """Everything that begins with what is chosen; raises NoClosedFormError for too many."""
        self.left -= 1
        late = self.deadline is not None and time.monotonic() > self.deadline
        if self.left < 0 or late:
            raise NoClosedFormError("the time limit was reached" if late else TOO_MANY)
        asked = self.asked
        parts = (asked.common, *chosen)
        equal = tuple(Relation(e, "==", _ZERO) for p in parts for e in p.equations)
        required = tuple(r for p in parts for r in p.relations)
        if search((*asked.given, *equal, *required), milliseconds=150).is_proof:
            return
        if len(chosen) == len(asked.groups):
            yield chosen
            return
        for alternative in asked.groups[len(chosen)]:
            yield from self.all((*chosen, alternative))


def _pieces_of(
    asked: Conjunction, chosen: Sequence[Alternative], deadline: float | None
) -> Iterator[Piece]:
    parts = (asked.common, *chosen)
    equations = [e for p in parts for e in p.equations]
    required = [r for p in parts for r in p.relations]
    unknowns = (*asked.others, *asked.profile)  # multipliers are solved for first
    for locus in loci(equations, unknowns, (*asked.given, *required), deadline):
        values = {u: shortened(rationalised(v)) for u, v in locus.values}
        if any(v.has(sp.zoo, sp.nan, sp.oo, sp.I) for v in values.values()):
            continue
        needed = [*locus.needed, *(r.replaced(values) for r in required)]
        needed += [r for v in values.values() for r in natural_domain(v)]
        hidden = [u for u in asked.others if u in locus.free]
        yield from _projected(asked, values, tuple(needed), locus.free, hidden)


def rationalised(e: Expr) -> Expr:
    """(sqrt(a) - 1)/(a - 1) as 1/(sqrt(a) + 1): common factors of roots cancelled.

    >>> a = sp.Symbol("a", positive=True)
    >>> rationalised((sp.sqrt(a) - 1)/(a - 1))
    1/(sqrt(a) + 1)
    """
    plain, back = without_roots(e)
    if not back or e.count_ops() > OPERATIONS_LIMIT:
        return e
    return min(e, sp.cancel(plain).xreplace(back), key=lambda x: x.count_ops())


def _projected(
    asked: Conjunction,
    values: dict[sp.Symbol, Expr],
    needed: Region,
    free: tuple[sp.Symbol, ...],
    hidden: list[sp.Symbol],
) -> Iterator[Piece]:
    """The locus as pieces: multipliers that are not determined are left out of what is said."""
    declared = _declared(asked)
    # A sign declared with a symbol is a bound once the symbol is eliminated.
    limits = tuple(r for r in asked.given if r.free_symbols & set(free))
    limits += tuple(Relation(u, ">=", _ZERO) for u in hidden if u.is_nonnegative)
    needed = tuple(dict.fromkeys((*limits, *separated(conditions(needed, declared)))))
    open_ones = [u for u in free if u in asked.profile]
    row = tuple((u, values[u]) for u in (*asked.profile, *asked.others) if u in values)
    row = tuple((u, v) for u, v in row if not v.free_symbols & set(hidden))
    for shadow in (s for part in signed(needed, declared) for s in shadows(part, hidden, declared)):
        near = tuple(r for r in shadow.when if r.free_symbols & set(open_ones))
        parts = [
            replace(region, when=conditions(region.when, declared))
            for region in shadows(shadow.when, open_ones, declared)
        ]
        parts = [p for p in parts if not search((*declared, *p.when)).is_proof]
        for region in widened(parts, declared):
            when = region.when
            if not open_ones:
                yield Piece(when, row)
                continue
            plain = tuple(balanced(r.gap, _closed(r), open_ones) for r in near)
            plain = tuple(r.tightened() if s.is_strict else r for r, s in zip(plain, near))
            within = tuple(r for r in limits if r.free_symbols & set(open_ones))
            more = irredundant(plain, (*declared, *when, *within))
            relations = equated(tuple(dict.fromkeys((*within, *more))))
            whole = Piece(when, row, tuple(open_ones), relations, region.members[:MEMBERS_LIMIT])
            yield pinned(whole, declared)


def pinned(piece: Piece, given: Region) -> Piece:
    """The piece without free actions for which the relations leave one value only."""
    for symbol in piece.free:
        for member in piece.members:
            value = dict(member)[symbol]
            if value.free_symbols & set(piece.free):
                continue
            other = Relation(symbol, "!=", value)
            if search((*given, *piece.when, *piece.relations, other)).is_proof:
                table = {symbol: value}
                free = tuple(f for f in piece.free if f != symbol)
                left = (r.replaced(table) for r in piece.relations)
                return pinned(
                    Piece(
                        piece.when,
                        (*_row(piece.values, table), (symbol, value)),
                        free,
                        tuple(r for r in left if free and r.free_symbols & set(free)),
                        piece.members if free else (),
                    ),
                    given,
                )
    return piece


def _closed(relation: Relation) -> str:
    return "==" if relation.is_equality else ">="


def kept(asked: Conjunction, found: Sequence[Piece]) -> list[Piece]:
    """The pieces that no others contain: points on the edge of a set, points found twice."""
    left = list(dict.fromkeys(found))
    for piece in sorted(left, key=lambda p: (len(p.free), -len(p.when), str(p.when))):
        rest = [p for p in left if p is not piece]
        profile = {s: v for s, v in piece.values if s in asked.profile}
        profile |= {f: f for f in piece.free}
        region = (*_declared(asked), *_open_bounds(asked, piece), *piece.when, *piece.relations)
        if search(region, outside=[p.contains(profile) for p in rest]).is_proof:
            left = rest
    return left


def opened(asked: Conjunction, found: Sequence[Piece]) -> list[Piece]:
    """Points without the edges that other pieces tell more of.

    An edge is left to a set that the point lies in there, and to another piece with the same point
    if on the edge alone there are different ones beside it.
    """
    out = list(found)
    for k, piece in enumerate(out):
        if piece.free:
            continue
        profile = {s: v for s, v in piece.values if s in asked.profile}
        for relation in piece.when:
            if relation.is_strict or relation.is_equality:
                continue
            edge = (*_declared(asked), *out[k].when, Relation(relation.gap, "==", _ZERO))
            others = [p for p in out if p is not out[k]]
            if search(edge, outside=[p.contains(profile) for p in others]).is_proof:
                within = [p.contains(profile) for p in others if p.free]
                whole = bool(within) and search(edge, outside=within).is_proof
                when = tuple(r.tightened() if r is relation else r for r in out[k].when)
                if whole or _only_there(asked, out[k], when, profile, others):
                    out[k] = replace(out[k], when=when)
        out[k] = replace(out[k], when=irredundant(out[k].when, _declared(asked)))
    return out


def _only_there(
    asked: Conjunction,
    piece: Piece,
    when: Region,
    profile: dict[sp.Symbol, Expr],
    others: Sequence[Piece],
) -> bool:
    """Whether some different point holds beside the piece, but none beside it on `when`."""
    beside = []
    for other in others:
        differ = tuple(Relation(profile[s], "!=", v) for s, v in other.values if s in profile)
        here = (*_declared(asked), *piece.when, *other.when)
        if not other.free and differ and not search(here, any_of=differ).is_proof:
            beside.append((other, differ))
    return bool(beside) and all(
        search((*_declared(asked), *when, *o.when), any_of=d).is_proof for o, d in beside
    )


def _declared(asked: Conjunction) -> Region:
    """What is given of the parameters alone."""
    unknown = {*asked.profile, *asked.others}
    return tuple(r for r in asked.given if not r.free_symbols & unknown)


def _open_bounds(asked: Conjunction, piece: Piece) -> Region:
    """What is given of the unknowns left free in the piece."""
    unknown = {*asked.profile, *asked.others}
    return tuple(r for r in asked.given if (r.free_symbols & unknown) <= set(piece.free))
