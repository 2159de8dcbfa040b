"""The shapes of all answers: the questions about a point in time, and what is asked over them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import or_
from types import NoneType, UnionType
from typing import (
    Any,
    Literal,
    NamedTuple,
    NotRequired,
    TypedDict,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from projections import explained_rows, obligation_rows, rows
from projections.chart_rows import StakeRow, TermRow
from projections.columns import COLUMNS, NAMED, SEVERAL, name_column
from projections.control_rows import ControlRow, EconomicRow, GroupRow, IndirectRow, OwnerRow
from projections.holding_rows import HoldingRow
from projections.questions import QUESTIONS
from projections.radar_rows import RadarRow
from projections.share_rows import LotRow
from projections.vote_rows import ClassVoteRow, TotalRow

DIALECT = "https://json-schema.org/draft/2020-12/schema"
OUTCOMES = ("answered", "none", "not-known", "hidden")
PARTS = {  # of every answer, with what each holds
    "cut": "the whole question: `question`, its arguments and options by name, and the limits"
    " `as_of`, `known_by`, `recorded_by`, `standing`, `policy` (null: no limit). `diff` has the"
    " limits of each side in `from` and `to`",
    "outcome": "`answered`, where there are rows; else `none` (the record tells of none),"
    " `not-known` (no event tells) or `hidden` (no event of the cut tells, and the limits leave"
    " some out that may)",
    "rows": "what is certain at the cut",
    "possible": "events that may count, each with `why` that is not certain; of `diff` the events"
    " that are only possible on a side",
    "supposed": "only with --with or --without, and before all else: the events that the answer"
    " supposes, which are recorded nowhere. Their keys are such as `supposed:1`, and they have no"
    " position; an event left out is one that is retracted",
    "warnings": "of `check` alone: what is odd and no finding",
    "notes": "remarks in words",
    "hidden": "how many events each limit leaves out, each counted under the first that does:"
    " `as_of` (they take effect later; from 1,000 on there may be more), `known_by`, `standing`;"
    " of those of `known_by`, `uncited` were recorded without source or `known_on` and are known"
    " only from the days `since` to `until`. What was recorded later is not counted, for an answer"
    " of an earlier `recorded_by` never changes. Null where it is not counted",
}
EXPLAINED = {  # of an explanation besides
    "figure": "the rows of the question that are explained",
    "arithmetic": "the sums spelled out",
    "sources": "where the evidence stands",
    "excluded": "each event that does not count, with the reason",
}


class Shape(NamedTuple):
    """The rows of an answer, of what is possible in it, and of the parts it has besides.

    ``instead`` are the rows that an option of the command asks for, by the option.
    """

    row: type
    possible: type = rows.PossibleRow
    parts: Mapping[str, Any] = {}
    instead: Mapping[str, type] = {}

    @property
    def rows(self) -> Any:
        """The type of all rows that the answer may have."""
        return list[reduce(or_, self.instead.values(), self.row)]  # type: ignore[misc]


_FIGURE = (
    HoldingRow | rows.VoteRow | rows.GovernanceRow | rows.DealRow | GroupRow | IndirectRow
    | RadarRow | obligation_rows.BreachRow
)  # fmt: skip
ANSWERS: Mapping[str, Shape] = {
    **{question.name: Shape(question.row) for question in QUESTIONS.values()},
    "holdings": Shape(HoldingRow, instead={"--indirect": IndirectRow}),
    "group": Shape(GroupRow, instead={"--all": ControlRow}),
    "owners": Shape(OwnerRow, instead={"--all": EconomicRow}),
    "votes": Shape(
        rows.VoteRow,
        instead={"--lots": LotRow, "--classes": ClassVoteRow, "--totals": TotalRow},
    ),
    "conflicts": Shape(rows.ConflictRow),
    "check": Shape(rows.FindingRow, parts={"warnings": list[rows.FindingRow]}),
    "evidence": Shape(explained_rows.EvidenceRow, parts={"figure": list[_FIGURE]}),
    "propose": Shape(obligation_rows.VerdictRow),
    "search": Shape(rows.SearchRow),
    "chart": Shape(StakeRow, instead={"--terms": TermRow}),
    "restatements": Shape(rows.RestatementRow),
    "diff": Shape(rows.DifferenceRow, rows.PossibleOnASideRow),
    "explain": Shape(
        explained_rows.StepRow,
        parts={
            "figure": list[_FIGURE],
            "arithmetic": list[str],
            "sources": list[explained_rows.SourceRow],
            "excluded": list[explained_rows.ExcludedRow],
        },
    ),
}


class SupposedRow(TypedDict):
    """An event that an answer supposes, recorded nowhere."""

    event: str
    position: None
    type: str
    data: dict[str, Any]


SUPPOSING = (*QUESTIONS, "check", "conflicts", "diff", "explain", "search")


def answer_schema(name: str) -> dict[str, Any]:
    """The JSON Schema of an answer in JSON, with the meaning of each column."""
    shape, defined = ANSWERS[name], dict[str, Any]()
    parts = {"rows": shape.rows, "possible": list[shape.possible], **shape.parts}  # type: ignore[name-defined]
    properties = {
        "cut": {"type": ["object", "null"]},
        "outcome": {"enum": list(OUTCOMES)},
        "notes": {"type": "array", "items": {"type": "string"}},
        "hidden": {"type": ["object", "null"]},
        **{part: _schema(holds, defined) for part, holds in parts.items()},
    }
    optional = {"diff": {"outcome", "hidden"}, "explain": {"hidden"}}.get(name, set())
    if name in SUPPOSING:
        properties["supposed"] = _schema(list[SupposedRow], defined)
        optional = {*optional, "supposed"}
    return {
        "$schema": DIALECT,
        "$id": f"stakebook:answer:{name}",
        "type": "object",
        "properties": properties,
        "required": sorted(properties.keys() - optional),
        "additionalProperties": False,
        "$defs": defined,
    }


def _schema(holds: Any, defined: dict[str, Any]) -> dict[str, Any]:
    """The schema of a type; those of rows are defined once each."""
    if is_typeddict(holds):
        if holds.__name__ not in defined:
            defined[holds.__name__] = {}  # rows may hold rows
            defined[holds.__name__] = answer_row_schema(holds, defined)
        return {"$ref": f"#/$defs/{holds.__name__}"}
    origin, inner = get_origin(holds), get_args(holds)
    if origin in (UnionType, Union):  # the latter of a literal
        return {"anyOf": [_schema(one, defined) for one in inner]}
    if origin is Literal:
        return {"enum": list(inner)}
    if origin is list:
        return {"type": "array", "items": _schema(inner[0], defined)}
    if origin is dict:
        return {"type": "object", "additionalProperties": _schema(inner[1], defined)}
    if holds is Any:
        return {}
    return {"type": _JSON_TYPES[holds]}


def answer_row_schema(row: Any, defined: dict[str, Any] | None = None) -> dict[str, Any]:
    """The JSON Schema of a row; the rows that it holds are added to those defined."""
    defined = {} if defined is None else defined
    fields, extras = get_type_hints(row), get_type_hints(row, include_extras=True)
    optional = {name for name, holds in extras.items() if get_origin(holds) is NotRequired}
    return {
        "description": " ".join((row.__doc__ or "").split()),
        "type": "object",
        "properties": {
            name: {"description": COLUMNS[name]} | _schema(holds, defined)
            for name, holds in fields.items()
        }
        | {name_column(name): _name_schema(name) for name in fields if name in NAMED},
        "required": [name for name in fields if name in row.__required_keys__ - optional],
        "additionalProperties": False,
    }


def _name_schema(column: str) -> dict[str, Any]:
    """The schema of the names of a column of ids, which the command line adds to rows."""
    one = {"type": ["string", "null"]}
    listed = column in SEVERAL
    said = {"description": f"{column} by name, as it was at the cut; null where nothing names it"}
    return said | ({"type": "array", "items": one} if listed else one)


_JSON_TYPES = {str: "string", int: "integer", bool: "boolean", NoneType: "null"}
