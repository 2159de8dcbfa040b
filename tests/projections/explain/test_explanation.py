"""Figures taken apart: the events listed make the figure again, and no other event is forgotten."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.time.log import Log
from ledger.time.view import Cut, View
from ledger.values.refusals import Refusal
from projections.explain.deals import explain_thread
from projections.explain.explanation import REASONS, Explanation
from projections.explain.holdings import explain_holdings
from projections.explain.seats import explain_seats
from projections.explain.votes import explain_votes
from projections.subjects.changed_hands import Counted
from tests import histories
from tests.helpers import assert_refused, assert_usage, dated, new_ledger, run
from tests.ledger.time.test_exclusions import amend, issue, view
from tests.projections.readmodel.test_histories import slow
from tests.test_alliance import MOMENTS, PRESS, REGISTER, ask, loaded

KINDS = (
    ("holdings", "nissan", "renault"),
    ("votes", "nissan", "renault"),
    ("seats", "nissan", "renault"),
    ("deal", "alliance-rebalancing"),
    ("investment", "nissan-in-ampere"),
    ("offering", "ampere-ipo"),
)


@pytest.fixture(scope="module")
def alliance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The press and the official record together."""
    return loaded(tmp_path_factory.mktemp("explain") / "alliance.db", [PRESS, REGISTER])


def explain(path: Path, *words: str) -> dict[str, Any]:
    """An explanation as JSON."""
    return ask(path, "explain", *words)


def left(explained: Explanation) -> dict[str, str]:
    """The events left out, each with its reason in a word."""
    return {row["event"]: row["reason"] for row in explained.excluded}


@pytest.mark.parametrize("moment", MOMENTS, ids=[m[0] for m in MOMENTS])
def test_renault_in_nissan_at_each_moment(alliance: Path, moment: tuple[Any, ...]) -> None:
    day, issued, direct, percent, trust, trust_percent, _ = moment
    answer = explain(alliance, "holdings", "nissan", "renault", "--as-of", day)
    asked = ask(alliance, "holdings", "nissan", "--holder", "renault", "--as-of", day)
    assert answer["figure"] == asked["rows"]
    limits = ("as_of", "known_by", "recorded_by", "standing", "policy")
    assert [answer["cut"][name] for name in limits] == [asked["cut"][name] for name in limits]
    own = [row for row in answer["rows"] if row["holder"] == "renault"]
    assert own[-1]["balance"] == str(direct) == str(sum(int(row["delta"]) for row in own))
    assert (own[-1]["issued"], own[-1]["percent"]) == (str(issued), percent)
    (line,) = [t for t in answer["arithmetic"] if t.startswith("renault, ") and t.endswith(percent)]
    assert f"{direct:,} / {issued:,} = " in line
    if trust:
        held = [row for row in answer["rows"] if row.get("balance") and row not in own]
        assert (held[-1]["balance"], held[-1]["percent"]) == (str(trust), trust_percent)


def test_the_division_is_spelled_out(alliance: Path) -> None:
    answer = explain(alliance, "holdings", "nissan", "renault", "--as-of", "2023-12-15")
    lines = answer["arithmetic"]
    assert "renault, nissan/common: 1,831,837,027 - 1,198,729,760 = 633,107,267" in lines
    words = "633,107,267 / 4,009,715,112 = 15.789332...% -> 15.79"
    assert f"renault, nissan/common: {words}" in lines


def test_votes_of_nissan_finance_in_renault(alliance: Path) -> None:
    words = "votes", "renault", "nissan-finance", "--as-of"
    before, after = (explain(alliance, *words, f"2023-11-0{day}") for day in (7, 8))
    assert before["rows"][-1]["suspended"] == before["rows"][-1]["held"] == "88716686"
    asked = ask(alliance, "votes", "renault", "--as-of", "2023-11-08")["rows"]
    assert after["figure"] == [row for row in asked if row["holder"] == "nissan-finance"]
    assert after["rows"][-1]["after_caps"] == after["figure"][0]["after_caps"] == "60133316"
    told = "\n".join(after["arithmetic"])
    assert "cap = floor(15/100 * C) = floor(60,133,316.25) = 60,133,316" in told
    assert "88,716,686 / 400,888,775 = 22.130000...% -> 22.13" in told
    assert "60,133,316 / 400,888,775 = 14.999999...% -> 15.00" in told
    kept = [row["event"] for row in after["rows"]]
    assert kept[-2:] == [
        "renault-votes-nissan-finance-restored", "renault-voting-cap-nissan-finance",
    ]  # fmt: skip


