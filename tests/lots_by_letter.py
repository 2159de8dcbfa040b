"""Lots by the letter of each event, share by share and day by day, without the project's fold or
registers: which shares carry how many times the votes of an ordinary one, and since when they stand
in their holder's name.

The account of a holder is a heap of shares. What an event takes from it or adds to it is the
difference of the balances before and after it, as ``register_by_letter`` has them; which of the
shares those are is said here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import floor
from typing import Any, NamedTuple

from ledger.events.envelope import Recorded
from ledger.model.movements import MOVEMENTS
from ledger.time.view import Cut
from tests.oracle import Oracle, Standing
from tests.register_by_letter import TAKES, Balances, balances_after, exchanged, ratio_of

Pair = tuple[str, str]
Lots = dict[tuple[str, str, str], tuple[Fraction, int, str | None]]  # by class, holder and name
KEPT_ON = ("family-gift", "inheritance", "transmission", "matrimonial", "survivorship", "merger",
           "demerger", "nominee-change")  # fmt: skip
OTHERS = ("double-votes-granted", "double-votes-ended", "registration-changed",
          "share-class-amended")  # fmt: skip
ORDINARY = "ordinary"


class Some(NamedTuple):
    """Some shares alike: of a lot, with its factor and its place among the holder's lots; since the
    day, and in the order, of their entry in the name of the holder, where they are registered."""

    lot: str
    factor: int
    place: int
    entry: tuple[str, int, int]
    bearer: bool
    shares: Fraction


def naive_lots(
    events: Sequence[Recorded], cut: Cut, digits: Mapping[str, int], issuer: str = "acme"
) -> Lots:
    """The shares of each holder by lot, the ordinary ones too; of lots, since when they all stand
    in its name, where the record shows no more shares leave than there were."""
    oracle = Oracle(events, cut)
    told = [one for one in oracle.certain() if one.event.type in (*MOVEMENTS, *OTHERS)]
    told = [one for one in told if not oracle.repeats(one)]
    letter = LotsByLetter(digits)
    for number in range(len(told)):
        letter.read(told[number], told[: number + 1])
    return {key: found for key, found in letter.lots().items() if key[0].startswith(f"{issuer}/")}


class LotsByLetter:
    def __init__(self, digits: Mapping[str, int]) -> None:
        self.digits = digits
        self.balances: Balances = {}
        self.heaps: dict[Pair, list[Some]] = defaultdict(list)
        self.owed: dict[Pair, Fraction] = defaultdict(Fraction)  # shares that were not there
        self.unsure: set[Pair] = set()  # accounts that ever owed any
        self.waiting: dict[Pair, list[Standing]] = defaultdict(list)
        self.order: dict[str, str] = {}
        self.made = 0

    def lots(self) -> Lots:
        found: Lots = {}
        for pair, heap in self.heaps.items():
            over = sum((one.shares for one in heap), Fraction()) - max(
                self.balance(pair), Fraction()
            )
            for one in self.leaving(pair[0], heap):  # no more is in lots than is held
                cut = min(max(over, Fraction()), one.shares)
                over -= cut
                shares, _, since = found.get((*pair, one.lot), (Fraction(), 1, ""))
                if one.shares > cut:
                    entry = max(since or "", one.entry[0])
                    told = None if one.lot == ORDINARY or pair in self.unsure else entry
                    found[(*pair, one.lot)] = shares + one.shares - cut, one.factor, told
        for pair, shares in self.balances.items():
            if shares < 0:
                found[(*pair, ORDINARY)] = shares, 1, None
        return found

    def balance(self, pair: Pair) -> Fraction:
        return self.balances.get(pair, Fraction())

    def read(self, one: Standing, upto: Sequence[Standing]) -> None:
        kind, data, cls = one.event.type, one.data, one.data["share_class"]
        if kind == "double-votes-granted":
            self.grant(one)
        elif kind == "double-votes-ended":
            self.end(data)
        elif kind == "registration-changed":
            self.register(one)
        elif kind == "share-class-amended":
            self.order[cls] = data.get("lot_order", self.order.get(cls, "fewest-votes"))
        else:
            before = self.balances
            moves = [fact for fact in upto if fact.event.type in MOVEMENTS]
            self.balances = balances_after(moves)
            if kind in ("shares-split", "shares-reclassified"):
                self.reshape(one)
            else:
                self.move(one, before, balances_after(moves[:-1]))
            for pair in {*self.heaps, *self.balances}:
                self.level(pair, one)
            if kind == "register-opened":
                for grant in self.waiting.pop((cls, data["holder"]), []):
                    self.grant(grant)

    # What leaves, arrives, and passes

    def move(self, one: Standing, before: Balances, read: Balances) -> None:
        data, passing = one.data, dict[Pair, list[Some]]()
        into = data.get("into_class") if one.event.type == "shares-exchanged" else None
        counted = exchanged(read, data) if one.event.type == "shares-exchanged" else {}
        if into and data.get("votes") != "end":
            for holder, shares in counted.items():
                passing[into, holder] = [
                    some._replace(shares=some.shares * ratio_of(data))
                    for some in self.leave((data["share_class"], holder), shares, {})
                ]
        named = {item["lot"]: Fraction(item["shares"]) for item in data.get("lots", ())}
        for pair in {*before, *self.balances}:
            lost = before.get(pair, Fraction()) - self.balance(pair)
            taken = passing.get((into or "", pair[1]), []) if pair[0] == data["share_class"] else []
            lost -= counted.get(pair[1], Fraction()) if taken else 0
            if lost > 0:
                gone = self.leave(pair, lost, named)
                if one.event.type in TAKES and keeps(data):
                    passing[pair[0], data[TAKES[one.event.type][1]]] = gone
        for pair, came in passing.items():
            if pair[1] != pair[0].partition("/")[0]:  # treasury shares carry no votes
                self.arrive(pair, came)

    def leaving(self, cls: str, heap: Iterable[Some]) -> list[Some]:
        """Shares in the order in which they leave: fewest votes first, then the newest."""
        order = self.order.get(cls, "fewest-votes")
        newest = sorted(
            sorted(heap, key=lambda one: (one.bearer, one.entry), reverse=True),
            key=lambda one: (one.lot != ORDINARY, -one.place),
        )
        if order == "oldest":
            oldest = sorted(heap, key=lambda one: (one.bearer, one.entry))
            return sorted(oldest, key=lambda one: (one.lot == ORDINARY, one.place))
        if order == "newest":
            return newest
        return sorted(
            newest, key=lambda one: one.factor if order == "fewest-votes" else -one.factor
        )

    def leave(self, pair: Pair, shares: Fraction, named: Mapping[str, Fraction]) -> list[Some]:
        """Take shares from a heap: of the lots that are named, then in the order."""
        gone, asked = list[Some](), dict(named)
        for some in self.leaving(pair[0], self.heaps[pair]):
            number = min(some.shares, asked.get(some.lot, Fraction()), shares)
            if number:
                asked[some.lot] -= number
                shares -= number
                gone += self.take(pair, some, number)
        for some in self.leaving(pair[0], self.heaps[pair]):
            if number := min(some.shares, shares):
                shares -= number
                gone += self.take(pair, some, number)
        if shares:
            self.owed[pair] += shares
            self.unsure.add(pair)
        return gone

    def take(self, pair: Pair, some: Some, number: Fraction) -> list[Some]:
        heap = self.heaps[pair]
        heap.remove(some)
        if some.shares > number:
            heap.append(some._replace(shares=some.shares - number))
        return [some._replace(shares=number)]

    def arrive(self, pair: Pair, came: Iterable[Some]) -> None:
        """Add shares that keep their lots, and so their entry; lots of one name go together."""
        heap, came = self.heaps[pair], list(came)
        whole: dict[str, Fraction] = defaultdict(Fraction)
        names: dict[str, tuple[str, int]] = {}
        for some in sorted(came, key=lambda one: self.arrival(pair, one)):
            whole[some.lot] += some.shares
            if some.lot not in names:
                names[some.lot] = self.named(heap, some)
            if some.lot == ORDINARY:
                heap.append(some)
            else:
                lot, place = names[some.lot]
                heap.append(some._replace(lot=lot, place=place))
        for lot, (name, _) in names.items():
            if lot != ORDINARY:
                unit = 10 ** self.digits.get(pair[0], 0)
                self.lessen(pair, name, whole[lot] - Fraction(floor(whole[lot] * unit), unit))

    def arrival(self, pair: Pair, some: Some) -> int:
        kept = [one.lot for one in self.leaving(pair[0], [some])]
        return 0 if kept == [ORDINARY] else some.place

    def named(self, heap: Sequence[Some], some: Some) -> tuple[str, int]:
        """The name under which a lot arrives, and its place: that of one of the same factor."""
        if some.lot == ORDINARY:
            return ORDINARY, 0
        there = {one.lot: one for one in heap if one.lot != ORDINARY}
        same = there.get(some.lot)
        if same is not None and same.factor == some.factor:
            return some.lot, same.place
        self.made += 1
        names = [some.lot, *(f"{some.lot}-{n}" for n in range(2, 99))]
        return next(name for name in names if name not in there), self.made

    def lessen(self, pair: Pair, lot: str, shares: Fraction) -> None:
        """Let some shares of a lot be ordinary, the newest first."""
        for some in self.leaving(pair[0], [s for s in self.heaps[pair] if s.lot == lot]):
            if number := min(some.shares, shares):
                shares -= number
                (less,) = self.take(pair, some, number)
                self.heaps[pair].append(less._replace(lot=ORDINARY, factor=1, place=0))

    def level(self, pair: Pair, one: Standing) -> None:
        """Let a heap be what is held: what there is more came now, after what is owed."""
        heap = self.heaps[pair]
        more = self.balance(pair) - sum((some.shares for some in heap), Fraction())
        more += self.owed[pair]
        paid = min(self.owed[pair], max(more, Fraction()))
        self.owed[pair] -= paid
        more -= paid
        if more > 0:
            heap.append(Some(ORDINARY, 1, 0, one.place, False, more))
        elif more < 0:  # what is over of lots is ordinary, and what is rounded off is of that
            self.leave(pair, -more, {ORDINARY: -more})

    # What changes the shares that are there

    def grant(self, one: Standing) -> None:
        data = one.data
        pair = data["share_class"], data["holder"]
        if pair[1] == pair[0].partition("/")[0]:
            return  # treasury shares carry no votes
        heap, factor, name = (
            self.heaps[pair],
            int(data.get("factor", 2)),
            data.get("lot", one.event.key),
        )
        lots = [some for some in heap if some.lot != ORDINARY]
        if not self.balance(pair) and not lots:
            self.waiting[pair].append(one)
            return
        old = [some for some in lots if some.lot == name]
        ordinary = sorted(
            (s for s in heap if s.lot == ORDINARY and ("shares" in data or not s.bearer)),
            key=lambda s: (s.bearer, s.entry),
        )
        shares = sum((some.shares for some in ordinary), Fraction())
        wanted = min(Fraction(data["shares"]), shares) if "shares" in data else shares
        wanted = Fraction() if old and "shares" not in data else wanted
        place = old[0].place if old else self.made + 1
        self.made = max(self.made, place)
        for some in old:
            heap.remove(some)
            heap.append(some._replace(factor=factor))
        for some in ordinary:
            if number := min(some.shares, wanted):
                wanted -= number
                (granted,) = self.take(pair, some, number)
                heap.append(granted._replace(lot=name, factor=factor, place=place))

    def end(self, data: Mapping[str, Any]) -> None:
        pair, name = (data["share_class"], data["holder"]), data.get("lot")
        self.waiting.pop(pair, None)
        lots = {some.lot: some.place for some in self.heaps[pair] if some.lot != ORDINARY}
        left = Fraction(data["shares"]) if "shares" in data else None
        for lot in sorted(lots, key=lambda lot: -lots[lot]):
            if name in (None, lot):
                there = sum((s.shares for s in self.heaps[pair] if s.lot == lot), Fraction())
                ending = there if left is None else min(left, there)
                left = None if left is None else left - ending
                self.lessen(pair, lot, ending)

    def register(self, one: Standing) -> None:
        """Bearer shares are ordinary, and in nobody's name until they are registered again."""
        data, bearer = one.data, one.data["to"] == "bearer"
        pair, shares = (data["share_class"], data["holder"]), Fraction(data["shares"])
        named = {item["lot"]: Fraction(item["shares"]) for item in data.get("lots", ())}
        if bearer:
            aside = [some for some in self.heaps[pair] if some.bearer]
            self.heaps[pair] = [some for some in self.heaps[pair] if not some.bearer]
            there = sum((some.shares for some in self.heaps[pair]), Fraction())
            changed = self.leave(pair, min(shares, there), named)
            self.heaps[pair] += aside
        else:
            newest = sorted(
                (some for some in self.heaps[pair] if some.lot == ORDINARY),
                key=lambda some: (some.bearer, some.entry),
                reverse=True,
            )
            changed = []
            for some in newest:
                if number := min(some.shares, shares):
                    shares -= number
                    changed += self.take(pair, some, number)
        self.heaps[pair] += [
            some._replace(lot=ORDINARY, factor=1, place=0, entry=one.place, bearer=bearer)
            for some in changed
        ]

    def reshape(self, one: Standing) -> None:
        data = one.data
        cls, into = data["share_class"], data.get("into_class", data["share_class"])
        for pair in [pair for pair in self.heaps if pair[0] == cls]:
            heap = [
                some._replace(shares=some.shares * ratio_of(data)) for some in self.heaps.pop(pair)
            ]
            self.owed[into, pair[1]] += self.owed.pop(pair, Fraction()) * ratio_of(data)
            if pair in self.unsure:
                self.unsure.add((into, pair[1]))
            self.arrive((into, pair[1]), heap)


def keeps(data: Mapping[str, Any]) -> bool:
    kept = data.get("multiple_votes_kept")
    return kept == "yes" or (kept is None and data.get("ground") in KEPT_ON)
