"""The level at which every member's choice adds up: it exists, is the only one, has a closed form.

Let u_i be what a member contributes above its bound and R(L) = rest(L) - Sum(max(0, u_j(L))) on an
interval I (`logic.activity`).  Suppose, for every member and every L in I,

1. u_i falls in L and rest does not (or u_i rises and rest does not), smoothly;
2. rest moves strictly, or is positive: then somebody is active where R = 0, and R moves there;
3. u_i(t_i) = 0 at a threshold t_i in I;
4. rest >= 0 beyond all thresholds, where R = rest;
5. R <= 0 at some level of I: rest <= u_i for one member there, or rest <= Sum(max(0, u_j)).

Then R has exactly one root in I, by the intermediate value theorem, and member i is active there,
u_i > 0, if and only if R(t_i) > 0.  So the level solves rest = Sum(u_j) over the active members, an
equation that has one solution by 1 and 2 again.

Source: Szidarovszky and Yakowitz 1977 (Cournot); Bergstrom, Blume and Varian 1986 (public goods);
Cornes and Hartley 2005 (contests); Cover and Thomas 2006, section 9.4 (water-filling).
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from alignsym.claims import Decided, Proved, Unknown, Verdict, weakest
from alignsym.logic.activity import Level, inside, over_active
from alignsym.logic.crowd import Crowd
from alignsym.model.domains import natural_domain
from alignsym.model.relations import Expr, Region, Relation
from alignsym.verify.facts import holds, hypothesis, zero

_ZERO = sp.S.Zero
THEOREM = "choices are monotone in one level, whose excess changes sign once"


@dataclass(frozen=True, slots=True)
class OneLevel:
    """The hypotheses decided, what is known of the level, and whether somebody is active there."""

    hypotheses: tuple[Decided, ...]
    facts: Region
    somebody: bool
    sums: tuple[tuple[sp.Symbol, Expr], ...]

    @property
    def verdict(self) -> Verdict:
        """The weakest of the hypotheses."""
        return weakest(d.verdict for d in self.hypotheses)


def one_level(crowd: Crowd, level: Level, when: Region) -> OneLevel:
    """Decide the hypotheses for a generic member, and the closed form; `when`: the condition.

    Where nothing couples the members there is nothing to show.
    """
    if level.alone:
        return OneLevel((), (), False, ())
    told = _Told(crowd, level, when)
    told.only_data()
    rising = told.direction()
    told.identities()
    told.smooth()
    told.thresholds(rising)
    told.low_end(rising)
    somebody = told.somebody(rising)
    facts = told.facts(rising)
    sums = told.closed_form(facts, somebody)
    return OneLevel(tuple(told.found), facts, somebody, sums)


class _Told:
    """The hypotheses one after the other."""

    def __init__(self, crowd: Crowd, level: Level, when: Region) -> None:
        self.crowd, self.level, self.ledger = crowd, level, crowd.ledger
        self.base: Region = (*crowd.declared, *when)
        self.found: list[Decided] = []
        self.starts: list[Relation] = []

    def region(self, *more: Relation, about: tuple[Expr, ...] = ()) -> Region:
        return self.crowd.facts((*self.base, *more), *about)

    def within(self, *more: Relation) -> Region:
        level = self.level
        return self.region(*inside(level), *more, about=(level.part, level.rest))

    def say(self, statement: str, *verdicts: Verdict) -> bool:
        verdict = weakest(verdicts)
        self.found.append(hypothesis(statement, verdict, self.base))
        return isinstance(verdict, Proved)

    def true(self, left: Expr, operator: str, region: Region) -> Verdict:
        return holds(Relation(left, operator, _ZERO), region)  # type: ignore[arg-type]

    def only_data(self) -> None:
        """Replies and sums depend on data and the level, on nobody's choice and on no price."""
        level, chosen = self.level, set(self.crowd.chosen)
        fixed = (level.threshold, level.low, level.formula, level.weight)
        listed = (level.reply, level.comes_to, level.part, level.rest, level.divisor, *fixed)
        good = not any(
            e.free_symbols & chosen or self.ledger.moving(e, chosen) for e in listed
        ) and not any(e.has(level.symbol) for e in fixed)
        self.say("a level and data", Proved() if good else Unknown("another choice moves it"))

    def identities(self) -> None:
        """h*u = w*(r - l) and h*rest = s - Sum(w*l): R is what it is said to be; w > 0."""
        level, region = self.level, self.within()
        bound = level.action.interval.lower
        least = self.ledger.total(level.family, level.weight * bound)
        own = sp.diff(self.ledger.totals[level.total].summand, level.action.symbol)
        self.say(
            "a sum of choices with positive weights",
            zero(own - level.weight, region),
            self.true(level.weight, ">", region),
            zero(
                self.ledger.totals[level.total].summand - level.weight * level.action.symbol, region
            ),
        )
        self.say(
            "what members contribute above their bounds",
            zero(level.divisor * level.part - level.weight * (level.reply - bound), region),
            zero(level.divisor * level.rest - (level.comes_to - least), region),
            self.true(level.divisor, ">=", region),
        )

    def smooth(self) -> None:
        """u and rest are defined and continuously differentiable on I."""
        level, region = self.level, self.within()
        named = level.part.atoms(sp.Function) | level.rest.atoms(sp.Function)
        if level.part.has(sp.Piecewise, sp.Max, sp.Min) or any(
            f.func not in (sp.exp, sp.log) for f in named
        ):
            self.say("smooth", Unknown("replies by other functions than powers are not solved"))
            return
        needed = [*self.ledger.domain(level.part), *self.ledger.domain(level.rest)]
        self.say("replies are defined at every level", *(holds(r, region) for r in needed))

    def direction(self) -> bool:
        """Whether u rises in the level; it is strictly monotone the same way for everybody."""
        level, region = self.level, self.within()
        slope = sp.diff(level.part, level.symbol)
        falls, rises = (self.true(slope, op, region) for op in ("<", ">"))
        rising = isinstance(rises, Proved)
        rest = self.true(sp.diff(level.rest, level.symbol), "<=" if rising else ">=", region)
        self.say(f"every reply {'rises' if rising else 'falls'} in the level", rises if rising
                 else falls, rest)  # fmt: skip
        return rising

    def somebody(self, rising: bool) -> bool:
        """rest > 0: somebody is active; else it moves strictly."""
        level, region = self.level, self.within()
        if isinstance(self.true(level.rest, ">", region), Proved):
            return True
        slope = sp.diff(level.rest, level.symbol)
        self.say("the excess moves", self.true(slope, "<" if rising else ">", region))
        return False

    def thresholds(self, rising: bool) -> None:
        """u(t) = 0 with t in I; rest >= 0 where nobody is active."""
        level = self.level
        table = {level.symbol: level.threshold}
        region = self.region(about=(level.threshold,))
        at = level.part.xreplace(table)
        self.say(
            "every reply has a threshold",
            *(holds(r, region) for r in self.ledger.domain(level.threshold)),
            *(holds(r, region) for r in level.interval.contains(level.threshold)),
            zero(at, region),
        )
        # Sum(max(0, t_j)) is beyond all thresholds, -Sum(max(0, -t_j)) below: a level of the line,
        # or of the half-line.
        beyond = Relation(level.symbol, "<=" if rising else ">=", _ZERO)
        if rising and level.interval.open_lower:
            self.say("a level below all thresholds", Unknown("zero is no level"))
            return
        positive = self.true(level.threshold, ">", region)
        more = (beyond,)
        if not rising and level.interval.open_lower and not isinstance(positive, Proved):
            self.say("a level beyond all thresholds", positive)
        self.say("nobody is active beyond all thresholds",
                 self.true(level.rest, ">=", self.within(*more)))  # fmt: skip

    def low_end(self, rising: bool) -> None:
        """A level with R <= 0."""
        level = self.level
        table = {level.symbol: level.low}
        part, rest = level.part.xreplace(table), level.rest.xreplace(table)
        region = self.region(about=(part, rest, level.low))
        listed = [
            *level.interval.contains(level.low), *self.ledger.domain(level.low),
            *natural_domain(part), *natural_domain(rest),
        ]  # fmt: skip
        known = [holds(r, region) for r in listed]
        one = self.true(rest - part, "<=", region)
        order = ">=" if not rising else "<="
        strict = ">" if not rising else "<"
        if not level.low.free_symbols & set(self.ledger.members):
            summed = self.ledger.total(level.family, positive_part(part, region))
            every = self.region(about=(part, rest, summed))
            every = (*every, *self.crowd.facts((), summed))
            if isinstance(self.true(rest - summed, "<", every), Proved):
                self.starts.append(Relation(level.symbol, strict, level.low))  # type: ignore[arg-type]
                one = Proved()
            elif not isinstance(one, Proved):
                one = self.true(rest - summed, "<=", every)
        self.starts.append(Relation(level.symbol, order, level.low))  # type: ignore[arg-type]
        self.say("the choices are too large at one level", one, *known)

    def facts(self, rising: bool) -> Region:
        """What is known of the root besides: a sum of what is not negative is at least each."""
        level = self.level
        own = level.weight * (level.reply - level.action.interval.lower)
        least = self.ledger.total(level.family, level.weight * level.action.interval.lower)
        above = level.comes_to - least
        sums = (Relation(above, ">=", _ZERO), Relation(above, ">=", own))
        out = (*inside(level), *self.starts, *sums)
        # h >= 0 on I, and R was divided by it: the root must not be where h vanishes.
        self.say("the divisor is positive at the root",
                 self.true(level.divisor, ">", self.region(*out, about=(above,))))  # fmt: skip
        return out

    def closed_form(self, facts: Region, somebody: bool) -> tuple[tuple[sp.Symbol, Expr], ...]:
        """rest = Sum(u_j) over the active members has the one solution `formula`."""
        level = self.level
        summed, sums = over_active(self.ledger, level.family, level.part)
        region = [*self.region(*facts, about=(level.formula, level.rest, summed))]
        for symbol, summand in sums:
            if somebody and isinstance(self.true(summand, ">", self.region()), Proved):
                region.append(Relation(symbol, ">", _ZERO))
            if summand == 1:
                size = self.ledger.families[level.family].size
                region.append(Relation(symbol, "<=", size))
                if somebody:
                    region.append(Relation(symbol, ">=", sp.S.One))
        numerator = sp.expand(sp.fraction(sp.together(level.rest - summed))[0])
        known = set(level.formula.free_symbols)
        allowed = {s for s, _ in sums} | (set(self.ledger.totals) | {
            p.symbol for p in self.crowd.game.parameters} - {level.symbol})  # fmt: skip
        if not known <= allowed or known & set(self.ledger.members):
            self.say("closed form", Unknown(f"{level.formula} is no closed form"))
            return sums
        where = tuple(region)
        if numerator.is_polynomial(level.symbol) and sp.degree(numerator, level.symbol) == 1:
            slope = numerator.coeff(level.symbol, 1)
            start = numerator.coeff(level.symbol, 0)
            self.say(
                "the level is the only root of a linear equation",
                self.true(slope, "!=", where),
                zero(slope * level.formula + start, where),
                *(holds(r, where) for r in natural_domain(level.formula)),
            )
            return sums
        table = {level.symbol: level.formula}
        self.say(
            "the level solves the equation of the active members",
            *(holds(r, where) for r in natural_domain(level.formula)),
            *(holds(r, where) for r in level.interval.contains(level.formula)),
            zero((level.rest - summed).xreplace(table), where),
        )
        return sums


def positive_part(e: Expr, region: Region) -> Expr:
    """max(0, e), without the maximum where the sign is known."""
    if isinstance(holds(Relation(e, ">=", _ZERO), region), Proved):
        return e
    if isinstance(holds(Relation(e, "<=", _ZERO), region), Proved):
        return _ZERO
    return sp.Max(0, e)
