"""Distributions and exchanges against a small program of their own, and their laws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.events.envelope import Recorded
from ledger.time.log import Log
from ledger.time.view import Cut, View
from projections.consistency.checks import check
from projections.subjects.holdings import holdings
from projections.subjects.register_at_cut import register_at_cut
from tests import histories
from tests.histories import Draft
from tests.projections.readmodel.test_histories import index_of

ISSUERS = "corvo", "nido"
CLASSES = tuple(f"{issuer}/common" for issuer in ISSUERS)
HOLDERS = ("ann", "ben", *ISSUERS)
DAYS = tuple(f"2021-{month:02}-{day}" for month in range(1, 7) for day in ("01", "15"))
WORLD: list[Draft] = [
    *(
        ("party-registered", f"party-{p}", {"party": p, "kind": "other", "name": p})
        for p in HOLDERS
    ),
    *(
        ("share-class-created", f"class-{c[:4]}", {"share_class": c, "votes_per_share": "1"})
        for c in CLASSES
    ),
    *(
        ("register-opened", f"opened-{c[:4]}-{p}", {
            "share_class": c, "holder": p, "shares": shares, "effective_on": "2020-01-01",
            "standing": "official",
        })
        for c in CLASSES
        for p, shares in zip(HOLDERS, ("701", "310", "55", "120"), strict=True)
    ),
]  # fmt: skip


def drawn(numbers: Sequence[int]) -> Iterator[Draft]:
    """Movements in two registers that read each other, and amendments, each from a number."""
    yield from WORLD
    for place, number in enumerate(numbers):
        random = Random(number)
        if place and random.randrange(5) == 0:
            yield _amendment(random, f"event-{place}", f"event-{random.randrange(place)}")
            continue
        name = random.choice(("transferred", "transferred", "issued", "split", *_ACROSS))
        yield f"shares-{name}", f"event-{place}", _dated(random) | _said(random, name)


def _amendment(random: Random, key: str, event: str) -> Draft:
    data: dict[str, Any] = {"event": event, "because": "misread"}
    data["correction"] = random.choice(("clerical", "new-information"))
    data["known_on"] = random.choice(("2021-03", "2021-08-01"))
    changes = (
        {"field": "effective_on", "value": random.choice((*DAYS, "2021-02"))},
        {"field": "shares", "value": "17"},
        {"field": "ratio", "value": "1:3"},
        {"field": "record_on", "value": random.choice(DAYS)},
        {"field": "share_class", "value": random.choice(CLASSES)},
    )
    if random.randrange(3) == 0:
        return "event-retracted", key, data
    return "event-corrected", key, data | {"changes": [random.choice(changes)]}


_ACROSS = ("distributed", "distributed", "exchanged")


def _dated(random: Random) -> dict[str, Any]:
    data = {"effective_on": random.choice(DAYS), "standing": "official"}
    if random.randrange(5) == 0:
        data["effective_on"] = random.choice(("2021-02", "2021-Q2"))
    if random.randrange(4) == 0:
        data["known_on"] = random.choice(("2021-03", "2021-08-01"))
    if random.randrange(6) == 0:
        data["standing"] = "reported"
    return data


def _said(random: Random, name: str) -> dict[str, Any]:
    one, other = random.choice(CLASSES), random.choice(CLASSES)
    data: dict[str, Any] = {"share_class": one}
    rounding = {"fractions": random.choice(("down", "up", "nearest", "to-party"))}
    if rounding["fractions"] == "to-party":
        rounding["fractions_to"] = random.choice(HOLDERS)
    match name:
        case "transferred":
            giver, taker = random.sample(HOLDERS, 2)
            return data | {"transferor": giver, "transferee": taker, "shares": "9"}
        case "issued":
            return data | {"holder": random.choice(HOLDERS), "shares": "31"}
        case "split":
            return data | {"ratio": random.choice(("2:1", "1:2")), **rounding}
        case "distributed":
            record = {"record_on": random.choice(DAYS)} if random.randrange(2) else {}
            return data | record | rounding | {
                "distributed_class": other, "ratio": random.choice(("1:5", "1:7", "2:9")),
                "supply": random.choice(("new", "treasury", *HOLDERS)),
                "treasury": random.choice(("excluded", "included")),
            }  # fmt: skip
    taken = {"old_shares": random.choice(HOLDERS)}
    data |= taken if random.randrange(2) else {"holder": random.choice(HOLDERS)}
    return data | ({"into_class": other, "ratio": "3:5", **rounding} if one != other else {})


class Registers:
    """All registers together, event by event in one order: an oracle with no reading back."""

    def __init__(self, view: View) -> None:
        facts = {f.key: f for i in ISSUERS for f in view.about(f"issuer:{i}").counted}
        self.held: dict[str, dict[str, Fraction]] = {c: {} for c in CLASSES}
        moves = [(f.order, 1, f) for f in facts.values() if "share_class" in f.data]
        self.records: dict[str, dict[str, Fraction]] = {}
        for _, _, fact in sorted(
            [*moves, *self._records(f for *_, f in moves)], key=lambda one: one[:2]
        ):
            if isinstance(fact, str):
                key, _, share_class = fact.partition(" ")
                self.records[key] = dict(self.held[share_class])
            elif fact.type.startswith(("shares-", "register-")):
                getattr(self, fact.type.replace("-", "_"))(fact)

    @staticmethod
    def _records(facts: Any) -> Iterator[tuple[Any, int, str]]:
        for fact in facts:
            if fact.text("record_on"):
                end = fact.need("record_on"), 2**63, 0
                yield min(end, fact.order), 0, f"{fact.key} {fact.need('share_class')}"

    def _add(self, share_class: str, party: str, shares: Fraction) -> None:
        self.held[share_class][party] = self.held[share_class].get(party, Fraction()) + shares

    def register_opened(self, fact: Any) -> None:
        self._add(fact.need("share_class"), fact.need("holder"), Fraction(fact.shares()))

    shares_issued = register_opened

    def shares_transferred(self, fact: Any) -> None:
        for field, sign in (("transferor", -1), ("transferee", 1)):
            self._add(fact.need("share_class"), fact.need(field), Fraction(sign * fact.shares()))

    def _rounded(self, fact: Any, exact: dict[str, Fraction]) -> dict[str, Fraction]:
        def one(n: Fraction) -> Fraction:
            up = {"up": -(-n // 1), "nearest": (n + Fraction(1, 2)) // 1}
            return Fraction(up.get(fact.need("fractions"), n // 1))

        found = {party: one(abs(n)) * (1 if n >= 0 else -1) for party, n in exact.items()}
        if fact.need("fractions") == "to-party":
            rest = sum((n - n // 1 for n in exact.values() if n > 0), Fraction()) // 1
            to = fact.need("fractions_to")
            found[to] = found.get(to, Fraction()) + rest
        return found

    def shares_split(self, fact: Any) -> None:
        old = self.held[fact.need("share_class")]
        new = {party: n * fact.ratio() for party, n in old.items()}
        self.held[fact.need("share_class")] = self._rounded(fact, new)

    def _received(self, fact: Any, into: str, counted: dict[str, Fraction]) -> Fraction:
        exact = {party: n * fact.ratio() for party, n in counted.items() if n > 0}
        given = self._rounded(fact, exact)
        for party, n in given.items():
            self._add(into, party, n)
        return sum(given.values(), Fraction())

    def shares_distributed(self, fact: Any) -> None:
        source, into = fact.need("share_class"), fact.need("distributed_class")
        held = dict(self.records.get(fact.key, self.held[source]))
        if fact.need("treasury") == "excluded":
            held.pop(source.partition("/")[0], None)
        total = self._received(fact, into, held)
        if fact.need("supply") != "new":
            treasury = fact.need("supply") == "treasury"
            self._add(into, into.partition("/")[0] if treasury else fact.need("supply"), -total)

    def shares_exchanged(self, fact: Any) -> None:
        source, into, taker = (
            fact.need("share_class"),
            fact.text("into_class"),
            fact.need("old_shares"),
        )
        held, only = dict(self.held[source]), fact.text("holder")
        out = (
            {source.partition("/")[0], (into or "").partition("/")[0], taker} if not only else set()
        )
        concerned = {p: n for p, n in held.items() if only in (None, p)}
        counted = {p: n for p, n in concerned.items() if p not in out and n > 0}
        for party, n in (concerned if taker == "cancelled" else counted).items():
            if taker == "cancelled":
                self._add(source, party, -(n if only is None else max(n, Fraction())))
            else:
                self._add(source, party, -n)
                self._add(source, taker, n)
        if into:
            self._received(fact, into, counted)


def answered(view: View) -> dict[str, dict[str, Fraction]]:
    """What the product says that everybody holds."""
    found: dict[str, dict[str, Fraction]] = {}
    for issuer, share_class in zip(ISSUERS, CLASSES, strict=True):
        held = register_at_cut(view, issuer).register.held(share_class)
        found[share_class] = {account or issuer: n for account, n in held.items()}
    return found


def accepted(numbers: Sequence[int]) -> list[Recorded]:
    return histories.history(list(drawn(numbers)))


_numbers = st.lists(st.integers(0, 2**24 - 1), min_size=3, max_size=14)
_few = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
_cuts = st.builds(
    Cut,
    as_of=st.sampled_from((*DAYS[::3], "9999-12-31")),
    known_by=st.sampled_from(("2021-03-15", "2021-12-31", "9999-12-31")),
    standing=st.sampled_from(("official", "any")),
)


@_few
@given(_numbers, _cuts)
def test_two_registers_that_read_each_other_are_as_an_oracle_has_them(
    numbers: list[int], cut: Cut
) -> None:
    events = accepted(numbers)
    for view in (View(Log(events), cut), View(index_of(events, 2), cut)):
        expected = Registers(view).held
        without_nothing = {c: {p: n for p, n in of.items() if n} for c, of in expected.items()}
        assert answered(view) == without_nothing


@_few
@given(_numbers)
def test_no_share_is_lost_or_below_zero(numbers: list[int]) -> None:
    view = View(Log(accepted(numbers)))
    found = [
        r for r in check(view).rows if r["check"] in ("conservation", "balances_not_below_zero")
    ]
    assert not found
    for of in answered(view).values():
        assert all(n > 0 and n.denominator == 1 for n in of.values())


def test_two_issuers_distribute_each_others_shares_in_turn() -> None:
    turns: list[Draft] = [
        (
            "shares-distributed", f"turn-{turn}",
            {
                "share_class": CLASSES[turn % 2], "distributed_class": CLASSES[1 - turn % 2],
                "ratio": "1:4", "supply": "new", "fractions": "down", "treasury": "included",
                "effective_on": "2021-01-01", "standing": "official",
            },
        )
        for turn in range(6)
    ]  # fmt: skip
    view = View(Log(histories.history([*WORLD, *turns])))
    ann = [701, 701]
    for turn in range(6):
        ann[1 - turn % 2] += ann[turn % 2] // 4
    held = answered(view)
    assert [held[c]["ann"] for c in CLASSES] == ann
    assert held == {c: {p: n for p, n in of.items() if n} for c, of in Registers(view).held.items()}


def test_a_long_chain_of_registers_ends() -> None:
    """A company distributes the shares of the next, four hundred times."""
    count = 400
    names = [f"company-{number}" for number in range(count)]
    official = {"standing": "official", "effective_on": "2021-01-01"}
    drafts: list[Draft] = [WORLD[0]]
    for name in names:
        drafts.append(("party-registered", name, {"party": name, "kind": "company", "name": name}))
        drafts.append(("share-class-created", f"{name}-c", {"share_class": f"{name}/common"}))
    opened = {"share_class": f"{names[0]}/common", "holder": "ann", "shares": "7"}
    drafts.append(("register-opened", "opened", {**opened, **official}))
    for one, other in pairwise(names):
        fields = {"share_class": f"{one}/common", "distributed_class": f"{other}/common"}
        fields |= {"ratio": "1:1", "supply": "new"}
        drafts.append(("shares-distributed", f"from-{one}", {**fields, **official}))
    log = Log()
    for draft in drafts:
        event = histories.made(draft, log)
        assert event is not None
        log.add(event)
    last = register_at_cut(View(log), names[-1]).register
    assert last.shares(f"{names[-1]}/common", "ann") == 7


@pytest.mark.parametrize(
    ("old", "ratio", "new"),
    [
        ("887038000", "871:500", 1545220196),  # PSA into FCA, January 2021
        ("1069837447", "1:2", 534918723),  # Daimler Truck, December 2021
        ("2155000000", "1:5", 431000000),  # Sandoz, October 2023
    ],
)
def test_published_ratios_give_the_published_numbers(old: str, ratio: str, new: int) -> None:
    dated = {"standing": "official", "effective_on": "2021-01-16"}
    opened = {"share_class": "corvo/common", "holder": "ben", "shares": old, **dated}
    terms = {"ratio": ratio, "fractions": "down", "supply": "new", **dated}
    spin = {"share_class": "corvo/common", "distributed_class": "nido/common", **terms}
    drafts = [*WORLD[:6], ("register-opened", "opened", opened), ("shares-distributed", "s", spin)]
    events = histories.history(drafts)
    assert answered(View(Log(events)))["nido/common"] == {"ben": new}


def _official(type_name: str, key: str, day: str, **fields: str) -> Draft:
    return type_name, key, {"standing": "official", "effective_on": day, **fields}


_SPIN = {"share_class": CLASSES[0], "distributed_class": CLASSES[1], "supply": "new"}


@pytest.mark.parametrize(
    ("record", "sold", "lowest", "highest"),
    [
        ({}, "2021-03", 691, 701),  # before or after what is distributed
        ({"record_on": "2021-03-10"}, "2021-03", 691, 701),
        ({"record_on": "2021-02-10"}, "2021-03", 701, 701),  # the record day is over
        ({"record_on": "2021-03-10"}, "2021-01", 691, 691),
    ],
)
def test_a_sale_of_an_uncertain_day_makes_what_is_distributed_a_range(
    record: dict[str, str], sold: str, lowest: int, highest: int
) -> None:
    sale = {"share_class": CLASSES[0], "transferor": "ann", "transferee": "ben", "shares": "10"}
    drafts = [
        *WORLD,
        _official("shares-distributed", "spin", "2021-03-15", **_SPIN, ratio="1:1", **record),
        _official("shares-transferred", "sale", sold, **sale, tense="upcoming"),
    ]
    events = histories.history(drafts)
    assert len(events) == len(drafts)
    for view in (View(Log(events)), View(index_of(events))):
        found = holdings(view, "nido", ranged=True)
        (ann,) = [row for row in found.rows if row["holder"] == "ann"]
        bounds = ann["shares_low"], ann["shares_high"]
        assert bounds == (str(701 + lowest), str(701 + highest))


def test_what_is_only_possible_elsewhere_is_listed() -> None:
    sale = {"share_class": CLASSES[0], "transferor": "ann", "transferee": "ben", "shares": "10"}
    drafts = [
        *WORLD,
        _official("shares-distributed", "spin", "2021-03-15", **_SPIN, ratio="1:1"),
        _official("shares-transferred", "sale", "2021", **sale, tense="upcoming"),
    ]
    view = View(Log(histories.history(drafts)), Cut(as_of="2021-06-30"))
    found = holdings(view, "nido", ranged=True)
    assert [row["event"] for row in found.possible] == ["sale"]
    (ann,) = [row for row in found.rows if row["holder"] == "ann"]
    assert (ann["shares_low"], ann["shares_high"]) == ("1392", "1402")


def test_what_comes_after_the_record_day_makes_no_day_uncertain() -> None:
    issue = {"share_class": CLASSES[0], "holder": "ann", "shares": "31"}
    record = {"record_on": "2021-01-01", "ratio": "1:7", "fractions": "down"}
    drafts = [
        *WORLD,
        _official("shares-distributed", "spin", "2021-Q2", **_SPIN, **record),
        _official("shares-issued", "issue", "2021-05-01", **issue),
    ]
    events = histories.history(drafts)
    for view in (View(Log(events)), View(index_of(events))):
        for issuer in ISSUERS:
            assert not [note for note in holdings(view, issuer).notes if "not known of" in note]
