"""Bad input to ``append``: broken files, values that are not what they should be, hostile text."""

from __future__ import annotations

import csv
import io
import itertools
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from ledger.events.registry import event_types
from ledger.events.validation import make_event
from ledger.intake.event_files import read_stream
from ledger.values.dates import parse_days, parse_effective, parse_instant
from ledger.values.quantities import (
    parse_count,
    parse_decimal,
    parse_money,
    parse_percent,
    parse_ratio,
    parse_shares,
)
from ledger.values.refusals import Refusal, Refused
from ledger.values.text import checked_class_id, checked_id, checked_key, checked_text
from tests.helpers import (
    accept,
    append,
    assert_printable,
    assert_refused,
    dated,
    lines,
    new_ledger,
    party,
    run,
    stored,
    tamper,
)

R = Refusal
NOTE = b'{"type":"note-added","subject":"acme","text":"'
FUZZ = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def bad(id: str, raw: bytes, refusal: R, *said: str, marks: Any = ()) -> Any:
    """A row: an id, the bytes, the refusal and what its message holds."""
    return pytest.param(raw, refusal, said, id=id, marks=marks)


WHOLE = pytest.mark.whole


# A. Syntax and encoding

FILES = [
    bad("A1-empty", b"", R.EMPTY, "standard input: "),
    bad("A1-blank-lines", b" \n\r\n\n", R.EMPTY),
    bad("A1-only-bom", b"\xef\xbb\xbf", R.EMPTY),
    bad("A1-only-comments", b"# nothing\n# here\n", R.EMPTY),
    bad("A1-only-document-mark", b"---\n", R.EMPTY),
    bad("A2-truncated-brace", b"{", R.SYNTAX, "standard input:1: ", "column 2"),
    bad("A2-truncated-key", b'{"type', R.SYNTAX, "column 2"),
    bad("A2-truncated-value", b'{"type":', R.SYNTAX, "column 9"),
    bad("A2-truncated-event", NOTE + b"abc", R.SYNTAX),
    bad("A2-truncated-literal", b'{"type":tru}', R.SYNTAX),
    bad("A2-truncated-escape", NOTE + b'\\u12"}', R.SYNTAX),
    bad("A3-two-objects-a-line", b'{"a":"1"}{"b":"2"}', R.SYNTAX, "column 10", "one JSON object"),
    bad("A3-trailing-word", NOTE + b'x"} x', R.SYNTAX),
    bad("A4-duplicate-key", b'{"type":"x","type":"y"}', R.DUPLICATE_KEY, '"type" is given twice'),
    bad("A4-duplicate-escaped", b'{"type":"x","t\\u0079pe":"y"}', R.DUPLICATE_KEY),
    bad("A4-duplicate-inner", b'{"type":"x","a":{"b":"1","b":"1"}}', R.DUPLICATE_KEY),
    bad("A4-duplicate-yaml", b"- type: x\n  type: y\n", R.DUPLICATE_KEY, "input:2: "),
    bad("A4-duplicate-yaml-quoted", b'- type: x\n  "type": y\n', R.DUPLICATE_KEY),
    bad("A5-nan", b'{"type":"x","a":NaN}', R.BAD_NUMBER, "NaN", "quotes"),
    bad("A6-infinity", b'{"type":"x","a":Infinity}', R.BAD_NUMBER, "Infinity"),
    bad("A6-minus-infinity", b'{"type":"x","a":-Infinity}', R.BAD_NUMBER, "-Infinity"),
    bad("A6-overflowing-float", b'{"type":"x","a":1e999}', R.BAD_NUMBER, "1e999"),
    bad("A7-5000-digits", b'{"type":"x","a":' + b"9" * 5000 + b"}", R.BAD_NUMBER, "2^53-1"),
    bad("A7-4299-digits", b'{"type":"x","a":-' + b"9" * 4299 + b"}", R.BAD_NUMBER, "2^53-1"),
    bad("A8-2^53", b'{"type":"x","a":9007199254740992}', R.BAD_NUMBER, "9007199254740992"),
    bad("A8-2^53+1", b'{"type":"x","a":9007199254740993}', R.BAD_NUMBER, "9007199254740993"),
    bad("A8-2^63", b'{"type":"x","a":9223372036854775808}', R.BAD_NUMBER),
    bad("A8-minus-2^63-1", b'{"type":"x","a":-9223372036854775809}', R.BAD_NUMBER),
    bad("A8-minus-2^53", b'{"type":"x","a":-9007199254740992}', R.BAD_NUMBER),
    bad("A9-100000-brackets", b"[" * 100_000, R.TOO_DEEP),
    bad("A9-100000-braces", b'{"a":' * 100_000, R.TOO_DEEP, "32 levels"),
    bad("A9-100000-inside", b'{"type":"x","a":' + b"[" * 100_000, R.TOO_DEEP),
    bad("A9-yaml-flow", b"- {a: " + b"{a: " * 10_000, R.TOO_DEEP),
    bad("A9-yaml-dashes", b"- " * 5_000, R.TOO_DEEP),
    bad("A9-yaml-questions", b"? " * 5_000, R.TOO_DEEP),
    bad("A10-33-levels", b'{"type":"x","a":' + b"[" * 32 + b"]" * 32 + b"}", R.TOO_DEEP),
    bad("A10-32-levels", b'{"type":"x","a":' + b"[" * 31 + b"]" * 31 + b"}", R.UNKNOWN_TYPE),
    bad("A10-brackets-in-text", b'{"type":"' + b"[{" * 40 + b'"}', R.UNKNOWN_TYPE),
    bad("A11-10MB-string", NOTE + b"x" * 10 * 2**20 + b'"}', R.TOO_LARGE, "10 MiB"),
    bad("A11-9MB-string", NOTE + b"x" * 9 * 2**20 + b'"}', R.BAD_TEXT, "10000 characters"),
    bad("A11-10001-characters", NOTE + b"x" * 10_001 + b'"}', R.BAD_TEXT, "10000 characters"),
    bad("A11-9MB-type", b'{"type":"' + b"x" * 9 * 2**20 + b'"}', R.UNKNOWN_TYPE, marks=WHOLE),
    bad("A11-9MB-key-name", b'{"' + b"k" * 9 * 2**20 + b'":"1"}', R.MISSING_FIELD, "type"),
    bad("A11-9MB-unknown-field", NOTE + b'x","' + b"k" * 9 * 2**20 + b'":"1"}', R.UNKNOWN_FIELD,
        marks=WHOLE),
    bad("A11-yaml-long-line", b"- type: " + b"x" * 200_000, R.TOO_LARGE, ":1: "),
    bad("A11-yaml-tag-bomb", b"\n" + b"!" * 2_000_000, R.TOO_LARGE, ":2: "),
    bad("A11-yaml-11MB", b"# line\n" * (11 * 2**20 // 7), R.TOO_LARGE, "10 MiB"),
    bad("A13-1001-keys", lines({"type": "x"} | {f"k{i}": "" for i in range(1000)}), R.TOO_LARGE),
    bad("A13-1001-values", lines({"type": "x", "a": ["v"] * 1001}), R.TOO_LARGE, "1001"),
    bad("A13-a-million-values", lines({"type": "x", "a": [1] * 1_000_000}), R.TOO_LARGE),
    bad("A13-yaml-1001-keys", b"- type: x\n" + b"".join(b"  k%d: v\n" % i for i in range(1000)),
        R.TOO_LARGE, "1001"),
    bad("A14-lone-high", NOTE + b'\\ud800"}', R.BAD_TEXT, "U+D800"),
    bad("A14-lone-low", NOTE + b'a\\udc00b"}', R.BAD_TEXT, "U+DC00"),
    bad("A14-swapped", NOTE + b'\\udc00\\ud800"}', R.BAD_TEXT, "U+DC00"),
    bad("A14-in-type", b'{"type":"\\ud800"}', R.UNKNOWN_TYPE),
    bad("A14-in-key", b'{"type":"note-added","key":"\\ud800"}', R.BAD_IDENTIFIER, "key: "),
    bad("A14-in-field-name", NOTE + b'x","\\ud800":"1"}', R.UNKNOWN_FIELD),
    bad("A14-in-id", b'{"type":"note-added","subject":"\\udfff","text":"x"}', R.BAD_IDENTIFIER),
    bad("A14-yaml", b'- {type: note-added, subject: acme, text: "\\ud800"}', R.BAD_TEXT),
    bad("A15-ff", NOTE + b'\xff"}', R.ENCODING, "input:1: ", "Byte 47 ", "0xff"),
    bad("A15-overlong", NOTE + b'\xc0\x80"}', R.ENCODING, "Byte 47 ", "0xc0"),
    bad("A15-truncated", NOTE + b'\xe2\x82"}', R.ENCODING, "0xe2"),
    bad("A15-surrogate-bytes", NOTE + b'\xed\xa0\x80"}', R.ENCODING, "0xed"),
    bad("A15-beyond-unicode", NOTE + b'\xf4\x90\x80\x80"}', R.ENCODING, "0xf4"),
    bad("A15-latin-1", "- type: société".encode("latin-1"), R.ENCODING, "0xe9"),
    bad("A15-second-line", NOTE + b'a"}\n' + NOTE + b'\xff"}', R.ENCODING, "input:2: "),
    bad("A15-ff-fe-00", b"\xff\xfe\x00", R.ENCODING, "UTF-16"),
    bad("A17-utf-16", NOTE.decode().encode("utf-16"), R.ENCODING, "UTF-16"),
    bad("A17-utf-16-be", b"\xfe\xff" + NOTE.decode().encode("utf-16-be"), R.ENCODING, "UTF-16"),
    bad("A17-utf-16-le-no-bom", NOTE.decode().encode("utf-16-le"), R.ENCODING, "UTF-16"),
    bad("A17-utf-16-be-no-bom", NOTE.decode().encode("utf-16-be"), R.ENCODING, "UTF-16"),
    bad("A17-utf-32", NOTE.decode().encode("utf-32"), R.ENCODING),
    bad("A18-lone-cr", NOTE + b'a"}\r' + NOTE + b'b"}', R.SYNTAX, "input:1: "),
    bad("A18-line-separator", NOTE + b'a"}\xe2\x80\xa8' + NOTE + b'b"}', R.SYNTAX, "input:1: "),
    bad("A18-next-line", NOTE + b'a"}\xc2\x85' + NOTE + b'b"}', R.SYNTAX, "input:1: "),
    bad("A18-no-break-space", NOTE + b'a"}\xc2\xa0\n', R.SYNTAX),
    bad("A19-nul-escaped", NOTE + b'a\\u0000b"}', R.BAD_TEXT, "U+0000"),
    bad("A19-nul-raw", NOTE + b'a\0b"}', R.SYNTAX),
    bad("A19-nul-yaml", b"- type: a\0b", R.BAD_TEXT, "input:1: ", "U+0000"),
    bad("A19-bell-yaml", b"- type: x\n- type: a\x07b", R.BAD_TEXT, "input:2: ", "U+0007"),
    bad("A19-nul-bytes", b"\0" * 100, R.BAD_TEXT, "U+0000"),
    bad("A20-array", b"[1]", R.NOT_AN_EVENT, '"1"'),
    bad("A20-string", b'"x"', R.NOT_AN_EVENT),
    bad("A20-number", b"5", R.NOT_AN_EVENT),
    bad("A20-null", b"null", R.NOT_AN_EVENT),
    bad("A20-second-line-number", NOTE + b'a"}\n5\n', R.NOT_AN_EVENT, "input:2: "),
    bad("A20-second-line-array", NOTE + b'a"}\n[]\n', R.NOT_AN_EVENT, "input:2: "),
    bad("A20-second-line-null", NOTE + b'a"}\nnull\n', R.NOT_AN_EVENT, "input:2: "),
    bad("A20-empty-object", b"{}", R.MISSING_FIELD, "type"),
    bad("A20-type-is-null", b'{"type":null}', R.MISSING_FIELD, "type"),
    bad("A20-type-is-number", b'{"type":5}', R.UNKNOWN_TYPE, "type"),
    bad("A20-type-is-object", b'{"type":{}}', R.BAD_SHAPE, "type: {} is not one text"),
    bad("A20-prose", b"Renault sold its shares.", R.NOT_AN_EVENT),
    bad("A20-yaml-word-in-list", b"- type\n", R.NOT_AN_EVENT, "input:1: "),
    bad("A20-csv", b"type,party\nparty-registered,acme\n", R.NOT_AN_EVENT),
    bad("A20-html", b"<!DOCTYPE html><html></html>", R.NOT_AN_EVENT),
    bad("A21-comment", NOTE + b'a"} // why', R.SYNTAX),
    bad("A21-block-comment", b"{/* why */}", R.SYNTAX),
    bad("A21-trailing-comma", b'{"type":"x",}', R.SYNTAX),
    bad("A21-single-quotes", b"{'type':'x'}", R.SYNTAX),
    bad("A21-bare-key", b'{type:"x"}', R.SYNTAX),
    bad("A21-pretty-printed", b'{\n  "type": "x"\n}\n', R.SYNTAX, "one JSON object a line"),
    bad("A22-gzip", b"\x1f\x8b\x08\x00", R.ENCODING, "looks like gzip"),
    bad("A22-pdf", b"%PDF-1.7\n", R.ENCODING, "looks like PDF"),
    bad("A22-png", b"\x89PNG\r\n\x1a\n", R.ENCODING, "looks like PNG"),
    bad("A22-zip", b"PK\x03\x04", R.ENCODING, "looks like zip"),
    bad("A22-sqlite", b"SQLite format 3\0", R.ENCODING, "looks like SQLite"),
    bad("yaml-anchor", b"- &a {type: x}", R.YAML_FEATURE, "input:1: "),
    bad("yaml-alias", b"- type: *x", R.YAML_FEATURE),
    bad("yaml-python-tag", b"- !!python/object/apply:os.system [id]", R.YAML_FEATURE),
    bad("yaml-str-tag", b"- type: !!str note-added", R.YAML_FEATURE),
    bad("yaml-local-tag", b"- type: !x note-added", R.YAML_FEATURE),
    bad("yaml-empty-tagged", b"!x", R.YAML_FEATURE),
    bad("yaml-billion-laughs", b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]", R.YAML_FEATURE),
    bad("yaml-merge-key", b"- <<: {type: x}", R.MISSING_FIELD, "type"),
    bad("yaml-list-as-name", b"? [a]\n: b", R.SYNTAX, "name"),
    bad("yaml-map-as-name", b"? {a: b}\n: c", R.SYNTAX, "name"),
    bad("yaml-tab", b"-\ttype: x\n\tkey: y", R.SYNTAX, "input:1: "),
    bad("yaml-unclosed-quote", b"- type: 'x", R.SYNTAX),
    bad("yaml-unclosed-flow", b"- {type: x", R.SYNTAX),
    bad("yaml-bad-indent", b"- type: x\n key: y\n", R.SYNTAX, "input:2: "),
    bad("yaml-version-9", b"%YAML 9.9\n---\n- type: x", R.SYNTAX, "input:1: "),
    bad("yaml-bad-escape", b'- type: "\\q"', R.SYNTAX),
    bad("yaml-second-document", b"- {type: note-added, subject: acme, text: a}\n---\n- type: y",
        R.UNKNOWN_TYPE, "input:3: "),
]  # fmt: skip


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("raw", "refusal", "said"), FILES)
def test_broken_file(unchanged: Path, raw: bytes, refusal: R, said: tuple[str, ...]) -> None:
    """What is not a file of events is refused with its place, and nothing is recorded."""
    assert_refused(append(unchanged, raw), refusal, "standard input", *said)


@pytest.mark.parametrize("suffix", [".yaml", ".jsonl", ".json", ".txt"])
def test_broken_file_by_name(unchanged: Path, tmp_path: Path, suffix: str) -> None:
    """A named file is named in the message, with the line."""
    path = tmp_path / f"bad{suffix}"
    path.write_bytes(b'{"type": "note-added", "subject": "acme", "text": ""}')
    outcome = run(unchanged, "append", "--file", str(path))
    assert_refused(outcome, R.BAD_TEXT, f"stakebook: {path}:1: text: ")


def _missing(_: Path) -> None:
    pass


def _folder(path: Path) -> None:
    path.mkdir()


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _loop(path: Path) -> None:
    path.symlink_to(path)


def _endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _huge(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(2**30 + 1)


def _one_line(path: Path) -> None:
    with path.open("wb") as stream:
        stream.write(b'{"type":"')
        stream.truncate(2**30)


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        pytest.param(_missing, R.UNREADABLE_FILE, id="missing"),
        pytest.param(_folder, R.EMPTY, id="A23-empty-folder"),
        pytest.param(_pipe, R.UNREADABLE_FILE, id="A23-fifo-without-writer"),
        pytest.param(_endless, R.UNREADABLE_FILE, id="A23-dev-zero"),
        pytest.param(_loop, R.UNREADABLE_FILE, id="link-to-itself"),
        pytest.param(_huge, R.TOO_LARGE, id="over-1-GiB"),
        pytest.param(_one_line, R.TOO_LARGE, id="A12-1-GiB-line"),
    ],
)
def test_not_a_readable_file(
    unchanged: Path, tmp_path: Path, make: Callable[[Path], None], refusal: R
) -> None:
    """What cannot be read as a file is refused by name, at once."""
    path = tmp_path / "events.jsonl"
    make(path)
    assert_refused(run(unchanged, "append", "--file", str(path)), refusal, str(path))


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, "\x1b[2J", "/dev/full/x", "no such"])
def test_no_such_file(unchanged: Path, name: str) -> None:
    """A name that can be no file's is refused, and printed without its controls."""
    assert_refused(run(unchanged, "append", "--file", name), R.UNREADABLE_FILE)


