"""The composition root: the only place that opens stores, makes ids and reads the clock."""

from __future__ import annotations

import functools
import sqlite3
import sys
from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar

import click

from cli.completions import DATE
from cli.question import supposition
from cli.receiver import receiver
from ledger.storage.opening import peek, store_at
from ledger.storage.server import Place, Server
from ledger.storage.store import Mode
from ledger.time.cut import BY_SOURCE, named_sources
from ledger.time.history import known_ids
from ledger.time.view import Cut, View
from ledger.time.visibility import is_visible
from ledger.values.clock import CONFIRM
from ledger.values.dates import FOREVER, Days, parse_instant, parse_partial, stored_instant
from ledger.values.refusals import Refusal, Refused, nearest, shown, to_run

if TYPE_CHECKING:
    from cli.follower import Follower, Offline
    from ledger.application import Ledger
    from projections.answer import Answer
    from projections.readmodel.index import Index
    from projections.readmodel.provisional import ReadModelFile

Command = TypeVar("Command", bound=Callable[..., Any])
Answered = TypeVar("Answered", bound="Answer[Any]")
Found = TypeVar("Found")


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The day it is where the reader is."""
    return now().astimezone().date()


def at_terminal() -> bool:
    """Whether somebody sits there who can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def new_id() -> str:
    """A fresh UUIDv7."""
    from uuid_utils import uuid7

    return str(uuid7())


def shipped(name: str) -> Path:
    """A file or folder that comes with stakebook: in the installed package, or beside it in a
    source checkout."""
    package = Path(__file__).parent
    installed = package / name
    return installed if installed.exists() else package.parent / name


def open_ledger(path: Place, mode: Mode = "rw", *, actors: bool = False) -> Ledger:
    """The ledger at a place, to read, to write, or to make, with ``actors`` kept."""
    from cli.person import person
    from ledger.application import Ledger

    if mode != "rwc":
        peek(path)
    return Ledger(path, now, new_id, mode=mode, person=person, actors=actors)


class OpenedLedger:
    """The ledger at a place and its read model, for one command: each opened when it is first
    needed, both closed together. A question needs the read model alone."""

    def __init__(self, path: Place, mode: Literal["ro", "rw"] = "rw") -> None:
        self.path, self._mode = path, mode
        self._opened = ExitStack()

    @functools.cached_property
    def ledger(self) -> Ledger:
        """The store of the ledger."""
        return self._opened.enter_context(open_ledger(self.path, self._mode))

    @functools.cached_property
    def read_model(self) -> ReadModelFile:
        """The read model, which is compared with the log whenever it is asked to catch up."""
        from projections.readmodel.provisional import ReadModelFile

        advancing = partial(progress, "reading the log")
        file = ReadModelFile(self.views, advancing, warn)
        return self._opened.enter_context(closing(file))

    @functools.cached_property
    def views(self) -> Path:
        """Where the read model lies."""
        from projections.readmodel.index import views_path

        if isinstance(self.path, Server):
            from cli.follower import views_in

            return views_in(self._followed.folder)
        return views_path(self.path)

    @functools.cached_property
    def _followed(self) -> Follower | Offline:
        """The log on a server, as this machine follows it."""
        from cli.follower import following

        return self._opened.enter_context(closing(following(self.path, stored_instant(now()))))

    @property
    def index(self) -> Index:
        """The history of all that is recorded now, as the read model finds it."""
        if not isinstance(self.path, Server):
            return self.read_model.caught_up(store_at(self.path))
        index = self.read_model.caught_up(self._followed)
        self._followed.keep_contact()
        return index

    def catch_up(self) -> None:
        """Read what the log has more than the read model."""
        self.ask(lambda _: None)

    def ask(self, ask: Callable[[Index], Found]) -> Found:
        """What is found in the read model, which is built anew when it is found broken."""
        try:
            return ask(self.index)
        except sqlite3.DatabaseError:
            if not self.read_model.discard():
                raise
            return ask(self.index)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self._opened.close()


