"""Search finds every text that counts at a cut, whatever is typed, and none that does not."""

from __future__ import annotations

import json
import re
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.events.envelope import Recorded
from ledger.events.fields import Name, Text
from ledger.events.introspection import kind_of
from ledger.events.registry import event_types
from ledger.events.validation import make_event
from ledger.model.texts import SEALS, TEXTS
from ledger.time.log import Log
from ledger.time.view import View
from ledger.values.refusals import Refusal, Refused
from projections.subjects.search import MOST_WORDS, search
from projections.subjects.texts import _told
from projections.subjects.timeline import timeline
from tests import histories
from tests.helpers import accept, assert_refused, dated, new_ledger, party, run


def test_every_field_of_words_is_searched() -> None:
    hints = {kind.__metadata__[0].hint for kind in (Name, Text)}
    fields = {
        name
        for cls in event_types().values()
        for name, info in cls.model_fields.items()
        if (kind := kind_of(info)) and kind.hint in hints
    }
    assert fields - {"value", "unit"} == {*TEXTS, *SEALS} - {"lei", "isin"}


def recorded(position: int, type_name: str, **fields: str) -> Recorded:
    event = make_event(type_name, fields)
    at = f"2026-01-01T00:00:{position:09.6f}Z"
    return Recorded(position, "s", position, f"i{position}", f"k{position}", type_name, 1, at,
                    event.data)  # fmt: skip


def view_of(*names: str) -> View:
    return View(
        Log(
            recorded(n, "party-registered", party=f"p-{n}", kind="other", name=name)
            for n, name in enumerate(names, 1)
        )
    )


def found(view: View, text: str) -> list[str]:
    return [row["matched"] for row in search(view, text).rows]


NAMES = (
    "Crédit Agricole", "株式会社日産自動車", "Müller & Söhne GmbH", "L'Oréal S.A.",
    'The "Good" Company', "A-B NEAR C", "co*op", "ＦＵＬＬ Width", "Straße 5", "and or not",
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "matched"),
    [
        ("credit", 0), ("CRÉDIT agri", 0), ("agricole credit", 0), ("日産", 1), ("自動車", 1),
        ("日産自", 1), ("muller", 2), ("söhne gmbh müller", 2), ("l'oreal", 3), ("S.A.", 3),
        ('"good"', 4), ('the "good', 4), ("near", 5), ("a-b", 5), ("near ( a-b )", 5), ("co*op", 6),
        ("full WIDTH", 7), ("strasse", 8), ("STRASSE 5", 8), ("AND OR NOT", 9), ("* or ^not", 9),
    ],
)  # fmt: skip
def test_signs_accents_case_and_scripts(typed: str, matched: int) -> None:
    assert found(view_of(*NAMES), typed) == [NAMES[matched]]


def test_only_the_last_word_may_be_a_beginning() -> None:
    view = view_of("Renault Nissan")
    assert found(view, "renault nis") == ["Renault Nissan"]
    assert found(view, "ren nissan") == []
    assert found(view, "issan") == []


@given(st.text())
@settings(max_examples=60, deadline=None)
def test_whatever_is_typed_is_answered_and_a_text_finds_itself(text: str) -> None:
    with suppress(Refused):
        search(view_of("x"), text)
    try:
        view = view_of(text)
    except Refused:
        return
    if not any(unicodedata.category(c)[0] in "LN" for c in text) or len(text.split()) > MOST_WORDS:
        return
    (name,) = (event.data["name"] for event in view.history.mentioning("party:p-1"))
    assert found(view, text) == [name]


def test_too_many_words_are_refused() -> None:
    for words, refusal in (("x " * (MOST_WORDS + 1), "TOO_LARGE"), ("- ?", "EMPTY")):
        with pytest.raises(Refused) as caught:
            search(view_of("x"), words)
        assert caught.value.refusal.name == refusal
    assert found(view_of("x"), "x " * MOST_WORDS) == ["x"]


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_it_finds_what_counts_at_the_cut(data: st.DataObject) -> None:
    events = histories.history(data.draw(histories.drafts()))
    cut, count = data.draw(histories.cuts(len(events)))
    view = View(Log(events[:count]), cut)
    word = data.draw(st.sampled_from(("renamed", "p", "chair", "misread", "headcount", "talks")))
    answer = search(view, word)
    theirs = {
        row["event"]
        for row in timeline(view).rows
        if any(has(text, word) for text in texts_of(view, row["event"]))
    }
    assert {row["event"] for row in answer.rows} == theirs
    assert not theirs & {row["event"] for row in answer.possible}


