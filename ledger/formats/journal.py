"""Movements of shares: a journal of one movement a row, and a register of members by folio."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ledger.formats.drafts import Made, digest, row_keys
from ledger.formats.losses import Loss
from ledger.formats.records import Record
from ledger.formats.rows import Rows
from ledger.values.refusals import Refusal, shown

FIELDS = (
    "entry", "certificate", "effective_on", "kind", "share_class", "issuer", "holder", "transferor",
    "transferee", "shares", "price", "currency", "ratio", "into_class", "party_kind", "lei", "born",
    "address",
)  # fmt: skip
REGISTER_FIELDS = (*FIELDS, "balance")
_RATIO = re.compile(r"(\d+)\s*(?::|/|for|pour|zu|auf|対)\s*(\d+)", re.IGNORECASE)


def read_journal(rows: Rows) -> list[Made]:
    """One event a row."""
    keys = row_keys(rows.records, rows.resolved(), rows.mapping, rows.found, by_id=True)
    lines = zip(rows.records.lines, keys, strict=True)
    return [made for line, key in lines if (made := _movement(rows, line, key))]


def read_register(rows: Rows) -> list[Made]:
    """The movements of a register, grouped by folio, and the balance of each folio on each day.

    A transfer stands in two folios, that of the transferor and that of the transferee; it is one
    event, which is recorded once.
    """
    keys = row_keys(rows.records, rows.resolved(), rows.mapping, rows.found, by_id=False)
    found: dict[str, list[tuple[Made, str]]] = {}
    for line, key in zip(rows.records.lines, keys, strict=True):
        if made := _movement(rows, line, key):
            said = digest({"type": made.type, **made.fields})
            found.setdefault(said, []).append((made, rows.party(line, "holder")))
    movements = [made for same in found.values() for made in _once(rows, same)]
    order = {line.row: number for number, line in enumerate(rows.records.lines)}
    movements.sort(key=lambda made: order[made.row])
    return [*movements, *_balances(rows)]


def _movement(rows: Rows, line: Record, key: str) -> Made | None:
    if not rows.need(line, "kind"):
        return None
    kind = rows.kind(line)
    if not kind or not rows.need(line, "effective_on", "share_class"):
        return None
    fields = {"share_class": rows.share_class(line), "effective_on": line.value("effective_on")}
    if kind == "shares-split":
        return _split(rows, line, key, fields)
    if not rows.need(line, "shares"):
        return None
    fields["shares"] = line.value("shares")
    if kind in ("shares-issued", "shares-transferred", "shares-repurchased"):
        fields["price"] = rows.price(line)
    if kind == "shares-converted":
        if not rows.need(line, "into_class"):
            return None
        fields |= {"into_class": rows.into_class(line)}
        if line.value("ratio"):
            fields["ratio"] = _ratio(rows, line)
    parties = _parties(rows, line, kind)
    return rows.made(line, kind, key, "shares", **fields, **parties) if parties else None


def _parties(rows: Rows, line: Record, kind: str) -> dict[str, str]:
    """Whom a movement is about; empty where that cannot be told, which is refused."""
    if kind == "shares-transferred":
        giving = _first(line, "transferor", "holder" if line.value("transferee") else "")
        taking = _first(line, "transferee", "holder" if line.value("transferor") else "")
        if not (giving and taking):
            rows.need(
                line, *([] if giving else ["transferor"]), *([] if taking else ["transferee"])
            )
            return {}
        return {"transferor": rows.party(line, giving), "transferee": rows.party(line, taking)}
    ways = {
        "shares-repurchased": ("holder", "transferor"),
        "shares-cancelled": ("holder", "transferor"),
    }
    field = _first(line, *ways.get(kind, ("holder", "transferee")))
    if field:
        return {"holder": rows.party(line, field)}
    if kind == "shares-cancelled":
        return {"holder": ""}  # treasury shares
    rows.need(line, "holder")
    return {}


def _first(line: Record, *fields: str) -> str:
    return next((field for field in fields if field and line.value(field)), "")


def _split(rows: Rows, line: Record, key: str, fields: dict[str, str]) -> Made | None:
    if not rows.need(line, "ratio"):
        return None
    ratio = _ratio(rows, line)
    return rows.made(line, "shares-split", key, "ratio", **fields, ratio=ratio) if ratio else None


def _ratio(rows: Rows, line: Record) -> str:
    text = line.value("ratio")
    found = _RATIO.fullmatch(text.strip())
    if found:
        return f"{int(found[1])}:{int(found[2])}"
    rows.found.refuse(
        Refusal.BAD_NUMBER, rows.records.place(line.row, "ratio"),
        f"{shown(text)} is not a ratio of new shares to old.", "Write it as text: 2:1.",
        "ratio", line.row,
    )  # fmt: skip
    return ""


def _once(rows: Rows, same: Sequence[tuple[Made, str]]) -> list[Made]:
    """Equal movements without those that stand in the other party's folio too."""
    made = [one for one, _ in same]
    if made[0].type != "shares-transferred" or len(made) < 2:
        return made
    sides = Counter(holder for _, holder in same)
    giving = [one for one, holder in same if holder == one.fields["transferor"]]
    taking = [one for one, holder in same if holder == one.fields["transferee"]]
    if len(sides) < 2 or len(giving) + len(taking) < len(made):
        return made
    kept, other = (giving, taking) if len(giving) >= len(taking) else (taking, giving)
    for one in other:
        place, why = rows.records.place(one.row), "the transfer stands in the other folio too"
        rows.found.lose(Loss("merged", place, "shares", str(one.fields["shares"]), why), one.row)
    return kept


def _balances(rows: Rows) -> list[Made]:
    """The last balance of each holder and class on each day."""
    last: dict[tuple[str, str, str], Record] = {}
    for line in rows.records.lines:
        if all(line.value(f) for f in ("balance", "holder", "share_class", "effective_on")):
            on = line.value("effective_on")
            last[rows.party(line, "holder"), rows.share_class(line), on] = line
    return [
        rows.made(
            line, "balance-asserted",
            f"balance:{digest({'holder': holder, 'share_class': share_class, 'on': on})}",
            "balance", share_class=share_class, holder=holder, shares=line.value("balance"),
            effective_on=on,
        )
        for (holder, share_class, on), line in last.items()
    ]  # fmt: skip
