"""Redaction: no name of a person is left, and no other word is taken for one."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.time.log import Log
from ledger.time.view import View
from projections.registers.redaction import Redaction
from tests.histories import Draft, history


def registered(id: str, name: str, kind: str = "person") -> Draft:
    return "party-registered", f"party-{id}", {"party": id, "kind": kind, "name": name}


def amending(type: str, key: str, event: str, **fields: Any) -> Draft:
    data = {"event": event, "because": "x", "standing": "official"} | fields
    return type, key, data


DRAFTS = (
    registered("ash-co", "Ash Company", "company"),
    registered("mia-holm", "Mia Holm"),
    registered("ben", "Ben Ash"),
    registered("tim-smith", "Tim Smith"),
    registered("ann-smith", "Ann Smith"),
    registered("odd", "=1+1"),
    registered("xu", "Xu"),
    ("party-renamed", "married", {"party": "ben", "name": "Ben Oldcastle", "standing": "official"}),
    amending("event-retracted", "not", "married"),
    amending("event-corrected", "typo", "party-xu", changes=[{"field": "name", "value": "Xu Wei"}]),
)


@pytest.fixture(scope="module")
def redaction() -> Redaction:
    events = history(DRAFTS)
    assert len(events) == len(DRAFTS)
    return Redaction(View(Log(events)))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Mia Holm joins", "person 1 joins"),
        ("Holm says, and Mia says", "person 1 says, and person 1 says"),
        ("Holms, miaholm and MiaHolm", "Holms, miaholm and MiaHolm"),
        ("key mia-holm-sits (#3)", "key person 1-sits (#3)"),
        ("Ben Ash of Ash Company", "person 2 of Ash Company"),
        ("Ben Oldcastle, or Oldcastle", "person 2, or person 2"),
        ("Tim Smith and Smith", "person 3 and a person"),
        ("given =1+1, not 1+1", "given person 5, not 1+1"),
        ("Xu, Xu Wei and Wei", "person 6, person 6 and person 6"),
        ("nobody else", "nobody else"),
        ("", ""),
    ],
)
def test_names_of_persons_are_replaced(redaction: Redaction, text: str, left: str) -> None:
    assert redaction.words(text) == left
