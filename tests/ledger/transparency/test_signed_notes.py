"""Keys, notes, checkpoints and cosignatures against published vectors, and malformed ones."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.events.envelope import is_canonical
from ledger.transparency.signed_notes import (
    COSIGNED,
    SIGNED,
    Checkpoint,
    Note,
    Signature,
    Verifier,
    make_name,
    read_checkpoint,
    read_note,
    read_verifier,
)
from ledger.values.refusals import Refusal, Refused
from tests.exports import signer, standalone

# The key and the note of the documentation of golang.org/x/mod/sumdb/note.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_SECRET = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
NOTE = """\
If you think cryptography is the answer to your problem,
then you don't know what your problem is.

\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb\
6KE6RyyBwJnAM=
"""
# The example of C2SP tlog-checkpoint and tlog-cosignature; its keys are not published.
SOFA = """\
example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2\
q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
\u2014 witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3\
b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""
# RFC 8032, 7.1: secret key, public key, message, signature.
ED25519 = (
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701c"
        "f9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0"
        "f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
)
# The vectors of RFC 8785's own repository, those with fractions apart: a ledger has none.
CANONICAL = (
    (
        {"d": True, "10": None, "1": []},
        '{"1":[],"10":null,"d":true}',
    ),
    (
        {"peach": "This sorting order", "p\u00e9ch\u00e9": "is wrong according to French",
         "p\u00eache": "but canonicalization MUST", "sin": "ignore locale"},
        '{"peach":"This sorting order","p\u00e9ch\u00e9":"is wrong according to French",'
        '"p\u00eache":"but canonicalization MUST","sin":"ignore locale"}',
    ),
    (
        {"1": {"f": {"f": "hi", "F": 5}, "\n": 56}, "10": {}, "": "empty", "a": {},
         "111": [{"e": "yes", "E": "no"}], "A": {}},
        '{"":"empty","1":{"\\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{"E":"no","e":"yes"}],'
        '"A":{},"a":{}}',
    ),
    ({"Unnormalized Unicode": "A\u030a"}, '{"Unnormalized Unicode":"A\u030a"}'),
    (
        {"\u20ac": "Euro Sign", "1": "One", "\u0080": "Control\u007f", "\U0001f602": "Smiley",
         "\u00f6": "Latin Small Letter O With Diaeresis",
         "\ufb33": "Hebrew Letter Dalet With Dagesh", "</script>": "Browser Challenge"},
        '{"1":"One","</script>":"Browser Challenge","\u0080":"Control\u007f",'
        '"\u00f6":"Latin Small Letter O With Diaeresis","\u20ac":"Euro Sign",'
        '"\U0001f602":"Smiley","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    ),
)  # fmt: skip
NAME = "stakebook/00000000-0000-7000-8000-000000000000"


def refusal(call: Callable[[], object]) -> Refusal:
    """Why a call is refused."""
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.refusal


def test_the_documented_note_is_by_its_documented_key() -> None:
    note, key = read_note(NOTE), read_verifier(NEUMANN)
    assert str(note) == NOTE
    assert str(key) == NEUMANN
    assert key.signed(note)
    secret = signer("PeterNeumann", b64decode(NEUMANN_SECRET)[1:])
    assert str(Note(note.text, (secret.sign(note.text),))) == NOTE, "signed again, it is the same"
    forged = replace(note, text=note.text.replace("your", "their"))
    assert refusal(lambda: key.signed(forged)) is Refusal.BAD_NOTE


def test_every_mangled_key_is_refused() -> None:
    for start in range(len(NEUMANN)):
        for stop in range(start + 1, len(NEUMANN) + 1):
            if (start, stop) != (0, len(NEUMANN)):
                assert refusal(lambda: read_verifier(NEUMANN[start:stop])) is Refusal.BAD_KEY  # noqa: B023
    for place, letter in enumerate(NEUMANN):
        other = NEUMANN[:place] + chr(ord(letter) + 1) + NEUMANN[place + 1 :]
        assert refusal(lambda: read_verifier(other)) is Refusal.BAD_KEY  # noqa: B023


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        "++",
        NEUMANN.upper(),
        NEUMANN + "\n",
        " " + NEUMANN,
        NEUMANN.replace("c74f20a3", "C74F20A3"),
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "\udcff+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "x" * 100_000,
    ],
)
def test_malformed_keys_are_refused(text: str) -> None:
    assert refusal(lambda: read_verifier(text)) is Refusal.BAD_KEY


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\nb", "x" * 201])
def test_names_that_a_note_could_not_carry_are_refused(name: str) -> None:
    assert refusal(lambda: make_name(name)) is Refusal.BAD_KEY
    assert make_name("acme.law/w1") == "acme.law/w1"


