"""Agreements as they are found in public filings, each with a history, worked by hand."""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.histories import Draft
from tests.projections.subjects.record import on

SHARES = "co/common"
START = "2021-01-01"
Said = tuple[str, str, str, str | None]  # of an event: clause, verdict, measured or number, limit
Broken = tuple[str, str, str | None, str | None, str | None]


class Filed(NamedTuple):
    """An agreement: what is on record before, what comes, and by hand what clauses say of it, and
    from when to when each is broken, by what and till what."""

    before: list[Draft]
    comes: list[Draft]
    said: dict[str, list[Said]]
    broken: list[Broken]


def _parties(*ids: str) -> list[Draft]:
    return [
        ("party-registered", f"party-{id}", {"party": id, "kind": "company", "name": id.title()})
        for id in ids
    ] + [("share-class-created", "class", {"share_class": SHARES})]


def _held(**held: int) -> list[Draft]:
    return [
        on(START, f"open-{holder}", "register-opened", share_class=SHARES, holder=holder,
           shares=str(shares))
        for holder, shares in held.items()
    ]  # fmt: skip


def _agreed(
    parties: list[str], clauses: list[dict[str, Any]], *exceptions: dict[str, Any]
) -> list[Draft]:
    of_co = [{"issuer": "co", "text": "as agreed"} | one for one in clauses]
    return [
        on(START, "signed", "agreement-signed", agreement="filed", title="Filed", parties=parties,
           clauses=of_co, exceptions=list(exceptions)),
        on(START, "force", "agreement-in-force", agreement="filed"),
    ]  # fmt: skip


def _sold(day: str, key: str, giver: str, taker: str, shares: int, **fields: Any) -> Draft:
    of = {"share_class": SHARES, "transferor": giver, "transferee": taker, "shares": str(shares)}
    return on(day, key, "shares-transferred", **of | fields)


def _notice(day: str, key: str) -> Draft:
    return on(day, key, "notice-given", kind="exercise", by="joint", to=["group"],
              agreement="filed", clause="put")  # fmt: skip


# A combination of two car makers: ceilings for seven years and lock-ups for three, with exceptions
# for a family that may buy from two others, and for a state bank that may sell 2.5% in all.
_COMBINED = Filed(
    [
        *_parties("holding", "family", "bank", "maker", "co", "market"),
        *_held(holding=1440, family=720, bank=620, maker=560, market=6660),
        *_agreed(
            ["holding", "family", "bank", "maker", "co"],
            [
                {"clause": "family", "kind": "standstill", "party": "family", "percent": "7.2",
                 "base": "issued", "until": "2028-01-17"},
                {"clause": "ceiling", "kind": "standstill", "party": "family", "percent": "8.7",
                 "base": "issued", "until": "2028-01-17"},
                {"clause": "holding", "kind": "standstill", "party": "holding", "percent": "14.4",
                 "base": "issued", "until": "2028-01-17"},
                {"clause": "bank", "kind": "lock-up", "party": "bank", "until": "2024-01-17"},
            ],
            {"clause": "family", "transferor": "maker"},
            {"clause": "family", "transferor": "bank"},
            {"clause": "bank", "percent": "2.5"},
        ),
    ],
    [
        _sold("2021-03-01", "some", "bank", "market", 150),
        _sold("2021-06-01", "from-maker", "maker", "family", 100),
        _sold("2021-07-01", "more", "bank", "market", 101),
        _sold("2021-08-01", "rest", "bank", "market", 100),
        _sold("2021-09-01", "on-market", "market", "family", 10),
        _sold("2022-01-01", "from-maker-too", "maker", "family", 50),
        on("2022-06-01", "cancelled", "shares-cancelled", share_class=SHARES, holder="market",
           shares="500"),
        _sold("2024-01-17", "last-day", "bank", "market", 10),
        _sold("2024-01-18", "day-after", "bank", "market", 10),
        _sold("2028-01-17", "bought", "market", "holding", 10),
        _sold("2028-01-18", "bought-after", "market", "holding", 10),
    ],
    {
        "some": [("bank", "permitted", "", None)],  # 150 of the 250
        "from-maker": [
            ("family", "permitted", "8.2000", "7.2"), ("ceiling", "permitted", "8.2000", "8.7"),
        ],
        "more": [("bank", "breaches", "", None)],  # 251 in all
        "rest": [("bank", "permitted", "", None)],  # 250 in all, as the breach used none of them
        "on-market": [
            ("family", "breaches", "8.3000", "7.2"), ("ceiling", "permitted", "8.3000", "8.7"),
        ],
        "from-maker-too": [
            ("ceiling", "breaches", "8.8000", "8.7"), ("family", "permitted", "8.8000", "7.2"),
        ],
        "cancelled": [
            ("family", "noted", "9.2632", "7.2"), ("ceiling", "noted", "9.2632", "8.7"),
            ("holding", "noted", "15.1579", "14.4"),
        ],
        "last-day": [("bank", "breaches", "", None)],
        "day-after": [],
        "bought": [("holding", "breaches", "15.2632", "14.4")],
        "bought-after": [],
    },
    [
        ("family", "2021-09-01", "2028-01-18", "on-market", None),
        ("ceiling", "2022-01-01", "2028-01-18", "from-maker-too", None),
        ("holding", "2022-06-01", "2028-01-17", "cancelled", "bought"),
        ("holding", "2028-01-17", "2028-01-18", "bought", None),
        ("bank", "2021-07-01", "2021-07-02", "more", None),
        ("bank", "2024-01-17", "2024-01-18", "last-day", None),
    ],
)  # fmt: skip

