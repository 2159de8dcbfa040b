"""Governance: rights to seats and who sits, offices, agreements and their clauses, caps."""

from __future__ import annotations

from typing import Any

import pytest

from projections.obligations.binding import bound_on
from projections.subjects.governance import governance
from tests.histories import Draft
from tests.projections.subjects.record import at, columns, on, outcome, record

DAY = "2021-01-01"


def right(day: str, key: str, seats: int = 1, party: str = "bolt", **fields: Any) -> Draft:
    of = {"company": "acme", "party": party, "seats": str(seats)}
    return on(day, key, "board-seat-granted", **of | fields)


def withdrawn(day: str, key: str, seats: int) -> Draft:
    of = {"company": "acme", "party": "bolt", "seats": str(seats)}
    return on(day, key, "board-seat-withdrawn", **of)


def joins(day: str, key: str, person: str = "", nominee: bool = True, **fields: Any) -> Draft:
    """A director of Acme, nominated by Bolt or by nobody."""
    named = {"person": person} if person else {}
    nominated = {"nominated_by": "bolt"} if nominee else {}
    return on(day, key, "director-appointed", company="acme", **named | nominated | fields)


def rows(*events: Draft, of: str = "acme", kind: str = "", **limits: str) -> list[Any]:
    """The rows of governance of a company, or those of one kind."""
    answer = governance(at(record(*events), **limits), of)
    return [row for row in answer.rows if kind in ("", row["kind"])]


def notes(*events: Draft, **limits: str) -> list[str]:
    return governance(at(record(*events), **limits), "acme").notes


def sitting(*events: Draft, **limits: str) -> list[str | None]:
    """Who sits in each seat that Bolt has the right to fill."""
    return [row["person"] for row in rows(*events, kind="seat", **limits)]


def test_a_right_to_a_seat_seats_nobody() -> None:
    events = right("2020-01-01", "one", 2), joins("2020-06-01", "alice-joins", "alice")
    assert sitting(*events, as_of="2020-05-31") == [None, None]
    assert sitting(*events) == ["alice", None]
    unknown = "Not known: who sits, if anybody, in the seat of bolt."
    assert notes(*events) == [unknown]
    assert notes(*events, joins(DAY, "bob-joins", "bob")) == []


