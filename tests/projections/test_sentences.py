"""Events in sentences: each type reads well, with ids for programs and with names for people."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.events.envelope import Recorded
from ledger.events.registry import event_types
from ledger.events.validation import make_event
from ledger.time.log import Log
from ledger.time.view import View
from projections.names import Names
from projections.sentences import class_label, sentence
from tests.helpers import dated
from tests.ledger.events.test_registry import example_of

UUID = "0193a5c2-7e10-7c3b-9d5e-2f6a8b4c1d0e"


class Capitals(Names):
    """Names that are the ids in capitals, so that an id left as it is is seen."""

    def short(self, kind: str, id: str) -> str:
        return "Common shares" if kind == "class" else id.upper()

    def kind_of(self, id: str) -> str:
        return "party"


def told(fields: dict[str, Any], key: str = "one") -> tuple[str, str]:
    """An event with ids and with names."""
    event = make_event(fields["type"], {n: v for n, v in fields.items() if n != "type"})
    recorded = Recorded(
        1, "s", 1, UUID, key, event.type, 1, "2024-01-01T00:00:00.000000Z", event.data
    )
    view = View(Log([recorded]))
    fact = view.fact(recorded)
    assert fact is not None
    return sentence(None, fact), sentence(Capitals(view), fact)


@pytest.mark.parametrize("name", sorted(event_types()))
def test_every_type_has_a_whole_sentence_without_ids(name: str) -> None:
    example = example_of(name)
    ids, names = told({"type": name, **example})
    for text in (ids, names):
        assert text[0].isupper() or text[0] == ids[0]
        assert not set("{}[]") & set(text)
        assert "unknown" not in text
        assert "  " not in text
    for field in ("party", "company", "holder", "share_class", "trust", "issuer", "person", "deal"):
        if field in example:
            assert example[field] not in names.split()


@pytest.mark.parametrize(
    ("fields", "ids", "names"),
    [
        (
            dated("shares-transferred", share_class="acme/common", transferor="mia",
                  transferee="noa", shares="1000000", price="EUR 12345.50"),
            "mia passes 1000000 acme/common to noa at EUR 12345.50",
            "MIA passes 1,000,000 common shares of ACME to NOA at EUR 12,345.50",
        ),
        (
            dated("shares-transferred", share_class="acme/common", transferor="mia",
                  transferee="acme", shares="1000"),
            "mia passes 1000 acme/common to acme",
            "MIA passes 1,000 common shares to ACME",
        ),
        (
            dated("stake-disclosed", issuer="acme", holder="mia", shares="5000", percent="12.5",
                  percent_of="votes", qualifier="at-least"),
            "mia is disclosed to hold at least 5000 shares, at least 12.5% of the votes of acme",
            "MIA is disclosed to hold at least 5,000 shares, at least 12.5% of the votes of ACME",
        ),
        (
            dated("director-left", company="acme", nominated_by="mia"),
            "Somebody leaves the board of acme, nominated by mia",
            "Somebody leaves the board of ACME, nominated by MIA",
        ),
        (
            dated("claim-recorded", subject="acme", attribute="head-count", value="10000"),
            "acme: head-count is said to be 10000",
            "ACME: head count is said to be 10,000",
        ),
        (
            dated("claim-recorded", subject="acme", attribute="year", value="2026"),
            "acme: year is said to be 2026",
            "ACME: year is said to be 2026",
        ),
        (
            {"type": "event-corrected", "event": UUID, "because": "a misprint",
             "changes": [{"field": "shares", "value": "12000"}, {"field": "price"}]},
            f"{UUID} is corrected (shares 12000, no price): a misprint",
            "#1 is corrected (shares 12,000, no price): a misprint",
        ),
    ],
)  # fmt: skip
def test_numbers_and_names_are_for_people_alone(
    fields: dict[str, Any], ids: str, names: str
) -> None:
    assert told(fields, key=UUID) == (ids, names)


class Called(Capitals):
    """Names in which every class has one name."""

    def __init__(self, called: str) -> None:
        super().__init__(View(Log([])))
        self.called = called

    def short(self, kind: str, id: str) -> str:
        return self.called if kind == "class" else super().short(kind, id)


@pytest.mark.parametrize(
    ("called", "label"),
    [
        ("A/B Common", "A/B Common shares"),
        ("Common shares of Nissan", "common shares"),
        ("acme/b", "b shares"),
    ],
)
def test_a_class_is_named_whole_whatever_its_name_holds(called: str, label: str) -> None:
    assert class_label(Called(called), "acme/b") == label


@pytest.mark.parametrize(
    ("kind", "gained"),
    [("nominee", "fund gains a nominee's holding on 5"), ("pledge", "fund gains a pledge on 5")],
)
def test_who_holds_for_another_is_no_gain_of_a_nominee(kind: str, gained: str) -> None:
    fields = {"right": "r", "share_class": "acme/common", "holder": "ann", "to": "fund"}
    said = {"kind": kind, "shares": "5", "standing": "official", "effective_on": "2024-01-02"}
    assert told({"type": "share-right-granted", **fields, **said})[0].startswith(gained)


def test_the_hyphens_of_a_text_stay() -> None:
    reason = "no re-election under article L.233-31"
    event = {"type": "investment-released", **example_of("investment-released"), "reason": reason}
    assert told(event)[1].endswith(reason)
    ended = {"type": "instrument-ended", **example_of("instrument-ended"), "reason": "cashed-out"}
    assert "cashed out" in told(ended)[1]
