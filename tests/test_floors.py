"""The floors of the benchmarks do the work that they are floors of: what they make is what the
product makes, and what the product refuses they refuse."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks import bare, floor_reads, floors
from benchmarks.floor_answers import EVER, market, question
from benchmarks.floor_fold import Wrong, read_only
from benchmarks.floor_tables import tables
from benchmarks.generate import plan_of, write
from projections.analysis.tables import TABLES
from tests.helpers import run

CUTS = (
    ("2003-05-31", None), ("2012-12-31", None), ("2026-01-01", None),
    ("2012-12-31", "2012-06-30"), ("2018-01-01", "2018-01-01"), ("2024-12-31", "2015-01-01"),
)  # fmt: skip
ISSUERS = ("i00000", "i00001", "i00002")
Line = dict[str, Any]
Said = pytest.CaptureFixture[str]


class Made:
    """A market in a ledger of the product, made of several batches, and in one of a floor."""

    def __init__(self, folder: Path, workload: str) -> None:
        self.folder, self.ledger, self.workload = folder, folder / "market.db", workload
        write(plan_of(1_500, 3, 30, 7, workload), folder / "events", parts=3)
        self.files = [str(part) for part in sorted((folder / "events").glob("*.jsonl"))]
        assert run(self.ledger, "init").code == 0
        for part in self.files:
            outcome = run(self.ledger, "append", "--file", part)
            assert outcome.code == 0, outcome.err
        self.model = str(folder / "market.model")
        floors.file(str(self.ledger), self.model)
        self.floor, self.floor_model = str(folder / "floor.db"), str(folder / "floor.model")
        floors.append(self.floor, self.floor_model, *self.files)

    def transfer(self) -> Line:
        """The first transfer of shares."""
        lines = Path(self.files[0]).read_bytes().splitlines()
        return next(one for one in map(json.loads, lines) if one["type"] == "shares-transferred")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp("floors"), "market")


@pytest.fixture(scope="module", params=["market", "deals", "corrected"])
def of_each(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp("floors"), request.param)


def told(row: Line) -> Line:
    names = (
        "issuer", "share_class", "holder", "shares", "percent", "percent_exact", "issued",
        "treasury", "outstanding", "standing", "events_count",
    )  # fmt: skip
    return {name: row[name] for name in names}


def ours(ledger: Path | str, *words: str) -> list[Line]:
    outcome = run(Path(ledger), "holdings", *words, "--format", "json")
    assert outcome.code == 0, outcome.err
    return [row for row in json.loads(outcome.out)["rows"] if row["basis"] == "register"]


def said(capsys: Said, job: Callable[..., None], *words: str) -> str:
    capsys.readouterr()
    job(*words)
    return capsys.readouterr().out.strip()


@pytest.mark.sampled(6)
@pytest.mark.parametrize(("as_of", "known_by"), CUTS)
def test_a_question_is_answered_as_by_the_command(
    of_each: Made, as_of: str, known_by: str | None
) -> None:
    words = ("--as-of", as_of, *(("--known-by", known_by) if known_by else ()))
    reading = read_only(of_each.model)
    for issuer in ISSUERS:
        found = question(reading, issuer, as_of, known_by or EVER)
        expected = ours(of_each.ledger, issuer, *words)
        assert list(map(told, found)) == list(map(told, expected))
        assert [row["events"] for row in found] == [row["events"] for row in expected]
    everybody = [told(row) for row in market(reading, as_of, known_by or EVER)]
    assert everybody == list(map(told, ours(of_each.ledger, *words)))


def test_the_holdings_tried_are_many_and_some_were_corrected(made: Made) -> None:
    reading = read_only(made.model)
    counts = [len(question(reading, i, CUTS[2][0], EVER)) for i in ISSUERS]
    assert sum(counts) > 20
    for sql in ("since > position", f"known_until < {99_999_999}", "until < 1500"):
        assert reading.execute(f"SELECT 1 FROM postings WHERE {sql}").fetchone(), sql
    assert reading.execute("SELECT 1 FROM splits").fetchone()


@pytest.mark.sampled(3)
def test_what_a_floor_appends_is_a_ledger_with_the_same_root(of_each: Made, capsys: Said) -> None:
    folder = of_each.folder
    root = said(capsys, floors.append, str(folder / "a.db"), str(folder / "a"), *of_each.files)
    assert said(capsys, bare.verify, str(folder / "a.db")) == root
    outcome = run(folder / "a.db", "verify", "--json")
    assert outcome.code == 0, outcome.out
    outcome = run(folder / "a.db", "replay")
    assert outcome.code == 0, outcome.err
    assert "1500 replayed" in outcome.out
    for issuer in ISSUERS:
        assert ours(folder / "a.db", issuer) == ours(of_each.ledger, issuer)


@pytest.mark.sampled(3)
def test_a_replay_finds_the_balances_of_the_append(of_each: Made, capsys: Said) -> None:
    fresh = str(of_each.folder / "fresh")
    found = {
        said(capsys, floors.replay, str(of_each.ledger), fresh, of_each.model),
        said(capsys, floors.file, str(of_each.ledger), fresh),
        said(capsys, floors.replay, of_each.floor, fresh, of_each.floor_model),
    }
    assert len(found) == 1


@pytest.mark.sampled(3)
def test_the_tables_hold_what_an_export_holds(of_each: Made, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    ours_in, theirs_in = tmp_path / "ours", tmp_path / "theirs"
    outcome = run(of_each.ledger, "export", "--parquet", str(ours_in))
    assert outcome.code == 0, outcome.err
    tables(str(of_each.ledger), str(theirs_in))
    for name in TABLES:
        expected = parquet.read_table(ours_in / f"{name}.parquet")
        file = theirs_in / f"{name}.parquet"
        if not expected.num_rows:
            assert not file.exists()
            continue
        found = parquet.read_table(file)
        assert found.schema.equals(expected.schema), name
        rows, others = (sorted(map(repr, one.to_pylist())) for one in (expected, found))
        assert rows == others, name
    if of_each.workload != "deals":
        events = parquet.read_table(theirs_in / "events.parquet").num_rows
        assert events > 1_500, "some events have several versions"


def test_one_append_after_another_is_what_a_replay_finds(made: Made, tmp_path: Path) -> None:
    ledger, model = str(tmp_path / "one.db"), str(tmp_path / "one.model")
    floors.append(ledger, model, *made.files)
    before = ours(ledger, "i00001")
    floors.commit(ledger, model, "i00001/common", "h000001", "3")
    floors.replay(ledger, str(tmp_path / "fresh"), model)
    outcome = run(Path(ledger), "replay")
    assert "1503 replayed" in outcome.out, outcome.err
    issued = [int(rows[0]["issued"]) for rows in (before, ours(ledger, "i00001"))]
    assert issued[1] - issued[0] == 300


MUCH = "9" * 12
CORRECTED = {
    "type": "event-corrected", "key": "wrong", "because": "misread",
    "changes": [{"field": "shares", "value": MUCH}],
}  # fmt: skip
WRONG: dict[str, Callable[[Line], Line]] = {  # made of a transfer
    "no day": lambda plain: plain | {"effective_on": "2012-02-31"},
    "no number": lambda plain: plain | {"shares": "-5"},
    "no standing": lambda plain: plain | {"standing": "certain"},
    "inferred from nothing": lambda plain: plain | {"standing": "inferred"},
    "another field": lambda plain: plain | {"colour": "red"},
    "a field too few": lambda plain: {n: v for n, v in plain.items() if n != "shares"},
    "another type": lambda plain: plain | {"type": "shares-borrowed"},
    "the key of another": lambda plain: plain | {"key": "e000000001"},
    "nobody": lambda plain: plain | {"transferee": "nobody"},
    "no class": lambda plain: plain | {"share_class": "i00001/preferred"},
    "no source": lambda plain: plain | {"citations": [{"source": "hearsay"}]},
    "more than there is": lambda plain: plain | {"shares": MUCH},
    "more than there was": lambda plain: plain | {"effective_on": "1999-01-01"},
    "a correction of nothing": lambda _: CORRECTED | {"event": "nothing"},
    "a correction to more": lambda plain: CORRECTED | {"event": plain["note"]},
}


def refused(made: Made, text: str, folder: Path) -> None:
    """Neither a floor nor the product takes a line after those of the market."""
    wrong, ledger = folder / "wrong.jsonl", str(folder / "floor.db")
    wrong.write_text(text + "\n", encoding="utf-8")
    with pytest.raises(Wrong):
        floors.append(ledger, str(folder / "model"), *made.files, str(wrong))
    assert read_only(ledger).execute("SELECT count(*) FROM stored_events").fetchone() == (0,)
    assert run(made.ledger, "append", "--dry-run", "--file", str(wrong)).code == 2


@pytest.mark.sampled(3)
@pytest.mark.parametrize("make", WRONG.values(), ids=WRONG.keys())
def test_a_line_that_is_wrong_is_refused(
    made: Made, make: Callable[[Line], Line], tmp_path: Path
) -> None:
    plain = made.transfer() | {"key": "wrong", "note": made.transfer()["key"]}
    refused(made, json.dumps(make(plain), separators=(",", ":")), tmp_path)


@pytest.mark.parametrize("ending", [',"shares":"100"}', ""], ids=["a member twice", "no JSON"])
def test_a_line_that_is_written_wrong_is_refused(made: Made, ending: str, tmp_path: Path) -> None:
    text = json.dumps(made.transfer() | {"key": "wrong"}, separators=(",", ":"))
    refused(made, text[:-1] + ending, tmp_path)


def test_the_same_line_is_taken_where_it_is_right(made: Made, tmp_path: Path) -> None:
    """The control: what is made wrong above is otherwise right."""
    right = tmp_path / "right.jsonl"
    line = made.transfer() | {"key": "right", "shares": "1", "effective_on": "2025-01-01"}
    line |= {"transferor": ours(made.ledger, line["share_class"].partition("/")[0])[0]["holder"]}
    right.write_text(json.dumps(line) + "\n", encoding="utf-8")
    floors.append(str(tmp_path / "a.db"), str(tmp_path / "a"), *made.files, str(right))
    outcome = run(made.ledger, "append", "--dry-run", "--file", str(right))
    assert outcome.code == 0, outcome.err


DAMAGE = {
    "a byte": "UPDATE stored_events SET state = CAST(replace(CAST(state AS TEXT), 'shares\":\"1',"
    " 'shares\":\"2') AS BLOB) WHERE position = {}",
    "the key": "UPDATE stored_events SET key = 'other' WHERE position = {}",
    "the type": "UPDATE stored_events SET topic = 'note-added' WHERE position = {}",
    "the stream": "UPDATE stored_events SET originator_id = 'other' WHERE position = {}",
    "the digest": "UPDATE stored_events SET content = leaf WHERE position = {}",
    "the leaf": "UPDATE stored_events SET leaf = content WHERE position = {}",
    "a row": "DELETE FROM stored_events WHERE position = {}",
    "the last row": "DELETE FROM stored_events WHERE position = 1500",
    "the tree": "UPDATE frontier SET peaks = zeroblob(length(peaks))",
}


def damaged(ledger: Path, damage: str) -> None:
    with sqlite3.connect(ledger) as connection:
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        for (name,) in connection.execute(triggers).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        (at,) = connection.execute(
            "SELECT min(position) FROM stored_events WHERE instr(state, 'shares\":\"1') > 0"
        ).fetchone()
        assert connection.execute(damage.format(at)).rowcount == 1


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_replay_stops_at_damage(made: Made, damage: str, tmp_path: Path) -> None:
    ledger = tmp_path / "damaged.db"
    ledger.write_bytes(made.ledger.read_bytes())
    damaged(ledger, damage)
    with pytest.raises(Wrong):
        floors.replay(str(ledger), str(tmp_path / "model"))


def test_a_history_is_verified_against_its_seal(made: Made, capsys: Said, tmp_path: Path) -> None:
    ledger, key, other = tmp_path / "sealed.db", tmp_path / "a.key", tmp_path / "b.key"
    ledger.write_bytes(made.ledger.read_bytes())
    for words in (("keygen", str(key)), ("keygen", str(other)), ("seal", "--key", str(key))):
        assert run(ledger, *words).code == 0, words
    note = ("note-added", "--subject", "i00001", "--text", "after the seal")
    assert run(ledger, "append", *note).code == 0
    assert run(ledger, "verify", "--key", str(key)).code == 0
    found = said(capsys, floor_reads.verify, str(ledger), str(key))
    assert found == said(capsys, bare.verify, str(ledger))
    with pytest.raises(Wrong, match="signed"):
        floor_reads.verify(str(ledger), str(other))
    whole = ledger.read_bytes()
    for damage in ("a byte", "the last row", "the tree"):
        ledger.write_bytes(whole)
        damaged(ledger, DAMAGE[damage])
        with pytest.raises(Wrong):
            floor_reads.verify(str(ledger), str(key))
        assert run(ledger, "verify", "--key", str(key)).code != 0, damage


@pytest.mark.parametrize("table", ["balances", "postings", "mentions", "events", "splits"])
def test_a_replay_is_compared_with_the_read_model_in_use(
    made: Made, table: str, tmp_path: Path
) -> None:
    in_use = tmp_path / "in-use"
    in_use.write_bytes(Path(made.model).read_bytes())
    with sqlite3.connect(in_use) as connection:
        last = connection.execute(f"PRAGMA table_info({table})").fetchall()[-1][1]
        connection.execute(
            f"UPDATE {table} SET {last} = {last} + 1000000 WHERE position = (SELECT max(position)"
            f" FROM {table})" if table != "balances" else "UPDATE balances SET shares = shares + 1"
        )  # fmt: skip
    with pytest.raises(Wrong, match=table):
        floors.replay(str(made.ledger), str(tmp_path / "model"), str(in_use))