def test_a_seat_rests_on_the_right_and_on_who_sits_a_director_on_the_appointment() -> None:
    events = (
        right("2020-01-01", "one"),
        joins(
            DAY,
            "alice-joins",
            "alice",
            standing="reported",
            role="vice chair",
            term_ends_on="2024-06",
        ),
    )
    told = "kind", "party", "person", "role", "since", "until", "standing", "events"
    assert columns(rows(*events), *told) == [
        ("seat", "bolt", "alice", "director", "2020-01-01", None, "reported",
         ["one", "alice-joins"]),
        ("director", "bolt", "alice", "vice chair", DAY, "2024-06", "reported", ["alice-joins"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "seats", "since"),
    [
        ([right("2021-01-01", "more", 2)], 3, "2020-01-01"),
        ([right("2021-01-01", "more", 2), withdrawn("2022-01-01", "less", 2)], 1, "2020-01-01"),
        ([withdrawn("2021-01-01", "none", 1)], 0, None),
        ([withdrawn("2021-01-01", "none", 1), right("2022-01-01", "anew", 2)], 2, "2022-01-01"),
    ],
    ids=["grants add up", "withdrawals take away", "to nothing", "and begin anew"],
)
def test_rights_to_seats(changes: list[Draft], seats: int, since: str | None) -> None:
    found = rows(right("2020-01-01", "one"), *changes, kind="seat")
    assert columns(found, "since") == [(since,)] * seats


def test_nominees_above_the_right_sit_and_are_remarked_on() -> None:
    """Only the press can say so."""
    by_press = joins(DAY, "bob-joins", "bob", standing="reported")
    events = right("2020-01-01", "one"), joins(DAY, "alice-joins", "alice"), by_press
    assert sitting(*events) == ["alice"]
    assert columns(rows(*events, kind="director"), "person") == [("alice",), ("bob",)]
    assert notes(*events) == [
        "2 director(s) are said to be nominated by bolt, which has a recorded right to 1 seat(s)."
    ]


JOINED = right("2020-01-01", "one", 2), joins("2020-02-01", "a", "alice"), joins(DAY, "unnamed")


@pytest.mark.parametrize(
    ("leaving", "left"),
    [
        ({"person": "alice"}, [None]),
        ({"nominated_by": "bolt"}, ["alice"]),
        ({"person": "bob", "nominated_by": "bolt"}, ["alice"]),
        ({"person": "bob"}, ["alice", None]),
    ],
    ids=["named", "an unnamed nominee", "an unnamed nominee named on leaving", "somebody else"],
)
def test_who_leaves_the_board(leaving: dict[str, str], left: list[str | None]) -> None:
    leaves = on("2022-01-01", "leaves", "director-left", company="acme", **leaving)
    found = rows(*JOINED, leaves, kind="director")
    assert [row["person"] for row in found] == left


def test_who_is_appointed_again_sits_once_from_the_new_day() -> None:
    events = joins("2020-01-01", "first", "alice", False), joins(DAY, "again", "alice", False)
    assert columns(rows(*events), "person", "since") == [("alice", DAY)]


def test_offices_are_apart_and_need_no_seat() -> None:
    alice = {"company": "acme", "person": "alice"}
    chief = {"role": "chief executive", "term_ends_on": "2025"}
    events = (
        on("2020-01-01", "chief", "officer-appointed", **alice | chief),
        on("2020-02-01", "chair", "officer-appointed", **alice, role="chair"),
        on(DAY, "elsewhere", "officer-appointed", **alice | {"company": "bolt"}, role="chair"),
        on("2022-01-01", "leaves", "officer-left", **alice, role="chair"),
    )
    told = "kind", "role", "since", "until"
    both = [
        ("officer", "chief executive", "2020-01-01", "2025"),
        ("officer", "chair", "2020-02-01", None),
    ]
    assert columns(rows(*events, as_of="2021-12-31"), *told) == both
    assert columns(rows(*events), *told) == both[:1]


@pytest.mark.parametrize(
    ("limits", "counted", "possible"),
    [
        ({"as_of": "2021-03-31"}, [], []),
        ({"as_of": "2021-04-01"}, [], ["alice-joins"]),
        ({"as_of": "2021-06-30"}, ["alice"], []),
        ({"known_by": "2022-01-31"}, [], []),
        ({"known_by": "2022-02-01"}, ["alice"], []),
        ({"standing": "official"}, [], []),
    ],
)
def test_an_appointment_of_a_quarter(
    limits: dict[str, str], counted: list[str], possible: list[str]
) -> None:
    told = {"standing": "reported", "known_on": "2022-02-01"}
    view = at(record(joins("2021-Q2", "alice-joins", "alice", False, **told)), **limits)
    answer = governance(view, "acme")
    assert [row["person"] for row in answer.rows] == counted
    assert [row["event"] for row in answer.possible] == possible
    if not counted and not possible:
        assert outcome(view, answer)[0] == "hidden"


def test_an_appointment_without_a_date_has_come_at_the_latest_when_it_was_told() -> None:
    appointed = joins("unknown", "j", "alice", False, known_on=DAY)
    assert columns(rows(appointed), "since", "at_latest") == [(None, DAY)]


LOCK_UP = {"clause": "floor", "kind": "lock-up", "party": "bolt", "issuer": "acme",
           "percent": "15", "text": "keeps at least"}  # fmt: skip
CHAIR = {"clause": "chair", "kind": "board-seat", "party": "bolt", "text": "names the chair"}
SIGNED = on("2020-01-01", "signed", "agreement-signed", agreement="pact", title="Pact",
            parties=["acme", "bolt"], clauses=[LOCK_UP, CHAIR])  # fmt: skip
IN_FORCE = on("2020-06-01", "force", "agreement-in-force", agreement="pact")
AMENDED = on(DAY, "amended", "agreement-amended", agreement="pact", dropped_clauses=["chair"],
             clauses=[LOCK_UP | {"percent": "10"}])  # fmt: skip
ENDED = on("2022-01-01", "ended", "agreement-ended", agreement="pact")
PACT = SIGNED, IN_FORCE, AMENDED, ENDED
FLOOR, CHAIRED = "keeps at least, {}% of acme", "names the chair"


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2019-12-31", []),
        ("2020-01-01", [("signed", "Pact", "2020-01-01"),
                        ("lock-up", FLOOR.format(15), "2020-01-01"),
                        ("board-seat", CHAIRED, "2020-01-01")]),
        ("2020-06-01", [("in force", "Pact", "2020-06-01"),
                        ("lock-up", FLOOR.format(15), "2020-06-01"),
                        ("board-seat", CHAIRED, "2020-06-01")]),
        ("2021-01-01", [("in force", "Pact", "2020-06-01"),
                        ("lock-up", FLOOR.format(10), "2021-01-01")]),
        ("2022-01-01", []),
    ],
    ids=["before", "signed", "in force", "amended", "ended"],
)  # fmt: skip
def test_an_agreement_and_its_clauses(as_of: str, expected: list[tuple[str, str, str]]) -> None:
    """Each of its parties sees it."""
    for party in ("acme", "bolt"):
        found = rows(*PACT, of=party, as_of=as_of)
        assert columns(found, "role", "what", "since") == expected
        assert {row["agreement"] for row in found} <= {"pact"}
    assert rows(*PACT, of="carol", as_of=as_of) == []


