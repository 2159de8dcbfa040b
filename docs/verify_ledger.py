#!/usr/bin/env python3
"""Verify an audit export of stakebook, or the proof of one event, with nothing of stakebook.

python verify_ledger.py FILE --key VKEY [--last-seen CHECKPOINT] [--witness VKEY] [--max-age 7d]

It needs Python 3.9 or later and the package ``cryptography``. It is a second implementation, made
from the published formats (RFC 6962, RFC 8785; C2SP signed-note, tlog-checkpoint, tlog-cosignature,
tlog-proof) and from docs/verify-by-hand.md, which describes the export. Exit code 0: nothing wrong
was found. 1: something was. 2: the input cannot be used.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PLAIN, TIMED = 1, 4  # types of Ed25519 signature: over the text; over a time and the text
LONGEST_LINE, LONGEST_NOTE, FOREVER = 12 * 2**20, 2**20, 2**63
TAIL = (b'{"leaves":', b'{"checkpoint":', b'{"sha256":')  # what follows the events, in order
PROOF, NUMBER = "c2sp.org/tlog-proof@v1", "0|[1-9][0-9]{0,18}"
TOLD = 20  # findings; more are only counted
MEMBERS = set("data id key ledger position recorded_at schema stream type v version".split())
INSTANT = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{6}Z"
WITNESS_CLOCKS = 300  # seconds by which a witness's clock and the ledger's may differ
MALFORMED = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)


class Bad(Exception):
    """Something that is not as it must be."""


def need(condition: object, otherwise: str) -> None:
    if not condition:
        raise Bad(otherwise)


class Key(NamedTuple):
    name: str
    kind: int
    public: bytes

    def id(self, kind: int) -> bytes:
        return sha256(self.name.encode() + b"\n" + bytes([kind]) + self.public)[:4]

    def __str__(self) -> str:
        material = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.id(self.kind).hex()}+{material}"

    def check(self, signature: bytes, message: str) -> None:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message.encode())
        except (InvalidSignature, ValueError):
            raise Bad(f"a signature in the name of {self.name} is not by its key") from None

    def times(self, kind: int, note: Note) -> list[int]:
        """When it signed a note (0 if not timed); Bad if a signature only claims to be its own."""
        found = []
        for name, key_id, value in note.signatures:
            if (name, key_id) == (self.name, self.id(kind)):
                moment = int.from_bytes(value[:8], "big") if kind == TIMED else 0
                head = f"cosignature/v1\ntime {moment}\n" if kind == TIMED else ""
                need(moment < FOREVER, f"{self.name} signed a time beyond all times")
                self.check(value[8:] if kind == TIMED else value, head + note.text)
                found.append(moment)
        return found


class Note(NamedTuple):
    """A signed note whose text is a checkpoint."""

    raw: str
    text: str
    signatures: list[tuple[str, bytes, bytes]]
    origin: str
    size: int
    root: bytes


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def unbase64(text: str, length: int = 0) -> bytes:
    raw = base64.b64decode(text, validate=True)
    need(base64.b64encode(raw).decode() == text, "base64 in another way of writing it")
    need(not length or len(raw) == length, f"not {length} bytes in base64")
    return raw


def parse_key(text: str) -> Key:
    try:
        name, key_id, material = text.strip().split("+", 2)
        kind, *public = unbase64(material, 33)
        key = Key(name, kind, bytes(public))
        need(name.split() == [name] and kind in (PLAIN, TIMED), "not such a key")
        need(key.id(kind).hex() == key_id, "the id of another key")
    except (Bad, *MALFORMED):
        raise Bad(f"{text!r} is no Ed25519 vkey (name+id+key) or its id is not its own") from None
    return key


def parse_note(raw: str) -> Note:
    try:
        head, blank, tail = raw.rpartition("\n\n")
        need(blank and tail.endswith("\n") and len(raw) <= LONGEST_NOTE, "not a signed note")
        need(not re.search("[\0-\x09\x0b-\x1f]", raw), "control characters in a note")
        signatures = []
        for dash, name, value in (line.split(" ") for line in tail[:-1].split("\n")):
            named = dash == "\u2014" and name.split() == [name] and "+" not in name
            need(named and len(unbase64(value)) > 4, "a malformed signature line")
            signatures.append((name, unbase64(value)[:4], unbase64(value)[4:]))
        origin, size, root, *more = head.split("\n")
        need(origin and all(more) and re.fullmatch(NUMBER, size), "not a checkpoint")
        need(int(size) < FOREVER, "not the size of a tree")
        return Note(raw, head + "\n", signatures, origin, int(size), unbase64(root, 32))
    except MALFORMED:
        raise Bad("a malformed checkpoint") from None


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right)


def root_of(subtrees: list[tuple[int, bytes]]) -> bytes:
    """The root over complete subtrees of falling height (RFC 6962, 2.1)."""
    if not subtrees:
        return sha256(b"")
    return node(subtrees[0][1], root_of(subtrees[1:])) if subtrees[1:] else subtrees[0][1]


def root_by_path(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The root that an audit path leads to (RFC 6962, 2.1.1, read from the root down)."""
    need((size > 1) == bool(path), "the audit path does not fit the index and the size")
    if size == 1:
        return leaf
    left = 1 << ((size - 1).bit_length() - 1)
    if index < left:
        return node(root_by_path(leaf, index, left, path[:-1]), path[-1])
    return node(path[-1], root_by_path(leaf, index - left, size - left, path[:-1]))


