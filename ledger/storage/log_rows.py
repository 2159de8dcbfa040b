"""Rows of the log: whether the bytes of each are those of its leaf hash, and its columns theirs.

Text columns are read as bytes, so that what is no text is found here and not inside SQLite.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from json.encoder import encode_basestring as written
from typing import Any, NamedTuple

from ledger.events.envelope import Recorded, head_of_data, read_state
from ledger.events.upcasters import upcast
from ledger.storage.head import missing
from ledger.transparency.merkle import leaf_hash
from ledger.values.refusals import Damaged

_ENVELOPE = b',"id":"'  # what follows the data in an event's bytes
_COLUMNS = ("key, ledger or position", "stream or type", "version", "content digest")


class Row(NamedTuple):
    """A row of the log as it is stored: nothing of it is to be trusted yet."""

    position: int
    stream: Any
    version: Any
    topic: Any
    state: Any
    key: Any
    content: Any
    leaf: Any


def in_order(rows: Iterable[Any], ledger: str, after: int) -> Iterator[Row]:
    """The rows that follow a position, as they are selected; Damaged where one is missing or
    unsound."""
    for expected, row in enumerate(map(Row._make, rows), after + 1):
        if row.position != expected:
            raise missing(expected)
        yield valid(row, ledger)


def event_of(row: Row) -> Recorded:
    """The event in a sound row, as of the newest schema."""
    return upcast(read_state(row.state))


def valid(row: Row, ledger: str) -> Row:
    """The same row; Damaged where its bytes or its columns are not what was recorded."""
    if not isinstance(row.state, bytes) or leaf_hash(row.state) != row.leaf:
        raise _damaged(row, "its bytes are not those that its leaf hash was made of")
    if differ := differing(row, ledger):
        raise _damaged(row, differ)
    return row


def differing(row: Row, ledger: str) -> str:
    """Which columns are not what the bytes of a row say, in words; empty where all are."""
    try:
        data, _, envelope = row.state.rpartition(_ENVELOPE)
        envelope_text = envelope.decode()
        key, stream, topic = (written(text.decode()) for text in (row.key, row.stream, row.topic))
        where = f'"ledger":{written(ledger)},"position":{row.position:d},"recorded_at":'
        said = data[head_of_data(row.state)[1] :]
        content = sha256(b'{"data":%b,"type":%b}' % (said, topic.encode())).digest()
        agree = (
            f',"key":{key},{where}' in envelope_text,
            f',"stream":{stream},"type":{topic},"v":' in envelope_text,
            envelope_text.endswith(f',"version":{row.version:d}}}'),
            content == row.content,
        )
    except (AttributeError, TypeError, ValueError):
        return "a column of it holds what none can"
    if all(agree):
        return ""
    wrong = [name for name, agrees in zip(_COLUMNS, agree, strict=True) if not agrees]
    return f"the {' and the '.join(wrong)} beside its bytes are not what they say"


def _damaged(row: Row, wrong: str) -> Damaged:
    return Damaged(
        f"Row {row.position} of the log is damaged: {wrong}. The file was changed from outside;"
        " `stakebook verify` shows where; `stakebook restore FILE` puts a backup there."
    )
