"""A story with an event of every type, each in a state in which it matters."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from ledger.events.envelope import Recorded
from ledger.events.registry import event_class
from ledger.time.log import Log
from tests import histories
from tests.histories import COMMON, PREFERRED, Draft


def _of(type_name: str, **fields: Any) -> tuple[str, dict[str, Any]]:
    return type_name, fields


_PACT = {"title": "Pact", "parties": ["alice", "boreal"]}
_CLAUSE = {"clause": "chair", "kind": "board-seat", "party": "alice", "text": "names the chair"}
_CEILING = {
    "clause": "ceiling", "kind": "standstill", "party": "bob", "issuer": "acme", "percent": "1",
    "text": "stays below",
}  # fmt: skip
_STAKE = {"investor": "alice", "investee": "boreal"}
_COMMON: dict[str, str] = {"share_class": COMMON}
TOLD: tuple[tuple[str, dict[str, Any]], ...] = (
    _of("register-opened", **_COMMON, holder="bob", shares="100"),
    _of("shares-issued", **_COMMON, holder="carol", shares="100"),
    _of("shares-issued", **_COMMON, holder="carol", shares="7"),
    _of("shares-transferred", **_COMMON, transferor="alice", transferee="bob", shares="10"),
    _of("shares-repurchased", **_COMMON, holder="alice", shares="100"),
    _of("shares-cancelled", **_COMMON, holder="bob", shares="50"),
    _of("instrument-granted", **_COMMON, instrument="option", kind="option", holder="alice",
        shares="60", exercise_price="EUR 2"),
    _of("instrument-exercised", **_COMMON, instrument="option", holder="alice", quantity="10",
        settled="new"),
    _of("pool-reserved", pool="plan", issuer="acme", **_COMMON, shares="500"),
    _of("instrument-granted", **_COMMON, instrument="grant", kind="option", holder="bob",
        shares="400", pool="plan", months="400", vests_while="bobs-job"),
    _of("instrument-granted", **_COMMON, instrument="bonus", kind="share-unit", holder="bob",
        vests=[{"condition": "sale", "shares": "20"}], shares="20"),
    _of("relationship-began", relationship="bobs-job", party="bob", of="acme", kind="employment"),
    _of("condition-set", condition="sale", effect="precedent", text="the plant is sold"),
    _of("instrument-vested", instrument="grant", shares="30"),
    _of("instrument-amended", instrument="grant", because="more", shares="420"),
    _of("instrument-transferred", instrument="grant", transferee="carol", shares="10",
        into="gift"),
    _of("instrument-ended", instrument="grant", reason="forfeited", quantity="50",
        returns_to_pool="yes"),
    _of("shares-restricted", restriction="founder", **_COMMON, holder="alice", shares="80"),
    _of("restriction-ended", restriction="founder", shares="20"),
    _of("relationship-ended", relationship="bobs-job"),
    _of("condition-settled", condition="sale", outcome="satisfied"),
    _of("double-votes-granted", **_COMMON, holder="bob", shares="20", lot="old"),
    _of("double-votes-granted", **_COMMON, holder="carol"),
    _of("registration-changed", **_COMMON, holder="bob", shares="10", to="bearer",
        lots=[{"lot": "old", "shares": "10"}]),
    _of("share-right-granted", right="pledge", **_COMMON, holder="alice", to="bob", kind="pledge",
        shares="20"),
    _of("shares-split", **_COMMON, ratio="2:1"),
    _of("double-votes-ended", **_COMMON, holder="carol", shares="30"),
    _of("share-right-ended", right="pledge", shares="5"),
    _of("shares-converted", share_class=PREFERRED, into_class=COMMON, holder="carol", shares="10",
        ratio="2:1"),
    _of("trust-settled", trust="acme-trust", settlors=["alice"], trustees=["carol"],
        beneficiaries=[{"party": "alice"}], voting="as-instructed"),
    _of("shares-placed-in-trust", **_COMMON, trust="acme-trust", holder="alice", shares="100"),
    _of("shares-released-from-trust", **_COMMON, trust="acme-trust", transferee="carol",
        shares="10", manner="sale"),
    _of("trust-amended", trust="acme-trust", beneficiaries=[{"party": "bob"}], voting="neutral"),
    _of("trust-ended", trust="acme-trust"),
    _of("shares-reclassified", share_class=PREFERRED, into_class=COMMON, ratio="3:1"),
    _of("shares-distributed", **_COMMON, distributed_class=COMMON, ratio="1:10", supply="new",
        fractions="down", record_on="2021-01-02"),
    _of("shares-exchanged", **_COMMON, holder="alice", cash="EUR 5", old_shares="carol",
        excluded=[{"holder": "alice", "shares": "1500", "because": "other"}]),
    _of("voting-rights-suspended", issuer="acme", holder="alice", reason="circular"),
    _of("voting-rights-suspended", issuer="acme", holder="carol", reason="circular"),
    _of("voting-rights-restored", issuer="acme", holder="carol"),
    _of("voting-cap-agreed", issuer="acme", holder="bob", percent="5"),
    _of("voting-cap-agreed", issuer="acme", holder="carol", percent="5"),
    _of("voting-cap-lifted", issuer="acme", holder="carol"),
    _of("stake-disclosed", issuer="acme", holder="bob", percent="12.5", percent_of="votes"),
    _of("stake-disclosed", issuer="boreal", holder="bob", percent="20", percent_of="issued"),
    _of("balance-asserted", **_COMMON, total="issued", shares="1"),
    _of("board-seat-granted", company="boreal", party="alice", seats="3"),
    _of("board-seat-withdrawn", company="boreal", party="alice", seats="1"),
    _of("director-appointed", company="boreal", person="bob", nominated_by="alice"),
    _of("director-appointed", company="boreal", person="carol", nominated_by="alice"),
    _of("director-left", company="boreal", person="carol"),
    _of("officer-appointed", company="boreal", person="bob", role="chair"),
    _of("officer-appointed", company="boreal", person="carol", role="secretary"),
    _of("officer-left", company="boreal", person="carol", role="secretary"),
    _of("meeting-called", meeting="agm", company="boreal", body="general meeting",
        held_on="2021-06-30", record_on="2021-06-28",
        agenda=[{"resolution": "agm-1", "title": "the merger", "majority": "2/3"}]),
    _of("meeting-held", company="boreal", body="board", matter="the merger"),
    _of("resolution-voted", resolution="agm-1", company="boreal", title="the merger",
        meeting="agm", votes_for="80", votes_against="20", outcome="passed"),
    _of("votes-cast", company="boreal", resolution="agm-1", holder="alice", votes="30",
        choice="for"),
    _of("agreement-signed", agreement="pact", deal="merger", **_PACT),
    _of("agreement-in-force", agreement="pact"),
    _of("agreement-amended", agreement="pact", clauses=[_CLAUSE, _CEILING]),
    _of("agreement-signed", agreement="old", **_PACT, clauses=[_CEILING]),
    _of("agreement-ended", agreement="old"),
    _of("negotiation-opened", deal="merger", parties=["alice", "bob"], about="a merger"),
    _of("topic-tabled", deal="merger", topic="the ratio"),
    _of("statement-made", deal="merger", speaker="alice", statement="talks go on"),
    _of("terms-agreed", deal="fourth", parties=["alice", "bob"], terms="shares for shares"),
    _of("approval-granted", deal="merger", by="alice", matter="the merger"),
    _of("negotiation-opened", deal="third", parties=["alice", "bob"], about="a third"),
    _of("deal-completed", deal="third"),
    _of("negotiation-opened", deal="other", parties=["alice", "bob"], about="another"),
    _of("deal-abandoned", deal="other"),
    _of("deal-considered", deal="venture", parties=["alice", "bob"], about="a venture"),
    _of("approval-refused", deal="venture", by="alice", matter="the venture"),
    _of("notice-given", deal="venture", kind="termination", by="bob"),
    _of("proceeding-opened", proceeding="suit", body="carol", kind="suit", deal="venture"),
    _of("proceeding-advanced", proceeding="suit", step="stayed", until="2026-02-28"),
    _of("proceeding-opened", proceeding="review", body="carol", kind="merger-review"),
    _of("proceeding-decided", proceeding="review", outcome="cleared"),
    _of("milestone-expected", deal="merger", milestone="signing", title="signed",
        expected_on="2020-Q4"),
    _of("milestone-expected", deal="merger", milestone="closing", title="closed",
        expected_on="2020-Q4"),
    _of("milestone-met", deal="merger", milestone="closing"),
    _of("project-considered", project="attic", title="an attic", parties=["alice", "bob"]),
    _of("project-announced", project="lab", title="a laboratory", parties=["alice", "bob"]),
    _of("project-updated", project="lab", change="later", expected_on="2026"),
    _of("project-announced", project="hall", title="a hall", parties=["alice", "bob"]),
    _of("project-ended", project="hall"),
    _of("investment-considered", investment="idea", **_STAKE),
    _of("investment-planned", investment="plan", **_STAKE),
    _of("investment-committed", investment="stake", **_STAKE, amount="EUR 600"),
    _of("investment-confirmed", investment="stake", amount="EUR 700"),
    _of("investment-paid", investment="stake", amount="EUR 200"),
    _of("investment-committed", investment="gone", **_STAKE, amount="EUR 5"),
    _of("investment-released", investment="gone"),
    _of("offering-considered", offering="perhaps", issuer="boreal", window="2020-H2"),
    _of("offering-planned", offering="ipo", issuer="boreal", window="2021"),
    _of("offering-rescheduled", offering="ipo", window="2022-H2"),
    _of("offering-planned", offering="off", issuer="boreal", window="2021"),
    _of("offering-cancelled", offering="off"),
    _of("offering-planned", offering="done", issuer="boreal", window="2021"),
    _of("offering-completed", offering="done"),
    _of("offer-made", offer="bid", offeror="boreal", **_COMMON, kind="tender", price="EUR 10",
        at_most="100", scaling="all-tenders", closes_on="2026-02-28"),
    _of("offer-amended", offer="bid", price="EUR 11", at_most="120"),
    _of("offer-accepted", offer="bid", holder="alice", shares="90"),
    _of("offer-accepted", offer="bid", holder="bob", shares="60"),
    _of("offer-made", offer="lapsing", offeror="boreal", **_COMMON, kind="tender"),
    _of("offer-closed", offer="lapsing", result="lapsed"),
    _of("transfer-lodged", transfer="deed", **_COMMON, transferor="alice", transferee="bob",
        shares="10"),
    _of("transfer-lodged", transfer="refused", **_COMMON, transferor="alice", transferee="bob",
        shares="5"),
    _of("transfer-settled", transfer="refused", outcome="refused"),
    _of("certificate-recorded", certificate="12", **_COMMON, holder="alice", shares="100",
        status="issued"),
    _of("dividend-declared", **_COMMON, per_share="EUR 1", payable_on="2026-02-28"),
    _of("dividend-declared", **_COMMON, per_share="EUR 2"),
    _of("dividend-paid", **_COMMON, per_share="EUR 2"),
    _of("share-class-amended", **_COMMON, votes_per_share="1/10"),
    _of("shares-paid-up", **_COMMON, per_share="EUR 1"),
    _of("call-made", **_COMMON, per_share="EUR 2", due_on="2021-12-31"),
    _of("capital-authorised", issuer="acme", limit="total", **_COMMON, shares="50"),
    _of("listing-changed", **_COMMON, venue="Paris", status="listed"),
    _of("claim-recorded", subject="boreal", attribute="headcount", value="100"),
    _of("note-added", subject="boreal", text="a remark"),
    _of("event-type-declared", name="local-visited", title="visited",
        wording="{subject} is visited by {visitor}",
        fields=[{"field": "visitor", "takes": "party"}]),
    _of("declared-event-recorded", declared="local-visited", subject="acme",
        values=[{"field": "visitor", "value": "alice"}]),
    _of("party-renamed", party="boreal", name="Boreal AG"),
    _of("party-details-changed", party="acme", jurisdiction="fr", effective_on="2019-12-31"),
    _of("party-details-changed", party="boreal", address="1 Pole Street",
        address_kind="registered-office", aliases=["Boreal Group"]),
    _of("relationship-began", relationship="boreal-in-acme", party="boreal", of="acme",
        kind="influence", percent="10"),
    _of("relationship-began", relationship="carol-at-acme", party="carol", of="acme",
        kind="employment"),
    _of("relationship-ended", relationship="carol-at-acme"),
    _of("party-registered", party="alicia", kind="person", name="Alicia"),
    _of("parties-identified", party="alice", same_as="alicia", because="one person"),
    _of("party-status-changed", party="boreal", status="in-liquidation"),
    _of("party-ended", party="boreal"),
    _of("source-corrected", source="filing", published_on="2020-03-01", because="misread"),
    _of("source-retracted", source="leak", because="withdrawn"),
    _of("event-corrected", event="event-1", changes=[{"field": "shares", "value": "120"}],
        because="misread"),
    _of("event-retracted", event="event-2", because="recorded twice"),
    _of("event-corroborated", event="event-0", citations=[{"source": "article"}]),
    _of("action-withdrawn", event="called-off", because="nobody wants it"),
    _of("project-considered", key="called-off", project="shed", title="a shed",
        parties=["alice", "bob"]),
    _of("signing-key-rotated", **event_class("signing-key-rotated").example),
)  # fmt: skip


def story() -> Iterator[Draft]:
    """The events of the world and those told here, a day apart."""
    yield from histories.WORLD
    for number, (name, fields) in enumerate(TOLD):
        dated = {"effective_on": f"2021-{1 + number // 28:02}-{1 + number % 28:02}"}
        dated |= {"standing": "official"}
        timeless = event_class(name).model_fields["effective_on"].default is None
        told = {field: value for field, value in fields.items() if field != "key"}
        yield name, fields.get("key", f"event-{number}"), ({} if timeless else dated) | told


@cache
def events() -> tuple[Recorded, ...]:
    """The story as it is recorded, by no rules."""
    told = Log()
    for draft in story():
        event = histories.made(draft, told)
        assert event is not None, draft
        told.add(event)
    return tuple(told.mentioning(f"position:{n}")[0] for n in range(1, told.position + 1))


@cache
def log(without: str = "") -> Log:
    """The story, without the events of a type."""
    return Log([event for event in events() if event.type != without])
