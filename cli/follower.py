"""A follower: what this machine keeps of a ledger on a server, compared with it whenever it asks.

It keeps the read model, and beside it which server it was read from, how far, and when. A log that
is shorter than what was read, or another one, is never taken over in silence.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from shutil import copyfile
from typing import NamedTuple

import click

from cli.question import OFFLINE
from ledger.events.envelope import Recorded
from ledger.storage.atomic_file import appearing
from ledger.storage.files import file_error
from ledger.storage.head import Peek
from ledger.storage.opening import store_at
from ledger.storage.server import Place, Server
from ledger.storage.store import Store
from ledger.storage.stored_log import OpenLog
from ledger.values.refusals import Damaged, Refusal, Refused
from projections.readmodel.opening import connect, holds, indexed_in, is_read_model

_CONTACT = "contact.json"


class Contact(NamedTuple):
    """What was last read of a ledger: from which server, how far, its tree, and when."""

    server: str
    ledger: str
    position: int
    peaks: str
    at: str

    @property
    def peek(self) -> Peek:
        """The head of the log as it was read."""
        return Peek(self.ledger, self.position, bytes.fromhex(self.peaks))

    @property
    def words(self) -> str:
        """The heading of an answer from what was read then."""
        return f"Offline: the log up to #{self.position} as read at {self.at} from {self.server}."


def state_folder() -> Path:
    """Where this account keeps what it has read of ledgers on servers."""
    home = os.environ.get("XDG_STATE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(home) if home else Path.home() / ".local" / "state") / "stakebook"


def folder_of(ledger_id: str) -> Path:
    """The folder of one ledger, which nobody else may read."""
    folder = state_folder() / ledger_id
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise file_error(folder, error) from None
    return folder


def views_in(folder: Path) -> Path:
    """The read model in the folder of a ledger."""
    return folder / "views.db"


def unchecked_in(folder: Path) -> Path:
    """What marks a read model that was built elsewhere, until a replay has made it anew."""
    return folder / "taken-unchecked"


def contact_in(folder: Path) -> Contact | None:
    """What was last read, as it is kept in the folder of a ledger."""
    try:
        return Contact(**json.loads((folder / _CONTACT).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def contact_with(server: Server) -> Contact:
    """What was last read from a server; Refused where nothing was."""
    folders = state_folder().iterdir() if state_folder().is_dir() else ()
    found = [contact for folder in folders if (contact := contact_in(folder))]
    for contact in sorted(found, key=lambda one: one.at, reverse=True):
        if Server(contact.server).database == server.database:
            return contact
    raise Refused(
        Refusal.SERVER_UNREACHABLE,
        f"Nothing was read from {server} on this machine yet.",
        "Ask once without --offline, where the server is reached.",
    )


class Follower:
    """The log on a server as this machine follows it."""

    def __init__(self, server: Server, at: str) -> None:
        self._server, self._at = server, at
        self._compared = self._looked = False
        self._seen: Peek | None = None

    @cached_property
    def _store(self) -> Store:
        return store_at(self._server)

    @cached_property
    def _log(self) -> OpenLog:
        return self._store.reading()

    @cached_property
    def folder(self) -> Path:
        """Where this machine keeps what it has read."""
        return folder_of(self._log.ledger_id)

    def peek(self) -> Peek:
        """The state of the ledger now; Damaged where its log is not what was read before."""
        seen = self._log.peek()
        if not self._compared and self._is_gone():
            self._compare(seen)
            self._compared = True
        self._seen = seen
        return seen

    def events_after(self, position: int) -> Iterable[Recorded]:
        """The events after a position, in order."""
        return self._log.events_after(position)

    def refuse_parted(self, indexed: Peek, seen: Peek) -> None:
        """Raise what is wrong where what was read is no beginning of the log; evidence is kept."""
        try:
            self._store.refuse_parted(indexed, seen)
        except Damaged as damaged:
            kept = self._keep_evidence(indexed, seen)
            raise Damaged(f"{damaged} The heads of both are kept in {kept}.") from None

    def _keep_evidence(self, read: Peek, found: Peek) -> Path:
        """Keep beside the read model what this machine has read and what the server has now."""
        told = {
            "server": self._server.url,
            "ledger": found.id,
            "read_here": {"events": read.position, "peaks": read.peaks.hex()},
            "on_the_server": {"events": found.position, "peaks": found.peaks.hex()},
            "checkpoints_on_the_server": self._log.moment().notes,
        }
        text = json.dumps(told, indent=2)
        name = f"parted-{sha256(text.encode()).hexdigest()[:16]}.json"  # once, however often met
        file = self.folder / name
        if not file.exists():
            with appearing(file, 0o600) as draft:
                draft.write_text(text, encoding="utf-8")
        return file

    def take(self, file: Path) -> int:
        """Begin with a read model that was built elsewhere, once all its events are found to be
        the first ones of the log; how many they are. What is derived from them stays unchecked."""
        from projections.readmodel.kept import forget

        if views_in(self.folder).exists():
            raise Refused(
                Refusal.FILE_EXISTS,
                f"This machine has read {self._server} already.",
                "Leave --from out: each question reads what is new.",
            )
        with appearing(views_in(self.folder), 0o600) as draft:
            copyfile(file, draft)
            with closing(connect(draft)) as connection:
                taken = indexed_in(connection) if is_read_model(connection, draft) else None
                whole = taken is not None and holds(connection, taken)
                if whole:
                    forget(connection)  # what was found elsewhere is found here anew
            if taken is None or not whole:
                raise Refused(
                    Refusal.OTHER_FORMAT,
                    f"{file} is no whole read model of this release.",
                    "Take it while nobody asks it anything, or leave --from out.",
                )
            seen = self._log.peek()
            if taken.id != seen.id or taken.position > seen.position:
                raise self._other(file)
            if self._tree(taken.position) != taken.peaks:
                raise self._other(file)
        unchecked_in(self.folder).write_text(f"{file}\n", encoding="utf-8")
        return taken.position

    def _other(self, file: Path) -> Refused:
        return Refused(
            Refusal.OTHER_LEDGER,
            f"The events in {file} are not the first ones of {self._server}.",
            "Leave --from out: the events are read from the server.",
        )

    def keep_contact(self) -> None:
        """Keep how far the read model reaches now."""
        if self._seen is None:
            return
        id, position, peaks = self._seen
        contact = Contact(self._server.url, id, position, peaks.hex(), self._at)
        with appearing(self.folder / _CONTACT, 0o600, replace=True) as draft:
            draft.write_text(json.dumps(contact._asdict(), indent=2), encoding="utf-8")

    def close(self) -> None:
        """Close the connection, if there is one."""
        if "_log" in self.__dict__:
            self._log.close()

    def _is_gone(self) -> bool:
        """Whether there is no read model in this form, or none any more: a broken one is removed
        when it is asked."""
        if self._looked:
            return not views_in(self.folder).exists()
        self._looked = True
        return _indexed(self.folder) is None

    def _compare(self, seen: Peek) -> None:
        """Where the read model is gone or of another form, what is kept beside it is compared."""
        contact = contact_in(self.folder)
        if contact is None or contact.peek == seen:
            return
        if contact.position > seen.position or self._tree(contact.position) != contact.peek.peaks:
            self.refuse_parted(contact.peek, seen)

    def _tree(self, size: int) -> bytes:
        """The tree over the first events of the log, by their leaf hashes."""
        from ledger.transparency.merkle import Frontier

        tree = Frontier()
        for page in self._log.pages("leaf", 0, size):
            tree.extend(page)
        return tree.peaks()


class Offline:
    """The log as it was last read, where the server is not asked."""

    def __init__(self, contact: Contact) -> None:
        self.contact = contact

    @cached_property
    def folder(self) -> Path:
        """Where this machine keeps what it has read."""
        return folder_of(self.contact.ledger)

    def peek(self) -> Peek:
        """The head of the log as it was read; Damaged where the read model does not reach it."""
        if _indexed(self.folder) != self.contact.peek:
            raise Damaged(
                f"What was read of {self.contact.server} is not whole on this machine. Ask without"
                " --offline, where the server is reached."
            )
        return self.contact.peek

    def events_after(self, position: int) -> Iterator[Recorded]:
        """There are none but those that were read."""
        yield from ()

    def refuse_parted(self, indexed: Peek, seen: Peek) -> None:
        """Nothing parts from itself."""

    def keep_contact(self) -> None:
        """Nothing was read."""

    def close(self) -> None:
        """Nothing is open."""


def following(place: Place, at: str) -> Follower | Offline:
    """The log on a server from now on, or as it was last read."""
    if not isinstance(place, Server):
        raise TypeError("a file is not followed")
    if not place.offline:
        return Follower(place, at)
    offline = Offline(contact_with(place))
    click.get_current_context().meta[OFFLINE] = offline.contact.words
    return offline


def _indexed(folder: Path) -> Peek | None:
    """The history that the read model in a folder has indexed, if there is one."""
    views = views_in(folder)
    if not views.exists():
        return None
    try:
        with closing(connect(views)) as connection:
            return indexed_in(connection)
    except sqlite3.DatabaseError:
        return None
