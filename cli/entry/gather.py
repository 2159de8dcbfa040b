"""The fields of one event, asked one after another, each held against its own type at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import Any

from pydantic.fields import FieldInfo

from cli.context import today
from cli.entry.answers import Answers
from cli.entry.known import Known
from cli.entry.questions import (
    KEPT,
    REGISTERING,
    Question,
    introduces,
    label_of,
)
from cli.entry.terminal import Back, Completing, ask, say
from ledger.events.base import Event, RecordKeeping
from ledger.events.introspection import is_many, kind_of, part_of
from ledger.events.registry import event_class
from ledger.events.validation import make_event
from ledger.intake.defaults import EFFECTIVE, TODAY, with_known_date
from ledger.time.history import AMENDMENTS, REGISTRATIONS
from ledger.values.dates import FOREVER, UNKNOWN, parse_effective
from ledger.values.refusals import Refused

_HOLDING = ("holder", "transferor")
_USUAL = ("person",)  # may be unknown, and seldom is
_LAST = ("effective_on", "standing", "inferred_from", "citations", "known_on")


class Gathering:
    """The fields of an event of a type, from those given at the beginning on."""

    def __init__(
        self,
        type_name: str,
        known: Known,
        kept: Mapping[str, Any] | None = None,
        given: Mapping[str, Any] | None = None,
        *,
        brief: bool = False,
    ) -> None:
        self.type, self.known = type_name, known
        self.cls = event_class(type_name)
        self.given: dict[str, Any] = dict(given or {})
        self._kept = dict(kept or {})
        self._answers = Answers(known, self._registered)
        self._own = [n for n in self.cls.model_fields if n not in Event.model_fields]
        self._done = list(self.given)
        self._more = self._brief = brief  # whether no more fields are to be asked for

    def event(self) -> Event:
        """The event, when every field that is needed is asked and no more are wanted.

        Raises Back where the first question is left backwards.
        """
        asked = list[str]()
        while True:
            try:
                name = next((n for n in self._sequence() if n not in self._done), None)
                if name is not None:
                    self.ask(name)
                    asked.append(name)
                    continue
                if not self._more:
                    self._ask_more()
                    self._more = True
            except Back:
                if not asked:
                    raise
                self._done.remove(asked.pop())
                self._more = self._brief
                continue
            try:
                return make_event(self.type, with_known_date(self.given))
            except Refused as refused:
                for one in refused.each():
                    say(f"  {one}")
                self.reopen(refused)
                self._more = False  # perhaps another field is the one to be given

    def reopen(self, refused: Refused) -> None:
        """Ask again for the field that a refusal is about, or for any."""
        name = refused.place.rpartition(": ")[2].partition(".")[0].partition("[")[0]
        self.edit(name if name in self.cls.model_fields else "")

    def edit(self, name: str = "") -> None:
        """Ask again for one field, with what it holds for a default."""
        try:
            while not name:
                name = self._named(ask("Which field? ", self._fields_help(), self._completing()))
            self.ask(name)
        except Back:
            return

    def ask(self, name: str) -> None:
        """Ask for one field until its type takes the answer."""
        info = self.cls.model_fields[name]
        part = part_of(info.annotation)
        value: Any
        if part is not None:
            value = self._answers.parts(
                name, info, part, self.given.get(name, self._kept.get(name, ()))
            )
        elif is_many(info.annotation):
            value = self._answers.many(
                name, info, self.given.get(name, ()), lambda value: self._wrong(name, value)
            )
        else:
            value = self._one(name, info)
        if value is None:
            self.given.pop(name, None)
        else:
            self.given[name] = value
        if name == "citations" and value and self.given.get("known_on") in (EFFECTIVE, TODAY):
            del self.given["known_on"]
        if name not in self._done:
            self._done.append(name)
        if name in _HOLDING and value and "share_class" in self.given:
            self._tell_held(value, self.given["share_class"])

    def _tell_held(self, holder: str, share_class: str) -> None:
        if self.known.is_new("party", holder):
            return
        title = self.known.title("party", holder)
        say(f"  {title} holds {self.known.held(holder, share_class)} {share_class} today.")

    def _sequence(self) -> Iterator[str]:
        """The fields to be asked for, in order, as far as the answers so far tell."""
        fields = self.cls.model_fields
        own = [
            name
            for name, info in fields.items()
            if name not in _LAST and (info.is_required() or name in _USUAL)
        ]
        introduced = [name for name in own if introduces(fields[name])]
        if self.type in REGISTRATIONS:  # an id is made from the name
            yield from sorted(own, key=lambda name: (name in introduced, name != "name"))
            return
        if "title" in own and own[0] != "deal":  # an id is made from the title
            own.sort(key=lambda name: name != "title")
        yield from own
        if "correction" in fields:
            yield "correction"
        if not issubclass(self.cls, RecordKeeping):
            yield "effective_on"
            yield "standing"
        elif self.type.startswith("party-"):
            yield "effective_on"
        if self.given.get("standing") == "inferred":
            yield "inferred_from"
        yield "citations"
        if self._dated() and "citations" not in self.given:
            yield "known_on"

    def _dated(self) -> bool:
        clerical = self.type in AMENDMENTS and self.given.get("correction") != "new-information"
        return self.given.get("effective_on") not in (None, UNKNOWN) and not clerical

    def _default(self, name: str, question: Question) -> str | None:
        """What stands in brackets: the value so far, the last one, or the only one there is."""
        if name in self.given:
            return str(self.given[name])
        if name == "known_on" and name not in self._kept:
            return self._usual_known_date()
        if name in self._kept:
            return str(self._kept[name])
        if name == self._own_id and (proposed := self._proposed_id(name)):
            return proposed
        only = {"class": "class", "issuer": "issuer"}.get(question.refers) if name in KEPT else None
        if only is None and name == "company":
            only = "issuer"
        found = self.known.only(only) if only else None
        if found is None and name == "standing":
            return "official"
        default = question.info.default
        return found or (default if isinstance(default, str) and question.needed else None)

    def _usual_known_date(self) -> str:
        days = parse_effective(self.given["effective_on"])
        past = days.first <= today().isoformat() and days.last != FOREVER
        return EFFECTIVE if past and self.given.get("standing") == "official" else TODAY

    @property
    def _own_id(self) -> str:
        """The field by which the event says what it is about, under an id of somebody's making."""
        return next(iter(self._own), "")

    def _proposed_id(self, name: str) -> str | None:
        kind = kind_of(self.cls.model_fields[name])
        called = self.given.get("name", self.given.get("title"))
        if kind is None or not called or kind.must_exist or kind.refers == "class":
            return None
        return self.known.free_id(kind.refers, called)

    # One value

    def _one(self, name: str, info: FieldInfo) -> str | None:
        needed = info.is_required() or name in ("effective_on", "known_on", "correction")
        needed = needed and not (name == "effective_on" and issubclass(self.cls, RecordKeeping))
        question = Question(label_of(name), info, needed)
        return self._answers.one(
            question, self._default(name, question), lambda value: self._wrong(name, value)
        )

    def _registered(self, kind: str, line: str) -> str:
        """Register what an answer names, together with the event; its id."""
        registering, naming = REGISTERING[kind]
        field = next(n for n, i in event_class(registering).model_fields.items() if introduces(i))
        is_id = line == line.casefold() and " " not in line
        kept = {field: line} if is_id else {naming: line}
        event = Gathering(registering, self.known, kept, brief=True).event()
        self.known.fresh.append(event)
        return str(event.data[field])

    def _wrong(self, name: str, value: Any) -> Refused | None:
        """What the type of the event finds wrong with a field, if anything."""
        try:
            make_event(self.type, with_known_date({**self.given, name: value}))
        except Refused as refused:
            for one in refused.each():
                if one.place.partition(".")[0] == name:
                    return one
        return None

    # Fields that may be given

    def _ask_more(self) -> None:
        """Ask for fields that may be left out, as long as any is wanted."""
        while True:
            asked = set(self._sequence())
            left = sorted(
                (n for n in self.cls.model_fields if n not in asked and n not in self.given),
                key=lambda name: name in Event.model_fields,
            )
            if not left:
                return
            for line in wrap(f"May be given: {', '.join(left)}", 76):
                say(f"  {line}")
            line = ask("More fields? [none]: ", self._fields_help(), self._completing())
            if not line:
                return
            for word in line.replace(",", " ").split():
                if name := self._named(word):
                    try:
                        self.ask(name)
                    except Back:
                        break

    def _named(self, word: str) -> str:
        """The field that a word or its beginning names; empty, having said so, where none is."""
        wanted = word.replace("-", "_")
        fields = self.cls.model_fields
        found = [wanted] if wanted in fields else [n for n in fields if n.startswith(wanted)]
        if len(found) != 1 or not word:
            say(f'  "{word}" is no field. {self._fields_help()}')
            return ""
        return found[0]

    def _fields_help(self) -> str:
        return f"The fields are {', '.join(self.cls.model_fields)}."

    def _completing(self) -> Completing:
        return lambda typed: [n for n in self.cls.model_fields if n.startswith(typed)]