def test_the_example_of_the_checkpoint_format_is_read() -> None:
    note = read_note(SOFA)
    assert str(note) == SOFA
    checkpoint = read_checkpoint(note)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.text == note.text
    log, witness = note.signatures
    assert len(log.value) == 64
    assert int.from_bytes(witness.value[:8]) == 1679315147, "the time the specification tells"


@pytest.mark.parametrize(("secret", "public", "message", "signature"), ED25519)
def test_signatures_are_those_of_rfc_8032(
    secret: str, public: str, message: str, signature: str
) -> None:
    made = signer(NAME, bytes.fromhex(secret), SIGNED)
    assert made.verifier.public.hex() == public
    text = bytes.fromhex(message).decode()
    line = made.sign(text)
    assert line.value.hex() == signature
    assert made.verifier.signed(Note(text, (line,)))
    other = Note(text + "x", (line,))
    assert refusal(lambda: made.verifier.signed(other)) is Refusal.BAD_NOTE


def test_a_cosignature_is_over_the_words_of_its_format() -> None:
    made = signer("acme.law/w1", bytes(32), COSIGNED)
    text = Checkpoint(NAME, 3, bytes(32)).text
    line = made.sign(text, 1_700_000_000)
    message = f"cosignature/v1\ntime 1700000000\n{text}".encode()
    private = Ed25519PrivateKey.from_private_bytes(bytes(32))
    assert line.value == (1_700_000_000).to_bytes(8) + private.sign(message)
    note = Note(text, (line,))
    assert made.verifier.times(note) == [1_700_000_000]
    later = Signature(line.name, line.key_id, (1_700_000_001).to_bytes(8) + line.value[8:])
    assert refusal(lambda: made.verifier.times(Note(text, (later,)))) is Refusal.BAD_NOTE
    beyond = made.sign(text, 2**63)
    assert refusal(lambda: made.verifier.times(Note(text, (beyond,)))) is Refusal.BAD_NOTE
    short = Signature(line.name, line.key_id, b"1234567")
    assert refusal(lambda: made.verifier.times(Note(text, (short,)))) is Refusal.BAD_NOTE


def test_unknown_signatures_are_left_aside_and_forged_ones_refuse_the_whole_note() -> None:
    ours, theirs = signer(NAME, bytes(32), SIGNED), signer(NAME, b"\1" * 32, SIGNED)
    text = Checkpoint(NAME, 3, bytes(32)).text
    good, unknown = ours.sign(text), theirs.sign(text)
    assert not ours.verifier.signed(Note(text, (unknown,))), "the same name, another key"
    assert ours.verifier.signed(Note(text, (unknown, good)))
    forged = Signature(good.name, good.key_id, unknown.value)
    for lines in ((forged,), (forged, good), (good, forged)):
        note = Note(text, lines)
        assert refusal(lambda: ours.verifier.signed(note)) is Refusal.BAD_NOTE  # noqa: B023
    namesake = Signature("another/name", good.key_id, unknown.value)
    assert ours.verifier.signed(Note(text, (namesake, good))), "the same id, another name"
    timed = ours.verifier.cosigning()
    assert timed.key_id != ours.verifier.key_id, "one key, two types, two ids"
    assert not timed.signed(Note(text, (good,)))


def test_a_note_of_a_thousand_signatures_is_read() -> None:
    ours = signer(NAME, bytes(32), SIGNED)
    text = Checkpoint(NAME, 3, bytes(32)).text
    lines = [Signature(f"witness/{n}", bytes(4), bytes(64)) for n in range(1_000)]
    whole = Note(text, (*lines, ours.sign(text)))
    assert read_note(str(whole)) == whole
    assert ours.verifier.signed(read_note(str(whole)))
    assert refusal(lambda: read_note(str(whole) * 10)) is Refusal.BAD_NOTE


