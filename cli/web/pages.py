"""The pages: each shows answers to questions as their commands tell them, and computes none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import click

from cli.web.addresses import LIMITS, Limits, path_of, path_to
from cli.web.asked import (
    NoSuchPageError,
    Query,
    Served,
    served,
    served_at,
    with_arguments,
    words_of,
)
from cli.web.findings import LARGE
from cli.web.problems import Problem, problem_of
from cli.web.supposing import supposed
from cli.web.tables import Shower, Shown
from cli.web.visit import TooLongError, Visit
from ledger.values.refusals import Refused

_FEW, _MANY = 100, 500  # rows of an answer among others, and of one that has a page of its own
_TABLE = ("--labels=names",)
_PLACE = "start"  # the parameter of an address that says from which row on
MENU = (
    ("Parties", "/"), ("Deals", "/deals"), ("Pending", "/pending"), ("Timeline", "/timeline"),
    ("Sources", "/sources"), ("Conflicts", "/conflicts"), ("Check", "/check"),
    ("What if", "/what-if"),
    ("All questions", "/questions"),
)  # fmt: skip
_TOO_MANY = "This ledger is large. Look for a party by a part of its name or its id."
_WHAT_IF = (
    "What a question would be answered if further events were recorded. They are checked as if they"
    " were appended, and not recorded; what the answer's links lead to is without them."
)
_OF_COMPANIES = (
    "pending", "timeline", "rights", "diluted", "group", "owners", "power", "radar", "meetings",
    "dividends", "conflicts", "graph",
)  # fmt: skip
_LAST = "20"  # events of a timeline among other answers
REGISTERS = ("members", "directors", "agreements", "chronology", "board-pack")
Asked = tuple[str, str, Mapping[str, Sequence[str]]]  # a heading, the path of a question, options


@dataclass(frozen=True)
class Section:
    """An answer on a page, under the heading that leads to its own page."""

    heading: str
    address: str
    shown: Shown | None
    problem: Problem | None = None


@dataclass(frozen=True)
class Field:
    """A parameter of a question as a form asks for it."""

    name: str
    help: str
    values: Sequence[str]
    choices: Sequence[str] = ()
    is_flag: bool = False
    required: bool = False


@dataclass(frozen=True)
class Page:
    """A page: what it shows, and what else its reader can ask there."""

    title: str
    limits: Limits
    sections: Sequence[Section] = ()
    fields: Sequence[Field] = ()
    links: Sequence[tuple[str, str]] = ()
    entries: Sequence[tuple[str, str, str]] = ()  # name, address, what it is
    pictures: Sequence[tuple[str, str]] = ()
    following: str = ""
    search: bool = False
    about: str = ""
    json: str = ""  # the address of the same answer in JSON
    supposing: Sequence[str] = ()  # the events, the question, and whether only what differs
    problem: Problem | None = None


@dataclass
class Pages:
    """The pages of one visit under some limits."""

    visit: Visit
    query: Query
    limits: Limits
    _paths: dict[tuple[str, ...], str] = field(default_factory=dict)

    def page(self, parts: Sequence[str]) -> Page:
        """The page at a path."""
        match parts:
            case []:
                return self._parties()
            case ["questions"]:
                return self._questions()
            case ["what-if"]:
                return self._what_if()
            case ["c", id]:
                return self._company(id)
            case ["p", id]:
                return self._party(id)
            case ["d", id]:
                return self._of("deal", id, ("Steps", "deals", {"deal": [id]}))
            case ["s", id]:
                return self._of("subject", id)
            case ["e", event]:
                return self._event(event)
            case ["source", id]:
                return self._source(id)
        return self._question(*served_at(parts))

    @cached_property
    def _shower(self) -> Shower:
        return Shower(self.visit.parts, self.address)

    def address(self, to: tuple[str, ...]) -> str:
        """The address of what is named, under the limits of this page."""
        if to not in self._paths:
            kind, *ids = to
            issues = kind == "party" and self.visit.knows(f"issuer:{ids[0]}")
            self._paths[to] = path_to("issuer" if issues else kind, *ids)
        return self.limits.at(self._paths[to])

    def _parties(self) -> Page:
        text = {"text": [one for one in self.query.get("text", ()) if one]}
        if not text["text"] and self._is_large:
            return Page("Parties", self.limits, search=True, about=_TOO_MANY)
        section, more = self._main("parties", text)
        return Page(
            section.shown.title if section.shown else "Parties", self.limits, [section],
            following=more, search=True,
        )  # fmt: skip

    def _questions(self) -> Page:
        entries = [
            (one.path.replace("/", " "), self.limits.at(f"/{one.path}"), _first(one.command))
            for one in served()
        ]
        return Page("All questions", self.limits, entries=entries)

    def _what_if(self) -> Page:
        """The form of what is supposed, and the answer once it says of what."""
        events, ask, only = ("".join(self.query.get(n, ())[:1]) for n in ("events", "ask", "only"))
        asking = Page("What if", self.limits, about=_WHAT_IF, supposing=(events, ask, only))
        if not events.strip() or not ask.strip():
            return asking
        try:
            screen = supposed(self.visit, ask, events, bool(only), self._cut)
        except (Refused, click.ClickException, TooLongError, NoSuchPageError) as error:
            return replace(asking, problem=problem_of(error))
        section = Section("", "", self._shower.shown(screen, 0, _MANY))
        return replace(asking, title=self._title(section), sections=[section])

    def _company(self, id: str) -> Page:
        asked: list[Asked] = [
            ("Holdings", "holdings", {"issuer": [id]}),
            ("Votes", "votes", {"issuer": [id]}),
            ("Governance and agreements", "governance", {"company": [id]}),
            ("Claims", "claims", {"subject": [id]}),
        ]
        if not self._is_large:
            asked.insert(3, ("Pending", "pending", {"subject": [id]}))
            asked.append(("Timeline", "timeline", {"subject": [id], "limit": [_LAST]}))
        registers = [
            (f"Register: {name.replace('-', ' ')}", self.limits.at(path_of("register", name, id)))
            for name in REGISTERS
        ]
        questions = self._questions_of(id, *_OF_COMPANIES)
        links = [("As a holder", self.limits.at(path_of("p", id))), *questions, *registers]
        picture = path_of("c", id, "graph.svg"), path_of("graph", id)
        return self._together(id, asked, links, [picture])

    def _party(self, id: str) -> Page:
        asked: list[Asked] = [
            ("Holdings", "holdings", {"holder": [id]}),
            ("Claims", "claims", {"subject": [id]}),
            ("Timeline", "timeline", {"subject": [id], "limit": [_LAST]}),
        ]
        links = self._questions_of(id, "rights", "group", "graph", "conflicts")
        if self.visit.knows(f"issuer:{id}"):
            links.insert(0, ("As a company", self.limits.at(path_of("c", id))))
        indirect = {"holder": [id], "indirect": ["1"]}
        links.append(("Through others", self.limits.at("/holdings", indirect)))
        return self._together(id, asked, links)

    def _of(self, kind: str, id: str, *asked: Asked) -> Page:
        more: list[Asked] = [
            ("Claims", "claims", {"subject": [id]}),
            ("Timeline", "timeline", {"subject": [id], "limit": [_LAST]}),
        ]
        kinds = ("deal", "investment", "offering", "offer")
        links = [
            ("Why this status", self.limits.at(path_of("explain", one, id)))
            for one in kinds
            if self.visit.knows(f"{one}:{id}")
        ]
        links += self._questions_of(id, "pending", "conflicts")
        return self._together(id, [*asked, *more], links)

    def _event(self, event: str) -> Page:
        named = f"#{event}" if event.isdecimal() else event
        section, _ = self._main("show", {"event": [named]})
        links = []
        if event.isdecimal():
            near = (("The event before", int(event) - 1), ("The event after", int(event) + 1))
            last = self.visit.position
            links = [(w, self.limits.at(path_of("e", str(n)))) for w, n in near if 0 < n <= last]
        return Page(self._title(section), self.limits, [section], links=links)

    def _source(self, id: str) -> Page:
        found = self.visit.looked_up(
            self.visit.path, lambda index: index.mentioning(f"source:{id}", ["source-registered"])
        )
        asked: list[Asked] = [
            ("What was registered", "show", {"event": [one.key]}) for one in found[:1]
        ]
        asked.append(("What rests on it", "timeline", {"subject": [id], "all": ["1"]}))
        return self._together(id, asked, [])

    def _together(
        self,
        id: str,
        asked: Sequence[Asked],
        links: Sequence[tuple[str, str]],
        pictures: Sequence[tuple[str, str]] = (),
    ) -> Page:
        """A page of several answers; the first has to be there, or nothing is."""
        sections = [self._section(heading, path, query) for heading, path, query in asked]
        problems = [one.problem for one in sections if one.problem]
        if len(problems) == len(sections):
            return Page(id, self.limits, problem=problems[0])
        title = self.visit.title(id, self.limits.cut())
        return Page(
            title, self.limits, [*filter(_says_anything, sections)], links=links,
            pictures=[(self.limits.at(image), self.limits.at(told)) for image, told in pictures],
        )  # fmt: skip

    def _title(self, section: Section) -> str:
        return section.shown.title if section.shown else section.heading

    def _section(self, heading: str, path: str, query: Query) -> Section:
        asked = served_at([path])[0]
        address = self.limits.at(f"/{path}", query)
        try:
            screen = self.visit.told(words_of(asked, {**query, **self._cut}, *_TABLE))
        except Refused as refused:
            return Section(heading, address, None, problem_of(refused))
        return Section(heading, address, self._shower.shown(screen, 0, _FEW))

    def _main(self, path: str, query: Query) -> tuple[Section, str]:
        """The one answer of a page, and the address of the rows that follow."""
        asked, start = served_at(path.split("/"))[0], self._start
        screen = self.visit.told(words_of(asked, {**query, **self._cut}, *_TABLE))
        shown = self._shower.shown(screen, start, _MANY)
        more = {**query, _PLACE: [str(start + _MANY)]}
        following = self.limits.at(f"/{path}", more) if shown.left else ""
        return Section("", "", shown), following

    @property
    def _is_large(self) -> bool:
        """Whether what looks at all of the ledger is left to pages of its own."""
        return self.visit.position > LARGE

    @property
    def _start(self) -> int:
        text = "".join(self.query.get(_PLACE, ())) or "0"
        if not text.isdecimal() or len(text) > 12:
            raise click.UsageError(f"{_PLACE} is one whole number.")
        return int(text)

    @property
    def _cut(self) -> Query:
        return {name: [value] for name, value in self.limits.given.items()}

    def _question(self, asked: Served, ids: Sequence[str]) -> Page:
        """The page of a question: its form, and its answer once it says of what."""
        own = {n: v for n, v in self.query.items() if n not in (*LIMITS, _PLACE)}
        query = with_arguments(asked, ids, own)
        fields = [
            _field(name, one, query.get(name, ()))
            for name, one in asked.parameters().items()
            if name not in LIMITS
        ]
        about, title = _first(asked.command), asked.path.replace("/", " ").capitalize()
        if not any(query.values()) and any(one.required for one in fields):
            return Page(title, self.limits, fields=fields, about=about)
        try:
            section, more = self._main(asked.path, query)
        except (Refused, click.ClickException, TooLongError) as error:
            problem = problem_of(error)
            return Page(title, self.limits, fields=fields, about=about, problem=problem)
        links = []
        if "full" in asked.parameters() and not query.get("full"):
            links = [("All of it", self.limits.at(f"/{asked.path}", {**query, "full": ["1"]}))]
        if asked.path == "graph" and {n for n, values in query.items() if any(values)} == {"party"}:
            picture = path_of("p", query["party"][0], "graph.svg")
            links.append(("As a picture", self.limits.at(picture)))
        return Page(
            self._title(section), self.limits, [section], fields, links, following=more,
            about=about, json=self.limits.at(f"/api/v1/{asked.path}", query),
        )  # fmt: skip

    def _questions_of(self, id: str, *names: str) -> list[tuple[str, str]]:
        return [(name.capitalize(), self.limits.at(path_of(name, id))) for name in names]


def _field(name: str, parameter: click.Parameter, values: Sequence[str]) -> Field:
    option = parameter if isinstance(parameter, click.Option) else None
    choices = parameter.type.choices if isinstance(parameter.type, click.Choice) else ()
    return Field(
        name,
        (option.help or "") if option else "",
        values,
        [str(one) for one in choices],
        bool(option and option.is_flag),
        parameter.required,
    )


def _first(command: click.Command) -> str:
    """What a command answers, in its first sentence."""
    return (command.help or "").strip().split("\n\n")[0].replace("\n", " ").strip()


def _says_anything(section: Section) -> bool:
    """Whether an answer has more than that there is none."""
    shown = section.shown
    return shown is None or bool(shown.tables or shown.remark or shown.notes)
