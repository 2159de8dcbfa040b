"""Lots by the letter of each event, without the project's fold or registers: which shares carry how
many times the votes of an ordinary one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import floor
from typing import Any, NamedTuple

from ledger.events.envelope import Recorded
from ledger.model.movements import MOVEMENTS
from ledger.time.view import Cut
from tests.oracle import Oracle
from tests.register_by_letter import TAKES, Balances, move

Pair = tuple[str, str]
Lots = dict[tuple[str, str, str], tuple[Fraction, int]]  # by class, holder and name
KEPT_ON = ("family-gift", "inheritance", "transmission", "matrimonial", "survivorship", "merger",
           "demerger", "nominee-change")  # fmt: skip
OTHERS = ("double-votes-granted", "double-votes-ended", "registration-changed",
          "share-class-amended")  # fmt: skip


class Held(NamedTuple):
    """Shares of a lot."""

    name: str
    shares: Fraction
    factor: int


def naive_lots(events: Sequence[Recorded], cut: Cut, digits: Mapping[str, int]) -> Lots:
    """The shares of each holder by lot, the ordinary ones too."""
    oracle, letter = Oracle(events, cut), _Letter(digits)
    for one in oracle.certain():
        if one.event.type in (*MOVEMENTS, *OTHERS) and not oracle.repeats(one):
            letter.read(one.event.type, one.event.key, one.data)
    return letter.lots()


class _Letter:
    def __init__(self, digits: Mapping[str, int]) -> None:
        self.digits = digits
        self.balances: Balances = defaultdict(Fraction)
        self.granted: dict[Pair, list[Held]] = defaultdict(list)  # the oldest first
        self.waiting: dict[Pair, list[tuple[str, Mapping[str, Any]]]] = defaultdict(list)
        self.order: dict[str, str] = {}

    def lots(self) -> Lots:
        found: Lots = {}
        for (cls, holder), shares in self.balances.items():
            for lot in self.granted[cls, holder]:
                found[cls, holder, lot.name] = lot.shares, lot.factor
                shares -= lot.shares
            if shares:
                found[cls, holder, "ordinary"] = shares, 1
        return found

    def read(self, kind: str, key: str, data: Mapping[str, Any]) -> None:
        cls = data["share_class"]
        if kind in MOVEMENTS:
            move(self.balances, kind, data)
            self.moved(kind, data)
            if kind == "register-opened":
                for name, said in self.waiting.pop((cls, data["holder"]), []):
                    self.grant(name, said)
        elif kind == "double-votes-granted":
            self.grant(key, data)
        elif kind == "double-votes-ended":
            self.end(data)
        elif kind == "registration-changed" and data["to"] == "bearer":
            self.leave((cls, data["holder"]), Fraction(data["shares"]), data)
        elif kind == "share-class-amended" and "lot_order" in data:
            self.order[cls] = data["lot_order"]

    def grant(self, key: str, data: Mapping[str, Any]) -> None:
        pair = data["share_class"], data["holder"]
        if pair[1] == pair[0].partition("/")[0]:
            return  # treasury shares carry no votes
        lots, factor, name = self.granted[pair], int(data.get("factor", 2)), data.get("lot", key)
        if not self.balances[pair] and not lots:
            self.waiting[pair].append((key, data))
            return
        ordinary = max(self.balances[pair] - sum(lot.shares for lot in lots), Fraction())
        shares = min(Fraction(data.get("shares", ordinary)), ordinary)
        for number, lot in enumerate(lots):
            if lot.name == name:
                more = shares if "shares" in data else 0
                lots[number] = Held(name, lot.shares + more, factor)
                return
        if shares:
            lots.append(Held(name, shares, factor))

    def end(self, data: Mapping[str, Any]) -> None:
        pair, name = (data["share_class"], data["holder"]), data.get("lot")
        self.waiting.pop(pair, None)
        left = Fraction(data["shares"]) if "shares" in data else None
        for lot in reversed(list(self.granted[pair])):
            if name in (None, lot.name):
                ending = lot.shares if left is None else min(left, lot.shares)
                left = None if left is None else left - ending
                self.less(pair, lot.name, ending)

    def less(self, pair: Pair, name: str, shares: Fraction) -> None:
        kept = (
            lot._replace(shares=lot.shares - shares) if lot.name == name else lot
            for lot in self.granted[pair]
        )
        self.granted[pair] = [lot for lot in kept if lot.shares > 0]

    def moved(self, kind: str, data: Mapping[str, Any]) -> None:
        cls = data["share_class"]
        if kind in ("shares-split", "shares-reclassified"):
            self.reshape(data)
        elif kind == "shares-converted" and "holder" not in data:
            self.trim(cls)
        elif giver := self.giver(kind, data):
            shares = Fraction(data["shares"])
            gone = self.leave((cls, giver), shares, data, after=True)
            kept = data.get("multiple_votes_kept")
            if kept == "yes" or (kept is None and data.get("ground") in KEPT_ON):
                self.arrive((cls, data[TAKES[kind][1]]), gone)

    def giver(self, kind: str, data: Mapping[str, Any]) -> str | None:
        if kind in TAKES:
            return str(data[TAKES[kind][0]])
        takes = ("shares-repurchased", "shares-cancelled", "shares-converted")
        return data.get("holder") if kind in takes else None

    def leave(
        self, pair: Pair, shares: Fraction, data: Mapping[str, Any], after: bool = False
    ) -> list[Held]:
        """Take shares from lots: those that are said, then in the order of the class."""
        balance = self.balances[pair] + (shares if after else 0)
        said = {one["lot"]: Fraction(one["shares"]) for one in data.get("lots", ())}
        gone: dict[str, Fraction] = defaultdict(Fraction)
        parts = self.parts(pair, balance)
        for asked in (said, {part.name: part.shares for part in parts}):
            for part in parts:
                more = min(asked.get(part.name, Fraction()), part.shares - gone[part.name], shares)
                gone[part.name] += more
                shares -= more
        for part in parts:
            self.less(pair, part.name, gone[part.name])
        lots = (part._replace(shares=gone[part.name]) for part in parts if part.name != "ordinary")
        return [lot for lot in lots if lot.shares]

    def parts(self, pair: Pair, balance: Fraction) -> list[Held]:
        lots = self.granted[pair]
        rest = Held("ordinary", max(balance - sum(lot.shares for lot in lots), Fraction()), 1)
        newest = [rest, *reversed(lots)]
        if (order := self.order.get(pair[0], "fewest-votes")) == "oldest":
            return [*lots, rest]
        if order == "newest":
            return newest
        return sorted(newest, key=lambda p: p.factor if order == "fewest-votes" else -p.factor)

    def arrive(self, pair: Pair, gone: Iterable[Held]) -> None:
        lots = self.granted[pair]
        for part in gone:
            taken = {lot.name: number for number, lot in enumerate(lots)}
            same = taken.get(part.name)
            if same is not None and lots[same].factor == part.factor:
                lots[same] = lots[same]._replace(shares=lots[same].shares + part.shares)
                continue
            names = [part.name, *(f"{part.name}-{n}" for n in range(2, 99))]
            lots.append(part._replace(name=next(name for name in names if name not in taken)))

    def reshape(self, data: Mapping[str, Any]) -> None:
        cls = data["share_class"]
        into, (new, old) = data.get("into_class", cls), data.get("ratio", "1:1").split(":")
        unit = 10 ** self.digits.get(into, 0)
        for pair in [pair for pair in self.granted if pair[0] == cls]:
            scaled = [
                lot._replace(
                    shares=Fraction(floor(lot.shares * Fraction(int(new), int(old)) * unit), unit)
                )
                for lot in self.granted.pop(pair)
            ]
            self.arrive((into, pair[1]), [lot for lot in scaled if lot.shares])
        self.trim(into)

    def trim(self, cls: str) -> None:
        for pair in [pair for pair in self.granted if pair[0] == cls]:
            inside = sum((lot.shares for lot in self.granted[pair]), Fraction())
            over = inside - max(self.balances[pair], Fraction())
            for part in self.parts(pair, inside) if over > 0 else ():
                gone = min(over, part.shares)
                over -= gone
                self.less(pair, part.name, gone)
