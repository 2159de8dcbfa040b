"""Golden ledgers: what each release wrote, kept for ever, and read by every later one.

``python -m tests.golden`` writes the files of this release, once, into ``fixtures/golden/VERSION``;
it never writes over any. They are the ledger's database, its audit export, the checkpoint last
seen, answers with their proofs, and what was answered when every position was the last, in fields
that do not change their meaning.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from ledger import __version__
from ledger.application import Ledger
from ledger.events.envelope import Recorded
from ledger.time.log import Log
from ledger.time.view import Cut, View
from ledger.values.dates import UNKNOWN
from projections.subjects.claims import claims
from projections.subjects.deals import deals
from projections.subjects.governance import governance
from projections.subjects.holdings import holdings
from tests import ROOT
from tests.counted import votes
from tests.helpers import accept, run

FOLDER = ROOT / "fixtures" / "golden"
LEDGER, EXPORT, SEEN, EXPECTED = "ledger.db", "audit.jsonl", "last-seen.txt", "expected.json"
STABLE = {
    "holdings": ("issuer", "share_class", "holder", "shares", "percent", "percent_of", "standing"),
    "votes": ("holder", "votes", "exercisable", "after_caps"),
    "governance": ("company", "kind", "party", "person", "role", "since", "until", "standing"),
    "deals": ("deal", "id", "kind", "status", "since"),
    "claims": ("subject", "attribute", "value", "unit", "standing"),
}
PROVEN = (
    ("holdings", "--as-of", "2024-12-31"),
    ("votes", "neo", "--as-of", "2024-12-31"),
    ("deals", "ampere-ipo", "--as-of", "2023-12-31"),
    ("governance", "nissan", "--as-of", "2023-06-30", "--known-by", "2023-12-31"),
    ("claims", "ampere", "--as-of", "2023-12-31"),
    ("timeline", "neo", "--as-of", "2024-12-31"),
    ("show", "neo-issue", "--as-of", "2024-12-31"),
)
DROPPED = "dropped"  # the type of an event that is not to count
CUTS = (Cut(), Cut(as_of="2023-06-30"), Cut(known_by="2023-02-28"), Cut(standing="official"))


def states(events: Iterable[Recorded]) -> Iterator[str]:
    """A digest of what is answered at each position, in order."""
    log = Log()
    for event in events:
        if event.type != DROPPED:
            log.add(event)
        yield _digest([told(View(log, cut)) for cut in CUTS])


def as_counted_then(events: Iterable[Recorded]) -> Iterator[Recorded]:
    """Events of 0.1.0 made to count as it counted them, where this release knows better.

    Undated claims counted at every date, all other undated events at none. An undated event counts
    from the day by which its source was published.
    """
    for event in events:
        if event.data.get("effective_on") != UNKNOWN:
            yield event
        elif event.type == "claim-recorded":
            undated = {name: v for name, v in event.data.items() if name != "effective_on"}
            yield replace(event, data=undated)
        else:
            yield replace(event, type=DROPPED)


def told(view: View) -> dict[str, Any]:
    """The stable fields of the main answers at a cut."""
    companies = [s.removeprefix("party:") for s in view.history.subjects("party:")]
    subjects = [s.removeprefix("subject:") for s in view.history.subjects("subject:")]
    issuers = [s.removeprefix("issuer:") for s in view.history.subjects("issuer:")]
    answers = {
        "holdings": holdings(view).rows,
        "votes": [row for issuer in issuers for row in votes(view, issuer).rows],
        "governance": [row for company in companies for row in governance(view, company).rows],
        "deals": deals(view).rows,
        "claims": [row for subject in subjects for row in claims(view, subject).rows],
    }
    return {
        name: [{field: _worded_then(row.get(field)) for field in STABLE[name]} for row in rows]
        for name, rows in answers.items()
    }


def _worded_then(value: Any) -> Any:
    """A value in the words of 0.1.0, which called a milestone missed when nobody told of it."""
    return "missed" if value == "not known whether met" else value


def opened(path: Path) -> Ledger:
    """A ledger to read, with no clock and no ids to give."""

    def never() -> Any:
        raise AssertionError("reading needs neither a clock nor ids")

    return Ledger(path, never, never, mode="ro")


def write(folder: Path) -> None:
    """Write the golden files of this release into a new folder."""
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as scratch:
        ledger, place = Path(scratch, LEDGER), Path(scratch)
        keys = [str(place / name) for name in ("first.key", "second.key", "witness.key")]
        _must(ledger, "init")
        _must(ledger, "append", "--file", str(FOLDER.parent / "alliance-press"))
        _must(ledger, "keygen", keys[0])
        _must(ledger, "seal", "--key", keys[0], "--request", str(place / "request"))
        _must(ledger, "keygen", keys[2], "--witness", "auditor.example/golden")
        _must(
            ledger, "cosign", str(place / "request"), "--log", keys[0], "--key", keys[2],
            "--state", str(place / SEEN), "--first", "--out", str(place / "cosigned"),
        )  # fmt: skip
        _must(ledger, "seal", "--add", str(place / "cosigned"), "--witness", keys[2])
        _amend(ledger)
        _must(ledger, "keygen", keys[1])
        _must(ledger, "rotate-key", "--key", keys[0], "--to", keys[1])
        _must(ledger, "seal", "--key", keys[1])
        for question in PROVEN:
            out = str(folder / f"answer-{question[0]}.json")
            _must(ledger, "prove-answer", "--out", out, *question)
        _must(ledger, "export", "--audit", str(folder / EXPORT))
        _must(ledger, "backup", str(folder / LEDGER))
        shutil.copy(place / SEEN, folder / SEEN)
        with opened(folder / LEDGER) as golden:
            digests = list(states(golden.events_after(0)))
            final = told(View(Log(golden.events_after(0))))
        first, witness = (Path(key).read_text().splitlines()[0] for key in (keys[0], keys[2]))
    expected = {"key": first, "witness": witness, "states": digests, "final": final}
    (folder / EXPECTED).write_text(json.dumps(expected, indent=1) + "\n", encoding="utf-8")


def _amend(ledger: Path) -> None:
    """What a ledger goes through: a correction, a retraction, a source re-dated, a split."""
    common: dict[str, Any] = {"effective_on": "2024-06-01", "standing": "official"}
    accept(
        ledger,
        {"type": "party-registered", "party": "neo", "kind": "company",
         "name": "N\u00e9o \u4e2d\u6587", "key": "neo"},
        {"type": "share-class-created", "share_class": "neo/common", "key": "neo-class"},
        {"type": "shares-issued", "share_class": "neo/common", "holder": "renault",
         "shares": "1000", "key": "neo-issue", **common},
        {"type": "shares-split", "share_class": "neo/common", "ratio": "3:1", "key": "neo-split",
         **common, "effective_on": "2024-07"},
        {"type": "note-added", "subject": "neo", "text": "to be taken back", "key": "neo-note"},
    )  # fmt: skip
    _must(ledger, "correct", "neo-issue", "--shares", "1100", "--because", "a misprint")
    _must(ledger, "retract", "neo-note", "--because", "recorded by mistake")


def _must(ledger: Path, *words: str) -> None:
    outcome = run(ledger, *words)
    if outcome.code != 0:
        raise SystemExit(f"{words}: {outcome.err}")


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


if __name__ == "__main__":
    target = FOLDER / __version__
    if target.exists():
        sys.exit(f"{target} is written once, and never again")
    write(target)
