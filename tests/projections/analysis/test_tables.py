"""The tables for analysis answer as the ledger does, at any cut."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.generate import plan_of
from benchmarks.market import Market
from cli.parquet import FILES, arranged, dataset
from ledger.events.envelope import Recorded
from ledger.events.validation import make_event
from ledger.intake.event_files import entry_of
from ledger.model.fact import Fact
from ledger.model.register import issuer_of
from ledger.time.cut import FLOORS
from ledger.time.history import recorded_by
from ledger.time.log import Log
from ledger.time.view import Cut, View
from projections.analysis.tables import Value, Values, as_dicts, rows
from projections.analysis.versions import Versions
from projections.subjects.holdings import holdings
from tests import ROOT, histories
from tests.helpers import new_ledger, run

ANALYSIS = (ROOT / "docs/analysis.md").read_text(encoding="utf-8")
WHY = {"because": "one person"}
Held = dict[tuple[str, str, str], Fraction]  # by ledger, class and holder
ONE = "one"  # the ledger of the tests of a single one


class Told(Log):
    """A history in memory that can be cut at an instant."""

    def __init__(self, events: list[Recorded]) -> None:
        super().__init__(events)
        self.events, self._cut = events, dict[str, Told]()

    def recorded_by(self, instant: str) -> Told:
        if instant not in self._cut:
            self._cut[instant] = Told(list(recorded_by(self.events, instant)))
        return self._cut[instant]


def seen(events: list[Recorded], cut: Cut) -> View:
    """A view of the events at a cut, on every clock."""
    instant = cut.recorded_by
    return View(Log(recorded_by(events, instant) if instant else events), cut)


def write_tables(found: Iterable[tuple[str, Values]], folder: Path) -> None:
    """Write the rows of a history as the tables of a ledger."""
    with dataset(folder) as writer:
        writer.add(arranged(found, ONE))


def in_register(view: View, ledger: str = ONE) -> Held:
    """The holdings that a ledger answers with."""
    return {
        (ledger, row["share_class"], row["holder"]): Fraction(row["shares"])
        for row in holdings(view).rows
        if row["basis"] == "register"
    }


def in_duckdb(folder: Path, cut: Cut) -> Held:
    """The holdings that the documented query answers with."""
    duckdb = pytest.importorskip("duckdb")
    (sql,) = re.findall(r"```sql\n-- duckdb\n(.*?)```", ANALYSIS, re.DOTALL)
    for name in FILES:
        sql = sql.replace(f"'{name}.parquet'", f"'{folder / name}.parquet'")
    instant = cut.recorded_by or "9999-12-31T23:59:59.999999Z"
    asked = {
        "as_of": cut.as_of,
        "known_by": cut.known_by,
        "recorded_by": instant.removesuffix("Z"),
        "floor": FLOORS[cut.standing],
    }
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        found = connection.execute(sql, asked).fetchall()
    return {
        (ledger, c, h): shares + Fraction(parts, common)
        for ledger, _, c, h, shares, parts, common in found
    }


def in_polars(folder: Path, cut: Cut) -> Held:
    """The holdings that the documented function answers with."""
    pytest.importorskip("polars")
    (code,) = re.findall(r"```python\n# polars\n(.*?)```", ANALYSIS, re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    instant = (cut.recorded_by or "9999-12-31T23:59:59.999999Z").removesuffix("Z")
    floor = FLOORS[cut.standing]
    found = names["holdings"](folder, cut.as_of, cut.known_by, instant, floor).to_dicts()
    return {
        (row["ledger"], row["share_class"], row["holder"]): row["shares"]
        + Fraction(row["parts"], row["common"])
        for row in found
    }


@settings(max_examples=5, deadline=None)
@given(st.data())
def test_an_event_has_one_version_in_every_view_and_it_is_the_fact(data: st.DataObject) -> None:
    events = histories.history(data.draw(histories.drafts()))
    versions = Versions(Told(events))
    found = {event.key: list(versions.of(event)) for event in events}
    for _ in range(5):
        cut, count = data.draw(histories.cuts(len(events)))
        if count == 0:
            continue
        instant = events[count - 1].recorded_at
        view = seen(events, cut._replace(recorded_by=instant))
        for event in events[:count]:
            standing = [
                v
                for v in found[event.key]
                if v.recorded_from <= instant < (v.recorded_until or "~")
                and (v.known_from or "") <= cut.known_by < (v.known_until or "~")
                and v.floor_from <= FLOORS[cut.standing] <= v.floor_until
            ]
            fact = view.fact(event)
            certain = fact is not None and fact.known.last <= cut.known_by
            assert len(standing) == certain, (event, standing)
            if certain:
                assert _said(view, standing[0].fact) == _said(view, fact)


def _said(view: View, fact: Fact | None) -> Any:
    """What a fact says; a version has ids as they were recorded, the view those of one party."""
    if fact is None:
        return None
    data = view.identities.read(fact.type, fact.data)
    return data, fact.effective, fact.known, fact.citations


Asked = Callable[[Path, Cut], Held]
in_each = pytest.mark.parametrize("ask", [in_duckdb, in_polars], ids=["duckdb", "polars"])


@in_each
@given(data=st.data())
@settings(max_examples=3, deadline=None)
def test_the_query_answers_as_the_ledger_does_over_random_histories(
    ask: Asked, data: st.DataObject
) -> None:
    events = histories.history(data.draw(histories.drafts()))
    written = list(rows(Told(events), events))
    uncounted = nowhere_counted(written)
    with TemporaryDirectory() as folder:
        write_tables(written, Path(folder))
        for _ in range(4):
            cut, count = data.draw(histories.cuts(len(events)))
            if count:
                cut = cut._replace(recorded_by=events[count - 1].recorded_at)
                held = in_register(seen(events, cut))
                told = {key: n for key, n in held.items() if issuer_of(key[1]) not in uncounted}
                assert ask(Path(folder), cut) == told


def nowhere_counted(written: Iterable[tuple[str, Values]]) -> set[Value]:
    """The issuers whose shares the tables say that they cannot count."""
    issuers = [row for name, row in as_dicts(written) if name == "issuers"]
    return {row["issuer"] for row in issuers if row["common"] is None}


@pytest.mark.parametrize("other", [(), ("boreal", "bob")], ids=["nobody", "others"])
@pytest.mark.parametrize("ids", [(), ("carol", "alice")], ids=["apart", "one"])
def test_a_register_in_which_two_ids_are_one_is_not_counted(
    ids: tuple[str, ...], other: tuple[str, ...]
) -> None:
    same = [
        ("parties-identified", pair[0], dict(zip(("party", "same_as"), pair, strict=True)) | WHY)
        for pair in (ids, other)
        if pair
    ]
    events = histories.history([*histories.WORLD, *same])
    written = list(rows(Told(events), events))
    assert len(events) == len(histories.WORLD) + len(same)
    assert nowhere_counted(written) == ({"acme"} if ids or other else set())
    holders = {row["holder"] for name, row in as_dicts(written) if name == "movements"}
    assert holders == {"alice", "bob", "carol"}


def market() -> list[Recorded]:
    """A made-up market, recorded in batches of 20."""
    found = []
    for position, line in enumerate(Market(plan_of(700, 3, 25, seed=3)).events(), 1):
        _, key, event = entry_of(line, "market")
        at = f"2026-01-01T00:00:{position // 20:09.6f}Z"
        found.append(
            Recorded(position, "s", position, "i", str(key), event.type, 1, at, event.data)
        )
    return found


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Recorded], Path]:
    events, folder = market(), tmp_path_factory.mktemp("tables")
    write_tables(rows(Told(events), events), folder)
    return events, folder


@in_each
def test_the_query_answers_for_a_market_at_random_cuts(
    exported: tuple[list[Recorded], Path], ask: Asked
) -> None:
    events, folder = exported
    random, answers = Random(1), set()
    for _ in range(12):
        cut = Cut(
            as_of=f"{random.randrange(2000, 2026)}-06-30",
            known_by=random.choice(("9999-12-31", f"{random.randrange(2000, 2026)}-03-31")),
            recorded_by=random.choice(events).recorded_at,
            standing=random.choice(("official", "any")),
        )
        found = ask(folder, cut)
        assert found == in_register(seen(events, cut))
        answers.add(tuple(sorted(found.items())))
    assert len(answers) > 6, "the cuts differ in what they show"


@pytest.mark.parametrize(
    ("limit", "cut"),
    [
        ("as_of", Cut("2011-06-30")),
        ("known_by", Cut("2011-06-30", "2010-12-31")),
        ("recorded_by", Cut("2011-06-30", recorded_by="2026-01-01T00:00:08.000000Z")),
    ],
)
def test_a_query_that_forgets_a_cut_is_found_out(
    exported: tuple[list[Recorded], Path], limit: str, cut: Cut
) -> None:
    """The control: with the limit left out the answer is another."""
    events, folder = exported
    assert in_duckdb(folder, cut) == in_register(seen(events, cut))
    forgotten = cut._replace(**{limit: getattr(Cut(), limit)})
    assert in_duckdb(folder, forgotten) != in_duckdb(folder, cut)


@pytest.fixture(scope="module")
def alliance(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("alliance")
    ledger = folder / "alliance.db"
    assert run(ledger, "init").code == 0
    for batch in ("alliance-register", "alliance-press"):
        outcome = run(ledger, "append", "--file", str(ROOT / "fixtures" / batch))
        assert outcome.code == 0, outcome.err
    outcome = run(ledger, "export", "--parquet", str(folder / "tables"))
    assert outcome.code == 0, outcome.err
    return ledger, folder / "tables"


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("as_of", "known_by", "standing"),
    [
        ("2023-11-08", "9999-12-31", "any"),
        ("2023-11-07", "9999-12-31", "official"),
        ("2024-12-31", "2024-03-31", "any"),
        ("2025-12-31", "9999-12-31", "official"),
    ],
)
def test_the_query_answers_for_the_alliance(
    alliance: tuple[Path, Path], as_of: str, known_by: str, standing: str
) -> None:
    ledger, folder = alliance
    words = ("--as-of", as_of, "--known-by", known_by, "--standing", standing)
    outcome = run(ledger, "holdings", *words, "--format", "json")
    theirs = {
        (row["share_class"], row["holder"]): Fraction(row["shares"])
        for row in json.loads(outcome.out)["rows"]
        if row["basis"] == "register"
    }
    assert theirs
    found = in_duckdb(folder, Cut(as_of, known_by, None, standing))
    assert {(c, h): shares for (_, c, h), shares in found.items()} == theirs


def test_the_documented_question_about_a_board_runs(alliance: tuple[Path, Path]) -> None:
    duckdb = pytest.importorskip("duckdb")
    (sql,) = re.findall(r"```sql\n(SELECT .*?)```", ANALYSIS, re.DOTALL)
    with duckdb.connect() as connection:
        found = connection.execute(sql.replace("'seats.p", f"'{alliance[1]}/seats.p")).fetchall()
    assert {type for _, type, *_ in found} >= {"board-seat-granted", "director-appointed"}


def test_every_table_has_its_columns_and_leaves_nothing_unfinished(
    alliance: tuple[Path, Path],
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    _, folder = alliance
    assert sorted(p.name for p in folder.iterdir()) == sorted(f"{n}.parquet" for n in FILES)
    for name, columns in FILES.items():
        table = parquet.read_table(folder / f"{name}.parquet")
        assert table.column_names == [column.name for column in columns]
        assert table.num_rows, name
        assert not [c for c in table.schema if "float" in str(c.type) or "double" in str(c.type)]


def test_rows_come_one_at_a_time() -> None:
    """What is written is not gathered first: the first rows come before the log has been read."""
    events, read = market(), []

    def log() -> Iterator[Recorded]:
        for event in events:
            read.append(event.position)
            yield event

    coming = rows(Told(events), log())
    next(coming)
    assert read == [1]


def test_without_the_library_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = new_ledger(tmp_path)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    outcome = run(ledger, "export", "--parquet", str(tmp_path / "tables"))
    assert outcome.code == 2
    assert "stakebook[parquet]" in outcome.err
    assert not (tmp_path / "tables").exists()


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path)
    (tmp_path / "file").write_text("x")
    outcome = run(ledger, "export", "--parquet", str(tmp_path / "file" / "tables"))
    assert outcome.code == 2
    assert "R805" in outcome.err
    assert run(ledger, "export").code == 2


def issued(position: int, shares: str, **others: str) -> Recorded:
    """An issue of shares to alice, recorded at a position."""
    made = make_event(
        "shares-issued",
        {"share_class": "acme/common", "holder": "alice", "shares": shares}
        | {"effective_on": "2020-01-01", "standing": "official"}
        | others,
    )
    at = f"2026-01-01T00:00:0{position}.000000Z"
    return Recorded(position, "s", position, "i", f"k{position}", made.type, 1, at, made.data)


@in_each
def test_an_event_of_more_shares_than_fit_in_64_bits_is_exact(ask: Asked, tmp_path: Path) -> None:
    events = [issued(1, "9" * 36), issued(2, "9" * 37)]
    write_tables(rows(Told(events), events), tmp_path)
    whole = Fraction("9" * 36) + Fraction("9" * 37)
    assert ask(tmp_path, Cut()) == {(ONE, "acme/common", "alice"): whole}


@in_each
def test_a_sum_of_more_digits_than_there_are_is_an_error(ask: Asked, tmp_path: Path) -> None:
    events = [issued(number, "9" * 38) for number in range(1, 9)]
    write_tables(rows(Told(events), events), tmp_path)
    with pytest.raises(Exception, match=r"(?i)overflow"):
        ask(tmp_path, Cut())


def test_the_floor_of_standing_is_a_limit_too(tmp_path: Path) -> None:
    events = [issued(1, "10"), issued(2, "5", standing="reported")]
    write_tables(rows(Told(events), events), tmp_path)
    for standing, shares in (("official", 10), ("reported", 15), ("any", 15)):
        cut = Cut(standing=standing)
        assert in_duckdb(tmp_path, cut) == {(ONE, "acme/common", "alice"): Fraction(shares)}


def test_what_is_said_again_counts_once(tmp_path: Path) -> None:
    events = [issued(1, "10"), issued(2, "10", reaffirms="k1")]
    write_tables(rows(Told(events), events), tmp_path)
    assert in_duckdb(tmp_path, Cut()) == {(ONE, "acme/common", "alice"): Fraction(10)}
