"""A file read again: what of it is recorded, what is new, what has changed, and what is gone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as Pairs
from itertools import count
from typing import Any, NamedTuple

from ledger.events.envelope import canonical
from ledger.events.validation import make_event
from ledger.formats.drafts import digest
from ledger.intake.event_files import Entry

_AGAIN = re.compile(r":(\d{1,4})$")
_NO_ROWS = ("source:", "party:", "class:")  # ends of keys that are of no row


class Earlier(NamedTuple):
    """An event that was recorded under a key of the namespace, as it stands corrected now."""

    key: str
    position: int
    type: str
    data: Pairs[str, Any]
    retracted: bool = False


class Changed(NamedTuple):
    """An entry whose row was recorded before, saying something else in some fields."""

    entry: Entry
    earlier: Earlier

    @property
    def fields(self) -> dict[str, tuple[Any, Any]]:
        """The fields that differ: as recorded, and as read."""
        before, now = _said(self.earlier.data), _said(self.entry.event.data)
        return {n: (before.get(n), now.get(n)) for n in sorted({*before, *now})
                if before.get(n) != now.get(n)}  # fmt: skip


class Repeated(NamedTuple):
    """The entries of a file beside what its namespace has recorded."""

    new: Sequence[Entry]
    known: Sequence[Entry]
    changed: Sequence[Changed]
    gone: Sequence[Earlier]
    retracted: Sequence[Entry]

    @property
    def differs(self) -> bool:
        """Whether the file contradicts what was recorded of it."""
        return bool(self.changed or self.gone)

    def sentence(self) -> str:
        """How many rows are what."""
        rows = [one for one in self.new if is_row(one.key or "")]
        said = [f"{_rows(len(rows))} new"] if rows else []
        said += [f"{_rows(len(self.changed))} changed"] if self.changed else []
        retracted = [one for one in self.retracted if is_row(one.key or "")]
        said += [f"{_rows(len(retracted))} retracted"] if retracted else []
        gone = len(self.gone)
        noun = "recorded row is" if gone == 1 else "recorded rows are"
        said += [f"{gone} {noun} gone"] if gone else []
        return f"{', '.join(said)}." if said else "Nothing of it is new."


def compare(entries: Sequence[Entry], earlier: Pairs[str, Earlier]) -> Repeated:
    """What of a file is recorded. A row is known by its key; one without an id also where a
    recorded row was corrected to what it says. Only what a file tells of can be gone from it."""
    told = {_subject(entry.event.type, entry.event.data) for entry in entries}
    keys = {entry.key for entry in entries}
    missing = {
        key: one
        for key, one in earlier.items()
        if key not in keys
        and is_row(key)
        and not one.retracted
        and _subject(one.type, one.data) in told
    }
    by_content: dict[bytes, list[str]] = {}
    for key, one in missing.items():
        by_content.setdefault(_content(one.type, one.data), []).append(key)
    new, known, changed, retracted = list[Entry](), list[Entry](), list[Changed](), list[Entry]()
    for entry in entries:
        before, content = earlier.get(entry.key or ""), _content(entry.event.type, entry.event.data)
        if before is not None and before.retracted:
            retracted.append(entry)
        elif before is not None:
            if content == _content(before.type, before.data):
                known.append(entry)
            else:
                changed.append(Changed(entry, before))
        elif by_content.get(content):
            del missing[by_content[content].pop(0)]
            known.append(entry)
        else:
            new.append(entry)
    return Repeated(new, known, changed, list(missing.values()), retracted)


def corrections(
    repeated: Repeated, source: Entry, name: str, is_taken: Callable[[str], bool]
) -> tuple[list[Entry], list[Entry]]:
    """What makes the record say what the file says: corrections and retractions, and the new rows
    that are left. A gone row is paired with the only new one that differs from it in one field.
    ``is_taken`` tells keys under which such a correction was recorded, and has been undone."""
    cited = {"citations": [{"source": source.event.data["source"]}]}
    pairs = _pairs(repeated)
    made = [_correction(one, name, cited, is_taken) for one in (*repeated.changed, *pairs)]
    paired = {one.earlier.key for one in pairs}
    for gone in repeated.gone:
        if gone.key not in paired:
            fields = {"event": gone.key, "because": f"the row is gone from {name}", **cited}
            event = make_event("event-retracted", fields)
            made.append(Entry(name, _amended(gone.key, event.data, is_taken), event))
    taken = {one.entry.key for one in pairs}
    return made, [entry for entry in repeated.new if entry.key not in taken]


def base_of(key: str) -> str:
    """The first key of a row; what is recorded anew after a retraction has one with a number."""
    return _AGAIN.sub("", key)


def anew(entry: Entry, earlier: Pairs[str, Earlier]) -> Entry:
    """An entry under a key of its own, where what was recorded under its key is retracted."""
    before = earlier.get(entry.key or "")
    if before is None or not before.retracted:
        return entry
    number = _AGAIN.search(before.key)
    return entry._replace(key=f"{entry.key}:{int(number[1]) + 1 if number else 2}")


def is_row(key: str) -> bool:
    """Whether a key is of an event that a row gives."""
    end = key.split("/", 2)[-1]
    return not end.startswith(_NO_ROWS)


def _correction(
    one: Changed, name: str, cited: Pairs[str, Any], is_taken: Callable[[str], bool]
) -> Entry:
    changes = [{"field": field, "value": now} if now is not None else {"field": field}
               for field, (_, now) in one.fields.items()]  # fmt: skip
    fields = {
        "event": one.earlier.key,
        "changes": changes,
        "because": f"{one.entry.place} of {name} says otherwise",
        **cited,
    }
    event = make_event("event-corrected", fields)
    return Entry(one.entry.place, _amended(one.earlier.key, event.data, is_taken), event)


def _amended(key: str, data: Pairs[str, Any], is_taken: Callable[[str], bool]) -> str:
    first = f"{key[:100]}:{digest(data)}"
    again = (f"{first}:{number}" for number in count(2))
    return first if not is_taken(first) else next(one for one in again if not is_taken(one))


def _pairs(repeated: Repeated) -> list[Changed]:
    """Each gone row with the new one that alone differs from it in one field, and no other does."""
    near: dict[bytes, list[Entry]] = {}
    for entry in repeated.new:
        if is_row(entry.key or ""):
            for rest in _without_one(entry.event.type, entry.event.data):
                near.setdefault(rest, []).append(entry)
    wanted: dict[str, list[Entry]] = {}
    times = Counter[str]()
    for gone in repeated.gone:
        rests = _without_one(gone.type, gone.data)
        found = {entry.key or "": entry for rest in rests for entry in near.get(rest, ())}
        wanted[gone.key] = [*found.values()]
        times.update(found)
    return [
        Changed(entries[0], gone)
        for gone in repeated.gone
        if len(entries := wanted[gone.key]) == 1 and times[entries[0].key or ""] == 1
    ]


def _without_one(type_name: str, data: Pairs[str, Any]) -> Iterator[bytes]:
    """What an event says, without each of its fields in turn."""
    said = _said(data)
    for left in said:
        rest = {name: value for name, value in said.items() if name != left}
        yield canonical({"type": type_name, "field": left, "data": rest})


def _subject(type_name: str, data: Pairs[str, Any]) -> tuple[str, str]:
    """What an event is about, as a table is: a board, balances of a day, an opening, movements."""
    if type_name.startswith(("director-", "officer-")):
        return "board", ""
    if type_name == "balance-asserted":
        return type_name, str(data["effective_on"])
    return (type_name if type_name == "register-opened" else "movements"), ""


def _said(data: Pairs[str, Any]) -> dict[str, Any]:
    """What an event says, without where it is said."""
    return {name: value for name, value in data.items() if name != "citations"}


def _content(type_name: str, data: Pairs[str, Any]) -> bytes:
    return canonical({"type": type_name, "data": _said(data)})


def _rows(count: int) -> str:
    return "1 row is" if count == 1 else f"{count} rows are"
