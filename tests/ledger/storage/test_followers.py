"""What machines that follow a server find out: what it lost, what it forged, and what moved."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.context import now
from cli.signing import signer_at
from ledger.proofs.seal import sign
from ledger.storage.opening import peek
from ledger.storage.server import Server
from ledger.values.refusals import Refusal
from tests import ROOT
from tests.helpers import SETUP, append, assert_refused, dated, lines, party, run
from tests.servers import Deals, needed, new_deals

needed()
psycopg = pytest.importorskip("psycopg")
OF_ALL = "SET session_replication_role = replica; "  # so that no trigger looks


def accept(ledger: Path | str, *events: Any) -> None:
    """Append events that must be accepted."""
    told = append(ledger, lines(*events))  # type: ignore[arg-type]
    assert told.code == 0, told


def exported(ledger: Path | str, file: Path) -> bytes:
    """An audit export of a ledger."""
    assert run(ledger, "export", "--audit", str(file)).code == 0
    return file.read_bytes()


def test_a_ledger_moves_to_a_server_and_back_byte_for_byte(deals: Deals, tmp_path: Path) -> None:
    file, back, key = (tmp_path / name for name in ("deal.db", "back.db", "deal.key"))
    assert run(file, "init").code == 0
    accept(file, *SETUP)
    assert run(file, "keygen", str(key)).code == 0
    assert run(file, "seal", "--key", str(key)).code == 0
    there = deals.server.url(deals.server.database())
    first = exported(file, tmp_path / "a.jsonl")
    public = key.read_text().splitlines()[0]
    words = ("import", str(tmp_path / "a.jsonl"), "--key", public)
    assert run(there, *words).code == 2  # without --take-over two places might go on
    told = run(there, *words, "--take-over")
    assert told.code == 0, told
    assert "imported 8 events" in told.out
    assert peek(Server(there)) == peek(file)
    assert exported(there, tmp_path / "b.jsonl") == first
    assert run(there, "verify", "--key", public).code == 0
    assert run(there, "holdings", "acme").out == run(file, "holdings", "acme").out
    empty = deals.url()
    assert_refused(run(file, "init", "--moved-to", empty), Refusal.OTHER_LEDGER)
    assert run(file, "init", "--moved-to", there).code == 0
    assert_refused(append(file, lines(party("late"))), Refusal.LEDGER_MOVED)
    assert run(file, "holdings", "acme").code == 0
    accept(there, party("late"))
    last = exported(there, tmp_path / "c.jsonl")
    assert run(back, "import", str(tmp_path / "c.jsonl"), "--key", public).code == 0
    assert exported(back, tmp_path / "d.jsonl") == last
    assert run(there, "init", "--moved-to", str(back)).code == 0
    assert_refused(append(there, lines(party("later"))), Refusal.LEDGER_MOVED)  # type: ignore[arg-type]


@pytest.mark.whole
def test_what_was_read_is_answered_offline(deals: Deals) -> None:
    url = deals.url("rita")
    told = run(url, "--offline", "holdings", "acme")
    assert_refused(told, Refusal.SERVER_UNREACHABLE, "Nothing was read")
    accept(deals.url("anna"), *SETUP)
    answer = run(url, "holdings", "acme").out
    accept(deals.url("anna"), party("newco"))
    told = run(url, "--offline", "holdings", "acme")
    assert told.code == 0, told
    heading, rest = told.out.split("\n", 1)
    assert "log up to #8 as read at" in heading
    assert rest == answer
    as_json = json.loads(run(url, "--offline", "holdings", "acme", "--format", "json").out)
    assert "#8" in as_json["offline"]
    refused = append(Path("unused"), b"")
    refused = run(url, "--offline", "append", "--file", "-", stdin=lines(party("later")))
    assert_refused(refused, Refusal.SERVER_UNREACHABLE, "--offline")


@pytest.mark.whole
def test_a_log_that_became_shorter_is_told_and_its_events_rescued(
    deals: Deals, tmp_path: Path
) -> None:
    accept(deals.url("anna"), *SETUP)
    before = peek(Server(deals.url("rita")))
    accept(deals.url("anna"), party("newco"), dated("shares-issued", key="more",
           share_class="acme/common", holder="bolt", shares="7"))  # fmt: skip
    assert run(deals.url("rita"), "holdings", "acme").code == 0
    deals.execute(
        f"{OF_ALL} DELETE FROM stakebook.stored_events WHERE position > 8;"
        f" UPDATE stakebook.frontier SET size = 8, peaks = '\\x{before.peaks.hex()}'"
    )
    told = run(deals.url("rita"), "holdings", "acme")
    assert (told.code, told.out) == (5, "")
    assert "ends at #8" in told.err
    assert "#9 to #10" in told.err
    for _ in range(2):  # nothing is repaired in silence
        assert run(deals.url("rita"), "holdings", "acme").code == 5
    lost = tmp_path / "lost.jsonl"
    assert run(deals.url("rita"), "follow", "--rescue", str(lost)).code == 0
    told = append(deals.url("anna"), lost.read_bytes())  # type: ignore[arg-type]
    assert told.code == 5  # on this machine; on another one:
    other = {"XDG_STATE_HOME": str(tmp_path / "other")}
    told = run(deals.url("anna"), "append", "--file", str(lost), **other)
    assert told.code == 0, told
    assert run(deals.url("anna"), "status", "--key", "more", **other).out.startswith("recorded #10")


def test_what_others_recorded_in_the_place_of_lost_events_hides_none_of_these(
    deals: Deals, tmp_path: Path
) -> None:
    """A server that was restored to an earlier time, where somebody went on before we looked."""
    accept(deals.url("anna"), *SETUP)
    before = peek(Server(deals.url("rita")))
    accept(deals.url("anna"), party("newco"), party("last"))
    assert run(deals.url("rita"), "holdings", "acme").code == 0
    deals.execute(
        f"{OF_ALL} DELETE FROM stakebook.stored_events WHERE position > 8;"
        f" UPDATE stakebook.frontier SET size = 8, peaks = '\\x{before.peaks.hex()}'"
    )
    other = {"XDG_STATE_HOME": str(tmp_path / "other")}
    for number in range(3):  # the log is shorter, as long, and longer than what was read
        given = lines(party(f"other-{number}"))
        assert run(deals.url("anna"), "append", "--file", "-", stdin=given, **other).code == 0
        told = run(deals.url("rita"), "parties")
        assert (told.code, told.out) == (5, "")
        assert "--rescue" in told.err
        lost = tmp_path / f"lost-{number}.jsonl"
        told = run(deals.url("rita"), "follow", "--rescue", str(lost))
        assert "2 events after #8" in told.out
        keys = [json.loads(line)["key"] for line in lost.read_text().splitlines()]
        assert keys == ["party-newco", "party-last"]


def test_another_history_of_the_same_length_is_found(deals: Deals, tmp_path: Path) -> None:
    """A fork before the last event, which the last leaf alone would not show."""
    twin = new_deals(deals.server)
    deals.execute(f"{OF_ALL} UPDATE stakebook.ledger SET id = 'twins'")
    twin.execute(f"{OF_ALL} UPDATE stakebook.ledger SET id = 'twins'")
    accept(deals.url("anna"), party("acme"), party("bolt"))
    other = {"XDG_STATE_HOME": str(tmp_path / "other")}
    forged = lines(party("acme", name="Forged"), party("bolt"), party("late"))
    assert run(twin.url("anna"), "append", "--file", "-", stdin=forged, **other).code == 0
    assert run(deals.url("rita"), "parties").code == 0
    told = run(twin.url("rita"), "parties")
    assert (told.code, told.out) == (5, ""), told
    assert "forked" in told.err
    (kept,) = (tmp_path / "state").rglob("parted-*.json")
    assert str(kept) in told.err
    evidence = json.loads(kept.read_text())
    assert (evidence["read_here"]["events"], evidence["on_the_server"]["events"]) == (2, 3)
    assert kept.stat().st_mode & 0o077 == 0
    assert run(twin.url("rita"), "parties").code == 5
    assert len(list((tmp_path / "state").rglob("parted-*.json"))) == 1
    assert run(deals.url("rita"), "parties").code == 0  # nothing of it was kept


@pytest.mark.whole
def test_a_tree_that_was_forged_is_found(deals: Deals) -> None:
    accept(deals.url("anna"), party("acme"))
    assert run(deals.url("rita"), "parties").code == 0
    with pytest.raises(psycopg.Error, match="does not end where the log does"):
        deals.execute("UPDATE stakebook.frontier SET peaks = ''", "anna")
    deals.execute("UPDATE stakebook.frontier SET peaks = sha256(peaks)", "anna")
    told = run(deals.url("rita"), "parties")
    assert told.code == 5
    assert "repair-frontier" in told.err
    assert run(deals.url("anna"), "replay", "--repair-frontier").code == 0
    assert run(deals.url("rita"), "parties").code == 0


@pytest.mark.whole
def test_a_read_model_that_is_gone_is_not_forgotten(deals: Deals, tmp_path: Path) -> None:
    accept(deals.url("anna"), party("acme"), party("bolt"))
    assert run(deals.url("rita"), "parties").code == 0
    (views,) = (tmp_path / "state").rglob("views.db")
    views.unlink()
    deals.execute(
        f"{OF_ALL} DELETE FROM stakebook.stored_events;"
        " UPDATE stakebook.frontier SET size = 0, peaks = ''"
    )
    told = run(deals.url("rita"), "parties")
    assert told.code == 5
    assert "ends at #0" in told.err


@pytest.mark.whole
def test_a_follower_begins_with_the_read_model_of_another(deals: Deals, tmp_path: Path) -> None:
    accept(deals.url("anna"), *SETUP)
    answer = run(deals.url("rita"), "holdings", "acme").out
    (views,) = (tmp_path / "state").rglob("views.db")
    copy = tmp_path / "copy.db"
    copy.write_bytes(views.read_bytes())
    other = {"XDG_STATE_HOME": str(tmp_path / "other")}
    told = run(deals.url("otto"), "follow", "--from", str(copy), **other)
    assert (told.code, told.out.split(" of ")[0]) == (0, "took 8 events"), told
    assert_refused(run(deals.url("otto"), "follow", "--from", str(copy), **other),
                   Refusal.FILE_EXISTS, "already")  # fmt: skip
    assert run(deals.url("otto"), "holdings", "acme", **other).out == answer
    assert "not checked here" in run(deals.url("otto"), "doctor", **other).out
    assert run(deals.url("otto"), "replay", **other).code == 0
    assert "not checked here" not in run(deals.url("otto"), "doctor", **other).out


@pytest.mark.whole
def test_what_is_no_copy_of_this_log_is_not_begun_with(deals: Deals, tmp_path: Path) -> None:
    accept(deals.url("anna"), *SETUP)
    assert run(deals.url("rita"), "parties").code == 0
    (views,) = (tmp_path / "state").rglob("views.db")
    forged, none = tmp_path / "forged.db", tmp_path / "none.db"
    forged.write_bytes(views.read_bytes())
    with closing(sqlite3.connect(forged)) as connection, connection:
        connection.execute("UPDATE events SET data = replace(data, 'Acme', 'Acmo')")
    none.write_text("mine")
    twin, third = new_deals(deals.server), {"XDG_STATE_HOME": str(tmp_path / "third")}
    for url, file, refusal in (
        (deals.url("rita"), forged, Refusal.OTHER_FORMAT),
        (deals.url("rita"), none, Refusal.OTHER_FORMAT),
        (twin.url("rita"), views, Refusal.OTHER_LEDGER),
        (deals.url("rita"), tmp_path / "no", Refusal.UNREADABLE_FILE),
    ):
        assert_refused(run(url, "follow", "--from", str(file), **third), refusal)
    assert not list((tmp_path / "third").rglob("views.db"))


@pytest.mark.whole
def test_following_tells_what_comes(deals: Deals) -> None:
    accept(deals.url("anna"), party("acme"))
    told = run(deals.url("rita"), "follow", "--times", "1")
    assert told.code == 0, told
    assert "read up to #1" in told.out


@pytest.mark.whole
def test_the_alliance_on_a_server_has_the_same_answers_at_every_cut(
    deals: Deals, tmp_path: Path
) -> None:
    file, there = tmp_path / "deal.db", deals.server.url(deals.server.database())
    assert run(file, "init").code == 0
    for folder in ("alliance-press", "alliance-register"):
        assert run(file, "append", "--file", str(ROOT / "fixtures" / folder)).code == 0
    exported(file, tmp_path / "a.jsonl")
    assert run(there, "import", str(tmp_path / "a.jsonl"), "--take-over").code == 0
    digests = [json.loads(run(one, "replay", "--json").out)["digest"] for one in (file, there)]
    assert digests[0] == digests[1]
    for as_of in ("2022-10-01", "2023-02-06", "2023-11-07", "2023-11-08", "2025-03-31"):
        for question in ("holdings", "votes", "governance", "timeline"):
            cut = [question, "nissan", "--as-of", as_of, "--standing", "official"]
            assert run(there, *cut).out == run(file, *cut).out


def test_a_checkpoint_is_of_what_is_there_and_of_no_time_to_come(
    deals: Deals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With others nobody could append, verify or export any more."""
    accept(deals.url("anna"), *SETUP)
    key, note = tmp_path / "deal.key", tmp_path / "note"
    assert run(deals.url("seth"), "keygen", str(key)).code == 0
    monkeypatch.setattr("cli.commands.seal.now", lambda: now() + timedelta(hours=1))
    told = run(deals.url("seth"), "seal", "--key", str(key), "--out", str(note))
    assert told.code == 0
    assert "export --audit FILE" in told.err
    accept(deals.url("anna"), party("later"))  # the seal has the server's time
    good = note.read_text()
    ahead = sign(Server(deals.url("seth")), signer_at(key), now(), to_come=0, size=8)
    late = signer_at(key).sign(ahead.text, int((now() + timedelta(hours=1)).timestamp()))
    forged = str(replace(ahead, signatures=(late,)))
    keep = "INSERT INTO stakebook.checkpoints (size, note) VALUES (%s, %s)"
    bad = [good.replace("\n8\n", "\n9\n"), good.replace("stakebook/", "other/"), good + "\n"]
    head = good.partition("\n\n")[0]
    names = ("a+b", "a\u00a0b", "a\u2028b", "a\tb", "a\rb", "a\x01b")
    bad += [f"{head}\n\n\u2014 {name} AAAAAAA=\n" for name in names]
    values = ("AAAA", "AAAAAA==", "AAAAAAB=", "AAAAAAAAAB==", "AAAAAAAA=", "A")
    bad += [f"{head}\n\n\u2014 s {value}\n" for value in values]
    bad.append(f"{head[:-2]}B=\n\n\u2014 s AAAAAAA=\n")  # not the one way to write a root
    bad.append(f"{head}\n\n" + "\u2014 s AAAAAAA=\n" * 90_000)
    beyond = good.replace("\n8\n", "\n99\n")
    for size, text in (
        *((8, text) for text in ("garbage", "", *bad, forged)), (9, good), (99, beyond),
    ):  # fmt: skip
        with psycopg.connect(deals.url("seth")) as connection, pytest.raises(psycopg.Error):
            connection.execute(keep, (size, text))
    assert run(deals.url("otto"), "verify").code == 0


@pytest.mark.whole
def test_a_sealer_seals_what_others_recorded_and_an_auditor_verifies_it(
    deals: Deals, tmp_path: Path
) -> None:
    accept(deals.url("anna"), *SETUP)
    key = tmp_path / "deal.key"
    assert run(deals.url("seth"), "keygen", str(key)).code == 0
    assert run(deals.url("seth"), "seal", "--key", str(key)).code == 0
    assert run(deals.url("anna"), "seal", "--key", str(key)).code == 2
    public = key.read_text().splitlines()[0]
    accept(deals.url("anna"), party("later"))
    assert run(deals.url("otto"), "verify", "--key", public).code == 0
    assert run(deals.url("otto"), "prove", "opened", "--out", str(tmp_path / "proof")).code == 0
    assert run(deals.url("otto"), "export", "--audit", str(tmp_path / "otto.jsonl")).code == 0
    assert (
        run(tmp_path / "none.db", "verify", str(tmp_path / "otto.jsonl"), "--key", public).code == 0
    )