def read_json(line: bytes) -> Any:
    """A value without fractions that is written as RFC 8785 tells; Bad for anything else."""
    try:
        value = json.loads(line.decode(), object_pairs_hook=unique, parse_int=integer,
                           parse_float=integer, parse_constant=integer)  # fmt: skip
        need(canonical(value).encode() == line, "re-encoded: not the canonical bytes (RFC 8785)")
    except MALFORMED:
        raise Bad("not JSON in UTF-8") from None
    return value


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    need(len(dict(pairs)) == len(pairs), "a name stands twice in one object")
    return dict(pairs)


def integer(text: str) -> int:
    whole = re.fullmatch("-?[0-9]{1,16}", text) and abs(int(text)) < 2**53
    need(whole, f"{text[:20]} is not a whole number below 2^53")
    return int(text)


def canonical(value: Any) -> str:
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{canonical(n)}:{canonical(value[n])}" for n in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def lines(path: str, offset: int = 0, number: int = 1) -> Iterator[tuple[int, bytes]]:
    """Lines with their numbers; one that is cut off, or a piece of one too long, has no newline."""
    with open(path, "rb") as stream:
        stream.seek(offset)
        while raw := stream.readline(LONGEST_LINE):
            yield number, raw
            number += raw.endswith(b"\n")


