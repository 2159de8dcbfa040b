"""Names of what rows call by ids, as they were at the cut of a view.

A party bears the last name that counts at the cut. One that is registered only later, or known only
later, bears the name of its registration, for a row cannot be read without. A class is called by
its name, else by the last part of its id; a source by its publisher and date; an agreement, a
milestone and a project by their titles; an offering and an investment by who takes part.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import islice, pairwise
from typing import Any

from ledger.model.fact import Fact
from ledger.model.threads import OWN_KINDS
from ledger.time.history import SOURCE_EVENTS, History, known_ids
from ledger.time.view import View
from ledger.values.dates import UNKNOWN, worded
from ledger.values.names import folded, short
from projections.answer import Answer, Rows
from projections.columns import NAMED, name_column
from projections.rows import Row

_PAGE = 1_000  # rows that are named together
NAMING = ("party-registered", "party-renamed")
_CREATED, _AMENDED = ("share-class-created",), ("share-class-amended",)  # what names a class


class Names:
    """What things are called at the cut of a view; each is looked up once."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._whole = view.whole
        self._found = dict[tuple[str, str], str | None]()

    def found(self, kind: str, id: str) -> str | None:
        """The name of a thing of a kind; None where nothing recorded names it."""
        kind = "party" if kind == "issuer" else kind  # it is one, and has one name
        if (kind, id) not in self._found:
            naming = _NAMING.get(kind)
            self._found[kind, id] = naming(self, id) if naming else None
        return self._found[kind, id]

    def gather(self, parties: Iterable[str], classes: Iterable[str] = ()) -> None:
        """Look up at once what names many parties and classes, whose names are asked one by one."""
        for kind, asked, types in (
            ("party", parties, NAMING), ("class", classes, _AMENDED), ("class", classes, _CREATED)
        ):  # fmt: skip
            ids = (id for id in dict.fromkeys(asked) if (kind, id) not in self._found)
            self.view.history.gather([f"{kind}:{id}" for id in ids], types)

    def name(self, kind: str, id: str) -> str:
        """The name of a thing of a kind; its id where nothing recorded names it."""
        return self.found(kind, id) or id

    def short(self, kind: str, id: str) -> str:
        """The name of a thing; that of a party without its legal form."""
        name = self.name(kind, id)
        return short(name) if kind in ("party", "issuer") else name

    def title(self, kind: str, id: str) -> str:
        """The name with the id in parentheses; the id alone where nothing recorded names it."""
        name = self.found(kind, id)
        return id if name is None or name == id else f"{name} ({id})"

    def kind_of(self, id: str) -> str:
        """The kind of thing an id names, where the kind is not told; empty where it has no name."""
        return next((kind for kind in _NAMING if self.found(kind, id) is not None), "")

    def former(self, party: str) -> list[tuple[str, str]]:
        """The earlier names of a party at the cut, each with the date until which it bore it."""
        found = self._naming(party)
        return [
            (before.need("name"), after.when)
            for before, after in pairwise(found)
            if before.need("name") != after.need("name")
        ]

    def _naming(self, party: str) -> list[Fact]:
        return self._about("party", party, NAMING, "party")

    def _about(
        self, kind: str, id: str, types: Collection[str], field: str, whole: bool = False
    ) -> list[Fact]:
        """The facts of some types that count at the cut, or at any date, and are of one thing."""
        view = self._whole if whole else self.view
        facts = view.about(f"{kind}:{id}", types=types)
        found = [*facts.certain, *(possible.fact for possible in facts.possible if whole)]
        return [fact for fact in found if fact.text(field) == id]

    def _party(self, id: str) -> str | None:
        named = self._naming(id) or self._about("party", id, NAMING[:1], "party", whole=True)
        return named[-1].text("name") if named else None

    def _class(self, id: str) -> str | None:
        if not self.view.history.knows(f"class:{id}"):
            return None
        amended = self._about("class", id, _AMENDED, "share_class")
        for fact in reversed(amended):
            if (name := fact.text("name")) is not None:
                return name
        created = self._about("class", id, _CREATED, "share_class", whole=True)
        return (created[-1].text("name") if created else None) or id.rpartition("/")[2] or None

    def _source(self, id: str) -> str | None:
        told = source_fields(self._whole, id)
        when = told["published_on"]
        dated = [worded(when)] if when not in (None, UNKNOWN) else []
        return ", ".join([told["publisher"] or "", *dated]).strip(", ") or None

    def _titled(self, id: str, kind: str) -> str | None:
        fields = OWN_KINDS[kind].fields
        told = [f for f in self._steps(kind, id, fields[-1]) if f.text("title")]
        return told[-1].text("title") if told else None

    def _investment(self, id: str) -> str | None:
        told = self._last_of("investment", id, "investor", "investee")
        return f"{told['investor']} in {told['investee']}" if len(told) == 2 else None

    def _offering(self, id: str) -> str | None:
        told = self._last_of("offering", id, "issuer")
        return f"Listing of {told['issuer']}" if told else None

    def _condition(self, id: str) -> str | None:
        told = [f for f in self._steps("condition", id, "condition") if f.text("text")]
        return f'"{told[-1].text("text")}"' if told else None

    def _last_of(self, kind: str, id: str, *fields: str) -> dict[str, str]:
        """The short names of the parties that the steps of a thread give last in some fields."""
        steps = self._steps(kind, id, kind)
        given = {name: step.need(name) for step in steps for name in fields if step.text(name)}
        return {name: self.short("party", party) for name, party in given.items()}

    def _steps(self, kind: str, id: str, field: str) -> list[Fact]:
        """The steps of a thread at the cut; where there is none, those of any date."""
        types = OWN_KINDS[kind].types
        return self._about(kind, id, types, field) or self._about(kind, id, types, field, True)


