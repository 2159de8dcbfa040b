"""Control and ownership over time, held against histories worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from projections.control.group import group
from projections.control.owners import owners
from tests.counted import votes
from tests.histories import Draft
from tests.projections.control.structures import Holdings, opened, related, seen, sold, structure
from tests.projections.subjects.record import at, columns, on

PERSONS = dict.fromkeys("xyzw", "person")
CLASS = {"share_class": "t/common"}
SUSPENDED = {"issuer": "t", "holder": "y", "reason": "pact"}
PACT: dict[str, Any] = {"agreement": "pact", "title": "Pact", "parties": ["x", "y"]}
THREE = {"t": {"x": 40, "y": 35, "z": 25}}
CHAIN = {"t": {"a": 60, "y": 40}, "a": {"x": 60, "y": 40}}
TRUST = {"trust": "tr", "settlors": ["x"], "trustees": ["bank"]}


def settled(*beneficiaries: str, **terms: Any) -> Draft:
    for_whom = {"beneficiaries": [{"party": one} for one in beneficiaries]}
    return on("2019-01-01", "settled", "trust-settled", **TRUST | for_whom | terms)


def ended(party: str, day: str = "2022-04-01") -> Draft:
    return on(day, f"end-{party}", "party-ended", party=party)


def suspended(**terms: Any) -> Draft:
    return on("2021-02-01", "sus", "voting-rights-suspended", **SUSPENDED | terms)


def in_force(**terms: Any) -> list[Draft]:
    signed = on("2021-01-01", "signed", "agreement-signed", **PACT | terms)
    return [signed, on("2021-01-01", "force", "agreement-in-force", agreement="pact")]


HISTORIES: dict[str, tuple[Holdings, list[Draft], list[tuple[Any, ...]]]] = {
    "others' shares are cancelled": (
        {"t": {"x": 45, "y": 55}},
        [on("2022-01-01", "cancel", "shares-cancelled", holder="y", shares="20", **CLASS)],
        [("y", "2020-01-01", "2022-01-01", ["cancel"]), ("x", "2022-01-01", None, [])],
    ),
    "others' shares are bought back, and cancelled later": (
        {"t": {"x": 45, "y": 55}},
        [
            on("2022-01-01", "buy", "shares-repurchased", holder="y", shares="20", **CLASS),
            on("2022-05-01", "cancel", "shares-cancelled", shares="20", **CLASS),
        ],
        [("y", "2020-01-01", "2022-01-01", ["buy"]), ("x", "2022-01-01", None, [])],
    ),
    "shares are issued to others": (
        {"t": {"x": 60, "y": 40}},
        [on("2022-03-01", "issue", "shares-issued", holder="y", shares="30", **CLASS)],
        [("x", "2020-01-01", "2022-03-01", ["issue"]), ("y", "2022-03-01", None, [])],
    ),
    "double votes are granted, and lost with a sale": (
        {"t": {"x": 40, "y": 60}},
        [
            on("2022-01-01", "grant", "double-votes-granted", holder="x", shares="40", **CLASS),
            sold("t", "x", "z", 10, "2022-06-01"),
        ],
        [
            ("y", "2020-01-01", "2022-01-01", ["grant"]),
            ("x", "2022-01-01", "2022-06-01", ["sold-t-x-z-2022-06-01"]),
        ],
    ),
    "a trust ends and its shares are released later": (
        {"t": {"tr": 60, "y": 40}},
        [
            settled("x"),
            on("2022-06-01", "over", "trust-ended", trust="tr"),
            on("2022-07-01", "released", "shares-released-from-trust", trust="tr", shares="60",
               transferee="x", manner="return", **CLASS),
        ],
        [("x", "2020-01-01", None, [])],
    ),
    "a trust is amended to vote neutrally": (
        {"t": {"tr": 60, "y": 40}},
        [settled("x"), on("2022-06-01", "amended", "trust-amended", trust="tr", voting="neutral")],
        [("x", "2020-01-01", "2022-06-01", ["amended"])],
    ),
    "votes are suspended until an agreement is ended": (
        THREE,
        [
            *in_force(),
            suspended(agreement="pact"),
            on("2022-03-01", "end", "agreement-ended", agreement="pact"),
        ],
        [("x", "2021-02-01", "2022-03-01", ["end"])],
    ),
    "votes are suspended until the last day of an agreement": (
        THREE,
        [*in_force(until="2022-03-31"), suspended(agreement="pact")],
        [("x", "2021-02-01", "2022-04-01", ["signed"])],
    ),
    "votes are suspended until a day": (
        THREE,
        [suspended(until="2022-03-31")],
        [("x", "2021-02-01", "2022-04-01", ["sus"])],
    ),
    "a company of the chain is dissolved": (
        CHAIN,
        [ended("a")],
        [(one, "2020-01-01", "2022-04-01", ["end-a"]) for one in "ax"],
    ),
    "the company is dissolved": (
        {"t": {"x": 60, "y": 40}},
        [ended("t")],
        [("x", "2020-01-01", "2022-04-01", ["end-t"])],
    ),
    "a company is restored as if it had never ended": (
        CHAIN,
        [
            ended("a"),
            on("2023-01-01", "restored", "party-status-changed", party="a", status="restored",
               as_if_never_ended="yes"),
        ],
        [("a", "2020-01-01", None, []), ("x", "2020-01-01", None, [])],
    ),
    "a company is restored from a day on": (
        CHAIN,
        [
            ended("a"),
            on("2023-01-01", "restored", "party-status-changed", party="a", status="restored"),
        ],
        [
            ("a", "2020-01-01", "2022-04-01", ["end-a"]),
            ("x", "2020-01-01", "2022-04-01", ["end-a"]),
            ("a", "2023-01-01", None, []),
            ("x", "2023-01-01", None, []),
        ],
    ),
    "a concert ends": (
        {"t": {"x": 30, "z": 25, "y": 45}},
        [
            related("x", "z", "concert"),
            on("2022-01-01", "apart", "relationship-ended", relationship="x-concert-z"),
        ],
        [(one, "2021-01-01", "2022-01-01", ["apart"]) for one in "xz"],
    ),
    "a pledgee votes until the pledge ends": (
        {"t": {"x": 60, "y": 40}},
        [
            on("2021-01-01", "pledge", "share-right-granted", right="p", kind="pledge",
               holder="x", to="w", votes="to", **CLASS),
            on("2022-01-01", "free", "share-right-ended", right="p"),
        ],
        [
            ("x", "2020-01-01", "2021-01-01", ["pledge"]),
            ("w", "2021-01-01", "2022-01-01", ["free"]),
            ("x", "2022-01-01", None, []),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HISTORIES)
def test_control_begins_and_ends_with_what_makes_it(name: str) -> None:
    holdings, events, expected = HISTORIES[name]
    trusts = {"tr": "trust", "bank": "company"} if "trust" in name else {}
    rows = group(seen(holdings, *events, **PERSONS | trusts), "t", over_time=True).rows
    assert columns(rows, "party", "since", "until", "ended_by") == expected


def test_a_retraction_is_seen_from_when_it_is_known() -> None:
    known = [
        (type, key, fields | {"known_on": day})
        for (type, key, fields), day in (
            (opened("t", "x", 60), "2020-01-01"), (opened("t", "y", 40), "2020-01-01"),
            (sold("t", "x", "y", 20), "2022-01-02"),
        )
    ]  # fmt: skip
    taken = {"event": "sold-t-x-y-2022-01-01", "because": "it never happened"}
    retracted = ("event-retracted", "taken", taken | {"known_on": "2023-01-01"})
    log = structure({"t": {}}, *known, retracted, **PERSONS)

    def told(known_by: str) -> list[tuple[Any, ...]]:
        view = at(log, as_of="2024-01-01", known_by=known_by)
        return columns(group(view, "t", over_time=True).rows, "party", "since", "until")

    assert told("2022-06-01") == [
        ("x", "2020-01-01", "2022-01-01"), ("y", "2022-01-01", None)
    ]  # fmt: skip
    assert told("2023-06-01") == [("x", "2020-01-01", None)]


def test_of_a_company_that_has_ended_nobody_is_an_owner_since() -> None:
    for rule in ("economic", "amlr", "psc"):
        answer = owners(seen({"t": {"x": 60, "y": 40}}, ended("t"), **PERSONS), "t", rule)
        assert {row["until"] for row in answer.rows} == {"2022-04-01"}
        assert "t has ended (end-t): nobody owns it since." in answer.notes


def test_a_party_to_a_trust_that_has_ended_is_an_owner_no_more() -> None:
    terms = settled("b", protectors=["w"])
    kinds = {"tr": "trust", "bank": "company", "b": "company"} | PERSONS
    view = seen({"t": {"tr": 60, "y": 40}}, terms, ended("b"), **kinds)
    rows = [row for row in owners(view, "t", "amlr").rows if row["by"] == "trust"]
    assert columns(rows, "party", "role", "until") == [
        ("x", "settlor", None), ("bank", "trustee", None), ("w", "protector", None),
        ("b", "beneficiary", "2022-04-01"),
    ]  # fmt: skip


def test_where_a_limit_hides_what_others_rest_on_no_control_is_certain() -> None:
    known = [opened("t", "x", 60), opened("t", "y", 40)]
    sale = sold("t", "x", "y", 20)
    late = (sale[0], sale[1], sale[2] | {"known_on": "2022-01-02"})
    view = at(
        structure({"t": {}}, *known, late, **PERSONS), as_of="2024-01-01", known_by="2022-06-01"
    )
    answer = group(view, "t")
    assert answer.rows == []
    assert any("x stands at -20" in note for note in answer.notes)


@pytest.mark.parametrize(
    ("until", "as_of", "votes_left", "doubt"),
    [
        ("2022-03-31", "2022-03-31", "10", False),
        ("2022-03-31", "2022-04-01", "60", False),
        ("2022-03", "2022-03-15", "60", True),
        ("2022-03/..", "2024-01-01", "10", False),
    ],
)
def test_a_cap_ends_with_its_last_day(until: str, as_of: str, votes_left: str, doubt: bool) -> None:
    cap = on("2021-01-01", "cap", "voting-cap-agreed", issuer="t", holder="x", percent="10",
             until=until)  # fmt: skip
    answer = votes(seen({"t": {"x": 60, "y": 40}}, cap, as_of=as_of, **PERSONS), "t")
    (x, _) = answer.rows
    assert x["after_caps"] == votes_left
    assert bool(answer.possible) == doubt
