"""Every code of the public lists is said by types, fields and values that exist, and told."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from pydantic.fields import FieldInfo

from docs.generate import coverage_page
from ledger.events.base import RecordKeeping
from ledger.events.introspection import choices_of, kind_of, part_of
from ledger.events.registry import event_class, event_types
from ledger.events.validation import make_event
from ledger.vocabulary.coverage import LISTS, action_codes, codes_of, entries, types_of
from ledger.vocabulary.entries import GIVEN, NOT_GIVEN, TESTS, Entry, Listing, Said
from ledger.vocabulary.iso20022 import CAEV
from tests.scenarios import read_story, stories, types_told

SIZES = {
    "iso20022": 69, "iso20022-older": 3, "iso15022-function": 6, "ocf": 45, "ocf-changes": 2,
    "jocf": 20, "bods": 23, "bcgov": 34, "uk-sh": 19, "cdm": 20,
}  # fmt: skip


def steps() -> Iterator[tuple[str, Said]]:
    for listing, entry in entries():
        for way in entry.said:
            yield from ((f"{listing.name} {entry.code}", step) for step in way)


def field_of(step: Said, path: str) -> FieldInfo | None:
    cls: Any = event_class(step.type)
    *outer, name = path.split(".")
    for part in outer:
        cls = part_of(cls.model_fields[part].annotation)
    found: FieldInfo | None = cls.model_fields.get(name)
    return found


def test_every_list_is_whole_and_has_no_code_twice() -> None:
    assert {listing.name: len(listing.entries) for listing in LISTS} == SIZES
    for listing in LISTS:
        assert len({entry.code for entry in listing.entries}) == len(listing.entries)
        assert all(entry.name and (entry.ways or entry.why) for entry in listing.entries)


def test_each_named_type_field_and_value_exists() -> None:
    for code, step in steps():
        assert step.type in event_types(), f"{code} names {step.type}"
        for name, wanted in step.fields.items():
            info = field_of(step, name)
            assert info is not None, f"{code} names {name} of {step.type}"
            if wanted in (*TESTS, GIVEN):
                continue
            values = {value for value in wanted.split("|") if value != NOT_GIVEN}
            kind = kind_of(info)
            taken = {*choices_of(info.annotation), *(kind.words if kind else ())}
            assert values <= taken, f"{code}: {name} {values}"


def test_each_named_type_has_a_story_that_records_it() -> None:
    told = set().union(*(types_told(read_story(path)) for path in stories()))
    named = {step.type for _, step in steps()}
    assert named <= told, "tell a scenario with it"


def test_the_page_counts_what_the_table_holds() -> None:
    head, *sections = coverage_page().split("\n## ")
    assert len(sections) == len(LISTS)
    for listing, section in zip(LISTS, sections, strict=True):
        counts = [listing.count(outcome) for outcome in ("said", "declared", "out")]
        (row,) = [line for line in head.splitlines() if line.startswith(f"| [{listing.title}]")]
        assert row.endswith(f" | {' | '.join(map(str, (len(listing.entries), *counts)))} |")
        assert section.startswith(listing.title)
        assert section.count("\n| `") == len(listing.entries) == sum(counts)


def test_no_event_has_two_codes() -> None:
    """Whatever values the fields have that decide, at most one code fits."""
    deciding: dict[str, list[tuple[Entry, Said]]] = {}
    for entry in CAEV.entries:
        for step in (step for way in entry.said for step in way if step.decides):
            deciding.setdefault(step.type, []).append((entry, step))
    for type_name, found in deciding.items():
        names = sorted({name for _, step in found for name in step.fields})
        values = [_values(type_name, name) for name in names]
        for chosen in product(*values):
            data = {n: v for n, v in zip(names, chosen, strict=True) if v is not None}
            fits = {
                entry.code for entry, step in found if step.fits({"share_class": "a/x", **data})
            }
            assert len(fits) <= 1, (type_name, data, fits)


def _values(type_name: str, name: str) -> list[Any]:
    choices = choices_of(event_class(type_name).model_fields[name].annotation)
    others = ["2:1", "1:2", "1:1"] if name == "ratio" else ["a/y", "b/y", "general meeting"]
    return [None, *(choices or others)]


@pytest.mark.parametrize(
    ("type_name", "data", "codes"),
    [
        ("shares-split", {"ratio": "2:1"}, ("SPLF", "MAND")),
        ("shares-split", {"ratio": "2:3"}, ("SPLR", "MAND")),
        ("shares-split", {"ratio": "1:1"}, (None, None)),
        ("dividend-declared", {"per_share": "EUR 1"}, ("DVCA", "MAND")),
        ("dividend-declared", {"per_share": "EUR 1", "out_of": "profit"}, ("DVCA", "MAND")),
        ("dividend-declared", {"per_share": "EUR 1", "out_of": "capital"}, ("CAPD", "MAND")),
        ("dividend-declared", {"per_share": "EUR 1", "out_of": "premium"}, ("SHPR", "MAND")),
        ("dividend-declared", {"per_share": "EUR 1", "options": [{"option": "a"}]}, (None, None)),
        ("dividend-declared", {"in_class": "a/x", "ratio": "1:5"}, (None, None)),
        ("dividend-paid", {"per_share": "EUR 1", "out_of": "gains"}, ("CAPG", "MAND")),
        ("dividend-paid", {"per_share": "EUR 1"}, (None, None)),
        ("offer-made", {"kind": "tender"}, ("TEND", "VOLU")),
        ("offer-made", {"kind": "odd-lot"}, ("ODLT", "VOLU")),
        ("offer-made", {"kind": "buy-back"}, ("BIDS", "VOLU")),
        ("offer-made", {"kind": "priority"}, ("PRIO", "VOLU")),
        ("offer-made", {"kind": "dutch-auction"}, ("DTCH", "VOLU")),
        ("offer-made", {"kind": "exchange"}, ("EXOF", "VOLU")),
        ("offer-made", {"kind": "dividend-choice"}, (None, None)),
        ("offer-made", {"kind": "proposal"}, (None, None)),
        ("listing-changed", {"status": "delisted"}, ("DLST", "MAND")),
        ("listing-changed", {"status": "quoted"}, (None, None)),
        ("shares-distributed", {"share_class": "a/x", "distributed_class": "b/x"},
         ("SOFF", "MAND")),
        ("shares-distributed", {"share_class": "a/x", "distributed_class": "a/r"}, (None, None)),
        ("shares-exchanged", {"old_shares": "cancelled"}, ("WRTH", "MAND")),
        ("shares-exchanged", {"old_shares": "cancelled", "cash": "EUR 1"}, (None, None)),
        ("shares-exchanged", {"old_shares": "bidder"}, (None, None)),
        ("meeting-called", {"body": "annual general meeting"}, ("MTNG", None)),
        ("meeting-called", {"body": "board"}, (None, None)),
        ("call-made", {"per_share": "EUR 1"}, ("PPMT", None)),
        ("share-class-amended", {"name": "A Ordinary"}, ("CHAN", "MAND")),
        ("share-class-amended", {"par_value": "EUR 1"}, (None, None)),
        ("shares-transferred", {"shares": "1"}, (None, None)),
    ],
)  # fmt: skip
def test_an_event_has_the_code_that_it_alone_decides(
    type_name: str, data: dict[str, Any], codes: tuple[str | None, str | None]
) -> None:
    assert action_codes(type_name, data) == codes


def test_a_choice_is_told_only_by_events_that_decide_a_code() -> None:
    for code, step in steps():
        assert step.choice in ("", "MAND", "CHOS", "VOLU"), code
        assert step.decides or not step.choice, code


def test_a_type_knows_the_codes_it_says() -> None:
    found: list[tuple[Listing, Entry]] = codes_of("shares-split")
    assert {"SPLF", "SPLR", "TX_STOCK_CLASS_SPLIT", "SH02"} <= {entry.code for _, entry in found}
    assert all("shares-split" in types_of(entry) for _, entry in found)


GIVEN_AS = {  # a value for each field that a code wants given
    "address": "1 Quay Street", "beneficiaries": [{"party": "acme"}], "conversion_price": "EUR 2",
    "converts_at": "2:1", "exercise_price": "EUR 1", "expires_on": "2030-01-01",
    "isin": "JP3672400003", "jurisdiction": "fr", "legal_form": "SE", "matures_on": "2030-01-01",
    "name": "A Ordinary", "option": "cash", "options": [{"option": "cash", "cash": "EUR 1"}],
    "par_value": "EUR 1", "price": "EUR 1", "protectors": ["acme"], "settlors": ["acme"],
    "share_class": "nissan/common", "symbol": "7201", "trustees": ["acme"],
    "vests_from": "2024-01-01", "original_price": "EUR 3",
    "clauses": [{"clause": "one", "kind": "put", "text": "may sell"}],
}  # fmt: skip
TOGETHER: dict[tuple[str, str], dict[str, Any]] = {  # what goes with such a field; None: without
    ("kind", "exchange"): {"into_class": "delta/common", "ratio": "1:2"},
    ("conversion_price", GIVEN): {"original_price": "EUR 3"},
    ("kind", "future-equity"): {"principal": "EUR 9", "pool": None},
    ("into_class", NOT_GIVEN): {"ratio": None, "fractions": None, "fraction_price": None},
}


@pytest.mark.parametrize(
    "step", [pytest.param(step, id=f"{code} {step.type}") for code, step in steps()]
)
def test_each_event_that_a_code_names_passes_the_gate(step: Said) -> None:
    """The example of the type, with the fields as the code has them, each value in turn."""
    cls = event_class(step.type)
    dated = {} if issubclass(cls, RecordKeeping) else {"effective_on": "2024"}
    base = {"standing": "official", **dated, **cls.example}
    names = list(step.fields)
    for chosen in product(*(_wanted(step.fields[name]) for name in names)):
        data: dict[str, Any] = dict(base)
        for name, value in zip(names, chosen, strict=True):
            _give(data, name, value)
        make_event(step.type, data)


def _wanted(wanted: str) -> list[str]:
    of_test = {"above-1": "2:1", "below-1": "1:2", "a-general-meeting": "general meeting"}
    return [of_test[wanted]] if wanted in of_test else wanted.split("|")


def _give(data: dict[str, Any], name: str, value: str) -> None:
    outer, _, inner = name.partition(".")
    for other, beside in TOGETHER.get((name, value), {}).items():
        data[other] = beside
        if beside is None:
            del data[other]
    if inner:
        data[outer] = [{**data[outer][0], inner: value}]
    elif value == NOT_GIVEN:
        data.pop(name, None)
    elif value not in TESTS:
        data[name] = GIVEN_AS[name] if value == GIVEN else value
