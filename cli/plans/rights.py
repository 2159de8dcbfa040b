"""Rights in shares: a line each, with whose the votes, the dividends and the disposal are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cli.labels import Labels
from cli.plans.figures import count, dated, joined
from cli.screen import Block, Column, Line, Screen
from ledger.values.dates import worded
from projections.answer import Answer
from projections.holding_rows import HoldingRow
from projections.share_rows import BoundRow, RightRow

_COLUMNS = (
    Column("holder", wrap=True), Column("shares", "right"), Column("right"),
    Column("of", wrap=True), Column("votes", wrap=True), Column("dividends", wrap=True, yields=1),
    Column("disposal", wrap=True, yields=2), Column("until", yields=3),
    Column("id", from_width=100), Column("standing", from_width=120),
)  # fmt: skip


@dataclass(frozen=True)
class RightsPlan:
    """How rights in shares are told: of an issuer or a class, or of one holder."""

    subject: str
    holder: str | None

    def screen(self, answer: Answer[RightRow], labels: Labels) -> Screen:
        """The rights as a person reads them."""
        title = f"Rights in shares of {labels.heading(labels.kind_of(self.subject), self.subject)}"
        if self.holder is not None:
            title += f", {labels.title('party', self.holder)}"
        notes = [labels.read(note) for note in answer.notes]
        return Screen(title, list(right_blocks(answer.rows, labels)), notes)


def right_blocks(rows: Sequence[RightRow], labels: Labels) -> Iterator[Block]:
    """A block for each class."""
    for share_class in dict.fromkeys(row["share_class"] for row in rows):
        lines = [_line(row, labels) for row in rows if row["share_class"] == share_class]
        yield Block(_COLUMNS, lines, f"Rights in {labels.name('class', share_class)}")


def _line(row: RightRow, labels: Labels) -> Line:
    sign = labels.marks.sign(row["standing"])
    cells = (
        labels.name("party", row["holder"]),
        "all" if row["extent"] == "all" else count(row["shares"]),
        joined(row["kind"], sign), labels.name("party", row["party"]), _votes(row, labels),
        labels.short("party", row["dividends_to"]),
        " and ".join(labels.short("party", one) for one in row["disposal_by"].split(", ")),
        worded(row["until"] or ""), row["right"], row["standing"],
    )  # fmt: skip
    since = dated(row["since"], row["at_latest"])
    return Line(cells, [f"since {since}"])


def _votes(row: RightRow, labels: Labels) -> str:
    """Who votes, in names; on which matters, where that decides."""
    if row["votes_by"] is not None:
        return labels.short("party", row["votes_by"])
    if row["voting"] == "as-instructed":
        return f"as {labels.short('party', row['party'])} instructs"
    if row["voting"] == "by-matter":
        to, holder = (labels.short("party", row[name]) for name in ("party", "holder"))
        return f"depends on the matter: {to} at {', '.join(row['matters'])}; else {holder}"
    return "not told"


def held_rights(rows: Sequence[HoldingRow], labels: Labels) -> Iterator[Block]:
    """The rights in holdings, and what open offers bind of them."""
    yield from right_blocks([right for row in rows for right in row.get("rights", ())], labels)
    lines = [_bound(row, one, labels) for row in rows for one in row.get("bound", ())]
    if lines:
        yield Block(
            (Column(wrap=True), Column("shares", "right"), Column("offer")), lines,
            "Bound by acceptances of open offers",
        )  # fmt: skip


def _bound(row: HoldingRow, one: BoundRow, labels: Labels) -> Line:
    holder = labels.name("party", row["holder"])
    return Line((holder, count(one["shares"]), labels.name("offer", one["offer"])))
