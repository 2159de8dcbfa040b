"""Exports: the whole history in one file, taken at one moment, and a ledger again from it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from ledger.proofs.audit_export import Export, write_export
from ledger.proofs.snapshot import Snapshot
from ledger.storage.opening import peek
from ledger.values.refusals import Refusal, Refused
from tests.helpers import (
    accept,
    assert_refused,
    dated,
    lines,
    new_ledger,
    party,
    run,
    stored,
    tamper,
)


@pytest.fixture
def ledger(base: Path, tmp_path: Path) -> Path:
    """A ledger with a sealed past and an unsealed end."""
    shutil.copytree(base.parent, tmp_path, dirs_exist_ok=True)
    return tmp_path / base.name


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = new_ledger(tmp_path_factory.mktemp("base"))
    keys = made.with_name("keys")
    keys.mkdir()
    assert run(made, "keygen", str(keys / "deal.key")).code == 0
    assert run(made, "seal", "--key", str(keys / "deal.key")).code == 0
    accept(made, party("newco") | {"key": "newco", "name": "N\u00e9co \u00df \U0001f600"})
    assert run(made, "seal", "--key", str(keys / "deal.key")).code == 0
    accept(made, party("later") | {"key": "later"})
    return made


def exported(ledger: Path, name: str = "audit.jsonl") -> Path:
    """An export beside the ledger."""
    file = ledger.with_name(name)
    outcome = run(ledger, "export", "--audit", str(file))
    assert outcome.code == 0, outcome.err
    return file


def test_the_lines_of_events_are_their_stored_bytes(ledger: Path) -> None:
    written = exported(ledger).read_bytes().split(b"\n")
    events = stored(ledger)
    assert json.loads(written[0])["events"] == len(events)
    assert written[1 : len(events) + 1] == [state for _, state in events]


def test_exporting_twice_gives_the_same_bytes(ledger: Path) -> None:
    first = exported(ledger)
    assert exported(ledger, "again.jsonl").read_bytes() == first.read_bytes()
    accept(ledger, party("more"))
    assert exported(ledger, "more.jsonl").read_bytes() != first.read_bytes()


def test_a_ledger_imported_is_the_same_to_the_byte(ledger: Path, tmp_path: Path) -> None:
    first = exported(ledger)
    copy = tmp_path / "copy.db"
    outcome = run(copy, "import", str(first), *its_key(ledger))
    assert outcome.code == 0, outcome.err
    assert f"imported {len(stored(ledger))} events" in outcome.out
    for table in ("ledger", "stored_events", "frontier", "checkpoints"):
        assert rows(copy, table) == rows(ledger, table)
    assert exported(copy, "copy.jsonl").read_bytes() == first.read_bytes()
    digests = {json.loads(run(one, "replay", "--json").out)["digest"] for one in (copy, ledger)}
    assert len(digests) == 1
    assert (
        run(copy, "holdings", "--format", "json").out
        == run(ledger, "holdings", "--format", "json").out
    )


def its_key(ledger: Path) -> tuple[str, str]:
    """The option that names the ledger's key."""
    return "--key", str(ledger.parent / "keys" / "deal.key")


MOVING = {"deal.db-shm", "deal.db-wal"}


def rows(ledger: Path, table: str) -> list[tuple[object, ...]]:
    """Every row of a table."""
    connection = sqlite3.connect(ledger)
    try:
        return connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()
    finally:
        connection.close()


