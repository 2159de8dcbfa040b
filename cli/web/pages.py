"""The pages: each shows answers to questions as their commands tell them, and computes none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import click

from cli.web import links
from cli.web.addresses import LIMITS, Limits, path_of, path_to
from cli.web.asked import (
    NoSuchPageError,
    Query,
    Served,
    only_value,
    query_of_words,
    refuse_others,
    served,
    served_at,
    with_arguments,
    words_of,
)
from cli.web.page import Field, Links, Page, Picture, Section, Supposing
from cli.web.problems import problem_of
from cli.web.supposing import proposed, supposed
from cli.web.tables import Shower
from cli.web.visit import TooLongError, Visit
from ledger.model.threads import OWN_KINDS
from ledger.values.refusals import Refused
from projections.questions import QUESTIONS

_FEW, _MANY = 100, 500  # rows of an answer among others, and of one that has a page of its own
_MOST_EVENTS = 50  # on one page
_TABLE = ("--labels=names",)
_PLACE = "start"  # the parameter of an address that says from which row on
_FAILURES = (Refused, click.ClickException, TooLongError, NoSuchPageError)
MENU = (
    ("Parties", "/"), ("Deals", "/deals"), ("Pending", "/pending"), ("Timeline", "/timeline"),
    ("Sources", "/sources"), ("Breaches", "/breaches"), ("Conflicts", "/conflicts"),
    ("Check", "/check"), ("What if", "/what-if"), ("All questions", "/questions"),
)  # fmt: skip
_WHAT_IF = (
    "What a question would be answered if further events were recorded. They are checked as if they"
    " were appended, and not recorded; what the answer's links lead to is without them."
)
_FILM = (
    "A film shows the graph on all days, as known by all days, with two sliders. It is one page of"
    " its own, the only one here with a script, and can be kept: it asks nobody for anything."
    " To make it takes some seconds, of a large ledger minutes."
)
_GRAPH = "Who has what of whom; the page of the graph tells the same as a list"
_CHART = "What holders had over time; the page of the chart tells the same as a list"
_OF_SOMETHING = ("diff", "group", "owners")  # of this, or with an option of all
_OF_LARGE = ("holdings", "restatements")  # of this, where all of them would take too long
_LARGE = 5_000  # events
_PAGED = {  # rows of what is asked page by page
    "parties": "25", "timeline": "100", "classes": "25", "sources": "25", "deals": "50",
    "pending": "50", "conflicts": "25",
}  # fmt: skip
_PAGED_WHOLE = ("deals", "pending", "conflicts")  # of everything alone
_GO_ON = re.compile(r"go on with --(after|before) (\S+)\.$")
_LAST = "20"  # events of a timeline among other answers
_OWN = {  # what pages of their own take beside the limits
    "": ("text", "after"), "what-if": ("events", "ask", "only", "clauses"),
    **dict.fromkeys(("questions", "c", "p", "d", "s", "e", "source", "film"), ()),
}  # fmt: skip
Asked = tuple[str, str, Mapping[str, Sequence[str]]]  # a heading, the path of a question, options


@dataclass
class Pages:
    """The pages of one visit under some limits."""

    visit: Visit
    query: Query
    limits: Limits
    _addresses: dict[tuple[str, ...], str] = field(default_factory=dict)

    def page(self, parts: Sequence[str]) -> Page:
        """The page at a path."""
        self._refuse_others("".join(parts[:1]))
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
                return self._thread(id, ("Steps", "deals", {"deal": [id]}))
            case ["s", id]:
                return self._thread(id)
            case ["e", event]:
                return self._event(event)
            case ["e", *events] if 1 < len(events) <= _MOST_EVENTS:
                return self._events(events)
            case ["source", id]:
                return self._source(id)
            case ["film", id]:
                return self._film(id)
        return self._question(*served_at(parts))

    def _refuse_others(self, first: str) -> None:
        """Refuse what a page does not take that asks no question by its own path."""
        if first in _OWN:
            refuse_others(self.query, (*_OWN[first], *LIMITS), "this page")

    @property
    def _shower(self) -> Shower:
        return Shower(self.visit.parts, self.address)

    def address(self, to: tuple[str, ...]) -> str:
        """The address of what is named, under the limits of this page."""
        if to not in self._addresses:
            self._addresses[to] = self._address(*to)
        return self._addresses[to]

    def _address(self, kind: str, *ids: str) -> str:
        if kind == "command":
            asked, query = query_of_words(ids)
            parts, rest = asked.at(query)
            own = Limits.of(rest)
            limits = Limits({**self.limits.given, **own.given})
            return limits.at(path_of(*parts), {n: v for n, v in rest.items() if n not in LIMITS})
        issues = kind == "party" and self.visit.knows(f"issuer:{ids[0]}")
        return self.limits.at(path_to("issuer" if issues else kind, *ids))

    def _parties(self) -> Page:
        asked = {n: [one for one in self.query.get(n, ()) if one] for n in ("text", "after")}
        section, more = self._main("parties", asked)
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
        events, ask, only, clauses = (
            "".join(self.query.get(name, ())[:1]) for name in ("events", "ask", "only", "clauses")
        )
        supposing = Supposing(events, ask, bool(only), bool(clauses))
        asking = Page("What if", self.limits, about=_WHAT_IF, supposing=supposing)
        if not events.strip() or not ask.strip():
            return asking
        try:
            screen = supposed(self.visit, ask, events, supposing.only, self._cut)
            sections = [Section("", "", self._shower.shown(screen, 0, _MANY))]
            if supposing.clauses:
                screen = proposed(self.visit, events, self.limits.cut().as_of)
                shown = self._shower.shown(screen, 0, _MANY)
                whole = ", by all that is recorded" if {*self._cut} - {"as-of"} else ""
                sections.append(Section(f"What clauses of agreements say{whole}", "", shown))
        except _FAILURES as error:
            return replace(asking, problem=problem_of(error))
        return replace(asking, title=self._title(sections[0]), sections=sections)

    def _company(self, id: str) -> Page:
        asked: list[Asked] = [
            ("Holdings", "holdings", {"issuer": [id]}),
            ("Votes", "votes", {"issuer": [id]}),
            ("Governance and agreements", "governance", {"company": [id]}),
            ("Pending", "pending", {"subject": [id]}),
            ("Claims", "claims", {"subject": [id]}),
            ("Timeline", "timeline", {"subject": [id], "limit": [_LAST]}),
        ]
        picture = self._picture("Graph", ("c", id, "graph.svg"), ("graph", id), {}, _GRAPH)
        registered = self.visit.tells(f"issuer:{id}", "share-class-created")
        return self._together(id, asked, links.of_company(self.limits, id, registered), [picture])

    def _party(self, id: str) -> Page:
        asked: list[Asked] = [
            ("Holdings", "holdings", {"holder": [id]}),
            ("Claims", "claims", {"subject": [id]}),
            ("Timeline", "timeline", {"subject": [id], "limit": [_LAST]}),
        ]
        issues = self.visit.knows(f"issuer:{id}")
        return self._together(id, asked, links.of_party(self.limits, id, issues))

    def _thread(self, id: str, *asked: Asked) -> Page:
        more: list[Asked] = [
            ("Claims", "claims", {"subject": [id]}),
            ("Timeline", "timeline", {"subject": [id], "limit": [_LAST]}),
        ]
        kinds = [kind for kind in OWN_KINDS if self.visit.knows(f"{kind}:{id}")]
        pending = any(self.visit.knows(f"{kind}:{id}") for kind in QUESTIONS["pending"].kinds)
        if "agreement" in kinds:
            more.insert(0, ("Breaches", "breaches", {"agreement": [id]}))
        return self._together(id, [*asked, *more], links.of_thread(self.limits, id, kinds, pending))

    def _event(self, event: str) -> Page:
        section, _ = self._main("show", {"event": [_named(event)]})
        subject = f"position:{event}" if event.isdecimal() else f"key:{event}"
        found = self.visit.looked_up(self.visit.path, lambda index: index.mentioning(subject))
        last = self.visit.position
        beside = links.of_event(self.limits, found[0], last) if found else ()
        return Page(self._title(section), self.limits, [section], links=beside)

    def _events(self, events: Sequence[str]) -> Page:
        """Several events together."""
        sections = [
            replace(
                self._section(_named(event), "show", {"event": [_named(event)]}),
                address=self.limits.at(path_of("e", event)),
            )
            for event in events
        ]
        return Page(f"{len(events)} events", self.limits, sections)

    def _source(self, id: str) -> Page:
        found = self.visit.looked_up(
            self.visit.path, lambda index: index.mentioning(f"source:{id}", ["source-registered"])
        )
        asked: list[Asked] = [
            ("What was registered", "show", {"event": [one.key]}) for one in found[:1]
        ]
        rests = {"subject": [id], "all": ["1"], "limit": [_PAGED["timeline"]]}
        asked.append(("What rests on it", "timeline", rests))
        return self._together(id, asked, [])

    def _film(self, id: str) -> Page:
        if not self.visit.knows(f"party:{id}"):
            raise NoSuchPageError
        title = f"Film around {self.visit.title(id, self.limits.cut())}"
        whole = self.limits.at(path_of("p", id, "film.html"))
        near = self.limits.at(path_of("p", id, "film.html"), {"depth": ["1"]})
        entries = [
            ("Make the film", whole, "All above it, and all below."),
            (
                "Make a smaller film",
                near,
                "One step above and below, where the whole is too large.",
            ),
        ]
        back = [("Graph", self.limits.at(path_of("graph", id)))]
        return Page(title, self.limits, entries=entries, about=_FILM, links=[Links("Ask", back)])

    def _together(
        self,
        id: str,
        asked: Sequence[Asked],
        links: Sequence[Links],
        pictures: Sequence[Picture] = (),
    ) -> Page:
        """A page of several answers; the first has to be there, or nothing is."""
        sections = [self._section(heading, path, query) for heading, path, query in asked]
        problems = [one.problem for one in sections if one.problem]
        if len(problems) == len(sections):
            return Page(id, self.limits, problem=problems[0])
        title = self.visit.title(id, self.limits.cut())
        return Page(
            title, self.limits, [*filter(_says_anything, sections)], links=links,
            pictures=pictures,
        )  # fmt: skip

    def _title(self, section: Section) -> str:
        return section.shown.title if section.shown else section.heading

    def _picture(
        self, heading: str, image: Sequence[str], told: Sequence[str], query: Query, shows: str
    ) -> Picture:
        image_at, told_at = (self.limits.at(path_of(*path), query) for path in (image, told))
        return Picture(heading, image_at, told_at, shows)

    def _section(self, heading: str, path: str, query: Query) -> Section:
        asked = served_at([path])[0]
        parts, rest = asked.at(query)
        address = self.limits.at(path_of(*parts), rest)
        try:
            screen = self.visit.told(words_of(asked, {**query, **self._cut}, *_TABLE))
        except Refused as refused:
            return Section(heading, address, None, problem_of(refused))
        return Section(heading, address, self._shower.shown(screen, 0, _FEW))

    def _main(self, path: str, query: Query) -> tuple[Section, str]:
        """The one answer of a page, and the address of the rows that follow."""
        asked, start = served_at(path.split("/"))[0], self._start
        query = _limited(asked, query)
        screen = self.visit.told(words_of(asked, {**query, **self._cut}, *_TABLE))
        shown = self._shower.shown(screen, start, _MANY)
        more = _gone_on(query, map(self.visit.plain, screen.notes))
        if shown.left:
            more = {**query, _PLACE: [str(start + _MANY)]}
        following = self.limits.at(f"/{path}", more) if more else ""
        return Section("", "", shown), following

    @property
    def _start(self) -> int:
        text = only_value(_PLACE, self.query.get(_PLACE, ())) or "0"
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
            Field.of(name, one, query.get(name, ()))
            for name, one in asked.parameters().items()
            if name not in LIMITS
        ]
        about, title = _first(asked.command), asked.path.replace("/", " ").capitalize()
        asking = Page(title, self.limits, fields=fields, about=about, action=path_of(*asked.words))
        given = {name: values for name, values in query.items() if any(values)}
        if not given and self._needs(asked):
            return asking
        try:
            section, more = self._main(asked.path, query)
        except _FAILURES as error:
            return replace(asking, problem=problem_of(error))
        return replace(
            asking, title=self._title(section), sections=[section], following=more,
            links=list(self._beside(asked, given)), pictures=self._pictures(asked, given),
            json=self.limits.at(f"/api/v1/{asked.path}", _limited(asked, given)),
        )  # fmt: skip

    def _needs(self, asked: Served) -> bool:
        """Whether a question is asked of something, which has to be given."""
        of_large = asked.path in _OF_LARGE and self.visit.position > _LARGE
        required = any(p.required for p in asked.parameters().values())
        return required or of_large or asked.path in _OF_SOMETHING

    def _beside(self, asked: Served, given: Query) -> Sequence[Links]:
        """More of the same answer, and what it would be otherwise."""
        known, found = asked.parameters(), list[Links]()
        parts, rest = asked.at(given)
        if "full" in known and "full" not in given:
            whole = self.limits.at(path_of(*parts), {**rest, "full": ["1"]})
            found.append(Links("More", [("All of it", whole)]))
        if "without" in known:
            found.append(links.what_if(self.limits, path_of(*parts)[1:], rest))
        return found

    def _pictures(self, asked: Served, given: Query) -> Sequence[Picture]:
        """The picture that tells the same as an answer."""
        name = {"graph": "party", "chart": "issuer"}.get(asked.path)
        if name is None:
            return ()
        id, rest = given[name][0], {n: v for n, v in given.items() if n not in (name, "ascii")}
        path, shows = ("p", id, f"{asked.path}.svg"), _GRAPH if name == "party" else _CHART
        return [self._picture("Picture", path, (asked.path, id), rest, shows)]


def rows_at_once(asked: Served, query: Query) -> str | None:
    """How many rows a page shows of a question that is asked page by page; None of any other."""
    if asked.path in _PAGED_WHOLE and any(map(query.get, asked.arguments())):
        return None
    return _PAGED.get(asked.path)


def _limited(asked: Served, query: Query) -> Query:
    """What is asked, with as many rows as a page shows where that is not given."""
    most = rows_at_once(asked, query)
    return {**query, "limit": [most]} if most and not any(query.get("limit", ())) else query


def _gone_on(query: Query, notes: Iterable[str]) -> Query:
    """The parameters with which the next page of an answer is asked; none after the last one."""
    found = next(filter(None, map(_GO_ON.search, notes)), None)
    if found is None:
        return {}
    kept = {name: values for name, values in query.items() if name not in ("after", "before")}
    return {**kept, found[1]: [found[2]]}


def _named(event: str) -> str:
    return f"#{event}" if event.isdecimal() else event


def _first(command: click.Command) -> str:
    """What a command answers, in its first sentence."""
    return (command.help or "").strip().split("\n\n")[0].replace("\n", " ").strip()


def _says_anything(section: Section) -> bool:
    """Whether an answer has more than that there is none."""
    shown = section.shown
    return shown is None or bool(shown.tables or shown.remark or shown.notes)
