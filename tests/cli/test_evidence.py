"""Evidence leads from a figure to every place that its explanation rests on, to nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from cli.documents import folder_of
from ledger.time.log import Log
from ledger.time.view import View
from ledger.values.refusals import Refusal
from projections.answer import complete
from projections.consistency.conflicts import conflicts
from projections.evidence import evidence
from projections.explain.holdings import explain_holdings
from projections.explain.seats import explain_seats
from tests import histories
from tests.helpers import Outcome, accept, assert_refused, dated, new_ledger, run

SENTENCE = "p. 3, second paragraph"


def source(id: str, **others: str) -> dict[str, Any]:
    fields = {"kind": "filing", "title": f"Notice *{id}*", "publisher": "AMF"}
    return {"type": "source-registered", "source": id, "key": id, **fields, **others}


def held(key: str, shares: str, citations: list[dict[str, str]], **others: str) -> dict[str, Any]:
    issued = dated("shares-issued", share_class="acme/common", holder="fund-one", shares=shares)
    return issued | {"key": key, "citations": citations, **others}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with a holding that rests on a kept document, a correction and a bare event."""
    folder = tmp_path_factory.mktemp("told")
    (folder / "notice.pdf").write_bytes(b"%PDF")
    ledger = new_ledger(folder, source("other", published_on="2023-12"))
    words = "append source-registered --source notice --kind filing --publisher AMF --keep"
    file = ("--title", "Notice", "--published-on", "2023-11-08", "--file", f"{folder}/notice.pdf")
    assert run(ledger, *words.split(), *file).code == 0
    cited = [{"source": "notice", "locator": SENTENCE}]
    accept(ledger, held("first", "10", cited))
    accept(ledger, held("second", "5", [{"source": "other"}], effective_on="2023-11-09"))
    correct = ("correct", "second", "--shares", "6", "--because", "misread", "--key", "corrected")
    assert run(ledger, *correct, "--citations", f"notice:{SENTENCE}").code == 0
    return ledger


def asked(ledger: Path, *words: str, form: str = "json") -> Outcome:
    outcome = run(ledger, "evidence", "holdings", "acme", *words, "--format", form)
    assert outcome.code == 0, outcome.err
    return outcome


def test_each_event_has_its_places_and_the_document(told: Path) -> None:
    answer = json.loads(asked(told, "fund-one").out)
    first, second, corrected = answer["rows"]
    assert [row["event"] for row in answer["rows"]] == ["first", "second", "corrected"]
    (cited,) = first["cited"]
    assert (cited["locator"], cited["published_on"]) == (SENTENCE, "2023-11-08")
    assert Path(cited["document"]).parent == folder_of(told)
    assert cited["document_whole"] is True
    assert cited["retrieved_on"] is None
    assert [(c["source"], c["document"]) for c in second["cited"]] == [("other", None)]
    assert [c["source"] for c in corrected["cited"]] == ["notice"]
    assert answer["figure"][0]["shares"] == "16"
    assert answer["cut"]["question"] == "evidence holdings"


def test_what_is_not_known_is_said(told: Path) -> None:
    text = " ".join(asked(told, "fund-one", form="table").out.split())
    for words in (
        "retrieved: not recorded",
        "Document: not kept here",
        "place in it not recorded",
        "SHA-256: not recorded",
        "with the hash recorded",
        "Cut: as of",
    ):
        assert words in text, words
    bare = " ".join(asked(told, "bolt", form="table").out.split())
    assert "Source: not recorded." in bare
    assert "1 of these events cites no source" in bare


def test_markdown_shows_texts_as_they_are_and_no_line_is_wrapped(told: Path) -> None:
    out = asked(told, "fund-one", form="markdown").out
    assert "Notice \\*other\\*" in out
    assert "1. 2023-11-08: " in out
    assert out.startswith("**Evidence for what Fund-One (fund-one) holds in Acme plc (acme)**")


def test_no_line_is_wider_than_80_columns(told: Path) -> None:
    lines = asked(told, "fund-one", form="table").out.splitlines()
    long = [line for line in lines if len(line) > 80 and " " in line.strip()]
    assert not long


def test_an_altered_document_is_named_and_a_cut_is_kept(told: Path) -> None:
    (path,) = folder_of(told).iterdir()
    try:
        path.write_bytes(b"%PDX")
        assert "ALTERED" in asked(told, "fund-one", form="table").out
    finally:
        path.write_bytes(b"%PDF")
    known = json.loads(asked(told, "fund-one", "--known-by", "2023-11-08").out)
    assert [row["event"] for row in known["rows"]] == ["first"]
    nobody = run(told, "evidence", "holdings", "acme", "nobody")
    assert_refused(nobody, Refusal.UNKNOWN_SUBJECT, "nobody")


def test_a_disclosed_stake_is_told_with_its_band_and_as_what_it_is_held(tmp_path: Path) -> None:
    stake = {"issuer": "bolt", "holder": "fund-one", "percent": "25", "percent_to": "50"}
    grouped = dated("stake-disclosed", **stake, percent_of="issued", interest="group")
    ledger = new_ledger(tmp_path, grouped)
    told = " ".join(run(ledger, "evidence", "holdings", "bolt", "fund-one").out.split())
    assert "25 to 50% (issued), with its group" in told
    assert "in its own name" not in told


@pytest.mark.parametrize("group", ["evidence", "explain"])
def test_a_group_alone_shows_its_help(told: Path, group: str) -> None:
    outcome = run(told, group)
    assert outcome.code == 2
    assert f"\nExample:\n  stakebook {group} holdings".replace("\n", "\n  ") in outcome.err


@given(histories.drafts())
@settings(max_examples=15, deadline=None)
def test_it_is_what_the_explanation_rests_on(offered: list[histories.Draft]) -> None:
    view = View(Log(histories.history(offered)))
    disputes = {row["why"]: row for row in conflicts(view).rows}
    for explained in (
        explain_holdings(view, "alice", "acme"),
        explain_seats(view, "bob", "boreal"),
    ):
        found = complete(view, evidence(view, explained))
        steps = {row["event"] for row in explained.rows}
        amending = {key for row in explained.rows for key in row["amended_by"]}
        events = [row["event"] for row in found.rows]
        assert steps <= set(events) <= steps | amending | _amending(found.rows)
        assert len(events) == len(set(events)) == len(found.told)
        theirs = {(row["source"], row["locator"]) for row in explained.sources}
        ours = {(c["source"], c["locator"]) for row in found.rows for c in row["cited"]}
        assert theirs <= ours
        for row in found.rows:
            for dispute in row["conflicts"]:
                assert row["event"] in {claim["event"] for claim in dispute["claims"]}
                assert dispute["why"] in disputes


def _amending(rows: Any) -> set[str]:
    return {key for row in rows for key in row["amended_by"]}