class Audit:
    """All that is found about one export or proof."""

    def __init__(self, path: str, asked: Any) -> None:
        self.path, self.key, self.seen, self.witnesses = path, asked.key, asked.seen, asked.witness
        self.found: list[str] = []
        self.checked: list[str] = []
        self.evidence: list[str] = []
        self.size, self.last, self.ledger = 0, "", ""
        self.subtrees: list[tuple[int, bytes]] = []
        self.notes: list[tuple[int, Note]] = []
        self.past: dict[int, tuple[bytes, str]] = {0: (root_of([]), "")}  # root and time, by size
        self.chain: list[tuple[Key, int, int]] = [(self.key, 0, FOREVER)] if self.key else []
        self.counted: list[Note] = []
        self.times: list[tuple[Note, int, int]] = []  # signed at, and how wrong that clock may be

    @contextmanager
    def at(self, place: str, *notes: Note) -> Iterator[None]:
        """Take down what is found wrong at a place, and the notes that are evidence of it."""
        try:
            yield
        except (Bad, *MALFORMED) as error:
            self.found.append(f"{place}: {error if isinstance(error, Bad) else 'malformed'}")
            self.evidence += [note.raw for note in notes if note.raw not in self.evidence]

    def export(self, max_age: int) -> None:
        header, start, end, tail = self.survey()
        need(header, "the file is empty")
        if self.seen and self.seen.origin != header["origin"]:
            raise Bad(f"the checkpoint last seen is of {self.seen.origin}, another log")
        self.events(lines(self.path, start, 2), end, self.listed(tail, end))
        with self.at("line 1"):
            need(header["events"] == self.size, f"not {self.size} events, as there are")
            need(unbase64(header["root"]) == root_of(self.subtrees), "not the root of the events")
        for line, note in self.notes:
            with self.at(f"line {line}, checkpoint of {note.size} events", note):
                self.count(note, header["origin"])
        with self.at("checkpoints"):
            need(self.counted or not self.key, f"none that fits is signed by {self.key}")
        self.look_back()
        self.compare_times(max_age)
        if not self.found:
            self.checked[:0] = [f"{self.size} events: canonical, in place, their times never fall."]

    def survey(self) -> tuple[dict[str, Any], int, int, int]:
        """The header; its length; the line and the byte from which on there are no events."""
        header: dict[str, Any] = {}
        start = end = tail = offset = stage = 0
        digest = hashlib.sha256()
        for line, raw in lines(self.path):
            if offset == 0:
                header, start = read_json(raw[:-1]), len(raw)
                need(header["format"] == "stakebook-audit-1" and len(header) == 5, "other format")
                self.ledger, told = header["ledger"], len(unbase64(header["root"], 32))
                need(told and type(header["events"]) is int, "no root or number of events")
                need(header["origin"] == f"stakebook/{self.ledger}", "another origin")
            if not end and raw.startswith(TAIL):
                end, tail = line, offset
            with self.at(f"line {line}"):
                need(raw.endswith(b"\n"), "it is cut off, or over 12 MiB")
                while end and stage < 2 and not raw.startswith(TAIL[stage]):
                    stage += 1
                need(not end or (stage < 3 and raw.startswith(TAIL[stage])), "in the wrong place")
                if end:
                    stage += self.around(line, raw, stage, digest.digest())
            if end or offset == 0:
                digest.update(raw)
            offset += len(raw)
        with self.at("the end"):
            need(stage == 3, "the closing digest is missing")
        return header, start, end or FOREVER, tail or offset

    def around(self, line: int, raw: bytes, stage: int, digest: bytes) -> bool:
        """Read a line after the events; whether it is the last one, with the digest of others."""
        ((_, value),) = read_json(raw[:-1]).items()
        if stage == 1:
            self.notes.append((line, parse_note(value)))
        need(stage < 2 or value == base64.b64encode(digest).decode(),
             "not the digest of the header, the leaf hashes and the checkpoints")  # fmt: skip
        return stage == 2

    def listed(self, offset: int, line: int) -> Iterator[bytes]:
        for number, raw in lines(self.path, offset, line):
            with self.at(f"line {number}"):
                values = read_json(raw[:-1])["leaves"] if raw.startswith(TAIL[0]) else []
                yield from (unbase64(text, 32) for text in values)

    def events(
        self, numbered: Iterator[tuple[int, bytes]], end: int, leaves: Iterator[bytes]
    ) -> None:
        notes = [note for _, note in self.notes] + ([self.seen] if self.seen else [])
        marks = {size for note in notes for size in (note.size, note.size + 1)}
        listed = bytearray().join(leaves)  # 32 bytes an event
        expected, unread = 1, 0  # unread: events before this one without a position
        for line, raw in numbered:
            if line >= end:
                break
            self.size, height = self.size + 1, 0
            hashed = subtree = sha256(b"\0" + raw[:-1])
            while self.subtrees and self.subtrees[-1][0] == height:
                subtree, height = node(self.subtrees.pop()[1], subtree), height + 1
            self.subtrees.append((height, subtree))
            with self.at(f"line {line}"):
                due, unread = expected + unread, unread + 1
                position, recorded = self.event(raw[:-1])
                hashes = [listed[32 * n - 32 : 32 * n] for n in (position, self.size)]
                known = bytearray(hashed) in hashes
                taken = expected <= position <= due or (position > due and known)
                if taken:
                    expected, unread = position + 1, 0
                elif known:
                    unread -= 1
                last, self.last = self.last, max(self.last, recorded) if known else self.last
                need(known, f"event #{position} is not the one whose hash is listed")
                need(position <= due, f"#{position} stands here; #{due} is missing")
                need(recorded >= last, f"#{position} claims {recorded}, before the one before it")
                need(taken, f"event #{position} stands here again, or too late")
            if self.size in marks:
                self.past[self.size] = root_of(self.subtrees), self.last
        with self.at("the end"):
            need(len(listed) == 32 * self.size, "not as many leaf hashes as events")

    def event(self, raw: bytes) -> tuple[int, str]:
        """Check one event by itself; its position and its time."""
        event = read_json(raw)
        need(set(event) == MEMBERS and event["v"] == 1, "this is no event of version 1")
        position, recorded = event["position"], event["recorded_at"]
        need(event["ledger"] == self.ledger, f"an event of another ledger, {event['ledger']}")
        need(type(position) is int and position > 0, "no position")
        need(re.fullmatch(INSTANT, recorded), "no time of recording")
        if event["type"] == "signing-key-rotated" and self.chain:
            self.rotate(self.size, event["data"])
        return int(position), str(recorded)

    def rotate(self, size: int, data: Any) -> None:
        """The old key signs the new one in, and gives way to it after this event."""
        key, first, _ = self.chain[-1]
        old, new = parse_key(data["old_key"]), parse_key(data["new_key"])
        same = (old.kind, new.kind, new.name) == (PLAIN, PLAIN, old.name) and old != new
        need(same, "the old and the new key are not two keys of one ledger")
        old.check(unbase64(data["signature"]), f"stakebook key rotation\n{new}\n")
        if old == key:
            self.chain[-1:] = [(old, first, size), (new, size, FOREVER)]
            self.checked.append(f"Event #{size} hands over to {new}, signed in by the key before.")

    def count(self, note: Note, origin: str) -> None:
        """A checkpoint counts if it is of this log, fits, and a key of its time has signed it."""
        need(note.origin == origin, f"it is of another log, {note.origin}")
        signers = [(first, last) for key, first, last in self.chain if key.times(PLAIN, note)]
        times = [(note, moment, 0) for key, *_ in self.chain for moment in key.times(TIMED, note)]
        for key in self.witnesses:
            times += [(note, moment, WITNESS_CLOCKS) for moment in key.times(TIMED, note)]
        timely = any(first <= note.size <= last for first, last in signers)
        need(timely or not signers, "it is signed by a key of another time of this ledger")
        need(note.size <= self.size, f"there are only {self.size} events: the end is missing")
        need(self.past[note.size][0] == note.root, "the events up to it are not those sealed")
        if signers:
            self.counted.append(note)
            self.times += times

    def look_back(self) -> None:
        """The history begins with what was seen before, and every witness has seen some of it."""
        if seen := self.seen:
            with self.at(f"checkpoint last seen, of {seen.size} events", seen, *self.counted[-1:]):
                signed = not self.chain or any(key.times(PLAIN, seen) for key, *_ in self.chain)
                need(signed, "it is not signed by a key of this ledger")
                need(seen.size <= self.size, f"only {self.size} events now: the end was cut off")
                need(self.past[seen.size][0] == seen.root, "the history was forked or rewritten")
                self.checked.append(f"It begins with the {seen.size} events of the one last seen.")
        for witness in self.witnesses:
            with self.at("checkpoints"):
                sizes = [note.size for note in self.counted if witness.times(TIMED, note)]
                need(sizes, f"none that counts is cosigned by {witness.name}")
                self.checked.append(f"{witness.name} cosigned the first {max(sizes)} events.")

    def compare_times(self, max_age: int) -> None:
        """Sealed events are not later than the signing, those after it are not earlier."""
        for note, moment, wrong in self.times:
            before, after = (self.past.get(note.size + n, (b"", ""))[1] for n in (0, 1))
            with self.at(f"event #{note.size}"):
                late = before >= instant(moment + wrong + 1)
                need(not late, f"it claims {before}, and was sealed at {instant(moment)}")
            with self.at(f"event #{note.size + 1}"):
                early = after and after < instant(moment - wrong)
                need(not early, f"it claims {after}, and was not there at {instant(moment)}")
            with self.at(f"checkpoint of {note.size} events"):
                need(moment <= time.time() + WITNESS_CLOCKS, "its signed time is yet to come")
        newest = max((moment for _, moment, _ in self.times), default=0)
        with self.at("checkpoints"):
            fresh = not max_age or newest >= time.time() - max_age
            need(fresh, f"the newest is of {instant(newest)}: too old" if newest else "no time")

    def proof(self) -> None:
        """A tlog-proof whose extra data are the bytes of the event."""
        with open(self.path, "rb") as stream:
            head, _, rest = stream.read(32 * 2**20).decode().partition("\n\n")
        first, extra, index, *path = head.split("\n")
        need(first == PROOF and re.fullmatch(f"index ({NUMBER})", index), "not a tlog-proof")
        need(extra[:6] == "extra " and len(path) < 64, "not a tlog-proof with an event in it")
        number, state, hashes = int(index[6:]), unbase64(extra[6:]), [unbase64(h, 32) for h in path]
        note = parse_note(rest)
        self.size, self.ledger = number + 1, note.origin.partition("/")[2]
        with self.at(f"event #{self.size}"):
            need(number < note.size, "it is beyond the checkpoint")
            root = root_by_path(sha256(b"\0" + state), number, note.size, hashes)
            need(root == note.root, "it is not in the tree of the checkpoint")
            need(self.event(state)[0] == self.size, "its position is another one")
            self.checked.append(f"Event #{self.size} is one of {note.size} of {note.origin}:")
            self.checked.append(state.decode())
        for key in [*([self.key] if self.key else []), *self.witnesses]:
            with self.at("checkpoint"):
                need(key.times(key.kind, note), f"it is not signed by {key}")
                self.checked.append(f"The checkpoint is signed by {key.name}.")

    def tell(self, whole: bool, max_age: int) -> int:
        """Print what was found, what was checked and what was not; the exit code."""
        sealed = max((note.size for note in self.counted), default=0)
        left = {
            "Whether what was recorded is true, and everything was recorded.": True,
            "Who sealed it: no --key was given, so no signature was read.": not self.key,
            "Every other event, and times: an audit export tells.": not whole,
            f"The events after #{sealed}: no checkpoint that counts is over them.": whole
            and sealed < self.size,
            "Whether the end was cut off, or all of it rewritten by whoever holds the key: "
            "no --last-seen was given.": not self.seen or not whole,
            "When events were recorded: no signed time was read.": whole and not self.times,
            "Whether this is the newest state: no --max-age was given.": not max_age or not whole,
        }
        print(safe(f"ledger {self.ledger}, {self.size} events, {sealed} sealed"))
        if whole:
            print(f"root   {base64.b64encode(root_of(self.subtrees)).decode()}")
        more = [f"{len(self.found) - TOLD} more findings"] if self.found[TOLD:] else []
        unchecked = [line for line, is_left in left.items() if is_left]
        groups = {"Found": self.found[:TOLD] + more, "Checked": self.checked}
        for title, group in {**groups, "NOT checked": unchecked}.items():
            if group:
                print(f"\n{title}:", *(f"* {safe(line)}" for line in group), sep="\n")
        for raw in self.evidence[:TOLD]:
            print("\nA checkpoint, kept as evidence:\n", *map(safe, raw.split("\n")), sep="\n")
        print("\nWRONG" if self.found else "\nnothing wrong found")
        return 1 if self.found else 0


