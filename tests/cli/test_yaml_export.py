"""A history exported as YAML is what `append --file` reads, and its files only grow."""

from __future__ import annotations

import io
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from cli import yaml_export
from cli.context import open_ledger
from cli.drafts import drafts_of
from cli.yaml_export import export_yaml, pages, written
from ledger.batch import Draft
from ledger.events.envelope import Recorded
from ledger.events.validation import make_event
from ledger.intake.event_files import read_stream
from ledger.values.refusals import Refusal, Refused
from tests import ROOT, histories
from tests.helpers import accept, assert_refused, new_ledger, run

Said = list[tuple[str, str, int, Any]]
HARD = (
    "yes", "No", "null", "~", "true", "1.10", "0x1F", "1_000", "2023-11-08", "1:30", "a: b", "a:",
    "a #b", "#b", "a#b", "- a", "-", "?", "? a", "[a]", "{a: b}", "a, b", "&a", "*a", "!a", "|",
    ">", "'", '"', "it's", 'said "so"', "a \\ b", "%", "@", "`", "---", "...", "<<", "=", "é",
    "日産", "a\u00a0: b", "नि\u200dर", "https://a.b/c?d=e#f", ": a", "a :", "(a)", "…",
)  # fmt: skip


def said(ledger: Path) -> Said:
    with open_ledger(ledger, "ro") as opened:
        return [(e.type, e.key, e.schema, e.data) for e in opened.events_after(0)]


def repeated(ledger: Path, folder: Path) -> Said:
    """What a ledger says that is made of a folder of files.

    As one batch the rules may refuse what they took one by one: a second retraction is taken while
    the first one has fallen, and not where that stands again in the end.
    """
    drafts = [*drafts_of((str(folder),))]
    with open_ledger(ledger, "rwc") as made:
        try:
            made.append(drafts)
        except Refused as refused:
            if refused.refusal is not Refusal.BAD_AMENDMENT:
                raise
            for draft in drafts:
                made.append([draft])
    return said(ledger)


def note(text: str, number: int = 1) -> Recorded:
    data = {"note": text, "subject": "acme"}
    return Recorded(number, "s", number, "i", f"key-{number}", "note-added", 1, "", data)


@given(st.one_of(st.sampled_from(HARD), st.text(min_size=1)))
@settings(max_examples=100, deadline=None)
def test_every_text_is_read_as_it_was_by_us_and_by_others(text: str) -> None:
    try:
        event = make_event("claim-recorded", claim(text))
    except Refused:
        return
    recorded = Recorded(1, "s", 1, "i", "k", event.type, 1, "", event.data)
    (entry,) = read_stream(io.BytesIO(written(recorded)), "it", ".yaml")
    assert (entry.key, entry.event) == ("k", event)
    (theirs,) = YAML(typ="safe", pure=True).load(written(recorded))
    read, value = theirs["value"], event.data["value"]
    assert read == value or not isinstance(read, str | bool | None), "a number, a date or the same"


def claim(value: str) -> dict[str, Any]:
    said = {"subject": "acme", "attribute": "motto", "value": value, "standing": "official"}
    return {**said, "effective_on": "2020", "citations": [{"source": "a", "locator": value}]}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("histories")


@given(offered=histories.drafts(most=30))
@settings(max_examples=6, deadline=None)
def test_a_history_recorded_again_says_the_same(base: Path, offered: list[histories.Draft]) -> None:
    with TemporaryDirectory(dir=base) as name:
        folder = Path(name)
        with open_ledger(folder / "a.db", "rwc") as ledger:
            record(ledger, offered)
        count = len(said(folder / "a.db"))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(yaml_export, "EVENTS", 20)
            exported = export_yaml(folder / "a.db", folder / "events")
        assert (exported["events"], exported["files"]) == (count, -(-count // 20))
        assert repeated(folder / "b.db", folder / "events") == said(folder / "a.db")


def record(ledger: Any, offered: Iterable[histories.Draft]) -> None:
    """Append, each for itself, the events that the rules accept."""
    for type_name, key, data in offered:
        try:
            ledger.append([Draft(make_event(type_name, data), key)])
        except Refused:
            continue


@pytest.fixture(scope="module")
def alliance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    ledger = tmp_path_factory.mktemp("alliance") / "alliance.db"
    with open_ledger(ledger, "rwc") as made:
        folders = (str(ROOT / "fixtures" / f"alliance-{batch}") for batch in ("register", "press"))
        made.append(drafts_of(tuple(folders)))
    return ledger


def test_the_alliance_recorded_again_says_the_same(alliance: Path, tmp_path: Path) -> None:
    export_yaml(alliance, tmp_path / "events")
    assert repeated(tmp_path / "b.db", tmp_path / "events") == said(alliance)


def test_what_was_recorded_since_is_all_that_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml_export, "EVENTS", 3)
    ledger, folder = new_ledger(tmp_path), tmp_path / "events"
    first = export_yaml(ledger, folder)
    assert first["written"] == ["000001.yaml", "000002.yaml", "000003.yaml"]
    before = {path: (path.read_bytes(), path.stat().st_ino) for path in folder.iterdir()}
    accept(ledger, *({"type": "note-added", "subject": "acme", "text": f"{n}"} for n in range(3)))
    assert export_yaml(ledger, folder)["written"] == ["000003.yaml", "000004.yaml"]
    now = {path: (path.read_bytes(), path.stat().st_ino) for path in folder.iterdir()}
    assert [now[path] == before[path] for path in sorted(before)] == [True, True, False]
    assert now[folder / "000003.yaml"][0].startswith(before[folder / "000003.yaml"][0])


@pytest.mark.parametrize("name", ["000001.yaml", "000002.yaml", "000005.yaml", "mine.jsonl"])
def test_a_folder_with_other_events_is_left_alone(tmp_path: Path, name: str) -> None:
    ledger, folder = new_ledger(tmp_path), tmp_path / "events"
    export_yaml(ledger, folder)
    (folder / name).write_text("- type: note-added\n")
    before = {path: path.read_bytes() for path in folder.iterdir()}
    outcome = run(ledger, "export", "--yaml", str(folder))
    assert_refused(outcome, Refusal.FILE_EXISTS, name, "Name another folder")
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_no_file_is_larger_than_its_reader_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_export, "YAML_BYTES", 1_000)
    events = [note("x" * (100 + 30 * number), number) for number in range(1, 20)]
    files = list(pages(events))
    assert b"".join(files) == b"".join(map(written, events))
    assert all(len(file) <= 1_000 for file in files)
    assert all(len(a) + len(b.split(b"\n\n")[0]) > 990 for a, b in pairwise(files)), "and full"
    with pytest.raises(Refused, match="does not fit"):
        list(pages([note("x" * 1_000)]))


def test_what_is_not_carried_is_said_and_counted(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path)  # of which one event has neither a source nor a known date
    outcome = run(ledger, "export", "--yaml", str(tmp_path / "events"))
    assert outcome.code == 0
    assert "Not carried: ids" in outcome.err
    assert "stakebook export --audit" in outcome.err
    assert "1 event names neither source nor known_on" in outcome.err