def test_controls_in_a_file_name_are_escaped(unchanged: Path, tmp_path: Path) -> None:
    """T3: the place in a message is as printable as the rest of it."""
    path = tmp_path / "a\x1b[2J\u202eb.jsonl"
    path.write_bytes(b"{")
    outcome = run(unchanged, "append", "--file", str(path))
    assert_refused(outcome, R.SYNTAX, "a\\x1b[2J\\u202eb.jsonl:1: ")


@pytest.mark.sampled(2)
@pytest.mark.parametrize("start", [b"", b'{"type":"', b"- type: '", b"[" * 20])
def test_endless_stream_is_refused_in_little_memory(unchanged: Path, start: bytes) -> None:
    """A line that never ends is refused after 10 MiB of it, in less than 256 MB."""
    feed = f"import sys; o = sys.stdout.buffer; o.write({start!r}); b = b'x' * 65536"
    endless = subprocess.Popen(
        [sys.executable, "-c", f"{feed}\nwhile True: o.write(b)"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    command = "from cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", command, "--ledger", str(unchanged), "append", "--file", "-"],
        stdin=endless.stdout, capture_output=True, timeout=20, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (2**28, 2**28)),
    )  # fmt: skip
    endless.kill()
    endless.communicate()
    assert done.returncode == 2, done.stderr
    assert R.TOO_LARGE.code in done.stderr.decode()