# A joint venture of telephone companies: a put at a fixed price, once targets are missed.
_PUT = Filed(
    [
        *_parties("joint", "group", "co", "others"),
        *_held(joint=265, others=735),
        on(START, "targets", "condition-set", condition="missed", text="targets are missed",
           effect="precedent"),
        *_agreed(
            ["joint", "group", "co"],
            [{"clause": "put", "kind": "put", "party": "joint", "counterparties": ["group"],
              "share_class": SHARES, "price": "INR 58.045", "shares": "265",
              "condition": "missed", "until": "2024-08-31"}],
        ),
    ],
    [
        _notice("2024-03-01", "too-early"),
        on("2024-05-30", "missed", "condition-settled", condition="missed", outcome="satisfied"),
        _notice("2024-07-07", "exercised"),
        _sold("2024-08-01", "cheaper", "joint", "group", 100, price="INR 23.34"),
        _sold("2024-08-02", "as-agreed", "joint", "group", 100, price="INR 58.045"),
        _sold("2024-08-03", "bought-back", "group", "joint", 200),
        _sold("2024-08-04", "too-many", "joint", "group", 66, price="INR 58.045"),
        _notice("2024-08-31", "last-day"),
        _notice("2024-09-01", "too-late"),
    ],
    {
        "too-early": [("put", "breaches", "", None)],
        "missed": [],
        "exercised": [("put", "permitted", "", None)],
        "cheaper": [("put", "breaches", "", "INR 58.045")],
        "as-agreed": [("put", "permitted", "", None)],
        "bought-back": [],
        "too-many": [("put", "breaches", "", "265")],  # 266 in all
        "last-day": [("put", "permitted", "", None)],
        "too-late": [("put", "breaches", "", None)],
    },
    [
        ("put", "2024-03-01", "2024-03-02", "too-early", None),
        ("put", "2024-08-01", "2024-08-02", "cheaper", None),
        ("put", "2024-08-04", "2024-08-05", "too-many", None),
        ("put", "2024-09-01", "2024-09-02", "too-late", None),
    ],
)  # fmt: skip