def warn(text: str) -> None:
    """Say on standard error what is no failure."""
    from cli.safe_text import safe

    click.echo(f"warning: {safe(text)}", err=True)


def answered(
    path: Place,
    cut: Cut,
    ask: Callable[[View], Answered],
    form: str = "table",
    then: Callable[[Answered], Answered] = lambda answer: answer,
) -> Answered:
    """The answer to a question at a cut; for JSON and CSV each id in its rows has its name.

    ``then`` is done with it while the ledger is open.
    """
    return looked_up(path, lambda index: then(_asked(index, cut, ask, form)))


def looked_up(path: Place, look: Callable[[Index], Found]) -> Found:
    """What is found in the read model of the ledger at a place."""
    if taking := receiver():
        return taking.looked_up(path, look)
    with OpenedLedger(path) as opened:
        return opened.ask(look)


def _asked(index: Index, cut: Cut, ask: Callable[[View], Answered], form: str) -> Answered:
    from projections.answer import complete

    view = view_at(index, cut)
    answer = complete(view, ask(view))
    if form in ("json", "csv"):
        from projections.names import Names, name_rows

        name_rows(answer, Names(view))
    return answer


def view_at(index: Index, cut: Cut) -> View:
    """The history in a read model, with what the command supposes, seen through a cut."""
    if cut not in index.views:
        history = index.recorded_by(cut.recorded_by) if cut.recorded_by else index
        index.views[cut] = View(history, cut)
    view, supposed = index.views[cut], supposition()
    view = View(supposed.over(view.history), cut) if supposed else view
    check_policy(view)
    return view


def cut_options(command: Command) -> Command:
    """The limits of a question and the format of its answer, as options of a command."""
    return cut_alone(format_option(command))


def cut_alone(command: Command) -> Command:
    """The limits of a question, as options of a command."""
    options = (
        click.option(
            "--as-of",
            type=DATE,
            metavar="DATE",
            help="As it stood at the end of DATE [today, where you are].",
        ),
        click.option(
            "--known-by", type=DATE, metavar="DATE", help="As known at the end of DATE [no limit]."
        ),
        click.option(
            "--recorded-by", metavar="TIME", help="As recorded in this ledger by TIME, UTC [now]."
        ),
        click.option(
            "--standing",
            type=click.Choice(["official", "reported", "any"]),
            default="any",
            show_default=True,
            help="The weakest standing of events to count.",
        ),
        click.option(
            "--policy",
            metavar="POLICY",
            default="standing",
            show_default=True,
            help="Whom to prefer where sources disagree: standing, latest or source:ID,ID...",
        ),
    )

    @functools.wraps(command)
    def with_cut(
        as_of: str | None,
        known_by: str | None,
        recorded_by: str | None,
        standing: str,
        policy: str,
        **others: Any,
    ) -> Any:
        cut = make_cut(as_of, known_by, recorded_by, standing, policy)
        return command(cut=cut, **others)

    for option in reversed(options):
        with_cut = option(with_cut)
    return with_cut  # type: ignore[return-value]


