"""A database to explore says what the ledger says: every version, and every answer at its cut."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from cli.context import make_cut
from cli.sqlite_export import write_database
from ledger.time.view import View
from ledger.values.refusals import Refusal
from projections.analysis.tables import as_dicts, rows
from projections.questions import answers
from tests import histories
from tests.helpers import accept, assert_refused, assert_usage, dated, new_ledger, run
from tests.projections.analysis.test_tables import Told

HUGE = "600000000000000000000"


@given(st.data())
@settings(max_examples=8, deadline=None)
def test_the_tables_have_what_the_ledger_answers(data: st.DataObject) -> None:
    events = histories.history(data.draw(histories.drafts()))
    cut, count = data.draw(histories.cuts(len(events)))
    told = Told(events)
    view = View(Told(events[:count]), cut)
    with closing(sqlite3.connect(":memory:")) as connection:
        database = Database(connection)
        write_database(database, told, view, lambda: events)
        counted = defaultdict[str, int](int)
        for name, answer in answers(view):
            table = f"{name.partition(' ')[0]}_at_cut"
            ours = [set(row.items()) for row in database[table].rows]
            counted[table] += len(answer.rows)
            for row in answer.rows:
                assert any(set(plain(row).items()) <= one for one in ours), (name, row)
        for table, row in as_dicts(rows(told, events)):
            counted[table] += 1
            found = database.table(table).get(counted[table])
            assert {name: found[name] for name in row} == row
        assert {table: database[table].count for table in counted} == counted
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def plain(row: Any) -> dict[str, Any]:
    return {k: json.dumps(v, ensure_ascii=False) if isinstance(v, list) else v
            for k, v in row.items() if not k.endswith(("_name", "_names"))}  # fmt: skip


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Database]]:
    folder = tmp_path_factory.mktemp("explored")
    issued = dated("shares-issued", share_class="acme/b", holder="fund-one", shares=HUGE)
    split = dated("shares-split", share_class="acme/b", ratio="3:2", effective_on="2023-11-09")
    claim = dated("claim-recorded", subject="acme", attribute="motto", value="Plus ça change")
    seat = dated("director-appointed", company="acme", person="bolt")
    renamed = {"type": "party-renamed", "party": "acme", "name": "Zenith plc"}
    right = {"right": "usufruct", "share_class": "acme/b", "holder": "fund-one", "to": "bolt"}
    usufruct = dated("share-right-granted", kind="usufruct", **right)  # both may sell, not one
    ledger = new_ledger(folder, issued, split, claim, seat, renamed, usufruct)
    outcome = run(ledger, "export", "--to", "sqlite", str(folder / "deal.sqlite"), *AT)
    assert outcome.code == 0, outcome.err
    with closing(sqlite3.connect(folder / "deal.sqlite")) as connection:
        yield ledger, Database(connection)


AT = ("--as-of", "2023-11-09")


def test_no_number_loses_a_digit(exported: tuple[Path, Database]) -> None:
    _, database = exported
    deltas = [row["delta"] for row in database["movements"].rows if row["does"] == "add"]
    assert deltas == ["100", HUGE], "all of the column is text, for one would not fit"
    assert database["movements"].columns_dict["new"] is int
    held = {(row["holder"], row["shares"]) for row in database["holdings"].rows}
    assert held == {("Bolt Ltd", "100"), ("Fund-One", f"9{HUGE[1:]}")}


def test_the_views_are_the_answers_of_the_commands_by_name(
    exported: tuple[Path, Database],
) -> None:
    ledger, database = exported
    answer = json.loads(run(ledger, "holdings", *AT, "--format", "json").out)["rows"]
    asked = ("issuer", "share_class", "holder", "shares", "percent", "percent_exact", "standing")
    theirs = [[row.get(f"{name}_name", row[name]) for name in asked] for row in answer]
    ours = [[row[name] for name in asked] for row in database["holdings"].rows]
    assert sorted(map(str, ours)) == sorted(map(str, theirs))
    (seat,) = database["board"].rows
    assert (seat["company"], seat["person"], seat["person_id"]) == (
        "Zenith plc",
        "Bolt Ltd",
        "bolt",
    )
    assert [row["claimed"] for row in database["claims"].rows] == ["Plus ça change"]
    for view in ("votes", "agreements_in_force", "deal_status", "pending_steps"):
        assert database[view].exists()
        list(database[view].rows)


def test_texts_are_found_and_keys_lead_to_names(exported: tuple[Path, Database]) -> None:
    _, database = exported
    found = [row["title"] for row in database.table("text").search("ca change")]
    assert found == ["motto: Plus ça change"]
    (party,) = database.table("party").search("acme")
    assert (party["name"], party["former_names"]) == ("Zenith plc", "Acme plc")
    keys = {(key.column, key.other_table) for key in database.table("movements").foreign_keys}
    assert {("holder", "party"), ("share_class", "share_class"), ("position", "event")} <= keys
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    told = {row["name"]: row["value"] for row in database["about"].rows}
    assert (told["as_of"], told["events"]) == ("2023-11-09", "14")


def test_datasette_is_told_of_every_table(exported: tuple[Path, Database]) -> None:
    ledger, database = exported
    metadata = json.loads((ledger.parent / "deal.metadata.json").read_text("utf-8"))
    tables = metadata["databases"]["deal"]["tables"]
    made = {n for n in database.table_names() if "_fts" not in n and not n.startswith("sqlite_")}
    assert tables.keys() == made - {"about"}
    for name, told in tables.items():
        assert told["description"]
        assert told["columns"].keys() <= database[name].columns_dict.keys()


def test_nothing_is_replaced_and_limits_are_for_answers(
    exported: tuple[Path, Database], tmp_path: Path
) -> None:
    ledger, _ = exported
    file = str(ledger.parent / "deal.sqlite")
    assert_refused(run(ledger, "export", "--to", "sqlite", file), Refusal.FILE_EXISTS)
    assert_usage(run(ledger, "export", "--yaml", str(tmp_path / "y"), *AT), "--as-of is for --to")
    (tmp_path / "b.metadata.json").touch()
    other = run(ledger, "export", "--to", "sqlite", str(tmp_path / "b.sqlite"))
    assert_refused(other, Refusal.FILE_EXISTS, "b.metadata.json")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.metadata.json"]


def test_the_recorded_clock_is_kept(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path)
    instant = json.loads(run(ledger, "show", "#8", "--format", "json").out)["rows"][0][
        "recorded_at"
    ]
    accept(ledger, dated("shares-issued", share_class="acme/b", holder="bolt", shares="1"))
    cut = make_cut(None, None, instant, "any", "standing")
    assert cut.recorded_by == instant
    words = ("--recorded-by", instant)
    assert run(ledger, "export", "--to", "sqlite", str(tmp_path / "x.sqlite"), *words).code == 0
    with closing(sqlite3.connect(tmp_path / "x.sqlite")) as connection:
        database = Database(connection)
        assert [row["shares"] for row in database["holdings"].rows] == ["100"]
        assert database["event"].count == 9, "all versions are there, whatever the answers' cut"