@pytest.mark.parametrize(
    ("as_of", "clauses"),
    [("2020-05-31", []), ("2020-06-01", ["floor", "chair"]), ("2021-01-01", ["floor"]),
     ("2022-01-01", [])],
)  # fmt: skip
def test_clauses_bind_while_their_agreement_is_in_force(as_of: str, clauses: list[str]) -> None:
    found = bound_on(at(record(*PACT), as_of=as_of), "pact")
    assert [clause.id for clause in found] == clauses


@pytest.mark.parametrize(
    ("day", "note"),
    [("2023-01-01", ["Sources disagree on pact: again contradicts the record."]), ("2020", [])],
    ids=["of another day", "the same, less exactly"],
)
def test_an_agreement_said_to_enter_into_force_twice_is_in_force_once(
    day: str, note: list[str]
) -> None:
    again = on(day, "again", "agreement-in-force", agreement="pact", standing="reported")
    assert columns(rows(SIGNED, IN_FORCE, again, kind="agreement"), "since", "events") == [
        ("2020-06-01", ["signed", "force"])
    ]
    assert notes(SIGNED, IN_FORCE, again) == note


def cap(day: str, key: str, percent: str, **fields: str) -> Draft:
    of = {"issuer": "acme", "holder": "bolt", "percent": percent}
    return on(day, key, "voting-cap-agreed", **of | fields)


LIFTED = on("2022-01-01", "lifted", "voting-cap-lifted", issuer="acme", holder="bolt")


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [("2019-12-31", []), ("2020-01-01", [("15", "all matters, 15% of acme", "pact")]),
     ("2021-01-01", [("15", "all matters, 15% of acme", "pact"), ("10", "10% of acme", None)]),
     ("2022-01-01", [])],
)  # fmt: skip
def test_a_cap_is_a_clause_of_its_issuer_and_of_its_holder(
    as_of: str, expected: list[tuple[str, str, str | None]]
) -> None:
    first = cap("2020-01-01", "first", "15", scope="all matters", agreement="pact")
    for company in ("acme", "bolt"):
        found = rows(first, cap(DAY, "second", "10"), LIFTED, of=company, as_of=as_of)
        assert columns(found, "percent", "what", "agreement") == expected
        assert {(row["kind"], row["role"], row["party"]) for row in found} <= {
            ("clause", "voting-cap", "bolt")
        }


