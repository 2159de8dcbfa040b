"""Checks: each catches a record that does not hold, and the alliance passes them all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ledger.model.register import Register
from projections.answer import Answer
from projections.consistency import checks
from projections.consistency.checks import CHECKS, WARNINGS, name_of
from projections.consistency.class_checks import OF_CLASSES
from tests.helpers import SETUP, accept, append, dated, joined, lines, new_ledger, party, run
from tests.test_alliance import PRESS, REGISTER, loaded


def found(ledger: Path, *words: str) -> list[tuple[str, str, str | None]]:
    """The check, subject and event of each finding; the exit code must tell as much."""
    outcome = run(ledger, "check", *words, "--format", "json")
    rows = json.loads(outcome.out)["rows"]
    assert outcome.code == (1 if rows else 0), outcome.err
    return [(row["check"], row["subject"], row["event"]) for row in rows]


def pact(kind: str, percent: str) -> list[dict[str, Any]]:
    """An agreement in force with one clause on what bolt holds of acme."""
    clause = {"clause": "limit", "kind": kind, "party": "bolt", "issuer": "acme"}
    return agreed(clause | {"percent": percent, "text": "a limit"})


def agreed(clause: dict[str, Any]) -> list[dict[str, Any]]:
    """An agreement of acme in force with one clause."""
    signed = dated("agreement-signed", key="s", agreement="pact", title="Pact", parties=["acme"])
    return [signed | {"clauses": [clause]}, dated("agreement-in-force", key="f", agreement="pact")]


def stake(percent: str, of: str) -> dict[str, Any]:
    """A disclosure of what bolt holds of acme: in the register, all of it."""
    said = {"issuer": "acme", "holder": "bolt", "percent": percent, "percent_of": of}
    return dated("stake-disclosed", key="said", **said)


SIXTY = {"percent": "60", "percent_of": "issued"}


def moved(type: str, key: str, **fields: str) -> dict[str, Any]:
    """A movement of acme/common."""
    return dated(type, key=key, share_class="acme/common", **fields)


IN_BOLT = {"investment": "in-bolt", "amount": "EUR 600"}
TRUST = [
    party("trust-one") | {"kind": "trust"},
    dated(
        "trust-settled",
        key="t",
        trust="trust-one",
        settlors=["bolt"],
        beneficiaries=[{"party": "bolt"}],
    )
    | {"trustees": ["fund-one"], "voting": "neutral"},
    moved("shares-placed-in-trust", "in", trust="trust-one", holder="bolt", shares="10"),
    dated("trust-ended", key="t-end", trust="trust-one") | {"effective_on": "2024-01-01"},
]


def voted(**fields: str) -> dict[str, Any]:
    """A resolution of acme, passed by 40 votes against 60."""
    said = {"votes_for": "40", "votes_against": "60", "outcome": "passed", "title": "accounts"}
    return dated("resolution-voted", key="voted", company="acme", resolution="r1", **said | fields)


def cast(votes: str) -> dict[str, Any]:
    """Votes of bolt for that resolution."""
    return dated(
        "votes-cast", key="cast", company="acme", resolution="r1", holder="bolt", votes=votes,
        choice="for",
    )  # fmt: skip


BID = moved("offer-made", "made", offer="bid", offeror="fund-one", kind="tender")


def accepted(shares: str) -> dict[str, Any]:
    """Bolt accepts that offer."""
    return dated("offer-accepted", key="accepted", offer="bid", holder="bolt", shares=shares)


def crossed(shares: int, jurisdiction: str | None = None) -> list[dict[str, Any]]:
    """Acme has so many of 100 shares of bolt, which has 100 of 300 of acme; without a law, all."""
    bolt = {"share_class": "bolt/common"}
    law = dated("party-details-changed", key="law", party="acme", jurisdiction=jurisdiction or "")
    more = moved("shares-issued", "more", holder="fund-two", shares="200")
    return [
        {"type": "share-class-created", "key": "bolt-class", **bolt},
        dated("register-opened", key="b1", holder="acme", shares=str(shares), **bolt),
        dated("register-opened", key="b2", holder="fund-one", shares=str(100 - shares), **bolt),
        *([law, more] if jurisdiction else []),
    ]


# the check, what is recorded beside bolt's 100 shares of acme, words of the command, the finding
CASES: dict[str, tuple[list[dict[str, Any]], list[str], tuple[str, str | None]]] = {
    "disclosed-stakes": ([stake("90", "issued")], [], ("acme", "said")),
    "disclosed-together": (
        [
            dated("stake-disclosed", key=f"of-{holder}", issuer="bolt", holder=holder, **SIXTY)
            for holder in ("fund-one", "fund-two")
        ],
        [],
        ("bolt", "of-fund-two"),
    ),
    "endings-have-beginnings": (
        [dated("director-left", key="left", company="acme", person="bolt", standing="reported")],
        [],
        ("acme", "left"),
    ),
    "asserted-balances": (
        [moved("balance-asserted", "said", total="issued", shares="99")],
        [],
        ("acme", "said"),
    ),
    "votes-that-law-takes-away": (crossed(60, "gb"), [], ("acme", None)),
    "rings-have-an-owner": (crossed(60), [], ("acme", None)),
    "share-companies-not-crossed": (crossed(12, "fr"), [], ("acme", None)),
    "grants-within-the-shares": (
        [
            moved("double-votes-granted", "some", holder="bolt", shares="60"),
            moved("double-votes-granted", "total", holder="bolt", shares="90")
            | {"standing": "reported"},
        ],
        [],
        ("acme/common", "total"),
    ),
    "disclosed-votes": ([stake("90", "votes")], [], ("acme", "said")),
    "balances-not-below-zero": (
        [
            moved("shares-issued", "new", holder="fund-one", shares="5") | {"standing": "reported"},
            moved("shares-transferred", "on", transferor="fund-one", transferee="fund-two")
            | {"shares": "5", "sequence": "1"},
        ],
        ["--standing", "official"],
        ("acme/common", "on"),
    ),
    "results-as-counted": (
        [voted(majority="more than 1/2", majority_of="cast") | {"standing": "reported"}],
        [],
        ("acme", "voted"),
    ),
    "votes-within-tallies": ([voted(), cast("41")], [], ("acme", "voted")),
    "votes-cast-are-held": ([voted(votes_for="200"), cast("101")], [], ("acme", "cast")),
    "ended-parties-gain-nothing": (
        [
            dated("party-ended", key="end", party="fund-one") | {"effective_on": "2019-01-01"},
            dated("director-appointed", key="in", company="acme", person="fund-one")
            | {"standing": "reported"},
        ],
        [],
        ("fund-one", "in"),
    ),
    "ended-parties-hold-nothing": (
        [dated("party-ended", key="end", party="bolt", successors=["fund-one"])],
        [],
        ("bolt", "end"),
    ),
    "identifiers-are-of-one-party": (
        [
            {"type": "party-registered", "key": key, "party": key, "kind": "other", "name": key,
             "lei": "529900T8BM49AURSDO55"}
            for key in ("one", "two")
        ],
        [],
        ("two", "two"),
    ),
    "totals-as-published": (
        [moved("shares-split", "split", ratio="1:3", fractions="down", total="34")],
        [],
        ("acme/common", "split"),
    ),
    "seats-filled-by-right": (
        [
            dated("director-appointed", key="in", company="acme", nominated_by="bolt")
            | {"standing": "reported"}
        ],
        [],
        ("acme", "in"),
    ),
    "clauses-kept": (pact("standstill", "50"), [], ("pact", "f")),
    "issued-within-authorised": (
        [dated("claim-recorded", key="said", subject="acme/common", attribute="authorised-shares")
         | {"value": "99"}],
        [],
        ("acme/common", "said"),
    ),
    "payments-within-commitments": (
        [
            dated("investment-committed", key="c", investor="acme", investee="bolt", **IN_BOLT),
            dated("investment-paid", key="p", investment="in-bolt", amount="EUR 601"),
        ],
        [],
        ("in-bolt", None),
    ),
    "parts-within-commitments": (
        [
            dated("investment-committed", key="c", investor="acme", investee="bolt", **IN_BOLT),
            dated("investment-committed", key="p", investor="fund-one", investee="bolt", **IN_BOLT)
            | {"investment": "a-part", "within": "in-bolt", "amount": "EUR 601"},
        ],
        [],
        ("in-bolt", None),
    ),
    "conditions-met-in-time": (
        [
            dated("condition-set", key="set", condition="review", text="the review clears it")
            | {"effect": "precedent", "long_stop_on": "2024-10-24"},
        ],
        [],
        ("review", "set"),
    ),
    "options-delivered-in-time": (
        [
            *agreed({"clause": "opt", "kind": "call", "text": "acme may buy", "party": "acme",
                   "counterparties": ["bolt"], "notice_days": "30"}),
            dated("notice-given", key="n", by="acme", agreement="pact", clause="opt")
            | {"kind": "exercise", "ends_on": "2023-06-30"},
        ],
        [],
        ("pact", "n"),
    ),
    "conditions-of-ownership": (
        [
            dated("condition-set", key="set", condition="trigger", text="bolt holds a half")
            | {"effect": "precedent", "kind": "ownership", "party": "bolt", "issuer": "acme",
               "at_least": "50"},
        ],
        [],
        ("trigger", "set"),
    ),
    "rights-within-holdings": (
        [dated("share-right-granted", key="right", share_class="acme/common", holder="bolt")
         | {"right": "pledge", "to": "acme", "kind": "pledge", "shares": "101"}],
        [],
        ("acme", None),
    ),
    "certificates-as-holdings": (
        [moved("certificate-recorded", "c1", certificate="1", holder="bolt", shares="99")
         | {"status": "issued"}],
        [],
        ("acme/common", "c1"),
    ),
    "acceptances-within-holdings": (
        [BID, accepted("101") | {"standing": "reported"}],
        [],
        ("bid", "accepted"),
    ),
    "grants-after-the-period": (
        [
            moved("share-class-amended", "terms", votes_after_months="24"),
            moved("shares-issued", "bought", holder="fund-one", shares="5"),
            moved("double-votes-granted", "soon", holder="fund-one")
            | {"effective_on": "2025-11-07"},
        ],
        [],
        ("acme/common", "soon"),
    ),
    "offers-as-taken": (
        [BID, accepted("50"), moved("shares-transferred", "taken", transferor="bolt")
         | {"transferee": "fund-one", "shares": "49", "under": "bid", "sequence": "1"},
         dated("offer-closed", key="closed", offer="bid", result="successful")],
        [],
        ("bid", None),
    ),
    "transfers-in-time": (
        [moved("transfer-lodged", "lodged", transfer="deed", transferor="bolt", shares="5")
         | {"transferee": "fund-one"}],
        [],
        ("deed", "lodged"),
    ),
    "instruments-within-what-is-open": (
        [
            dated(
                "instrument-granted", key="grant", instrument="option-1", kind="option",
                holder="bolt", share_class="acme/common", shares="60",
            ),
            dated("instrument-ended", key="over", instrument="option-1", reason="lapsed")
            | {"quantity": "70", "standing": "reported"},
        ],
        [],
        ("option-1", "over"),
    ),
    "payers-side-is-not-paid": (
        [
            dated("relationship-began", key="own", relationship="own", party="bolt", of="fund-one")
            | {"kind": "control", "basis": "majority"},
            moved("shares-exchanged", "swap", cash="EUR 3", paid_by="fund-one"),
        ],
        [],
        ("acme/common", "swap"),
    ),
    "movements-are-between-parties": (
        [
            moved("shares-transferred", "on", transferor="bolt", transferee="fund-one")
            | {"shares": "5"},
            {"type": "parties-identified", "key": "same", "party": "bolt", "same_as": "fund-one"}
            | {"because": "one LEI"},
        ],
        [],
        ("bolt", "on"),
    ),
    "ended-trusts-hold-nothing": (TRUST, [], ("trust-one", "t-end")),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_check_catches_what_it_is_for(tmp_path: Path, name: str) -> None:
    events, words, finding = CASES[name]
    assert found(new_ledger(tmp_path, *events), *words) == [(name, *finding)]


def test_who_controls_a_payer_again_is_on_its_side(tmp_path: Path) -> None:
    events, _, finding = CASES["payers-side-is-not-paid"]
    began, swap = events
    earlier = began | {"effective_on": "2023-11-06"}
    over = dated("relationship-ended", key="over", relationship="own")
    ledger = new_ledger(tmp_path, earlier, over | {"effective_on": "2023-11-07"}, swap)
    assert found(ledger) == []
    accept(ledger, began | {"key": "again"})
    assert found(ledger) == [("payers-side-is-not-paid", *finding)]


def test_a_ring_by_disclosures_and_a_company_of_itself_are_named(tmp_path: Path) -> None:
    pairs = (("fund-one", "fund-two"), ("fund-two", "fund-one"), ("bolt", "bolt"))
    said = [
        stake("100", "issued") | {"key": f"of-{issuer}", "issuer": issuer, "holder": holder}
        for issuer, holder in pairs
    ]
    ledger = new_ledger(tmp_path, *said[:2])
    assert found(ledger) == [("rings-have-an-owner", "fund-one", None)]
    assert "Fund-One, Fund-Two hold a majority of one another" in joined(run(ledger, "check").out)
    accept(ledger, party("self", name="Self"), said[2] | {"issuer": "self", "holder": "self"})
    warned = json.loads(run(ledger, "check", "--format", "json").out)["warnings"]
    assert ("no-company-is-its-own-holder", "self", "of-bolt") in [
        (row["check"], row["subject"], row["event"]) for row in warned
    ]


def test_shares_that_vanish_are_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = new_ledger(tmp_path)
    kept = Register.apply

    def losing(register: Register, fact: Any) -> list[tuple[str, str]]:
        pairs = kept(register, fact)
        for share_class, account in pairs:
            register._replayed[share_class][account] -= 1
        return pairs

    monkeypatch.setattr(Register, "apply", losing)
    names = ("conservation", "balances-as-their-movements")
    assert found(ledger) == [(name, "acme/common", None) for name in names]


def test_votes_over_a_cap_are_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cap = dated("voting-cap-agreed", key="cap", issuer="acme", holder="bolt", percent="15")
    ledger = new_ledger(tmp_path, cap)
    over = Answer(rows=[{"holder": "bolt", "votes": "100", "after_caps": "16", "group": None}])
    monkeypatch.setattr(checks, "votes", lambda *_: over)
    assert found(ledger) == [("votes-within-caps", "acme", "cap")]


@pytest.mark.parametrize(("kind", "percent"), [("lock-up", "100"), ("standstill", "100")])
def test_a_limit_that_is_kept_is_no_finding(tmp_path: Path, kind: str, percent: str) -> None:
    assert found(new_ledger(tmp_path, *pact(kind, percent))) == []


def test_every_check_has_a_case_and_is_listed() -> None:
    names = {name_of(one) for one in CHECKS}
    of_classes = {name_of(one) for one in OF_CLASSES}  # told in scenarios
    assert names - of_classes == {
        *(*CASES, "conservation", "balances-as-their-movements", "votes-within-caps")
    }
    outcome = run("no.db", "check", "--list")
    assert outcome.code == 0
    assert [line.partition(":")[0] for line in outcome.out.splitlines()] == [
        name_of(one) for one in (*CHECKS, *WARNINGS)
    ]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("sets", [[PRESS], [REGISTER], [REGISTER, PRESS]], ids=len)
@pytest.mark.parametrize("day", ["2002-12-31", "2019-01-01", "2023-11-08", "2024-03-28", "2025"])
def test_the_alliance_passes(tmp_path: Path, sets: list[str], day: str) -> None:
    assert found(loaded(tmp_path / "deal.db", sets), "--as-of", day) == []


def test_a_class_created_with_a_limit_is_held_to_it(tmp_path: Path) -> None:
    """What a class is authorised to have may also be told when it is created."""
    path = tmp_path / "deal.db"
    assert run(path, "init").code == 0
    accept(
        path,
        {"type": "party-registered", "party": "acme", "kind": "company", "name": "Acme"},
        {"type": "party-registered", "party": "alice", "kind": "person", "name": "Alice"},
        {"type": "share-class-created", "share_class": "acme/common", "authorised": "100"},
        {
            "type": "shares-issued", "effective_on": "2020-01-01", "standing": "official",
            "share_class": "acme/common", "holder": "alice", "shares": "101",
        },
    )  # fmt: skip
    outcome = run(path, "check")
    assert outcome.code == 1
    assert "101 are in issue, 100 are authorised, since 2020-01-01." in outcome.out


# -- official events without a source --------------------------------------------------------------


def warned(ledger: Path, *words: str) -> list[str]:
    """The events that ``check`` warns of; they alone leave the exit code at 0."""
    outcome = run(ledger, "check", *words, "--format", "json")
    answer = json.loads(outcome.out)
    assert answer["rows"] == []
    assert outcome.code == 0, outcome.err
    return sorted(row["event"] for row in answer["warnings"])


def test_official_events_without_a_source_are_listed_apart(tmp_path: Path) -> None:
    source = {
        "type": "source-registered",
        "source": "act",
        "title": "An act",
        "publisher": "Acme",
        "kind": "filing",
    }
    source |= {"published_on": "2023-11-08", "key": "act"}
    cited = {"citations": [{"source": "act", "locator": "p. 2"}]}
    ledger = new_ledger(
        tmp_path,
        source,
        dated("negotiation-opened", key="talks", deal="sale", parties=["acme"], about="x"),
        dated("statement-made", key="said", deal="sale", speaker="bolt", statement="soon") | cited,
        dated("statement-made", key="heard", deal="sale", speaker="bolt", statement="soon")
        | {"standing": "reported"},
        moved("shares-issued", "issued", holder="bolt", shares="5") | cited,
        moved("shares-issued", "later", holder="bolt", shares="5") | {"effective_on": "2030"},
        {"type": "note-added", "subject": "acme", "text": "seen", "key": "note"},
    )
    assert warned(ledger, "--as-of", "2024-01-01") == ["opened", "talks"]
    assert warned(ledger, "--as-of", "2031-01-01") == ["later", "opened", "talks"]
    assert warned(ledger, "--as-of", "2024-01-01", "--standing", "reported") == ["opened", "talks"]
    outcome = run(ledger, "check", "--as-of", "2024-01-01")
    assert outcome.code == 0
    assert "2 warnings" in outcome.out
    assert "#8, register-opened of 2020-01-01, cites no source." in outcome.out
    assert "cites no source" in run(ledger, "check", "--format", "markdown").out
    csv = run(ledger, "check", "--format", "csv")
    assert csv.out == "check,subject,event,what\r\n"
    assert "warning: #8" in csv.err
    assert run(ledger, "corroborate", "opened", "--source", "act").code == 0
    assert warned(ledger, "--as-of", "2024-01-01") == ["talks"]


def test_the_alliance_cites_a_source_for_everything(tmp_path: Path) -> None:
    assert warned(loaded(tmp_path / "deal.db", [REGISTER, PRESS]), "--as-of", "2026-01-01") == []


def test_the_receipt_warns_of_official_events_without_a_source(tmp_path: Path) -> None:
    path = tmp_path / "deal.db"
    assert run(path, "init").code == 0
    registrations = accept(path, *SETUP[:-1])
    assert "cites" not in registrations.err, "record-keeping needs no source"
    one = accept(path, SETUP[-1])
    assert "! W4: standard input:1: 1 official event cites no source: #8." in one.err
    issues = [moved("shares-issued", f"i{n}", holder="bolt", shares=f"{n + 1}") for n in range(12)]
    batch = append(path, lines(*issues), "--dry-run")
    assert "12 official events cite no source: #9, #10, #11, #12, #13 and 7 more." in joined(
        batch.err
    )
    assert "cite" not in append(path, lines(SETUP[-1])).err, "it is recorded already"
    said = [issue | {"standing": "reported"} for issue in issues]
    assert "cite no source" not in accept(path, *said).err
