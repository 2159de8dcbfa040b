"""Every register of any history at any cut: it is made, and its changes make what is held."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.time.log import Log
from ledger.time.view import View
from ledger.values.refusals import Refused
from projections.registers.agreements import agreements
from projections.registers.audit import Request, audit_parts
from projections.registers.board_pack import board_pack
from projections.registers.calendar import days
from projections.registers.chronology import chronology
from projections.registers.directors import directors
from projections.registers.document import Document, Regime, Table
from projections.registers.members import members
from projections.registers.membership import Walked
from projections.registers.redaction import Redaction
from projections.subjects.holdings import holdings
from tests.histories import cuts, drafts, history


def seen(data: st.DataObject) -> View:
    """A view of a random history at a random cut."""
    events = history(data.draw(drafts()))
    cut, count = data.draw(cuts(len(events)))
    return View(Log(events[:count]), cut)


def in_register(view: View) -> dict[tuple[str, str], Fraction]:
    return {
        (str(row["share_class"]), row["holder"]): Fraction(str(row["shares"]))
        for row in holdings(view, "acme").rows
        if row["basis"] == "register"
    }


def agree(view: View, regime: Regime) -> None:
    """The changes of a register make what the answer has, and its members are who holds."""
    walked, held = Walked(view, "acme", regime), in_register(view)
    made: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for change in walked.changes:
        made[change.share_class, change.member.account or "acme"] += change.after - change.before
    assert {pair: shares for pair, shares in made.items() if shares} == held
    present = {one.member.account for one in walked.present}
    assert present == {account for (_, account), n in held.items() if n > 0 and account != "acme"}
    for one in walked.former:
        assert one.ended is not None
        assert one.begun.order[0] <= one.ended.order[0]


def whole(document: Document) -> None:
    """Each row has a value for every column."""
    for table in document.tables:
        assert {len(row) for row in table.rows} <= {len(table.columns)}, table.title


def summed(document: Document) -> None:
    """The shares of a class sum to its total."""
    whole(document)
    for table in document.tables:
        if "Shares" in table.total:
            place = [column.heading for column in table.columns].index("Shares")
            shares = (Fraction(row[place] or 0) for row in table.rows)
            assert sum(shares, Fraction()) == Fraction(table.total["Shares"])


def registers(view: View) -> None:
    """Every document can be made."""
    regimes: tuple[Regime, ...] = ("uk", "none")
    for regime in regimes:
        agree(view, regime)
        if Walked(view, "acme", regime).changes:
            summed(members(view, "acme", regime))
        else:
            with pytest.raises(Refused, match="register of acme"):
                members(view, "acme", regime)
        whole(directors(view, "acme", regime))
    for make in (agreements, chronology, board_pack):
        whole(make(view, "acme"))
    asked = Request((), "2020-01-01", "2021-12-31", 3, "0")
    tables = [b for part in audit_parts(view, asked) for b in part.blocks if isinstance(b, Table)]
    assert all(len(row) == len(table.columns) for table in tables for row in table.rows)
    for day in days(view):
        assert day.told_at >= day.event.recorded_at
    assert Redaction(view).words("nobody") == "nobody"


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_every_register_of_some_histories(data: st.DataObject) -> None:
    registers(seen(data))


@pytest.mark.whole
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_every_register_of_many_histories(data: st.DataObject) -> None:
    registers(seen(data))