def test_a_cap_is_lifted_by_its_name_and_every_holders_apart() -> None:
    of_all = on("2020-01-01", "all", "voting-cap-agreed", issuer="acme", every="yes", percent="5")
    named = cap("2020-01-01", "first", "15"), cap("2020-01-01", "second", "10"), of_all
    lifted = on(DAY, "lifted", "voting-cap-lifted", issuer="acme", holder="bolt", cap="first")
    ended = on("2022-01-01", "free", "voting-cap-lifted", issuer="acme", every="yes")
    for as_of, found in [
        ("2020-01-01", [(None, "5"), ("bolt", "15"), ("bolt", "10")]),
        (DAY, [(None, "5"), ("bolt", "10")]),
        ("2022-01-01", [("bolt", "10")]),
    ]:
        assert columns(rows(*named, lifted, ended, as_of=as_of), "party", "percent") == found


WIDER = [
    {"clause": "floor", "transferee": "carol", "percent": "2.5", "until": "2021-06-30"},
    {"clause": "floor", "among": "affiliates", "consent_of": "acme"},
]
EXCEPT = "except {}to affiliates, with the consent of acme"


@pytest.mark.parametrize(
    ("as_of", "terms"),
    [
        ("2020-06-01", None),
        (DAY, EXCEPT.format("to carol, up to 2.5%, until 2021-06-30; except ")),
        ("2021-07-01", EXCEPT.format("")),
        ("2022-01-01", None),
    ],
    ids=["before", "both", "one has ended", "the clause is restated"],
)
def test_exceptions_widen_a_clause_until_they_end_or_it_is_restated(
    as_of: str, terms: str | None
) -> None:
    widened = on(DAY, "widened", "agreement-amended", agreement="pact", exceptions=WIDER)
    again = on("2022-01-01", "again", "agreement-amended", agreement="pact", clauses=[LOCK_UP])
    found = rows(SIGNED, IN_FORCE, widened, again, as_of=as_of)
    floor = next(row for row in found if row.get("clause") == "floor")
    assert floor.get("terms") == terms
    assert ("widened" in floor["events"]) == (terms is not None)


def test_an_exception_from_no_clause_is_told() -> None:
    stray = on(DAY, "stray", "agreement-amended", agreement="pact",
               exceptions=[{"clause": "flor", "among": "family"}])  # fmt: skip
    assert notes(SIGNED, IN_FORCE, stray) == [
        "An exception (stray) is from the clause flor, which pact does not have."
    ]


def test_a_clause_outlives_its_agreement_where_it_says_so_and_waits_for_its_condition() -> None:
    lasting = LOCK_UP | {"survives": "yes", "condition": "closing"}
    signed = on("2020-01-01", "s", "agreement-signed", agreement="pact", title="Pact",
                parties=["acme", "bolt"], clauses=[lasting, CHAIR])  # fmt: skip
    events = (
        on("2020-01-01", "set", "condition-set", condition="closing", effect="precedent",
           text="it closes"),
        signed, IN_FORCE, ENDED,
        on("2020-07-01", "met", "condition-settled", condition="closing", outcome="satisfied"),
    )  # fmt: skip
    for as_of, found in [
        ("2020-06-30", [("floor", "dormant"), ("chair", None)]),
        ("2020-07-01", [("floor", None), ("chair", None)]),
        ("2022-01-01", [("floor", "survives")]),
    ]:
        told = rows(*events, as_of=as_of, kind="clause")
        assert [(row["clause"], row.get("status")) for row in told] == found
        binding = bound_on(at(record(*events), as_of=as_of), "pact")
        awake = [clause for clause, status in found if status != "dormant"]
        assert [clause.id for clause in binding if not clause.dormant] == awake


