"""What a reader sees in place of ids: names, ids, or names with the ids at the foot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from functools import lru_cache, partial
from typing import Literal

from cli.marks import Marks
from cli.receiver import receiver
from ledger.events.envelope import Recorded
from ledger.model.fact import Fact
from ledger.model.subject import parse_subject
from ledger.time.history import History, subjects_of
from ledger.time.publication import gather_sources
from ledger.time.view import View
from projections.names import Names
from projections.sentences import class_label, class_words, money_words, sentence
from projections.told import ANY, STEP, grouped, read

How = Literal["names", "ids", "both"]

_AT_FOOT = ("party", "issuer", "agreement", "investment", "offering", "milestone", "project")

_KEPT = 10_000  # events that are at hand
_FEW = 50  # events that one page shows
_NOT_KNOWN = "-"
_WORDED: Mapping[str, Callable[[str], str]] = {
    "money": money_words,
    "figures": grouped,
    "words": lambda words: words.replace("-", " "),
}


class Labels:
    """The names of an answer's rows at a cut, and the ids that they stand for.

    ``flat`` says that every row is to be whole on one line. A name that two ids of one kind bear is
    known only when all are told, so a screen is made again while ``doubled`` grows.
    """

    def __init__(self, view: View, how: How = "both", flat: bool = False) -> None:
        self.view, self.how, self.flat = view, how, flat
        self._names = Names(view)
        self._told: dict[str, dict[str, str]] = defaultdict(dict)
        self._titled: set[str] = set()
        self.doubled: frozenset[str] = frozenset()
        self.marks = Marks()
        self._recorded = lru_cache(_KEPT)(partial(_recorded, view.history))
        self._receiver = receiver()

    def name(self, kind: str, id: str | None) -> str:
        """What something is called in a row; a dash where nothing is."""
        return self.linked(kind, id, self._label(kind, id, self._names.name))

    def short(self, kind: str, id: str | None) -> str:
        """What something is called in a running sentence."""
        if kind == "class" and id is not None and self.how != "ids":
            return class_words(self._names, id)
        return self.linked(kind, id, self._label(kind, id, self._names.short))

    def title(self, kind: str, id: str) -> str:
        """What something is called in a title, with its id."""
        self._titled.add(id)
        return self.linked(kind, id, self._names.title(kind, id))

    def heading(self, kind: str, id: str) -> str:
        """What something is called in the title of a screen; a party with its earlier names.

        ``Acme Brewing (acme), formerly Acme Ltd until 2024-05-02``.
        """
        names = self._names.former(id) if kind in ("party", "issuer") else []
        former = "".join(f", formerly {name} until {until}" for name, until in names)
        return self.title(kind, id) + former

    def parties(self, ids: Iterable[str]) -> str:
        """The names of several parties."""
        return ", ".join(self.name("party", id) for id in ids)

    def kind_of(self, id: str) -> str:
        """The kind of the thing that an id names, where its kind is not told."""
        return self._names.kind_of(id)

    def fact(self, event: str) -> Fact | None:
        """An event as it stands; None where the view has none under the key."""
        recorded = self._recorded(event)
        return self.view.fact(recorded) if recorded else None

    def gather(self, events: Iterable[str]) -> None:
        """Look up at once what the parties and classes are called that many events speak of."""
        ids = defaultdict[str, set[str]](set)
        for fact in filter(None, map(self.fact, events)):
            for one in map(parse_subject, subjects_of(fact.type, fact.data)):
                ids[one.kind].add(one.id)
        self._names.gather(sorted(ids["party"] | ids["issuer"]), sorted(ids["class"]))

    def gather_parties(self, parties: Iterable[str]) -> None:
        """Look up at once what many parties are called."""
        self._names.gather(parties)

    def gather_sources(self, events: Iterable[str]) -> None:
        """Look up at once the sources on which many events rest."""
        gather_sources(filter(None, map(self._recorded, events)), self.view.history)

    def sentence(self, event: str) -> str | None:
        """An event in a sentence with names; None where the view has none under the key."""
        fact = self.fact(event)
        return sentence(self, fact) if fact else None

    def publisher(self, source: str) -> str:
        """Who published a source, without the date."""
        if self.how == "ids":
            return source
        name = self._names.name("source", source)
        publisher, _, date = name.rpartition(", ")
        dated = date[:4].isdigit() and publisher
        return self.linked("source", source, publisher if dated else name)

    def read(self, text: str) -> str:
        """A sentence of an answer, with names for the ids in it."""
        return read(text, self.short)

    def class_name(self, share_class: str) -> str:
        """A class without its issuer: ``common shares``."""
        return share_class if self.how == "ids" else class_label(self._names, share_class)

    @property
    def ids(self) -> list[str]:
        """The ids that names stood for, each once, in the order in which they were told."""
        if self.how != "both":
            return []
        told = dict.fromkeys(
            id for kind, ids in self._told.items() if kind in _AT_FOOT for id in ids
        )
        return [id for id in told if id not in self._titled and id not in self.doubled]

    def again(self) -> bool:
        """Whether names turned out to be those of two, so that they are to be told otherwise."""
        found: dict[str, set[str]] = defaultdict(set)
        for ids in self._told.values():
            for id, name in ids.items():
                found[name].add(id)
        doubled = frozenset(id for ids in found.values() if len(ids) > 1 for id in ids)
        again = not doubled <= self.doubled
        self.doubled |= doubled
        return again

    def _step(self, event: str) -> str:
        called, told = self.name("event", event), self.sentence(event)
        return f"{called}, {told}," if told else called

    def event(self, event: str) -> str:
        """An event by its place in the log and its key; by the key where it has no place."""
        name = self._label("event", event, self._names.name)
        return event if name == event else f"{self.linked('event', event, name)} {event}"

    def figure(self, text: str, *explained: str) -> str:
        """A figure, which leads to the explanation of the name and the ids given."""
        return self._leading(text, "explain", *explained)

    def evidence(self, events: Sequence[str], text: str = "") -> str:
        """How many events something rests on, or other words, which lead to them."""
        words = text or str(len(events))
        return self._leading(words, "event", *events) if 0 < len(events) <= _FEW else words

    def command(self, words: str, text: str = "") -> str:
        """What a command would tell, by its words, which lead to the answer."""
        return self._leading(text or words, "command", *words.split())

    def _leading(self, text: str, kind: str, *ids: str) -> str:
        known = text and text != _NOT_KNOWN
        return self._receiver.linked(text, kind, *ids) if self._receiver and known else text

    def unlinked(self) -> Labels:
        """The same, for what is drawn and not written, where no name can lead anywhere."""
        plain = copy(self)
        plain._receiver = None
        return plain

    def linked(self, kind: str, id: str | None, text: str) -> str:
        """What something is called, which leads to it where the reader can follow."""
        if self._receiver is None or id is None or kind == STEP or kind in _WORDED:
            return text
        if kind == "event":
            recorded = self._recorded(id)
            if recorded is None or recorded.place is None:
                return text
            return self._receiver.linked(text, kind, recorded.name)
        return self._receiver.linked(text, self.kind_of(id) if kind == ANY else kind, id)

    def _label(self, kind: str, id: str | None, name: Callable[[str, str], str]) -> str:
        if id is None:
            return "-"
        if kind == "event":
            recorded = self._recorded(id)
            return recorded.name if recorded else id
        if kind == STEP:
            return self._step(id.partition(" ")[0])
        if kind == "class":
            return self.class_name(id)
        if kind in _WORDED:
            return _WORDED[kind](id)
        if self.how == "ids":
            return id
        called = name(kind if kind != ANY else self.kind_of(id), id)
        if id in self.doubled:
            return id if called == id else f"{called} ({id})"
        if called != id:
            self._told[kind][id] = called
        return called


def _recorded(history: History, event: str) -> Recorded | None:
    return next(iter(history.mentioning(f"key:{event}")), None)
