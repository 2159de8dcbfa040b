"""What the limits of a question leave out is counted, alike on the log and on the read model."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.absence import hidden, left_out
from ledger.history import Log
from ledger.register import SIGNS
from ledger.settled import Hidden
from ledger.view import Cut, View
from projections import claims, deals, governance, holdings, votes
from projections.opening import open_index
from tests import histories

slow = settings(
    max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)
TYPES = {
    "issuer": (*holdings.TYPES, *votes.TYPES),
    "party": governance.TYPES,
    "subject": claims.TYPES,
    "deal": deals.TYPES,
}


@slow
@given(st.data())
def test_the_log_and_the_read_model_leave_out_the_same(data: st.DataObject) -> None:
    events = histories.history(data.draw(histories.drafts()))
    cut, count = data.draw(histories.cuts(len(events)))
    index = open_index(None, histories.EventList(events)).at(count)
    log = Log(events[:count])
    for subject in log.subjects(""):
        kind, _, _ = subject.partition(":")
        if kind in ("key", "id", "position", "type"):
            continue  # no question about movements is asked by these
        posted = kind in ("issuer", "party")
        for types in (holdings.TYPES if posted else deals.TYPES, TYPES.get(kind, ()), None):
            about = [((subject,), types)]
            assert hidden(View(index, cut), about) == hidden(View(log, cut), about), (
                subject,
                types,
            )
    others = [name for name in log.subjects("type:") if name.removeprefix("type:") not in SIGNS]
    for about in ([(("issuer:",), holdings.TYPES)], [(("issuer:", *others), None)]):
        assert hidden(View(index, cut), about) == hidden(View(log, cut), about)


@slow
@given(st.data())
def test_those_counted_are_those_left_out_one_by_one(data: st.DataObject) -> None:
    events = histories.history(data.draw(histories.drafts()))
    cut, _ = data.draw(histories.cuts(0))
    view = View(Log(events), cut._replace(standing="any"))
    for subject in ("issuer:acme", "party:boreal", "party:alice", "deal:merger"):
        reasons = Counter(left.reason for left in left_out(view, subject))
        found = hidden(view, [((subject,), None)])
        assert (found.as_of, found.known_by) == (reasons["later"], reasons["not yet known"])
        assert found.uncited <= found.known_by
        assert (found.since is None) == (found.uncited == 0)


def test_no_limit_leaves_nothing_out() -> None:
    view = View(Log(histories.history(histories.WORLD)), Cut())
    assert hidden(view, [(("issuer:acme",), holdings.TYPES)]) == Hidden()