def format_option(command: Command) -> Command:
    """The option that chooses how an answer is written."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["table", "json", "csv", "markdown"]),
        default="table",
        show_default=True,
        help="How to write the answer.",
    )(command)


def clock_option() -> click.Option:
    """--clock-is-right"""
    return click.Option(
        [CONFIRM], is_flag=True, help="Go on although the clock is far from the recorded times."
    )


def jobs_option() -> click.Option:
    """--jobs"""

    def usual() -> int:
        from ledger.storage import beside

        return min(beside.cores(), 2)

    return click.Option(
        ["--jobs"],
        type=click.IntRange(1),
        default=usual,
        metavar="N",
        help="Processes that work at once on many events, 1 or 2 [2, or 1 on one core].",
    )


def make_cut(
    as_of: str | None, known_by: str | None, recorded_by: str | None, standing: str, policy: str
) -> Cut:
    """A cut from what was typed; a partial date stands for its last day, and ``today`` and
    ``yesterday`` for those of the reader."""
    return Cut(
        days_typed("--as-of", "today" if as_of is None else as_of).last,
        days_typed("--known-by", known_by).last if known_by is not None else FOREVER,
        _instant(recorded_by) if recorded_by is not None else None,
        standing,
        _policy(policy),
    )


def check_known(view: View, wanted: str, *prefixes: str) -> None:
    """Refuse a question about an id that nothing recorded speaks of, naming the near ones."""
    history = view.history
    wanted = wanted.encode(errors="backslashreplace").decode()
    if any(history.knows(f"{prefix}:{wanted}") for prefix in prefixes):
        return
    _refuse_other_kind(view, wanted)
    known = known_ids(history, *prefixes)

    def may_tell(id: str) -> bool:
        about = (recorded for prefix in prefixes for recorded in history.each(f"{prefix}:{id}"))
        return any(is_visible(view, recorded) for recorded in about)

    starting = (id for id in known if wanted and id.startswith(wanted))
    first = list(islice(filter(may_tell, starting), 5))
    hint = f"It begins {', '.join(first)}." if first else nearest(wanted, known, may_tell)
    hint = hint or _near_names(view, wanted, prefixes, may_tell)
    if view.cut.recorded_by:
        hint = f"{hint} Only what was recorded by {view.cut.recorded_by} counts here.".strip()
    raise Refused(
        Refusal.UNKNOWN_SUBJECT,
        f"Nothing recorded speaks of {shown(wanted)}.",
        hint or f"{to_run('search', wanted)} looks for the words in all that is recorded.",
    )


def _refuse_other_kind(view: View, wanted: str) -> None:
    """Refuse the id of a thing that is recorded, and of no kind that is asked about."""
    from projections.names import Names

    if kind := Names(view).kind_of(wanted):
        raise Refused(
            Refusal.UNKNOWN_SUBJECT,
            f"{shown(wanted)} is recorded as {'an' if kind[0] in 'aeio' else 'a'} {kind}.",
            f"This is asked of other things; {to_run('timeline', wanted)} tells of it.",
        )


def _near_names(
    view: View, wanted: str, kinds: tuple[str, ...], may_tell: Callable[[str], bool]
) -> str:
    from projections.names import Names, near

    names = Names(view)
    close = list(islice(filter(may_tell, near(view.history, wanted, kinds)), 3))
    called = [names.title(names.kind_of(id), id) for id in close]
    return f"Did you mean {' or '.join(called)}?" if close else ""


def check_policy(view: View) -> None:
    """Refuse a policy that prefers a source nobody recorded."""
    for source in named_sources(view.cut.policy):
        check_known(view, source, "source")


def progress(label: str, total: int) -> Any:
    """A context giving a function of the number done; a bar on a terminal when the work is long."""
    from cli.progress import bar

    return bar(label, total)


def _policy(text: str) -> str:
    if text in ("standing", "latest") or text.startswith(BY_SOURCE):
        return text
    raise Refused(
        Refusal.BAD_CHOICE,
        f"{shown(text)} is not a policy.",
        "Write standing, latest, or source: and ids of sources with commas between them.",
        "--policy",
    )


def day_named(text: str) -> str:
    """The date that ``today`` or ``yesterday`` names; any other text as it is."""
    back = {"today": 0, "yesterday": 1}.get(text)
    return text if back is None else (today() - timedelta(days=back)).isoformat()


def days_typed(option: str, text: str) -> Days:
    """The days that a date typed for an option covers."""
    try:
        return parse_partial(day_named(text))
    except Refused as refused:
        raise refused.at(option) from None


def _instant(text: str) -> str:
    try:
        return parse_instant(text)
    except Refused as refused:
        raise refused.at("--recorded-by") from None
