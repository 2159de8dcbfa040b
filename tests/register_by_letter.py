"""Balances by the letter of each movement, without the project's fold, register or table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor, lcm
from typing import Any

from ledger.events.envelope import Recorded
from ledger.model.movements import MOVEMENTS
from ledger.time.view import Cut
from tests.dates_by_letter import days_of
from tests.histories import ELSEWHERE, PREFERRED
from tests.oracle import Oracle, Standing

Balances = dict[tuple[str, str], Fraction]
TAKES = {
    "shares-transferred": ("transferor", "transferee"),
    "shares-placed-in-trust": ("holder", "trust"),
    "shares-released-from-trust": ("trust", "transferee"),
}
DECIMAL = (PREFERRED, ELSEWHERE)  # the classes of the histories with one decimal
ROUNDING: Mapping[str | None, Callable[[Fraction], int | Fraction]] = {
    None: lambda size: size,
    "refuse": lambda size: size,
    "down": floor,
    "cash": floor,
    "to-party": floor,
    "up": ceil,
    "nearest": lambda size: floor(size + Fraction(1, 2)),
}


def naive_holdings(events: Sequence[Recorded], cut: Cut) -> Balances:
    """Balances by the letter of the three clocks; treasury shares are the issuer's."""
    oracle = Oracle(events, cut)
    certain = [one for one in oracle.certain() if one.event.type in MOVEMENTS]
    found = balances_after([one for one in certain if not oracle.repeats(one)])
    return {account: shares for account, shares in found.items() if shares}


def balances_after(facts: Sequence[Standing]) -> Balances:
    """What the accounts have after facts in the order of the fold."""
    balances: Balances = defaultdict(Fraction)
    for number, one in enumerate(facts):
        if one.event.type in ("shares-distributed", "shares-exchanged"):
            record_on = one.data.get("record_on")
            last = days_of(record_on)[1] if record_on else one.place[0]
            read = balances_after([f for f in facts[:number] if f.place[0] <= last])
            across(balances, read, one.event.type, one.data)
        else:
            move(balances, one.event.type, one.data)
    return balances


def move(balances: Balances, kind: str, data: Mapping[str, Any]) -> None:
    cls, count = data["share_class"], Fraction(data.get("shares", 0))
    issuer = cls.partition("/")[0]
    if kind in ("shares-issued", "register-opened"):
        balances[cls, data["holder"]] += count
    elif kind in TAKES:
        giver, taker = TAKES[kind]
        balances[cls, data[giver]] -= count
        balances[cls, data[taker]] += count
    elif kind == "shares-repurchased":
        balances[cls, data["holder"]] -= count
        balances[cls, issuer] += 0 if data.get("then") == "cancelled" else count
    elif kind == "shares-cancelled":
        balances[cls, data.get("holder", issuer)] -= count
    elif kind in ("shares-converted", "shares-split", "shares-reclassified"):
        reshape(balances, kind, data)
    elif kind == "instrument-exercised":
        exercise(balances, data)
    else:
        raise AssertionError(f"say here what {kind} does, by the letter")


def exercise(balances: Balances, data: Mapping[str, Any]) -> None:
    cls, count = data["share_class"], int(data.get("shares", data["quantity"]))
    giver = {"treasury": cls.partition("/")[0], "transfer": data.get("counterparty")}
    taker = data["holder"]
    if data["settled"] == "cash":
        return
    if data.get("delivers") == "holder":
        taker, giver["transfer"] = data["counterparty"], data["holder"]
    balances[cls, taker] += count
    if data["settled"] in giver:
        balances[cls, giver[data["settled"]]] -= count


def reshape(balances: Balances, kind: str, data: Mapping[str, Any]) -> None:
    cls, ratio = data["share_class"], ratio_of(data)
    used = held(balances, cls)
    if "holder" in data:
        used = {data["holder"]: Fraction(data["shares"])}
    elif kind == "shares-converted" and "fractions" not in data:
        step = dividing(cls, data["into_class"], ratio)
        used = {holder: shares - fmod(shares, step) for holder, shares in used.items()}
    into = data.get("into_class", cls)
    for holder, shares in used.items():
        balances[cls, holder] -= shares
    given = receive(balances, into, used, data)
    supply(balances, into, given, data)


