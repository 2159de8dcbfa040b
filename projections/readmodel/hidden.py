"""Hidden movements: how many posted ones the limits of a cut leave out, counted where they lie.

Of an amended movement, and of its amendments, the read model keeps how each reads between limits of
knowledge and of standing. What a cut leaves out of them is counted there.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence

from ledger.events.envelope import Recorded
from ledger.model.movements import SIGNS
from ledger.model.posted import MOST_COUNTED, Hidden, Limits
from ledger.model.subject import parse_subject
from ledger.time.history import AMENDMENTS
from ledger.values.dates import FOREVER
from projections.readmodel.days import day_of, number_of
from projections.readmodel.postings import ISSUER, UNLIMITED, WEAKEST, WITHOUT, positions_of

_Given = dict[str, str | int | None]
_ASKED = (  # however many they are, for SQLite lets a query be given no more than 32,766 values
    "WITH asked AS (SELECT s.id, s.subject FROM json_each(:subjects) j"
    " CROSS JOIN subjects s ON s.subject = j.value)"
)
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
_RECORDED = {  # the amended movements that were recorded of these classes
    "class": f"class IN ({_OF.format(kind='class')})",
    "issuer": _CLASSES.format(kind="issuer", start=8),
}
_OF_ACCOUNTS = "FROM accounts CROSS JOIN postings USING (class, account) WHERE "
_IDS = "SELECT id FROM asked"
_ISSUERS = "SELECT id FROM subjects WHERE subject > 'issuer:' AND subject < 'issuer;'"
_AMENDING = ",".join(f"'type:{name}'" for name in AMENDMENTS)
_NOW = "since <= :now AND until > :now"
_PLAIN = (  # not amended: what is entered as it was recorded, or anew for other reasons
    " AND (since = position OR NOT EXISTS"
    " (SELECT 1 FROM amended a WHERE a.position = postings.position AND a.since <= :now))"
)
_LISTED = "SELECT position FROM indexed WHERE subject IN ({ids}) AND indexed_by <= :now"
_GIVEN = (  # already, under the subject itself or because it was posted otherwise before
    f" AND position NOT IN ({_LISTED})"
    " AND NOT EXISTS (SELECT 1 FROM postings earlier WHERE earlier.until <= :now"
    " AND earlier.class = postings.class AND earlier.account = postings.account"
    " AND earlier.day = postings.day AND earlier.sequence = postings.sequence"
    " AND earlier.position = postings.position)"
)
_LATEST = f" AND {_NOW} AND {UNLIMITED}"
_MOVED = (  # to another register or account, and so perhaps not where it is posted now
    "SELECT a.position FROM moved m JOIN amended a USING (position)"
    " WHERE m.subject IN (SELECT id FROM asked) AND m.since <= :now"
    " AND a.since <= :now AND a.until > :now AND a.day > :day"
)
_HAS_READINGS = (  # a movement, for how it and its amendments read is kept
    "EXISTS (SELECT 1 FROM readings r WHERE r.position = postings.position"
    " AND r.since <= :now AND r.until > :now)"
)
UNPOSTED = f" AND until <= :now AND NOT {_HAS_READINGS}"  # of what is found by postings
_READ = (  # of each event as it reads at the cut or, where it does not stand there, at any floor
    "SELECT min(floor > :rank), day > :day AS later, known > :known AS unknown,"
    " rank > :rank AS low, known AS first, uncited FROM readings"
    f" WHERE position IN ({{about}}){{but}}{WITHOUT} AND {_NOW}"
    " AND known_from <= :known AND known_until > :known"
    f" AND (floor <= :rank AND floor_until >= :rank OR floor_until = {WEAKEST})"
    " GROUP BY position, event"
)
_BUT_GIVEN = (  # without types: of amended movements those, and of their amendments others, listed
    f" AND position NOT IN ({_LISTED.format(ids=_IDS)}) AND event NOT IN"
    f" ({_LISTED.format(ids=_IDS)} AND type IN"
    f" (SELECT id FROM subjects WHERE subject IN ({_AMENDING})))"
)
_BUT_ALL_GIVEN = f" AND position NOT IN ({_LISTED.format(ids=_ISSUERS)}) AND event = position"
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
    also = typed + WITHOUT + _LATEST + (_PLAIN if limited or types is None else "")
    also += "" if types is not None else _GIVEN.format(ids=_ids(subjects))
    has_posting = [one + also for one in _has_posting(subjects)]
    if not has_posting or not typed:
        return Hidden()
    found = Hidden()
    if as_of != FOREVER:
        later = [f"SELECT position {one} AND day > :day" for one in has_posting]
        if types is not None and not limited:
            later.append(_MOVED + typed + WITHOUT)
        found = found._replace(as_of=_later(connection, later, given))
    if limited:
        found += _beyond(connection, has_posting, given)
    if limited or types is None:
        about, but = _amended_about(subjects, typed), ""
        if types is not None:
            about.append(_LISTED.format(ids=_IDS) + typed)
        else:
            but = _BUT_ALL_GIVEN if "issuer:" in subjects else _BUT_GIVEN
        found += _read(connection, about, but, given)
    return found._replace(as_of=min(found.as_of, MOST_COUNTED))


def _given(
    subjects: Sequence[str], types: Collection[str] | None, limits: Limits
) -> tuple[_Given, str]:
    """What queries are given, and the clause that keeps to types; empty where none of them can be
    posted."""
    moving = sorted(SIGNS) if types is None else [name for name in types if name in SIGNS]
    given: _Given = {"known": number_of(limits.known_by), "rank": limits.rank}
    given["subjects"] = json.dumps([*subjects])
    given |= {f"t{n}": f"type:{name}" for n, name in enumerate(moving)}
    names = ",".join(f":t{n}" for n in range(len(moving)))
    typed = f" AND type IN (SELECT id FROM subjects WHERE subject IN ({names}))"
    return given, typed if moving else ""


def _has_posting(subjects: Sequence[str]) -> list[str]:
    """Where the postings of the movements about subjects are."""
    kinds = dict.fromkeys(parse_subject(subject).kind for subject in subjects)
    about = [where for kind in kinds for where in _ABOUT.get(kind, ())]
    if "issuer:" in subjects:
        about = ["true"]
    return [_OF_ACCOUNTS + where for where in about]


def _amended_about(subjects: Sequence[str], typed: str) -> list[str]:
    """Where the amended movements about subjects are."""
    if "issuer:" in subjects:
        return [f"SELECT position FROM amended WHERE since <= :now{typed}"]
    kinds = {parse_subject(subject).kind for subject in subjects}
    has_posting = [
        where for kind in kinds if kind not in _RECORDED for where in _ABOUT.get(kind, ())
    ]
    found = [
        f"SELECT position FROM amended WHERE {_RECORDED[k]}{typed}" for k in kinds & {*_RECORDED}
    ]
    found += [f"SELECT position {_OF_ACCOUNTS}{w}{typed} AND since <= :now" for w in has_posting]
    return found


def _ids(subjects: Sequence[str]) -> str:
    return _ISSUERS if "issuer:" in subjects else _IDS


def _later(connection: sqlite3.Connection, found: Sequence[str], given: _Given) -> int:
    union = " UNION ALL ".join(found)
    sql = f"{_ASKED} SELECT count(*) FROM (SELECT DISTINCT position FROM ({union}) LIMIT :most)"
    return int(connection.execute(sql, given).fetchone()[0])


def _beyond(
    connection: sqlite3.Connection,
    has_posting: Sequence[str],
    given: _Given,
) -> Hidden:
    union = " UNION ".join(
        f"SELECT DISTINCT position, known {one} AND day <= :day"
        " AND (known > :known OR rank > :rank)"
        for one in has_posting
    )
    sql = (
        f"{_ASKED} SELECT known > :known AS late, count(*), sum({_UNCITED}),"
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


def _read(connection: sqlite3.Connection, about: Sequence[str], but: str, given: _Given) -> Hidden:
    """The same of amended movements and their amendments."""
    readings = _READ.format(about=" UNION ".join(about), but=but)
    sql = (
        f"{_ASKED} SELECT later, unknown, low, uncited, count(*), min(first), max(first)"
        f" FROM ({readings}) GROUP BY later, unknown, low, uncited"
    )
    found = Hidden()
    for later, unknown, low, uncited, count, first, last in connection.execute(sql, given):
        if later:
            found += Hidden(as_of=count)
        elif unknown and uncited:
            found += Hidden(0, count, 0, count, day_of(first), day_of(last))
        elif unknown:
            found += Hidden(known_by=count)
        elif low:
            found += Hidden(standing=count)
    return found