def test_bad_line_among_10000_records_nothing(unchanged: Path) -> None:
    """A24: the 9,999th of 10,000 lines is bad: it is named, and nothing is recorded."""
    good = [b'{"type":"note-added","subject":"acme","text":"n%d"}\n' % i for i in range(10_000)]
    good[9_998] = b'{"type":"note-added","subject":"acme","text":"x","txt":"x"}\n'
    outcome = append(unchanged, b"".join(good))
    assert_refused(outcome, R.UNKNOWN_FIELD, "standard input:9999: ", "Did you mean text")


def test_unknown_party_in_last_line_records_nothing(unchanged: Path) -> None:
    """A batch whose last event breaks a rule of the ledger is refused whole, its line named."""
    outcome = append(unchanged, NOTE + b'a"}\n' + NOTE.replace(b"acme", b"nobody") + b'b"}\n')
    assert_refused(outcome, R.UNKNOWN_REFERENCE, "standard input:2: subject: ")


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"\xef\xbb\xbf" + NOTE + b'bom"}', id="A16-bom-json"),
        pytest.param(b"\xef\xbb\xbf- {type: note-added, subject: acme, text: a}", id="A16-yaml"),
        pytest.param(NOTE + b'crlf"}\r\n', id="A18-crlf-json"),
        pytest.param(b"- type: note-added\r\n  subject: acme\r\n  text: a\r\n", id="A18-crlf-yaml"),
        pytest.param(NOTE + b'a"}\n\n' + NOTE + b'b"}', id="blank-line-between"),
        pytest.param(NOTE + b'x"}' + b" " * 1000, id="trailing-space"),
        pytest.param(NOTE + b'\\ud83d\\ude00"}', id="surrogate-pair"),
        pytest.param(NOTE + b"x" * 10_000 + b'"}', id="10000-characters"),
        pytest.param(b"type: note-added\nsubject: acme\ntext: one mapping\n", id="yaml-one-event"),
        pytest.param(b"- {type: note-added, subject: acme, text: yes}", id="yaml-yes-is-text"),
        pytest.param(b"- {type: note-added, subject: acme, text: 1e5}", id="yaml-float-is-text"),
        pytest.param(b"- {type: note-added, subject: acme, text: 2023-01-01}", id="yaml-date"),
    ],
)  # fmt: skip
def test_accepted_file(unchanged: Path, raw: bytes) -> None:
    """Forms that mean one thing only are read."""
    outcome = append(unchanged, raw, "--dry-run")
    assert outcome.code == 0, outcome.err


def test_yaml_keeps_text_as_written(ledger: Path) -> None:
    """No word of YAML turns into a truth value, a number or a date on its way in."""
    for word in ("no", "1e5", "0x10", "1_000", "~", "null", "2023-01-01", "12:30:00", ".nan"):
        assert (
            append(ledger, f"- {{type: note-added, subject: acme, text: {word}}}".encode()).code
            == 0
        )
        assert json.loads(stored(ledger)[-1][1])["data"]["text"] == word


# B. Values

TRANSFER = dated(
    "shares-transferred", share_class="acme/common", transferor="bolt", transferee="fund-one",
    shares="10",
)  # fmt: skip
STAKE = dated("stake-disclosed", issuer="acme", holder="bolt", percent="15", percent_of="votes")
SPLIT = dated("shares-split", share_class="acme/common", ratio="2:1")
INVEST = dated("shares-issued", share_class="acme/common", holder="bolt", shares="1")
PARTY = party("newco") | {"key": "party-newco"}
SOURCE = {
    "type": "source-registered", "source": "paper", "title": "Paper", "kind": "press",
    "publisher": "A Paper", "published_on": "2023-11-08",
}  # fmt: skip
AMEND = {
    "type": "event-corrected", "event": "opened", "because": "typing error",
    "changes": [{"field": "shares", "value": "200"}],
}  # fmt: skip
CLASS = {"type": "share-class-created", "share_class": "acme/c"}


def wrong(id: str, event: dict[str, Any], fields: dict[str, Any], refusal: R, *said: str) -> Any:
    """A row: an id, a good event, the fields that spoil it, the refusal and what it says."""
    return pytest.param({**event, **fields}, refusal, said, id=id)


