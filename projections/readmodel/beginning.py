"""Which events may begin after a day, by their text: those of which it is sure are not read."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence

from ledger.time.conditions import RIGHTS
from projections.readmodel import queries

_DATE = '\'"effective_on":"\''
_DATED = f"instr(e.data, {_DATE})"
_TEXT = f"substr(e.data, {_DATED} + 16)"
# a date as it is written comes after the day where the first day that it covers does
_LATER = f"({_DATED} AND (substr({_TEXT}, 1, 10) > :day OR instr({_TEXT}, {_DATE})))"
_ENDS = "of_right AND (instr(e.data, '\"agreement\":') OR instr(e.data, '\"until\":'))"
_DEPENDS = f"instr(e.data, '\"conditional_on\":') OR {_ENDS}"
_MAY_BEGIN = f"(e.amended <= :now OR {_LATER} OR {_DEPENDS})"


def perhaps_later(
    connection: sqlite3.Connection,
    columns: str,
    subjects: Sequence[str],
    types: tuple[str, ...],
    day: str,
    now: int,
) -> sqlite3.Cursor:
    """The events about any of some subjects, of some types, that are not posted: without those of
    which their text shows that they begin by a day, whatever else is recorded."""
    others = queries.not_moving(types)
    given: dict[str, str | int] = {f"type{n}": f"type:{name}" for n, name in enumerate(types)}
    given |= {f"other{n}": f"type:{name}" for n, name in enumerate(others)}
    given |= {"subjects": json.dumps(subjects), "now": now, "day": day}
    given |= {f"right{n}": f"type:{name}" for n, name in enumerate(RIGHTS)}
    rights = f"i.type IN (SELECT id FROM subjects WHERE subject IN ({_marks('right', RIGHTS)}))"
    found = [
        f"SELECT i.position, {rights} AS of_right FROM json_each(:subjects) a"
        f" CROSS JOIN subjects s ON s.subject = a.value CROSS JOIN {table}"
        f" AND i.type IN (SELECT id FROM subjects WHERE subject IN ({names}))"
        for table, names in (
            (queries.INDEXED, _marks("other", others)),
            (queries.REPLAYED, _marks("type", types)),
        )
    ]
    return connection.execute(
        f"SELECT {columns} FROM ({' UNION '.join(found)}) CROSS JOIN events e USING (position)"
        f" WHERE {_MAY_BEGIN}",
        given,
    )


def _marks(name: str, types: Collection[str]) -> str:
    return ",".join(f":{name}{n}" for n in range(len(types)))
