"""Warnings that the histories before and after new events give, each with its opposite."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ledger.values.refusals import Refusal
from tests.helpers import accept, append, assert_refused, dated, lines, new_ledger, run, stored

STAKES = {"share_class": "acme/common", "transferor": "bolt", "transferee": "fund-one"}
COMPANY = {"company": "acme"}


def clause(kind: str, percent: str) -> dict[str, Any]:
    told = {"clause": "limit", "kind": kind, "party": "bolt", "issuer": "acme", "text": "as agreed"}
    return told | ({"percent": percent} if percent else {})


def agreed(kind: str, percent: str) -> list[dict[str, Any]]:
    """A clause about what Bolt holds of Acme, in force."""
    return [
        dated("agreement-signed", agreement="pact", title="The Pact", parties=["acme", "bolt"],
              clauses=[clause(kind, percent)]),
        dated("agreement-in-force", agreement="pact"),
    ]  # fmt: skip


def moved(shares: int, **others: Any) -> dict[str, Any]:
    return dated("shares-transferred", **{**STAKES, "shares": str(shares), **others})


def paid(amount: str) -> dict[str, Any]:
    return dated("dividend-paid", share_class="acme/common", per_share=amount)


def split(ratio: str) -> dict[str, Any]:
    return dated("shares-split", share_class="acme/common", ratio=ratio)


def granted(shares: int) -> dict[str, Any]:
    return dated("instrument-granted", instrument="bolt-1", kind="option", holder="bolt",
                 share_class="acme/common", shares=str(shares), pool="plan")  # fmt: skip


POOL = dated("pool-reserved", pool="plan", issuer="acme", share_class="acme/common", shares="100")
SITS = dated("director-appointed", **COMPANY, person="bolt")
CHAIR = dated("officer-appointed", **COMPANY, person="bolt", role="chair")
DECLARED = dated("dividend-declared", share_class="acme/common", per_share="EUR 2")
BOUGHT = dated("shares-repurchased", share_class="acme/common", holder="bolt", shares="10")
RENEWED = dated("director-appointed", **COMPANY, person="bolt", term_ends_on="2027")
HELD = dated("shares-issued", share_class="bolt/common", holder="fund-one", shares="10")
# Bolt hands Acme's shares to its own holders, and later the fund sells what it got
SPUN = dated("shares-distributed", share_class="bolt/common", distributed_class="acme/common",
             ratio="1:1", supply="bolt") | {"effective_on": "2023-12-01"}  # fmt: skip
HANDED = [HELD | {"effective_on": "2023-01-01"}, SPUN]
LATE = HELD | {"effective_on": "2023-06-01", "shares": "50"}
# what stands, what comes, and the warnings of it but for W3 and W4
WORKS = dated("relationship-began", relationship="job", party="bolt", of="acme", kind="employment")
MONTHS = {"shares": "100", "months": "48", "cliff": "12", "vests_from": "2023-01-01",
          "vests_while": "job"}  # fmt: skip
VESTING = dated("instrument-granted", instrument="grant", kind="option", holder="bolt",
                share_class="acme/common", window_after_leaving="90 days",
                windows=["dismissed-for-cause:0"], **MONTHS)  # fmt: skip
HELD = dated("shares-restricted", restriction="held", holder="bolt", share_class="acme/common",
             **MONTHS)  # fmt: skip
LEAVES = dated("relationship-ended", relationship="job") | {"effective_on": "2024-01-01"}
STORIES: dict[str, tuple[list[dict[str, Any]], dict[str, Any], str, str]] = {
    "a split that looks like a bonus issue": ([BOUGHT], split("11:10"), "W15", "treasury shares"),
    "a split without treasury shares": ([], split("11:10"), "", ""),
    "a split by two": ([BOUGHT], split("2:1"), "", ""),
    "below a lock-up": (agreed("lock-up", "50"), moved(60), "W1", "less than the floor of 50%"),
    "above it": (agreed("lock-up", "30"), moved(60), "", ""),
    "below one before and after": ([*agreed("lock-up", "99"), moved(50)],
        moved(10, transferor="fund-one", transferee="fund-two"), "", ""),
    "further below": ([*agreed("lock-up", "99"), moved(50)], moved(10), "W1", "has 40.0000%"),
    "a lock-up that was signed": (agreed("lock-up", "50")[:1], moved(60), "W1",
        "it is applied from its signature"),
    "above a standstill": ([*agreed("standstill", "50"), moved(60)],
        moved(20, transferor="fund-one", transferee="bolt"), "W1", "more than the ceiling of 50%"),
    "a standstill of no percentage": (agreed("standstill", ""), dated("shares-issued",
        share_class="acme/common", holder="bolt", shares="20"), "W1", "names no percentage"),
    "more of one": ([*agreed("standstill", ""), moved(60)],
        moved(20, transferor="fund-one", transferee="bolt"), "W1", "Bolt gains shares"),
    "less of a lock-up of none": (agreed("lock-up", ""), moved(20), "W1", "no number"),
    "a lock-up of what another register hands out": ([*HANDED, *agreed("lock-up", "50")], LATE,
        "W1", "on 2023-12-01, Bolt has 40.0000%"),
    "no more than it may hand out": ([*HANDED, *agreed("lock-up", "40")], LATE, "", ""),
    "before the clause": (agreed("lock-up", "50"), moved(60) | {"effective_on": "2022-01-01"},
        "W1", "on 2023-11-08, Bolt has 40.0000%"),
    "a later sale goes below": ([*agreed("lock-up", "50"),
        moved(30) | {"effective_on": "2024-02-01"}, moved(30, transferor="fund-one",
        transferee="bolt") | {"effective_on": "2024-03-01"}], moved(40), "W1", "on 2024-02-01"),
    "more than authorised": ([dated("claim-recorded", subject="acme/common", value="110",
        attribute="authorised-shares")], dated("shares-issued", share_class="acme/common",
        holder="bolt", shares="20"), "W2", "120 common shares of Acme are in issue, 110"),
    "as many as authorised": ([dated("claim-recorded", subject="acme/common", value="120",
        attribute="authorised-shares")], dated("shares-issued", share_class="acme/common",
        holder="bolt", shares="20"), "", ""),
    **{f"authorised {value}": ([dated("claim-recorded", subject="acme/common", value=value,
        attribute="authorised-shares")], dated("shares-issued", share_class="acme/common",
        holder="bolt", shares="20"), "", "") for value in ("0110", "\u0661", "9" * 39, "1,100")},
    "a correction of nothing": ([moved(60) | {"key": "sale"}], {"type": "event-corrected",
        "event": "sale", "because": "b", "changes": [{"field": "shares", "value": "60"}]},
        "W5", "it gives what is recorded already"),
    "a correction": ([moved(60) | {"key": "sale"}], {"type": "event-corrected",
        "event": "sale", "because": "b", "changes": [{"field": "shares", "value": "61"}]}, "", ""),
    "the name it has": ([], {"type": "party-renamed", "party": "bolt", "name": "Bolt Ltd"}, "W5",
        "is called Bolt Ltd already"),
    "who sits": ([SITS], SITS | {"effective_on": "2024-01-01"}, "W6", "Bolt is on the board"),
    "a new term": ([SITS | {"term_ends_on": "2025"}], RENEWED, "", ""),
    "a term to the end of the year": (
        [SITS | {"term_ends_on": "2025-03-31"}], RENEWED | {"term_ends_on": "2025"}, "", ""
    ),
    "who has the office": ([CHAIR], CHAIR | {"effective_on": "2024-01-01"}, "W6", "chair of Acme"),
    "who does not sit": ([], dated("director-left", **COMPANY, person="bolt", standing="reported"),
        "W7", "is not"),
    "who sat": ([SITS], dated("director-left", **COMPANY, person="bolt"), "", ""),
    "no such office": ([CHAIR], dated("officer-left", **COMPANY, person="bolt", role="chairman"),
        "W7", "not recorded as chairman of Acme"),
    "another dividend": ([DECLARED], paid("EUR 3"), "W8", "EUR 3 a share is paid, EUR 2 is"),
    "the dividend": ([DECLARED], paid("EUR 2"), "", ""),
    "the dividend in other digits": ([DECLARED], paid("EUR 2.00"), "", ""),
    "above the pool": ([POOL], granted(110), "W16", "10 shares more are granted of pool plan"),
    "all of the pool": ([POOL], granted(100), "", ""),
    "a leaver": ([WORKS, VESTING], LEAVES, "W17", "75 shares of grant have not vested by"
        " 2024-01-01, and vest no more; 25 have and may be exercised until 2024-03-31."),
    "a leaver for cause": ([WORKS, VESTING], LEAVES | {"manner": "dismissed-for-cause"}, "W17",
        "25 have and may be exercised until 2024-01-01."),
    "a leaver with restricted shares": ([WORKS, HELD], LEAVES, "W17",
        "75 restricted shares (held) have not vested by 2024-01-01."),
    "a leaver with nothing": ([WORKS], LEAVES, "", ""),
    "none declared": ([], paid("EUR 2"), "", ""),
}  # fmt: skip


@pytest.mark.parametrize(("before", "new", "number", "words"), STORIES.values(), ids=STORIES)
def test_what_is_warned_of(
    tmp_path: Path,
    before: list[dict[str, Any]],
    new: dict[str, Any],
    number: str,
    words: str,
) -> None:
    ledger = new_ledger(tmp_path)
    if before:
        accept(ledger, *before)
    told = json.loads(append(ledger, lines(new), "--json").out)
    found = [w for w in told["warnings"] if w["number"] not in ("W3", "W4", "W12")]
    assert [w["number"] for w in found] == ([number] if number else []), found
    for warned in found:
        assert words in warned["what"]
        assert warned["remedy"]
        assert warned["position"] == told["events"][0]["position"]
        assert warned["place"] == "standard input:1"
    assert told["not_looked_at"] == []


def test_strict_records_nothing_that_is_warned_of(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path)
    held = stored(ledger)
    sale = moved(60) | {"known_on": "2023-11-08"}
    assert_refused(append(ledger, lines(sale), "--strict"), Refusal.WARNED, "W4 no-source")
    assert stored(ledger) == held
    note = {"type": "note-added", "subject": "acme", "text": "nothing to warn of"}
    assert append(ledger, lines(note), "--strict").code == 0
    assert run(ledger, "replay").code == 0


def test_a_batch_that_is_not_looked_at_says_so_and_is_not_strict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.application.PAGE", 10)
    monkeypatch.setattr("ledger.application.MANY", 20)
    ledger = new_ledger(tmp_path)
    notes = [{"type": "note-added", "subject": "acme", "text": f"note {n}"} for n in range(30)]
    assert_refused(append(ledger, lines(*notes), "--strict"), Refusal.WARNED, "not looked for")
    told = append(ledger, lines(*notes))
    assert "W1, W2, W5 to W8 and W18 are not looked for" in " ".join(told.err.split())