N, D, ID = R.BAD_NUMBER, R.BAD_DATE, R.BAD_IDENTIFIER
VALUES = [
    wrong("B1-percent-negative", STAKE, {"percent": "-5"}, N, "percent: "),
    wrong("B1-shares-negative", TRANSFER, {"shares": "-1"}, N, "shares: "),
    wrong("B1-shares-negative-number", TRANSFER, {"shares": -1}, N, "shares: "),
    wrong("B2-percent-over-100", STAKE, {"percent": "100.0000001"}, N, "at most 100"),
    wrong("B2-percent-150", STAKE, {"percent": "150"}, N, "at most 100"),
    wrong("B2-percent-19-places", STAKE, {"percent": "1." + "1" * 19}, N),
    wrong("B2-percent-sign", STAKE, {"percent": "28.4%"}, N, "28.4"),
    wrong("B4-percent-0", STAKE, {"percent": "0"}, N, "above 0"),
    wrong("B4-percent-0.0", STAKE, {"percent": "0.0"}, N, "above 0"),
    wrong("B4-transfer-of-0", TRANSFER, {"shares": "0"}, N, "above zero"),
    wrong("B4-transfer-of-0-number", TRANSFER, {"shares": 0}, N, "above zero"),
    wrong("B7-float", STAKE, {"percent": 28.4}, N, "28.4", "quotes"),
    wrong("B7-whole-float", TRANSFER, {"shares": 5.0}, N, "5.0"),
    wrong("B8-huge-exponent", STAKE, {"percent": "1e1000000"}, N),
    wrong("B8-exponent", TRANSFER, {"shares": "1E+5"}, N),
    wrong("B9-underscore", TRANSFER, {"shares": "1_000"}, N),
    wrong("B9-spaces", TRANSFER, {"shares": " 5 "}, N),
    wrong("B9-newline", TRANSFER, {"shares": "5\n"}, N),
    wrong("B9-plus", TRANSFER, {"shares": "+5"}, N),
    wrong("B9-hex", TRANSFER, {"shares": "0x10"}, N),
    wrong("B9-dot-at-end", STAKE, {"percent": "5."}, N),
    wrong("B9-dot-at-start", STAKE, {"percent": ".5"}, N),
    wrong("B9-leading-zero", TRANSFER, {"shares": "05"}, N),
    wrong("B9-leading-zero-percent", STAKE, {"percent": "05.5"}, N),
    wrong("B9-empty", TRANSFER, {"shares": ""}, N),
    wrong("B9-word", TRANSFER, {"shares": "ten"}, N),
    wrong("B9-fraction", TRANSFER, {"shares": "1/2"}, N),
    wrong("B9-nan", STAKE, {"percent": "NaN"}, N),
    wrong("B9-infinity", STAKE, {"percent": "Infinity"}, N),
    wrong("B9-nul", TRANSFER, {"shares": "5\0"}, N),
    wrong("B10-arabic-digits", TRANSFER, {"shares": "١٢"}, N),
    wrong("B10-superscript", TRANSFER, {"shares": "²"}, N),
    wrong("B10-full-width", TRANSFER, {"shares": "１２"}, N),
    wrong("B10-full-width-percent", STAKE, {"percent": "１２"}, N),
    wrong("B11-german", STAKE, {"percent": "1.234,56"}, N),
    wrong("B11-thousands", TRANSFER, {"shares": "1,234"}, N, "plain digits"),
    wrong("B11-thin-space", TRANSFER, {"shares": "1\u202f234"}, N),
    wrong("B11-apostrophe", TRANSFER, {"shares": "1'234"}, N),
    wrong("B12-minus-zero", TRANSFER, {"shares": "-0"}, N),
    wrong("B12-minus-zero-number", TRANSFER, {"shares": -0}, N),
    wrong("B13-true", TRANSFER, {"shares": True}, R.BAD_SHAPE, "shares: "),
    wrong("B13-null", TRANSFER, {"shares": None}, R.BAD_SHAPE, "shares: "),
    wrong("B13-list", TRANSFER, {"shares": ["5"]}, R.BAD_SHAPE, "shares: "),
    wrong("B13-object", TRANSFER, {"shares": {"n": "5"}}, R.BAD_SHAPE, "shares: "),
    wrong("B13-text-for-list", dated("negotiation-opened", deal="d", about="x"),
          {"parties": "acme"}, R.BAD_SHAPE, "parties: "),
    wrong("B13-empty-list", dated("negotiation-opened", deal="d", about="x"),
          {"parties": []}, R.BAD_SHAPE, "parties: "),
    wrong("B13-text-for-part", TRANSFER, {"citations": [["paper"]]}, R.BAD_SHAPE, "citations.1"),
    wrong("B14-39-digits", TRANSFER, {"shares": "9" * 39}, N),
    wrong("B14-40-digits", TRANSFER, {"shares": "1" + "0" * 39}, N),
    wrong("B14-200-digits", TRANSFER, {"shares": "9" * 200}, N),
    wrong("B15-more-than-held", TRANSFER, {"shares": "101"}, R.SHARES_NOT_THERE,
          "On 2023-11-08 bolt holds 100 acme/common, not the 101 needed"),
    wrong("B15-before-held", TRANSFER, {"effective_on": "2019-12-31"}, R.SHARES_NOT_THERE,
          "On 2019-12-31 bolt holds 0"),
    wrong("B15-holds-none", TRANSFER, {"transferor": "fund-two"}, R.SHARES_NOT_THERE,
          "fund-two holds 0"),
    wrong("B15-unknown-holder", TRANSFER, {"transferor": "bold"}, R.UNKNOWN_REFERENCE,
          "transferor: ", '"bold"', "Did you mean bolt"),
    wrong("B15-treasury-empty", dated("shares-cancelled", share_class="acme/common"),
          {"shares": "1"}, R.SHARES_NOT_THERE, "acme (treasury) holds 0"),
    wrong("B15-38-digits-not-held", TRANSFER, {"shares": "9" * 38}, R.SHARES_NOT_THERE, "9" * 38),
    wrong("B16-to-oneself", TRANSFER, {"transferee": "bolt"}, R.SAME_HOLDER, "transferee: "),
    wrong("B16-class-into-itself", dated("shares-reclassified", share_class="acme/common"),
          {"into_class": "acme/common"}, R.FIELDS_DISAGREE, "into_class: "),
    wrong("B16-class-of-another", dated("shares-reclassified", share_class="acme/common"),
          {"into_class": "bolt/common"}, R.FIELDS_DISAGREE, "into_class: "),
    wrong("B17-29-february", TRANSFER, {"effective_on": "2023-02-29"}, D, "calendar"),
    wrong("B17-month-13", TRANSFER, {"effective_on": "2024-13-01"}, D, "effective_on: "),
    wrong("B17-month-0", TRANSFER, {"effective_on": "2024-00-10"}, D),
    wrong("B17-day-0", TRANSFER, {"effective_on": "2024-01-00"}, D),
    wrong("B17-day-31-april", TRANSFER, {"effective_on": "2024-04-31"}, D),
    wrong("B17-1900-leap", TRANSFER, {"effective_on": "1900-02-29"}, D),
    wrong("B17-quarter-5", TRANSFER, {"effective_on": "2024-Q5"}, D),
    wrong("B17-half-3", TRANSFER, {"effective_on": "2024-H3"}, D),
    wrong("B18-year-10000", TRANSFER, {"effective_on": "10000-01-01"}, D),
    wrong("B18-year-0", TRANSFER, {"effective_on": "0000-01-01"}, D),
    wrong("B18-bare-year-0", TRANSFER, {"effective_on": "0000"}, D),
    wrong("B18-before-christ", TRANSFER, {"effective_on": "-0044-03-15"}, D),
    wrong("B19-number-0", TRANSFER, {"effective_on": 0}, D),
    wrong("B19-seconds", TRANSFER, {"effective_on": 1_700_000_000}, D),
    wrong("B19-milliseconds", TRANSFER, {"effective_on": 253_402_300_800}, D),
    wrong("B20-compact", TRANSFER, {"effective_on": "20240101"}, D),
    wrong("B20-week", TRANSFER, {"effective_on": "2024-W01-1"}, D),
    wrong("B20-slashes", TRANSFER, {"effective_on": "01/02/2024"}, D, "Write 2023-11-08"),
    wrong("B20-one-digit", TRANSFER, {"effective_on": "2024-1-2"}, D),
    wrong("B20-two-digit-year", TRANSFER, {"effective_on": "24-01-02"}, D),
    wrong("B20-arabic-digits", TRANSFER, {"effective_on": "٢٠٢٤-٠١-٠٢"}, D),
    wrong("B20-lower-quarter", TRANSFER, {"effective_on": "2024-q1"}, D),
    wrong("B20-words", TRANSFER, {"effective_on": "8 November 2023"}, D),
    wrong("B20-newline", TRANSFER, {"effective_on": "2024-01-02\n"}, D),
    wrong("B20-empty", TRANSFER, {"effective_on": ""}, D),
    wrong("B20-yesterday", TRANSFER, {"effective_on": "yesterday"}, D),
    wrong("B21-naive-time", TRANSFER, {"effective_on": "2024-01-01T10:00:00"}, D),
    wrong("B21-utc-time", TRANSFER, {"effective_on": "2024-01-01T10:00:00Z"}, D),
    wrong("B21-offset-25", TRANSFER, {"effective_on": "2024-01-01T10:00:00+25:00"}, D),
    wrong("B21-leap-second", TRANSFER, {"effective_on": "2016-12-31T23:59:60Z"}, D),
    wrong("B22-known-on-unknown", TRANSFER, {"known_on": "unknown"}, D, "known_on: "),
    wrong("B22-date-missing", TRANSFER, {"effective_on": None}, R.BAD_SHAPE, "effective_on: "),
    wrong("B24-recorded-at", TRANSFER, {"recorded_at": "2024-01-01"}, R.ASSIGNED_BY_STORE),
    wrong("B24-position", TRANSFER, {"position": "7"}, R.ASSIGNED_BY_STORE, "position: "),
    wrong("B24-pos", TRANSFER, {"pos": 7}, R.ASSIGNED_BY_STORE, "pos: "),
    wrong("B24-id", TRANSFER, {"id": "x"}, R.ASSIGNED_BY_STORE, "id: "),
    wrong("B24-ledger", TRANSFER, {"ledger": "x"}, R.ASSIGNED_BY_STORE, "ledger: "),
    wrong("B26-key-reused", party("other"), {"key": "party-acme"}, R.KEY_REUSED,
          '"party-acme" is taken by #1', "party, name"),
    wrong("B27-id-empty", PARTY, {"party": ""}, ID, "party: "),
    wrong("B27-id-10kB", PARTY, {"party": "a" * 10_000}, ID, "at most 64"),
    wrong("B27-id-65", PARTY, {"party": "a" * 65}, ID),
    wrong("B27-id-slash", PARTY, {"party": "a/b"}, ID),
    wrong("B27-id-dots", PARTY, {"party": "../../etc/passwd"}, ID),
    wrong("B27-id-space", PARTY, {"party": "a b"}, ID),
    wrong("B27-id-newline", PARTY, {"party": "a\n"}, ID),
    wrong("B27-id-upper", PARTY, {"party": "Acme"}, ID, "lower-case"),
    wrong("B27-id-cyrillic", PARTY, {"party": "аcme"}, ID),
    wrong("B27-id-dotless-i", PARTY, {"party": "nıssan"}, ID),
    wrong("B27-id-hyphens", PARTY, {"party": "a--b"}, ID),
    wrong("B27-id-hyphen-first", PARTY, {"party": "-rf"}, ID),
    wrong("B27-id-percent", PARTY, {"party": "%s"}, ID),
    wrong("B27-id-braces", PARTY, {"party": "{0.__class__}"}, ID),
    wrong("B27-id-like", PARTY, {"party": "%"}, ID),
    wrong("B27-class-without-slash", CLASS, {"share_class": "acme"}, ID, "nissan/common"),
    wrong("B27-class-two-slashes", CLASS, {"share_class": "acme/a/b"}, ID),
    wrong("B27-class-empty-word", CLASS, {"share_class": "acme/"}, ID),
    wrong("B27-key-empty", PARTY, {"key": ""}, ID, "key: "),
    wrong("B27-key-space", PARTY, {"key": "a b"}, ID, "key: "),
    wrong("B27-key-long", PARTY, {"key": "k" * 129}, ID, "at most 128"),
    wrong("B27-key-number", PARTY, {"key": True}, R.BAD_SHAPE, "key: "),
    wrong("B28-currency-xxx", INVEST, {"price": "XXX 1"}, N, "price: ", "ISO 4217"),
    wrong("B28-currency-lower", INVEST, {"price": "usd 1"}, N),
    wrong("B28-currency-sign", INVEST, {"price": "€ 1"}, N),
    wrong("B28-currency-after", INVEST, {"price": "1 EUR"}, N),
    wrong("B28-no-currency", INVEST, {"price": "1"}, N),
    wrong("B28-no-amount", INVEST, {"price": "EUR"}, N),
    wrong("B28-two-spaces", INVEST, {"price": "EUR  1"}, N),
    wrong("B28-zero", INVEST, {"price": "EUR 0.00"}, N),
    wrong("B28-negative", INVEST, {"price": "EUR -1"}, N),
    wrong("B28-million-word", INVEST, {"price": "EUR 600m"}, N),
    wrong("B28-lei-digit", PARTY, {"lei": "529900T8BM49AURSDO56"}, R.BAD_CHECK_DIGIT, "lei: "),
    wrong("B28-lei-short", PARTY, {"lei": "529900T8BM49AURSDO5"}, R.BAD_CHECK_DIGIT),
    wrong("B28-lei-lower", PARTY, {"lei": "529900t8bm49aursdo55"}, R.BAD_CHECK_DIGIT),
    wrong("B28-isin-digit", CLASS, {"isin": "JP3672400004"}, R.BAD_CHECK_DIGIT, "isin: "),
    wrong("B28-isin-full-width", CLASS, {"isin": "ＪＰ3672400003"}, R.BAD_CHECK_DIGIT),
    wrong("B28-isin-swapped", CLASS, {"isin": "JP3674200003"}, R.BAD_CHECK_DIGIT),
    wrong("B28-sha256", SOURCE, {"sha256": "0" * 63}, ID, "64 hex"),
    wrong("B28-sha256-upper", SOURCE, {"sha256": "A" * 64}, ID),
    wrong("B28-sha256-newline", SOURCE, {"sha256": "a" * 64 + "\n"}, ID),
    wrong("B29-unknown-type", TRANSFER, {"type": "share-transferred"}, R.UNKNOWN_TYPE,
          "Did you mean shares-transferred"),
    wrong("B29-class-name", TRANSFER, {"type": "SharesTransferred"}, R.UNKNOWN_TYPE),
    wrong("B29-python-path", TRANSFER, {"type": "ledger.events.capital:SharesIssued"},
          R.UNKNOWN_TYPE),
    wrong("B29-unknown-field", TRANSFER, {"share": "5"}, R.UNKNOWN_FIELD, "Did you mean share"),
    wrong("B29-odd-field", TRANSFER, {"__class__": "5"}, R.UNKNOWN_FIELD, '"__class__"'),
    wrong("B29-schema-0", TRANSFER, {"schema": 0}, R.ASSIGNED_BY_STORE, "schema: "),
    wrong("B29-schema-999", TRANSFER, {"schema": 999}, R.ASSIGNED_BY_STORE),
    wrong("B29-schema-text", TRANSFER, {"schema": "1"}, R.ASSIGNED_BY_STORE),
    wrong("B29-schema-number", TRANSFER, {"schema_number": "1"}, R.UNKNOWN_FIELD),
    wrong("B29-missing-field", dated("shares-split"), {"ratio": "2:1"}, R.MISSING_FIELD,
          "share_class is missing"),
    wrong("B29-choice", PARTY, {"kind": "Company"}, R.BAD_CHOICE, "kind: ", "company"),
    wrong("B29-standing", TRANSFER, {"standing": "rumour"}, R.BAD_CHOICE, "official"),
    wrong("B29-inferred-from-nothing", TRANSFER, {"standing": "inferred"}, R.FIELDS_DISAGREE),
    wrong("B29-percent-without-base", dated("stake-disclosed", issuer="acme", holder="bolt"),
          {"percent": "5"}, R.FIELDS_DISAGREE, "percent_of: "),
    wrong("B29-stake-without-amount", dated("stake-disclosed"),
          {"issuer": "acme", "holder": "bolt"}, R.MISSING_FIELD, "shares, votes or percent"),
    wrong("B30-ratio-0-to-1", SPLIT, {"ratio": "0:1"}, N, "ratio: "),
    wrong("B30-ratio-1-to-0", SPLIT, {"ratio": "1:0"}, N),
    wrong("B30-ratio-fraction", SPLIT, {"ratio": "1:3"}, R.SPLIT_LEAVES_FRACTION,
          "99 of 100 divide"),
    wrong("B30-ratio-word", SPLIT, {"ratio": "2 for 1"}, N, "2:1"),
    wrong("B30-ratio-decimal", SPLIT, {"ratio": "1.5:1"}, N),
    wrong("B30-ratio-19-digits", SPLIT, {"ratio": "1000000000000000000:1"}, N),
    wrong("B32-missing-event", AMEND, {"event": "opend"}, R.UNKNOWN_REFERENCE,
          "Did you mean opened"),
    wrong("B32-itself", AMEND, {"event": "self", "key": "self"}, R.UNKNOWN_REFERENCE, '"self"'),
    wrong("B32-unknown-field", AMEND, {"changes": [{"field": "colour", "value": "red"}]},
          R.UNKNOWN_FIELD),
    wrong("B32-bad-value", AMEND, {"changes": [{"field": "shares", "value": "-1"}]}, N),
    wrong("B32-required-field-away", AMEND, {"changes": [{"field": "shares"}]}, R.MISSING_FIELD),
    wrong("B32-type-changed", AMEND, {"changes": [{"field": "type", "value": "x"}]},
          R.UNKNOWN_FIELD),
    wrong("B32-nothing-changed", AMEND, {"changes": []}, R.BAD_SHAPE, "changes: "),
    wrong("other-unknown-source", TRANSFER, {"citations": [{"source": "paper"}]},
          R.UNKNOWN_REFERENCE, "citations[1].source: "),
    wrong("other-registered-twice", party("acme"), {"key": "again", "name": "Acme Ltd"},
          R.ALREADY_REGISTERED, '"acme" is registered by #1'),
]  # fmt: skip


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("event", "refusal", "said"), VALUES)
def test_wrong_value(
    unchanged: Path, event: dict[str, Any], refusal: R, said: tuple[str, ...]
) -> None:
    """A value that is not what its field takes is refused at its line and field."""
    assert_refused(append(unchanged, lines(event)), refusal, "standard input:1: ", *said)


