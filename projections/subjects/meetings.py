"""Meetings and resolutions: what is called, held and decided, by which votes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Literal, TypedDict

from ledger.model.fact import Fact
from ledger.time.view import View
from ledger.values.dates import parse_days, worded
from ledger.values.quantities import rounded
from ledger.values.refusals import Unhandled
from projections.answer import Answer, keys, weakest
from projections.told import told

TYPES = ("meeting-called", "meeting-held", "resolution-voted", "votes-cast")
CALLED, HELD, OVERDUE = "called", "held", "not known whether held"
TO_BE_VOTED, UNKNOWN_RESULT = "to be voted", "result not known"


class CastRow(TypedDict):
    """The votes of one holder on a resolution."""

    holder: str
    votes: str
    choice: str
    proxy: str | None
    event: str


class MeetingRow(TypedDict):
    """A meeting, or a resolution with its result."""

    company: str
    kind: Literal["meeting", "resolution"]
    subject: str | None
    meeting: str | None
    title: str | None
    body: str | None
    status: str
    held_on: str | None
    record_on: str | None
    majority: str | None
    majority_of: str | None
    votes_for: str | None
    votes_against: str | None
    abstained: str | None
    percent_for: str | None
    percent_for_of: str | None
    cast: list[CastRow]
    since: str | None
    at_latest: str | None
    standing: str
    events: list[str]


def meetings(view: View, company: str) -> Answer[MeetingRow]:
    """The meetings of a company that are called or held, and its resolutions, by date."""
    company = view.identities.of(company)
    answer = Answer[MeetingRow](about=[((f"party:{company}",), TYPES)])
    found = view.about(f"party:{company}", types=TYPES)
    answer.add_possible(p for p in found.possible if p.fact.text("company") in (None, company))
    facts = [fact for fact in found.counted if fact.need("company") == company]
    by_meeting, by_resolution = _by_thread(facts)
    voted = _voted_at(facts)
    held = {meeting for meeting, steps in by_meeting.items() if _is_held(steps)} | voted.keys()
    for meeting, steps in by_meeting.items():
        steps += [voted[meeting]] if meeting in voted else []
        answer.rows.append(_meeting_row(answer, view, company, meeting, steps))
    agenda = _agenda(by_meeting)
    for resolution in sorted({*by_resolution, *agenda}):
        steps = by_resolution.get(resolution, [])
        calls = agenda.get(resolution, [])
        answer.rows.append(_resolution_row(answer, view, company, resolution, steps, calls, held))
    answer.rows.sort(key=lambda row: (_day(row), row["kind"], row["subject"] or ""))
    if not answer.rows:
        answer.gap(
            f"no event at this cut tells of a meeting or a resolution of {told('party', company)}"
        )
    return answer


def _by_thread(facts: Iterable[Fact]) -> tuple[dict[str, list[Fact]], dict[str, list[Fact]]]:
    """The steps of each meeting, and of each resolution; a meeting without an id is one by its
    event."""
    by_meeting, by_resolution = (
        defaultdict[str, list[Fact]](list),
        defaultdict[str, list[Fact]](list),
    )
    for fact in facts:
        match fact.type:
            case "meeting-called" | "meeting-held":
                by_meeting[fact.text("meeting") or fact.key].append(fact)
            case "resolution-voted" | "votes-cast":
                by_resolution[fact.need("resolution")].append(fact)
            case _:
                raise Unhandled(fact.type, "the question of meetings")
    return by_meeting, by_resolution


def _voted_at(facts: Iterable[Fact]) -> dict[str, Fact]:
    """By meeting: the last result of a vote at it, which tells that it was held."""
    results = (fact for fact in facts if fact.type == "resolution-voted")
    return {fact.need("meeting"): fact for fact in results if fact.text("meeting")}


def _is_held(steps: list[Fact]) -> bool:
    return any(step.type == "meeting-held" for step in steps)


def _agenda(by_meeting: dict[str, list[Fact]]) -> dict[str, list[tuple[Fact, dict[str, str]]]]:
    """By resolution: the newest calls of the meetings that are to vote on it."""
    found = defaultdict[str, list[tuple[Fact, dict[str, str]]]](list)
    for steps in by_meeting.values():
        calls = [step for step in steps if step.type == "meeting-called"]
        for item in calls[-1].many("agenda") if calls else ():
            found[item["resolution"]].append((calls[-1], item))
    return found


def _row(company: str, facts: list[Fact], since: Fact) -> MeetingRow:
    return {
        "company": company,
        "kind": "meeting",
        "subject": None,
        "meeting": None,
        "title": None,
        "body": None,
        "status": HELD,
        "held_on": None,
        "record_on": None,
        "majority": None,
        "majority_of": None,
        "votes_for": None,
        "votes_against": None,
        "abstained": None,
        "percent_for": None,
        "percent_for_of": None,
        "cast": [],
        "since": since.since,
        "at_latest": since.at_latest,
        "standing": weakest(facts),
        "events": keys(facts),
    }


def _meeting_row(
    answer: Answer[MeetingRow], view: View, company: str, meeting: str, steps: list[Fact]
) -> MeetingRow:
    calls = [step for step in steps if step.type == "meeting-called"]
    held = next((step for step in reversed(steps) if step.type == "meeting-held"), None)
    row = _row(company, steps, held or calls[-1])
    row["subject"], row["meeting"] = meeting, (held or calls[-1]).text("meeting")
    row["body"] = (held or calls[-1]).need("body")
    row["title"] = held.text("matter") if held else None
    if calls:
        row["held_on"], row["record_on"] = calls[-1].text("held_on"), calls[-1].text("record_on")
        days = list(dict.fromkeys(call.need("held_on") for call in calls))
        if len(days) > 1:
            of = told("meeting", meeting)
            answer.note(f"{of} was called for {', then for '.join(map(worded, days))}.")
    held = held or next((step for step in steps if step.type == "resolution-voted"), None)
    if held is None:
        past = parse_days(calls[-1].need("held_on")).last < view.cut.as_of
        row["status"] = OVERDUE if past else CALLED
    elif held.since is not None:
        row["held_on"] = held.since
    return row


def _resolution_row(
    answer: Answer[MeetingRow],
    view: View,
    company: str,
    resolution: str,
    steps: list[Fact],
    calls: list[tuple[Fact, dict[str, str]]],
    held: set[str],
) -> MeetingRow:
    result = decided(view, steps)
    facts = [*(call for call, _ in calls), *steps]
    row = _row(company, facts, result or facts[-1])
    row["kind"], row["subject"] = "resolution", resolution
    for call, item in calls:
        row["meeting"], row["title"] = call.need("meeting"), item["title"]
        row["majority"], row["body"] = item.get("majority"), call.need("body")
        row["held_on"], row["record_on"] = call.text("held_on"), call.text("record_on")
    if result is None:
        told_of = calls and calls[-1][0].need("meeting") in held
        past = calls and parse_days(calls[-1][0].need("held_on")).last < view.cut.as_of
        row["status"] = UNKNOWN_RESULT if told_of or past or not calls else TO_BE_VOTED
    else:
        _tell_result(row, result)
        _note_others(answer, resolution, result, steps)
    row["cast"] = list(_cast(view, steps))
    return row


def decided(view: View, steps: Iterable[Fact]) -> Fact | None:
    """The result of a resolution that counts: a final one before a preliminary, then the preferred
    one."""
    results = [step for step in steps if step.type == "resolution-voted"]
    final = [one for one in results if one.text("preliminary") != "yes"]
    return max(final or results, key=lambda one: (*view.weight(one), one.order), default=None)


def _tell_result(row: MeetingRow, result: Fact) -> None:
    row["status"] = result.need("outcome")
    if result.text("preliminary") == "yes":
        row["status"] += " (preliminary)"
    row["title"] = result.need("title")
    row["meeting"] = result.text("meeting") or row["meeting"]
    row["majority"] = result.text("majority") or row["majority"]
    row["majority_of"] = result.text("majority_of")
    row["votes_for"], row["votes_against"] = result.text("votes_for"), result.text("votes_against")
    row["abstained"] = result.text("abstained")
    row["percent_for"], row["percent_for_of"] = percent_for(result)


def percent_for(result: Fact) -> tuple[str | None, str | None]:
    """The part of the votes that were for a resolution, and of which votes: as it is stated, else
    of those for and against, to two decimals."""
    if (stated := result.text("percent_for")) is not None:
        return stated, result.text("percent_of_votes")
    given, against = result.text("votes_for"), result.text("votes_against")
    if given is None or against is None or not int(given) + int(against):
        return None, None
    return rounded(Fraction(100 * int(given), int(given) + int(against)), 2), "cast"


def _note_others(
    answer: Answer[MeetingRow], resolution: str, result: Fact, steps: Iterable[Fact]
) -> None:
    """Say which other results are told, unless they only come before the final one."""
    for step in steps:
        other = step.type == "resolution-voted" and step is not result
        if (
            other
            and step.text("preliminary") != "yes"
            and step.need("outcome") != result.need("outcome")
        ):
            answer.note(
                f"Sources disagree on {told('resolution', resolution)}: {told('event', step.key)}"
                f" says it was {step.need('outcome')}, {told('event', result.key)} that it was"
                f" {result.need('outcome')}, which is preferred."
            )


def _cast(view: View, steps: Iterable[Fact]) -> Iterator[CastRow]:
    for fact in casts(view, steps):
        yield {
            "holder": fact.need("holder"),
            "votes": fact.need("votes"),
            "choice": fact.need("choice"),
            "proxy": fact.text("proxy"),
            "event": fact.key,
        }


def casts(view: View, steps: Iterable[Fact]) -> list[Fact]:
    """The votes cast on a resolution: of each holder and choice the preferred event."""
    found = dict[tuple[str, str, str], Fact]()
    for step in steps:
        if step.type == "votes-cast":
            place = step.need("holder"), step.need("choice"), step.text("share_class") or ""
            if place not in found or view.preference(step) >= view.preference(found[place]):
                found[place] = step
    return sorted(found.values(), key=lambda fact: (fact.need("holder"), fact.need("choice")))


def _day(row: MeetingRow) -> str:
    written = row["held_on"] or row["since"]
    return parse_days(written).last if written else ""
