"""Differences between two cuts: figures before and after, then what came, went and changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from cli.labels import Labels
from cli.plans.changed_rows import DATES, Change
from cli.plans.diff_agreements import agreements
from cli.plans.diff_shares import diluted, dividends, offers
from cli.plans.evidence import because_of
from cli.plans.figures import UNKNOWN, count, dated, joined, span
from cli.render import cell
from cli.screen import Block, Column, Line, Screen
from projections.answer import CERTAIN
from projections.changes.diff import Differences
from projections.columns import NAMED
from projections.questions import QUESTIONS
from projections.rows import PossibleOnASideRow, Row
from projections.sentences import class_words
from projections.told import read

_FIGURES = (
    Column(), Column(wrap=True), Column("before", "right"), Column("after", "right"),
    Column("%", "right"),
)  # fmt: skip
LISTED = (Column(), Column(wrap=True))
_FULL = (Column(), Column(wrap=True), Column("before", wrap=True), Column("after", wrap=True))
_OF_HOLDINGS = ("basis", "capacity", "trustee", "standing", "percent_of")  # told under a figure


@dataclass(frozen=True)
class DiffPlan:
    """How differences are told: about a subject, or all; in a summary, or in full."""

    subject: str | None
    full: bool

    def screen(self, answer: Differences, labels: Labels) -> Screen:
        """The differences as a person reads them."""
        pairs = zip(answer.rows, answer.sides, strict=True)
        changes = [Change(row, *sides) for row, sides in pairs]
        told = self._whole(changes, labels) if self.full else self._summary(changes, labels)
        blocks = [block for block in told if block.lines]
        if answer.on_a_side:
            lines = [_on_a_side(row, labels) for row in answer.on_a_side]
            blocks.append(Block(LISTED, lines, "Possible on a side"))
        notes = [read(note, labels.short) for note in answer.notes]
        if changes and not self.full:
            events = [key for one in changes for key in one.row["events"]]
            notes.insert(0, because_of(labels, events))
            notes += [] if blocks else ["Only dates or standing differ: --full shows them."]
        subject = self.subject
        title = labels.title(labels.kind_of(subject), subject) if subject else "Differences"
        return Screen(title, blocks, notes)

    def _summary(self, changes: Sequence[Change], labels: Labels) -> Iterator[Block]:
        """Holdings, votes, boards, agreements, deals, claims: each thing once."""
        of = defaultdict(list)
        for change in changes:
            of[change.row["answer"]].append(change)
        yield from _figures(of["holdings"], labels, self.subject)
        yield from _votes(of["votes"], labels, self.subject)
        for issuer, parts in groupby(of["diluted"], lambda one: one.either["issuer"]):
            lines = list(diluted(list(parts), labels))
            yield Block(_FIGURES, lines, f"Fully diluted{_of(issuer, self.subject, labels)}")
        yield Block(LISTED, [_right(one, labels) for one in of["rights"]], "Rights in shares")
        yield Block(LISTED, list(_boards(of["governance"], labels)), "Board and officers")
        rows = [one for one in of["governance"] if one.either["kind"] in ("agreement", "clause")]
        yield Block(LISTED, list(agreements(rows, labels)), "Agreements")
        yield Block(LISTED, [_deal(one, labels) for one in of["deals"] if one.matters], "Deals")
        yield Block(LISTED, list(offers(of["offer"], labels)), "Offers")
        yield Block(LISTED, list(dividends(of["dividends"], labels)), "Dividends")
        yield Block(LISTED, [_meeting(one, labels) for one in of["meetings"]], "Meetings")
        yield Block(LISTED, [_claim(one, labels) for one in of["claims"] if one.matters], "Claims")

    def _whole(self, changes: Sequence[Change], labels: Labels) -> Iterator[Block]:
        """Every field of every row that differs, and the events that make it differ."""
        for (name, about), found in groupby(changes, lambda c: (c.row["answer"], c.row["about"])):
            lines = [line for change in found for line in _all_of(change, labels)]
            kinds = QUESTIONS[name].kinds
            kind = kinds[0] if len(kinds) == 1 and kinds[0] != "subject" else labels.kind_of(about)
            heading = f"{QUESTIONS[name].title} {labels.title(kind, about)}" if about else ""
            yield Block(_FULL, lines, heading)


def _figures(changes: Iterable[Change], labels: Labels, subject: str | None) -> Iterator[Block]:
    def key(one: Change) -> tuple[bool, str, str]:
        issuer = one.either["issuer"]
        return issuer != subject, issuer, one.either["share_class"] or ""

    for (_, issuer, share_class), found in groupby(sorted(changes, key=key), key):
        lines = [_figure(one, labels, "shares", "percent") for one in found]
        of = f", {labels.class_name(share_class)}" if share_class else ""
        yield Block(_FIGURES, lines, f"Holdings{_of(issuer, subject, labels)}{of}")


def _votes(changes: Iterable[Change], labels: Labels, subject: str | None) -> Iterator[Block]:
    def key(one: Change) -> tuple[bool, str]:
        return one.either["issuer"] != subject, one.either["issuer"]

    for (_, issuer), found in groupby(sorted(changes, key=key), key):
        lines = []
        for one in found:
            line = _figure(one, labels, "after_caps", "after_caps_percent")
            cast = [side.get("after_caps") for side in (one.old, one.new)]
            held = [side.get("votes") for side in (one.old, one.new)]
            if cast == [None, None]:
                told = [labels.read(reason) for reason in one.either["reasons"]]
                line = replace(_figure(one, labels, "votes", "votes_percent"), under=told)
            elif held[0] != held[1] and (cast[0] == cast[1] or cast[1] == "0"):
                line = replace(line, under=[f"votes held: {' -> '.join(map(count, held))}"])
            lines.append(line)
        yield Block(_FIGURES, lines, f"Votes{_of(issuer, subject, labels)} (may cast)")


def _of(issuer: str, subject: str | None, labels: Labels) -> str:
    return "" if issuer == subject else f" in {labels.name('party', issuer)}"


def _figure(change: Change, labels: Labels, number: str, percent: str) -> Line:
    """A figure and its percentage before and after."""
    sides = change.old, change.new
    signs = [labels.marks.sign(side.get("qualifier")) for side in sides]
    both = list(zip(signs, sides, strict=True))
    before, after = (
        joined(s if side.get(number) else "", count(side.get(number))) for s, side in both
    )
    percents = [joined(s if side.get(percent) else "", _part(side, percent)) for s, side in both]
    figures = before, after, " -> ".join(percents) if any(percents) else ""
    cells = (
        change.mark(labels, "" if change.sign == "~" else change.sign),
        labels.name("party", change.either["holder"]),
        *(labels.evidence(change.row["events"], one) if one else "" for one in figures),
    )
    others = [name for name in change.fields if name in _OF_HOLDINGS and change.sign == "~"]
    return Line(cells, [_field(change, name, labels) for name in others])


def _part(side: Row, percent: str) -> str:
    """A percentage on one side, or the band; empty where there is none."""
    low: str | None = side.get(percent)
    high: str | None = side.get(f"{percent}_to")
    return span(low, high) if high else low or ""


def _boards(changes: Iterable[Change], labels: Labels) -> Iterator[Line]:
    """Who joins and leaves boards and offices; a seat apart only where its director is not told."""
    rows = [one for one in changes if one.either["kind"] in ("seat", "director", "officer")]
    directors = {
        (one.either["company"], one.either["person"], one.sign)
        for one in rows
        if one.either["kind"] == "director"
    }
    for one in rows:
        row = one.either
        if row["kind"] == "seat" and (row["company"], row["person"], one.sign) in directors:
            continue
        if not one.matters and one.sign == "~":
            continue
        company, party = labels.short("party", row["company"]), row["party"]
        who = labels.name("party", row["person"]) if row["person"] else "a seat nobody is known on"
        right = f", for {labels.short('party', party)}" if party else ""
        when = f", since {dated(row['since'], row['at_latest'])}" if one.sign == "+" else ""
        told = f"{who}, {row['role'] or row['kind']} of {company}{right}{when}"
        others = [name for name in one.fields if one.sign == "~" and name not in DATES]
        yield Line((one.mark(labels), told), [_field(one, name, labels) for name in others])


def _right(change: Change, labels: Labels) -> Line:
    """A right in shares: whose it is, of what kind, on whose shares, and what is otherwise."""
    row = change.either
    whose, holder = labels.name("party", row["party"]), labels.short("party", row["holder"])
    number = "all" if row["extent"] == "all" else count(row["shares"])
    shares = f"{number} {class_words(labels, row['share_class'])}, held by {holder}"
    words = f"{whose}: {row['kind']} of {shares}"
    fields = change.fields if change.sign == "~" else []
    return Line((change.mark(labels), words), [_field(change, name, labels) for name in fields])


def _deal(change: Change, labels: Labels) -> Line:
    row = change.either
    name = labels.name(row["kind"], row["subject"])
    name += "" if row["kind"] in name else f" ({row['kind']})"
    if change.sign == "-":
        return Line((change.mark(labels), f"{name}: was {row['status']}"))
    if change.sign == "+":
        amount = f"{row['currency']} {_value('deals', 'amount', row)}" if row["amount"] else ""
        told = filter(None, (row["status"], amount, dated(row["since"], row["at_latest"])))
        return Line((change.mark(labels), f"{name}: {', '.join(told)}"))
    untold = {*DATES, "standing", *QUESTIONS["deals"].qualified.values()}
    fields = [name for name in change.fields if name not in untold]
    return Line(
        (change.mark(labels), f"{name}: {'; '.join(_field(change, one, labels) for one in fields)}")
    )


def _meeting(change: Change, labels: Labels) -> Line:
    row = change.either
    words = f"{row['title'] or row['body'] or row['subject']} ({row['kind']})"
    if change.sign != "~":
        return Line((change.mark(labels), f"{words}: {row['status']}"))
    fields = [name for name in change.fields if name not in DATES]
    told = "; ".join(_field(change, name, labels) for name in fields)
    return Line((change.mark(labels), f"{words}: {told}"))


def _claim(change: Change, labels: Labels) -> Line:
    row = change.either
    subject = labels.name(labels.kind_of(row["subject"]), row["subject"])
    words = f"{subject}: {row['attribute'].replace('-', ' ')}"
    if change.sign != "~":
        return Line((change.mark(labels), f"{words} {cell(row['claimed'], 'claimed')}"))
    fields = [name for name in change.fields if name not in DATES]
    return Line(
        (change.mark(labels), f"{words}: {'; '.join(_field(change, f, labels) for f in fields)}")
    )


def _field(change: Change, name: str, labels: Labels) -> str:
    answer = change.row["answer"]
    sides = (_value(answer, name, side, labels) for side in (change.old, change.new))
    return f"{name.replace('_', ' ')} {' -> '.join(sides)}"


def _value(answer: str, name: str, row: Row, labels: Labels | None = None) -> str:
    """A value of a row on one side, with its qualifier and with names for ids."""
    value = row.get(name)
    if value is None or value == []:
        return UNKNOWN
    if labels is not None and name in NAMED:
        kind = NAMED[name] or str(row.get("kind") or "")
        values = value if isinstance(value, list) else str(value).split(", ")
        return ", ".join(labels.name(kind, one) for one in values)
    how = row.get(QUESTIONS[answer].qualified.get(name, ""))
    text = cell(value, name)
    return text if how in (None, "exactly") else f"{how.replace('-', ' ')} {text}"


def _all_of(change: Change, labels: Labels) -> Iterator[Line]:
    """A row that differs and the events that make it differ, then a line for each field."""
    row, answer = change.row, change.row["answer"]
    by = ", ".join(labels.event(key) for key in row["events"])
    under = f"by {by}" if by else "by no event: time passes"
    yield Line((change.sign, read(row["row"], labels.short, ", "), "", ""), [under])
    for name in change.fields:
        sides = [_value(answer, name, side or {}, labels) for side in (row["before"], row["after"])]
        whole = [_value(answer, name, side, labels) for side in (change.old, change.new)]
        before, after = whole if name in QUESTIONS[answer].qualified else sides
        yield Line(("", name.replace("_", " "), before, after))


def _on_a_side(row: PossibleOnASideRow, labels: Labels) -> Line:
    what = labels.sentence(row["event"]) or row["what"]
    then, now = stands(row["before"]), stands(row["after"])
    return Line((labels.marks.sign("possible"), f"{what} ({labels.name('event', row['event'])})"),
                [f"{then} -> {now}"])  # fmt: skip


def stands(state: str | None) -> str:
    """How an event stands on a side: certain, why it is only possible, or left out."""
    if state is None:
        return "left out"
    return state if state == CERTAIN else f"possible ({state})"
