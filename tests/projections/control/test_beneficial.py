"""Beneficial holdings: through trusts, nominees and receipts, loops and all, to who owns."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from random import Random
from typing import Any

from projections.answer import Answer
from projections.control.beneficial import beneficial
from projections.holding_rows import HoldingRow
from projections.subjects.register_at_cut import register_at_cut
from tests.histories import Draft
from tests.projections.subjects.record import COMMON, at, columns, on, opened, record, settled

RECEIPTS = "bolt/receipts"


def of(*beneficiaries: str) -> list[dict[str, str]]:
    """Beneficiaries written as ``alice 1/2``; without a fraction it is not told."""
    told = [one.split() for one in beneficiaries]
    return [dict(zip(("party", "fraction"), words, strict=False)) for words in told]


def nominee(client: str, shares: int, kind: str = "nominee", **fields: Any) -> Draft:
    """A right in shares of the bank."""
    granted = {"right": f"{kind}-{client}", "share_class": COMMON, "holder": "bank", "to": client}
    number = {"shares": str(shares), "kind": kind} | fields
    return on("2020-01-02", f"{kind}-{client}", "share-right-granted", **granted, **number)


def receipts(per_share: str = "2:1") -> Draft:
    """Receipts for common shares that the bank has on deposit."""
    fields = {"share_class": RECEIPTS, "kind": "receipt", "represents": COMMON}
    return "share-class-created", "receipts", fields | {
        "receipts_per_share": per_share, "depositary": "bank",
    }  # fmt: skip


def asked(*events: Draft, holder: str | None = None, **limits: str) -> Answer[HoldingRow]:
    return beneficial(at(record(*events), **limits), None if holder else "acme", holder)


def owned(rows: Sequence[HoldingRow]) -> list[tuple[Any, ...]]:
    """The rows of accounts: who holds, for whom, how many."""
    each = [row for row in rows if row["basis"] == "register"]
    return columns(each, "holder", "economic_owner", "shares")


def test_a_trust_passes_its_shares_on_however_they_came() -> None:
    trust = opened("alice", 70), opened("acme-trust", 40), settled("2019-03-01")
    rows = asked(*trust).rows
    assert owned(rows) == [("alice", "alice", "70"), ("acme-trust", "alice", "40")]
    assert columns(rows[-1:], "basis", "holder", "shares", "percent") == [
        ("sum", "alice", "110", "100.00")
    ]
    (link,) = rows[1]["chain"]
    assert (link["holder"], link["capacity"], link["party"], link["fraction"]) == (
        "acme-trust", "trustee", "alice", "1",
    )  # fmt: skip
    assert (rows[1]["title_holder"], rows[1]["voting"], rows[1]["votes_by"]) == (
        "bank", "neutral", None,
    )  # fmt: skip


def test_what_fractions_leave_is_not_known() -> None:
    terms = settled("2019-03-01", beneficiaries=of("alice 1/2", "bob 1/3"))
    answer = asked(opened("acme-trust", 100), terms)
    assert owned(answer.rows) == [
        ("acme-trust", "alice", "50"), ("acme-trust", "bob", "100/3"), ("acme-trust", None, "50/3"),
    ]  # fmt: skip
    assert "Not known: for whom acme-trust has 50/3 acme/common." in answer.notes


def test_at_discretion_each_may_have_nothing_or_all() -> None:
    terms = settled("2019-03-01", kind="discretionary", beneficiaries=of("alice", "bob"))
    rows = asked(opened("acme-trust", 100), terms).rows
    ends = "economic_owner", "shares", "shares_low", "shares_high", "fraction"
    assert columns(rows, *ends) == [
        ("alice", "0", "0", "100", None), ("bob", "0", "0", "100", None),
        (None, "100", "0", "100", None),
    ]  # fmt: skip


def test_trusts_for_one_another_are_solved() -> None:
    """Half of each goes round: alice has 1/2 and a quarter of that again, and so on."""
    one = settled("2019-03-01", beneficiaries=of("alice 1/2", "bolt 1/2"))
    two = settled("2019-03-01", trust="bolt", beneficiaries=of("bob 1/2", "acme-trust 1/2"))
    rows = asked(opened("acme-trust", 90), one, (two[0], "second", two[2])).rows
    assert owned(rows) == [("acme-trust", "alice", "60"), ("acme-trust", "bob", "30")]
    assert [link["holder"] for link in rows[1]["chain"]] == ["acme-trust", "bolt"]


def test_trusts_for_one_another_alone_have_nobody_behind_them() -> None:
    one = settled("2019-03-01", beneficiaries=of("bolt 1"))
    two = settled("2019-03-01", trust="bolt", beneficiaries=of("acme-trust 1"))
    answer = asked(opened("acme-trust", 90), one, (two[0], "second", two[2]))
    assert owned(answer.rows) == [("acme-trust", None, "90")]
    assert any("are for one another alone" in note for note in answer.notes)


def test_a_trustee_that_is_its_own_beneficiary_holds_for_itself() -> None:
    answer = asked(opened("acme-trust", 5), settled("2019-03-01", trustees=["alice"]))
    assert owned(answer.rows) == [("acme-trust", "alice", "5")]
    assert any("it holds for itself" in note for note in answer.notes)


def test_what_was_for_one_that_has_ended_is_not_known() -> None:
    ended = on("2021-01-01", "dead", "party-ended", party="alice", reason="dissolved")
    events = opened("acme-trust", 5), settled("2019-03-01"), ended
    assert owned(asked(*events, as_of="2020-12-31").rows) == [("acme-trust", "alice", "5")]
    assert owned(asked(*events).rows) == [("acme-trust", None, "5")]


def test_the_clients_of_a_nominee_have_its_shares_and_the_rest_is_not_known() -> None:
    rows = asked(opened("bank", 120), nominee("alice", 70), nominee("bob", 30)).rows
    assert owned(rows) == [("bank", "alice", "70"), ("bank", "bob", "30"), ("bank", None, "20")]
    entitled = "title_holder", "votes_by", "disposal_by"
    assert columns(rows[:1], *entitled) == [("bank", "alice", "alice")]


def test_a_nominee_can_hold_for_another_nominee() -> None:
    second = nominee("alice", 50)
    through = (second[0], "second", second[2] | {"right": "second", "holder": "bolt"})
    answer = asked(opened("bank", 120), nominee("bolt", 80), through)
    assert owned(answer.rows) == [("bank", "alice", "50"), ("bank", None, "70")]
    assert [link["holder"] for link in answer.rows[0]["chain"]] == ["bank", "bolt"]
    assert not any("who holds 0" in note for note in answer.notes)


def test_clients_of_more_than_there_is_have_what_they_can_have() -> None:
    answer = asked(opened("bank", 100), nominee("alice", 80), nominee("bob", 60))
    ends = "economic_owner", "shares", "shares_low", "shares_high"
    assert columns(answer.rows, *ends) == [
        ("alice", "40", "40", "80"), ("bob", "20", "20", "60"), (None, "40", "0", "40"),
    ]  # fmt: skip
    assert any("together on 140 acme/common of bank, who holds 100" in n for n in answer.notes)


def test_of_a_usufruct_one_has_the_capital_and_another_the_income() -> None:
    rows = asked(opened("bank", 60), nominee("bob", 20, "usufruct"), nominee("carol", 30, "pledge"))
    found = columns(rows.rows, "economic_owner", "shares", "benefit", "disposal_by")
    assert found == [
        ("bank", "40", "whole", None), ("bank", "20", "capital", "bank, bob"),
        ("bob", "20", "income", "bank, bob"), ("bank", "60", None, None),
    ]  # fmt: skip


def test_receipts_pass_on_what_is_deposited() -> None:
    held = on("2020-01-01", "r-alice", "register-opened", share_class=RECEIPTS, holder="alice",
              shares="41")  # fmt: skip
    trust = on("2020-01-01", "r-trust", "register-opened", share_class=RECEIPTS,
               holder="acme-trust", shares="59")  # fmt: skip
    events = receipts(), opened("bank", 60), opened("bob", 40), held, trust, settled("2019-03-01")
    rows = asked(*events).rows
    assert owned(rows) == [
        ("bank", "alice", "50"), ("bank", None, "10"), ("bob", "bob", "40"),
    ]  # fmt: skip
    assert owned(asked(*events, holder="alice").rows)[0] == ("bank", "alice", "50")
    assert [link["capacity"] for link in rows[0]["chain"]] == [f"depositary of {RECEIPTS}"]


def test_everything_obeys_the_cut() -> None:
    late = nominee("alice", 70, known_on="2023-01-01")
    type_opened, key, fields = opened("bank", 120)
    events = (type_opened, key, fields | {"known_on": "2020-01-01"}), late
    known = asked(*events, known_by="2022-12-31").rows
    assert owned(known) == [("bank", "bank", "120")]
    assert owned(asked(*events, as_of="2020-01-01").rows) == [("bank", "bank", "120")]
    assert owned(asked(*events).rows) == [("bank", "alice", "70"), ("bank", None, "50")]


def test_what_all_have_is_what_is_outstanding() -> None:
    draw = Random(7)
    for _ in range(25):
        events = _structure(draw)
        view = at(record(*events))
        register = register_at_cut(view, "acme").register
        rows = [r for r in beneficial(view, "acme").rows if r["basis"] == "register"]
        capital = [Fraction(r["shares"] or 0) for r in rows if r["benefit"] != "income"]
        assert sum(capital) == register.outstanding(COMMON), events
        assert all(share >= 0 for share in capital)


def _structure(draw: Random) -> list[Draft]:
    parties = ["alice", "bob", "carol", "bank", "acme-trust", "bolt", "acme"]
    events = [opened(p, draw.randrange(1, 99)) for p in parties if draw.random() < 0.8]
    events = events or [opened("bank", 3)]
    for number, trust in enumerate(("acme-trust", "bolt")):
        others = draw.sample([p for p in parties if p != trust], draw.randrange(1, 4))
        whole = draw.randrange(len(others), 7)
        told = [f"{o} 1/{whole}" if draw.random() < 0.8 else o for o in others]
        if draw.random() < 0.8:
            terms = settled("2019-01-01", trust=trust, beneficiaries=of(*told))
            events.append((terms[0], f"settled-{number}", terms[2]))
    kinds = ("nominee", "usufruct", "pledge", "own-shares")
    for client in draw.sample(["alice", "bob", "carol"], draw.randrange(4)):
        kind = draw.choice(kinds)
        events.append(nominee(client, draw.randrange(1, 60), kind))
    return events
