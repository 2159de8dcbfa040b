"""No question forgets a cut: whatever is asked, nothing is told of what comes later."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.main import COMMANDS, cli
from ledger.events.envelope import Recorded
from ledger.time.history import REGISTRATIONS, SOURCE_EVENTS, known_ids, root_of
from ledger.time.log import Log
from ledger.time.view import Cut, View
from ledger.time.visibility import is_known, is_visible
from ledger.values.refusals import Refused
from projections.changes.diff import diff
from projections.changes.restatements import restatements
from projections.consistency.checks import check
from projections.consistency.conflicts import conflicts
from projections.explain.deals import explain_thread
from projections.explain.holdings import explain_holdings
from projections.explain.seats import explain_seats
from projections.explain.votes import explain_votes
from projections.questions import answers
from projections.subjects.holdings import holdings
from projections.subjects.pending import pending
from projections.subjects.timeline import show, timeline
from tests import histories
from tests.helpers import run
from tests.projections.readmodel.test_histories import slow
from tests.scenarios import drafts_of, read_story, stories
from tests.test_alliance import PRESS, REGISTER, TOLD_OF, loaded

BEFORE_ALL = "1900-01-01"
LIMITS = (
    ("--known-by", BEFORE_ALL),
    ("--as-of", BEFORE_ALL, "--known-by", BEFORE_ALL),
    ("--recorded-by", BEFORE_ALL),
)
FORMS: tuple[tuple[str, ...], ...] = ((), ("--format", "json"), ("--format", "csv"))
COMPARED = ("export", "reconcile")  # they write files, or look at one that is given
NEVER_TOLD = ("shares", "amount", "title", "text", "value", "reason", "terms", "because", "about")
ASKED = {
    "holdings": (
        ("nissan",),
        ("--holder", "renault"),
        ("nissan", "--range"),
        ("--holder", "renault", "--indirect"),
    ),
    "votes": (("renault",), ("nissan", "--range")),
    "diluted": (("nissan",), ("nissan", "--detail")),
    "rights": (("nissan",),),
    "power": (("nissan",), ("renault", "--quota", "2/3", "--rest", "block")),
    "graph": (("nissan",), ("renault", "--depth", "1")),
    "chart": (("nissan",), ("renault", "--measure", "votes"), ("renault", "--terms")),
    "group": (("nissan",), ("renault", "--law", "renault=FR,nissan=JP")),
    "owners": (("nissan",), ("nissan", "--rule", "ofac")),
    "radar": (("nissan", "--rule", "JP-5-change"), ("nissan", "--rule", "JP-5", "--distance")),
    "governance": (("nissan",),),
    "meetings": (("nissan",),),
    "breaches": ((), ("rama",)),
    "deals": ((), ("alliance-rebalancing",)),
    "offer": (("bid",),),
    "pending": ((), ("nissan",)),
    "dividends": ((), ("nissan",)),
    "claims": (("ampere",),),
    "conflicts": ((), ("nissan",)),
    "timeline": ((), ("renault-nissan-trust",), ("nissan", "--after", "trust-sale-2")),
    "show": (("trust-sale-2",), ("trust-sale",), ("#70",)),
    "explain": (
        ("holdings", "nissan", "renault"),
        ("votes", "renault", "nissan-finance"),
        ("seats", "nissan", "renault"),
        ("indirect", "renault", "nissan"),
        ("deal", "alliance-rebalancing"),
        ("investment", "nissan-in-ampere"),
        ("offering", "ampere-ipo"),
    ),
    "diff": (("--from", f"as-of={BEFORE_ALL}"), ("nissan", "--from", f"known-by={BEFORE_ALL}")),
    "restatements": ((), ("nissan",)),
    "check": ((),),
    "report": (("-",),),
    "parties": ((), ("nissan",)),
    "classes": ((), ("nissan",)),
    "sources": ((),),
    "evidence": (("holdings", "nissan", "renault"),),
    "search": (("sale",), ("renault",)),
    "print": (
        ("members", "nissan", "-"),
        ("directors", "nissan", "-"),
        ("chronology", "nissan", "-"),
    ),
}


@pytest.fixture(scope="module")
def alliance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = loaded(tmp_path_factory.mktemp("cuts") / "alliance.db", [REGISTER, PRESS])
    mended = ("correct", "trust-sale-2", "--shares", "99132101", "--because", "a typing error")
    assert run(path, *mended, "--key", "mended-sale").code == 0
    gone = ("retract", "trust-sale-1", "--because", "no such sale", "--key", "gone-sale")
    assert run(path, *gone).code in (0, 2)
    for event in TOLD_OF:
        assert run(path, "append", *shlex.split(event)).code == 0
    return path


@pytest.fixture(scope="module")
def listed(alliance: Path) -> list[dict[str, Any]]:
    """All that is recorded."""
    rows: list[dict[str, Any]] = json.loads(run(alliance, "timeline", "--format", "json").out)[
        "rows"
    ]
    return rows


def test_every_command_with_limits_is_asked() -> None:
    with click.Context(cli) as context:
        limited = {name for name in COMMANDS if _takes_limits(cli.get_command(context, name))}
    assert limited == {*ASKED, *COMPARED}


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    "limits",
    [pytest.param(LIMITS[0], marks=pytest.mark.whole), *LIMITS[1:]],
    ids=["known", "all", "recorded"],
)
@pytest.mark.parametrize("name", ASKED)
def test_no_command_tells_of_what_comes_later(
    alliance: Path, listed: list[dict[str, Any]], name: str, limits: tuple[str, ...]
) -> None:
    later = [row for row in listed if row["type"] not in REGISTRATIONS or row["sources"]]
    if limits[0] == "--recorded-by":
        later = listed
    forbidden = {row["event"] for row in later} | {row["what"] for row in later}
    forbidden |= {"mended-sale", "gone-sale", "99132101", "99132100", "a typing error"}
    for words in ASKED[name]:
        for form in FORMS[: 1 if name in ("report", "print", "search") else 3]:
            outcome = run(alliance, name, *words, *limits, *form)
            said = outcome.out + outcome.err
            for question in (*words, *limits):
                said = said.replace(question, "")
            assert not _found(forbidden, said), said


def _takes_limits(command: click.Command | None) -> bool:
    assert command is not None
    inner = command.commands.values() if isinstance(command, click.Group) else ()
    return any(p.name == "known_by" for c in (command, *inner) for p in c.params)


def _found(words: Iterable[str], text: str) -> set[str]:
    """Those of some words that stand in a text as whole words."""
    return {
        word
        for word in words
        if word in text and re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text)
    }


def told(view: View, events: list[Recorded]) -> Iterator[tuple[str, Any]]:
    """The answers to every question that a view can be asked, each with its name."""
    yield from answers(view)
    ids = {kind: known_ids(view.history, kind) for kind in KINDS}
    parties, issuers = ids["party"][:3], ids["issuer"][:1]
    yield "pending", pending(view)
    yield "conflicts", conflicts(view)
    yield "check", check(view)
    yield "timeline", timeline(view)
    yield "diff", diff(View(Log(), view.cut), view)
    yield "restatements", restatements(view, lambda upto: Log(events[:upto]))
    for party in parties:
        yield f"holder {party}", holdings(view, holder=party)
        yield f"timeline {party}", timeline(view, party)
        yield f"seats {party}", explain_seats(view, party, parties[0])
        for issuer in issuers:
            yield f"explain holdings {party}", explain_holdings(view, party, issuer)
            yield f"explain votes {party}", explain_votes(view, party, issuer)
    for kind in ("deal", "investment", "offering"):
        for id in ids[kind]:
            yield f"explain {kind}", explain_thread(view, kind, id)


PARTS = ("rows", "possible", "notes", "figure", "arithmetic", "sources")
KINDS = ("party", "deal", "investment", "offering", "issuer")


def _text(answer: Any) -> str:
    """An answer as the command line tells it, but what it leaves out."""
    told = {name: getattr(answer, name, []) for name in PARTS}
    return json.dumps(told, default=lambda value: value.as_json())


def _excluded(answer: Any) -> str:
    """What an explanation leaves out, other than what is not yet known, which is only counted."""
    left = getattr(answer, "excluded", [])
    return json.dumps([row for row in left if row["reason"] != "not yet known"])


@settings(slow, max_examples=8)
@given(st.data())
def test_no_answer_names_an_event_beyond_its_cut(data: st.DataObject) -> None:
    events = histories.history(data.draw(histories.drafts()))
    cut, count = data.draw(histories.cuts(len(events)))
    view = View(Log(events[:count]), cut)
    beyond = {e.key for e in events if e.position > count or not is_visible(view, e)}
    unknown = {  # what is recorded of a source counts from then on, whatever was known
        e.key
        for e in events
        if e.position > count or not (is_known(view, e) or e.type in SOURCE_EVENTS)
    }
    for name, answer in told(view, events[:count]):
        assert not _keys(_text(answer)) & beyond, (name, _text(answer))
        assert not _keys(_excluded(answer)) & unknown, (name, _excluded(answer))
    for event in events:
        own = {event.key} | _keys(str(event.data))
        assert not _keys(_shown(view, event.key)) & unknown - own


@pytest.mark.parametrize("known", ["2020-12-31", "2021-12-31"])
def test_what_amends_an_amendment_is_told_with_it_and_not_before(known: str) -> None:
    plan = {"investment": "stake", "investor": "alice", "investee": "boreal"}
    dated = {"effective_on": "2020-01-01", "known_on": "2020-01-01", "standing": "official"}
    late = {"event": "plan", "correction": "new-information", "known_on": "2021-05-01"}
    changed = {"because": "misread", "changes": [{"field": "investee", "value": "acme"}]}
    again = {"because": "misspelt", "changes": [{"field": "because", "value": "as filed"}]}
    amending = [late | changed, {"event": "late"} | again, {"event": "once"} | again]
    events = histories.history([
        *histories.WORLD,
        ("investment-considered", "plan", plan | dated),
        *(("event-corrected", key, data)
          for key, data in zip(("late", "once", "twice"), amending, strict=True)),
    ])  # fmt: skip
    view = View(Log(events), Cut(as_of="2030-01-01", known_by=known))
    told_of = {row["event"] for row in timeline(view).rows}
    amended = {"late", "once", "twice"}
    assert "plan" in told_of
    assert told_of & amended == (amended if known > "2021-05-01" else set())


def _keys(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+(?:-[a-z0-9]+)+", text))


def _shown(view: View, event: str) -> str:
    try:
        return _text(show(view, event))
    except Refused as refused:
        return str(refused)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("path", stories(), ids=lambda path: path.stem)
def test_a_story_is_not_told_before_it_begins(path: Path) -> None:
    events = histories.history(
        [(d.event.type, d.key, dict(d.event.data)) for d in drafts_of(read_story(path))]
    )
    view = View(Log(events), Cut(as_of=BEFORE_ALL, known_by=BEFORE_ALL))
    roots = {e.key: root_of(e, view.history) or e for e in events}
    later = [e for e in events if roots[e.key].type not in REGISTRATIONS]
    known = " ".join(str(e.data) for e in events if e not in later)
    words = {e.key for e in later}
    words |= {str(e.data.get(name)) for e in later for name in NEVER_TOLD}
    words = {w for w in words if re.search(r"[- ]|\d{4}", w) and w not in known}
    for name, answer in told(view, events):
        text = _text(answer) + _excluded(answer)
        assert not _found(words, text), (name, text)
