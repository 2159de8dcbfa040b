"""The indexer: events from the log written into the tables of the read model, each exactly once.

Events come in pages. Of a page most rows are written together; an event that bears on earlier ones
(news of a source, a reaffirmation) is indexed by itself, because it must find what was indexed
before it, and amendments of movements are followed together: what they bear on is looked at when
their batch ends. Such an event needs postings only where it changes one, so they are gathered
over a whole page and written in the order of their key.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import islice

from ledger.events.envelope import Recorded
from ledger.model.movements import SIGNS
from ledger.model.named import Named
from ledger.model.texts import words_in
from ledger.storage.head import Peek
from ledger.time.affected import Affected, affects_others, reached
from ledger.time.history import AMENDMENTS, REVISIONS, amended_subjects, subjects_of
from ledger.time.names import NAMED_BY, names_told
from ledger.transparency.merkle import Frontier, leaf_hash
from ledger.values.dates import parse_published
from projections.readmodel.index import Index
from projections.readmodel.placing import place_of, replaced_by, unplaced_of
from projections.readmodel.posting import PostingRules

PAGE = 20_000
MOST_REMEMBERED = 200_000  # ids of subjects kept in memory while filing
_FIRST_AMENDED = "UPDATE events SET amended = ? WHERE key = ? AND amended IS NULL"
_UNPLACED = "INSERT OR IGNORE INTO unplaced VALUES (?, ?, ?)"
_MOVED = "INSERT OR IGNORE INTO moved VALUES (?, ?, ?, ?)"

_NAME = (
    "INSERT INTO names VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
    " since = min(since, excluded.since),"
    " told = min(coalesce(told, excluded.told), coalesce(excluded.told, told)),"
    " until = min(coalesce(until, excluded.until), coalesce(excluded.until, until))"
)


class Indexer:
    """Indexes events in ascending order of position, after those indexed already.

    The bytes of each are a leaf of the tree that tells, with the position, what was indexed.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._ledger, self._reached, peaks = connection.execute(
            "SELECT ledger, position, peaks FROM read_model"
        ).fetchone()
        self._tree, self._leaves = Frontier(self._reached, peaks), list[bytes]()
        self._subjects = Subjects(connection)
        self._events: list[tuple[int, str, None, int | None, str]] = []
        self._indexed: list[tuple[int, int, int, int]] = []
        self._texts: list[tuple[int, str]] = []
        self._placed: list[tuple[int, int, int, int, int, int]] = []
        self._read: dict[int, Recorded] = {}
        self._roots: dict[str, Recorded] = {}  # of movements and amendments of a page, by key
        self._waiting: list[tuple[Recorded, Recorded]] = []  # amendments, and what they amend
        self._recorded_at = ""  # the instant of the batch that is being filed
        self._otherwise: dict[int, tuple[Recorded, int]] = {}  # movements, and what changed them
        self._posting_rules = PostingRules(
            connection, self._subjects, self._history, bulk=self._reached == 0
        )

    def file(
        self, events: Iterable[Recorded], progress: Callable[[int], None] = lambda _: None
    ) -> Peek:
        """File events, and note what was reached; returns it."""
        coming = iter(events)
        while page := list(islice(coming, PAGE)):
            self.page(page)
            progress(self._reached)
        return self.close()

    def page(self, events: Iterable[Recorded]) -> set[int]:
        """File some events; returns the positions of the movements that were not posted."""
        self._posting_rules.unposted = set()
        for event in events:
            self._one(event)
            self._reached = event.position
        self._follow_waiting()
        self._roots.clear()
        self._tree.extend(self._leaves)
        self._leaves.clear()
        self._write()
        self._posting_rules.write()
        if self._subjects.forget():
            self._posting_rules.forget()
        return self._posting_rules.unposted

    def close(self) -> Peek:
        """Finish what is done once, after the last page: what was reached is noted."""
        self.end_batch()
        self._posting_rules.close()
        reached = Peek(self._ledger, self._reached, self._tree.peaks())
        self._connection.execute("UPDATE read_model SET position = ?, peaks = ?", reached[1:])
        return reached

    def end_batch(self) -> None:
        """Enter the movements anew that read otherwise since the batch that was filed last."""
        self._follow_waiting()
        if not self._otherwise:
            return
        self._write()
        history = self._history(self._reached)
        for movement, since in self._otherwise.values():
            self._posting_rules.reconsider(movement, since, history)
        self._otherwise.clear()
        self._subjects.write()
        self._posting_rules.write()

    def _history(self, position: int) -> Index:
        return Index(self._connection, position, self._read)

    def _one(self, event: Recorded) -> None:
        if event.recorded_at != self._recorded_at:
            self.end_batch()
            self._recorded_at = event.recorded_at
        position, id_of = event.position, self._subjects.id_of
        state = event.raw or event.state(self._ledger)
        self._leaves.append(leaf_hash(state))
        if words := words_in(event.data):
            self._texts.append((position, words))
        amended = self._movement_amended(event) if event.type in AMENDMENTS else None
        root = amended.position if amended else None if event.type in AMENDMENTS else position
        self._events.append((position, event.key, None, root, state.decode()))
        of_type = id_of("type:", event.type, position)
        self._indexed.append((of_type, of_type, position, position))
        if (place := place_of(event, of_type)) is not None:
            self._placed.append(place)
        else:
            self._connection.execute(_UNPLACED, unplaced_of(event))
        if event.type in SIGNS:
            self._roots[event.key] = event
            for subject in self._posting_rules.enter(event, of_type):
                self._indexed.append((subject, of_type, position, position))
            if "reaffirms" in event.data:
                self._follow(event)
            return
        found = sorted(subjects_of(event.type, event.data) - {f"type:{event.type}"})
        ids = {subject: id_of("", subject, position) for subject in found}
        if event.type in NAMED_BY:
            self._name(names_told(event, self._history(position)), position)
        self._indexed += [(id, of_type, position, position) for id in ids.values()]
        if event.type == "source-registered" and self._is_new(event, ids):
            published = parse_published(event.data.get("published_on"))
            self._posting_rules.published[event.data["source"]] = published
        elif amended is not None:
            self._roots[event.key] = amended
            self._waiting.append((event, amended))
        elif affects_others(event):
            self._follow(event)

    def _is_new(self, event: Recorded, ids: dict[str, int]) -> bool:
        """Whether nothing earlier speaks of a source now registered, which rests on no other."""
        if "citations" in event.data or "reaffirms" in event.data:
            return False
        return self._subjects.first(ids[f"source:{event.data['source']}"]) == event.position

    def _movement_amended(self, amendment: Recorded) -> Recorded | None:
        """The movement that an amendment is about in the end, if it is about one."""
        key = amendment.data["event"]
        root = self._roots.get(key) or self._history(amendment.position - 1).root(key)
        return root if root is not None and root.type in SIGNS else None

    def _follow_waiting(self) -> None:
        """File what amendments of movements change, as far as they were gathered."""
        if not self._waiting:
            return
        self._write()
        self._connection.executemany(
            _FIRST_AMENDED, [(event.position, event.data["event"]) for event, _ in self._waiting]
        )
        for event, root in self._waiting:
            self._connection.executemany(_UNPLACED, replaced_by(event, root))
            for subject in amended_subjects(event, root):
                self._index_again(subject, root, event)
            self._posting_rules.amend(event, root)
        self._subjects.write()
        affected, found = Affected(self._history(self._reached)), dict[int, tuple[Recorded, int]]()
        for event, _ in reversed(self._waiting):  # what several bear on, the last one changes last
            for other in affected.of(event):
                if other.type in SIGNS and other.position != event.position:
                    found.setdefault(other.position, (other, event.position))
        self._otherwise |= found
        self._waiting.clear()

    def _follow(self, event: Recorded) -> None:
        """File what an event changes about earlier ones."""
        self._follow_waiting()
        self._write()
        history = self._history(event.position)
        if event.type in REVISIONS:
            self._connection.execute(_FIRST_AMENDED, (event.position, event.data["event"]))
        if event.type in AMENDMENTS:
            self._connection.execute(
                "UPDATE events SET root = (SELECT root FROM events WHERE key = ? AND position < ?)"
                " WHERE position = ?",
                (event.data["event"], event.position, event.position),
            )
            if (amended := history.root(event.key)) is not None:
                self._connection.executemany(_UNPLACED, replaced_by(event, amended))
                for subject in amended_subjects(event, amended):
                    self._index_again(subject, amended, event)
            self._subjects.write()
            self._name(names_told(event, history), event.position)
        root = history.root(event.data["event"]) if event.type in REVISIONS else event
        if root is not None and root.type in SIGNS:
            self._posting_rules.amend(event, root)
        else:
            self._posting_rules.renew()
        for other in reached(event, history):
            if other.type in SIGNS and other.position != event.position:
                self._otherwise[other.position] = other, event.position

    def _name(self, names: Iterable[Named], position: int) -> None:
        for name in names:
            own = Named.of(name.party, name.party)  # its id names it until it has a name
            told = (*name, position, position, None), (*own, position, None, position)
            self._connection.executemany(_NAME, told)

    def _index_again(self, subject: str, root: Recorded, amendment: Recorded) -> None:
        """File an event under what an amendment of it makes it speak of."""
        position = amendment.position
        id = self._subjects.id_of("", subject, position)
        of_type = self._subjects.id_of("type:", root.type, position)
        self._connection.execute(
            "INSERT OR IGNORE INTO indexed VALUES (?, ?, ?, ?)",
            (id, of_type, root.position, position),
        )
        if amendment.type == "event-corrected":
            self._connection.execute(_MOVED, (root.position, id, position, 0))
            if root.type in SIGNS:
                self._index_moved(root, of_type)

    def _index_moved(self, root: Recorded, of_type: int) -> None:
        """File a movement, which speaks of something else by now, under what it speaks of itself:
        its postings may not tell that any more."""
        for subject in subjects_of(root.type, root.data) - {f"type:{root.type}"}:
            id = self._subjects.id_of("", subject, root.position)
            found = (id, of_type, root.position, root.position)
            self._connection.execute("INSERT OR IGNORE INTO indexed VALUES (?, ?, ?, ?)", found)
            self._connection.execute(_MOVED, (root.position, id, root.position, 1))

    def _write(self) -> None:
        """Write what was gathered, postings apart, in the order in which it is kept."""
        self._subjects.write()
        self._connection.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?)", self._events)
        self._indexed.sort()
        self._connection.executemany("INSERT INTO indexed VALUES (?, ?, ?, ?)", self._indexed)
        self._connection.executemany("INSERT INTO texts (rowid, text) VALUES (?, ?)", self._texts)
        self._texts.clear()
        self._placed.sort()
        self._connection.executemany("INSERT INTO placed VALUES (?, ?, ?, ?, ?, ?)", self._placed)
        self._placed.clear()
        self._events.clear()
        self._indexed.clear()


