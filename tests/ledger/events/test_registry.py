"""Every event type has all it needs, and its stored shape is frozen."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from typing import Any

import pytest

from cli.options import data_of, options_of, words_of
from docs.generate import (
    OPTION_WORDS,
    SCHEMAS,
    option_words_module,
    schema_files,
    shape,
)
from docs.references import REFERENCES, references_module
from ledger.events.base import Event, RecordKeeping
from ledger.events.registry import event_class, event_types, mentions
from ledger.events.validation import make_event
from ledger.model.movements import MOVEMENTS
from ledger.model.threads import OWN_KINDS, THREADS, ThreadKind
from ledger.time.history import subjects_of
from ledger.values.refusals import Refusal, Refused
from projections.questions import HANDLED_ELSEWHERE, QUESTIONS

TYPES = sorted(event_types())
FROM_SEVERAL = (
    "issuer", "own_class", "board_role", "seats", "stake", "band", "seat_holder", "authorised",
    "conversion", "declaration", "gained", "received", "paid_out", "capped", "votes_of",
)  # fmt: skip
EARLIER = (  # the digest of the shapes of earlier schemas, which never change
    "7172e34ff15456bd83e5c4934abbeff11ca06248717bea00bb33267e6547acb4"
)
WORLD = {"effective_on": "2023-11-08", "standing": "official"}


def example_of(name: str) -> dict[str, Any]:
    """The example of a type with the common fields it needs."""
    cls = event_types()[name]
    return {**({} if issubclass(cls, RecordKeeping) else WORLD), **cls.example}


@pytest.mark.parametrize("name", TYPES)
def test_a_type_tells_what_it_is(name: str) -> None:
    cls = event_types()[name]
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
    assert re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower() == name
    assert cls.__doc__
    assert cls.__doc__ != Event.__doc__
    fields = set(re.findall(r"{(\w+)}", cls.sentence + cls.stream))
    assert fields <= {*cls.model_fields, *FROM_SEVERAL}


@pytest.mark.parametrize("name", TYPES)
def test_an_example_survives_the_round_trip_through_its_stored_form(name: str) -> None:
    event = make_event(name, example_of(name))
    stored = json.loads(json.dumps(event.data))
    again = make_event(name, stored)
    assert (again, again.data) == (event, event.data)
    assert event.stream.format_map(event.data)


@pytest.mark.parametrize("name", TYPES)
def test_options_made_from_a_type_give_its_example_back(name: str) -> None:
    import shlex

    import click

    cls = event_types()[name]
    command = click.Command(name, params=options_of(cls))
    words = [part for word in words_of(cls, example_of(name)) for part in shlex.split(word)]
    context = command.make_context(name, words)
    assert make_event(name, data_of(cls, context.params)) == make_event(name, example_of(name))


@pytest.mark.parametrize("name", TYPES)
def test_an_event_cannot_be_changed(name: str) -> None:
    event = make_event(name, example_of(name))
    with pytest.raises(ValueError, match="frozen"):
        event.note = "later"  # type: ignore[misc]
    for value in dict(event).values():
        assert not isinstance(value, list | dict | set)


def test_every_type_is_handled_by_a_projection() -> None:
    lists = [*HANDLED_ELSEWHERE.values(), *(one.types for one in QUESTIONS.values())]
    handled = {name for types in lists for name in types}
    shown_only = {"meeting-held", "note-added"} & handled
    assert set(TYPES) - handled == set(), "add these types to TYPES of the projection about them"
    assert handled - set(TYPES) == set(), "these handlers are for types that do not exist"
    assert shown_only


def test_movements_and_steps_are_types() -> None:
    assert set(MOVEMENTS) <= set(TYPES)
    assert {step for thread in THREADS for step in thread.types} <= set(TYPES)


@pytest.mark.parametrize("name", TYPES)
def test_an_event_of_a_thread_is_a_step_of_one(name: str) -> None:
    kind = event_class(name).stream.partition(":")[0]
    steps = {step for thread in OWN_KINDS.values() for step in thread.types}
    assert kind not in OWN_KINDS or name in steps, (
        f"make it a step of {kind} in ledger.model.threads"
    )


@pytest.mark.parametrize("thread", THREADS, ids=lambda thread: thread.name)
def test_a_kind_of_thread_is_whole(thread: ThreadKind) -> None:
    """Its steps follow its steps, change the state of no other thread, and are told by its ids."""
    others = {step for other in THREADS if other is not thread for step in other.changing}
    assert not others & set(thread.changing)
    for step in thread.steps.values():
        assert set(step.not_after or ()) <= {"", *thread.changing}
    for name in thread.changing:
        fields = event_class(name).model_fields
        assert set(thread.fields) <= set(fields), f"{name} does not name its {thread.name}"


schemas = cache(schema_files)


@pytest.mark.parametrize("name", TYPES)
def test_the_shape_of_a_stored_type_is_frozen(name: str) -> None:
    path = SCHEMAS / f"{name}.{event_class(name).schema_number}.json"
    assert path.is_file(), "run `python docs/generate.py` to commit the schema of a new type"
    assert path.read_text(encoding="utf-8") == schemas()[path], (
        f"{path.name} is frozen: define the next schema number and an upcaster"
    )


def test_the_fields_of_persons_are_marked() -> None:
    marked = {
        name: [
            field for field, told in event_class(name).model_json_schema()["properties"].items()
            if told.get("x-personal") or any(o.get("x-personal") for o in told.get("anyOf", ()))
        ]
        for name in TYPES
    }  # fmt: skip
    assert {name: fields for name, fields in marked.items() if fields} == {
        "party-registered": ["name", "aliases", "identifiers", "registration"],
        "party-renamed": ["name"],
        "party-details-changed": [
            "address", "registration", "aliases", "identifiers", "born", "nationality",
            "occupation", "country_of_residence", "former_names",
        ],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("type_name", "fields"),
    [
        ("party-renamed", {"party": "acme", "name": {"sealed": "bm90"}}),
        ("party-registered", {"party": "a", "kind": "person", "name": "A",
                              "aliases": [{"sealed": "bm90"}]}),
        ("note-added", {"subject": "acme", "text": "t", "citations": {"sealed": "bm90"}}),
        ("note-added", {"subject": "acme", "text": "t", "citations": [{"sealed": "bm90"}]}),
    ],
)  # fmt: skip
def test_the_form_of_a_sealed_value_is_reserved(type_name: str, fields: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        make_event(type_name, {**WORLD, **fields} if type_name == "note-added" else fields)
    assert refused.value.refusal is Refusal.SEALED_VALUE


def test_no_frozen_shape_is_lost() -> None:
    committed = {path.name for path in SCHEMAS.iterdir()}
    earlier = {
        f"{name}.{n}.json" for name in TYPES for n in range(1, event_class(name).schema_number)
    }
    assert committed == {path.name for path in schemas()} | earlier
    told = b"".join((SCHEMAS / name).read_bytes() for name in sorted(earlier))
    assert hashlib.sha256(told).hexdigest() == EARLIER


def test_a_changed_shape_is_noticed() -> None:
    """The control: a field more, less or of another kind changes the frozen text."""
    cls = event_types()["shares-issued"]
    now = json.dumps(shape(cls.model_json_schema()))

    class Changed(cls):  # type: ignore[misc,valid-type]
        """The same type with one more field."""

        extra: str | None = None

    assert json.dumps(shape(Changed.model_json_schema())) != now


def test_two_classes_cannot_claim_one_type() -> None:
    with pytest.raises(TypeError, match="two classes claim"):
        type("Twin", (Event,), {"__module__": __name__}, type="shares-issued", stream="x")
    assert event_class("shares-issued").__name__ == "SharesIssued"


def test_what_fields_refer_to_is_written_down_as_the_classes_have_it() -> None:
    assert REFERENCES.read_text(encoding="utf-8") == references_module(), "run docs/generate.py"
    words = OPTION_WORDS.read_text(encoding="utf-8")
    assert words == option_words_module(), "run docs/generate.py"


@pytest.mark.parametrize("name", TYPES)
def test_an_event_is_filed_under_what_its_class_says_it_mentions(name: str) -> None:
    data = make_event(name, example_of(name)).data
    said = {(mention.kind.refers, mention.id) for mention in mentions(name, data)}
    indexed = {tuple(subject.split(":", 1)) for subject in subjects_of(name, data)}
    assert said <= indexed
    assert len(indexed) <= 1 + 3 * len(said)


@pytest.mark.parametrize("ends", [(None, "50"), ("50", "50"), ("50", "25")])
def test_the_upper_end_of_a_band_is_above_its_lower_end(ends: tuple[str | None, str]) -> None:
    percent, upto = ends
    given = {"percent": percent} if percent else {}
    began = example_of("relationship-began") | given | {"percent_to": upto}
    based = {"percent_of": "issued"} if percent else {"shares": "1"}
    stake = {"issuer": "acme", "holder": "bolt", **given, **based, "percent_to": upto}
    for name, fields in (("relationship-began", began), ("stake-disclosed", stake | WORLD)):
        with pytest.raises(Refused, match="upper end of a band"):
            make_event(name, fields)