def test_votes_of_the_trust_are_cast_neutrally(alliance: Path) -> None:
    answer = explain(alliance, "votes", "nissan", "renault-nissan-trust", "--as-of", "2023-11-08")
    assert answer["rows"][-1]["neutral"] == "1198729760"
    assert answer["rows"][-1]["exercisable"] == "0"
    assert any(row["event"] == "renault-nissan-trust-settled" for row in answer["rows"])


def test_nissan_in_ampere_is_one_commitment(alliance: Path) -> None:
    answer = explain(alliance, "investment", "nissan-in-ampere", "--as-of", "2024-12-31")
    (figure,) = answer["figure"]
    assert (figure["committed"], figure["paid"]) == ("600000000", None)
    reasons = {row["event"]: row["reason"] for row in answer["excluded"]}
    assert reasons["nissan-in-ampere-confirmed"] == "repeats"
    assert reasons["nissan-in-ampere-released"] == "later"
    assert reasons["nissan-in-ampere-amount-yomiuri"] == "claimed"
    assert "paid: no event tells of a payment" in answer["arithmetic"]
    later = explain(alliance, "investment", "nissan-in-ampere", "--as-of", "2025-03-31")
    assert later["rows"][-1]["status"] == "released"


def test_payments_add_up() -> None:
    common = {"investment": "stake", "known_on": "2020-01-01", "standing": "official"}
    drafts = [
        ("investment-committed", "promise", {
            "investor": "alice", "investee": "boreal", "amount": "EUR 600",
            "effective_on": "2020-01-02", **common,
        }),
        *(
            ("investment-paid", f"paid-{n}", {
                "amount": f"EUR {n}00", "effective_on": f"2020-02-0{n}", **common,
            })
            for n in (2, 4)
        ),
    ]  # fmt: skip
    explained = explain_thread(view(*drafts), "investment", "stake")
    assert [row["paid"] for row in explained.rows] == [None, "200", "600"]
    assert "paid: EUR 200 + 400 = EUR 600" in explained.arithmetic
    assert "committed - paid = 600 - 600 = 0" in explained.arithmetic


def test_the_listing_as_it_was_known(alliance: Path) -> None:
    words = "offering", "ampere-ipo", "--as-of", "2024-06-30", "--known-by"
    early, late = (explain(alliance, *words, f"2024-01-{day}") for day in (28, 29))
    assert early["figure"][0]["status"] == "rescheduled"
    assert "not yet known" not in {row["reason"] for row in early["excluded"]}
    assert any("became known after 2024-01-28" in note for note in early["notes"])
    asked = explain(alliance, *words, "2024-01-28", "--not-yet-known")
    reasons = {row["event"]: row["reason"] for row in asked["excluded"]}
    assert reasons["ampere-ipo-cancelled"] == "not yet known"
    assert late["rows"][-1]["event"] == "ampere-ipo-cancelled"


def test_who_sits_for_renault_and_by_what_right(alliance: Path) -> None:
    answer = explain(alliance, "seats", "nissan", "renault", "--as-of", "2025-06-30")
    people = [row["person"] for row in answer["figure"] if row["kind"] == "seat"]
    assert people == ["valerie-landon", "timothy-ryan"]
    assert answer["rows"][0]["event"] == "nissan-board-seats-renault"
    assert answer["rows"][-1]["sitting"] == "valerie-landon, timothy-ryan"
    assert "new-alliance-agreement-in-force" in {row["event"] for row in answer["rows"]}
    person = explain(alliance, "seats", "nissan", "jean-dominique-senard", "--as-of", "2020-01-01")
    assert [row["event"] for row in person["rows"]] == [
        "nissan-board-seats-renault", "nissan-director-senard", "nissan-vice-chair-senard",
    ]  # fmt: skip