@pytest.mark.parametrize(("event", "refusal", "said"), [p for p in VALUES if "B2-" in str(p.id)])
def test_wrong_value_in_yaml(
    unchanged: Path, event: dict[str, Any], refusal: R, said: tuple[str, ...]
) -> None:
    """The same values are refused in YAML."""
    raw = "".join(f"{name}: {value}\n" for name, value in event.items()).encode()
    assert_refused(append(unchanged, raw), refusal, "standard input:1: ", *said)


def test_later_event_cannot_be_amended(unchanged: Path) -> None:
    """B32: a correction of an event that is recorded after it is refused."""
    outcome = append(unchanged, lines(AMEND | {"event": "late"}, TRANSFER | {"key": "late"}))
    assert_refused(outcome, R.BAD_AMENDMENT, "standard input:1: event: ", "later")


def test_corrections_in_a_circle_are_refused(unchanged: Path) -> None:
    """B32: two corrections of each other never come to stand."""
    first = AMEND | {"key": "one", "event": "two"}
    outcome = append(unchanged, lines(first, AMEND | {"key": "two", "event": "one"}))
    assert [line.split(":")[2] for line in outcome.err.splitlines()[:-1]] == ["1", "2"]
    assert outcome.err.count(R.BAD_AMENDMENT.code) == 2


def test_correction_of_a_correction(ledger: Path) -> None:
    """B32: a correction can be corrected, and only once retracted."""
    accept(ledger, AMEND | {"key": "first"})
    accept(ledger, AMEND | {"key": "second", "event": "first",
                            "changes": [{"field": "shares", "value": "300"}]})  # fmt: skip
    assert "300" in run(ledger, "holdings", "acme", "--format", "csv").out
    gone = {"type": "event-retracted", "event": "first", "because": "wrong"}
    accept(ledger, gone | {"key": "gone"})
    assert "100" in run(ledger, "holdings", "acme", "--format", "csv").out
    outcome = append(ledger, lines(gone | {"key": "twice"}))
    assert_refused(outcome, R.BAD_AMENDMENT, "already retracted")


ACCEPTED = [
    pytest.param(INVEST | {"shares": "9" * 38}, id="B14-38-digits"),
    pytest.param(INVEST | {"shares": 2**53 - 1}, id="A8-2^53-1"),
    pytest.param(STAKE | {"percent": "100"}, id="B2-percent-100"),
    pytest.param(STAKE | {"percent": "0.000000000000000001"}, id="B2-18-places"),
    pytest.param(STAKE | {"shares": "0"}, id="B4-disclosure-of-0"),
    pytest.param(TRANSFER | {"effective_on": "9999-12-31"}, id="B18-last-day"),
    pytest.param(INVEST | {"effective_on": "0001-01-01"}, id="B18-first-day"),
    pytest.param(INVEST | {"effective_on": "1582-10-10"}, id="B23-1582"),
    pytest.param(TRANSFER | {"effective_on": "2300-01-01"}, id="B23-future"),
    pytest.param(TRANSFER | {"effective_on": "unknown"}, id="B23-unknown"),
    pytest.param(TRANSFER | {"effective_on": "2024-02-29"}, id="B17-leap-day"),
    pytest.param(PARTY | {"lei": "529900T8BM49AURSDO55"}, id="B28-lei"),
    pytest.param(CLASS | {"isin": "JP3672400003"}, id="B28-isin"),
    pytest.param(SPLIT | {"ratio": "1:4"}, id="B30-consolidation"),
    pytest.param(party("acme", key="again", name="Acme plc"), id="B25-same-facts-again"),
    pytest.param(dated("register-opened", share_class="acme/common", holder="acme", shares="5"),
                 id="B16-treasury"),
]  # fmt: skip


@pytest.mark.parametrize("event", ACCEPTED)
def test_accepted_value(ledger: Path, event: dict[str, Any]) -> None:
    """Values at the edge of what is allowed are recorded exactly as given."""
    accept(ledger, event)
    data = json.loads(stored(ledger)[-1][1])["data"]
    assert data | {k: str(v) for k, v in event.items() if k not in ("type", "key")} == data


def test_repeat_is_answered_with_the_first(ledger: Path) -> None:
    """B25: the same key with the same content is no error, and records nothing."""
    accept(ledger, PARTY)
    before = stored(ledger)
    outcome = append(ledger, lines(PARTY))
    assert (outcome.code, outcome.err) == (0, "")
    told = f"Already recorded as #{len(before)} party-newco: "
    assert outcome.out.startswith(told)
    assert stored(ledger) == before


