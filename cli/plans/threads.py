"""What deals, investments, offerings, milestones, projects and dividends are called in tables."""

from __future__ import annotations

from datetime import date

from cli.labels import Labels
from cli.plans.figures import date_words, dated, joined, listed
from ledger.time.view import Cut
from ledger.values.dates import parse_published
from projections.rows import DealRow
from projections.sentences import money_words
from projections.subjects.conditions import hinge

TALK = ("statement-made", "topic-tabled")  # steps of a deal that change nothing in it
_STALE = 365  # days after which a status that is not final says when it was last told
_MONTH = 30.44  # days


def what(row: DealRow, labels: Labels) -> str:
    """What a row is about, in names; the id in parentheses where it has none."""
    subject, title = row["subject"], row.get("title")
    match row["kind"]:
        case "deal":
            of = f" of {parties(row, labels)}" if row["party"] else ""
            return f"Deal{of} ({subject})"
        case "investment":
            return joined(f"{labels.name('investment', subject)},", terms(row, labels)).rstrip(",")
        case "scheduled" | "contingent" | "call":
            return labels.sentence(row["events"][0]) or _capital(title or subject)
        case "exercise":
            return f"{labels.sentence(row['events'][0]) or title} ({row.get('terms')})"
        case "dividend":
            return _dividend(row, labels)
        case "instrument":
            return f"{_capital(title or 'instrument')} {subject} of {parties(row, labels)}"
        case "milestone":
            of = f" ({row['deal']})" if row["deal"] else ""
            return f"{_capital(title or labels.name('milestone', subject))}{of}"
        case "condition":
            steps = filter(None, map(labels.fact, row["events"]))
            return f"{hinge(row['status'], steps)}{title or subject}"
        case "offer" | "transfer":
            called = f"{_capital(row['kind'])} {labels.name(row['kind'], subject)}"
            by = "of" if row["kind"] == "offer" else "between"
            told = labels.read(row.get("terms") or "")
            return f"{called} {by} {parties(row, labels)}: {told}"
        case kind:
            called, place = title or labels.name(kind, subject), row.get("place") or ""
            return _capital(called if place in called else f"{called}, {place}")


def parties(row: DealRow, labels: Labels) -> str:
    """Who takes part, in short names."""
    named = (row["party"] or "").split(", ")
    return listed(labels.short("party", party) for party in named if party)


def amount(row: DealRow, labels: Labels) -> str:
    """An amount with its qualifier; empty where none is known."""
    if not row["amount"]:
        return ""
    return qualified(labels, money_words(f"{row['currency']} {row['amount']}"), row["qualifier"])


def share(row: DealRow, labels: Labels) -> str:
    """A percentage with its qualifier; empty where none is known."""
    percent = row.get("percent")
    return qualified(labels, f"{percent}%", row.get("percent_qualifier")) if percent else ""


def terms(row: DealRow, labels: Labels) -> str:
    """What is put in for what."""
    return ", ".join(filter(None, (amount(row, labels), share(row, labels))))


def qualified(labels: Labels, value: str, qualifier: str | None) -> str:
    """A value with its qualifier: in a word where every row is whole on a line, else as a sign."""
    if labels.flat:
        return joined("" if qualifier in (None, "exactly") else qualifier.replace("-", " "), value)
    return joined(labels.marks.sign(qualifier), value)


def stale(row: DealRow, cut: Cut) -> str:
    """When a status was told for the last time, where that is long ago; else empty."""
    heard = parse_published(row["last_heard"])
    if heard is None:
        return ""
    days = _days(heard.last, cut)
    told = f"last told {date_words(row['last_heard'])}, {round(days / _MONTH)} months ago"
    return told if days > _STALE else ""


def overdue(row: DealRow, cut: Cut) -> int | None:
    """How many days ago it was due; None where it is not due yet, or no date is known."""
    due = parse_published(row["expected"])
    return _days(due.last, cut) if due is not None and due.last < cut.as_of else None


def since(row: DealRow, labels: Labels) -> str:
    """From when a status is, and how well that is known."""
    return joined(labels.marks.sign(row["standing"]), dated(row["since"], row["at_latest"]))


def evidence(row: DealRow, labels: Labels) -> tuple[str, str]:
    """The standing of a row, and how many events it rests on."""
    return row["standing"], labels.evidence(row["events"])


def _days(last: str, cut: Cut) -> int:
    return (date.fromisoformat(cut.as_of) - date.fromisoformat(last)).days


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _dividend(row: DealRow, labels: Labels) -> str:
    fact = labels.fact(row["events"][0])
    record = fact.text("record_on") if fact else None
    of = f"{labels.class_name(row['subject'])} of {labels.short('party', row['party'])}"
    each = " a share" if fact and fact.text("per_share") else " in all"
    money = f" of {amount(row, labels)}{each}" if row["amount"] else ""
    terms = f" ({row['terms']})" if row.get("terms") else ""
    told = f"Dividend{money} on {of}{terms}"
    return f"{told}, record day {date_words(record)}" if record else told