class Subjects:
    """The numbers of subjects, which stand for their texts in every table."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        found = connection.execute("SELECT coalesce(max(id), 0) FROM subjects").fetchone()
        self._last = int(found[0])
        self._ids: dict[str, dict[str, int]] = defaultdict(dict)
        self._numbers: dict[str, int] = {}
        self._all = self._last == 0  # whether every number is in memory
        self._new: list[tuple[int, str, int]] = []

    def id_of(self, kind: str, id: str, position: int) -> int:
        """The number of a subject, its text in two parts; a new one if an event at a position is
        the first about it."""
        known = self._ids[kind]
        found = known.get(id)
        if found is None:
            found = known[id] = self._number(kind + id, position)
        return found

    def first(self, id: int) -> int:
        """The position of the first event about a subject."""
        if self._new and id >= self._new[0][0]:
            return self._new[id - self._new[0][0]][2]
        row = self._connection.execute("SELECT first FROM subjects WHERE id = ?", (id,)).fetchone()
        return int(row[0])

    def write(self) -> None:
        """Write the new subjects."""
        if not self._new:
            return
        self._connection.executemany("INSERT INTO subjects VALUES (?, ?, ?)", self._new)
        parties = [(s.removeprefix("party:"), p) for _, s, p in self._new if s[:6] == "party:"]
        names = [(*Named.of(party, party), position, None, None) for party, position in parties]
        self._connection.executemany(_NAME, names)
        self._new.clear()

    def forget(self) -> bool:
        """Keep no more in memory than is worth it; whether anything was forgotten."""
        if len(self._numbers) <= MOST_REMEMBERED:
            return False
        self._ids.clear()
        self._numbers.clear()
        self._all = False
        return True

    def _number(self, subject: str, position: int) -> int:
        found = self._numbers.get(subject)
        if found is None and not self._all:
            row = self._connection.execute(
                "SELECT id FROM subjects WHERE subject = ?", (subject,)
            ).fetchone()
            found = row[0] if row else None
        if found is None:
            found = self._last = self._last + 1
            self._new.append((found, subject, position))
        self._numbers[subject] = found
        return found
