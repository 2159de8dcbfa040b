"""A name may be typed wherever an id is taken, and machines get names beside ids."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from cli.naming import SUBJECT
from ledger.values.refusals import Refusal
from projections.subjects.timeline import SUBJECT_KINDS
from tests.helpers import assert_refused, dated, new_ledger, party, run, run_remedy, stored


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_ledger(
        tmp_path_factory.mktemp("named"),
        party("mia", kind="person", name="Mia Holm"),
        party("mia-2", kind="person", name="Mía Holm"),
        party("ben", kind="person", name="Ben Ray"),
        dated("party-renamed", party="acme", name="Acme Holding SE", effective_on="2024-05-02"),
    )


@pytest.mark.parametrize("typed", ["Acme plc", "acme PLC", "Acme Holding SE", "acme holding"])
def test_a_name_is_read_as_the_id(ledger: Path, typed: str) -> None:
    by_id, by_name = run(ledger, "holdings", "acme"), run(ledger, "holdings", typed)
    assert by_name.code == 0
    assert by_name.out == by_id.out
    assert f'read "{typed}" as acme' in by_name.err


def test_an_id_is_read_in_silence(ledger: Path) -> None:
    assert "read" not in run(ledger, "holdings", "acme").err


def test_two_of_a_name_are_told_apart_by_their_ids(ledger: Path) -> None:
    outcome = run(ledger, "holdings", "--holder", "mia holm")
    assert_refused(outcome, Refusal.AMBIGUOUS_NAME, "Mia Holm (mia, party)", "(mia-2, party)")
    assert run(ledger, "holdings", "--holder", "Mia Holm").code == 0


def test_a_beginning_is_suggested_and_not_read(ledger: Path) -> None:
    assert_refused(
        run(ledger, "holdings", "Acme Hold"),
        Refusal.UNKNOWN_SUBJECT,
        "Did you mean Acme Holding SE (acme)?",
    )


def test_events_hold_ids_alone(ledger: Path) -> None:
    words = ("--company", "Acme plc", "--person", "Ben Ray", "--effective-on", "2024-06-01")
    assert run(ledger, "append", "director-appointed", *words, "--standing", "official").code == 0
    data = json.loads(stored(ledger)[-1][1])["data"]
    assert (data["company"], data["person"]) == ("acme", "ben")


def test_a_correction_takes_names(ledger: Path) -> None:
    (position,) = [n for n, text in stored(ledger) if b'"shares-' in text or b'"register-' in text]
    outcome = run(ledger, "correct", f"#{position}", "--holder", "Ben Ray", "--because", "misread")
    assert outcome.code == 0, outcome
    assert json.loads(stored(ledger)[-1][1])["data"]["changes"][0]["value"] == "ben"
    assert run(ledger, "undo", "--because", "of no use", "--yes").code == 0


def test_a_new_party_is_registered_under_the_id_as_typed(ledger: Path) -> None:
    words = ("append", "party-registered", "--party", "Acme plc", "--kind", "company")
    assert_refused(run(ledger, *words, "--name", "Another"), Refusal.BAD_IDENTIFIER)


def test_every_kind_of_subject_may_be_named() -> None:
    assert set(SUBJECT_KINDS) < set(SUBJECT.kinds)


def test_what_is_of_another_kind_is_not_called_unknown(ledger: Path) -> None:
    outcome = run(ledger, "deals", "acme")
    assert_refused(outcome, Refusal.UNKNOWN_SUBJECT, '"acme" is recorded as a party.')
    assert "Nothing recorded" not in outcome.err
    assert run_remedy(ledger, outcome).code == 0
    earlier = run(ledger, "deals", "acme", "--recorded-by", "2000-01-01")
    assert_refused(earlier, Refusal.UNKNOWN_SUBJECT, 'Nothing recorded speaks of "acme".')


def test_json_has_names_beside_ids_as_they_were_at_the_cut(ledger: Path) -> None:
    earlier = ("holdings", "acme", "--as-of", "2024-05-01", "--format", "json")
    (row,) = json.loads(run(ledger, *earlier).out)["rows"]
    assert (row["issuer"], row["issuer_name"]) == ("acme", "Acme plc")
    assert (row["holder_name"], row["share_class_name"]) == ("Bolt Ltd", "common")
    answer = json.loads(run(ledger, "holdings", "acme", "--format", "json").out)
    assert answer["rows"][0]["issuer_name"] == "Acme Holding SE"
    assert answer["cut"]["names"] == "at the cut"


def test_csv_has_names_at_the_end(ledger: Path) -> None:
    heading, row = csv.reader(io.StringIO(run(ledger, "holdings", "acme", "--format", "csv").out))
    ids = [column for column in heading if not column.endswith(("_name", "_names"))]
    assert heading[: len(ids)] == ids
    assert dict(zip(heading, row, strict=True))["holder_name"] == "Bolt Ltd"