def instant(moment: int) -> str:
    within = timedelta(seconds=min(max(moment, 0), 253402300799))  # the calendar ends in 9999
    return (datetime(1970, 1, 1, tzinfo=timezone.utc) + within).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def safe(text: str) -> str:
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Verify an audit export or a tlog-proof.")
    parser.add_argument("file")
    parser.add_argument("--key", metavar="VKEY", help="the public key of the ledger")
    parser.add_argument("--last-seen", metavar="FILE", dest="seen", help="a checkpoint you kept")
    parser.add_argument("--witness", metavar="VKEY", action="append", default=[])
    parser.add_argument("--max-age", metavar="AGE", help="7d, 36h or 90m")
    asked = parser.parse_args(arguments)
    try:
        asked.key = parse_key(asked.key) if asked.key is not None else None
        asked.witness = [parse_key(text) for text in asked.witness]
        need(not asked.key or asked.key.kind == PLAIN, "--key takes no key of a witness")
        need(all(key.kind == TIMED for key in asked.witness), "--witness takes a witness's key")
        if asked.seen is not None:
            with open(asked.seen, "rb") as stream:
                asked.seen = parse_note(stream.read(LONGEST_NOTE + 1).decode())
        age = re.fullmatch("([1-9][0-9]{0,5})([dhm])", asked.max_age or "1d")
        need(age, "--max-age takes 7d, 36h or 90m")
        max_age = int(age[1]) * {"d": 86400, "h": 3600, "m": 60}[age[2]] if age else 0
        max_age = max_age if asked.max_age else 0
        audit = Audit(asked.file, asked)
        with open(asked.file, "rb") as stream:
            whole = stream.read(len(PROOF)) != PROOF.encode()
        audit.export(max_age) if whole else audit.proof()
        return audit.tell(whole, max_age)
    except (Bad, OSError, *MALFORMED) as error:
        wrong = error if isinstance(error, (Bad, OSError)) else "it is none of the files it can be"
        print(safe(f"{asked.file}: {wrong}"), file=sys.stderr)
        return 2


if __name__ == "__main__":
    for output in (sys.stdout, sys.stderr):
        output.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(main())
