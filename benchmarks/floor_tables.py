"""The floor of the export of tables: every event sound, each of its versions a row, as Parquet.

A version is what an event says between limits: recorded from and until when, and known from and
until when. An event that is amended, or whose source was dated otherwise, has several; all others
have one. What a made-up ledger does not hold is refused.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.bare import columns_of
from benchmarks.floor_fold import NEVER, Wrong, number_of, read_only
from benchmarks.floor_log import PAGE
from benchmarks.floor_postings import Amendment, amended, amendment_of, in_force
from ledger.model.movements import MOVEMENTS, SIGNS, SPLITTING, legs_of
from ledger.time.history import REGISTRATIONS
from ledger.transparency.merkle import leaf_hash
from projections.analysis.tables import FIELDS, LEDGER, TABLES

AMENDING = ("event-corrected", "event-retracted", "event-corroborated")
OF_SOURCES = ("source-registered", "source-corrected", "source-retracted")
EVER = "~"  # after every instant
_FIRST = "SELECT topic, state FROM stored_events WHERE topic IN ({}) ORDER BY position"
_ROWS = (
    "SELECT position, key, topic, originator_id, originator_version, state, leaf"
    " FROM stored_events ORDER BY position"
)
_WRITER = json.JSONEncoder(ensure_ascii=False, sort_keys=True)
_FLOORS = {"official": 0, "reported": 1, "unnamed": 3, "inferred": 3}
_KINDS = {
    type: [(name, fields) for name, (types, fields) in FIELDS.items() if type in types]
    for types, _ in FIELDS.values()
    for type in types
}
Row = tuple[Any, ...]


Amended = tuple[str, Amendment, list[dict[str, Any]]]  # when, to what, and what it cites besides


class Version(NamedTuple):
    """What an event says, when that became known (0: always), and between which limits."""

    said: Mapping[str, Any]
    known: int
    recorded_from: str
    recorded_until: str
    known_from: int
    known_until: int


class Gathered:
    """What the events of a log change about others, found before any row is made."""

    def __init__(self, reading: sqlite3.Connection) -> None:
        self.amendments: dict[str, list[Amended]] = defaultdict(list)
        self.published: dict[str, list[tuple[str, int | None]]] = defaultdict(list)
        topics = (*AMENDING, *OF_SOURCES)
        found = reading.execute(_FIRST.format(",".join("?" * len(topics))), topics)
        for topic, state in found:
            event = json.loads(state)
            data, at = event["data"], event["recorded_at"]
            if topic in AMENDING:
                cited, change = data.get("citations", []), amendment_of(data, at)
                if topic == "event-corroborated":
                    change = Amendment(0, ())
                elif cited:
                    raise Wrong(f"a floor has no correction that cites: {event['key']}")
                self.amendments[data["event"]].append((at, change, cited))
            elif "published_on" in data or topic == "source-retracted":
                day = number_of(data["published_on"]) if "published_on" in data else None
                self.published[data["source"]].append((at, day))

    def versions(self, key: str, type: str, data: Mapping[str, Any], at: str) -> list[Version]:
        """Every version of an event, those that say the same between limits that touch as one."""
        amendments = self.amendments.get(key, ())
        sources = [one["source"] for one in data.get("citations", ())]
        sources += [one["source"] for *_, cited in amendments for one in cited]
        sources += [data["source"]] if type in OF_SOURCES else []
        instants = {at, *(one[0] for one in amendments)}
        instants |= {changed for source in sources for changed, _ in self.published[source]}
        found = list[Version]()
        for start, end in pairwise([*sorted(one for one in instants if one >= at), EVER]):
            by_then = [one for one in amendments if one[0] <= start]
            boxes = self._known(type, data, at, start, by_then)
            for one in boxes:
                box = one._replace(recorded_from=start, recorded_until=end)
                before = box._replace(recorded_from="", recorded_until=start)
                same = [n for n, v in enumerate(found) if v._replace(recorded_from="") == before]
                if same:
                    found[same[0]] = found[same[0]]._replace(recorded_until=end)
                else:
                    found.append(box)
        return sorted(found, key=lambda one: (one.recorded_from, one.known_from))

    def _known(
        self,
        type: str,
        data: Mapping[str, Any],
        at: str,
        instant: str,
        amendments: Sequence[Amended],
    ) -> list[Version]:
        """The versions at an instant, by the days on which something became known."""
        changes = [change for _, change, _ in amendments]
        cited = [one for *_, citations in amendments for one in citations]
        days, found = sorted({0, *(change.known for change in changes)}), list[Version]()
        for start, end in pairwise([*days, NEVER]):
            said = amended(data, in_force(changes, start))
            known = None if said is None else self._day(type, said, at, instant, cited)
            if said is None or known is None or max(known, start) >= end:
                continue
            said |= {"citations": [*said.get("citations", ()), *cited]} if cited else {}
            box = Version(said, known, "", "", max(known, start), end)
            if found and found[-1][:2] == box[:2] and found[-1].known_until == box.known_from:
                found[-1] = found[-1]._replace(known_until=end)
            else:
                found.append(box)
        return found

    def _day(
        self, type: str, said: Mapping[str, Any], at: str, instant: str, corroborating: list[Any]
    ) -> int | None:
        """When an event became known, as told at an instant; None where all its sources fell."""
        own = said.get("citations", ())
        cited = [one["source"] for one in (*own, *corroborating)]
        published = [self._published(source, instant) for source in cited]
        standing = [day for day in published if day is not None]
        if published and not standing:
            return None
        if "known_on" in said:
            return number_of(said["known_on"])
        clerical = type in AMENDING and said.get("correction", "clerical") == "clerical"
        if clerical or (type in REGISTRATIONS and not own):
            return 0
        if type in OF_SOURCES:
            day = self._published(said["source"], instant)
            standing = [] if day is None else [day]
        if not own and standing and type not in OF_SOURCES:
            standing.append(number_of(at[:10]))
        return min(standing) if standing else number_of(at[:10])

    def _published(self, source: str, instant: str) -> int | None:
        told = [day for at, day in self.published[source] if at <= instant]
        if not told:
            raise Wrong(f"no date of {source} is known")
        return told[-1]


def tables(ledger: str, folder: str) -> None:
    """Write every table of a ledger into a folder."""
    from pyarrow import parquet

    Path(folder).mkdir(exist_ok=True)
    reading = read_only(ledger)
    (id,) = reading.execute("SELECT id FROM ledger").fetchone()
    columns = {name: (LEDGER, *found) for name, found in TABLES.items()}
    writers: dict[str, Any] = {}
    for page in _pages(reading, id):
        for name, rows in page.items():
            table = columns_of(columns[name], [(id, *row) for row in rows])
            if name not in writers:
                path = f"{folder}/{name}.parquet"
                writers[name] = parquet.ParquetWriter(path, table.schema, compression="zstd")
            writers[name].write_table(table)
    for writer in writers.values():
        writer.close()


def _pages(reading: sqlite3.Connection, ledger: str) -> Iterator[dict[str, list[Row]]]:
    """The rows of every table, page by page; those of issuers last."""
    gathered, commons = Gathered(reading), dict[str, int]()
    found = reading.execute(_ROWS)
    while page := found.fetchmany(PAGE):
        rows = defaultdict[str, list[Row]](list)
        for row in page:
            _rows_of(row, ledger, gathered, rows, commons)
        yield rows
    yield {"issuers": sorted(commons.items())} if commons else {}


def _rows_of(
    stored: Row,
    ledger: str,
    gathered: Gathered,
    rows: dict[str, list[Row]],
    commons: dict[str, int],
) -> None:
    """Add the rows of one event, which is sound."""
    position, key, type, stream, version, state, leaf = stored
    event = json.loads(state)
    told = [event[name] for name in ("position", "key", "type", "stream", "version", "ledger")]
    if leaf_hash(state) != leaf or told != [position, key, type, stream, version, ledger]:
        raise Wrong(f"#{position} is not as it was recorded")
    data, at = event["data"], event["recorded_at"]
    amended_, cited = key in gathered.amendments, "citations" in data or type in OF_SOURCES
    if amended_ or cited:
        versions = gathered.versions(key, type, data, at)
    else:
        known = gathered._day(type, data, at, at, [])
        versions = [Version(data, known or 0, at, EVER, known or 0, NEVER)]
    head = position, key, type, key, "reaffirms" in data, False
    for one in versions:
        said, limits = one.said, _limits(one)
        rows["events"].append(
            (*head, stream, "effective_on" not in said, _WRITER.encode(said), None, *limits)
        )
        if type in MOVEMENTS:
            rows["movements"] += [(*head, *moved, *limits) for moved in _moved(type, said, commons)]
        elif amended_:
            rows["movements"].append((*head, "reports", *[None] * 7, *limits))
        for name, fields in _KINDS.get(type, ()):
            told = [said.get(field) for field in fields]
            texts = (one if one is None or isinstance(one, str) else str(one) for one in told)
            rows[name].append((*head, *texts, *limits))


def _moved(type: str, said: Mapping[str, Any], commons: dict[str, int]) -> Iterator[Row]:
    share_class = said["share_class"]
    issuer = share_class.partition("/")[0]
    commons.setdefault(issuer, 1)
    if type in SPLITTING:
        ratio = Fraction(*map(int, said["ratio"].split(":")))
        commons[issuer] *= ratio.denominator
        over = ratio.numerator, ratio.denominator
        yield "scale", issuer, share_class, share_class, None, None, *over
    elif type in SIGNS:
        for field, sign in legs_of(type, said):
            holder, delta = said.get(field) or issuer, sign * int(said["shares"])
            yield "add", issuer, share_class, share_class, holder, delta, 1, 1
    else:
        raise Wrong(f"a floor has no {type}")


def _limits(one: Version) -> Row:
    day, known = one.said.get("effective_on"), _iso(one.known) if one.known_from else None
    floor = _FLOORS[one.said["standing"]]
    return (
        day, day, known, known, one.said["standing"], int(one.said.get("sequence", "0")),
        _iso(one.known_from) if one.known_from else None,
        None if one.known_until == NEVER else _iso(one.known_until),
        one.recorded_from, None if one.recorded_until == EVER else one.recorded_until, floor, 3,
    )  # fmt: skip


def _iso(day: int) -> str | None:
    return f"{day // 10_000:04}-{day // 100 % 100:02}-{day % 100:02}" if day else None
