"""Differences as a person reads them: nothing that differs is left out of a summary."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.helpers import dated, joined, new_ledger, party, run

COMMON = "acme/common"


def told(ledger: Path, before: str, after: str, *more: str) -> str:
    """The summary of what differs between two days."""
    sides = "--from", f"as-of={before}", "--to", f"as-of={after}"
    outcome = run(ledger, "diff", *sides, *more, COLUMNS="120")
    assert outcome.code == 0, outcome.err
    return joined(outcome.out)


def granted(**fields: Any) -> dict[str, Any]:
    """A pledge of shares of one holder to another."""
    pledge = {"right": "pledge-1", "share_class": COMMON, "holder": "bolt", "to": "fund-one"}
    return dated("share-right-granted", kind="pledge", **pledge, **fields)


def test_rights_in_shares_are_told(tmp_path: Path) -> None:
    """Granted, made smaller, ended: where nothing else differs too."""
    ended = dated("share-right-ended", right="pledge-1", shares="10", effective_on="2023-12-01")
    ledger = new_ledger(tmp_path, granted(key="granted", shares="30"), ended)
    begun = told(ledger, "2023-11-07", "2023-11-08")
    assert "Rights in shares" in begun
    assert "pledge of 30 common shares of Acme" in begun
    assert "Only dates or standing differ" not in begun
    assert "shares 30 -> 20" in told(ledger, "2023-11-08", "2023-12-01")


def test_a_band_is_told_with_both_ends(tmp_path: Path) -> None:
    """In a difference, and where it is explained: the lower end alone is another figure."""
    stake = {"issuer": "bolt", "holder": "fund-one", "percent": "25", "percent_of": "issued"}
    wider = dated("stake-disclosed", key="wider", **stake, percent_to="75")
    ledger = new_ledger(
        tmp_path,
        dated("stake-disclosed", key="first", **stake, percent_to="50"),
        wider | {"effective_on": "2024-11-08"},
    )
    assert "25 to 50 -> 25 to 75" in told(ledger, "2024-11-07", "2024-11-08")
    why = joined(run(ledger, "explain", "holdings", "bolt", "fund-one", COLUMNS="120").out)
    assert "holds 25 to 75% of" in why
    assert "25% of" not in why
    full = joined(run(ledger, "explain", "holdings", "bolt", "fund-one", "--full").out)
    assert "percent to 75" in full


def test_fully_diluted_shares_that_are_not_known_whole_are_at_least_so_many(tmp_path: Path) -> None:
    note = dated("instrument-granted", key="note", instrument="note-1", kind="convertible",
                 holder="fund-one", issuer="acme", principal="USD 50000")  # fmt: skip
    moved = dated("shares-issued", key="issued", share_class="acme/common", holder="bolt",
                  shares="50", effective_on="2023-12-01")  # fmt: skip
    ledger = new_ledger(tmp_path, note, moved)
    change = told(ledger, "2023-11-08", "2023-12-01")
    assert "Total >= 100 >= 150" in change
    assert ">=: at least." in change


def test_of_who_stays_on_a_board_it_is_told_what_is_otherwise(tmp_path: Path) -> None:
    """A term that was renewed: that the director is listed alone does not say it."""
    sits = {"company": "acme", "person": "nora"}
    again = dated("director-appointed", key="again", **sits, term_ends_on="2027-06-30")
    ledger = new_ledger(
        tmp_path,
        party("nora", kind="person"),
        dated("director-appointed", key="first", **sits, term_ends_on="2024-06-30"),
        again | {"effective_on": "2024-06-30"},
    )
    change = told(ledger, "2024-06-29", "2024-06-30")
    assert "until 2024-06-30 -> 2027-06-30" in change


def test_an_agreement_that_was_prolonged_is_told(tmp_path: Path) -> None:
    signed = {"agreement": "pact", "title": "Pact", "parties": ["acme", "bolt"]}
    longer = dated("agreement-amended", key="longer", agreement="pact", until="2030-12-31")
    ledger = new_ledger(
        tmp_path,
        dated("agreement-signed", key="signed", until="2025-12-31", **signed),
        longer | {"effective_on": "2024-05-01"},
    )
    change = told(ledger, "2024-04-30", "2024-05-01")
    assert change.count("until 2025-12-31 -> 2030-12-31") == 1
    assert "Only dates or standing differ" not in change