# A fund's peace with a board: a ceiling with what it controls, and no sale to who then has more
# than 2% but on the market.
_PEACE = Filed(
    [
        *_parties("fund", "sub", "co", "rival", "market"),
        *_held(fund=60, sub=5, rival=15, market=920),
        on(START, "controls", "relationship-began", relationship="r", party="fund", of="sub",
           kind="control", basis="contract"),
        *_agreed(
            ["fund", "co"],
            [
                {"clause": "ceiling", "kind": "standstill", "party": "fund", "percent": "7.5",
                 "base": "outstanding", "reach": "controlled", "until": "2023-01-31"},
                {"clause": "third", "kind": "transfer-restriction", "party": "fund",
                 "percent": "2.0", "base": "outstanding", "until": "2023-01-31"},
            ],
            {"clause": "third", "among": "affiliates"},
            {"clause": "third", "transferee": "market"},
        ),
    ],
    [
        _sold("2022-02-01", "sub-buys", "market", "sub", 10),
        _sold("2022-02-02", "one-more", "market", "sub", 1),
        _sold("2022-02-03", "to-rival", "fund", "rival", 5),
        _sold("2022-02-04", "too-much", "fund", "rival", 1),
        _sold("2022-02-05", "to-sub", "fund", "sub", 20),
        on("2022-03-01", "buy-back", "shares-repurchased", share_class=SHARES, holder="market",
           shares="100"),
        on("2022-03-15", "freed", "relationship-ended", relationship="r"),
        _sold("2022-03-16", "to-sub-no-more", "fund", "sub", 1),
    ],
    {
        "sub-buys": [("ceiling", "permitted", "7.5000", "7.5")],
        "one-more": [("ceiling", "breaches", "7.6000", "7.5")],
        "to-rival": [
            ("ceiling", "permitted", "7.1000", "7.5"), ("third", "permitted", "2.0000", "2.0"),
        ],
        "too-much": [
            ("third", "breaches", "2.1000", "2.0"), ("ceiling", "permitted", "7.0000", "7.5"),
        ],
        "to-sub": [("third", "permitted", "3.6000", "2.0")],
        "buy-back": [("ceiling", "noted", "7.7778", "7.5")],
        "freed": [],
        "to-sub-no-more": [
            ("third", "breaches", "4.1111", "2.0"), ("ceiling", "permitted", "3.6667", "7.5"),
        ],
    },
    [
        ("ceiling", "2022-02-02", "2022-02-03", "one-more", "to-rival"),
        ("ceiling", "2022-03-01", "2022-03-15", "buy-back", "freed"),
        ("third", "2022-02-04", "2022-02-05", "too-much", None),
        ("third", "2022-03-16", "2022-03-17", "to-sub-no-more", None),
    ],
)  # fmt: skip

# A lock-up at a listing: all of a founder's shares, three quarters from a day on, until 180 days
# after the listing; shares are split meanwhile.
_LISTING = Filed(
    [
        *_parties("founder", "bank", "co", "market"),
        *_held(founder=1000, market=9000),
        on(START, "listed", "listing-changed", share_class=SHARES, venue="XNAS", status="listed"),
        *_agreed(
            ["founder", "bank"],
            [
                {"clause": "all", "kind": "lock-up", "party": "founder", "shares": "1000",
                 "until": "2021-02-28"},
                {"clause": "rest", "kind": "lock-up", "party": "founder", "shares": "750",
                 "starts": "2021-03-01", "until": "listing-changed co/common + 180 days"},
            ],
            {"clause": "all", "ground": "gift"},
        ),
    ],
    [
        _sold("2021-02-27", "gift", "founder", "bank", 1, ground="gift"),
        _sold("2021-02-28", "too-early", "founder", "market", 1),
        _sold("2021-03-01", "released", "founder", "market", 200),
        on("2021-03-10", "split", "shares-split", share_class=SHARES, ratio="2:1"),
        _sold("2021-03-15", "too-many", "founder", "market", 100),
        _sold("2021-07-01", "day-181", "founder", "market", 1),
    ],
    {
        "gift": [("rest", "noted", "999", "750"), ("all", "permitted", "999", "1000")],
        "too-early": [("all", "breaches", "998", "1000"), ("rest", "noted", "998", "750")],
        "released": [("rest", "permitted", "798", "750")],
        "split": [("rest", "permitted", "1596", "1500")],
        "too-many": [("rest", "breaches", "1496", "1500")],
        "day-181": [],
    },
    [
        ("all", "2021-02-28", "2021-03-01", "too-early", None),
        ("rest", "2021-03-15", "2021-07-01", "too-many", None),
    ],
)  # fmt: skip

