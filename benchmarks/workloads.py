"""The workloads: what happens in each made-up market, and how often.

- ``market``: nine of ten events are transfers of shares, some late, corrected or retracted;
- ``register``: the same in one register with many holders;
- ``deals``: deals, offerings, projects, meetings, agreements and boards, with few transfers;
- ``corrected``: transfers that are each corrected five times, with and without a date of knowledge.
"""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.happenings import (
    HAPPENINGS,
    MOVEMENTS,
    EventReference,
    Step,
    claim,
    deal,
    disclose,
    follow,
    fresh_id,
    govern,
    issue,
    listed,
    offer,
    taker_of,
    transfer,
)
from benchmarks.market import ISO, Event, Issuer, Market

CORRECTIONS = 5


def offering(market: Market) -> None:
    """An offering is planned, moved, and completed or called off."""
    name, issuer = {"offering": f"offering-{fresh_id(market)}"}, _one(market)
    year = int(ISO[market.day][:4])
    last: Step = (400, "offering-completed", {**name, "price": f"EUR {5 + market.below(90)}"})
    if market.random() < 0.3:
        last = (300, "offering-cancelled", {**name, "reason": "market conditions"})
    steps: list[Step] = [
        (120, "offering-rescheduled", {**name, "window": f"{year + 1}-H2"}),
        last,
    ]
    first = market.dated("offering-planned", **name, issuer=issuer, window=f"{year + 1}-H1")
    follow(market, steps, first)


def project(market: Market) -> None:
    """A project is announced, changes twice, and ends."""
    name, year = {"project": f"project-{fresh_id(market)}"}, int(ISO[market.day][:4])
    parties = sorted({_one(market), _one(market)})
    steps: list[Step] = [
        (100, "project-updated", {**name, "change": "starts later", "expected_on": str(year + 2)}),
        (400, "project-updated", {**name, "change": "grows", "expected_on": str(year + 3)}),
        (900, "project-ended", {**name, "reason": "done"}),
    ]
    first = market.dated(
        "project-announced", **name, title="A plant built together", parties=parties,
        expected_on=str(year + 1),
    )  # fmt: skip
    follow(market, steps, first)


def meeting(market: Market) -> None:
    """A general meeting is called, and held on its day."""
    meeting, company = f"meeting-{fresh_id(market)}", _one(market)
    of = {"meeting": meeting, "company": company, "body": "general meeting"}
    first = market.dated("meeting-called", **of, held_on=ISO[market.day + 40])
    follow(market, [(40, "meeting-held", {**of, "matter": "the accounts"})], first)


def agreement(market: Market) -> None:
    """An agreement with two clauses is signed, in force, amended, and ends."""
    id, issuer = fresh_id(market), _one(market)
    name, party = {"agreement": f"agreement-{id}"}, f"h{market.below(market.plan.holders):06}"
    clauses = [
        {
            "clause": f"{kind}-{id}", "kind": kind, "party": party, "issuer": issuer,
            "percent": str(5 + market.below(40)), "text": "as agreed",
        }
        for kind in ("lock-up", "standstill")
    ]  # fmt: skip
    changed = [clauses[0] | {"percent": str(5 + market.below(40))}]
    steps: list[Step] = [
        (20, "agreement-in-force", name),
        (500, "agreement-amended", {**name, "clauses": changed}),
        (1_500, "agreement-ended", {**name, "reason": "replaced"}),
    ]
    first = market.dated(
        "agreement-signed", **name, title="Shareholders' agreement", parties=[issuer, party],
        clauses=clauses,
    )  # fmt: skip
    follow(market, steps, first)


def recorrected(market: Market) -> None:
    """A transfer that is corrected five times; what it comes to can be spent after the last."""
    issuer = listed(market)
    if len(issuer.members) < 2:
        return issue(market)
    if not market.room(1 + CORRECTIONS):
        return claim(market)
    giver, shares = offer(market, issuer)
    taker = taker_of(market, issuer, giver)
    event = market.dated(
        "shares-transferred", share_class=issuer.share_class, transferor=issuer.party(giver),
        transferee=issuer.party(taker), shares=str(shares),
    )  # fmt: skip
    most = issuer.shares[giver]
    issuer.change(giver, -most)
    issuer.pending += 1
    market.record(event)
    due, known, final, then = market.emitted, market.day + 20, shares, taker
    for number in range(CORRECTIONS):
        due += 1 + market.below(market.delay)
        known += market.below(60)  # one that is known later also takes effect later
        change, final, then = _change(market, issuer, giver, most, final, then)
        how = {"event": event["key"], "because": "misread"}
        if market.random() < 0.5:
            how |= {"correction": "new-information", "known_on": ISO[known]}
        correction = market.keeping("event-corrected", **how, changes=[change])
        settles = number == CORRECTIONS - 1
        credits = ((giver, most - final), (then, final)) if settles else ()
        market.hold(correction, due, issuer, credits, settles=settles)
    market.enter(event, issuer, [(giver, -final), (then, final)])
    return None


def _change(
    market: Market, issuer: Issuer, giver: int, most: int, shares: int, taker: int
) -> tuple[Event, int, int]:
    """What corrects the shares, the taker or the price of a transfer, and what it is then."""
    drawn = market.random()
    if drawn < 0.4:
        shares = issuer.unit * (1 + market.below(most // issuer.unit))
        return {"field": "shares", "value": str(shares)}, shares, taker
    if drawn < 0.7:
        taker = taker_of(market, issuer, giver)
        return {"field": "transferee", "value": issuer.party(taker)}, shares, taker
    price = f"EUR {1 + market.below(200)}.{10 + market.below(90)}"
    return {"field": "price", "value": price}, shares, taker


def _one(market: Market) -> str:
    return market.issuers[market.below(len(market.issuers))].id


DEALS: tuple[tuple[float, EventReference], ...] = (
    (0.12, deal),
    (0.06, offering),
    (0.05, project),
    (0.10, meeting),
    (0.06, agreement),
    (0.30, govern),
    (0.10, claim),
    (0.08, disclose),
    (0.11, transfer),
    (0.02, issue),
)
CORRECTED: tuple[tuple[float, EventReference], ...] = ((0.98, recorrected), (0.02, issue))
WORKLOADS: Mapping[str, tuple[tuple[float, EventReference], ...]] = {
    "market": HAPPENINGS,
    "register": MOVEMENTS,
    "deals": DEALS,
    "corrected": CORRECTED,
}