def test_plans_and_claims_of_the_same_figure_are_told(alliance: Path) -> None:
    answer = explain(alliance, "holdings", "ampere", "nissan", "--as-of", "2024-06-30")
    assert answer["figure"] == []
    assert answer["notes"][0].startswith("Not known: no event at this cut tells that nissan holds")
    reasons = {row["event"]: row["reason"] for row in answer["excluded"]}
    assert reasons["nissan-in-ampere-planned"] == "planned"
    renault = explain(alliance, "holdings", "nissan", "renault", "--as-of", "2023-11-08")
    reasons = {row["event"]: row["reason"] for row in renault["excluded"]}
    assert reasons["press-merlionit-renault-stake-planned"] == "claimed"
    assert reasons["press-carexpert-renault-stake-planned"] == "repeats"
    assert reasons["rebalancing-terms-2023-02-06"] == "planned"


def test_sources_have_title_and_date(alliance: Path) -> None:
    answer = explain(alliance, "offering", "ampere-ipo", "--as-of", "2024-01-29")
    (source,) = [row for row in answer["sources"] if row["source"] == "cnbc-2024-01-29"]
    assert source["title"] == "Ampere will not be listed"
    assert (source["published_on"], source["events"]) == ("2024-01-29", ["ampere-ipo-cancelled"])


def disclosed(key: str, percent: str, **fields: Any) -> tuple[str, str, dict[str, Any]]:
    """A disclosed stake of Alice in Boreal, which has no register."""
    body = {"issuer": "boreal", "holder": "alice", "percent": percent, "percent_of": "issued"}
    when = {"effective_on": "2020-05-01", "known_on": "2020-05-01", "standing": "official"}
    return "stake-disclosed", key, body | when | fields


def test_the_disclosure_chosen() -> None:
    explained = explain_holdings(
        view(
            disclosed("early", "10", effective_on="2020-02-01"),
            disclosed("press", "13", standing="reported"),
            disclosed("filing", "12"),
        ),
        "alice",
        "boreal",
    )
    assert [row["events"] for row in explained.figure] == [["filing"]]
    assert [(row["event"], row["chosen"]) for row in explained.rows] == [
        ("early", "early"), ("press", "press"), ("filing", "filing"),
    ]  # fmt: skip
    assert left(explained) == {"early": "superseded", "press": "superseded"}
    assert "alice: 12 / 100 = 3/25" in explained.arithmetic


def test_each_reason_for_leaving_out() -> None:
    common = {"known_on": "2020-01-01", "standing": "official"}
    drafts = (
        issue("later", effective_on="2022-01-01"),
        issue("unheard", known_on="2020-12-01"),
        issue("partial", effective_on="2021"),
        issue("wrong"),
        amend("gone", "wrong"),
        issue("leaked", citations=[{"source": "leak"}]),
        ("source-retracted", "withdrawn", {"source": "leak", "because": "made up"}),
        issue("rumour", standing="unnamed"),
        issue("moved"),
        amend("elsewhere", "moved", changes=[{"field": "holder", "value": "carol"}]),
        issue("again", reaffirms="issue-0"),
        ("shares-transferred", "between-others", {
            "share_class": "acme/common", "transferor": "bob", "transferee": "carol",
            "shares": "10", "effective_on": "2020-06-01", **common,
        }),
        ("balance-asserted", "check", {
            "share_class": "acme/common", "total": "issued", "shares": "1610",
            "effective_on": "2020-06-02", **common,
        }),
        ("investment-planned", "plan", {
            "investment": "more", "investor": "alice", "investee": "acme", "percent": "5",
            "effective_on": "2020-06-03", **common,
        }),
        ("claim-recorded", "said", {
            "subject": "acme", "attribute": "stake-of-alice", "value": "40",
            "effective_on": "2020-06-04", **common,
        }),
    )  # fmt: skip
    seen = view(*drafts, known_by="2020-11-01", standing="reported")
    explained = explain_holdings(seen, "alice", "acme")
    assert [row["event"] for row in explained.rows] == ["issue-0", "issue-1", "moved"]
    assert left(explained) == {
        "later": "later", "unheard": "not yet known", "partial": "possible",
        "wrong": "retracted", "leaked": "fallen",
        "rumour": "below the floor", "again": "repeats", "between-others": "of others",
        "check": "checked only", "plan": "planned", "said": "claimed",
        "class-common": "no effect", "class-preferred": "no effect", "issue-2": "of others",
    }  # fmt: skip
    assert [row["event"] for row in explained.possible] == ["partial"]


