"""What is read in one pass is what the gate makes of it: lines of every type, as programs write
them and as nobody should."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from typing import Any

import pytest

from ledger.events.base import RecordKeeping
from ledger.events.envelope import canonical
from ledger.events.introspection import choices_of
from ledger.events.one_pass import MEMBERS, said_by, said_in
from ledger.events.registry import event_types
from ledger.events.validation import make_event
from ledger.intake.event_files import entry_of, parse_json
from ledger.values.refusals import Refused

KINDS = tuple(event_types())
WORLD = {"effective_on": "2023-11-08", "standing": "official"}
_COMMON = {
    "effective_on": "2023-11-08", "standing": "reported", "known_on": "2023-12",
    "citations": [{"source": "minutes", "locator": "p. 2"}, {"source": "letter"}],
    "deal": "merger", "sequence": "2", "reaffirms": "k1", "inferred_from": "two letters",
    "note": "as told: \u00e9 \u65e5\u672c", "conditional_on": [{"condition": "c1"}],
    "under": "acme", "tense": "upcoming",
}  # fmt: skip
_TOLD: dict[str, list[Any]] = {name: [value] for name, value in _COMMON.items()}
for _cls in event_types().values():
    for _name, _told in _cls.example.items():
        _TOLD.setdefault(_name, []).append(_told)
_ODD = (
    "null", "[]", "{}", "true", "1", "-0", "1.5", "1e5", "9007199254740993", "NaN", '""', '" a"',
    '"\\u0061"', '"\\ud800"', '"a\\"b"', '"\\/"', '"caf\u00e9"', '"cafe\u0301"', '"\u212b"',
    '"\u200b"', '"a\u200db"', '"\u202ea"', '"\x7f"', '"\t"', '"\u0000"', '"effective"', '"today"',
    '"unknown"', '"2023-02-30"', '"0"', '"01"', '"\u0661"', '["a"]', '["a","a"]', '[["a"]]',
    '[{"source":"s"}]', '[{"source":"s","source":"t"}]', '{"a":"b"}', '[null]', '[{}]', "[" * 40,
    '"' + "a" * 11_000 + '"', "[" + '"a",' * MEMBERS + '"a"]',
    "[" + '"a",' * (MEMBERS - 1) + '"b"]',
)  # fmt: skip
_BYTES = (b"\xff", b"\xed\xa0\x80", b"\xc0\x80", b"\xef\xbb\xbf", b"\x00", b"\x0c", b"\\", b'"')


def fields(rng: random.Random, name: str) -> dict[str, Any]:
    """The fields of an event of a type: its example, with some that others tell."""
    cls = event_types()[name]
    told = dict(cls.example)
    if not issubclass(cls, RecordKeeping):
        told = WORLD | told
    for field, info in cls.model_fields.items():
        if rng.random() < 0.08:
            pool = [*choices_of(info.annotation), *_TOLD.get(field, ())]
            told |= {field: rng.choice(pool)} if pool else {}
    return told


def line_of(rng: random.Random, name: str) -> bytes:
    """A line as some program may write it."""
    told = {"type": name, "key": f"k{rng.randrange(9)}", **fields(rng, name)}
    if rng.random() < 0.1:
        del told["key"]
    if rng.random() < 0.3:
        told = dict(rng.sample(sorted(told.items()), len(told)))
    spaces = rng.choice([(",", ":"), (",", ":"), (", ", ": "), (" ,", " : ")])
    ascii_alone = rng.random() < 0.3
    return json.dumps(told, separators=spaces, ensure_ascii=ascii_alone).encode()


def _member_again(rng: random.Random, line: bytes) -> bytes:
    name, value = rng.choice([(b"note", b'"x"'), (b"type", b'"note-added"'), (b"key", b'"b"')])
    text = line.decode("latin-1")  # a letter for each byte
    at = rng.choice([i for i, letter in enumerate(text) if letter in "{,}"] or [0])
    names = [part for part in text.split('"')[1::2] if part.isidentifier()] or ["note"]
    if rng.random() < 0.7:
        name, value = rng.choice(names).encode(), rng.choice(_ODD[:40]).encode()
    told = b'"%b":%b' % (name, value)
    if text[at] == "{":
        return line[: at + 1] + told + b"," + line[at + 1 :]
    return line[:at] + b"," + told + line[at:]


def _value(rng: random.Random, line: bytes) -> bytes:
    """A line with another value in the place of one text."""
    parts = line.split(b'"')
    at = rng.randrange(1, max(len(parts) - 1, 2), 2)
    odd = rng.choice(_ODD).encode(errors="surrogatepass")
    return b'"'.join(parts[:at])[:-1] + odd + b'"'.join(parts[at + 1 :])[1:]


def _digit(rng: random.Random, line: bytes) -> bytes:
    return re.sub(rb"\d", lambda one: rng.choice([one[0]] * 9 + [b"7", b"-"]), line)


def _letters(rng: random.Random, line: bytes) -> bytes:
    at = rng.randrange(len(line) + 1)
    cut = rng.choice([0, 0, 1, 5])
    return line[:at] + rng.choice([*_BYTES, b" ", b",", b"0", b"-", b"a"]) + line[at + cut :]


def _member(rng: random.Random, line: bytes) -> bytes:
    """A line with a member less, or one that others have."""
    try:
        told = json.loads(line)
    except ValueError:
        return line
    if not isinstance(told, dict) or not told:
        return line
    if rng.random() < 0.4:
        del told[rng.choice(sorted(told))]
    else:
        name = rng.choice([*_TOLD, "settlor", "schema", "pos", "defaults"])
        told[name] = rng.choice(_TOLD.get(name, ["x"]))
    text = json.dumps(told, separators=(",", ":"), ensure_ascii=False)
    return text.encode(errors="surrogatepass")


def _around(rng: random.Random, line: bytes) -> bytes:
    before = rng.choice([b"", b" ", b"\t", b"\xef\xbb\xbf", b"[", b"\x0b"])
    after = rng.choice([b"\r\n", b" \n", b"\x0c", b"]", b"{}", b",", b"\x00", line])
    return before + line + after


MUTATIONS: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    _member_again, _member_again, _value, _value, _digit, _digit, _letters, _member, _around,
)  # fmt: skip


def check_line(line: bytes) -> bool:
    """Whether a line is read in one pass; then what is read is what the gate makes of it."""
    read = said_in(line)
    if read is None:
        return False
    key, said = read
    slow = entry_of(parse_json(line.decode(), "a:1"), "a:1")
    assert slow.key == key
    assert (slow.event.type, slow.event.stream) == (said.type, said.stream)
    assert slow.event.schema_number == said.schema_number
    assert list(slow.event.data.items()) == list(said.data.items())
    assert slow.event.written == said.written
    return True


def check_bytes(name: str, written: bytes) -> bool:
    """Whether stored data are read in one pass; then an append would have stored these."""
    said = said_by(name, written)
    if said is None:
        return False
    told = json.loads(written)
    assert canonical(told) == written
    assert make_event(name, told).data == told == said.data
    return True


def test_a_plain_line_of_every_type_is_read_in_one_pass() -> None:
    for name, cls in event_types().items():
        told = {} if issubclass(cls, RecordKeeping) else WORLD
        line = json.dumps({"type": name, "key": "k", **told, **cls.example}, ensure_ascii=False)
        unsaid = name == "event-type-declared"  # a part of it leaves out what is stored for it
        assert check_line(line.encode()) is not unsaid, name
        assert check_bytes(name, make_event(name, {**told, **cls.example}).written), name


@pytest.mark.parametrize(
    ("seed", "many"), [(0, 8), *(pytest.param(n, 120, marks=pytest.mark.whole) for n in range(8))]
)
def test_mutated_lines_are_read_alike_or_left(seed: int, many: int) -> None:
    rng, taken, mutated = random.Random(seed), 0, 0
    for name in KINDS * many:
        line = line_of(rng, name)
        taken += check_line(line)
        for _ in range(rng.randint(1, 2)):
            line = rng.choice(MUTATIONS)(rng, line)
        mutated += check_line(line)
    assert taken > len(KINDS) * many // 3
    assert mutated > len(KINDS) * many // 25


@pytest.mark.parametrize(
    ("seed", "many"), [(0, 2), *(pytest.param(n, 100, marks=pytest.mark.whole) for n in range(4))]
)
def test_mutated_stored_data_are_read_alike_or_left(seed: int, many: int) -> None:
    rng, taken = random.Random(seed), 0
    for name in KINDS * many:
        try:
            written = make_event(name, fields(rng, name)).written
        except Refused:
            continue
        taken += check_bytes(name, written)
        check_bytes(name, rng.choice(MUTATIONS)(rng, written))
    assert taken > len(KINDS) * many // 3


def test_a_member_told_twice_is_left_to_the_gate() -> None:
    whole = b'{"type":"note-added","key":"a","subject":"acme","text":"y"}'
    assert said_in(whole)
    for twice in (b'"text":"x",', b'"type":"note-added",', b'"key":"a",', b'"subject":"acme",'):
        assert said_in(whole.replace(b'"text"', twice + b'"text"')) is None
        assert said_in(whole.replace(b"{", b"{" + twice)) is None
