"""How evidence is written: numbered for a reader, as footnotes in Markdown, whole in JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from shutil import get_terminal_size

import click

from cli.documents import is_whole, kept
from cli.labels import Labels
from cli.plans.figures import known_words
from cli.question import hidden_fields, hidden_words, question_fields
from cli.render import cell_of, cut_fields, cut_words, escaped, write_json
from cli.safe_text import filled
from ledger.storage.opening import peek
from ledger.time.view import Cut
from ledger.values.dates import UNKNOWN, after, worded
from projections.evidence import Evidence
from projections.explained_rows import CitedRow, EvidenceRow
from projections.rows import ConflictRow
from projections.told import read

WIDTH = 80
NOT_RECORDED = "not recorded"


def find_documents(ledger: Path, found: Evidence) -> None:
    """Say of each source where its document is kept, and whether it is as it was recorded."""
    documents = kept(ledger)
    for cited in (one for row in found.rows for one in row["cited"]):
        path = documents.get(cited["sha256"] or "")
        if path is not None:
            cited["document"], cited["document_whole"] = str(path), is_whole(path)


def in_names(found: Evidence, labels: Labels) -> Evidence:
    """Evidence whose remarks are told with names, for a reader."""
    found.notes = [read(note, labels.name) for note in found.notes]
    for row in found.possible:
        row["what"] = labels.sentence(row["event"]) or row["what"]
        row["why"] = read(row["why"], labels.name)
    return found


def render_evidence(
    ledger: Path, found: Evidence, cut: Cut, form: str, title: str, figure: Sequence[str]
) -> None:
    """Write evidence to standard output, under the figure in words."""
    find_documents(ledger, found)
    if form == "json":
        write_json(
            {
                "cut": question_fields() | cut_fields(cut),
                "outcome": found.outcome,
                "figure": found.figure,
                "rows": found.rows,
                "possible": found.possible,
                "notes": found.notes,
                "hidden": hidden_fields(found.hidden),
            }
        )
        return
    size = peek(ledger)
    notes = [*found.notes, *hidden_words(found.hidden, cut)]
    notes += [
        f"May count, and is not in the figure: {p['what']} ({p['why']})." for p in found.possible
    ]
    notes.append(f"Cut: {cut_words(cut)}; ledger {size.id}, {size.position:,} events.")
    if form == "markdown":
        lines = _markdown(title, figure, found, notes)
    else:
        lines = _text(title, figure, found, notes)
    click.echo("\n".join(lines), file=sys.stdout)


def _text(
    title: str, figure: Sequence[str], found: Evidence, notes: Sequence[str]
) -> Iterator[str]:
    terminal = sys.stdout.isatty()
    width = get_terminal_size().columns if terminal else WIDTH
    yield filled(title, width)
    yield from (filled(line, width, "  ", "    ") for line in figure)
    for number, row in enumerate(found.rows, 1):
        mark = f"{number}. "
        yield "\n" + filled(_event(row, found), width, mark, " " * len(mark))
        for line in _under(row, found):
            yield filled(line, width, "   - ", "     ")
    yield ""
    yield from (filled(note, width, "* ", "  ") for note in notes)


def _markdown(
    title: str, figure: Sequence[str], found: Evidence, notes: Sequence[str]
) -> Iterator[str]:
    yield f"**{escaped(title)}**"
    yield from ("", *(escaped(line) + "  " for line in figure), "")
    for number, row in enumerate(found.rows, 1):
        yield f"{number}. {escaped(_event(row, found))}"
        for line in _under(row, found):
            yield f"   - {escaped(line)}"
    yield ""
    yield from (f"- {escaped(note)}" for note in notes)


def _event(row: EvidenceRow, found: Evidence) -> str:
    date = cell_of(row, "effective_on") if row["effective_on"] or row["at_latest"] else "any date"
    marks = [row["standing"], f"event {row['event']}", f"#{row['position']}"]
    known = row["known_on"]
    marks.append(f"known {after('from', known_words(known))}" if known else "known always")
    marks.append(f"recorded {row['recorded_at'][:10]}")
    marks += [f"recorder {row['recorder']}"] if "recorder" in row else []
    return f"{date}: {found.told[row['event']]} ({', '.join(marks)})"


def _under(row: EvidenceRow, found: Evidence) -> Iterator[str]:
    """The places that an event rests on, then what contradicts it."""
    yield from map(_where, row["cited"])
    if not row["cited"]:
        yield "Source: not recorded."
    yield from (_conflict(conflict, found) for conflict in row["conflicts"])


def _where(cited: CitedRow) -> str:
    """A place in a source as a footnote gives it; what is not recorded is said."""
    title = f'"{cited["title"]}"' if cited["title"] else "title not recorded"
    place = cited["locator"] or "place in it not recorded"
    parts = [f"{cited['publisher'] or 'publisher not recorded'}, {title}, {place}"]
    parts.append(
        f"Published {_published(cited)}; retrieved: {cited['retrieved_on'] or NOT_RECORDED}"
    )
    parts.append(f"Address: {cited['address'] or NOT_RECORDED}")
    parts.append(f"SHA-256: {cited['sha256'] or NOT_RECORDED}")
    parts.append(f"Document: {_document(cited)}")
    return f"{'. '.join(parts)}. Source {cited['source']}."


def _published(cited: CitedRow) -> str:
    date = cited["published_on"]
    if date in (None, UNKNOWN):
        return "on an unknown day"
    words = worded(str(date))
    return f"{words} (dated by the recorder)" if cited["dated_by"] == "recorder" else words


def _document(cited: CitedRow) -> str:
    if cited["document"] is None:
        return "not kept here"
    state = "with the hash recorded" if cited["document_whole"] else "ALTERED since it was kept"
    return f"kept as {cited['document']}, {state}"


def _conflict(row: ConflictRow, found: Evidence) -> str:
    said = "; ".join(f"{claim['event']} says {claim['value']}" for claim in row["claims"])
    return (
        f"Contradicted, {row['attribute']} of {found.called[row['subject']]}: {said}. Preferred is"
        f" {row['preferred']}: {row['why']}."
    )
