"""The stories of ``fixtures/scenarios``: read, told to a ledger step by step, and compared.

A story has a title (``story``), a sentence or two (``tells``) and ``steps``, each one of

- ``append``: an event or a list of events (one batch) that must be recorded; ``warns`` gives a part
  of each warning that must come with it (none, if left out);
- ``refuse``: the name of the refusal with which an ``event`` or ``events`` must be refused, and in
  ``because`` a part of its sentence;
- ``expect``: a question with its subject; ``as_of`` (default: the end of time), ``known_by``,
  ``recorded_by_step``, ``standing`` and ``policy`` cut it; ``rows`` gives the columns to compare of
  each row, ``possible`` the keys of all possible events, ``notes`` a part of each note that must be
  there.

Step N is recorded on the Nth day of 2025. In answers ``none`` stands for nothing, ``yes`` and
``no`` for a mark; of ``reasons`` a part of each is given, in their order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from ledger.application import Ledger
from ledger.batch import Draft
from ledger.intake.event_files import entry_of
from ledger.intake.yaml import Listed, parse_yaml
from ledger.storage.opening import peek
from ledger.time.cut import FLOORS
from ledger.time.history import History, recorded_by
from ledger.time.log import Log
from ledger.time.view import Cut, View
from ledger.values.dates import FOREVER, parse_days, parse_instant
from ledger.values.refusals import Refusal, Refused
from ledger.values.warnings import WarningKind
from projections.answer import Answer, complete
from projections.consistency.checks import check
from projections.consistency.conflicts import conflicts
from projections.control.beneficial import beneficial
from projections.control.group import group
from projections.control.owners import owners
from projections.control.power import power
from projections.directory.classes import classes
from projections.directory.parties import parties
from projections.obligations.breaches import breaches
from projections.obligations.governed import governance
from projections.pictures.graph import graph
from projections.radar.radar import radar
from projections.readmodel.index import views_path
from projections.readmodel.opening import open_index
from projections.subjects.claims import claims
from projections.subjects.deals import deals
from projections.subjects.diluted import diluted
from projections.subjects.dividends import dividends
from projections.subjects.holdings import holdings
from projections.subjects.meetings import meetings
from projections.subjects.offers import offer
from projections.subjects.pending import pending
from projections.subjects.share_rights import rights
from projections.subjects.timeline import show, timeline
from projections.subjects.vote_lots import lots
from tests import ROOT
from tests.counted import totals_over_time, votes, votes_by_class
from tests.helpers import passed

FOLDER = ROOT / "fixtures" / "scenarios"
QUESTIONS: Mapping[str, Callable[..., Answer]] = {
    "beneficial": beneficial,
    "holdings": holdings,
    "breaches": breaches,
    "ranges": partial(holdings, ranged=True),
    "votes": votes,
    "lots": lots,
    "votes-by-class": votes_by_class,
    "totals-over-time": totals_over_time,
    "diluted": diluted,
    "governance": governance,
    "graph": graph,
    "group": group,
    "power": power,
    "deals": deals,
    "offer": offer,
    "owners": owners,
    "rights": rights,
    "radar": radar,
    "pending": pending,
    "claims": claims,
    "dividends": dividends,
    "classes": classes,
    "meetings": meetings,
    "parties": parties,
    "conflicts": conflicts,
    "check": check,
    "timeline": timeline,
    "show": show,
}
NEED_SUBJECT = (
    "lots",
    "votes-by-class",
    "totals-over-time",
    "votes",
    "diluted",
    "governance",
    "graph",
    "group",
    "power",
    "meetings",
    "claims",
    "show",
    "offer",
    "rights",
    "owners",
    "radar",
)
STORY_FIELDS = ("story", "tells", "steps")
STEP_FIELDS = {
    "append": ("append", "warns"),
    "refuse": ("refuse", "because", "event", "events"),
    "expect": (
        "expect", "as_of", "known_by", "recorded_by_step", "standing", "policy", "rows",
        "possible", "notes",
    ),
}  # fmt: skip
UNTOLD = (WarningKind.NO_SOURCE, WarningKind.KNOWN_LATE)  # stories are short, and do without
FIRST_DAY = datetime(2025, 1, 1, 9, tzinfo=UTC)


class Step(NamedTuple):
    """One step of a story: where it stands, its number from 1, its kind and its fields."""

    place: str
    number: int
    kind: str
    fields: dict[str, Any]


class Story(NamedTuple):
    """A story as read from its file."""

    title: str
    steps: tuple[Step, ...]


class Untrue(AssertionError):
    """A story that is not told as the format asks, or not borne out by the ledger."""


# Reading


def stories() -> list[Path]:
    """The files of all stories, by name."""
    return sorted(FOLDER.glob("*.yaml"))


@cache
def read_story(path: Path) -> Story:
    """The story in a file; Untrue at the first thing the format does not know."""
    documents = [value for value, _ in parse_yaml(path.read_text("utf-8"), path.name)]
    if len(documents) != 1 or not isinstance(documents[0], dict):
        raise Untrue(f"{path.name}: a story is one document with {_listed(STORY_FIELDS)}.")
    told = documents[0]
    _check_fields(path.name, told, STORY_FIELDS, needed=STORY_FIELDS)
    told_steps = told["steps"]
    if not isinstance(told_steps, Listed) or not told_steps:
        raise Untrue(f"{path.name}: steps is a list of at least one step.")
    numbered = enumerate(zip(told_steps, told_steps.lines, strict=True), start=1)
    steps = (_step(f"{path.name}:{line}", number, fields) for number, (fields, line) in numbered)
    return Story(told["story"], tuple(steps))


def types_told(story: Story) -> set[str]:
    """The types of the events that a story records."""
    events = (e for step in story.steps if step.kind == "append" for e in _events(step))
    return {event["type"] for event in events}


def drafts_of(story: Story) -> list[Draft]:
    """The events that a story records, in their order."""
    return [d for step in story.steps if step.kind == "append" for d in _drafts(step)]


def _step(place: str, number: int, fields: Any) -> Step:
    kinds = [kind for kind in STEP_FIELDS if isinstance(fields, dict) and kind in fields]
    if len(kinds) != 1:
        raise Untrue(f"{place}: a step is one of {_listed(STEP_FIELDS)}.")
    kind = kinds[0]
    needed = ("refuse", "because") if kind == "refuse" else (kind,)
    _check_fields(place, fields, STEP_FIELDS[kind], needed)
    return Step(place, number, kind, fields)


def _check_fields(
    place: str, fields: Mapping[str, Any], known: Sequence[str], needed: Sequence[str]
) -> None:
    for name in fields:
        if name not in known:
            raise Untrue(f"{place}: {name!r} is not known here; there are {_listed(known)}.")
    for name in needed:
        if name not in fields:
            raise Untrue(f"{place}: {name} is missing.")


def _listed(words: Any) -> str:
    return ", ".join(words)


def _events(step: Step) -> list[Any]:
    """The events a step appends or sees refused."""
    if step.kind == "append":
        given = step.fields["append"]
    elif ("event" in step.fields) == ("events" in step.fields):
        raise Untrue(f"{step.place}: give event, or events.")
    else:
        given = step.fields.get("event") or step.fields["events"]
    return list(given) if isinstance(given, list) else [given]


# Telling


def tell(story: Story, folder: Path) -> None:
    """Tell a story to a new ledger in a folder; Untrue at the first step that is not borne out.

    At the end every expectation is asked once more, as recorded by its own step (nothing recorded
    later may change it), and the log is replayed by the rules that accepted it.
    """
    path, clock = folder / "story.db", _Clock()
    with Ledger(path, clock.now, clock.new_id, mode="rwc") as ledger:
        teller = Teller(path, ledger)
        for step in story.steps:
            clock.day = step.number
            teller.take(step)
        for step in story.steps:
            if step.kind == "expect":
                teller.expect(step, by_step=step.number)
        if passed(ledger) != peek(path).position:
            raise Untrue("The replay did not pass every position of the log.")


class _Clock:
    """A clock that stands still on the day of a step, and ids that count."""

    def __init__(self) -> None:
        self.day, self.made = 1, 0

    def now(self) -> datetime:
        return FIRST_DAY + timedelta(days=self.day - 1)

    def new_id(self) -> str:
        self.made += 1
        return f"01940000-0000-7000-8000-{self.made:012}"


class Teller:
    """Takes the steps of one story with one ledger."""

    def __init__(self, path: Path, ledger: Ledger) -> None:
        self.path, self.ledger = path, ledger

    def take(self, step: Step) -> None:
        """Take a step of any kind."""
        {"append": self.append, "refuse": self.refuse, "expect": self.expect}[step.kind](step)

    def append(self, step: Step) -> None:
        """Record the events, with the warnings said and no others."""
        try:
            receipt = self.ledger.append(_drafts(step))
        except Refused as refused:
            raise Untrue(f"{step.place}: this should have been recorded: {refused}") from None
        said = step.fields.get("warns", [])
        warnings = [str(warned) for warned in receipt.warnings if warned.kind not in UNTOLD]
        if len(said) != len(warnings) or not _each_found(said, warnings):
            raise Untrue(f"{step.place}: the warnings are\n{_shown(warnings)}")

    def refuse(self, step: Step) -> None:
        """See the events refused for the reason said, and nothing recorded."""
        wanted, because = step.fields["refuse"], step.fields["because"]
        if wanted.upper().replace("-", "_") not in Refusal.__members__:
            raise Untrue(f"{step.place}: there is no refusal {wanted!r}.")
        before = peek(self.path).position
        try:
            self.ledger.append(_drafts(step))
        except Refused as refused:
            if f" {wanted}]" not in str(refused) or because not in str(refused):
                raise Untrue(f"{step.place}: it was refused otherwise: {refused}") from None
        else:
            raise Untrue(f"{step.place}: this should have been refused as {wanted}.")
        if peek(self.path).position != before:
            raise Untrue(f"{step.place}: something was recorded of what was refused.")

    def expect(self, step: Step, by_step: int | None = None) -> None:
        """Ask on the log and on the read model, compare both, and compare with the story."""
        instant = _recorded_by(step) or (_last_instant(by_step) if by_step else None)
        with self._histories(instant) as histories:
            ours, theirs = (answer_of(step, history, instant) for history in histories)
        if ours != theirs:
            raise Untrue(
                f"{step.place}: the log and the read model answer differently:\n{ours}\n{theirs}"
            )
        try:
            compare(step, ours)
        except Untrue as untrue:
            again = " when asked again at the end of the story" if by_step else ""
            raise Untrue(f"{step.place}: {step.fields['expect']}{again}: {untrue}") from None

    @contextmanager
    def _histories(self, instant: str | None) -> Iterator[tuple[History, History]]:
        log = Log(recorded_by(self.ledger.events_after(0), instant or "~"))
        index = open_index(views_path(self.path), self.ledger)
        with closing(index):
            yield log, index.recorded_by(instant) if instant else index


def _drafts(step: Step) -> list[Draft]:
    drafts = []
    for number, fields in enumerate(_events(step), start=1):
        entry = entry_of(fields, step.place)
        key = entry.key or f"step-{step.number}-{number}"
        drafts.append(Draft(entry.event, key, entry.place, entry.key is not None))
    return drafts


def _last_instant(step: int) -> str:
    """The last instant of the day on which a step is recorded."""
    return parse_instant((FIRST_DAY + timedelta(days=step - 1)).date().isoformat())


def _recorded_by(step: Step) -> str | None:
    number = step.fields.get("recorded_by_step")
    if number is None:
        return None
    if not number.isdigit() or not 1 <= int(number) <= step.number:
        raise Untrue(f"{step.place}: recorded_by_step names no step before this one.")
    return _last_instant(int(number))


def answer_of(step: Step, history: History, instant: str | None) -> Answer:
    name, _, subject = step.fields["expect"].partition(" ")
    if name not in QUESTIONS or (name in NEED_SUBJECT and not subject):
        raise Untrue(f"{step.place}: {step.fields['expect']!r} is no question with its subject.")
    floor = step.fields.get("standing", "any")
    if floor not in FLOORS:
        raise Untrue(f"{step.place}: standing is one of {_listed(FLOORS)}.")
    policy = step.fields.get("policy", "standing")
    as_of, known_by = (step.fields.get(field, FOREVER) for field in ("as_of", "known_by"))
    cut = Cut(parse_days(as_of).last, parse_days(known_by).last, instant, floor, policy)
    view = View(history, cut)
    return complete(view, QUESTIONS[name](view, *([subject] if subject else [])))


# Comparing


def compare(step: Step, answer: Answer) -> None:
    """Untrue where an answer is not what a step expects of it."""
    wanted = step.fields.get("rows")
    if wanted is not None and (len(wanted) != len(answer.rows) or not _paired(wanted, answer.rows)):
        columns = {name for row in wanted for name in row}
        raise Untrue(
            f"these rows are expected:\n{_shown(wanted)}\nthe answer is:\n"
            + _shown([_only(columns, row) for row in answer.rows])
        )
    possible = [row["event"] for row in answer.possible]
    if sorted(step.fields.get("possible", possible)) != sorted(possible):
        raise Untrue(f"these events are possible:\n{_shown(answer.possible)}")
    for part in step.fields.get("notes", []):
        if not any(part in note for note in answer.notes):
            raise Untrue(f"no note has {part!r}; the notes are:\n{_shown(answer.notes)}")


def _paired(wanted: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether each expected row can be paired with a row of its own that fits it."""
    if not wanted:
        return True
    return any(
        fits(wanted[0], row) and _paired(wanted[1:], [*rows[:place], *rows[place + 1 :]])
        for place, row in enumerate(rows)
    )


def fits(wanted: Any, given: Any) -> bool:
    """Whether a value, or the named parts of a row, are as expected."""
    if isinstance(wanted, Mapping):
        return isinstance(given, Mapping) and all(
            name in given and _fits_column(name, value, given[name])
            for name, value in wanted.items()
        )
    if isinstance(wanted, list):
        return (
            isinstance(given, list | tuple)
            and len(wanted) == len(given)
            and all(map(fits, wanted, given))
        )
    return bool(wanted == _text(given))


def _fits_column(name: str, wanted: Any, given: Any) -> bool:
    if name == "reasons":
        return len(wanted) == len(given) and all(map(str.__contains__, given, wanted))
    return fits(wanted, given)


def _text(value: Any) -> str:
    if value is None:
        return "none"
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)


def _each_found(parts: Sequence[str], texts: Sequence[str]) -> bool:
    return all(any(part in text for text in texts) for part in parts)


def _only(columns: set[str], row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name in columns}


def _shown(values: Sequence[Any]) -> str:
    return "\n".join(f"  {value}" for value in values) or "  (nothing)"
