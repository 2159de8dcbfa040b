"""A sheet: a document with what every print of it says besides, which is its cut and its proofs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from cli.question import hidden_words
from cli.render import policy_words
from ledger.storage.opening import peek
from ledger.storage.server import Place
from ledger.time.exclusions import hidden
from ledger.time.view import Cut, View
from ledger.transparency.merkle import Frontier
from ledger.transparency.signed_notes import encoded
from ledger.values.dates import FOREVER, parse_stored
from projections.registers.document import NOT_RECORDED, Document, Notes, Part, Words
from projections.registers.redaction import Redaction

STANDINGS = {
    "official": "official events alone",
    "reported": "official and reported events",
    "any": "events of every standing: official, reported, unnamed, inferred",
}
_EMPTY = "0001-01-01T00:00:00.000000Z"


@dataclass(frozen=True)
class Sheet:
    """A document ready to be written: its cut in words, what vouches for it, and the moment of the
    last event it may rest on, which stands for when it was made."""

    document: Document
    cut: list[tuple[str, str]]
    cut_foot: str
    proofs: list[tuple[str, str]]
    made: datetime

    @property
    def foot(self) -> str:
        """What stands at the foot of every page, the number apart."""
        return f"{_shortened(self.document.company)} · {self.document.title}"


def sheet(
    view: View, document: Document, proofs: list[tuple[str, str]], redact: bool = False
) -> Sheet:
    """What a document of a view is written as; without the names of persons where that is asked."""
    document = replace(document, parts=[*document.parts, *_closing(view, document)])
    if redact:
        document = _redacted(view, document)
    last = _last_recorded(view)
    return Sheet(document, cut_terms(view, last), _cut_foot(view), proofs, parse_stored(last))


def cut_terms(view: View, last: str) -> list[tuple[str, str]]:
    """A cut on its three clocks, its standing and its policy, in words."""
    cut, count = view.cut, view.history.position
    known = f"as known at the end of {cut.known_by}" if cut.known_by != FOREVER else ""
    events = f"{count:,} event{'s' * (count != 1)}"
    recorded = f"as recorded by {_moment(cut.recorded_by)}: {events}" if cut.recorded_by else ""
    return [
        ("As it stood", f"as of the end of {cut.as_of}"),
        ("As known", known or "with all that has become known"),
        ("As recorded", recorded or f"with all {events} recorded, the last {_moment(last)}"),
        ("Counted", STANDINGS[cut.standing]),
        ("Where sources disagree", _preferred(cut)),
    ]


def _cut_foot(view: View) -> str:
    """The cut as the foot of a page has it."""
    cut = view.cut
    known = "all that is known" if cut.known_by == FOREVER else f"as known by {cut.known_by}"
    words = [f"as of {cut.as_of}", known, f"{view.history.position:,} events"]
    if cut.standing != "any":
        words.append(f"standing {cut.standing} or better")
    if cut.policy != "standing":
        words.append(f"policy {cut.policy}")
    return _shortened(", ".join(words), 110)


def _preferred(cut: Cut) -> str:
    if cut.policy == "standing":
        return "preferred is the better standing, then what became known later"
    return policy_words(cut.policy).removeprefix("Where sources disagree, ").rstrip(".")


def _moment(instant: str) -> str:
    return f"{instant[:10]} at {instant[11:19]} UTC"


def _last_recorded(view: View) -> str:
    last = view.history.mentioning(f"position:{view.history.position}")
    return last[-1].recorded_at if last else _EMPTY


def _closing(view: View, document: Document) -> list[Part]:
    """The last parts: what the limits of the cut leave out, and what the record does not tell."""
    parts = []
    if left := list(hidden_words(hidden(view, document.about), view.cut)):
        parts.append(Part("Left out by the cut", [Notes(left)]))
    missing = document.not_recorded()
    if missing:
        counted = ", ".join(f"{what} ({count:,})" for what, count in missing.items())
        words = f"{missing.total():,} values are {NOT_RECORDED}: {counted}."
    else:
        words = "Every value that this document asks for is recorded."
    return [*parts, Part("What is not recorded", [Words(words)])]


def _redacted(view: View, document: Document) -> Document:
    """A document without the names and ids of persons, which says so."""
    redaction = Redaction(view)
    document = document.reworded(redaction.words)
    words = (
        "Names and ids of persons are replaced by numbers. Running text of the record was searched"
        " for every recorded name and its parts; a name that is written there in another way is"
        " still there."
    )
    return replace(document, parts=[*document.parts, Part("Persons", [Words(words)])])


def proofs_of(path: Place, view: View) -> list[tuple[str, str]]:
    """What vouches for the record that a view sees."""
    head, position = peek(path), view.history.position
    found = [("Ledger", head.id), ("Events", f"{position:,}")]
    if head.position == position:
        root = Frontier(position, head.peaks).root()
        found.append(("Root of the tree", encoded(root)))
    last = view.history.mentioning(f"position:{position}")
    if last:
        found.append(("Last event", last[-1].id))
    return found


def _shortened(text: str, longest: int = 60) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