def test_a_contradiction_is_set_aside() -> None:
    common = {"offering": "ipo", "known_on": "2020-01-01"}
    seen = view(
        ("offering-planned", "plan", {
            "issuer": "boreal", "window": "2021", "effective_on": "2020-02-01",
            "standing": "official", **common,
        }),
        ("offering-cancelled", "off", {
            "effective_on": "2020-03-01", "standing": "official", **common,
        }),
        ("offering-completed", "done", {
            "effective_on": "2020-04-01", "standing": "reported", **common,
        }),
    )  # fmt: skip
    explained = explain_thread(seen, "offering", "ipo")
    assert [row["status"] for row in explained.rows] == ["planned", "cancelled"]
    assert left(explained) == {"done": "set aside"}
    assert explained.excluded[0]["why"] == "it cannot stand with off (official)"


def test_a_correction_is_named_with_the_step_it_changes(tmp_path: Path) -> None:
    fixed = {"type": "event-corrected", "key": "fix", "event": "opened", "because": "misread",
             "correction": "clerical", "changes": [{"field": "shares", "value": "90"}]}  # fmt: skip
    path = new_ledger(tmp_path, fixed)
    (row,) = explain(path, "holdings", "acme", "bolt")["rows"]
    assert (row["balance"], row["amended_by"]) == ("90", ["fix"])
    assert "(amended by #9)" in run(path, "explain", "holdings", "acme", "bolt").out


def test_what_was_recorded_later_is_not_told(tmp_path: Path) -> None:
    path = new_ledger(tmp_path)
    before = explain(path, "holdings", "acme", "bolt")
    last = ask(path, "timeline")["rows"][-1]["recorded_at"]
    more = dated("shares-issued", key="more", share_class="acme/common", holder="bolt", shares="5")
    assert run(path, "append", "--file", "-", stdin=json.dumps(more).encode()).code == 0
    again = explain(path, "holdings", "acme", "bolt", "--recorded-by", last)
    assert (again["figure"], again["rows"], again["excluded"]) == (
        before["figure"], before["rows"], before["excluded"],
    )  # fmt: skip


@pytest.mark.sampled(3)
@pytest.mark.parametrize("words", KINDS, ids=[words[0] for words in KINDS])
@pytest.mark.parametrize("form", ["table", "markdown", "csv"])
def test_it_is_written_in_every_format(alliance: Path, words: tuple[str, ...], form: str) -> None:
    for limits in ((), ("--known-by", "2020-01-01", "--not-yet-known"), ("--as-of", "2023-12-31")):
        asked = "explain", *words, *limits, "--format", form
        outcome = run(alliance, *asked, COLUMNS="80")
        assert outcome.code == 0, outcome.err
        if form == "table":
            lines = outcome.out.splitlines()
            assert max(map(len, lines)) <= 80
            assert len(lines) <= 40
            whole = run(alliance, *asked, "--full", COLUMNS="80").out
            assert max(map(len, whole.splitlines())) <= 80
            assert "Left out: " in whole


