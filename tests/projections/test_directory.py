"""The directory: who and what is recorded, found by name, and what each is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ledger.time.log import Log
from ledger.time.supposed import supposed
from ledger.time.view import View
from projections.directory.classes import classes, sources
from projections.directory.parties import parties
from projections.subjects import trusts
from projections.subjects.governance import governance
from projections.subjects.meetings import meetings
from tests import histories
from tests.histories import Draft
from tests.projections.readmodel.test_histories import index_of
from tests.projections.subjects.record import (
    COMMON,
    at,
    columns,
    on,
    opened,
    outcome,
    placed,
    published,
    record,
    recorded,
    settled,
    sold,
)

CITED = [{"source": "gazette-12"}]


@pytest.fixture(scope="module")
def history() -> Log:
    return record(
        published("gazette-12", "2024-05-03"),
        opened("alice", 100),
        settled(),
        placed(40),
        sold("2021-01-01", "sale", "alice", "bob", 60),
        on("2021-06-01", "renamed", "party-renamed", party="acme", name="Ácme Holding SE",
           citations=CITED),
        on("2022-01-01", "chair", "officer-appointed", company="acme", person="carol", role="chair",
           citations=CITED),
        on("2022-02-01", "met", "meeting-held", company="acme", body="board", citations=CITED),
        on("2023-01-01", "end", "party-ended", party="bolt"),
    )  # fmt: skip


def test_sources_are_listed_by_their_dates() -> None:
    told = {
        "may": "../2021-05-31",
        "spring": "2021-Q1",
        "february": "2021-02",
        "june": "2021-06-01",
    }
    rows = sources(at(record(*(published(source, day) for source, day in told.items())))).rows
    assert [row["source"] for row in rows] == ["spring", "february", "may", "june"]


def test_a_party_is_found_by_any_name_it_bore_by_the_cut(history: Log) -> None:
    for text in ("acme", "ACME HOLD", "Acme"):
        rows = parties(at(history), text).rows
        assert ("acme", "Ácme Holding SE") in columns(rows, "party", "name")
    assert parties(at(history, as_of="2021-05-31"), "holding").rows == []
    (row,) = parties(at(history), "holding").rows
    assert row["former_names"] == ["Acme"]


def test_a_party_that_once_was_called_as_its_id_is_found_before_it_took_another_name() -> None:
    events = recorded(on("2021-06-01", "renamed", "party-renamed", party="bob", name="Robert"))
    laid = Log(supposed(events[-1:], Log(events)), index_of(events[:-1]))
    for history in (Log(events), index_of(events), laid):
        for text in ("", "bob"):
            before = parties(at(history, as_of="2021-05-31"), text)
            after = parties(at(history), text)
            assert ("bob", "Bob") in columns(before.rows, "party", "name")
            assert ("bob", "Robert") in columns(after.rows, "party", "name")


def test_a_relationship_that_stands_does_not_begin_once_more() -> None:
    began = {"relationship": "in", "party": "bob", "of": "acme", "kind": "control", "basis": "law"}
    log = record(
        on("2020-01-01", "began", "relationship-began", **began),
        on("../2024-06-01", "told-again", "relationship-began", **began, standing="reported"),
    )
    answer = parties(at(log, as_of="2022-01-01"))
    assert answer.possible == []
    (relation,) = next(row for row in answer.rows if row["party"] == "bob")["relations"]
    assert (relation["since"], relation["basis"]) == ("2020-01-01", "law")
    (possible,) = parties(at(log, as_of="2019-01-01"), "bob").possible
    assert possible["event"] == "told-again"
    assert parties(at(log, as_of="2019-01-01"), "carol").possible == []


def test_a_party_is_told_with_what_it_is(history: Log) -> None:
    found = {row["party"]: row for row in parties(at(history)).rows}
    assert found["acme"]["classes"] == [COMMON, "acme/preferred"]
    assert found["alice"]["registers"] == found["acme-trust"]["registers"] == ["acme"]
    assert found["bank"]["trusts"] == [{"role": "trustee", "party": "acme-trust"}]
    assert found["carol"]["boards"] == [{"role": "chair", "party": "acme"}]
    assert found["bolt"]["ended_on"] == "2023-01-01"
    earlier = {row["party"]: row for row in parties(at(history, as_of="2020-06-01")).rows}
    assert earlier["bob"]["registers"] == []
    assert earlier["carol"]["boards"] == []


def test_a_class_is_told_with_what_is_issued(history: Log) -> None:
    rows = classes(at(history), "acme").rows
    assert columns(rows, "share_class", "issued", "holders", "votes_per_share") == [
        (COMMON, "100", 2, "1"),
        ("acme/preferred", None, 0, "10"),
    ]


def test_a_source_is_told_with_how_often_it_is_cited(history: Log) -> None:
    (row,) = sources(at(history), "press").rows
    assert (row["source"], row["published_on"], row["cited_by"]) == ("gazette-12", "2024-05-03", 3)
    assert sources(at(history, known_by="2024-05-02"), "").rows == []


def test_nothing_found_says_so(history: Log) -> None:
    view = at(history)
    said = outcome(view, parties(view, "zorro"))
    assert said == (
        "not-known",
        "Not known: no event at this cut tells of a party with 'zorro' in its name.",
    )


DATED = {"field": "effective_on", "value": "2022-01/2030-12"}
AMENDED: dict[str, tuple[str, dict[str, str], Callable[[View], list[Any]]]] = {
    "a source": (
        "gazette-12", {"field": "title", "value": "New"}, lambda view: sources(view).possible,
    ),
    "a party": ("renamed", DATED, lambda view: parties(view, "acme").possible),
    "a meeting": ("met", DATED, lambda view: meetings(view, "acme").possible),
    "a board": ("chair", DATED, lambda view: governance(view, "acme").possible),
}  # fmt: skip


@pytest.mark.parametrize(("event", "change", "possible"), AMENDED.values(), ids=AMENDED)
def test_an_amendment_that_was_perhaps_known_is_told_where_its_event_is(
    history: Log, event: str, change: dict[str, str], possible: Callable[[View], list[Any]]
) -> None:
    fix = {"event": event, "because": "misread", "known_on": "2024-06-01/2024-08-01"}
    draft = ("event-corrected", "fix", fix | {"changes": [change]})
    known = at(with_one_more(history, draft), as_of="2024-07-01", known_by="2024-07-01")
    assert "fix" in [row["event"] for row in possible(known)]


def with_one_more(history: Log, draft: Draft) -> Log:
    new = histories.recorded(draft, history, histories.DAY)
    assert new is not None
    return Log([new], history)


def test_a_trust_is_one_while_its_terms_are_perhaps_amended() -> None:
    history = record(published("gazette-12", "2024-05-03"), settled(citations=CITED))
    fix = {"event": "settled", "because": "misread", "known_on": "2024-06-01/2024-08-01"}
    log = with_one_more(history, ("event-corrected", "fix", fix | {"changes": [DATED]}))
    known = at(log, as_of="2024-07-01", known_by="2024-07-01")
    assert trusts.settled(known, ["acme", "acme-trust"]) == ["acme-trust"]