def test_composed_and_decomposed_name_are_one(ledger: Path) -> None:
    """C8: é in one code point or two is the same name, so the repeat is a repeat."""
    accept(ledger, PARTY | {"name": "Soci\u00e9t\u00e9"})
    outcome = append(ledger, lines(PARTY | {"name": "Socie\u0301te\u0301"}))
    assert outcome.out.startswith("Already recorded as #")


def test_sums_are_exact() -> None:
    """B5: what floats get wrong comes out right."""
    assert sum(parse_percent("14.2") for _ in range(3)) == Decimal("42.6")
    assert parse_percent("70.2") - parse_percent("28.4") == Decimal("41.8")
    assert parse_percent("43.4") - parse_percent("15") == Decimal("28.4")


def test_thirds_are_exact(ledger: Path) -> None:
    """B6: three equal holders hold a third each, rounded only where it is printed."""
    third = dated("register-opened", share_class="bolt/common", shares="1")
    accept(ledger, *(third | {"holder": holder} for holder in ("acme", "fund-one", "fund-two")))
    answer = json.loads(run(ledger, "holdings", "bolt", "--format", "json", "--digits", "18").out)
    assert [row["percent"] for row in answer["rows"]] == ["33." + "3" * 18] * 3


def test_disclosures_over_100_percent_are_noted(ledger: Path) -> None:
    """B3: stakes that add up to 100.01% are kept, and never silently."""
    stakes = {"acme": "60", "fund-one": "40.01"}
    for holder, percent in stakes.items():
        accept(ledger, STAKE | {"issuer": "bolt", "holder": holder, "percent": percent,
                                "percent_of": "issued"})  # fmt: skip
    outcome = run(ledger, "holdings", "bolt")
    assert "100.01" in outcome.out


def test_circular_holdings_are_answered(ledger: Path) -> None:
    """B16: companies may hold each other; every question about them still ends."""
    opened = dated("register-opened", share_class="bolt/common", holder="acme", shares="100")
    accept(ledger, opened)
    for command in ("holdings", "votes", "governance"):
        for issuer in ("acme", "bolt"):
            assert run(ledger, command, issuer).code == 0


def test_company_that_holds_all_of_itself(ledger: Path) -> None:
    """B16: with every share in treasury nothing is outstanding, and no division fails."""
    accept(ledger, dated("shares-repurchased", share_class="acme/common", holder="bolt",
                         shares="100"))  # fmt: skip
    for form in ("table", "json", "csv", "markdown"):
        assert run(ledger, "holdings", "acme", "--format", form).code == 0
        assert run(ledger, "votes", "acme", "--format", form).code == 0


def test_order_within_a_day_is_shown(ledger: Path) -> None:
    """B31: movements of one day may come in any order; the timeline shows it by position."""
    on = TRANSFER | {"transferor": "fund-one", "transferee": "fund-two", "key": "on"}
    accept(ledger, on, TRANSFER | {"key": "from"})
    rows = json.loads(run(ledger, "timeline", "acme/common", "--format", "json").out)["rows"]
    assert [row["event"] for row in rows if row["effective_on"] == "2023-11-08"] == ["on", "from"]


