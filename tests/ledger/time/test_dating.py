"""Dates that nobody gives, or gives in part: what the answers, the receipts and the audit say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ledger.values.refusals import Refusal
from tests.helpers import accept, append, assert_refused, dated, lines, new_ledger, run

PAPER = {
    "type": "source-registered", "source": "paper", "title": "Paper", "kind": "press",
    "publisher": "Paper", "published_on": "2024-03-27", "key": "paper",
}  # fmt: skip


def sale(key: str, shares: str, on: str, **fields: Any) -> dict[str, Any]:
    """A sale by bolt of shares of acme/common, told by the paper."""
    moved = {"share_class": "acme/common", "transferor": "bolt", "transferee": "fund-one"}
    told = {"citations": [{"source": "paper"}], "effective_on": on, "shares": shares}
    return dated("shares-transferred", key=key, **moved) | told | fields


def asked(ledger: Path, *words: str) -> dict[str, Any]:
    """An answer as JSON."""
    outcome = run(ledger, *words, "--format", "json")
    assert outcome.code == 0, outcome.err
    return dict(json.loads(outcome.out))


def test_a_table_says_by_which_day_an_undated_event_had_come(tmp_path: Path) -> None:
    off = dated("offering-cancelled", key="off", offering="ipo")
    off |= {"effective_on": "unknown", "citations": [{"source": "paper"}]}
    plan = dated("offering-planned", key="plan", offering="ipo", issuer="acme", window="2023-H2")
    ledger = new_ledger(tmp_path, PAPER, plan, off, sale("sold", "5", "2024-03"))
    for words in (("deals", "ipo"), ("timeline", "ipo"), ("explain", "offering", "ipo")):
        assert "by 2024-03-27" in run(ledger, *words).out
        assert "by 2024-03-27" in run(ledger, *words, "--format", "markdown").out
    shown = run(ledger, "timeline", "acme/common").out
    assert "2024-03, by 2024-03-27" in " ".join(shown.split())


def test_the_receipt_names_a_date_that_ends_with_its_source(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path, PAPER)
    said = accept(ledger, sale("in-march", "5", "2024-03")).err
    taken = "#10 is taken as happened by 2024-03-27, the day its source was published"
    assert taken in " ".join(said.split())
    for on in ("2024-04", "2024-02", "2024-03-27", "unknown"):
        assert "is taken as happened" not in accept(ledger, sale(on, "1", on)).err


def test_shares_sold_on_an_unknown_day_must_be_there(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path, PAPER)
    outcome = append(ledger, lines(sale("too-much", "101", "unknown")))
    assert_refused(outcome, Refusal.SHARES_NOT_THERE, "On 2024-03-27 bolt holds 100")


def test_a_log_that_was_sound_by_the_dates_of_its_day_is_no_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An undated sale of shares that are not there was kept, and never counted."""
    ledger, copy = new_ledger(tmp_path, PAPER), tmp_path / "copy.db"
    with monkeypatch.context() as then:
        then.setattr("ledger.rules.Examination.problems", lambda _: iter(()))
        accept(ledger, sale("too-much", "150", "unknown"))
    assert run(ledger, "replay").code == 0
    assert run(ledger, "export", "--audit", str(tmp_path / "whole.jsonl")).code == 0
    assert run(copy, "import", str(tmp_path / "whole.jsonl")).code == 0
    checked = run(copy, "check")
    assert checked.code == 1
    assert "Bolt stands at -50 on 2024-03-27" in " ".join(checked.out.split())
    with monkeypatch.context() as then:
        then.setattr("ledger.rules.Examination.problems", lambda _: iter(()))
        accept(ledger, sale("dated", "150", "2024-03-27"))
    assert run(ledger, "replay").code == 5


def test_the_receipt_names_the_dates_that_rest_on_a_publication(tmp_path: Path) -> None:
    """Of a source dated anew: known dates, bounded ones, and those that are written alike."""
    told = {"subject": "acme", "attribute": "staff", "citations": [{"source": "paper"}]}
    claims = (
        dated("claim-recorded", key="in-march", value="1", **told) | {"effective_on": "2024-03"},
        dated("claim-recorded", key="that-day", value="2", **told) | {"effective_on": "2024-03-27"},
        dated("claim-recorded", key="earlier", value="3", **told) | {"effective_on": "2024-03-02"},
    )
    ledger = new_ledger(tmp_path, PAPER, *claims, sale("sold", "5", "unknown"))
    corrected = ("correct-source", "paper", "--published-on", "2024-03-20", "--because", "misread")
    said = " ".join(run(ledger, *corrected).out.split())
    known = "is known from 2024-03-20 instead of from 2024-03-27"
    by = "has happened by 2024-03-20 instead of by 2024-03-27"
    assert f"#10 in-march: {known}; {by}" in said
    assert f"#11 that-day: {known}" in said
    assert f"#12 earlier: {known}" in said
    assert f"#13 sold: {known}; {by}" in said
    assert "Dated as paper was are #11 that-day (effective on): correct the date" in said


def test_a_source_is_heard_of_on_its_known_date(tmp_path: Path) -> None:
    """Its publication, and what rests on that, stay where they are."""
    heard = PAPER | {"key": "leak", "source": "leak", "known_on": "2024-06-01"}
    ledger = new_ledger(
        tmp_path, heard, sale("sold", "5", "2024-03", citations=[{"source": "leak"}])
    )
    words = ("timeline", "--known-by")
    assert "leak" not in [row["event"] for row in asked(ledger, *words, "2024-05-31")["rows"]]
    assert "leak" in [row["event"] for row in asked(ledger, *words, "2024-06-01")["rows"]]
    assert "sold" in [row["event"] for row in asked(ledger, *words, "2024-03-27")["rows"]]