BODY, LINE = NOTE.split("\n\n")
MALFORMED_NOTES = {
    "empty": "",
    "no text": f"\n\n{LINE}",
    "no signature": f"{BODY}\n\n",
    "no empty line": f"{BODY}\n{LINE}",
    "an extra empty line": f"{BODY}\n\n{LINE}\n",
    "no last newline": NOTE[:-1],
    "carriage returns": NOTE.replace("\n", "\r\n"),
    "a tab": NOTE.replace("If you", "If\tyou"),
    "a hyphen for the dash": NOTE.replace("\u2014", "-"),
    "no space": NOTE.replace("\u2014 ", "\u2014"),
    "no name": NOTE.replace("PeterNeumann ", " "),
    "a name with a plus": NOTE.replace("PeterNeumann ", "Peter+Neumann "),
    "a name with a space of another kind": NOTE.replace("PeterNeumann", "Peter\u00a0Neumann"),
    "no padding": NOTE.replace("AM=", "AM"),
    "other last bits": NOTE.replace("AM=", "AN="),
    "base64 of addresses": NOTE.replace("x08go/", "x08go_"),
    "base64 with a space": NOTE.replace("x08go/", "x08g o/"),
    "a trailing space": NOTE.replace("AM=\n", "AM= \n"),
    "too short": f"{BODY}\n\n\u2014 PeterNeumann x08gow==\n",
    "garbage after it": NOTE + "garbage\n",
}


@pytest.mark.parametrize("case", MALFORMED_NOTES)
def test_malformed_notes_are_refused(case: str) -> None:
    assert refusal(lambda: read_note(MALFORMED_NOTES[case])) is Refusal.BAD_NOTE
    assert refusal(lambda: read_note(MALFORMED_NOTES[case].encode())) is Refusal.BAD_NOTE


def test_a_note_that_is_not_utf_8_is_refused() -> None:
    assert refusal(lambda: read_note(b"\xff" + NOTE.encode())) is Refusal.BAD_NOTE
    assert read_note(NOTE.encode()) == read_note(NOTE)


ROOT = b64encode(bytes(range(100, 132))).decode()
SIZES = ["", "01", "-1", "+1", " 1", "1 ", "1.0", "1e3", "2^64", str(2**64), str(2**63), "\u0661"]


@pytest.mark.parametrize("size", SIZES)
def test_malformed_sizes_are_refused(size: str) -> None:
    note = Note(f"{NAME}\n{size}\n{ROOT}\n", ())
    assert refusal(lambda: read_checkpoint(note)) is Refusal.BAD_NOTE
    assert read_checkpoint(replace(note, text=f"{NAME}\n0\n{ROOT}\n")).size == 0
    assert read_checkpoint(replace(note, text=f"{NAME}\n{2**63 - 1}\n{ROOT}\n")).size == 2**63 - 1


@pytest.mark.parametrize(
    "text",
    [
        f"{NAME}\n1\n",
        f"\n1\n{ROOT}\n",
        f"{NAME}\n1\n\n{ROOT}\n",
        f"{NAME}\n1\n{ROOT}\n\nmore\n",
        f"{NAME}\n1\n{ROOT.replace('+', '-').replace('/', '_').replace('e', '_')}\n",
        f"{NAME}\n1\n{ROOT.rstrip('=')}\n",
        f"{NAME}\n1\n{ROOT} \n",
        f"{NAME}\n1\n{b64encode(bytes(31)).decode()}\n",
        f"{NAME}\n1\n{b64encode(bytes(33)).decode()}\n",
    ],
)
def test_malformed_checkpoints_are_refused(text: str) -> None:
    assert refusal(lambda: read_checkpoint(Note(text, ()))) is Refusal.BAD_NOTE
    extended = read_checkpoint(Note(f"{NAME}\n1\n{ROOT}\nan extension\n", ()))
    assert (extended.origin, extended.size) == (NAME, 1)


@pytest.mark.parametrize(("value", "written"), CANONICAL)
def test_canonical_bytes_are_those_of_rfc_8785(value: dict[str, object], written: str) -> None:
    raw = written.encode()
    assert is_canonical(value, raw)
    assert is_canonical(dict(reversed(value.items())), raw)
    assert standalone().read_json(raw + b"\n") == value
    assert not is_canonical(value, raw.replace(b":", b": ", 1))
    backwards = json.dumps(dict(reversed(json.loads(raw).items())), ensure_ascii=False)
    for other in (raw, raw.replace(b":", b": ", 1) + b"\n", backwards.encode() + b"\n"):
        with pytest.raises(ValueError):
            standalone().read_json(other)


def test_every_key_survives_being_written_and_read() -> None:
    for seed in range(20):
        for kind in (SIGNED, COSIGNED):
            key = signer(NAME, bytes([seed]) * 32, kind).verifier
            assert read_verifier(str(key)) == key
    assert read_verifier(NEUMANN) != Verifier("PeterNeumann", COSIGNED, key.public)