def dividing(cls: str, into: str, ratio: Fraction) -> Fraction:
    """The fewest shares of a class that become shares of another without a fraction."""
    one, two = (Fraction(1, 10 if of in DECIMAL else 1) for of in (cls, into))
    both = lcm(one.denominator, (two / ratio).denominator)
    return Fraction(lcm(int(one * both), int(two / ratio * both)), both)


def across(balances: Balances, read: Balances, kind: str, data: Mapping[str, Any]) -> None:
    cls = data["share_class"]
    issuer = cls.partition("/")[0]
    holders = {holder: shares for holder, shares in held(read, cls).items() if shares > 0}
    if kind == "shares-distributed":
        if data.get("treasury") != "included":
            holders.pop(issuer, None)
        into = data["distributed_class"]
        supply(balances, into, receive(balances, into, holders, data), data)
        return
    old, into = data.get("old_shares", "cancelled"), data.get("into_class")
    counted = exchanged(read, data)
    if "holder" in data:
        holders = {data["holder"]: holders.get(data["holder"], Fraction())}
    ending = counted if old != "cancelled" else holders if "holder" in data else held(read, cls)
    for holder, shares in ending.items():
        balances[cls, holder] -= shares
        if old != "cancelled":
            balances[cls, old] += shares
    if into:
        receive(balances, into, counted, data)


def exchanged(read: Balances, data: Mapping[str, Any]) -> dict[str, Fraction]:
    """The shares of each holder that an exchange takes in, given what they have."""
    cls = data["share_class"]
    old, into = data.get("old_shares", "cancelled"), data.get("into_class")
    holders = {holder: shares for holder, shares in held(read, cls).items() if shares > 0}
    named = {one["holder"]: one.get("shares") for one in data.get("excluded", ())}
    if "holder" in data:
        holders = {data["holder"]: holders.get(data["holder"], Fraction())}
    elif not named:
        parties = (cls.partition("/")[0], old, data.get("paid_by"), into and into.partition("/")[0])
        named = dict.fromkeys(filter(None, parties))
    counted = dict(holders)
    for holder in named.keys() & holders.keys():
        out = named[holder]
        counted[holder] = max(Fraction(), holders[holder] - int(out)) if out else Fraction()
    return counted


def receive(
    balances: Balances, into: str, holders: Mapping[str, Fraction], data: Mapping[str, Any]
) -> Fraction:
    """Give each holder what the ratio makes of its shares; the sum of what is given."""
    parts, given = Fraction(), Fraction()
    for holder, shares in holders.items():
        exact, way = shares * ratio_of(data), data.get("fractions")
        unit = Fraction(1, 10 if into in DECIMAL and way == "issue" else 1)
        way = "nearest" if way == "issue" else way
        whole = ROUNDING[way](abs(exact) / unit) * unit * (1 if exact > 0 else -1)
        parts += exact % 1 if exact > 0 else 0
        balances[into, holder] += whole
        given += whole
    if data.get("fractions") == "to-party":
        balances[into, data["fractions_to"]] += floor(parts)
        given += floor(parts)
    return given


def supply(balances: Balances, into: str, given: Fraction, data: Mapping[str, Any]) -> None:
    if data.get("supply", "new") != "new":
        giver = into.partition("/")[0] if data["supply"] == "treasury" else data["supply"]
        balances[into, giver] -= given


def held(balances: Balances, cls: str) -> dict[str, Fraction]:
    return {holder: shares for (owned, holder), shares in balances.items() if owned == cls}


def ratio_of(data: Mapping[str, Any]) -> Fraction:
    return Fraction(*map(int, data.get("ratio", "1:1").split(":")))


def fmod(number: Fraction, by: Fraction) -> Fraction:
    return number % by if number > 0 else -(-number % by)
