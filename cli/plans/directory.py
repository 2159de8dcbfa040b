"""The directory: parties, share classes and sources, a line each and what they are under it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from cli.labels import Labels
from cli.plans.figures import UNKNOWN, count, date_words, listed
from cli.screen import Block, Column, Line, Screen
from ledger.values.dates import UNKNOWN as UNKNOWN_DATE
from ledger.values.dates import since_words
from projections.answer import Answer, qualified
from projections.directory.classes import ClassRow, Sources
from projections.directory.parties import Directory, PartyRow, RelationRow

_PARTIES = (Column("name", wrap=True), Column("kind"), Column("id"))
_PARTIES_FLAT = (
    *_PARTIES, Column("also called"), Column("former names"), Column("LEI"), Column("is"),
    Column("standing"),
)  # fmt: skip
_CLASSES = (
    Column("class"), Column("issued", "right"), Column("outstanding", "right"),
    Column("treasury", "right", from_width=100), Column("holders", "right"),
    Column("votes each", "right"), Column("id", from_width=100),
)  # fmt: skip
_CLASSES_FLAT = (*_CLASSES, Column("authorised", "right"), Column("ISIN"), Column("terms"))
_SOURCES = (
    Column("published"), Column("publisher", wrap=True), Column("title", wrap=True),
    Column("cited", "right"),
)  # fmt: skip
_SOURCES_FLAT = (*_SOURCES, Column("kind"), Column("id"), Column("address"), Column("SHA-256"))

_MOST_NAMED, _NAMED = 10, 5  # parties in one sentence, and of more than these


def parties_screen(
    answer: Directory, labels: Labels, text: str, limit: int | None = None, after: str | None = None
) -> Screen:
    """Who is recorded: name, kind, id, and what each is in this ledger."""
    lines = []
    labels.gather_parties(chain.from_iterable(map(_others, answer.rows)))
    for row in answer.rows:
        cells, roles = (
            [
                labels.linked("party", row["party"], row["name"]),
                row["kind"] or UNKNOWN,
                row["party"],
            ],
            list(_roles(row, labels)),
        )
        if row["party"] in answer.in_part:
            roles.append(labels.command(f"parties {row['party']}", "all its parts in trusts"))
        also = [f"also called {listed(row['aliases'])}"] if row["aliases"] else []
        former = [f"formerly {listed(row['former_names'])}"] if row["former_names"] else []
        lei = [f"LEI {row['lei']}"] if row["lei"] else []
        if labels.flat:
            more = (
                listed(row["aliases"]), listed(row["former_names"]), row["lei"] or UNKNOWN,
                listed(roles),
            )  # fmt: skip
            lines.append(Line((*cells, *more, row["standing"])))
        else:
            lines.append(Line(cells, [*also, *former, *lei, *([listed(roles)] if roles else [])]))
    title = f"Parties{_with(text)}{_number(len(answer.rows), limit, after)}"
    return _screen(title, answer, _PARTIES_FLAT if labels.flat else _PARTIES, lines)


def _others(row: PartyRow) -> Iterator[str]:
    """Other parties that a row names, but for those of a long list that are left out."""
    yield from row["registers"][:_MOST_NAMED]
    yield from (one["party"] for one in (*row["trusts"], *row["boards"]))


def _roles(row: PartyRow, labels: Labels) -> Iterator[str]:
    """What a party is: issuer of classes, in registers, with a part in trusts, on boards."""
    if row["ended_on"]:
        heirs = listed(_shorts(labels, row["successors"])) if row["successors"] else ""
        yield f"ended {_day(row['ended_on'])}" + (f", succeeded by {heirs}" if heirs else "")
    if row["status"]:
        yield f"{row['status'].replace('-', ' ')}{_since(row['status_since'], ' ')}"
    if row["members"]:
        yield f"of {listed(_shorts(labels, row['members']))}"
    yield from _told(row)
    if row["classes"]:
        yield f"issuer of {listed(labels.class_name(one) for one in row['classes'])}"
    if row["registers"]:
        yield f"in the register of {_few(labels, row['registers'])}"
    parts = defaultdict[str, list[str]](list)
    for role in [*row["trusts"], *row["boards"]]:
        parts[role["role"]].append(role["party"])
    for part, of in parts.items():
        yield f"{part} of {_few(labels, of)}"
    for one in row["relations"]:
        yield _relation(one, labels)


def _few(labels: Labels, parties: Sequence[str]) -> str:
    """The names of some parties; on a screen no more of them than can be read."""
    if labels.flat or len(parties) <= _MOST_NAMED:
        return listed(_shorts(labels, parties))
    named = _shorts(labels, parties[:_NAMED])
    return listed([*named, f"{len(parties) - _NAMED:,} more"])


def _told(row: PartyRow) -> Iterator[str]:
    """Addresses and other details, as registers print them."""
    for one in row["addresses"]:
        kind = (one["kind"] or "address").replace("-", " ")
        yield f"{kind} {one['address']}"
    for name, value in row["details"].items():
        yield f"{name.replace('_', ' ')} {value}"
    for identifier in row["identifiers"]:
        yield f"{identifier['scheme']} {identifier['id']}"


_RELATED = {  # a kind of relationship in words, of the one party and of the other
    "control": ("controls {}", "controlled by {}"),
    "concert": ("in concert with {}", "in concert with {}"),
    "member": ("member of {}", "has member {}"),
    "employment": ("employed by {}", "employs {}"),
}


_BASES = {  # of control
    "majority": "by a majority", "board": "through the board", "contract": "by contract",
    "articles": "by the articles", "law": "by law", "de-facto": "in fact",
}  # fmt: skip


def _relation(one: RelationRow, labels: Labels) -> str:
    kind = one["kind"].replace("-", " ")
    of, by = _RELATED.get(one["kind"], (f"{kind} in {{}}", f"{kind} of {{}}"))
    words = (of if one["role"] == "of" else by).format(labels.short("party", one["party"]))
    upto = f" to {one['percent_to']}%" if one["percent_to"] else ""
    figure = qualified(f"{one['percent']}%{upto}", one["qualifier"])
    basis = _BASES.get(one["basis"] or "", "")
    told = [one["words"] or "", basis, figure if one["percent"] else "", _since(one["since"], "")]
    more = ", ".join(filter(None, told))
    return f"{words} ({more})" if more else words


def _since(date: str | None, before: str) -> str:
    return f"{before}{since_words(_day(date))}" if date else ""


def _day(date: str) -> str:
    return "an unknown date" if date == UNKNOWN_DATE else date_words(date)


def _shorts(labels: Labels, ids: Sequence[str]) -> list[str]:
    return [labels.short("party", id) for id in ids]


def classes_screen(answer: Answer[ClassRow], labels: Labels, issuer: str | None) -> Screen:
    """The share classes with what is issued of them."""
    lines = []
    for row in answer.rows:
        held = f"holdings {row['issuer']}"
        cells = (
            labels.linked("class", row["share_class"], row["name"]),
            *(labels.command(held, text) for text in (
                count(row["issued"]), count(row["outstanding"]), count(row["treasury"]),
                f"{row['holders']:,}",
            )),
            row["votes_per_share"] or UNKNOWN, row["share_class"],
        )  # fmt: skip
        told = list(_terms(row, labels))
        if labels.flat:
            authorised, isin = row["authorised"], row["isin"]
            lines.append(Line((*cells, _limit_words(authorised), isin or UNKNOWN, listed(told))))
        else:
            total = row["authorised"]
            words = [f"{_limit_words(total)} authorised"] if total else []
            words += [*told, *([f"ISIN {row['isin']}"] if row["isin"] else [])]
            lines.append(Line(cells, [listed([row["share_class"], *words])]))
    title = "Share classes" + (f" of {labels.title('party', issuer)}" if issuer else "")
    return _screen(title, answer, _CLASSES_FLAT if labels.flat else _CLASSES, lines)


def _terms(row: ClassRow, labels: Labels) -> Iterator[str]:
    """What a class is and converts into, what of it may be issued, where it is listed, and more."""
    if row["kind"] != "share":
        yield f"of kind {row['kind']}"
    if row["par_value"]:
        yield f"par {row['par_value']}"
    if row["converts_into"]:
        at = f" at {row['converts_at']}" if row["converts_at"] else ""
        yield f"converts into {labels.class_name(row['converts_into'])}{at}"
    yield from _limits(row)
    for one in row["listings"]:
        symbol = f" as {one['symbol']}" if one["symbol"] else ""
        since = _since(one["since"], " ")
        yield f"{one['status']} at {one['venue']}{symbol}{since}"
    for name, value in row["other_terms"].items():
        yield f"{name.replace('_', ' ')} {_term(value)}"


def _term(value: Any) -> str:
    """A term in words; of a list each of its parts."""
    if not isinstance(value, list | tuple):
        return str(value)
    return ", ".join(_consent(one) if isinstance(one, dict) else one for one in value)


def _consent(one: dict[str, str]) -> str:
    """A matter for which a class must consent: ``stake (above 15%)``."""
    limits = one.get("limits")
    return f"{one['matter']} ({limits})" if limits else one["matter"]


def _limits(row: ClassRow) -> Iterator[str]:
    """What may be issued or bought back, or be there of all classes of the issuer."""
    for one in row["limits"]:
        if (one["share_class"], one["authorises"]) == (row["share_class"], "total") and one[
            "shares"
        ]:
            continue
        what = {"total": "may be in issue", "issue": "may be issued"}
        much = one["amount"] or _limit_words(one["shares"])
        of = "" if one["share_class"] else " of all classes"
        until = f" until {date_words(one['until'])}" if one["until"] else ""
        named = f" ({one['authority']})" if one["authority"] else ""
        yield f"{much}{of} {what.get(one['authorises'], 'may be bought back')}{until}{named}"


def _limit_words(shares: str | None) -> str:
    """A number of shares that may be there, or that any number may."""
    return shares if shares == "unlimited" else count(shares)


def sources_screen(
    answer: Sources, labels: Labels, text: str, limit: int | None = None, after: str | None = None
) -> Screen:
    """The documents, and how often each is cited."""
    lines = []
    for row in answer.rows:
        withdrawn = " (withdrawn)" if row["retracted"] else ""
        more = "over " if row["source"] in answer.in_part else ""
        cited = f"{more}{row['cited_by']:,}"
        cells = (
            date_words(row["published_on"]), row["publisher"] or UNKNOWN,
            labels.linked("source", row["source"], row["title"] or UNKNOWN) + withdrawn,
            labels.linked("source", row["source"], cited),
        )  # fmt: skip
        besides = (row["kind"], row["source"], row["address"], row["sha256"])
        if labels.flat:
            lines.append(Line((*cells, *(one or UNKNOWN for one in besides))))
        else:
            lines.append(Line(cells, [", ".join(one for one in besides[:2] if one)]))
    title = f"Sources{_with(text)}{_number(len(answer.rows), limit, after)}"
    return _screen(title, answer, _SOURCES_FLAT if labels.flat else _SOURCES, lines)


def _screen(
    title: str, answer: Answer[Any], columns: Sequence[Column], lines: Sequence[Line]
) -> Screen:
    return Screen(title, [Block(columns, lines)] if lines else [], answer.notes)


def _after(more: Sequence[str]) -> str:
    return "".join(f", {one}" for one in more)


def _number(rows: int, limit: int | None, after: str | None) -> str:
    """How many there are; empty where a page may have a part of them."""
    some = after is not None or (limit is not None and rows >= limit)
    return "" if some else f": {rows:,}"


def _with(text: str) -> str:
    return f' with "{text}"' if text else ""
