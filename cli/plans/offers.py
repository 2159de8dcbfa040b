"""An offer: its terms, earlier ones too, then a line for each holder."""

from __future__ import annotations

from collections.abc import Iterator

from cli.labels import Labels
from cli.plans.figures import count, date_words, dated, joined
from cli.plans.threads import what
from cli.screen import Block, Column, Line, Screen
from projections.answer import Answer
from projections.share_rows import OfferRow
from projections.subjects.deals import deals

_TERMS = (Column(), Column(wrap=True))
_HOLDERS = (
    Column(wrap=True), Column("id", from_width=100), Column("held", "right"),
    Column("entitled", "right", yields=1), Column("accepted", "right"), Column("taken", "right"),
    Column("moved", "right"), Column("on", yields=2), Column("standing", from_width=120),
)  # fmt: skip


def offer_screen(offer: str, answer: Answer[OfferRow], labels: Labels) -> Screen:
    """The offer as a person reads it."""
    blocks = [Block(_TERMS, list(_terms(offer, labels)))]
    if answer.rows:
        lines = [_line(row, labels) for row in answer.rows]
        bare = all(row["entitlement"] is None for row in answer.rows) and not labels.flat
        kept = [n for n in range(len(_HOLDERS)) if not (bare and _HOLDERS[n].heading == "entitled")]
        lines = [Line([line.cells[n] for n in kept], line.under) for line in lines]
        blocks.append(Block([_HOLDERS[n] for n in kept], lines, "Holders"))
    notes = [labels.read(note) for note in answer.notes]
    return Screen(f"Offer {labels.title('offer', offer)}", blocks, notes)


def _terms(offer: str, labels: Labels) -> Iterator[Line]:
    for row in deals(labels.view, offer).rows:
        if (row["kind"], row["subject"]) == ("offer", offer):
            since = dated(row["since"], row["at_latest"])
            due = f", until {date_words(row['expected'])}" if row["expected"] else ""
            yield Line(("Status", f"{row['status']} since {since}{due}"))
            yield Line(("Terms", what(row, labels)))
            steps = [labels.fact(key) for key in row["events"]]
            earlier = [f for f in steps if f and f.type in ("offer-made", "offer-amended")]
            if len(earlier) > 1:
                for fact in earlier:
                    yield Line((fact.when, labels.sentence(fact.key) or fact.type))


def _line(row: OfferRow, labels: Labels) -> Line:
    cells = (
        labels.name("party", row["holder"]), row["holder"],
        *(count(row[name]) for name in ("held", "entitlement", "accepted", "taken", "moved")),
        joined(dated(row["since"], row["at_latest"]), labels.marks.sign(row["standing"])),
        row["standing"],
    )  # fmt: skip
    chosen = [f"option {row['option']}"] if row["option"] else []
    chosen += [f"at {row['price']}"] if row["price"] else []
    under = [", ".join(chosen)] if chosen else []
    return Line(cells, under)
