"""Hidden movements: how many posted ones the limits of a cut leave out, counted where they lie.

Of amended movements only those are counted here of which a cut leaves out at most the day: it is
late enough, and its floor low enough, to let all else of them through. The others are named, to be
looked at one by one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence

from ledger.events.envelope import Recorded
from ledger.model.movements import SIGNS
from ledger.model.posted import Hidden, Limits
from ledger.model.subject import parse_subject
from ledger.values.dates import FOREVER
from projections.readmodel.days import day_of, number_of
from projections.readmodel.postings import ISSUER, UNLIMITED, WEAKEST, WITHOUT, positions_of

_Given = dict[str, str | int | None]
MOST_COUNTED = 1_000  # of what takes effect later, which may be almost everything
_ASKED = "WITH asked AS (SELECT id, subject FROM subjects WHERE subject IN ({marks}))"
_OF = "SELECT id FROM asked WHERE subject > '{kind}:' AND subject < '{kind};'"
_CLASSES = (  # those of the issuers with an id of a kind, which begins at a place in the subject
    "class IN (SELECT c.id FROM asked JOIN subjects c"
    " ON c.subject > 'class:' || substr(asked.subject, {start}) || '/'"
    " AND c.subject < 'class:' || substr(asked.subject, {start}) || '0'"
    " WHERE asked.subject > '{kind}:' AND asked.subject < '{kind};')"
)
_OF_PARTIES = _OF.format(kind="party")
_ABOUT = {  # the accounts on which the movements about subjects of a kind are posted
    "class": (f"class IN ({_OF.format(kind='class')})",),
    "issuer": (_CLASSES.format(kind="issuer", start=8),),
    "party": (
        f"account IN ({_OF_PARTIES})",
        f"account = {ISSUER} AND {_CLASSES.format(kind='party', start=7)}"
        f" AND position IN (SELECT position FROM indexed WHERE subject IN ({_OF_PARTIES}))",
    ),
}
_ISSUERS = "SELECT id FROM subjects WHERE subject > 'issuer:' AND subject < 'issuer;'"
_NOW = "since <= :now AND until > :now"
_AMENDED = "position IN (SELECT position FROM amended WHERE since <= :now)"
_GIVEN = (  # already, under the subject itself or because it was posted otherwise before
    " AND position NOT IN (SELECT position FROM indexed WHERE subject IN ({ids}))"
    f" AND NOT {_AMENDED}"
    " AND NOT EXISTS (SELECT 1 FROM postings earlier WHERE earlier.until <= :now"
    " AND earlier.class = postings.class AND earlier.account = postings.account"
    " AND earlier.day = postings.day AND earlier.sequence = postings.sequence"
    " AND earlier.position = postings.position)"
)
_LATEST = f" AND {_NOW} AND {UNLIMITED}"
_UNSURE = f"{_NOW} AND (known > :known OR rank > :rank)"  # of what is amended
_MOVED = (  # to another register or account, and so perhaps not where it is posted now
    "SELECT a.position FROM moved m JOIN amended a USING (position)"
    " WHERE m.subject IN (SELECT id FROM asked) AND m.since <= :now"
    " AND a.since <= :now AND a.until > :now"
    " AND a.day > :day AND a.known <= :known AND a.rank <= :rank"
)
_UNCITED = """(instr(data, '"known_on":') + instr(data, '"citations":') = 0)"""


def hidden(
    connection: sqlite3.Connection,
    subjects: Sequence[str],
    types: Collection[str] | None,
    limits: Limits,
    as_of: str,
    now: int,
    without: Collection[Recorded] = (),
) -> Hidden:
    """How many posted movements about any of the subjects, without some of them, each limit leaves
    out at a position.

    Of those that take effect later at most ``MOST_COUNTED`` are counted.
    """
    given, typed = _given(subjects, types, limits)
    given |= {"day": number_of(as_of), "now": now, "most": MOST_COUNTED}
    given["without"] = positions_of(without)
    limited = limits.known_by != FOREVER or limits.rank < WEAKEST
    also = typed + WITHOUT + _LATEST + ("" if types is not None else _without_given(subjects))
    sure = f" AND position NOT IN (SELECT position FROM amended WHERE {_UNSURE})" if limited else ""
    has_posting = [one + also for one in _has_posting(subjects)]
    if not has_posting or not typed:
        return Hidden()
    found = Hidden()
    if as_of != FOREVER:
        later = [f"SELECT position {one} AND day > :day{sure}" for one in has_posting]
        if types is not None:
            later.append(_MOVED + typed + WITHOUT)
        found = found._replace(as_of=_later(connection, _asked(subjects), later, given))
    if limited:
        found += _beyond(connection, _asked(subjects), has_posting, given)
    return found


def unsure(
    connection: sqlite3.Connection,
    subjects: Sequence[str],
    types: Collection[str],
    limits: Limits,
    now: int,
) -> list[int]:
    """The positions of the amended movements about any of the subjects, posted now or once, of
    which the limits may leave out more than a day does."""
    given, typed = _given(subjects, types, limits)
    if not typed or (limits.known_by == FOREVER and limits.rank >= WEAKEST):
        return []
    about = [f"SELECT position {one}{typed} AND since <= :now" for one in _has_posting(subjects)]
    about.append(f"SELECT position FROM indexed WHERE subject IN (SELECT id FROM asked){typed}")
    sql = (
        f"{_asked(subjects)} SELECT position FROM amended"
        f" WHERE {_UNSURE} AND position IN ({' UNION '.join(about)})"
        " ORDER BY position"
    )
    return [position for (position,) in connection.execute(sql, given | {"now": now})]


def _given(
    subjects: Sequence[str], types: Collection[str] | None, limits: Limits
) -> tuple[_Given, str]:
    """What queries are given, and the clause that keeps to types; empty where none of them can be
    posted."""
    moving = sorted(SIGNS) if types is None else [name for name in types if name in SIGNS]
    given: _Given = {"known": number_of(limits.known_by), "rank": limits.rank}
    given |= {f"s{n}": subject for n, subject in enumerate(subjects)}
    given |= {f"t{n}": f"type:{name}" for n, name in enumerate(moving)}
    names = ",".join(f":t{n}" for n in range(len(moving)))
    typed = f" AND type IN (SELECT id FROM subjects WHERE subject IN ({names}))"
    return given, typed if moving else ""


def _asked(subjects: Sequence[str]) -> str:
    """The numbers of the subjects, for a query; one term however many they are, for SQLite lets a
    query have no more than 500."""
    return _ASKED.format(marks=",".join(f":s{n}" for n in range(len(subjects))))


def _has_posting(subjects: Sequence[str]) -> list[str]:
    """Where the postings of the movements about subjects are."""
    kinds = dict.fromkeys(parse_subject(subject).kind for subject in subjects)
    about = [where for kind in kinds for where in _ABOUT.get(kind, ())]
    if "issuer:" in subjects:
        about = ["true"]
    return [f"FROM accounts CROSS JOIN postings USING (class, account) WHERE {w}" for w in about]


def _without_given(subjects: Sequence[str]) -> str:
    if "issuer:" in subjects:
        return _GIVEN.format(ids=_ISSUERS)
    return _GIVEN.format(ids="SELECT id FROM asked")


def _later(connection: sqlite3.Connection, asked: str, found: Sequence[str], given: _Given) -> int:
    union = " UNION ALL ".join(found)
    sql = f"{asked} SELECT count(*) FROM (SELECT DISTINCT position FROM ({union}) LIMIT :most)"
    return int(connection.execute(sql, given).fetchone()[0])


def _beyond(
    connection: sqlite3.Connection,
    asked: str,
    has_posting: Sequence[str],
    given: _Given,
) -> Hidden:
    union = " UNION ".join(
        f"SELECT DISTINCT position, known {one} AND day <= :day AND NOT {_AMENDED}"
        " AND (known > :known OR rank > :rank)"
        for one in has_posting
    )
    sql = (
        f"{asked} SELECT known > :known AS late, count(*), sum({_UNCITED}),"
        f" min(CASE WHEN {_UNCITED} THEN known END), max(CASE WHEN {_UNCITED} THEN known END)"
        f" FROM ({union}) JOIN events USING (position) GROUP BY late"
    )
    found = Hidden()
    for late, count, uncited, first, last in connection.execute(sql, given):
        if not late:
            found += Hidden(standing=count)
        elif uncited:
            found += Hidden(0, count, 0, uncited, day_of(first), day_of(last))
        else:
            found += Hidden(known_by=count)
    return found
