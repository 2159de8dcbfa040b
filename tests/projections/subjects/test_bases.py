"""Bases: each percentage by one rule, of shares, of par value and of votes."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.model.movements import MOVEMENTS
from ledger.model.register import account_of, legs
from ledger.time.log import Log
from ledger.time.view import Cut, View
from ledger.values.quantities import Amount
from projections.consistency.checks import check
from projections.consistency.conflicts import conflicts
from projections.subjects import bases
from projections.subjects.register_at_cut import register_at_cut
from tests import histories
from tests.counted import count_on, votes
from tests.histories import Draft
from tests.projections.subjects.record import (
    COMMON,
    PREFERRED,
    at,
    on,
    opened,
    placed,
    record,
    settled,
)

NO_PAR = Amount("", Fraction())
DAY = "2021-01-01"
OWN = (opened("alice", 95), opened("bob", 805), opened("acme", 100))


def stake(**fields: Any) -> Draft:
    return on(DAY, "stake", "stake-disclosed", issuer="acme", **{"holder": "alice"} | fields)


def total(name: str, number: str) -> Draft:
    of = {"share_class": COMMON, "total": name, "shares": number}
    return on(DAY, f"total-{name}", "balance-asserted", **of)


def verdict(*events: Draft) -> str:
    """What the votes say of the disclosure."""
    notes = votes(at(record(*events)), "acme").notes
    return next(note for note in notes if note.startswith("stake ")).partition(": ")[2]


SUSPENDED = on("2020-06-01", "late", "voting-rights-suspended", issuer="acme", holder="bob",
               shares="305", reason="late")  # fmt: skip


@pytest.mark.parametrize(
    ("percent", "of", "said"),
    [
        ("9.50", "votes", "agrees with the count of gross votes."),
        ("10.56", "votes", "agrees with the count of held votes."),
        ("15.97", "votes", "agrees with the count of net votes."),
        ("9.50", "gross-votes", "agrees with the count."),
        ("9.50", "theoretical-votes", "agrees with the count."),
        ("9.50", "held-votes", "differs, the count is 10.5556%."),
        ("10.56", "mutual-votes", "agrees with the count."),
        ("15.97", "net-votes", "agrees with the count."),
        ("15.97", "exercisable-votes", "agrees with the count."),
        ("12", "votes", "differs, the count is 9.5000% of gross votes or 10.5556% of held votes or"
         " 15.9664% of net votes."),
    ],
)  # fmt: skip
def test_a_percentage_of_votes_is_compared_on_the_base_it_names(
    percent: str, of: str, said: str
) -> None:
    assert verdict(*OWN, SUSPENDED, stake(percent=percent, percent_of=of)) == said


def test_an_aggregate_interest_counts_votes_in_trust() -> None:
    inside = *OWN, settled(), placed(40)
    for interest, percent in (("direct", "6.11"), ("aggregate", "10.56")):
        said = stake(percent=percent, percent_of="held-votes", interest=interest)
        assert verdict(*inside, said) == "agrees with the count."
    assert verdict(*inside, stake(votes="95", interest="aggregate")) == "agrees with the count."
    assert verdict(*inside, stake(votes="95", interest="group")) == "agrees with the count."


@pytest.mark.parametrize(
    ("name", "right"),
    [("gross-votes", "1000"), ("held-votes", "900"), ("net-votes", "595"), ("capital", "1000")],
)
def test_a_total_of_votes_is_compared_with_the_count_of_its_day(name: str, right: str) -> None:
    for number, findings in ((right, 0), ("7", 1)):
        view = at(record(*OWN, SUSPENDED, total(name, number)))
        answer = check(view)
        assert len(answer.rows) == len(conflicts(view).rows) == findings
        assert answer.agreeing == 1 - findings


def test_what_votes_say_agrees_is_what_check_counts() -> None:
    both = *OWN, opened("alice", 5, PREFERRED), stake(percent="14.50", percent_of="gross-votes")
    assert verdict(*both) == "differs, the count is 13.8095%."
    answer = check(at(record(*both[:-1], stake(percent="13.81", percent_of="gross-votes"))))
    assert (answer.agreeing, answer.rows) == (1, [])


MOVING = ("shares-issued", "shares-transferred", "shares-repurchased", "shares-cancelled",
          "voting-rights-suspended", "double-votes-granted", "share-class-amended")  # fmt: skip


OPTION = on("2020-06-01", "option", "instrument-granted", instrument="option", issuer="acme",
            holder="alice", kind="option", share_class=COMMON, shares="100")  # fmt: skip


@pytest.mark.parametrize(
    ("percent", "of", "findings", "agreeing"),
    [
        ("19.5", "diluted", 0, 1),  # 195 of 1,000: 900 outstanding and the right to 100
        ("9.5", "diluted", 1, 0),
        ("4.75", "authorised", 0, 1),
        ("9.5", "authorised", 1, 0),
    ],
)
def test_diluted_and_authorised_shares_are_bases(
    percent: str, of: str, findings: int, agreeing: int
) -> None:
    most = on("2020-06-01", "most", "capital-authorised", issuer="acme", limit="total",
              shares="2000")  # fmt: skip
    answer = check(at(record(*OWN, OPTION, most, stake(percent=percent, percent_of=of))))
    assert (len(answer.rows), answer.agreeing) == (findings, agreeing)


def test_what_is_not_counted_is_said_not_to_be_checked() -> None:
    said = stake(percent="5", percent_of="authorised")
    assert [one.sentence for one in check(at(record(*OWN, said))).unchecked] == [
        "stake: no event tells shares authorised, so this disclosure cannot be checked."
    ]


@settings(max_examples=20)
@given(st.data())
def test_bases_are_sums_over_all_accounts(data: st.DataObject) -> None:
    """Each account by its movements one by one, each vote by the row of its holder."""
    drafts = data.draw(histories.drafts(among=MOVING, amendments=False))
    day = data.draw(st.sampled_from(histories.CUTS))
    view = View(Log(histories.history(drafts)), Cut(as_of=day))
    at_cut = register_at_cut(view, "acme")
    held: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for fact in view.about("issuer:acme", types=MOVEMENTS).counted:
        for account, sign in legs(fact.type, fact.data):
            held[fact.need("share_class"), account] += sign * fact.shares()
    issued = sum(held.values())
    treasury = sum(shares for (_, account), shares in held.items() if not account)
    classes, count = at_cut.classes, count_on(at_cut, day)
    assert count.whole("capital") == issued
    assert count.whole("outstanding", classes) == issued - treasury
    for holder in histories.HOLDERS:
        own = sum(held[c, holder if holder != "acme" else ""] for c in classes)
        assert count.of("issued", "" if holder == "acme" else holder, classes) == own
    pars = {c: at_cut.terms.of(c).price("par_value") for c in classes}
    by_par = count.whole("capital-par")
    if len(classes) < 2:
        assert by_par == issued  # of one class par makes no difference
    elif all(pars.values()) and len({par and par.currency for par in pars.values()}) == 1:
        each = [shares * (pars[c] or NO_PAR).value for (c, _), shares in held.items() if shares]
        assert by_par == sum(each)
    else:
        assert by_par is None
    rows = votes(view, "acme").rows
    gone = {"gross-votes": "gross", "held-votes": "votes", "mutual-votes": "votes"}
    for base in bases.OF_VOTES if count.ballots else ():
        each = {
            row["holder"]: Fraction(row[gone[base]] or 0)  # type: ignore[literal-required]
            if base in gone
            else Fraction(row["votes"] or 0) - Fraction(row["suspended"] or 0)
            for row in rows
            if row["group"] is None
        }
        assert count.whole(base) == sum(each.values())
        assert all(count.of(base, account_of("acme/", one)) == has for one, has in each.items())
