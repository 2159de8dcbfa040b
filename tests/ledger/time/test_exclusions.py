"""What a view leaves out, each with its reason; and that a correction to come leaks nothing."""

from __future__ import annotations

from typing import Any

from ledger.time.exclusions import excluded
from ledger.time.log import Log
from ledger.time.view import Cut, View
from projections.subjects.holdings import holdings
from tests import histories
from tests.histories import Draft

DAY = "2020-01-01"
SOON = {"effective_on": DAY, "known_on": DAY, "standing": "official"}


def issue(key: str, **fields: Any) -> Draft:
    """Ten shares issued to Alice."""
    body = {"share_class": "acme/common", "holder": "alice", "shares": "10"}
    return "shares-issued", key, body | SOON | fields


def amend(key: str, event: str, **fields: Any) -> Draft:
    """A retraction; a correction where it has changes."""
    kind = "event-corrected" if "changes" in fields else "event-retracted"
    body = {"event": event, "because": "a slip", "correction": "new-information", "known_on": DAY}
    return kind, key, body | fields


def view(*drafts: Draft, as_of: str = "2021-01-01", **cut: Any) -> View:
    """A view of the world of the histories and some more events, all accepted."""
    events = histories.history([*histories.WORLD, *drafts], DAY)
    assert len(events) == len(histories.WORLD) + len(drafts)
    return View(Log(events), Cut(as_of=as_of, **cut))


def reasons(seen: View, subject: str = "class:acme/common") -> dict[str, tuple[str, str]]:
    """The events left out of a view, each with its reason and the words for it."""
    return {left.fact.key: (left.reason, left.why) for left in excluded(seen, subject)}


def test_all_that_counts_is_not_left_out() -> None:
    assert reasons(view(issue("more"))) == {}


def test_later_and_not_yet_known() -> None:
    later = issue("later", effective_on="2021-06", known_on="2020-03-01")
    unheard = issue("unheard", known_on="2020-08-01")
    both = issue("both", effective_on="2021-06-02", known_on="2020-08-02")
    assert reasons(view(later, unheard, both, known_by="2020-04-01")) == {
        "later": ("later", "it takes effect on 2021-06, after 2021-01-01"),
        "unheard": ("not yet known", "it became known on 2020-08-01, after 2020-04-01"),
        "both": (
            "later",
            "it takes effect on 2021-06-02, after 2021-01-01"
            " and it became known on 2020-08-02, after 2020-04-01",
        ),
    }


def test_possible_and_undated() -> None:
    drafts = (
        issue("partial", effective_on="2021"),
        issue("bounded", effective_on="2021", known_on="2021-03-01"),
        issue("undated", effective_on="unknown", known_on="2021-03-01"),
        issue("dated by its source", effective_on="unknown", known_on="2020-03-01"),
    )
    assert reasons(view(*drafts)) == {
        "partial": ("possible", "it took effect some day of 2021"),
        "bounded": ("possible", "it took effect some day of 2021, at the latest 2021-03-01"),
        "undated": ("undated", "the date is unknown"),
    }


def test_retracted_and_by_what() -> None:
    drafts = issue("more"), amend("gone", "more")
    assert reasons(view(*drafts)) == {"more": ("retracted", "gone retracts it")}


def test_a_retraction_that_is_not_yet_known_is_left_out_itself() -> None:
    drafts = issue("more"), amend("gone", "more", known_on="2022-01-01")
    assert reasons(view(*drafts, known_by="2021-01-01")) == {
        "gone": ("not yet known", "it became known on 2022-01-01, after 2021-01-01")
    }


def test_fallen_with_its_source() -> None:
    cited = issue("more", citations=[{"source": "leak"}])
    withdrawn = ("source-retracted", "withdrawn", {"source": "leak", "because": "made up"})
    why = "no source of it is left (see withdrawn)"
    assert reasons(view(cited, withdrawn)) == {"more": ("fallen", why)}


def test_below_the_floor() -> None:
    why = "its standing, unnamed, is below the floor, reported"
    seen = view(issue("rumour", standing="unnamed"), standing="reported")
    assert reasons(seen) == {"rumour": ("below the floor", why)}


def test_said_again() -> None:
    seen = view(issue("more"), issue("again", reaffirms="more"))
    assert reasons(seen) == {"again": ("repeats", "it says again what more tells")}


def test_corrected_to_speak_of_something_else() -> None:
    changes = [{"field": "share_class", "value": "acme/preferred"}]
    drafts = issue("more"), amend("other", "more", changes=changes, known_on="2020-06-01")
    why = "other corrects it to speak of something else"
    assert reasons(view(*drafts)) == {"more": ("corrected", why)}
    early = reasons(view(*drafts, known_by="2020-03-01"), "class:acme/preferred")
    assert early["more"] == ("corrected", "it speaks of this only in a correction not counted here")


def test_a_correction_to_come_moves_nothing_before_it_is_known() -> None:
    changes = [{"field": "share_class", "value": "acme/common"}]
    seen = view(
        ("share-class-created", "other-class", {"share_class": "boreal/common"}),
        issue("elsewhere", share_class="boreal/common"),
        amend("here", "elsewhere", changes=changes, known_on="2022-01-01"),
        known_by="2021-01-01",
    )
    assert {row["issuer"] for row in holdings(seen, "acme").rows} == {"acme"}
    assert [row["shares"] for row in holdings(seen, "boreal").rows] == ["10"]