def texts_of(view: View, key: str) -> list[str]:
    facts = map(view.fact, view.history.mentioning(f"key:{key}"))
    return [text for fact in facts if fact for _, text in _told(fact)]


def has(text: str, word: str) -> bool:
    return re.search(rf"\b{word}", text.casefold()) is not None


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("search")
    renamed = {"type": "party-renamed", "party": "acme", "name": "Zenith plc", "key": "renamed"}
    moved = dated("shares-transferred", share_class="acme/common", transferor="bolt",
                  transferee="fund-one", shares="7", key="moved", known_on="2023-11-08",
                  note="under the will of Ann")  # fmt: skip
    claim = dated("claim-recorded", subject="acme", attribute="head-count", value="12",
                  unit="people", key="claimed", standing="reported", known_on="2024")  # fmt: skip
    pact = dated("agreement-signed", agreement="pact", title="The Pact", parties=["acme", "bolt"],
                 clauses=[{"clause": "floor", "kind": "lock-up", "text": "keeps the Ann shares"}],
                 key="pact", known_on="2023-11-08")  # fmt: skip
    dated_name = renamed | {"effective_on": "2022-01-01", "standing": "official"}
    return new_ledger(folder, dated_name | {"known_on": "2022-01-01"}, moved, claim, pact)


def rows(ledger: Path, *words: str) -> list[dict[str, Any]]:
    outcome = run(ledger, "search", *words, "--format", "json")
    assert outcome.code == 0, outcome.err
    answer: list[dict[str, Any]] = json.loads(outcome.out)["rows"]
    return answer


def test_names_are_former_from_their_change_on(told: Path) -> None:
    at = ("--as-of", "2021-12-31")
    assert [(r["where"], r["matched"]) for r in rows(told, "acme")] == [("former name", "Acme plc")]
    assert [r["where"] for r in rows(told, "acme", *at)] == ["name"]
    assert [r["subject_name"] for r in rows(told, "zenith")] == ["Zenith plc"]
    assert rows(told, "zenith", *at) == []


def test_notes_of_movements_clauses_and_claims_with_all_clocks(told: Path) -> None:
    where = {(r["kind"], r["where"]) for r in rows(told, "ann")}
    assert where == {("event", "note"), ("agreement", "clause")}
    assert [r["matched"] for r in rows(told, "lock-up")] == [
        "floor (lock-up): keeps the Ann shares"
    ]
    assert [r["matched"] for r in rows(told, "people", "head")] == ["head-count: 12 people"]
    assert rows(told, "people", "--standing", "official") == []
    assert rows(told, "people", "--known-by", "2023-12-31") == []
    assert rows(told, "ann", "--as-of", "2023-11-07") == []
    assert rows(told, "ann", "--recorded-by", "2020-01-01") == []
    possible = json.loads(
        run(told, "search", "people", "--known-by", "2024-06-30", "--format", "json").out
    )
    assert [row["event"] for row in possible["possible"]] == ["claimed"]


def test_each_place_has_the_command_that_tells_more(told: Path) -> None:
    for row in rows(told, "a", "--as-of", "2023-12-31", "--standing", "official"):
        assert row["look"].endswith(" --as-of 2023-12-31 --standing official")
        assert run(told, *row["look"].split()[1:]).code == 0, row["look"]


def test_a_table_tells_how_much_it_leaves_out(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path)
    accept(ledger, *(party(f"fund-{n}", name=f"Fund {n}") for n in range(30)))
    table = run(ledger, "search", "fund", COLUMNS="80")
    assert "12 more places are found: --limit 32" in table.out
    assert max(map(len, table.out.splitlines())) <= 80
    assert len(rows(ledger, "fund")) == 32
    assert len(rows(ledger, "fund", "--limit", "5")) == 5
    assert_refused(run(ledger, "search", "%"), Refusal.EMPTY, "no letter")


def test_a_cut_is_kept_in_csv_as_well(told: Path) -> None:
    out = run(told, "search", "ann", "--format", "csv").out
    assert out.startswith("kind,subject,where,matched,")
