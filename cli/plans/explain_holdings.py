"""A holding explained: what its account gained and lost, with the sum, for each of its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from cli.labels import Labels
from cli.plans.explain import References, amended, when_of
from cli.plans.figures import UNKNOWN, count, dated, decimals_of, joined, printed
from cli.plans.held import for_whom
from cli.screen import Block, Column, Line
from ledger.model.fact import Fact
from ledger.model.register import issuer_of
from projections.explain.explanation import Explanation
from projections.explained_rows import StepRow
from projections.rows import Row
from projections.sentences import money_words
from projections.subjects.balances import owners_of, trustees_of

_MOST = 12  # changes of an account told one by one; those before are told together
_COLUMNS = (
    Column("", "right"), Column(wrap=True), Column(), Column("", "right", yields=1), Column(),
)  # fmt: skip


def why_holds(explained: Explanation, labels: Labels, issuer: str, holder: str) -> str:
    """The title: the percentage in own name, where there is one alone."""
    names = labels.title("party", holder), labels.title("party", issuer)
    own = [row for row in explained.figure if row["holder"] == holder]
    if len(own) == 1 and own[0]["percent"]:
        sign = joined(labels.marks.sign(own[0].get("qualifier")), f"{printed(own[0])}%")
        return f"Why {names[0]} holds {sign} of {_of(own[0], labels, issuer)}{names[1]}"
    if not explained.figure:
        return f"Whether {names[0]} holds anything in {names[1]}"
    return f"Why {names[0]} holds what it holds in {names[1]}"


def _of(row: Row, labels: Labels, issuer: str) -> str:
    """Of which shares a percentage is, where the issuer has several classes."""
    share_class = row["share_class"]
    if share_class is None or len(labels.view.history.subjects(f"class:{issuer}/")) < 2:
        return ""
    return f"the {labels.class_name(share_class)} of "


def holdings_blocks(
    explained: Explanation, labels: Labels, references: References, holder: str
) -> Iterator[Block]:
    """A block for each row of the figure, own names first."""
    told: set[str] = set()
    rows = sorted(explained.figure, key=lambda row: row["holder"] != holder)
    for row in rows:
        own = len(rows) == 1 and owners_of(row) == [holder] == [row["holder"]]
        heading = "" if own else _heading(row, labels)
        if row["basis"] == "disclosed":
            yield Block(_COLUMNS, list(_disclosed(explained, row, labels, references)), heading)
            continue
        steps = [one for one in explained.rows if _is_of(one, row)]
        lines = _lines(steps, row, labels, references)
        share_class = str(row["share_class"])
        closing = [] if share_class in told else [_issued(explained, row, labels)]
        told.add(share_class)
        yield Block(_COLUMNS, lines, heading, closing)


def _heading(row: Row, labels: Labels) -> str:
    words = [labels.name("party", row["holder"])]
    if owners_of(row) != [row["holder"]]:
        words.append(f"for {for_whom(row, labels) or labels.parties(owners_of(row))}")
    words += [f"trustee {labels.parties(trustees_of(row))}"] if row["trustee"] else []
    words += [labels.class_name(row["share_class"])] if row["share_class"] else []
    return ", ".join(words)


def _is_of(step: StepRow, row: Row) -> bool:
    same = (step.get("holder"), step.get("share_class")) == (row["holder"], row["share_class"])
    return same and bool(Fraction(step.get("delta") or 0))


def _lines(
    steps: Sequence[StepRow], row: Row, labels: Labels, references: References
) -> list[Line]:
    """What was gained and lost, and what that makes."""
    early, late = steps[:-_MOST], steps[-_MOST:]
    before = sum((Fraction(one["delta"] or 0) for one in early), Fraction())
    numbers = [Fraction(one["delta"] or 0) for one in late]
    places = _places(steps, row)
    width = max(len(count(abs(n), places)) for n in (before, Fraction(row["shares"]), *numbers))
    lines = []
    if early:
        cells = _signed(before, width, places), f"{len(early)} earlier changes", "", "", ""
        lines.append(Line(cells))
    for number, one in zip(numbers, late, strict=True):
        fact = labels.fact(one["event"])
        what = _words(fact, row["holder"], number > 0, labels) if fact else one["what"]
        what += _counted(one, labels)
        place = labels.name("event", one["event"])
        what += f": {rounding}" if (rounding := one.get("rounding")) else ""
        what += amended(one, labels)
        cells = (
            _signed(number, width, places),
            what,
            when_of(one, labels),
            place,
            references.to(one),
        )
        lines.append(Line(cells))
    of = f"of {count(row['issued'])} issued: {row['percent']}%"
    return [*lines, Line((f"= {count(row['shares']):>{width}}", of, "", "", ""))]


def _counted(step: StepRow, labels: Labels) -> str:
    """The shares for which some were received, by a distribution or an exchange, and any money."""
    shares = step.get("counted")
    if not shares:
        return ""
    held = f"{count(shares)} {labels.short('class', step['counted_class'])}"
    words = f": {step['ratio']} of {held} held" if step.get("ratio") else f": {held}"
    words += f" on {dated(step.get('counted_on'), None)}" if step.get("ratio") else ""
    if step.get("fraction"):
        words += f"; {step['fraction']} of a share" + ("" if step.get("cash") else " is left")
    return words + (f" for {money_words(str(step['cash']))}" if step.get("cash") else "")


def _signed(number: Fraction, width: int, places: int) -> str:
    return f"{'-' if number < 0 else ' '} {count(abs(number), places):>{width}}"


def _places(steps: Sequence[StepRow], row: Row) -> int:
    """The most decimals of what the steps to a row add and make."""
    made = (number for step in steps for number in (step.get("delta"), step.get("issued")))
    return decimals_of(row["shares"], row["issued"], *made)


def _issued(explained: Explanation, row: Row, labels: Labels) -> str:
    """How many shares are in issue, from the first number that the account saw."""
    steps = [one for one in explained.rows if one.get("share_class") == row["share_class"]]
    numbers = [Fraction(one["issued"] or 0) for one in steps if one.get("issued")]
    opened = [n for n, one in enumerate(steps) if one["type"] == "register-opened"]
    numbers = numbers[opened[-1] :] if opened else numbers
    changes = [new - old for old, new in pairwise(numbers) if new != old]
    first = f"Issued, {labels.class_name(row['share_class'])}: "
    if not changes or len(changes) > _MOST or numbers[0] + sum(changes) != Fraction(row["issued"]):
        return f"{first}{count(row['issued'])}"
    places = _places(steps, row)
    terms = " ".join(f"{'-' if one < 0 else '+'} {count(abs(one), places)}" for one in changes)
    return f"{first}{count(numbers[0], places)} {terms} = {count(row['issued'])}"


def _disclosed(
    explained: Explanation, row: Row, labels: Labels, references: References
) -> Iterator[Line]:
    """What is disclosed of a holder without a register, then what multiplied its class since."""
    sign, (first, *_) = labels.marks.sign(row.get("qualifier")), row["events"]
    for one in (step for step in explained.rows if step["event"] in row["events"]):
        fact = labels.fact(one["event"])
        shares = row["shares"] if fact is None else fact.text("shares")
        part = f"{printed(row)}%" if row["percent"] else ""
        figure = count(shares) if shares else part or UNKNOWN
        percent = f"{part} " if shares and part else ""
        base = f"of {row['percent_of']}, " if part else ""
        words = f"{percent}{base}as disclosed, carried forward"
        if fact is not None and fact.key != first:
            figure, words = count(row["shares"]), _words(fact, row["holder"], True, labels)
        place = labels.name("event", one["event"])
        yield Line((joined(sign, figure), words, when_of(one, labels), place, references.to(one)))


_ACROSS = {  # what is given, and what is received
    "shares-distributed": ("handed out", "distributed"),
    "shares-exchanged": ("exchanged", "exchanged"),
}


def _converted(fact: Fact, account: str, gained: bool, labels: Labels) -> str:
    """What a conversion did to an account, which may be that of who gives the new shares."""
    source, old = fact.text("supply"), fact.need("share_class")
    giver = issuer_of(old) if source == "treasury" else source
    if account == giver and not gained:
        return f"given for {labels.class_name(old)}"
    other = old if gained else fact.need("into_class")
    return f"converted {'from' if gained else 'into'} {labels.class_name(other)}"


_PLAIN = {
    "register-opened": "register opened",
    "shares-issued": "issued",
    "shares-cancelled": "cancelled",
}


def _words(fact: Fact, account: str, gained: bool, labels: Labels) -> str:
    """What an event did to an account, in a few words."""

    def name(field: str) -> str:
        return labels.short("party", fact.text(field))

    gaining = account in (fact.text("transferee"), fact.text("trust"))
    selling = account == fact.text("holder")
    match fact.type:
        case plain if plain in _PLAIN:
            words = _PLAIN[plain]
        case "shares-transferred":
            words = f"from {name('transferor')}" if gaining else f"to {name('transferee')}"
        case "shares-repurchased":
            words = "bought back" if selling else f"bought back from {name('holder')}"
        case "instrument-exercised":
            words = f"exercise of {fact.need('instrument')}"
        case "shares-split":
            words = f"split {fact.text('ratio')}"
        case "shares-distributed" | "shares-exchanged":
            words = _ACROSS[fact.type][gained]
        case "shares-converted" | "shares-reclassified":
            words = _converted(fact, account, gained, labels)
        case "shares-placed-in-trust":
            words = f"from {name('holder')}" if gaining else f"into {name('trust')}"
        case "shares-released-from-trust":
            released = account == fact.text("transferee")
            words = f"from {name('trust')}" if released else f"to {name('transferee')}"
        case _:
            words = labels.sentence(fact.key) or fact.type
    price = fact.text("price")
    return f"{words} at {money_words(price)}" if price else words
