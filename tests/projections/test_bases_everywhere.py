"""Each base is one number, whoever asks for it: votes, holdings, thresholds, clauses, control."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.time.log import Log
from ledger.time.view import Cut, View
from projections.changes.impact import impact
from projections.control.beneficial import beneficial
from projections.control.network import Network
from projections.control.structure import Structures
from projections.obligations.breaches import breaches
from projections.obligations.figures import Standing
from projections.radar.positions import Base, Positions
from projections.subjects.bases import classes_of
from projections.subjects.diluted import diluted
from projections.subjects.holdings import holdings
from projections.subjects.register_at_cut import register_at_cut
from tests import histories
from tests.counted import count_on, votes
from tests.histories import Draft
from tests.projections.obligations.agreed import pact
from tests.projections.subjects.record import (
    COMMON,
    PREFERRED,
    at,
    columns,
    on,
    opened,
    record,
    recorded,
    settled,
)

SHARES = ("issued", "outstanding", "capital", "capital-par")
VOTES = ("gross-votes", "held-votes", "net-votes")
Numbers = Mapping[str, Fraction | None]


def number(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def counted(view: View) -> Numbers:
    at_cut = register_at_cut(view, "acme")
    count = count_on(at_cut, view.cut.as_of)
    return {base: count.whole(base, classes_of(at_cut, None)) for base in (*SHARES, *VOTES)}


def by_votes(view: View) -> Iterator[tuple[str, Fraction | None]]:
    for row in votes(view, "acme").rows:
        for base in VOTES if row["gross"] is not None else ():
            yield base, number(row[base.replace("-", "_")])  # type: ignore[literal-required]


def by_holdings(view: View) -> Iterator[tuple[str, Fraction | None]]:
    rows = {row["share_class"]: row for row in holdings(view, "acme").rows}
    capital = [rows[c] for c in register_at_cut(view, "acme").capital]
    yield "issued", sum((Fraction(row["issued"] or 0) for row in capital), Fraction())
    yield "outstanding", sum((Fraction(row["outstanding"] or 0) for row in capital), Fraction())


def by_thresholds(view: View) -> Iterator[tuple[str, Fraction | None]]:
    for step in [*Positions.of(view, "acme").steps()][-1:]:
        for base in ("capital", "capital-par", *VOTES):
            whole = step.after.whole(Base(base))
            yield base, whole and whole.number


def by_clauses(view: View) -> Iterator[tuple[str, Fraction | None]]:
    at_day = Standing(view, "acme")
    yield from ((base, at_day.base(base)) for base in (*SHARES, *VOTES))


def by_control(view: View) -> Iterator[tuple[str, Fraction | None]]:
    network = Network(view)
    known = network.company("acme")
    if known.is_counted:
        yield from ((base, known.totals.whole(base)) for base in VOTES)
        for electorate in Structures(network).of(["acme"]).electorates.values():
            yield electorate.of, electorate.base
    if known.has_register:
        yield from ((base, known.in_issue.whole(base, known.capital)) for base in SHARES)


ASKED = (by_votes, by_holdings, by_thresholds, by_clauses, by_control)


def agree(view: View) -> Numbers:
    """Check that all who ask are told the same; of nothing there is no part."""
    numbers = counted(view)
    for ask in ASKED:
        for base, told in ask(view):
            assert (told or None) == (numbers[base] or None), (ask.__name__, base)
    return numbers


def total(name: str, shares: int, day: str = "2021-01-01") -> Draft:
    said = {"share_class": COMMON, "total": name, "shares": str(shares)}
    return on(day, f"total-{name}", "balance-asserted", **said)


def par(share_class: str, price: str) -> Draft:
    of = {"share_class": share_class, "par_value": price}
    return on("2020-01-01", f"par-{share_class[5:]}", "share-class-amended", **of)


OWN, PART = opened("acme", 100), (opened("alice", 300), opened("bob", 100))
BOTH = (*PART, opened("carol", 20, PREFERRED))
LATE = on("2020-06-01", "late", "voting-rights-suspended", issuer="acme", holder="bob", reason="x")
SALE = "shares-transferred"
FLOW = on("2022-01-01", "sold", SALE, share_class=COMMON, transferor="alice",
          transferee="bob", shares="50")  # fmt: skip


@pytest.mark.parametrize(
    ("events", "told"),
    [
        ((*PART, OWN), {"issued": 500, "outstanding": 400, "gross-votes": 500, "held-votes": 400}),
        ((*PART, LATE), {"gross-votes": 400, "held-votes": 400, "net-votes": 300}),
        ((*PART, total("issued", 1000)), dict.fromkeys((*SHARES, *VOTES), 1000)),
        ((*PART, total("issued", 1000), FLOW), dict.fromkeys((*SHARES, *VOTES), 1000)),
        ((*PART, total("held-votes", 900)), {"issued": 400, "held-votes": 900, "net-votes": 900}),
        ((*PART, total("outstanding", 1000), opened("public", 50)), {"issued": 450}),
        (BOTH, {"capital": 420, "capital-par": None, "held-votes": 600}),
        ((*BOTH, par(COMMON, "EUR 1")), {"capital-par": None}),
        ((*BOTH, par(COMMON, "EUR 1"), par(PREFERRED, "USD 5")), {"capital-par": None}),
        ((*BOTH, par(COMMON, "EUR 1"), par(PREFERRED, "EUR 5")), {"capital-par": 500}),
        ((par(COMMON, "EUR 5"), *PART), {"capital-par": 400}),
    ],
)  # fmt: skip
def test_a_base_is_one_number_whoever_asks(
    events: tuple[Draft, ...], told: dict[str, int | None]
) -> None:
    numbers = agree(at(record(*events), as_of="2023-01-01"))
    assert {base: numbers[base] for base in told} == told


GOLDEN: Draft = (
    "share-class-created",
    "class-golden",
    {"share_class": "acme/golden", "kind": "voting", "votes_per_share": "1000"},
)


def test_a_class_of_votes_alone_is_in_no_base_of_capital() -> None:
    cap = on("2020-02-01", "cap", "voting-cap-agreed", issuer="acme", holder="carol", percent="10",
             base="capital")  # fmt: skip
    view = at(record(GOLDEN, *PART, opened("carol", 1, "acme/golden"), cap))
    numbers = agree(view)
    assert (numbers["capital"], numbers["issued"], numbers["held-votes"]) == (400, 400, 1400)
    limits = {row["holder"]: row["limit"] for row in votes(view, "acme").rows}
    assert limits["carol"] == "40"


def test_a_cap_of_capital_by_par_value_is_a_number_where_all_have_the_same_par() -> None:
    cap = on("2020-02-01", "cap", "voting-cap-agreed", issuer="acme", holder="alice", percent="10",
             base="capital-par")  # fmt: skip
    for preferred, limit in (("EUR 5", "42"), ("EUR 1", None)):
        pars = par(COMMON, "EUR 5"), par(PREFERRED, preferred)
        rows = votes(at(record(*BOTH, *pars, cap)), "acme").rows
        assert {row["holder"]: row["limit"] for row in rows}["alice"] == limit


MOVING = ("shares-issued", "shares-transferred", "shares-repurchased", "shares-cancelled",
          "shares-split", "register-opened", "balance-asserted", "voting-rights-suspended",
          "double-votes-granted", "share-class-amended")  # fmt: skip


@settings(max_examples=10)
@given(st.data())
def test_each_base_is_one_number_over_random_histories(data: st.DataObject) -> None:
    drafts = data.draw(histories.drafts(among=MOVING, amendments=False))
    log = Log(histories.history(drafts))
    agree(View(log, Cut(as_of=data.draw(st.sampled_from(histories.CUTS)))))


def test_a_share_in_trust_is_in_the_base_as_any_other() -> None:
    placed = on("2020-02-02", "placed", "shares-placed-in-trust", trust="acme-trust",
                share_class=COMMON, holder="alice", shares="40")  # fmt: skip
    assert agree(at(record(*PART, settled(), placed)))["net-votes"] == 400


@pytest.mark.parametrize(
    ("to", "percents"), [("bob", ("30.00", "25.00")), ("public", ("30.00", "62.50"))]
)
def test_impact_reads_a_register_known_in_part_as_answers_do(
    to: str, percents: tuple[str, str]
) -> None:
    """What passes to shareholders who are counted together leaves nobody else to hold the rest."""
    sale = {"share_class": COMMON, "transferor": "alice", "transferee": to, "shares": "50"}
    events = recorded(*PART, total("issued", 1000), on("2022-01-01", "sold", SALE, **sale))
    before, (new,) = Log(events[:-1]), events[-1:]
    after = Log([new], before)
    changes = impact(before, after, [new]).changes
    said = {(c["answer"], c["row"]): c["fields"]["percent"] for c in changes
            if "percent" in c["fields"]}  # fmt: skip
    assert tuple(said["holdings", f"{COMMON} alice"]) == percents
    day = Cut(as_of="2022-01-01")
    rows = [holdings(View(log, day), "acme").rows for log in (before, after)]
    assert percents == tuple(
        row["percent"] for found in rows for row in found if row["holder"] == "alice"
    )


def test_a_ceiling_is_kept_from_the_day_on_which_a_total_tells_of_more_shares() -> None:
    ceiling = {"clause": "c", "kind": "standstill", "party": "bob", "percent": "20"}
    events = *PART, *pact(ceiling | {"base": "issued"}), total("issued", 1000, "2023-06-01")
    rows = breaches(at(record(*events)), "pact").rows
    assert columns(rows, "verdict", "from", "until", "measured", "closed_by") == [
        ("breaches", "2023-01-01", "2023-06-01", "25.0000", "total-issued")
    ]


def test_owners_and_diluted_shares_leave_room_for_who_is_not_known() -> None:
    view = at(record(*PART, total("issued", 1000)))
    assert ("alice", "300", "30.00") in columns(
        beneficial(view, "acme").rows, "economic_owner", "shares", "percent"
    )
    assert columns(diluted(view, "acme").rows, "holder", "diluted", "percent") == [
        ("not known", "600", "60.00"), ("alice", "300", "30.00"), ("bob", "100", "10.00"),
        (None, "1000", "100.00"),
    ]  # fmt: skip


def test_what_classes_add_to_a_base_makes_all_of_it() -> None:
    view = at(record(*BOTH, OWN, par(COMMON, "EUR 1"), par(PREFERRED, "EUR 5")))
    standing = Standing(view, "acme")
    for base in SHARES:
        for share_class in (None, COMMON):
            each = standing.by_class(base, share_class)
            assert sum(each.values()) == standing.base(base, share_class)
    assert standing.by_class("capital-par", COMMON) == {COMMON: 500, PREFERRED: 100}