# A private company's pact: first refusal with a time and a window, drag at a least price.
_REFUSAL = Filed(
    [
        *_parties("major", "minor", "fund", "co", "buyer"),
        *_held(major=550, minor=150, fund=300),
        *_agreed(
            ["major", "minor", "fund", "co"],
            [
                {"clause": "first", "kind": "first-refusal", "parties": ["fund", "minor"],
                 "counterparties": ["major"], "notice_days": "30", "window_days": "90"},
                {"clause": "drag", "kind": "drag-along", "party": "major", "percent": "50",
                 "price": "EUR 10"},
            ],
        ),
        on("2021-02-01", "offered", "offer-made", offer="o", offeror="fund", kind="first-refusal",
           share_class=SHARES, price="EUR 12", shares="100", to=["major"], agreement="filed",
           clause="first"),
    ],
    [
        _sold("2021-03-03", "day-30", "fund", "buyer", 10, price="EUR 12"),
        _sold("2021-03-04", "day-31", "fund", "buyer", 60, price="EUR 12"),
        _sold("2021-03-05", "low", "fund", "buyer", 40, price="EUR 11.99"),
        _sold("2021-03-06", "to-major", "fund", "major", 40, price="EUR 12"),
        on("2021-03-10", "split", "shares-split", share_class=SHARES, ratio="3:1"),
        _sold("2021-06-02", "last-day", "fund", "buyer", 60, price="EUR 4"),
        _sold("2021-06-03", "too-late", "fund", "buyer", 1, price="EUR 4"),
        on("2021-07-01", "drag", "offer-made", offer="d", offeror="major", kind="drag",
           share_class=SHARES, price="EUR 3.33", shares="100", agreement="filed", clause="drag"),
        on("2021-07-02", "drag-well", "offer-made", offer="e", offeror="major", kind="drag",
           share_class=SHARES, price="EUR 3.34", shares="100", agreement="filed", clause="drag"),
        on("2021-07-03", "drag-few", "offer-made", offer="f", offeror="minor", kind="drag",
           share_class=SHARES, price="EUR 9", shares="100", agreement="filed", clause="drag"),
    ],
    {
        "day-30": [("first", "needs", "", None)],
        "day-31": [("first", "permitted", "", None)],
        "low": [("first", "needs", "", None)],
        "to-major": [("first", "permitted", "", None)],
        "split": [],
        "last-day": [("first", "needs", "", None)],  # 60 and 40 of the 100 are sold
        "too-late": [("first", "needs", "", None)],
        "drag": [("drag", "breaches", "59.0000", "50")],
        "drag-well": [("drag", "permitted", "59.0000", "50")],
        "drag-few": [("drag", "breaches", "15.0000", "50")],
    },
    [
        ("first", "2021-03-03", "2021-03-04", "day-30", None),
        ("first", "2021-03-05", "2021-03-06", "low", None),
        ("first", "2021-06-02", "2021-06-03", "last-day", None),
        ("first", "2021-06-03", "2021-06-04", "too-late", None),
        ("drag", "2021-07-01", "2021-07-02", "drag", None),
        ("drag", "2021-07-03", "2021-07-04", "drag-few", None),
    ],
)  # fmt: skip

FILED = {
    "a combination of car makers": _COMBINED,
    "a put once targets are missed": _PUT,
    "a fund's peace with a board": _PEACE,
    "a lock-up at a listing": _LISTING,
    "a private company's first refusal": _REFUSAL,
}
