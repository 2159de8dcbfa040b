"""A law of votes: counted account by account or by the shares of most, they are the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ledger.model.register import TREASURY
from ledger.time.log import Log
from ledger.time.view import View
from projections.control.members import members
from projections.subjects.ballots import Ballot, ballots, totals
from projections.subjects.register_at_cut import register_at_cut
from projections.subjects.vote_totals import Votes
from projections.subjects.voting_rights import Rights
from tests import histories
from tests.projections.readmodel.test_supposed import few


@few
@given(st.data())
def test_votes_counted_by_the_shares_of_most_are_those_of_each(data: st.DataObject) -> None:
    view = View(Log(histories.history(data.draw(histories.drafts(most=40)))))
    for cut in data.draw(st.lists(histories.cuts(0), min_size=3, max_size=3)):
        at = View(view.history, cut[0])
        rights = Rights(at, members)
        at_cut = register_at_cut(at, "acme", rights, checking=False)
        each, votes = ballots(at_cut, rights), Votes(at_cut, rights)
        assert votes.totals == totals(each)
        for account in (*histories.HOLDERS, "acme-trust", TREASURY):
            one, other = each.get(account) or Ballot(), votes.of(account) or Ballot()
            assert (one.held, one.suspended, one.treasury) == (
                other.held, other.suspended, other.treasury,
            )  # fmt: skip
