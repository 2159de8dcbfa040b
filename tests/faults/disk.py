"""What a disk may hold after a power cut: a model of it, fed with the calls that strace recorded.

What was written is on the disk for certain once its file was synced; names of files, once their
folder was. Until then each write may be there, or not, or be torn between sectors of 512 bytes.
A file that is unlinked and made again is another file, even if the folder was not synced between.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

_LINE = re.compile(r"^\d+ +(\w+)\((.*)\) += (-?\d+)(?:<[^>]*>)?(?: .*)?$")
_BYTES = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
_PATH = re.compile(r"^\d+<((?:[^>\\]|\\.)*)>")
SECTOR = 512

Change = tuple[int, bytes | None]  # bytes at an offset; None: the file is cut there
Keep = Callable[[list[Change]], list[Change]]


@dataclass
class _File:
    """A file: what is certainly on the disk, and what may be."""

    durable: bytearray = field(default_factory=bytearray)
    pending: list[Change] = field(default_factory=list)

    def content(self, keep: Keep) -> bytes:
        found = bytearray(self.durable)
        for change in keep(self.pending):
            _apply(found, change)
        return bytes(found)


class Disk:
    """The files of one folder, by the calls made on them."""

    def __init__(self, folder: Path, start: dict[str, bytes]) -> None:
        self.folder = str(folder)
        self.files = {name: _File(bytearray(data)) for name, data in start.items()}
        self.durable = dict(self.files)  # what each name certainly stands for
        self.renamings: list[dict[str, _File]] = []  # each later state of the folder
        self.output = b""

    def states(self, trace: Path) -> Iterator[str]:
        """Follow a trace, yielding the name of each call after it changed or said something."""
        for line in trace.read_text().splitlines():
            found = _LINE.match(line)
            if found and int(found[3]) >= 0 and self._follow(found[1], found[2]):
                yield found[1]

    def after_power_cut(self, keep: Keep, names_kept: int | None) -> dict[str, bytes]:
        """The files as they may be found; ``names_kept`` changes of names have reached the disk."""
        later = self.renamings[:names_kept]
        names = later[-1] if later else self.durable
        return {name: file.content(keep) for name, file in names.items()}

    def _follow(self, call: str, words: str) -> bool:
        if call in ("openat", "unlink"):
            return self._name(call, words)
        path = _PATH.match(words)
        if path is None:
            return False
        name = self._inside(path[1])
        if call in ("fdatasync", "fsync"):
            return self._sync(name)
        if call in ("pwrite64", "write"):
            data = _data(words)
            if name == "out":
                self.output += data
                return True
            offset = int(words.rpartition(", ")[2])
            return self._change(name, (offset, data))
        if call == "ftruncate":
            return self._change(name, (int(words.rpartition(", ")[2]), None))
        return False

    def _name(self, call: str, words: str) -> bool:
        quoted = _BYTES.search(words)
        name = self._inside(_data(words).decode()) if quoted else None
        if not name or name == "out" or "views" in name:  # a read model can be made again
            return False
        if call == "unlink":
            self.files = {n: f for n, f in self.files.items() if n != name}
        elif "O_CREAT" in words and name not in self.files:
            self.files = {**self.files, name: _File()}
        else:
            return False
        self.renamings.append(self.files)
        return True

    def _sync(self, name: str | None) -> bool:
        if name == "":
            self.durable, self.renamings = self.files, []
            return True
        file = self.files.get(name or "")
        if file is None:
            return False
        for change in file.pending:
            _apply(file.durable, change)
        file.pending.clear()
        return True

    def _change(self, name: str | None, change: Change) -> bool:
        file = self.files.get(name or "")
        if file is not None:
            file.pending.append(change)
        return file is not None

    def _inside(self, path: str) -> str | None:
        path = re.sub(r"\\x([0-9a-f]{2})", lambda code: chr(int(code[1], 16)), path)
        if path == self.folder:
            return ""
        return path.removeprefix(f"{self.folder}/") if path.startswith(f"{self.folder}/") else None


def variants(rng: random.Random) -> dict[str, tuple[Keep, Callable[[int], int | None]]]:
    """What may be kept of the writes that were not synced, and of the names that were not."""

    def half(changes: list[Change]) -> list[Change]:
        return [change for change in changes if rng.random() < 0.5]

    def torn(changes: list[Change]) -> list[Change]:
        return [piece for change in changes for piece in _sectors(change) if rng.random() < 0.5]

    return {
        "dropped": (lambda _: [], lambda _: 0),
        "half": (half, lambda count: rng.randint(0, count)),
        "torn": (torn, lambda count: rng.randint(0, count)),
        "kept": (lambda changes: changes, lambda _: None),
    }


def _sectors(change: Change) -> Iterator[Change]:
    offset, data = change
    if data is None:
        yield change
        return
    end = offset + len(data)
    while offset < end:
        upto = min(end, (offset // SECTOR + 1) * SECTOR)
        yield offset, data[: upto - offset]
        data, offset = data[upto - offset :], upto


def _apply(content: bytearray, change: Change) -> None:
    offset, data = change
    if data is None:
        del content[offset:]
        content.extend(bytes(offset - len(content)))
        return
    content.extend(bytes(max(0, offset - len(content))))
    content[offset : offset + len(data)] = data


def _data(words: str) -> bytes:
    found = _BYTES.search(words)
    if found is None or found[2]:
        raise AssertionError(f"a call was not recorded whole: {words[:200]}")
    return bytes.fromhex(found[1].replace("\\x", ""))