def test_a_condition_subsequent_ends_a_clause() -> None:
    ends = LOCK_UP | {"condition": "listing"}
    signed = on("2020-01-01", "s", "agreement-signed", agreement="pact", title="Pact",
                parties=["acme", "bolt"], clauses=[ends, CHAIR])  # fmt: skip
    of = on("2020-01-01", "set", "condition-set", condition="listing", text="it lists",
            effect="subsequent")  # fmt: skip
    met = on(DAY, "met", "condition-settled", condition="listing", outcome="satisfied")
    for as_of, found in [("2020-12-31", ["floor", "chair"]), (DAY, ["chair"])]:
        told = rows(of, signed, IN_FORCE, met, kind="clause", as_of=as_of)
        assert [row["clause"] for row in told if "status" not in row] == found


def test_a_party_governs_elsewhere_and_not_itself() -> None:
    events = right("2020-01-01", "one"), joins(DAY, "j", "alice")
    assert rows(*events, of="bolt") == rows(*events, of="alice") == []


def test_a_company_that_has_ended_is_said_to() -> None:
    end = on("2022-01-01", "end", "party-ended", party="acme")
    assert notes(right(DAY, "one"), joins(DAY, "j", "alice"), end) == [
        "acme ended on 2022-01-01 (end)."
    ]


MEETING = on(DAY, "meets", "meeting-held", company="acme", body="board", matter="the merger")
ALL_OVER = "No seat, office or agreement of acme is left: all recorded have ended."
UNKNOWN = "Not known: no event at this cut tells who governs acme."


@pytest.mark.parametrize(
    ("events", "limits", "said"),
    [
        ([], {}, ("not-known", UNKNOWN)),
        ([MEETING], {}, ("not-known", UNKNOWN)),
        (PACT, {}, ("none", ALL_OVER)),
        ([right("2020-01-01", "one"), withdrawn(DAY, "none", 1)], {}, ("none", ALL_OVER)),
        ([cap("2020-01-01", "first", "15"), LIFTED], {}, ("none", ALL_OVER)),
        ([right("2020-01-01", "one", standing="reported")], {"standing": "official"},
         ("hidden", "Hidden by --standing: no event at this cut tells who governs acme, and 1 that"
                    " is left out may.")),
    ],
    ids=["no event", "a meeting alone", "an ended agreement", "a withdrawn right", "a lifted cap",
         "hearsay alone"],
)  # fmt: skip
def test_no_rows_is_none_not_known_or_hidden(
    events: list[Draft], limits: dict[str, str], said: tuple[str, str]
) -> None:
    view = at(record(*events), **limits)
    answer = governance(view, "acme")
    assert answer.rows == []
    assert outcome(view, answer) == said


def test_an_observer_and_the_holders_of_a_class_have_seats_of_their_own() -> None:
    company, of_class = {"company": "acme"}, {"holders_of": "acme/common", "seats": "2"}
    events = [
        right("2020-01-01", "director"),
        right("2020-01-01", "observer", seat="observer"),
        on("2020-01-01", "of-class", "board-seat-granted", **company, **of_class),
        joins("2020-06-01", "alice-joins", "alice"),
        on(
            "2020-07-01", "one-less", "board-seat-withdrawn", **company, **of_class | {"seats": "1"}
        ),
    ]
    found = [
        (row["party"], row.get("holders_of"), row["role"], row["person"])
        for row in rows(*events, kind="seat")
    ]
    assert found == [
        ("bolt", None, "director", "alice"),
        (None, "acme/common", "director", None),
        ("bolt", None, "observer", None),
    ]
    assert notes(*events) == [
        "Not known: who sits, if anybody, in the seat of whoever holds acme/common."
    ]


def test_of_very_many_empty_seats_the_first_are_listed() -> None:
    board = at(record(right("2020-01-01", "right", 10**38 - 1), joins(DAY, "joins", "carol")))
    answer = governance(board, "acme")
    seats = [row["party"] for row in answer.rows if row["kind"] == "seat"]
    assert len(seats) == 1_001
    assert any("are empty, of which 1000 are listed" in note for note in answer.notes)
