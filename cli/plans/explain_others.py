"""Votes, seats and threads explained: their sums, then the events that changed them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import dropwhile

from cli.labels import Labels
from cli.plans.explain import EVENTS, References, changing, event_line
from cli.plans.figures import count, joined, span
from cli.screen import Block, Column, Line
from ledger.values.dates import worded
from projections.explain.explanation import Explanation
from projections.explained_rows import StepRow
from projections.rows import Row
from projections.told import read

_LATEST = 8  # events told in a summary
SUMS = (Column(wrap=True),)


def why_votes(explained: Explanation, labels: Labels, issuer: str, holder: str) -> str:
    """The title of votes: the percentage that may be cast."""
    who, of = labels.title("party", holder), labels.title("party", issuer)
    percent = explained.figure[0]["after_caps_percent"] if explained.figure else None
    if percent is None:
        return f"Why {who} can vote what it can in {of}"
    return f"Why {who} may cast {percent}% of the votes in {of}"


def votes_blocks(explained: Explanation, labels: Labels, references: References) -> Iterator[Block]:
    """The sums, and the events after which the holder has other votes."""
    disclosed = [row for row in explained.figure if row["exercisable"] is None]
    yield Block(SUMS, [_disclosed(row, labels) for row in disclosed], "As disclosed")
    counted = [row for row in explained.figure if row not in disclosed]
    reasons = dict.fromkeys(labels.read(reason) for row in counted for reason in row["reasons"])
    yield Block(SUMS, [Line((reason,)) for reason in reasons], "Reasons")
    yield from arithmetic(explained, labels)
    told = ("held", "suspended", "neutral", "limit", "after_caps")
    after = [row for row in explained.rows if "held" in row]  # not before anything is held
    rows = list(dropwhile(lambda row: not _has_votes(row), changing(after, *told)))
    lines = [event_line(row, labels, references, after=_votes(row)) for row in rows[-_LATEST:]]
    yield Block(EVENTS, lines, _events(rows))


def _disclosed(row: Row, labels: Labels) -> Line:
    """What was disclosed of votes that nothing counts."""
    votes = [f"{count(row['votes'])} votes"] if row["votes"] else []
    share = [f"{row['votes_percent']}% of the votes"] if row["votes_percent"] else []
    return Line((", ".join([*votes, *share, *map(labels.read, row["reasons"])]),))


def _has_votes(row: StepRow) -> bool:
    return row.get("held") not in (None, "0")


def _events(rows: Sequence[StepRow], most: int = _LATEST) -> str:
    """The heading of the events, of which the latest are told."""
    earlier = len(rows) - most
    return f"Events, the latest {most}; {earlier} earlier" if earlier > 0 else "Events"


def _votes(row: StepRow) -> str:
    words = [f"{count(row['held'])} held"]
    words += [f"{count(row['suspended'])} suspended"] if row["suspended"] != "0" else []
    words += [f"{count(row['neutral'])} cast neutrally"] if row["neutral"] != "0" else []
    return f"{', '.join(words)}; may cast {count(row['after_caps'])} of {count(row['castable'])}"


def why_seats(explained: Explanation, labels: Labels, company: str, party: str) -> str:
    """The title of seats."""
    who, of = labels.title("party", party), labels.title("party", company)
    return f"{'Why' if explained.figure else 'Whether'} {who} sits on the board of {of}"


def seats_blocks(explained: Explanation, labels: Labels, references: References) -> Iterator[Block]:
    """Who sits and by what right, and the events after which others sit."""
    yield Block(SUMS, list(_seats(explained.figure, labels)), "The figure")
    yield from arithmetic(explained, labels)
    rows = list(changing(explained.rows, "state"))
    lines = [event_line(row, labels, references) for row in rows[-_LATEST:]]
    yield Block(EVENTS, lines, _events(rows))


def _seats(rows: Sequence[Row], labels: Labels) -> Iterator[Line]:
    """A line for each row; a seat and the director on it are one."""
    seats = {row["person"]: row for row in rows if row["kind"] == "seat" and row["person"]}
    directors = {row["person"] for row in rows if row["kind"] == "director"}
    for row in rows:
        if row["kind"] == "seat" and row["person"] in directors:
            continue
        right = seats.get(row["person"]) if row["kind"] == "director" else None
        by_right = f", by right of a seat since {right['since']}" if right else ""
        yield Line((_seat(row, labels) + by_right,))


def _seat(row: Row, labels: Labels) -> str:
    kind = str(row["role"] or row["kind"]).replace("-", " ")
    who = labels.name("party", row["person"]) if row["person"] else ""
    right = f"for {labels.short('party', row['party'])}" if row["party"] else ""
    title = labels.name("agreement", row["agreement"]) if row.get("agreement") else ""
    what = {"seat": "by right of a seat", "clause": "by a clause of"}.get(row["kind"], "")
    since = f"since {worded(row['since'])}" if row["since"] else ""
    sign = labels.marks.sign(row["standing"])
    words = (kind, who, right, joined(what, title), row.get("text") or "", joined(since, sign))
    return ", ".join(filter(None, words))


def why_control(labels: Labels, company: str) -> str:
    """The title of control."""
    return f"Who controls {labels.title('party', company)}, and what it controls"


def control_blocks(
    explained: Explanation, labels: Labels, references: References
) -> Iterator[Block]:
    """Who controls whom, the votes of each round, and the events that it rests on."""
    lines = [Line((_control(row, labels),)) for row in explained.figure]
    if lines:
        yield Block(SUMS, lines, "The figure")
    yield from arithmetic(explained, labels)
    yield from latest(explained.rows, labels, references)


def _control(row: Row, labels: Labels) -> str:
    who, of = labels.name("party", row["party"]), labels.name("party", row["in_control_of"])
    since = f", since {worded(row['since'])}" if row["since"] else ""
    through = ", ".join(labels.short("party", one) for one in row["through"])
    sure = "" if row["certain"] == "yes" else ", perhaps"
    return f"{who} controls {of} by {row['by']}{sure}{since}{through and f', through {through}'}"


def why_indirect(labels: Labels, holder: str, issuer: str) -> str:
    """The title of what is held through others."""
    return f"What {labels.title('party', holder)} has of {labels.title('party', issuer)}, and how"


def indirect_blocks(
    explained: Explanation, labels: Labels, references: References
) -> Iterator[Block]:
    """The figure, the chains, and the events that the stakes rest on."""
    for row in explained.figure:
        yield Block(SUMS, [Line((", ".join(_interest(row)),))], "The figure")
    yield from arithmetic(explained, labels)
    yield from latest(explained.rows, labels, references)


def _interest(row: Row) -> Iterator[str]:
    """What part is for gain and loss, or between which parts it is, and what part of the votes."""
    low, high, votes = row["economic_low"], row["economic_high"], row["attributed_percent"]
    if row["economic_percent"]:
        yield f"{row['economic_percent']}% for gain and loss"
        if low != high:
            yield f"{span(low, high)}% before it was rounded"
    elif low and high:
        yield f"{span(low, high)}% for gain and loss"
    else:
        yield "for gain and loss not known"
    if votes:
        yield f"{votes}% of the votes"


def why_thread(_: Explanation, labels: Labels, kind: str, id: str) -> str:
    """The title of a deal, an investment or an offering."""
    return f"Why the {kind} {labels.title(kind, id)} stands as it does"


def thread_blocks(
    explained: Explanation, labels: Labels, references: References
) -> Iterator[Block]:
    """Where the thread stands, and the steps that changed that."""
    yield Block(SUMS, [Line((_standing(row, labels),)) for row in explained.figure], "The figure")
    yield from arithmetic(explained, labels)
    rows = changing(explained.rows, "state")
    lines = [
        event_line(row, labels, references, f"{row['state'].replace('-', ' ')}: ") for row in rows
    ]
    yield Block(EVENTS, lines, "Events")


def _state(row: StepRow) -> str:
    return f"{row['state'].replace('-', ' ')}: "


def _standing(row: Row, labels: Labels) -> str:
    words = [joined(row["status"], labels.marks.sign(row["standing"]))]
    if row["amount"]:
        how = labels.marks.sign(row["qualifier"])
        words.append(joined(how, str(row["currency"] or ""), count(row["amount"])))
    if row.get("percent"):
        words.append(joined(labels.marks.sign(row.get("percent_qualifier")), f"{row['percent']}%"))
    words += [f"since {worded(row['since'])}"] if row["since"] else []
    words += [f"expected {worded(row['expected'])}"] if row["expected"] else []
    parties = str(row["party"]).split(", ") if row["party"] else []
    told = (", ".join(words), ", ".join(labels.name("party", party) for party in parties))
    return "; ".join(filter(None, told))


def latest(
    rows: Sequence[StepRow], labels: Labels, references: References, most: int = _LATEST
) -> Iterator[Block]:
    """The latest of some events, each once."""
    if once := list({row["event"]: row for row in rows}.values()):
        events = [event_line(row, labels, references) for row in once[-most:]]
        yield Block(EVENTS, events, _events(once, most))


def arithmetic(explained: Explanation, labels: Labels) -> Iterator[Block]:
    """The sums, spelled out."""
    lines = [Line((read(line, labels.short),)) for line in explained.arithmetic]
    yield Block(SUMS, lines, "Arithmetic")
