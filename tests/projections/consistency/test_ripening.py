"""Shares registered for as long as their class asks for: each with no grant is told, and each grant
before its time."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.time.view import View
from projections.consistency.lots import grants_after_the_period, ripe_shares_have_a_grant
from projections.subjects.register_at_cut import register_at_cut
from projections.told import plain
from tests.histories import Draft
from tests.projections.subjects.record import at, on, record, sold

A, B, N, BOLT = "acme/a", "acme/b", "acme/n", "bolt/common"
HOLDERS = ("ann", "ben", "cat", "dan", "eve", "fay", "gus", "hal", "ida", "jon")


def issued(day: str, holder: str, shares: int, key: str, cls: str = A) -> Draft:
    return on(day, key, "shares-issued", share_class=cls, holder=holder, shares=str(shares))


def granted(day: str, key: str, holder: str, cls: str = A, **fields: Any) -> Draft:
    return on(day, key, "double-votes-granted", share_class=cls, holder=holder, **fields)


def passed(day: str, key: str, giver: str, taker: str, shares: int, **fields: Any) -> Draft:
    return sold(day, key, giver, taker, shares, share_class=A, **fields)


def registration(day: str, key: str, holder: str, shares: int, to: str) -> Draft:
    return on(day, key, "registration-changed", share_class=A, holder=holder, shares=str(shares),
              to=to)  # fmt: skip


EVENTS: list[Draft] = [
    *(("party-registered", f"p-{h}", {"party": h, "kind": "person", "name": h.title()})
      for h in HOLDERS),
    *(("share-class-created", f"c-{c.replace('/', '-')}",
       {"share_class": c, "votes_per_share": "1", "votes_after_months": "24"})
      for c in (A, B, N, BOLT)),
    # bought on several days, sold in part: the newest leave
    issued("2015-04-22", "ann", 14, "ann-1"), issued("2015-06-30", "ann", 10, "ann-2"),
    passed("2016-01-15", "ann-sells", "ann", "jon", 4),
    # granted when ripe, of the oldest shares
    issued("2015-01-31", "ben", 30, "ben-1"), issued("2016-02-29", "ben", 20, "ben-2"),
    granted("2017-01-31", "ben-granted", "ben", shares="30"),
    # granted too early, on a part
    issued("2015-03-01", "cat", 5, "cat-1"), issued("2016-03-01", "cat", 7, "cat-2"),
    granted("2017-03-01", "cat-granted", "cat"),
    # an heir goes on with the period, a buyer begins one
    issued("2015-05-05", "dan", 9, "dan-1"),
    passed("2016-05-05", "dan-dies", "dan", "eve", 6, ground="inheritance"),
    passed("2016-05-05", "dan-sells", "dan", "fay", 3),
    # bearer shares have no period; it begins anew on their registration
    issued("2015-02-02", "gus", 8, "gus-1"),
    registration("2016-02-02", "gus-bearer", "gus", 5, "bearer"),
    registration("2017-02-02", "gus-back", "gus", 4, "registered"),
    # lots that end were granted before
    issued("2015-07-07", "hal", 11, "hal-1"), granted("2017-07-07", "hal-granted", "hal"),
    on("2017-08-08", "hal-ends", "double-votes-ended", share_class=A, holder="hal", shares="2"),
    # through a consolidation and a reclassification
    issued("2015-08-08", "ida", 21, "ida-1", B), granted("2017-08-08", "ida-granted", "ida", B,
                                                         shares="11"),
    on("2017-09-09", "halved", "shares-split", share_class=B, ratio="1:2", fractions="down"),
    on("2017-10-10", "renamed", "shares-reclassified", share_class=B, into_class=N),
    # brought forward: registered by then
    on("2015-09-09", "jon-opens", "register-opened", share_class=A, holder="jon", shares="6"),
    granted("2015-10-10", "jon-granted", "jon", shares="2"),
]  # fmt: skip
ROWS = {  # by the day: what is ripe on it and was not the day before
    "2017-02-02": {"gus-1": "3 of gus are in its name since 2015-02-02, 24 months on 2017-02-02:"
                            " no grant of votes is recorded."},
    "2017-04-22": {"ann-1": "14 of ann"},
    "2017-05-05": {"dan-1": "6 of eve"},
    "2017-06-30": {"ann-2": "6 of ann"},
    "2017-07-07": {},
    "2017-08-08": {"ida-1": "10 of ida"},
    "2017-09-09": {"jon-opens": "4 of jon are in its name since 2015-09-09 at the latest, 24"
                                " months on 2017-09-09:"},
    "2018-01-15": {"ann-sells": "4 of jon"},
    "2018-02-28": {"ben-2": "20 of ben"},
    "2018-05-05": {"dan-sells": "3 of fay"},
    "2019-02-02": {"gus-back": "4 of gus"},
}  # fmt: skip


@pytest.fixture(scope="module")
def view() -> View:
    return at(record(*EVENTS))


def ripe(view: View, day: str) -> dict[str | None, str]:
    return {one.event: plain(one.what) for one in ripe_shares_have_a_grant(view.on(day))}


def test_each_entry_is_told_from_the_day_on_which_it_is_old_enough(view: View) -> None:
    told: dict[str | None, str] = ripe(view, "2017-01-30")
    assert told == {}
    for day, more in ROWS.items():
        now = ripe(view, day)
        new = {key: words for key, words in now.items() if key not in told}
        assert new.keys() == more.keys(), day
        assert all(new[key].startswith(words) for key, words in more.items())
        told = now
    assert told["ida-1"].startswith("5 of ida")  # 10 of which 5 double, after 2:1


def test_what_a_grant_takes_before_its_time_is_told(view: View) -> None:
    found = grants_after_the_period(register_at_cut(view, "acme"))
    assert [(one.event, plain(one.what)) for one in found] == [
        ("cat-granted", "7 of the shares of cat are 24 months in its name on 2018-03-01, and have"
                        " the votes from 2017-03-01."),
    ]  # fmt: skip


@pytest.mark.parametrize(("votes", "since"), [("carried", "ida-1"), ("end", "merged")])
def test_an_exchange_goes_on_with_the_period_where_it_carries_the_votes(
    votes: str, since: str
) -> None:
    merged = on("2016-06-06", "merged", "shares-exchanged", share_class=B, into_class=BOLT,
                ratio="2:1", votes=votes)  # fmt: skip
    created = [one for one in EVENTS if one[0] in ("party-registered", "share-class-created")]
    view = at(record(*created, issued("2015-08-08", "ida", 21, "ida-1", B), merged))
    assert ripe(view, "2017-08-07") == {}
    assert list(ripe(view, "2017-08-08")) == [since] * (votes == "carried")
    assert list(ripe(view, "2018-06-06")) == [since]
