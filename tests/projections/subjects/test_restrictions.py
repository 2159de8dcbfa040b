"""Suspensions and caps worked out by hand, all in one record, a company a case."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.intake.yaml import parse_yaml
from ledger.time.view import View
from projections.rows import VoteRow
from tests.counted import votes
from tests.histories import Draft
from tests.projections.subjects.record import at, on, record

FILE = Path(__file__).with_name("restrictions.yaml")
((CASES, _),) = parse_yaml(FILE.read_text("utf-8"), FILE.name)
NAMES = ("alice", "bob", "carol", "dan", "trust", "pact")


def own(case: str, value: Any) -> Any:
    """What a case says, of its own company and people."""
    if isinstance(value, dict):
        return {name: own(case, one) for name, one in value.items()}
    if isinstance(value, list):
        return [own(case, one) for one in value]
    return f"{case}-{value}" if value in NAMES else str(value).replace("@", case)


def events_of(case: str, told: dict[str, Any]) -> Iterator[Draft]:
    said = str(told)  # what it does not name, it does without
    for name in (*(one for one in NAMES[:-1] if one in said), ""):
        party, kind = f"{case}-{name}".strip("-"), "trust" if name == "trust" else "company"
        yield "party-registered", f"{party}-is", {"party": party, "kind": kind, "name": party}
    for share_class, each in (("common", "1"), ("preferred", "10")):
        if share_class == "preferred" and share_class not in said:
            continue
        created = {"share_class": f"{case}/{share_class}", "votes_per_share": each}
        yield "share-class-created", f"{case}-{share_class}", created
    for share_class, field in (("common", "holds"), ("preferred", "preferred")):
        for holder, shares in told.get(field, {}).items():
            of = {"share_class": f"{case}/{share_class}", "holder": own(case, holder)}
            yield on("2020-01-01", f"{case}-{share_class}-{holder}", "register-opened",
                     shares=str(shares), **of)  # fmt: skip
    for number, event in enumerate(told["events"]):
        fields = own(case, event)
        kind = fields.pop("type")
        fields |= {"issuer": case} if kind.startswith("voting-") else {}
        fields |= {"reason": "late"} if kind == "voting-rights-suspended" else {}
        moving = kind in ("shares-transferred", "shares-repurchased")
        fields |= {"share_class": f"{case}/common"} if moving else {}
        day = fields.pop("on", "2020-01-01")
        registering = kind == "share-class-created"
        key = f"{case}-{number}"
        yield (kind, key, fields) if registering else on(day, key, kind, **fields)


@pytest.fixture(scope="module")
def view() -> View:
    return at(record(*(e for n, told in enumerate(CASES) for e in events_of(f"c{n}", told))))


def figures(row: VoteRow) -> str:
    told = row["votes"], row["suspended"], row["exercisable"], row["after_caps"]
    return " ".join(one or "-" for one in told)


@pytest.mark.parametrize("number", range(len(CASES)), ids=[one["case"] for one in CASES])
def test_votes_are_those_worked_out_by_hand(view: View, number: int) -> None:
    case, told = f"c{number}", CASES[number]
    for day, expected in told["rows"].items():
        rows = votes(view.on(day), case).rows
        found = {"+".join(row["group"] or [row["holder"]]): figures(row) for row in rows}
        assert {"+".join(own(case, one) for one in holder.split("+")): row
                for holder, row in expected.items()}.items() <= found.items(), day  # fmt: skip
    if "range" in told:
        ranged = {row["holder"]: row for row in votes(view, case, ranged=True).rows}
        for holder, ends in told["range"].items():
            row = ranged[own(case, holder)]
            assert f"{row['after_caps_low']} {row['after_caps_high']}" == ends
    if "totals" in told:
        row = rows[0]
        assert f"{row['held_votes']} {row['net_votes']}" == told["totals"]
        if row["net_votes"] == "0":
            assert row["exercisable_percent"] is None
