"""A ledger as it stands at one moment, read while others append: bytes, tree, checkpoints.

Events are never changed, so a moment of the log is no more than its size. What else is kept (the
frontier, the checkpoints) is read at once; events come by pages, so that an append never waits long
for a reader.
"""

from __future__ import annotations

from collections.abc import Iterator

from ledger.storage.log_rows import differing
from ledger.storage.opening import store_at
from ledger.storage.server import Place
from ledger.storage.stored_log import BEFORE_ALL, PAGE
from ledger.transparency.merkle import Frontier
from ledger.transparency.signed_notes import Note, Signature, read_note
from ledger.values.closing import Closing
from ledger.values.refusals import NOT_THE_TREE, Damaged


class Snapshot(Closing):
    """A ledger up to the event that is its last one now; what is appended meanwhile is not seen.

    Raises Refused where there is no ledger, Damaged where it is of another format.
    """

    def __init__(self, path: Place) -> None:
        self._store = store_at(path)
        self._store.recognise()
        self._log = self._store.reading()
        self.id, self.size, self._tree, self._notes = self._log.moment()

    @property
    def origin(self) -> str:
        """The name of the log in checkpoints, and of the keys that sign it."""
        return origin_of(self.id)

    def frontier(self) -> Frontier:
        """The tree over the events, as kept beside them."""
        return Frontier(*(self._tree or (-1, b"")))

    @property
    def claimed_root(self) -> bytes:
        """The root of the tree, by the frontier kept beside the events."""
        return self.frontier().root()

    def pages(self, after: int = 0) -> Iterator[list[bytes]]:
        """The bytes of every event, in order, after a position, some at a time."""
        return self._log.pages("state", after, self.size)

    def valid_pages(self) -> Iterator[list[bytes]]:
        """The bytes of every event, in order, once its row is found to be sound.

        Raises Damaged at the first that is unsound or missing, and at the end where they are not
        those of the tree.
        """
        self._store.peek()  # no row before the first, none after the last of the tree
        tree = Frontier()
        for page in self._log.in_pages(0, self.size):
            tree.extend([row.leaf for row in page])
            yield [row.state for row in page]
        if (tree.size, tree.peaks()) != (self.size, self.frontier().peaks()):
            raise Damaged(NOT_THE_TREE)

    def differing(self) -> Iterator[tuple[str, str]]:
        """Where a row's columns are not what its bytes say, and how."""
        position = BEFORE_ALL
        while page := self._log.rows(position, PAGE):
            for row in page:
                position = row.position
                if position < 1:
                    yield (
                        self.place(position),
                        "It is before the first event: it was never recorded.",
                    )
                elif position <= self.size and (wrong := differing(row, self.id)):
                    yield self.place(position), f"{wrong[0].upper()}{wrong[1:]}."

    def leaves(self) -> Iterator[bytes]:
        """The leaf hashes kept beside the events, in order."""
        for page in self._log.pages("leaf", 0, self.size):
            yield from page

    def place(self, number: int) -> str:
        """Where the event of a number stands, in words."""
        return f"row {number} of the log"

    def position_of(self, event: str) -> int | None:
        """The position of the event under a key, or at a position such as ``#12``."""
        return self._log.position_of(event)

    def state(self, position: int) -> bytes:
        """The bytes of the event at a position."""
        return self._log.state(position)

    def notes(self) -> list[Note]:
        """The checkpoints kept, by size, each with every signature that was ever added to it."""
        found: dict[str, dict[Signature, None]] = {}  # in the order in which they were added
        for note in map(read_note, self._notes):
            found.setdefault(note.text, {}).update(dict.fromkeys(note.signatures))
        return [Note(text, tuple(signatures)) for text, signatures in found.items()]

    def close(self) -> None:
        """Close what it is read from."""
        self._log.close()


def origin_of(ledger_id: str) -> str:
    """The origin of a ledger's checkpoints: a name that only its own id makes."""
    return f"stakebook/{ledger_id}"
