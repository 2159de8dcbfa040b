"""The register of an issuer walked to a cut: balances, what made them, the checks on the way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from typing import Self

from ledger.model.fact import Fact, Possible, Slice
from ledger.model.movements import MOVEMENTS, PLACING, RESHAPING
from ledger.model.posted import NOTHING, FoldKey, end_of
from ledger.model.register import Pair, Register, Segment, account_of, issuer_of, named
from ledger.time.class_terms import ClassTerms, class_terms
from ledger.time.publication import gather_sources
from ledger.time.view import View
from ledger.values.dates import FOREVER, Days
from ledger.values.refusals import Unhandled
from projections.answer import whole
from projections.subjects.checked_figures import CheckedFigure, Unchecked, differs
from projections.subjects.elsewhere import posted_in, trusts_in
from projections.subjects.reaching import Members
from projections.subjects.remainder import rest_of
from projections.subjects.stated import classes_meant, compared, hidden_in
from projections.subjects.trusts import Trust, posted_trusts, settled, trusts_at
from projections.subjects.watcher import Watcher, merged, unseen

ASSERTED = "balance-asserted"
REGISTERED = ("party-registered",)
CHECKS = ("stake-disclosed", ASSERTED)
TYPES = (*MOVEMENTS, *CHECKS)


class RegisterAtCut:
    """An issuer's register at a cut, and the disclosures that speak of it.

    ``whole`` folds every movement one by one, also those whose sums are known; without ``checking``
    disclosures, and assertions of what a holder has, are left out; without ``members`` of groups
    what is held through others is not compared.
    """

    def __init__(
        self,
        view: View,
        issuer: str,
        watcher: Watcher | None = None,
        *,
        whole: bool = False,
        checking: bool = True,
        members: Members | None = None,
    ) -> None:
        self.issuer, self.view, self._watcher = issuer, view, watcher
        self.members = members
        self.made_of: dict[Pair, list[Fact]] = defaultdict(list)
        self.moved: dict[Pair, list[Fact]] = defaultdict(list)
        self.disclosures: list[Fact] = []
        self.asserted: list[Fact] = []
        self.trusts: dict[str, Trust | None] = {}
        self.checked: list[CheckedFigure] = []
        self.unchecked: list[Unchecked] = []
        self.restated: list[tuple[Fact, Fact]] = []
        self._several: dict[str, bool] = {}
        self._that_day, self._whole, self._checking = view, whole, checking

    @cached_property
    def register(self) -> Register:
        """The balances, as far as it is walked."""
        posted = NOTHING if self._whole else self.view.posted(self.issuer)
        return Register(posted, self.view.across.around(self.issuer))

    @cached_property
    def _found(self) -> Slice:
        watched = self._watcher.types if self._watcher else ()
        types = (TYPES if self._checking else (*MOVEMENTS, ASSERTED)) + watched
        about = f"issuer:{self.issuer}"
        view, whole = self.view, self._whole
        of = view.history.mentioning if whole else view.history.unposted
        gather_sources(of(about, types), view.history)
        return (view.about if whole else view.unposted)(about, types=types)

    @cached_property
    def counted(self) -> Sequence[Fact]:
        """The facts that count, in the order of the fold."""
        return self._found.counted

    @cached_property
    def _watched(self) -> Mapping[int, Fact]:
        """The movements known by their sums that the watcher needs to see, by their positions."""
        if self._watcher is None or self._whole:
            return {}
        return unseen(self._watcher.watched(self.view, self.issuer), self.counted)

    @property
    def possible(self) -> Sequence[Possible]:
        """What is possible at the cut, also in the registers that this one rests on."""
        own = {possible.fact.recorded.position for possible in self._found.possible}
        read = (p for p in self.read.possible if p.fact.recorded.position not in own)
        return [*self._found.possible, *read]

    @cached_property
    def read(self) -> Slice:
        """The movements of other registers that this one rests on."""
        return self.view.across.read_by(self.issuer)

    @cached_property
    def _placed(self) -> Sequence[Fact]:
        return [f for f in self._found.certain if f.type in PLACING]

    def to_cut(self) -> Self:
        """Walk to the cut; returns itself."""
        self._walk(self.view.cut.as_of, self._placed, merged(self.counted, self._watched))
        return self

    def to(self, fact: Fact) -> Self:
        """Walk to just before one of its own facts; returns itself."""
        places = (n for n, one in enumerate(self.counted) if one.key == fact.key)
        coming = merged(self.counted[: next(places)], self._watched, fact.order)
        self._walk(self.view.cut.as_of, self._placed, coming)
        return self

    def _walk(self, day: str, placed: Sequence[Fact], coming: Sequence[Fact]) -> None:
        self._settle_trusts(day, placed)
        for today, group in groupby(coming, key=lambda fact: fact.order[0]):
            facts = list(group)
            for fact in facts:
                self._see(fact)
            self.register.advance(end_of(today))
            said = [f for f in facts if f.type in CHECKS and (self._checking or "total" in f.data)]
            for fact in sorted(said, key=lambda fact: fact.type):  # totals before what is of them
                self._check(fact)
        self.register.advance(end_of(day))

    @cached_property
    def replayed(self) -> RegisterAtCut:
        """The same, with every movement replayed one by one and none looked up."""
        return register_at_cut(self.view, self.issuer, whole=True, checking=False)

    @property
    def day(self) -> str:
        """The day at the end of which it stands."""
        return self.view.cut.as_of

    @property
    def spans(self) -> bool:
        """Whether any event that made the balances is dated by several days."""
        facts = [*self.counted, *self.read.counted]
        dated = (f.effective for f in facts if f.type not in CHECKS and f.effective)
        return any(days.first < days.last for days in dated)

    @property
    def classes(self) -> list[str]:
        """The classes with any share in issue, sorted."""
        return self.register.classes

    @cached_property
    def terms(self) -> ClassTerms:
        """The terms of the issuer's classes at the cut."""
        return class_terms(self.view, self.issuer)

    @property
    def capital(self) -> list[str]:
        """The classes in issue that are shares, and so capital of the issuer, sorted."""
        return [c for c in self.classes if self.terms.of(c).is_capital]

    @property
    def emptied(self) -> list[str]:
        """The classes of which shares were in issue before and none are now, sorted."""
        posted, now = self.register.posted, self.register.fold_key
        moved = {share_class for share_class, _ in self.moved}
        moved |= {c for c in posted.classes if posted.has_posting(c, None, None, now)}
        return sorted(moved.difference(self.classes))

    def without_terms(self) -> list[str]:
        """The trusts that hold shares and of which no event at the cut tells the terms."""
        held = {
            account for c in self.classes for account in self.trusts if self.has_line(c, account)
        }
        return sorted(name for name in held if self.trusts[name] is None)

    @property
    def digits(self) -> int:
        """The most decimals of the shares of any class in issue."""
        return max(map(self.register.digits, self.classes), default=0)

    def count(self, share_class: str, shares: int | Fraction) -> str:
        """A number of shares of a class as text."""
        return whole(shares, self.register.digits(share_class))

    def view_on(self, day: str) -> View:
        """Its view as of a day, the same one when it is asked again."""
        if self._that_day.cut.as_of != day:
            self._that_day = self.view.on(day)
        return self._that_day

    def on(self, day: str) -> RegisterAtCut | None:
        """The same on another day; None where that is after the cut."""
        if day > self.view.cut.as_of:
            return None
        return register_at_cut(self.view_on(day), self.issuer, checking=False, members=self.members)

    def has_line(self, share_class: str, holder: str) -> bool:
        """Whether any movement ever named the holder in the class."""
        return self.register.has_line(share_class, account_of(share_class, holder))

    def accounts_of(self, party: str) -> list[str]:
        """A party's own account, and those of the trusts it benefits from or is trustee of."""
        trusts = [name for name, t in self.trusts.items() if t and t.is_for(party)]
        own = account_of(f"{self.issuer}/", party)
        return list(dict.fromkeys([own, *sorted(trusts)]))

    def days_moved(self, dated: Days) -> set[str]:
        """The days of an interval on which any movement changes the register."""
        posted, after = self.register.posted, (dated.first, -1, 0)
        upto = min(end_of(dated.last), self.register.fold_key)
        days = {day for c in posted.classes for day in posted.days(c, None, after, upto)}
        replayed = {f.order[0] for facts in self.moved.values() for f in facts}
        for segment in (t for c in self.register.classes_moved for t in self.register.segments(c)):
            replayed |= {fact.order[0] for fact in segment.by}
        return days | {day for day in replayed if dated.first <= day <= dated.last}

    def moved_after(self, account: str, day: str) -> bool:
        """Whether any movement after a day touched an account."""
        after, register = end_of(day), self.register
        facts = [f for (_, of), moved in self.moved.items() if of == account for f in moved]
        if any(fact.order[0] > day for fact in facts):
            return True
        for segment in (t for c in register.classes_moved for t in register.segments(c)):
            upto = segment.upto or register.fold_key
            start = max(after, segment.after or after)
            if register.posted.has_posting(segment.share_class, account, start, upto):
                return True
            scaled = any(fact.order[0] > day for fact in segment.by)
            if scaled and register.posted.has_posting(
                segment.share_class, account, segment.after, upto
            ):
                return True
        return False

    def last_movement(self, share_class: str | None, account: str | None, day: str) -> Fact | None:
        """The last movement by a day that touched an account (None: any) of a class (None: any)."""
        made = [
            fact
            for (of, on), facts in self.moved.items()
            if share_class in (None, of) and account in (None, on)
            for fact in facts
            if fact.order[0] <= day
        ]
        register, upto = self.register, min(end_of(day), self.register.fold_key)
        for one in register.classes_moved:  # a class may have become another since
            for segment in register.segments(one):
                made += self._scaled(share_class, segment, account, upto)
        classes = register.posted.classes if share_class is None else (share_class,)
        last = filter(None, (register.posted.last(one, account, upto) for one in classes))
        posted = self.view.history.at_each([position for _, _, position in last])
        made += filter(None, map(self.view.fact, posted))
        return max(made, key=lambda fact: fact.order, default=None)

    def _scaled(
        self, share_class: str | None, segment: Segment, account: str | None, upto: FoldKey
    ) -> list[Fact]:
        """What set an account of a class (None: any) by a moment, of what multiplied a segment."""
        posted, of = self.register.posted, segment.share_class
        by = [
            fact
            for fact in segment.by
            if fact.order <= upto
            and share_class in (None, fact.text("into_class") or fact.need("share_class"))
        ]
        has_posting = by and posted.has_posting(of, account, segment.after, by[-1].order)
        return by if has_posting else []

    @cached_property
    def _named(self) -> set[str]:
        """The accounts that the replayed movements name, its own and those that it rests on."""
        found = (f for f in (*self._found.certain, *self.read.certain) if f.type in MOVEMENTS)
        return {account for fact in found for account in named(fact.type, fact.data)}

    def _may_hold(self, account: str) -> bool:
        """Whether a movement of any day names an account here, or in what the register rests on."""
        return account in self._named or any(
            posted.has_posting(share_class, account, None, end_of(FOREVER))
            for posted in posted_in(self.view, self.issuer)
            for share_class in posted.classes
        )

    def settled_in(self, view: View) -> list[str]:
        """The trusts settled at the cut of a view that may hold shares on any day."""
        posted = posted_trusts(self.view, (self.issuer, *self.view.across.sources(self.issuer)))
        return [trust for trust in settled(view, posted | self._named) if self._may_hold(trust)]

    def _settle_trusts(self, day: str, placed: Sequence[Fact]) -> None:
        """Find the trusts by their terms, and those that shares were placed in."""
        posted = self.register.posted
        names = [trust for c in posted.classes for trust in posted.trusts(c, end_of(day))]
        names += [fact.need("trust") for fact in placed]
        names += trusts_in(self.view, self.issuer, self.read)
        view = self.view if day == self.view.cut.as_of else self.view.on(day)
        names += self.settled_in(view)
        self.trusts = trusts_at(view, names)

    def _see(self, fact: Fact) -> None:
        if fact.type in MOVEMENTS and fact.recorded.position not in self._watched:
            share_class = fact.need("share_class")
            for pair in self.register.apply(fact):
                if fact.type in RESHAPING and pair[0] != share_class:
                    self.made_of[pair] += self.made_of.pop((share_class, pair[1]), [])
                self.made_of[pair].append(fact)
                self.moved[pair].append(fact)
        elif self._watcher is None and fact.type not in CHECKS:
            raise Unhandled(fact.type, "the register at a cut")
        if self._watcher is not None and fact.type not in CHECKS:
            self.register.advance(fact.order)
            self._watcher.see(fact, self.register)

    def figures(self, fact: Fact) -> Sequence[CheckedFigure]:
        """Each figure of a disclosure or assertion, compared with the register as it stands.

        Empty where the register has nothing to compare with.
        """
        return compared(self, fact).checked

    def disclose(self, fact: Fact) -> None:
        """Take a disclosure into account; one that it restates counts no more."""
        replaced = fact.text("replaces")
        if replaced is not None:
            self.restated += [(one, fact) for one in self.disclosures if one.key == replaced]
            self.disclosures = [one for one in self.disclosures if one.key != replaced]
            self.checked = [one for one in self.checked if one.fact.key != replaced]
            self.unchecked = [one for one in self.unchecked if one.fact.key != replaced]
        self.disclosures.append(fact)

    def tells_position(self, fact: Fact) -> bool:
        """Whether a register tells the position that is disclosed: not where there is none, nor of
        a holder it counts together with others."""
        if classes := classes_meant(self, fact):
            return hidden_in(self, fact, classes) is None
        return bool(self.classes) and fact.text("share_class") is None

    def _check(self, fact: Fact) -> None:
        """Compare a disclosure or assertion with the register at the end of its own day."""
        if fact.type == "stake-disclosed":
            self.disclose(fact)
        elif "total" in fact.data:
            self.asserted.append(fact)
        found = compared(self, fact)
        self.checked += found.checked
        self.unchecked += found.unchecked

    @property
    def known_classes(self) -> int:
        """How many classes of the issuer are created or in issue."""
        return len({*self.terms.created, *self.classes})

    @property
    def agreeing(self) -> int:
        """How many figures agree with the register on their own day."""
        return sum(bool(checked.agrees) for checked in self.checked)

    @property
    def findings(self) -> Sequence[str]:
        """The figures that differ or cannot be compared, in sentences."""
        differ = [differs(one) for one in self.checked if one.agrees is False]
        return [one.sentence.marked for one in self.unchecked] + differ

    def may_hide(self, share_class: str) -> bool:
        """Whether a holder may be among shareholders the register counts together (kind other)."""
        if rest_of(self, share_class) is not None:
            return True
        return any(map(self.counts_several, self.register.held(share_class)))

    def counts_several(self, account: str) -> bool:
        """Whether an account is of several shareholders who are counted together."""
        if not self._several:  # the first of many that are going to be asked about
            held = sorted({f"new-party:{a}" for c in self.classes for a in self.register.held(c)})
            self.view.history.gather(held, REGISTERED)
        if account not in self._several:
            about = self.view.about(f"new-party:{account}", types=REGISTERED)
            self._several[account] = any(f.text("kind") == "other" for f in about.certain)
        return self._several[account]


def register_at_cut(
    view: View,
    issuer: str,
    watcher: Watcher | None = None,
    *,
    whole: bool = False,
    checking: bool = True,
    members: Members | None = None,
) -> RegisterAtCut:
    """The register of an issuer, walked to the cut of a view."""
    at_cut = RegisterAtCut(view, issuer, watcher, whole=whole, checking=checking, members=members)
    return at_cut.to_cut()


def spoken_of(fact: Fact) -> str:
    """The issuer that a movement, disclosure or assertion is about."""
    return fact.text("issuer") or issuer_of(fact.need("share_class"))
