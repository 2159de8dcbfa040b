"""Tables without movements: boards and officers, parties, share classes."""

from __future__ import annotations

from ledger.formats.drafts import Made, row_keys
from ledger.formats.headings import folded
from ledger.formats.records import Record
from ledger.formats.rows import Rows

BOARD_FIELDS = (
    "entry", "person", "holder", "role", "effective_on", "ceased_on", "issuer", "nominated_by",
    "born", "address",
)  # fmt: skip
PARTY_FIELDS = ("entry", "party", "holder", "party_kind", "lei", "born", "address")
CLASS_FIELDS = ("entry", "issuer", "share_class", "votes_per_share", "authorised", "isin")
_DIRECTORS = (
    "director, non executive director, executive director, independent director, board member,"
    " member of the board, administrateur, aufsichtsrat, mitglied des aufsichtsrats, 取締役,"
    " 社外取締役"
)


def read_board(rows: Rows) -> list[Made]:
    """Appointments and leavings of directors, and of those whose role is an office."""
    keys = row_keys(rows.records, rows.resolved(), rows.mapping, rows.found, by_id=False)
    made = []
    for line, key in zip(rows.records.lines, keys, strict=True):
        person = "person" if "person" in rows.records.columns else "holder"
        if rows.need(line, person, "issuer", "effective_on"):
            made += _terms(rows, line, key, person)
    return made


def _terms(rows: Rows, line: Record, key: str, person: str) -> list[Made]:
    role = line.value("role")
    sits = not role or folded(role) in _DIRECTORS.split(", ")
    about = {"company": rows.party(line, "issuer"), "person": rows.party(line, person)}
    office = {} if sits else {"role": role}
    if sits and role and folded(role) != "director":
        office = {"role": role}
    nominated = {"nominated_by": rows.party(line, "nominated_by")} if sits else {}
    what = "director" if sits else "officer"
    came = rows.made(
        line, f"{what}-appointed", key, person, effective_on=line.value("effective_on"),
        **about, **office, **nominated,
    )  # fmt: skip
    if not line.value("ceased_on"):
        return [came]
    left = {} if sits else {"role": role}
    on = line.value("ceased_on")
    gone = rows.made(
        line, f"{what}-left", f"{key}:left", "ceased_on", effective_on=on, **about, **left
    )
    return [came, gone]


def read_parties(rows: Rows) -> list[Made]:
    """The registrations of parties, which are made as their names are looked up."""
    row_keys(rows.records, rows.resolved(), rows.mapping, rows.found, by_id=False)
    field = "party" if "party" in rows.records.columns else "holder"
    for line in rows.records.lines:
        if rows.need(line, field):
            rows.party(line, field)
    return []


def read_classes(rows: Rows) -> list[Made]:
    """The share classes of issuers."""
    row_keys(rows.records, rows.resolved(), rows.mapping, rows.found, by_id=False)
    made = []
    for line in rows.records.lines:
        if not rows.need(line, "share_class", "votes_per_share"):
            continue
        fields = {name: line.value(name) for name in ("votes_per_share", "authorised", "isin")}
        if "/" not in line.value("share_class"):
            fields["name"] = line.value("share_class")
        share_class = rows.share_class(line)
        key = f"class:{share_class}"
        at = "share_class"
        made.append(
            rows.made(line, "share-class-created", key, at, share_class=share_class, **fields)
        )
    return made