def test_importing_again_adds_what_is_new(ledger: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    first = exported(ledger)
    assert run(copy, "import", str(first), *its_key(ledger)).code == 0
    again = run(copy, "import", str(first), *its_key(ledger))
    assert again.code == 0
    assert "imported 0 events" in again.out
    accept(ledger, party("more"))
    more = run(copy, "import", str(exported(ledger, "more.jsonl")), *its_key(ledger))
    assert "imported 1 events" in more.out
    assert stored(copy) == stored(ledger)
    assert run(copy, "import", str(first), *its_key(ledger)).code == 0, (
        "an older export has nothing new"
    )


def test_a_fork_and_another_ledger_are_not_imported(ledger: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copy(ledger, tmp_path / "fork.db"))
    accept(copy, party("here"))
    accept(ledger, party("there"))
    forked = exported(ledger)
    before = stored(copy)
    assert_refused(
        run(copy, "import", str(forked), *its_key(ledger)), Refusal.LOG_CHANGED, "forked"
    )
    other = new_ledger(tmp_path / "other") if (tmp_path / "other").mkdir() is None else copy
    assert_refused(run(other, "import", str(forked), *its_key(ledger)), Refusal.OTHER_LEDGER)
    assert stored(copy) == before


def test_an_altered_export_is_refused_with_its_line_and_leaves_nothing(
    ledger: Path, tmp_path: Path
) -> None:
    file = exported(ledger)
    file.write_bytes(file.read_bytes().replace(b'"name":"Acme', b'"name":"Acne'))
    copy = tmp_path / "copy.db"
    outcome = run(copy, "import", str(file), *its_key(ledger))
    assert_refused(outcome, Refusal.BAD_EXPORT, f"line 2 of {file}")
    assert not copy.exists()


def test_an_export_that_no_append_could_have_made_is_refused(tmp_path: Path, ledger: Path) -> None:
    """Whoever writes an export of his own must still obey the rules that events obey."""
    from ledger.events.envelope import Recorded
    from ledger.transparency.merkle import Frontier, leaf_hash

    sale = dated("shares-transferred", share_class="acme/common", transferor="bolt",
                 transferee="fund-one", shares="999999999")  # fmt: skip
    del sale["type"]
    event = Recorded(
        1, "register:acme/common", 1, "id", "k", "shares-transferred", 1,
        "2026-01-01T00:00:00.000000Z", sale,
    )  # fmt: skip

    class Forged(Snapshot):
        size = 1

        @property
        def claimed_root(self) -> bytes:
            tree = Frontier()
            tree.extend([leaf_hash(event.state(self.id))])
            return tree.root()

        def valid_pages(self):  # type: ignore[no-untyped-def]
            yield [event.state(self.id)]

        def leaves(self):  # type: ignore[no-untyped-def]
            yield leaf_hash(event.state(self.id))

        def notes(self) -> list:  # type: ignore[type-arg]
            return []

    file = tmp_path / "forged.jsonl"
    with Forged(ledger) as snapshot, file.open("wb") as stream:
        snapshot.size = 1
        write_export(snapshot, stream)
    copy = tmp_path / "copy.db"
    outcome = run(copy, "import", str(file))
    assert outcome.code == 5
    assert "the rules refuse it" in outcome.err
    assert not copy.exists()


def test_what_is_appended_meanwhile_is_not_in_the_export(ledger: Path, tmp_path: Path) -> None:
    file = tmp_path / "snapshot.jsonl"
    with Snapshot(ledger) as snapshot:
        accept(ledger, party("meanwhile"))
        with file.open("wb") as stream:
            write_export(snapshot, stream)
    assert Export(file).size == peek(ledger).position - 1
    assert run(ledger, "verify", str(file)).code == 0


def test_an_export_never_takes_the_place_of_another_file(ledger: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    kept.write_text("kept")
    before = {p.name for p in tmp_path.iterdir()} - MOVING
    for place in (kept, ledger):
        assert_refused(run(ledger, "export", "--audit", str(place)), Refusal.FILE_EXISTS)
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "nowhere")
    assert_refused(run(ledger, "export", "--audit", str(link)), Refusal.FILE_EXISTS)
    link.unlink()
    assert_refused(
        run(ledger, "export", "--audit", str(tmp_path / "no" / "folder")), Refusal.FILE_TROUBLE
    )
    assert kept.read_text() == "kept"
    left = {p.name for p in tmp_path.iterdir()} - MOVING
    assert left == before, "no draft is left behind"


def test_an_export_stopped_half_way_leaves_no_file(
    ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ledger.storage.atomic_file.os.fsync", full)
    file = tmp_path / "half.jsonl"
    assert_refused(run(ledger, "export", "--audit", str(file)), Refusal.FILE_TROUBLE, "No space")
    assert not list(tmp_path.glob("*half*"))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: b"",
        lambda _: b"{}\n",
        lambda raw: raw[:-1],
        lambda raw: raw + b"\n",
        lambda raw: raw + raw.splitlines(keepends=True)[1],
        lambda raw: raw.replace(b"\n", b"\r\n"),
        lambda raw: b"\xef\xbb\xbf" + raw,
        lambda raw: raw.replace(b'{"leaves":', b'{ "leaves":'),
        lambda raw: raw[: raw.rindex(b'{"sha256"')],
        lambda raw: raw.replace(b'{"checkpoint":', b'{"checkpoints":'),
        lambda _: lines(party("acme")),
    ],
)
def test_what_is_no_whole_export_is_refused(ledger: Path, spoil: object) -> None:
    file = exported(ledger)
    file.write_bytes(spoil(file.read_bytes()))  # type: ignore[operator]
    outcome = run(ledger, "verify", str(file))
    assert_refused(outcome, Refusal.BAD_EXPORT, str(file))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        Export(tmp_path / "missing.jsonl")


def test_a_shorter_fork_is_not_imported_and_leaves_no_checkpoint(
    ledger: Path, tmp_path: Path
) -> None:
    """Its checkpoints would stand against the ledger's own for ever."""
    copy = Path(shutil.copy(ledger, tmp_path / "fork.db"))
    accept(ledger, party("here"), party("and-here"))
    accept(copy, party("there"))
    assert run(copy, "seal", *its_key(ledger)).code == 0
    forked, before = exported(copy), rows(ledger, "checkpoints")
    outcome = run(ledger, "import", str(forked), *its_key(ledger))
    assert_refused(outcome, Refusal.LOG_CHANGED, "forked")
    assert rows(ledger, "checkpoints") == before
    assert run(ledger, "seal", *its_key(ledger)).code == 0


def test_signatures_that_nobody_read_are_not_imported(ledger: Path, tmp_path: Path) -> None:
    file, copy = exported(ledger), tmp_path / "copy.db"
    assert_refused(run(copy, "import", str(file)), Refusal.BAD_KEY, "no key was given")
    stranger = tmp_path / "stranger.key"
    other = new_ledger(tmp_path / "other") if not (tmp_path / "other").mkdir() else ledger
    assert run(other, "keygen", str(stranger)).code == 0
    assert run(copy, "import", str(file), "--key", str(stranger)).code == 2
    assert not copy.exists()


@pytest.mark.parametrize("position", [1, 2, "(SELECT max(position) FROM stored_events)"])
def test_a_ledger_that_lost_an_event_is_not_filled_by_an_import(
    ledger: Path, position: int | str
) -> None:
    """Whoever lost one event cannot vouch for the others."""
    file, keys = exported(ledger), its_key(ledger)
    tamper(ledger, f"DELETE FROM stored_events WHERE position = {position}")
    before = stored(ledger)
    outcome = run(ledger, "import", str(file), *keys)
    assert (outcome.code, "is missing; `stakebook --ledger" in outcome.err) == (5, True)
    assert stored(ledger) == before