PARSERS: list[tuple[Callable[[str], object], list[str]]] = [
    (parse_count, ["", " ", "1 ", "-1", "1.0", "9" * 39, "٣", "1e3", "0x1", "00", "1\n", "\0"]),
    (parse_shares, ["0", "-0", "", "１"]),
    (parse_decimal, ["", ".", "1.", ".1", "1e5", "-1", "1,5", "1." + "0" * 19, "nan", "01.5"]),
    (parse_percent, ["0", "0.000", "100.000000000000000001", "101", "5%"]),
    (parse_money, ["", "EUR", "EUR ", " EUR 1", "EUR 1 ", "EUR 0", "EUR 1e3", "eur 1", "XAU 1"]),
    (parse_ratio, ["", "1", ":", "0:1", "1:0", "01:1", "1:1:1", "-1:1", "1 : 1", "1:1\n"]),
    (parse_days, ["", "2023-", "2023-1", "23", "2023-11-08 ", "2023-Q0", "2023-H0", "unknown"]),
    (parse_effective, ["Unknown", "unknown ", "never", "2023-11-31"]),
    (parse_instant, ["", "2026-11-22T10:00", "2026-11-22T10:00+01:00", "2026-11-22 10:00Z",
                     "2026-11-22T24:00Z", "2026-11-22T23:59:60Z", "2026-11-22T10:60Z",
                     "2026-02-30T10:00Z", "2026-11-22T10:00.5Z", "2026-11-22T10:00:00.1234567Z",
                     "2026-11-22t10:00z", "2026-11-22T1000Z", "0000-01-01T00:00Z", "2026-13-01"]),
    (checked_id, ["", "-", "a-", "-a", "a--b", "A", "a_b", "a.b", "a" * 65, "é", "a\n"]),
    (checked_class_id, ["", "/", "a/", "/a", "a/b/c", "a", "A/b", "a/b\n"]),
    (checked_key, ["", " ", "-a", ".a", "a b", "a\n", "é", "a" * 129, "a\0"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("parse", "text"), [(parse, text) for parse, texts in PARSERS for text in texts]
)
def test_parser_refuses(parse: Callable[[str], object], text: str) -> None:
    """Each parser refuses what is near to its form but not of it."""
    with pytest.raises(Refused):
        parse(text)


# C. Names and text


def name_of(id: str, name: str, *said: str) -> Any:
    """A row: an id, a name, and what the refusal says of it."""
    return pytest.param(name, said, id=id)


HOSTILE = [
    name_of("C1-clear-screen", "\x1b[2J\x1b[1;31mPAID", "U+001B"),
    name_of("C1-in-the-middle", "Acme\x1b[8mhidden", "U+001B"),
    name_of("C2-osc-52-clipboard", "\x1b]52;c;cm0gLXJm\x07", "U+001B"),
    name_of("C2-osc-8-link", "\x1b]8;;http://evil\x1b\\Acme", "U+001B"),
    name_of("C2-osc-0-title", "\x1b]0;title\x07", "U+001B"),
    name_of("C2-dcs", "\x1bP$q\x1b\\", "U+001B"),
    name_of("C3-csi-8-bit", "Acme\x9b31m", "U+009B"),
    name_of("C3-osc-8-bit", "\x9d0;x\x9c", "U+009D"),
    name_of("C3-next-line", "Acme\x85plc", "U+0085"),
    name_of("C4-carriage-return", "ACME\rEVIL", "U+000D"),
    name_of("C4-backspaces", "ACME\b\b\b\bEVIL", "U+0008"),
    name_of("C4-line-feed", "ACME\nEVIL", "U+000A"),
    name_of("C4-tab", "ACME\tEVIL", "U+0009"),
    name_of("C4-vertical-tab", "ACME\x0bEVIL", "U+000B"),
    name_of("C4-form-feed", "ACME\x0cEVIL", "U+000C"),
    name_of("C4-delete", "ACME\x7f", "U+007F"),
    name_of("C4-line-separator", "ACME\u2028EVIL", "U+2028"),
    name_of("C4-paragraph-separator", "ACME\u2029EVIL", "U+2029"),
    name_of("C5-override", "evil\u202egpj.txt", "U+202E"),
    name_of("C5-embedding", "\u202aAcme", "U+202A"),
    name_of("C5-isolate-unmatched", "\u2066Acme", "U+2066"),
    name_of("C5-pop", "Acme\u2069", "U+2069"),
    name_of("C5-left-to-right-mark", "Acme\u200e", "U+200E"),
    name_of("C5-arabic-letter-mark", "\u061cAcme", "U+061C"),
    name_of("C6-zero-width-space", "Ac\u200bme", "U+200B"),
    name_of("C6-only-zero-width", "\u200b", "U+200B"),
    name_of("C6-joiner-at-end", "Acme\u200d", "U+200D"),
    name_of("C6-joiner-at-start", "\u200cAcme", "U+200C"),
    name_of("C6-joiner-by-space", "Acme \u200dplc", "U+200D"),
    name_of("C6-two-joiners", "Ac\u200d\u200dme", "U+200D"),
    name_of("C6-joiner-by-hyphen", "A-\u200dB", "U+200D"),
    name_of("C6-word-joiner", "Ac\u2060me", "U+2060"),
    name_of("C6-soft-hyphen", "Ac\u00adme", "U+00AD"),
    name_of("C6-hangul-filler", "\u3164", "U+3164"),
    name_of("C6-half-width-filler", "Acme\uffa0", "U+FFA0"),
    name_of("C6-choseong-filler", "\u115fAcme", "U+115F"),
    name_of("C6-bom-inside", "Ac\ufeffme", "U+FEFF"),
    name_of("C6-grapheme-joiner", "Ac\u034fme", "U+034F"),
    name_of("C6-khmer-inherent", "Ac\u17b4me", "U+17B4"),
    name_of("C6-braille-blank", "\u2800", "U+2800"),
    name_of("C6-tag-characters", "Acme\U000e0041", "U+E0041"),
    name_of("C6-annotation", "\ufff9Acme", "U+FFF9"),
    name_of("C6-variation-selector-alone", "\ufe0f", "nothing a reader can see"),
    name_of("C10-300-marks", "A" + "\u0315\u0321\u0334" * 99, "marks"),
    name_of("C10-enclosing-marks", "A" + "\u20dd" * 200, "marks"),
    name_of("C10-marks-before", "\u0335" * 20 + "A", "marks"),
    name_of("C10-10000-characters", "A" * 10_000, "300 characters"),
    name_of("C10-301-characters", "A" * 301, "300 characters"),
    name_of("C10-301-emoji", "\U0001f600" * 301, "300 characters"),
    name_of("C12-empty", "", "empty"),
    name_of("C12-spaces", "   ", "space"),
    name_of("C12-no-break-spaces", "\u00a0\u00a0", "space"),
    name_of("C12-leading", " Acme", "space"),
    name_of("C12-trailing", "Acme ", "space"),
    name_of("C12-trailing-no-break", "Acme\u00a0", "space"),
    name_of("C12-ideographic-space", "\u3000Acme", "space"),
    name_of("C12-marks-only", "\u0301", "nothing a reader can see"),
    name_of("C13-unassigned", "Acme\u0378", "U+0378"),
    name_of("C13-private-use", "Acme\ue000", "U+E000"),
    name_of("C13-private-plane", "\U000f0000", "U+F0000"),
    name_of("C13-noncharacter", "Acme\uffff", "U+FFFF"),
    name_of("C13-noncharacter-fdd0", "\ufdd0", "U+FDD0"),
    name_of("C13-last-noncharacter", "\U0010ffff", "U+10FFFF"),
    name_of("A19-nul", "a\0b", "U+0000"),
]


@pytest.mark.parametrize(("name", "said"), HOSTILE)
def test_hostile_name(unchanged: Path, name: str, said: tuple[str, ...]) -> None:
    """A name that would steer a terminal or deceive a reader is refused, and shown escaped."""
    outcome = append(unchanged, lines(PARTY | {"name": name}))
    assert_refused(outcome, R.BAD_TEXT, "standard input:1: name: ", *said)


@pytest.mark.parametrize(("name", "said"), [p for p in HOSTILE if p.values[0]])
def test_hostile_name_by_option(unchanged: Path, name: str, said: tuple[str, ...]) -> None:
    """The same name given as an option is refused at the option."""
    words = ("append", "party-registered", "--party", "newco", "--kind", "company")
    assert_refused(run(unchanged, *words, "--name", name), R.BAD_TEXT, "name: ", *said)


ODD = [
    "日産自動車株式会社", "三菱自動車", "르노코리아", "雷诺集团", "شركة رينو", "חברת רנו",
    "बजाज ऑटो", "บริษัท นิสสัน", "Société Générale", "İstanbul", "ılık", "Straße AG", "ǅ Corp",
    "🚗 Motors", "👨‍👩‍👧 Family Office", "❤️ Holding", "🇫🇷 State", "نام‌خانوادگی", "क्‍ष",
    "Robert'); DROP TABLE events;--", "1; DROP TABLE stored_events", "' OR '1'='1", '" OR ""="',
    "{{7*7}}", "${jndi:ldap://x}", "%s%n%x", "{0.__class__}", "{name}", "$(rm -rf /)", "`id`",
    "<script>alert(1)</script>", "</td><img src=x onerror=alert(1)>", "&lt;b&gt;",
    "[x](javascript:1)", "**bold** _it_ `code` | pipe", "\\", "\\x1b[2J", "=1+1",
    "=cmd|'/C calc'!A0", "+1", "-1+2", "@SUM(A1)", "＝1+1", "'=1+1", "\"=1+1", "-rf", "--help",
    "--", "-", "null", "None", "undefined", "true", "NaN", "0", "1e5", "2023-01-01", "#12", "..",
    "../../etc/passwd", "C:\\CON", "a,b", 'a"b', "a;b", "A\u00a0B", "[bold red]x[/]", ":smile:",
    "http://evil.example", "mailto:x@y", "*", "%", "_", "(a+)+$", "(.*)*!", "Ω≈ç√∫˜µ≤≥÷",
    "¡™£¢∞§¶•ªº–≠", "ЁЂЃЄЅІЇЈЉЊ", "⁰⁴⁵₀₁₂", "ＡＣＭＥ", "𝕬𝖈𝖒𝖊", "ﷺ", "\ufffd", "A" * 300,
]  # fmt: skip


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger in which every odd name is a party's name, a claimed value and a class's name."""
    each = (
        (
            party(f"odd-{number}", name=name),
            dated("claim-recorded", subject=f"odd-{number}", attribute="motto", value=name),
            dated("officer-appointed", company="acme", person=f"odd-{number}", role=name),
        )
        for number, name in enumerate(ODD)
    )
    return new_ledger(tmp_path_factory.mktemp("named"), *itertools.chain.from_iterable(each))


def test_odd_names_are_stored_literally(named: Path) -> None:
    """C11, C14, C15: what is only odd is recorded to the letter (in NFC)."""
    datas = [json.loads(state)["data"] for _, state in stored(named)]
    assert [d["value"] for d in datas if "value" in d] == ODD
    assert [d["name"] for d in datas if d.get("party", "").startswith("odd-")] == ODD


@pytest.mark.parametrize("form", ["table", "json", "csv", "markdown"])
@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("timeline",), id="timeline"),
        pytest.param(("governance", "acme"), id="governance"),
        pytest.param(("timeline", "odd-7"), id="timeline-of-one"),
    ],
)
def test_odd_names_print_safely(named: Path, words: tuple[str, ...], form: str) -> None:
    """Whatever the name, no answer holds a control byte, in any format, at any width."""
    for width in ("20", "80", "300"):
        outcome = run(named, *words, "--format", form, COLUMNS=width)
        assert outcome.code == 0
        assert_printable(outcome.out.replace("\r\n", "\n") + outcome.err)


def test_odd_names_are_whole_in_json(named: Path) -> None:
    """JSON holds each name to the letter."""
    rows = json.loads(run(named, "governance", "acme", "--format", "json").out)["rows"]
    assert {row["role"] for row in rows} == set(ODD)


def test_odd_names_in_csv_are_no_formulas(named: Path) -> None:
    """T5: no cell of a CSV begins as a formula does, after spaces and quotes; others are whole."""
    out = run(named, "governance", "acme", "--format", "csv").out
    rows = list(csv.DictReader(io.StringIO(out, newline="")))
    assert len(rows) == len(ODD)
    for cell in itertools.chain.from_iterable(row.values() for row in rows):
        assert not cell.lstrip(' "').startswith(("=", "+", "-", "@", "\t", "\r", "＝"))
    roles = {row["role"].strip("\u2068\u2069") for row in rows}
    assert {"Straße AG", "a,b", 'a"b', "'=1+1", "'-rf", "日産自動車株式会社"} <= roles


def test_odd_names_in_markdown_are_no_markup(named: Path) -> None:
    """No name opens a tag, a link or a cell in Markdown."""
    out = run(named, "governance", "acme", "--format", "markdown").out
    assert "<" not in out
    table = [line for line in out.splitlines() if line.startswith("| ")]
    assert len(table) == len(ODD) + 2
    for line in table:
        assert line.replace("\\|", "").count("|") == table[0].count("|")
        assert "](" not in line.replace("\\]", "")


def test_right_to_left_names_are_isolated(named: Path) -> None:
    """T4: a right-to-left name is printed between isolates, so that it moves nothing beside it."""
    out = run(named, "governance", "acme").out
    assert "\u2068شركة رينو\u2069" in out


def test_wide_names_keep_columns_aligned(named: Path) -> None:
    """C11: columns stay aligned beside names that take two cells a letter."""
    from rich.cells import cell_len

    out = run(named, "governance", "acme", COLUMNS="400").out
    rows = [line for line in out.splitlines() if "odd-" in line]
    starts = {cell_len(line[: line.index("odd-")]) for line in rows}
    assert len(starts) == 1


def test_mixed_alphabets_are_warned_of(ledger: Path) -> None:
    """C7: a name that mixes Cyrillic and Latin letters is kept with a warning naming both."""
    outcome = accept(ledger, PARTY | {"name": "\u0410CME"})
    assert "! W14: standard input:1: name: " in outcome.err
    assert "U+0410" in outcome.err
    assert "U+0043" in outcome.err


def test_look_alike_of_a_known_party_is_warned_of(ledger: Path) -> None:
    """T4: a name that looks like another is kept, with a warning that says what it reads as."""
    accept(ledger, PARTY | {"name": "ACME"})
    outcome = accept(ledger, party("twin", name="\u0410\u0421\u041c\u0415"))
    assert 'reads as "ACME"' in outcome.err


@pytest.mark.parametrize("name", ["-rf", "--help", "--", "-", "--name"])
def test_name_that_looks_like_an_option(ledger: Path, name: str) -> None:
    """C16: a name may look like an option."""
    words = ("append", "party-registered", "--party", "newco", "--kind", "company")
    assert run(ledger, *words, f"--name={name}").code == 0
    assert json.loads(stored(ledger)[-1][1])["data"]["name"] == name


# Random input


@FUZZ
@given(raw=st.binary(max_size=300))
def test_random_bytes(raw: bytes) -> None:
    """Whatever the bytes, reading them ends in events or in a refusal."""
    with_suffix(raw, "")
    with_suffix(raw, ".yaml")
    with_suffix(raw, ".jsonl")


def with_suffix(raw: bytes, suffix: str) -> None:
    """Read bytes as a file of a kind; nothing but Refused may come of it."""
    try:
        list(read_stream(io.BytesIO(raw), "file", suffix))
    except Refused as caught:
        refused = caught
    else:
        return
    assert refused.place.startswith("file")
    assert_printable(str(refused))


VALID = [
    lines(TRANSFER, STAKE, SPLIT, SOURCE, AMEND),
    b"- type: party-registered\n  party: newco\n  kind: company\n  name: 'New & Co'\n"
    b"- type: stake-disclosed\n  citations:\n    - {source: x, locator: 'p. 3'}\n  percent: 5\n",
]


@FUZZ
@given(data=st.data())
def test_mutated_files(shared: Path, data: st.DataObject) -> None:
    """A valid file with bytes changed, cut or doubled is read or refused, and never breaks."""
    raw = bytearray(data.draw(st.sampled_from(VALID)))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(raw)))
        length = data.draw(st.integers(0, 8))
        raw[place : place + length] = data.draw(
            st.binary(max_size=6) | st.sampled_from([b"\n", b'"', b"{", b"[", b"- ", b": ", b"&a "])
        )
    with_suffix(bytes(raw), "")
    before = stored(shared)
    outcome = append(shared, bytes(raw), "--dry-run")
    assert outcome.code in (0, 2), outcome
    assert_printable(outcome.err)
    assert stored(shared) == before


LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["acme", "acme/common", "2023", "5", "official", "unknown", "EUR 5", "2:1"])
)  # fmt: skip
ANYTHING = st.recursive(
    LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=6
)


@FUZZ
@given(data=st.data())
def test_random_values(data: st.DataObject) -> None:
    """Whatever the fields hold, an event is made of them or they are refused."""
    cls = data.draw(st.sampled_from(list(event_types().values())))
    fields = dict(cls.example) | {"effective_on": "2023", "standing": "official"}
    names = st.sampled_from([*cls.model_fields, "other", ""])
    fields |= data.draw(st.dictionaries(names, ANYTHING, min_size=1, max_size=3))
    try:
        event = make_event(cls.type, fields)
    except Refused as refused:
        assert_printable(str(refused))
    else:
        assert make_event(cls.type, event.data) == event


@FUZZ
@given(name=st.text(max_size=40))
def test_random_text(name: str) -> None:
    """Text that is taken is taken again unchanged, and prints without controls."""
    try:
        taken = checked_text(name)
    except Refused as refused:
        assert_printable(str(refused))
    else:
        assert checked_text(taken) == taken
        assert_printable(taken)


@FUZZ
@given(event=st.dictionaries(st.text(max_size=8) | st.just("type"), ANYTHING, max_size=4))
def test_random_events(shared: Path, event: dict[str, Any]) -> None:
    """Random JSON objects are refused by the command line and never recorded."""
    before = stored(shared)
    outcome = append(shared, lines(event))
    assert outcome.code == 2, outcome
    assert_printable(outcome.err)
    assert stored(shared) == before


def test_hostile_text_already_stored_is_escaped(ledger: Path) -> None:
    """Should a control ever be in the file, by another hand, no answer lets it out."""
    hostile = "Acme \\u001b[2J\\u009b1m\\u202e\\u0007\\rx"
    assert run(ledger, "timeline").code == 0
    views = ledger.with_name("deal.views.db")  # the ledger itself would be found out
    tamper(views, "UPDATE events SET data = replace(data, 'Acme plc', ?)", hostile)
    for form in ("table", "csv", "markdown"):
        for words in (("timeline",), ("show", "#1")):
            outcome = run(ledger, *words, "--format", form)
            assert outcome.code == 0
            assert_printable(outcome.out.replace("\r\n", "\n") + outcome.err)


@pytest.mark.parametrize(
    ("name", "text", "lines"),
    [
        (
            "events.jsonl",
            '{"type":"party-registered","party":"acme","kind":"company","name":"Acme"}\n'
            '{"type":"party-registered","party":"A","kind":"company","name":"A"}\n'
            "nonsense\n\n"
            '{"type":"party-registered","party":"b","kind":"company"}\n',
            (1, 2, 3, 5),
        ),
        (
            "events.yaml",
            "- {type: party-registered, party: acme, kind: company, name: Acme}\n"
            "- {type: party-registered, party: A, kind: company, name: A}\n"
            "- {type: nothing}\n",
            (1, 2, 3),
        ),
        ("events.yaml", "- {type: nothing, key: ' '}\n- {type: nobody}\n", (1, 2)),
    ],
)
def test_all_that_is_wrong_is_named(
    tmp_path: Path, name: str, text: str, lines: tuple[int, ...]
) -> None:
    ledger, file = new_ledger(tmp_path), tmp_path / name
    file.write_text(text, encoding="utf-8")
    before = stored(ledger)
    outcome = run(ledger, "append", "--file", str(file))
    *each, last = outcome.err.splitlines()
    assert [line.split(": ")[1] for line in each] == [f"{file}:{line}" for line in lines]
    assert last == f"stakebook: {len(lines)} errors. Nothing is recorded."
    assert (outcome.code, stored(ledger)) == (2, before)


def test_of_very_many_events_that_are_wrong_a_thousand_are_named(tmp_path: Path) -> None:
    ledger, file = new_ledger(tmp_path), tmp_path / "events.yaml"
    file.write_text("- {}\n" * 1_200, encoding="utf-8")
    outcome = run(ledger, "append", "--file", str(file))
    *each, last = outcome.err.splitlines()
    assert (outcome.code, len(each)) == (2, 1_000)
    assert last == "stakebook: 1000 errors, and no more are looked for. Nothing is recorded."


@pytest.mark.parametrize(
    ("text", "line", "wrong"),
    [
        ("- {}\n", 1, "type is missing."),
        ("- a:\n", 1, "type is missing."),
        ("- &a b\n", 1, "Anchors, aliases and tags are not read."),
        ("--- {}\n", 1, "type is missing."),
        ("---\n", 10_002, "The event lists too much."),
        ("- - a\n", 1, "is not an event."),
        ("# a\n", 0, "There is no event in it."),
    ],
)
def test_yaml_is_read_no_further_than_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, text: str, line: int, wrong: str
) -> None:
    """However long a file is, of what follows its first wrong event nothing is parsed."""
    parsed = count_parsed(monkeypatch)
    monkeypatch.setattr("ledger.intake.yaml.VALUES", 10_000)
    with pytest.raises(Refused, match=wrong) as caught:
        list(read_stream(io.BytesIO(text.encode() * 15_000), "events", ".yaml"))
    assert caught.value.place.split(":")[1:2] == ([str(line)] if line else [])
    assert len(parsed) <= 3 * line + 10


@pytest.mark.parametrize(
    "text",
    [
        "- [" + "a,\n" * 15_000 + "]\n",
        "- {" + "".join(f"k{n}: v,\n" for n in range(7_500)) + "}\n",
        "- a: b\n" + "".join(f"  k{n}: v\n" for n in range(7_500)),
        "".join(f"k{n}:\n  a: b\n" for n in range(5_000)),
        "- [" + "[],\n" * 15_000 + "]\n",
    ],
)
def test_one_event_of_yaml_that_lists_too_much_is_not_read_whole(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    parsed = count_parsed(monkeypatch)
    monkeypatch.setattr("ledger.intake.yaml.VALUES", 10_000)
    with pytest.raises(Refused, match="The event lists too much"):
        list(read_stream(io.BytesIO(text.encode()), "events", ".yaml"))
    assert len(parsed) <= 21_000


def count_parsed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The events that the YAML parser gives from now on."""
    parsed, parse = list[Any](), YAML.parse

    def counted(self: YAML, stream: Any) -> Iterator[Any]:
        for event in parse(self, stream):
            parsed.append(event)
            yield event

    monkeypatch.setattr(YAML, "parse", counted)
    return parsed


def test_all_that_is_wrong_is_nothing_in_good_files(tmp_path: Path) -> None:
    ledger, file = new_ledger(tmp_path), tmp_path / "events.jsonl"
    file.write_text(json.dumps(party("gamma")), encoding="utf-8")
    outcome = run(ledger, "append", "--file", str(file))
    assert (outcome.code, outcome.err) == (0, "")
    assert b'"party":"gamma"' in stored(ledger)[-1][1]


@pytest.mark.parametrize(
    "option", [("--dry-run",), ("--again",), ("--json",), ("--impact",), ("--thresholds", "5")]
)
def test_an_option_that_would_not_be_heeded_is_refused(
    tmp_path: Path, option: tuple[str, ...]
) -> None:
    """Written before the TYPE it is the group's; a dry run must never record."""
    ledger = new_ledger(tmp_path)
    before = stored(ledger)
    words = ("party-registered", "--party", "zeta", "--kind", "company", "--name", "Zeta")
    outcome = run(ledger, "append", *option, *words)
    assert outcome.code == 2
    assert f"Write {option[0]} after party-registered" in outcome.err
    assert stored(ledger) == before


@pytest.mark.parametrize(
    ("type_name", "fields"),
    [
        ("offer-amended", {"offer": "bid", "price": None}),
        ("share-class-amended", {"share_class": "acme/common", "name": None, "consents": []}),
        ("party-details-changed", {"party": "acme", "address": None, "aliases": []}),
    ],
)
def test_what_is_given_as_nothing_changes_nothing(type_name: str, fields: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="changes"):
        make_event(type_name, {"effective_on": "2024", "standing": "official"} | fields)