_NAMING: Mapping[str, Callable[[Names, str], str | None]] = {
    "party": Names._party,
    "issuer": Names._party,
    "class": Names._class,
    "agreement": partial(Names._titled, kind="agreement"),
    "milestone": partial(Names._titled, kind="milestone"),
    "project": partial(Names._titled, kind="project"),
    "investment": Names._investment,
    "offering": Names._offering,
    "source": Names._source,
    "condition": Names._condition,
}


def source_fields(whole: View, source: str) -> dict[str, str | None]:
    """A source as the log has it: what is recorded of it counts whatever the clocks of a cut."""
    found = dict[str, str | None].fromkeys(
        ("title", "publisher", "published_on", "dated_by", "address", "sha256")
    )
    for recorded in whole.history.mentioning(f"source:{source}", SOURCE_EVENTS):
        fact = whole.fact(recorded)
        if fact is not None and fact.need("source") == source:
            found |= {name: fact.text(name) for name in found if name in fact.data}
    return found


def name_rows(answer: Answer[Any], names: Names) -> None:
    """Give each row of an answer a name after its own columns for each id."""
    if isinstance(answer.rows, Rows):
        answer.rows = Rows(_named(answer.rows, names))
        return
    for rows in (answer.rows, *(getattr(answer, part, ()) for part in ("figure", "sources"))):
        for row, named in _with_names(rows, names):
            row.update(named)


def _named(rows: Iterable[Row], names: Names) -> Iterator[Row]:
    """The same rows with names."""
    for row, named in _with_names(rows, names):
        yield {**row, **named}


def _with_names(rows: Iterable[Any], names: Names) -> Iterator[tuple[Any, Row]]:
    """Each row and its names, which are looked up for many rows together."""
    coming = iter(rows)
    while page := list(islice(coming, _PAGE)):
        names.gather(ids_of("party", page), ids_of("class", page))
        for row in page:
            yield row, dict(_names_of(row, names))


def ids_of(kind: str, rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """The ids of things of a kind that some rows have, each once, sorted."""
    return sorted(
        {
            id
            for row in rows
            for column, named, _ in _named_columns(tuple(row))
            if named == kind
            for id in _ids(row[column])
        }
    )


def _ids(value: Any) -> Sequence[str]:
    return value if isinstance(value, list) else [value] if value else ()


def _names_of(row: Row, names: Names) -> Iterator[tuple[str, Any]]:
    for column, kind, name in _named_columns(tuple(row)):
        value, named = row[column], kind or str(row.get("kind") or "")
        if isinstance(value, list):
            yield name, [names.found(named, id) for id in value]
        else:
            yield name, None if value is None else _found(names, named, value)


@lru_cache
def _named_columns(columns: tuple[str, ...]) -> Sequence[tuple[str, str, str]]:
    """Which of some columns have ids, of what kind, and the columns of their names."""
    return [(one, kind, name_column(one)) for one, kind in NAMED.items() if one in columns]


def _found(names: Names, kind: str, value: str) -> str | None:
    """The name of one id, or of several with commas between them."""
    if kind == "party" and ", " in value:
        return ", ".join(names.name("party", id) for id in value.split(", "))
    if kind not in _NAMING:
        return names.found(names.kind_of(value), value)
    return names.found(kind, value)


def called(history: History, text: str, kinds: Collection[str]) -> list[tuple[str, str]]:
    """The kinds and ids of the things of some kinds that bear a name, or ever bore it.

    A name that is equal letter by letter wins over one that is equal when both are folded.
    """
    alike, wanted = list[tuple[str, str]](), folded(text)
    exact = list[tuple[str, str]]()
    for kind, id, name in all_names(history, kinds):
        if name == text:
            exact.append((kind, id))
        elif wanted and folded(name) == wanted:
            alike.append((kind, id))
    return list(dict.fromkeys(exact or alike))


def near(history: History, text: str, kinds: Collection[str]) -> list[str]:
    """Ids of things whose names begin alike or are spelled nearly alike, the best first."""
    from difflib import get_close_matches

    by_name, wanted = dict[str, str](), folded(text)
    for _, id, name in all_names(history, kinds):
        by_name.setdefault(folded(name), id)
    starting = [name for name in sorted(by_name) if wanted and name.startswith(wanted)]
    close = starting[:5] or get_close_matches(wanted[:100], by_name, n=3)
    return list(dict.fromkeys(by_name[name] for name in close))


def all_names(history: History, kinds: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """Every name that anything of some kinds bears at any date, by kind and id."""
    whole = View(history)
    names, several = Names(whole), frozenset(("party", "issuer"))
    if not several.isdisjoint(kinds):
        found = whole.every((*NAMING, "party-details-changed"))
        for fact in (*found.certain, *(possible.fact for possible in found.possible)):
            for name in filter(None, (fact.text("name"), *fact.many("aliases"))):
                yield "party", fact.need("party"), name
    for kind in dict.fromkeys(kind for kind in kinds if kind not in several and kind in _NAMING):
        for id in known_ids(history, kind):
            if (name := names.found(kind, id)) is not None:
                yield kind, id, name