@pytest.mark.parametrize("kind", [words[0] for words in KINDS])
def test_help_of_each_kind_shows_an_example_in_80_columns(kind: str) -> None:
    outcome = run("x.db", "explain", kind, "--help")
    assert f"Example:\n    stakebook explain {kind} " in outcome.out
    assert max(map(len, outcome.out.splitlines())) <= 80


def test_questions_about_nothing(alliance: Path) -> None:
    for words in (("holdings", "nissan", "renalt"), ("deal", "nissan"), ("offering", "ipo")):
        outcome = run(alliance, "explain", *words)
        assert_refused(outcome, Refusal.UNKNOWN_SUBJECT)
    assert_usage(run(alliance, "explain", "holdings", "nissan"), "HOLDER")
    assert_usage(run(alliance, "explain", "shares"), "shares")


def drawn_view(data: st.DataObject) -> tuple[View, list[str]]:
    """A random history at a random cut, and the keys of its events about the class."""
    events = histories.history(data.draw(histories.drafts()))
    cut, _ = data.draw(histories.cuts(len(events)))
    log = Log(events)
    return View(log, cut), [e.key for e in log.mentioning("class:acme/common")]


@slow
@given(st.data())
def test_the_listed_events_make_the_holding_and_none_is_forgotten(data: st.DataObject) -> None:
    seen, about = drawn_view(data)
    holder = data.draw(st.sampled_from(histories.HOLDERS))
    explained = explain_holdings(seen, holder, "acme")
    last: dict[tuple[str, str], tuple[Fraction, Fraction, str | None]] = {}
    sums: dict[tuple[str, str], Fraction] = {}
    for row in explained.rows:
        if row.get("balance") is not None:
            pair = row["share_class"], row["holder"]
            last[pair] = Fraction(row["balance"]), Fraction(row["issued"]), row["percent"]
            sums[pair] = sums.get(pair, Fraction()) + Fraction(row["delta"])
            assert sums[pair] == last[pair][0]
    for row in explained.figure:
        if row["basis"] == "register":
            pair = row["share_class"], row["holder"]
            figure = Fraction(row["shares"]), Fraction(row["issued"]), row["percent"]
            assert last.pop(pair) == figure
    assert not [balance for balance, _, _ in last.values() if balance]
    steps = {row["event"] for row in explained.rows}
    assert {key for row in explained.figure for key in row["events"]} <= steps
    assert set(about) <= steps | set(left(explained))
    assert set(left(explained).values()) <= set(REASONS)


@slow
@given(st.data())
def test_the_listed_events_make_the_votes(data: st.DataObject) -> None:
    seen, about = drawn_view(data)
    holder = data.draw(st.sampled_from(histories.HOLDERS))
    explained = explain_votes(seen, holder, "acme")
    for row in explained.figure:
        told = [step for step in explained.rows if step.get("after_caps") is not None]
        if row["exercisable"] is not None:
            assert (row["votes"], row["exercisable"], row["after_caps"]) == (
                told[-1]["held"], told[-1]["exercisable"], told[-1]["after_caps"],
            )  # fmt: skip
    assert set(about) <= {row["event"] for row in explained.rows} | set(left(explained))


@slow
@given(st.data())
def test_votes_counted_of_the_hands_concerned_are_explained_as_if_all_were(
    data: st.DataObject,
) -> None:
    seen, _ = drawn_view(data)
    for holder in histories.HOLDERS:
        explained = explain_votes(seen, holder, "acme")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Counted, "changed_hands", lambda *_: None)
            assert explain_votes(seen, holder, "acme") == explained


_COMMON, _WHO = {"share_class": "acme/common"}, ("alice", "bob", "carol", "acme")
MOVES = (
    *(
        ("shares-transferred", {**_COMMON, "transferor": one, "transferee": other})
        for one in _WHO
        for other in _WHO
        if one != other
    ),
    ("double-votes-granted", {**_COMMON, "holder": "bob"}),
    ("shares-issued", {**_COMMON, "holder": "carol"}),
    ("voting-rights-suspended", {"issuer": "acme", "holder": "carol", "reason": "late"}),
    ("voting-rights-restored", {"issuer": "acme", "holder": "carol"}),
)


