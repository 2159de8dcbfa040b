"""A ledger as one SQLite database to explore, made with sqlite-utils and ready for Datasette."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from cli.context import OpenedLedger, progress, view_at
from cli.render import cut_fields, cut_words
from ledger.events.envelope import Recorded
from ledger.model.threads import OWN_KINDS
from ledger.storage.atomic_file import appearing, create
from ledger.storage.server import Place
from ledger.time.view import Cut, View
from projections.analysis.tables import TABLES, Row, as_dicts, rows
from projections.columns import COLUMNS, NAMED, name_column

if TYPE_CHECKING:
    from sqlite_utils import Database

    from projections.answer import Answer

BATCH = 5_000  # rows of a table that are inserted together
_LARGEST = 2**63 - 1  # of SQLite's integers
_TYPES = {"text": str, "day": str, "instant": str, "number": int, "small": int, "flag": int}
_KEPT_IN = {"party": "party", "class": "share_class", "source": "source"}  # kinds, by their table
_IDS = {  # columns of version tables that hold ids, by the kind of thing
    **dict.fromkeys(("holder", "issuer", "party", "company", "person", "nominated_by"), "party"),
    **dict.fromkeys(("investor", "investee"), "party"),
    **dict.fromkeys(("share_class", "into_class"), "class"),
    "source": "source",
    **{kind: kind for kind in OWN_KINDS},
}
_VIEWS = {  # for readers: name, question, columns (of ids their names), rows
    "holdings": (
        "holdings", "issuer share_class holder shares qualifier percent percent_of percent_exact"
        " capacity basis basis_detail issued standing", "",
    ),
    "votes": (
        "votes", "issuer holder votes votes_percent votes_percent_exact exercisable"
        " exercisable_percent after_caps after_caps_percent", "",
    ),
    "board": (
        "governance", "company kind party person role since at_latest until standing",
        "kind IN ('seat', 'director', 'officer')",
    ),
    "agreements_in_force": (
        "governance", "company kind agreement clause party percent text title since standing",
        "kind IN ('agreement', 'clause')",
    ),
    "deal_status": (
        "deals", "deal kind subject party status qualifier amount currency committed paid percent"
        " since expected last_heard standing", "",
    ),
    "pending_steps": (
        "pending", "kind subject party status amount currency expected last_heard standing", "",
    ),
    "claims": ("claims", "subject attribute value unit qualifier claimed effective_on standing"
               " preferred others", ""),
}  # fmt: skip


def metadata_of(file: Path) -> Path:
    """The file for Datasette beside a database."""
    return file.with_name(f"{file.stem}.metadata.json")


def export_sqlite(ledger: Place, file: Path, cut: Cut) -> dict[str, int]:
    """Write everything into a new database, with the answers at a cut, and what Datasette tells of
    it into a file beside; the number of rows of each table."""
    from sqlite_utils import Database

    with (
        OpenedLedger(ledger, "ro") as opened,
        appearing(file) as draft,
        closing(sqlite3.connect(draft)) as connection,
    ):
        connection.execute("PRAGMA journal_mode=MEMORY")
        connection.execute("PRAGMA synchronous=OFF")  # it is made durable as a whole at the end
        database, index = Database(connection), opened.index
        with progress("exporting", 2 * index.position) as advance:
            reached = iter(range(2 * index.position + 1))

            def log() -> Iterator[Recorded]:
                for recorded in opened.ledger.events_after(0):
                    if recorded.position > index.position:
                        return
                    advance(next(reached))
                    yield recorded

            view = view_at(index, cut)
            tables, counts = write_database(database, index, view, log)
        _about(database, opened.ledger.id, index.position, cut)
        _views(database)
        connection.commit()
        connection.execute("ANALYZE")
    text = json.dumps(_metadata(file, tables, cut), ensure_ascii=False, indent=2)
    create(metadata_of(file), f"{text}\n")
    return {name: counts[name] for name in tables}


def write_database(
    database: Database, history: Any, view: View, log: Callable[[], Iterable[Recorded]]
) -> tuple[Mapping[str, Iterable[str]], Mapping[str, int]]:
    """Every table with its rows: the columns of each, and how many rows."""
    from projections.analysis.entities import ENTITIES, entities, events, searchable
    from projections.names import Names
    from projections.questions import QUESTIONS

    writer = _Writer(database, Names(view))
    for name, columns in (*ENTITIES.items(), *TABLES.items()):
        writer.make(name, {column.name: _TYPES[column.holds] for column in columns})
    asked = [question for question in QUESTIONS.values() if "digest" not in question.not_in]
    for question in asked:
        writer.make(f"{question.name}_at_cut", _answer_columns(question.row))
    for name, words in _REMARKS.items():
        writer.make(name, dict.fromkeys(words, str))
    told = chain(
        entities(view, history),
        events(view, log()),
        searchable(view),
        as_dicts(rows(history, log())),
    )
    for name, row in chain(told, _answers(view, writer.names)):
        writer.add(name, row)
    writer.finish()
    database.table("party").enable_fts(["name", "former_names"], tokenize=_TOKENS)
    database.table("text").enable_fts(["title", "folded", "subject_name"], tokenize=_TOKENS)
    return writer.made, writer.counts


_TOKENS = "unicode61 remove_diacritics 2"
_REMARKS = {  # of the answers at the cut
    "notes_at_cut": ("question", "note"),
    "possible_at_cut": ("question", "event", "type", "effective_on", "standing", "what", "why"),
}


def _answers(view: View, names: Any) -> Iterator[tuple[str, Row]]:
    """The rows of every answer at the cut, as the questions give them, with names and remarks."""
    from projections.names import name_rows
    from projections.questions import answers

    for question, answer in answers(view):
        name_rows(answer, names)
        name = question.partition(" ")[0]
        yield from ((f"{name}_at_cut", _plain(row)) for row in answer.rows)
        yield from _remarks(question, answer)


def _remarks(question: str, answer: Answer[Any]) -> Iterator[tuple[str, Row]]:
    for note in answer.notes:
        yield "notes_at_cut", {"question": question, "note": str(note)}
    for row in answer.possible:
        shown = {name: row[name] for name in _REMARKS["possible_at_cut"][1:]}  # type: ignore[literal-required]
        yield "possible_at_cut", {"question": question, **shown}


def _plain(row: Mapping[str, Any]) -> Row:
    return {
        name: json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
        for name, value in row.items()
    }


def _answer_columns(row: type) -> dict[str, type]:
    """The columns of a row of an answer: numbers of shares and the like are exact text."""
    hints = get_type_hints(row)
    numbers = {n for n, holds in hints.items() if {int, bool} & {holds, *get_args(holds)}}
    columns: dict[str, type] = {name: int if name in numbers else str for name in hints}
    return columns | {name_column(name): str for name in hints if name in NAMED}


class _Writer:
    """Inserts rows as they come. A column of whole numbers is text where any is too large."""

    def __init__(self, database: Database, names: Any) -> None:
        self._database, self.names = database, names
        self.made: dict[str, dict[str, type]] = {}
        self._rows: dict[str, list[list[Any]]] = defaultdict(list)
        self._named: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        self.counts: dict[str, int] = defaultdict(int)

    def make(self, name: str, columns: Mapping[str, type]) -> None:
        """A table with its key, the names of its ids, and what its ids refer to."""
        own = dict(columns)
        key = next(iter(own)) if name in _KEYED else "version" if name in TABLES else "id"
        own = own if key in own else {key: int, **own}
        if name in TABLES:
            self._named[name] = [(c, _IDS[c], f"{c}_name") for c in columns if c in _IDS]
            own |= {named: str for _, _, named in self._named[name]}
        refer = [
            (column, _KEPT_IN[kind], "id")
            for column in columns
            if (kind := _IDS.get(column, NAMED.get(column, ""))) in _KEPT_IN
            and (name, column) not in _SEVERAL
        ]
        if name != "event" and "position" in columns:
            refer.append(("position", "event", "position"))
        self._database.table(name).create(own, pk=key, foreign_keys=refer)
        self.made[name] = own

    def add(self, table: str, row: Row) -> None:
        """Insert a row, sooner or later."""
        self.counts[table] += 1
        made = {"version": self.counts[table], "id": self.counts[table], **row}
        for column, kind, named in self._named[table]:
            if id := row.get(column):
                made[named] = self.names.found(kind, str(id))
        self._rows[table].append([made.get(name) for name in self.made[table]])
        if len(self._rows[table]) >= BATCH:
            self._flush(table)

    def finish(self) -> None:
        """Insert what is left."""
        for table in self.made:
            self._flush(table)

    def _flush(self, table: str) -> None:
        rows, columns = self._rows[table], self.made[table]
        for place, (name, holds) in enumerate(columns.items()):
            if holds is int and any(_is_too_large(row[place]) for row in rows):
                self._database.table(table).transform(types={name: str})
                columns[name] = str
            if columns[name] is str:
                for row in rows:
                    row[place] = None if row[place] is None else str(row[place])
        marks = ", ".join("?" * len(columns))
        self._database.conn.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)
        rows.clear()


_SEVERAL = {  # columns with several ids in one value
    *((f"{question}_at_cut", "party") for question in ("deals", "pending")),
    *((f"{question}_at_cut", "sources") for question in ("holdings", "claims")),
    ("governance_at_cut", "parties"),
    *(("holdings_at_cut", column) for column in ("trustee", "title_holder", "votes_by")),
    *((f"{question}_at_cut", "disposal_by") for question in ("holdings", "rights")),
}
_KEYED = ("party", "share_class", "source", "event")  # the first column is the key


def _is_too_large(value: Any) -> bool:
    return isinstance(value, int) and abs(value) > _LARGEST


def _about(database: Database, id: str, events: int, cut: Cut) -> None:
    """What the database is: the ledger and the cut of its answers."""
    told = {"ledger": id, "events": str(events), "cut": cut_words(cut), **cut_fields(cut)}
    rows = [{"name": name, "value": value} for name, value in told.items()]
    database.table("about").insert_all(rows, pk="name")


def _views(database: Database) -> None:
    """Views for readers: names in place of ids, which stand at the end."""
    for view, (question, words, condition) in _VIEWS.items():
        columns = words.split()
        ids = [column for column in columns if column in NAMED]
        shown = [
            f"coalesce({name_column(name)}, {name}) AS {name}" if name in ids else name
            for name in columns
        ]
        shown += [f"{name} AS {name}_id" for name in ids]
        where = f" WHERE {condition}" if condition else ""
        database.create_view(view, f"SELECT {', '.join(shown)} FROM {question}_at_cut{where}")


def _metadata(file: Path, made: Mapping[str, Iterable[str]], cut: Cut) -> dict[str, Any]:
    """What Datasette tells of the database: titles, meanings of columns, labels."""
    tables: dict[str, dict[str, Any]] = {
        name: {
            "description": _DESCRIPTIONS.get(name, _AT_CUT),
            "columns": {c: _MEANINGS[c] for c in columns if c in _MEANINGS},
        }
        for name, columns in made.items()
    }
    for name in ("event", "text"):
        tables[name]["label_column"] = "title"
    return {
        "title": f"Ledger {file.stem}",
        "description": f"Exported by stakebook. The answers are {cut_words(cut)}.",
        "databases": {file.stem: {"tables": tables}},
    }


_AT_CUT = "The answers at the cut of the export, as the command of that name gives them."
_DESCRIPTIONS = {
    "party": "Everybody who is named by an id, with the name at the cut.",
    "share_class": "Every class of shares.",
    "source": "Every source, with what is recorded of it.",
    "event": "Every event, in a sentence, as it stands at the cut.",
    "citation": "The places in sources that events cite, as they stand at the cut.",
    "text": "Names, titles, notes, clauses and claims at the cut, with full-text search.",
    "events": "Every version of every event, with the limits between which it stands.",
    "movements": "What each version of a movement does to each account.",
    "issuers": "For each issuer a common denominator of every fraction of its shares.",
    "parties": "Versions of the events that name parties.",
    "sources": "Versions of the events about sources.",
    "disclosures": "Versions of the events that disclose stakes.",
    "seats": "Versions of the events about boards and offices.",
    "deals": "Versions of the steps of deals, investments and offerings.",
    "notes_at_cut": "Remarks of the answers at the cut.",
    "possible_at_cut": "Events that may count at the cut, and why that is not certain.",
}
_MEANINGS = {
    **COLUMNS,
    "id": "as commands take it, or a number",
    "effective_last": "valid as of this day and later; null: no day is known",
    "known_from": "valid as known by this day and later; null: at every day",
    "known_until": "valid as known by days before this one; null: for ever",
    "recorded_from": "valid as recorded by this instant and later",
    "recorded_until": "valid as recorded by instants before this one; null: for ever",
    "floor_from": "valid at floors of standing from this one: 0 official, 1 reported, 3 any",
    "floor_until": "valid at floors of standing up to this one",
    "does": "add to an account, scale a class, or reports alone",
    "delta": "shares added, over old",
    "folded": "the text as it is searched: without case, letters of some scripts apart",
}
