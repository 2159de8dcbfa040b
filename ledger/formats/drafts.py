"""Rows made into drafts of events: what each says, under which key, citing which cell."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections import Counter
from collections.abc import Mapping as Pairs
from collections.abc import Sequence
from typing import Any, NamedTuple

from ledger.events.envelope import canonical
from ledger.formats.findings import OR, Findings, Problem
from ledger.formats.mapping import Mapping
from ledger.formats.records import Record, Records
from ledger.values.refusals import Refusal, Refused, shown
from ledger.values.text import checked_key

_BITS = 100
_IDS = ("entry", "certificate")
_KEPT_APART = ("percent", "born", "address", "party_kind", "lei")  # of the parties, or checked only


class Made(NamedTuple):
    """An event that a row gives: its type and fields, the end of its key, the cell it cites.

    ``fields`` are without citations and standing; ``cells`` has where a field of it stands.
    """

    type: str
    fields: Pairs[str, Any]
    key: str
    row: int
    locator: str
    cells: Pairs[str, str]


def digest(value: Pairs[str, Any]) -> str:
    """The base32 of the first 100 bits of the SHA-256 of canonical JSON."""
    bits = hashlib.sha256(canonical(value)).digest()[:13]
    return b32encode(bits).decode().lower()[: _BITS // 5]


def row_keys(
    records: Records,
    resolved: Sequence[Pairs[str, str]],
    mapping: Mapping,
    found: Findings,
    *,
    by_id: bool,
) -> list[str]:
    """The end of the key of each row: its own id if a column gives one, else a digest of what it
    says and its number among equal rows, which are refused unless the mapping keeps them."""
    column = _id_column(records, mapping, found) if by_id else ""
    found.said["id"] = column or "content"
    found.said["duplicates"] = mapping.text("duplicates", "refuse")
    if column:
        return [_id_key(line.value(column)) for line in records.lines]
    rows = [
        {name: text for name, text in values.items() if name not in _KEPT_APART}
        for values in resolved
    ]
    counts, keys, places = Counter[str](), [], dict[str, list[str]]()
    for line, row in zip(records.lines, rows, strict=True):
        said = digest(row)
        counts[said] += 1
        places.setdefault(said, []).append(records.sheet.place(line.row))
        keys.append(digest(row | {"ordinal": str(counts[said])}) if counts[said] > 1 else said)
    if mapping.text("duplicates") != "keep":
        for equal in places.values():
            if len(equal) > 1:
                found.ask(", ".join(equal), "The rows are equal.", "duplicates: keep")
    return keys


def _id_column(records: Records, mapping: Mapping, found: Findings) -> str:
    said = mapping.text("id")
    for field in [said] if said else _IDS:
        if field not in records.columns:
            continue
        rows: dict[str, list[int]] = {}
        for line in records.lines:
            rows.setdefault(line.value(field), []).append(line.row)
        wrong = [at for text, at in rows.items() if not text or len(at) > 1]
        if not wrong:
            return field
        if not said and len(wrong) < len(rows):
            found.remarks.append(
                f"The {field} is not one of each row: keys are made of what the rows say."
            )
        if said:
            places = ", ".join(records.place(row, field) for row in wrong[0][:10])
            found.refuse(
                Refusal.DUPLICATE_KEY, places, f"The {field} is not one of each row.",
                "Mend it, or write `id: content` in the mapping.", field,
            )  # fmt: skip
    return ""


def _id_key(text: str) -> str:
    """The id of a row as the end of a key; a digest where a key may not be written so."""
    try:
        checked_key(text)
    except Refused:
        return digest({"id": text})
    return digest({"id": text}) if ":" in text or len(text) > 60 else text


def need(records: Records, line: Record, found: Findings, *fields: str) -> bool:
    """Whether a row has all the fields that it needs; each that is missing is refused."""
    missing = [field for field in fields if not line.value(field)]
    for field in missing:
        if (line.row, field) in found.told or field in found.undecided:
            continue
        if field in records.columns:
            found.refuse(
                Refusal.MISSING_FIELD, records.place(line.row, field), f"{field} is blank.",
                "Fill it in, add `blank: same-as-above` where the cell above counts, or end the"
                " table before it with `rows`.",
                field, line.row,
            )  # fmt: skip
        elif (0, field) not in found.told:
            found.told.add((0, field))
            found.problems.append(_no_column(records, field))
    return not missing


def _no_column(records: Records, field: str) -> Problem:
    line = f"columns: {{{field}: HEADING}}{OR}fixed: {{{field}: VALUE}}"
    refused = Refused(
        Refusal.QUESTION_OPEN,
        f"No column says the {field.replace('_', ' ')}.",
        f"Add to the mapping: `columns: {{{field}: HEADING}}` or `fixed: {{{field}: VALUE}}`.",
        records.sheet.name,
    )
    return Problem(refused, field, line=line)


def choice(
    records: Records,
    line: Record,
    field: str,
    value: str,
    choices: Sequence[str],
    found: Findings,
) -> None:
    """Refuse a cell whose word stands for none of a closed list."""
    found.refuse(
        Refusal.BAD_CHOICE, records.place(line.row, field), f"{shown(value)} is no known {field}.",
        f"It is one of {', '.join(choices)}; add"
        f" `values: {{{field}: {{{value}: {choices[0]}}}}}` with the right one.", field, line.row,
    )  # fmt: skip