@slow
@given(st.lists(st.tuples(st.sampled_from(MOVES), st.integers(1, 90)), max_size=14))
def test_votes_of_hands_between_which_shares_move_are_told_as_if_all_were_counted(
    moves: list[tuple[tuple[str, dict[str, str]], int]],
) -> None:
    drafts = list[histories.Draft]()
    for n, ((kind, own), shares) in enumerate(moves):
        number = {"shares": str(shares)} if "share_class" in own else {}
        dated = {"effective_on": f"2021-01-{n + 1:02}", "standing": "official"}
        drafts.append((kind, f"move-{n}", own | number | dated))
    seen = View(Log(histories.history([*histories.WORLD, *drafts])), Cut())
    for holder in ("alice", "carol", "acme"):
        explained = explain_votes(seen, holder, "acme")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Counted, "changed_hands", lambda *_: None)
            assert explain_votes(seen, holder, "acme") == explained


@slow
@given(st.data())
def test_the_listed_events_make_deals_and_seats(data: st.DataObject) -> None:
    seen, _ = drawn_view(data)
    for kind, id in (("deal", "merger"), ("investment", "stake"), ("offering", "ipo")):
        explained = explain_thread(seen, kind, id)
        told = {row["event"] for row in explained.rows} | set(left(explained))
        assert {e.key for e in seen.history.mentioning(f"{kind}:{id}")} <= told
        for row in explained.figure:
            last = explained.rows[-1]
            names = ("status", "amount", "committed", "paid", "expected")
            assert [last[name] for name in names] == [row.get(name) for name in names]
    party = data.draw(st.sampled_from(histories.HOLDERS))
    seats = explain_seats(seen, party, "boreal")
    shown = {key for row in seats.figure for key in row["events"]}
    assert shown <= {row["event"] for row in seats.rows}


def test_a_view_with_no_limits_leaves_out_nothing_by_its_clocks() -> None:
    explained = explain_holdings(View(view(issue("more")).history, Cut()), "alice", "acme")
    assert not {"later", "not yet known", "possible"} & set(left(explained).values())


def test_what_is_only_in_the_whole_is_not_of_others() -> None:
    """The 600 shares of bob are of the 1600 of which alice has 1000, and a sale of them is not."""
    sells = ("shares-transferred", "sells", {
        "share_class": "acme/common", "transferor": "bob", "transferee": "carol", "shares": "10",
        "effective_on": "2020-06-01", "standing": "official",
    })  # fmt: skip
    explained = explain_holdings(view(sells), "bob", "acme")
    why = {row["event"]: (row["reason"], row["why"]) for row in explained.excluded}
    assert why["issue-0"] == ("of the whole", "by it 1,000 acme/common are issued")
    carol = explain_holdings(view(sells), "carol", "acme")
    assert left(carol)["issue-1"] == "of the whole"
    states = {row["event"]: row["state"] for row in explain_votes(view(sells), "bob", "acme").rows}
    assert states["issue-0"].startswith("only the votes of all change: 0 held")


def test_lots_are_explained_with_their_grants_and_what_took_of_them() -> None:
    def of(key: str, type: str, day: str, **fields: str) -> histories.Draft:
        said = {"share_class": "acme/common", "effective_on": day, "standing": "official"}
        return type, key, said | fields

    events = (
        of("grant", "double-votes-granted", "2020-02-01", holder="alice", shares="900", lot="old"),
        of("sale", "shares-transferred", "2020-03-01", transferor="alice", transferee="bob",
           shares="300"),
    )  # fmt: skip
    explained = explain_votes(view(*events), "alice", "acme")
    assert "lot old: 900 granted double votes (grant), 200 gone (sale) = 700 shares" in (
        explained.arithmetic
    )
    assert (
        "in V, votes of acme/common: (1,600 shares outstanding + 700 more of lots) x 2 = 4,600"
    ) in explained.arithmetic
