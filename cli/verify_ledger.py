#!/usr/bin/env python3
"""Verify an audit export of stakebook, or the proof of one event, with nothing of stakebook.

python verify_ledger.py FILE --key VKEY [--last-seen CHECKPOINT] [--witness VKEY] [--max-age 7d]
It is made from docs/formats.md, RFC 6962, RFC 8785, and C2SP signed-note, tlog-checkpoint,
tlog-cosignature and tlog-proof. Exit code 0: nothing wrong found; 1: wrong; 2: unusable input.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import sys
import time
from base64 import b64decode, b64encode
from contextlib import contextmanager
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PLAIN, TIMED = 1, 4  # types of Ed25519 signature: over the text; over a time and the text
LONGEST_LINE, LONGEST_NOTE, FOREVER, YEAR_9999 = 12 * 2**20, 2**20, 2**63, 253402300799
LEAVES, CHECKPOINT, DIGEST = ENDING = (b'{"leaves":', b'{"checkpoint":', b'{"sha256":')
PROOF, ANSWER, FORMAT = b"c2sp.org/tlog-proof@v1\n", b'"stakebook-answer-', "stakebook-audit-1"
NUMBER, WORDS, NAME = "(0|[1-9][0-9]{0,18})", "[^\0-\x1f]+", "[^\\s\0-\x1f+]"
VKEY = re.compile(f"({NAME}{{1,200}})[+]([0-9a-f]{{8}})[+]([A-Za-z0-9+/]{{44}})")
TEXT = f"(({WORDS})\n{NUMBER}\n({WORDS})\n(?:{WORDS}\n)*)"  # origin, size, root
NOTE = re.compile(f"{TEXT}\n((?:\u2014 {NAME}+ [^\\s=]{{7}}\\S+\n)+)")
MEMBERS = set("data id key ledger position recorded_at schema stream type v version".split())
ACTOR = set("approved_by by database key signature via".split())
INSTANT = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{6}Z")
SECONDS, CLOCKS = {"d": 86_400, "h": 3_600, "m": 60}, 300  # between a witness's clock and another
ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
TITLES, TOLD = ("Found", "Checked", "NOT checked", "Kept as evidence"), 20  # findings told
OPTIONS = {
    "key": "who sealed it: no --key was given (a key or its file), so no signature was read",
    "last_seen": "whether the end was cut off, or all of it rewritten by whoever holds the key",
    "max_age": "whether it is the newest state; 7d, 36h or 90m",
    "witness": "whether somebody else saw it; a witness's key, any number of times",
}


def need(condition: object, otherwise: str) -> None:
    if not condition:
        raise ValueError(otherwise)


def hashed(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def unbase64(text: str, length: int = 0) -> bytes:
    raw = b64decode(text)
    need(b64encode(raw).decode() == text and length in (0, len(raw)), "malformed base64")
    return raw


def instant(moment: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S.000000Z", time.gmtime(min(max(moment, 0), YEAR_9999)))


class Note:  # a signed note whose text is a checkpoint
    def __init__(self, raw: str) -> None:
        match: Any = NOTE.fullmatch(raw)
        need(match and len(raw) <= LONGEST_NOTE and int(match[3]) < FOREVER, "no checkpoint")
        self.raw, self.text, self.origin, self.size = raw, match[1], match[2], int(match[3])
        self.signatures = [(n, unbase64(v)) for _, n, v in map(str.split, match[5].splitlines())]
        self.root = unbase64(match[4], 32)


class Key:  # a public key, from its vkey
    def __init__(self, text: str, kind: int = PLAIN) -> None:
        match: Any = VKEY.fullmatch(text if text.isprintable() else "")
        need(match and unbase64(match[3])[0] == kind, f"{text[:200]!r} is no vkey of type {kind}")
        self.text, self.name, self.kind, public = text, match[1], kind, unbase64(match[3])[1:]
        self.ids = {n: hashed(f"{self.name}\n".encode(), bytes([n]), public)[:4] for n in (1, 4)}
        need(self.ids[kind].hex() == match[2], f"{text!r} has the id of another key")
        self.check = Ed25519PublicKey.from_public_bytes(public).verify

    def times(self, kind: int, note: Note) -> list[int]:  # when it signed; 0 where untimed
        times, own = [], (self.name, self.ids[kind])
        for value in [value[4:] for name, value in note.signatures if (name, value[:4]) == own]:
            times.append(int.from_bytes(value[:8], "big") if kind == TIMED else 0)
            need(times[-1] < FOREVER, f"{self.name} signed a time beyond all times")
            head = f"cosignature/v1\ntime {times[-1]}\n" if kind == TIMED else ""
            self.check(value[8 if head else 0 :], (head + note.text).encode())
        return times


def root_of(peaks: list[bytes]) -> bytes:  # of complete trees, largest first (RFC 6962, 2.1)
    return hashed(b"\1", peaks[0], root_of(peaks[1:])) if peaks[1:] else (peaks or [hashed()])[0]


def root_by_path(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:  # 2.1.1
    need((size > 1) == bool(path), "the audit path does not fit the index and the size")
    left = 1 << (size - 1).bit_length() >> 1
    if size > 1 and index < left:
        return hashed(b"\1", root_by_path(leaf, index, left, path[:-1]), path[-1])
    right = size > 1 and root_by_path(leaf, index - left, size - left, path[:-1])
    return hashed(b"\1", path[-1], right) if right else leaf


def integer(text: str) -> int:
    need(len(text) < 18 and abs(int(text)) < 2**53, "a number that is not below 2^53")
    return int(text)


def read_json(line: bytes) -> Any:  # from a whole line, as RFC 8785 has it written: by UTF-16
    value = json.loads(line.decode(), parse_int=integer, parse_float=integer,
        parse_constant=integer, object_pairs_hook=lambda members:
        dict(sorted(members, key=lambda member: member[0].encode("utf-16-be"))))  # fmt: skip
    need(ENCODE(value).encode() + b"\n" == line, "not a whole line of canonical JSON (RFC 8785)")
    return value


def lines(path: str, offset: int = 0) -> Any:  # without a newline where cut off
    with open(path, "rb") as stream:
        stream.seek(offset)
        yield from iter(lambda: stream.readline(LONGEST_LINE), b"")


def vkey(given: str) -> str:  # as it is given, or the first line of a file of that name
    return next(lines(given), b"").decode().strip() if os.path.isfile(given) else given


class Audit:  # of one file
    def __init__(self, asked: Any) -> None:
        self.path, self.asked, self.ledger, self.size, self.last = asked.file, asked, "", 0, ""
        self.told: dict[str, list[str]] = {title: [] for title in TITLES}
        self.found, self.checked, self.left, self.evidence = self.told.values()
        self.notes, self.newest, self.actors = (
            list[Note](),
            0,
            False,
        )  # the newest signed time of those that count
        self.past = {0: (root_of([]), "")}  # by number of events: their root, the time of the last
        self.chain = [(key, 0, FOREVER) for key in asked.key]  # keys, and the sizes each may seal

    @contextmanager
    def at(self, place: str, *notes: Note) -> Any:  # notes: evidence of what is wrong
        try:
            yield
        except Exception as error:
            self.found.append(f"{place}: {str(error) or type(error).__name__}")
            self.evidence += [note.raw for note in notes]

    def export(self) -> int:  # read what is around events, then them; compare with all signed
        header, end, tail = self.survey()
        root = b64encode(self.events(len(header), end, tail)).decode()
        with self.at("line 1"):
            told = ENCODE({"events": self.size, "format": FORMAT, "ledger": self.ledger,
                           "origin": f"stakebook/{self.ledger}", "root": root})  # fmt: skip
            need(header.decode() == f"{told}\n", f"of these events it would be {told}")
        counted = [note for note in self.notes if self.counts(note)]
        known = [self.counts(seen, *counted[-1:]) for seen in self.asked.last_seen]
        with self.at("checkpoints"):
            need(all(known) or not self.chain, "the one last seen does not count")
            need(counted or not self.chain, "none that fits is signed by the key")
            for key in self.asked.witness:
                need(any(key.times(TIMED, n) for n in counted), f"none is cosigned by {key.name}")
        sealed = f"{max((n.size for n in counted), default=0)} sealed; nobody signed for any after"
        self.checked.append(f"{self.size} events, {sealed if self.chain else 'no signature read'}")
        return self.tell()

    def survey(self) -> tuple[bytes, int, int]:  # line 1; the line and the byte where events end
        header = next(lines(self.path), b"")
        self.ledger = read_json(header)["ledger"]
        need({n.origin for n in self.asked.last_seen} <= {f"stakebook/{self.ledger}"}, "other log")
        digest, order, end, tail = hashlib.sha256(header), "", 0, len(header)
        for line, raw in enumerate(lines(self.path, tail), 2):
            kind = [begin for begin in ENDING if raw.startswith(begin)]
            if not end and not kind:
                tail += len(raw)
                continue
            end, order = end or line, order + (chr(kind[0][2]) if kind else "?")
            with self.at(f"line {line}"):
                ((_, value),) = read_json(raw).items()
                self.notes += [Note(value)] if kind == [CHECKPOINT] else []
                need(kind != [DIGEST] or unbase64(value) == digest.digest(), "another digest")
            digest.update(raw)
        with self.at("the end"):
            need(re.fullmatch("l*c*s", order), "not leaf hashes, checkpoints and one digest")
        return header, end, tail

    def events(self, start: int, end: int, tail: int) -> bytes:  # one by one, to their root
        marks = {note.size + n for note in [*self.notes, *self.asked.last_seen] for n in (0, 1)}
        rows = (raw for raw in lines(self.path, tail) if raw.startswith(LEAVES))
        listed = (text for raw in rows for text in read_json(raw)["leaves"])
        peaks: list[bytes] = []
        for line, raw in zip(range(2, end), lines(self.path, start)):
            self.size = count = self.size + 1
            peaks.append(hashed(b"\0", raw[:-1]))
            with self.at(f"line {line}"):
                self.event(raw, next(listed, "") == b64encode(peaks[-1]).decode())
            while count % 2 == 0:
                peaks[-2:], count = [hashed(b"\1", *peaks[-2:])], count // 2
            if self.size in marks:
                self.past[self.size] = root_of(peaks), self.last
        with self.at("the end"):
            need(next(listed, None) is None, "there are more leaf hashes than events")
        return root_of(peaks)

    def event(self, raw: bytes, listed: bool) -> None:  # is it the next one; new keys
        event, before, self.actors = read_json(raw), self.actors, raw.startswith(b'{"actor":{')
        who = event.pop("actor", {"by": ""})  # by whom it was recorded, since version 2
        whole = set(event) == MEMBERS and repr(event["v"]) == "12"[self.actors]
        need(whole, "this is no event of version 1 or 2")
        told = "by" in who and set(who) <= ACTOR and set(map(type, who.values())) == {str}
        need(told and before <= self.actors, "it does not say by whom it was recorded")
        position, recorded, data = event["position"], event["recorded_at"], event["data"]
        need(event["ledger"] == self.ledger, f"an event of another ledger, {event['ledger']!r}")
        need(repr(position) == str(self.size), f"#{position!r} stands where #{self.size} belongs")
        need(listed, f"event #{position} is not the one whose hash is listed")
        need(INSTANT.fullmatch(recorded), "no time of recording")
        need(recorded >= self.last, f"#{position} claims {recorded}, before the one before it")
        self.last = recorded
        if event["type"] == "signing-key-rotated" and self.chain:
            old, new = Key(data["old_key"]), Key(data["new_key"])
            need(old.name == new.name and old.text != new.text, "not two keys of one ledger")
            old.check(unbase64(data["signature"]), f"stakebook key rotation\n{new.text}\n".encode())
            if old.text == self.chain[-1][0].text:
                self.chain[-1:] = [(old, self.chain[-1][1], self.size), (new, self.size, FOREVER)]
                self.checked.append(f"#{self.size} hands over to {new.text}, signed in")

    def counts(self, note: Note, *others: Note) -> bool:  # is it of this log, signed, and right
        with self.at(f"checkpoint of {note.size} events", note, *others):
            need(note.origin == f"stakebook/{self.ledger}", f"it is of another log, {note.origin}")
            spans = [span for key, *span in self.chain if key.times(PLAIN, note)]
            times = [(t, 0) for key, *_ in self.chain for t in key.times(TIMED, note)]
            times += [(t, CLOCKS) for key in self.asked.witness for t in key.times(TIMED, note)]
            timely = any(first <= note.size <= last for first, last in spans)
            need(timely or not spans, "it is signed by a key of another time of this ledger")
            need(note.size <= self.size, f"there are {self.size} events: the end is missing")
            root, before = self.past[note.size]
            need(root == note.root, "the events up to it are not those sealed: forked or rewritten")
            after = self.past.get(note.size + 1, (b"", "later"))[1]
            for moment, wrong in times if timely or not self.chain else []:
                need(before < instant(moment + wrong + 1), f"#{note.size} claims a later {before}")
                need(wrong or after >= instant(moment), f"the next event claims an earlier {after}")
                self.newest = max(self.newest, moment)
            return timely
        return False

    def proof(self) -> int:  # a tlog-proof whose extra data are the bytes of an event
        head, _, rest = b"".join(lines(self.path)).decode().partition("\n\n")
        _, extra, number, *path = head.split("\n")
        need(re.fullmatch(f"extra index {NUMBER}", extra[:6] + number), "not a proof of an event")
        state, index, note = unbase64(extra[6:]), int(number[6:]), Note(rest)
        need({n.origin for n in self.asked.last_seen} <= {note.origin}, "other log")
        self.ledger, self.size = note.origin[len("stakebook/") :], note.size
        self.past = {note.size: (note.root, "")}
        with self.at("checkpoint", *self.asked.last_seen):
            need({key.name for key in self.asked.key} <= {note.origin}, "the key is of another log")
            need(self.counts(note) or not self.chain, "it is not signed by the key")
            for key in self.asked.witness:
                need(key.times(TIMED, note), f"it is not cosigned by {key.name}")
            forks = [n for n in self.asked.last_seen if n.size == note.size and n.root != note.root]
            need(not forks, "the one last seen has the same size and another root: it was forked")
        self.size, self.chain = index + 1, []
        with self.at(f"event #{self.size}"):
            need(index < note.size, "it is beyond the checkpoint")
            steps, leaf = [unbase64(step, 32) for step in path], hashed(b"\0", state)
            need(root_by_path(leaf, index, note.size, steps) == note.root, "it is not in its tree")
            self.event(state + b"\n", True)
            self.checked += [f"It is one of {note.size} of {note.origin}:", state.decode()]
        return self.tell("every other event, and times: an audit export tells")

    def tell(self, *left: str) -> int:  # everything, and the exit code
        with self.at("checkpoints"):
            need(self.newest <= time.time() + CLOCKS, "a signed time is yet to come")
            for oldest in [int(time.time()) - age for age in self.asked.max_age]:
                need(self.newest >= max(oldest, 1), f"none was signed after {instant(oldest)}")
        self.left += left
        self.left += [what for name, what in OPTIONS.items() if not vars(self.asked)[name]]
        self.found[TOLD:] = [f"{len(self.found) - TOLD} more"] if self.found[TOLD:] else []
        for title, group in self.told.items():
            text = "\n".join([f"\n{title}:", *group]) if group else ""
            print("".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in text))
        print("WRONG" if self.found else "nothing wrong found")
        return 1 if self.found else 0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Verify an audit export or a tlog-proof.")
    parser.add_argument("file")
    for name, what in OPTIONS.items():
        parser.add_argument(f"--{name.replace('_', '-')}", action="append", default=[], help=what)
    asked = parser.parse_args(arguments)
    try:
        asked.key = [Key(vkey(given)) for given in asked.key[-1:]]
        asked.witness = [Key(vkey(given), TIMED) for given in asked.witness]
        asked.last_seen = [Note(b"".join(lines(name)).decode()) for name in asked.last_seen[-1:]]
        need(all(re.fullmatch("[1-9][0-9]{0,4}[dhm]", n) for n in asked.max_age), "no age, as 7d")
        asked.max_age = [int(text[:-1]) * SECONDS[text[-1]] for text in asked.max_age[-1:]]
        start = b"".join(line for line, _ in zip(lines(asked.file), "12"))
        audit = Audit(asked)
        need(ANSWER not in start[:200], "an answer with its proofs; stakebook verify reads it")
        return audit.proof() if start.startswith(PROOF) else audit.export()
    except Exception as error:
        print(repr(f"{asked.file}: {error}")[1:-1], file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(main())
