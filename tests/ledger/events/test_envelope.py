"""Canonical bytes: what is written for an event is what RFC 8785 asks, to the byte."""

from __future__ import annotations

import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from ledger.events.actor import FIELDS
from ledger.events.envelope import (
    Recorded,
    canonical,
    content_digest,
    digest_in,
    head_of_data,
    is_canonical,
    read_state,
)

NAMES = st.text("abcdefghijklmnopqrstuvwxyz_0123456789", min_size=1, max_size=12)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    TEXTS | st.integers(-(2**53) + 1, 2**53 - 1) | st.booleans() | st.none(),
    lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner),
    max_leaves=12,
)


@given(st.dictionaries(NAMES, VALUES))
def test_objects_with_names_of_fields_are_written_as_the_rfc_asks(value: dict[str, object]) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]
    assert is_canonical(value, canonical(value))
    spaced = json.dumps(value).encode()
    assert is_canonical(value, spaced) == (spaced == canonical(value))


def test_the_plain_writer_would_be_wrong_for_other_names() -> None:
    """Beyond the ASCII the two orders differ: such names are left to the library."""
    value = {"\U0001f600": 1, "\ufb01": 2}
    assert canonical(value) != rfc8785.dumps(value)
    assert is_canonical(value, rfc8785.dumps(value))
    assert not is_canonical(value, canonical(value))


def test_text_that_is_not_unicode_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        canonical({"text": "\ud800"})


ACTORS = st.dictionaries(st.sampled_from(sorted(FIELDS)), TEXTS, min_size=1)


@given(st.dictionaries(NAMES, TEXTS), TEXTS.filter(bool), st.none() | ACTORS)
def test_the_bytes_of_an_event_are_those_of_its_whole_envelope(
    data: dict[str, str], key: str, actor: dict[str, str] | None
) -> None:
    told = (7, "party:acme", 2, "id", key, "note-added", 1, "2026-01-01T00:00:00.000000Z", data)
    event = Recorded(*told, actor=actor)  # type: ignore[arg-type]
    state, content = event.written("the-ledger")
    assert state == rfc8785.dumps(json.loads(state))
    assert read_state(state) == event
    assert event.state("the-ledger") == state
    assert content == content_digest(event.type, data) == digest_in(state, event.type)
    assert head_of_data(state)[0] == (canonical(actor) if actor else b"")
    assert json.loads(state)["v"] == (2 if actor else 1)
    assert content != content_digest("other-type", data)
