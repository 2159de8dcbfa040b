"""Terms over time: each is told by governance on its days, and on no other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ledger.time.log import Log
from ledger.time.view import Cut, View
from ledger.values.dates import BEGINNING
from projections.charts.terms import terms
from projections.obligations.governed import governance
from tests import histories
from tests.projections.readmodel.test_supposed import few
from tests.projections.subjects.record import at, on, record


def test_what_is_signed_and_then_in_force_is_one_lane_with_days_that_are_not_certain() -> None:
    log = record(
        on("2020-01-01", "signed", "agreement-signed", agreement="pact", title="A pact",
           parties=["acme", "bolt"]),
        on("2020-03", "begun", "agreement-in-force", agreement="pact"),
        on("2020-06-01", "seated", "director-appointed", company="acme", person="alice"),
        on("2020-09", "left", "director-left", company="acme", person="alice"),
    )  # fmt: skip
    rows = terms(at(log), "acme").rows
    assert [
        (r["lane"], r["status"], r["since"], r["until"], r["earliest"], r["ends_earliest"])
        for r in rows
    ] == [
        ("pact", "signed", "2020-01-01", "2020-03-31", None, "2020-03-01"),
        ("pact", "in force", "2020-03-31", None, "2020-03-01", None),
        ("alice", "in office", "2020-06-01", "2020-09-30", None, "2020-09-01"),
    ]
    assert [row["kind"] for row in terms(at(log), "acme", "alice").rows] == ["director"]


@few
@given(st.data())
def test_a_term_lasts_on_the_days_on_which_governance_tells_it(data: st.DataObject) -> None:
    events = histories.history(data.draw(histories.drafts()))
    cut, _ = data.draw(histories.cuts(len(events)))
    view = View(Log(events), cut)
    rows = terms(view, "acme").rows
    for day in (one for one in histories.CUTS if one <= cut.as_of):
        told = {
            (row["kind"], row["agreement"] if "agreement" in row else row["person"])
            for row in governance(View(view.history, Cut(day, *cut[1:])), "acme").rows
            if row["kind"] in ("agreement", "director", "officer")
        }
        drawn = {
            (row["kind"], row["agreement"] or row["person"])
            for row in rows
            if row["kind"] != "clause"
            if (row["since"] or BEGINNING) <= day < (row["until"] or "9999-99-99")
        }
        assert drawn == told, day
