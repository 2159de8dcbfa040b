"""Postings that are read at once tell what the sums of SQLite tell."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.model.posted import FoldKey, Limits, Posted, end_of
from projections.readmodel.postings import Postings
from tests import histories
from tests.projections.readmodel.test_histories import index_of

ACCOUNTS = (None, "", *histories.HOLDERS, "nobody")
MOST = (0, 1, 3, 1_000)


def asked(posted: Posted, share_class: str, after: FoldKey | None, upto: FoldKey) -> list[Any]:
    """All that can be asked of an interval."""
    found: list[Any] = [posted.held(share_class, upto), [*posted.trusts(share_class, upto)]]
    for account in ACCOUNTS:
        found.append(posted.shares(share_class, account, upto))
        found.append(posted.has_posting(share_class, account, after, upto))
        for most in MOST:
            summaries = posted.summaries(share_class, account, after, upto, most)
            found.append({on: (*one[:2], sorted(one.listed)) for on, one in summaries.items()})
    return found


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
@given(st.data())
def test_what_is_read_at_once_is_what_is_summed(data: st.DataObject) -> None:
    events = histories.history(data.draw(histories.drafts()))
    cut, count = data.draw(histories.cuts(len(events)))
    index = index_of(events).at(count)
    limits = Limits(cut.known_by, data.draw(st.integers(0, 3)))
    read, summed = (index.at(count).posted("acme", limits) for _ in range(2))
    assert isinstance(read, Postings)
    assert isinstance(summed, Postings)
    read.look_ahead(end_of(cut.as_of))
    run = list[str]()
    index.connection.set_trace_callback(run.append)
    places = [event.position for event in events] + [0, 2**40]
    for share_class in read.classes:
        for _ in range(4):
            day = data.draw(st.sampled_from(histories.CUTS))
            after = data.draw(
                st.none() | st.tuples(st.just(day), st.integers(0, 1), st.sampled_from(places))
            )
            upto = data.draw(st.sampled_from(histories.CUTS))
            moment = data.draw(
                st.just(end_of(upto))
                | st.tuples(st.just(upto), st.integers(0, 1), st.sampled_from(places))
            )
            run.clear()
            ours = asked(read, share_class, after, moment)
            assert len(run) <= 1 or moment > end_of(cut.as_of)  # the keys alone
            assert ours == asked(summed, share_class, after, moment)
