"""What happens in the made-up market, and how often."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from benchmarks.market import ISO, SPLITS, TREASURY, TRUST, Event, Issuer, Market

EventReference = Callable[[Market], None]
Step = tuple[int, str, Event]  # how many days after the first step, of which type, its fields
DELAYED, AMENDED = 0.10, 0.012  # of the transfers


def transfer(market: Market) -> None:
    """Shares pass from one holder to another; some are recorded late, some amended later."""
    issuer = listed(market)
    if issuer.splitting and not issuer.pending:
        return _split(market, issuer)
    if not issuer.members:
        return issue(market)
    giver, shares = offer(market, issuer)
    taker = taker_of(market, issuer, giver)
    event = market.dated(
        "shares-transferred", share_class=issuer.share_class, transferor=issuer.party(giver),
        transferee=issuer.party(taker), shares=str(shares),
        price=f"EUR {1 + market.below(200)}.{10 + market.below(90)}",
    )  # fmt: skip
    _cite_bulletin(market, event)
    drawn = market.random()
    if not issuer.splitting and drawn < AMENDED and market.room(2):
        return _amended(market, issuer, event, giver, taker, shares)
    issuer.change(giver, -shares)
    market.enter(event, issuer, [(giver, -shares), (taker, shares)])
    if not issuer.splitting and drawn < AMENDED + DELAYED:
        issuer.pending += 1
        due = market.emitted + 1 + market.below(market.delay)
        return market.hold(event, due, issuer, ((taker, shares),), settles=True)
    issuer.change(taker, shares)
    return market.record(event)


def issue(market: Market) -> None:
    """New shares come into being."""
    issuer = listed(market)
    holder = taker_of(market, issuer, TREASURY)
    shares = issuer.unit * (100 + market.below(5_000))
    event = market.dated(
        "shares-issued", share_class=issuer.share_class, holder=issuer.party(holder),
        shares=str(shares),
    )  # fmt: skip
    _move(market, issuer, event, [(holder, shares)])


def repurchase(market: Market) -> None:
    """An issuer buys shares back."""
    issuer = listed(market)
    if issuer.members:
        holder, shares = offer(market, issuer)
        event = market.dated(
            "shares-repurchased", share_class=issuer.share_class, holder=issuer.party(holder),
            shares=str(shares),
        )  # fmt: skip
        _move(market, issuer, event, [(holder, -shares), (TREASURY, shares)])


def cancel(market: Market) -> None:
    """Treasury shares cease to exist, some or all of them."""
    issuer = listed(market)
    there = issuer.shares.get(TREASURY, 0) // issuer.unit
    if there:
        shares = issuer.unit * (1 + market.below(there))
        event = market.dated("shares-cancelled", share_class=issuer.share_class, shares=str(shares))
        _move(market, issuer, event, [(TREASURY, -shares)])


def decide_split(market: Market) -> None:
    """An issuer decides on a split or consolidation that leaves whole units."""
    issuer = listed(market)
    fitting = [r for r in SPLITS if issuer.unit % r[1] == 0 and issuer.unit * r[0] < 10**6]
    issuer.splitting = issuer.splitting or fitting[market.below(len(fitting))]


def _split(market: Market, issuer: Issuer) -> None:
    new, old = issuer.splitting or (1, 1)
    event = market.dated("shares-split", share_class=issuer.share_class, ratio=f"{new}:{old}")
    changes = [(a, s * new // old - s) for a, s in sorted(issuer.shares.items())]
    market.record(event)
    market.enter(event, issuer, changes)
    for account, shares in changes:
        issuer.change(account, shares)
    issuer.unit, issuer.splitting = issuer.unit * new // old, None
    issuer.issued = issuer.issued * new // old


def entrust(market: Market) -> None:
    """Shares go into an issuer's trust, which is settled first, or come out of it."""
    issuer = listed(market)
    trust, there = issuer.party(TRUST), issuer.shares.get(TRUST, 0) // issuer.unit
    if not issuer.members:
        return
    if there and market.random() < 0.4:
        shares, holder = issuer.unit * (1 + market.below(there)), taker_of(market, issuer, TRUST)
        event = market.dated(
            "shares-released-from-trust", trust=trust, share_class=issuer.share_class,
            transferee=issuer.party(holder), shares=str(shares), manner="sale",
        )  # fmt: skip
        _move(market, issuer, event, [(TRUST, -shares), (holder, shares)])
        return
    holder, shares = offer(market, issuer)
    if not issuer.trusted and market.room(3):
        issuer.trusted = True
        name = f"Trust of {issuer.id}"
        settlor = issuer.party(holder)
        market.record(market.keeping("party-registered", party=trust, kind="trust", name=name))
        market.record(
            market.dated(
                "trust-settled", trust=trust, settlor=settlor, trustee=issuer.party(0),
                beneficiary=settlor, voting="neutral",
            )
        )  # fmt: skip
    if issuer.trusted:
        event = market.dated(
            "shares-placed-in-trust", trust=trust, share_class=issuer.share_class,
            holder=issuer.party(holder), shares=str(shares),
        )  # fmt: skip
        _move(market, issuer, event, [(holder, -shares), (TRUST, shares)])


def disclose(market: Market) -> None:
    """A filing states a stake: of a register, nearly always rightly, or where there is none."""
    _file(market)
    percent = {"percent": f"{1 + market.below(40)}.{market.below(10)}", "percent_of": "issued"}
    issuer = market.issuers[market.below(len(market.issuers))]
    holder, stake = market.below(market.plan.holders), percent
    if market.unlisted and market.random() < 0.3:
        issuer = market.issuers[-1 - market.below(market.unlisted)]
    elif issuer.members:
        holder = issuer.members[market.below(len(issuer.members))]
        stake = {"shares": str(issuer.shares[holder])}
        stake |= {"share_class": issuer.share_class} if market.random() < 0.5 else {}
    event = market.dated(
        "stake-disclosed", issuer=issuer.id, holder=issuer.party(holder), **stake,
        citations=[{"source": market.indexer, "locator": f"p. {1 + market.below(40)}"}],
    )  # fmt: skip
    del event["known_on"]
    event["standing"] = "official" if market.random() < 0.8 else "reported"
    market.record(event)
    if market.random() < 0.02 and market.bulletins and market.room(1):
        cited = [{"source": market.bulletin}]
        market.record(market.keeping("event-corroborated", event=event["key"], citations=cited))


def amend_source(market: Market) -> None:
    """A filing or a bulletin turns out to be dated otherwise, or a filing is withdrawn."""
    if market.indexer and market.random() < 0.3:
        source, market.indexer = market.indexer, ""
        market.record(market.keeping("source-retracted", source=source, because="withdrawn"))
    elif market.bulletins:
        source = market.bulletins[-1 - market.below(min(3, len(market.bulletins)))]
        day = ISO[market.day + market.below(20)]
        market.record(
            market.keeping(
                "source-corrected", source=source, published_on=day, because="dated wrongly"
            )
        )


def govern(market: Market) -> None:
    """Rights to seats, nominees in them, other directors, officers."""
    issuer = market.issuers[market.below(len(market.issuers))]
    person = 10 * market.below(market.plan.holders // 10 or 1)
    company, drawn = {"company": issuer.id}, market.random()
    if drawn < 0.3:
        if issuer.officer is None:
            issuer.officer, type = person, "officer-appointed"
        else:
            person, issuer.officer, type = issuer.officer, None, "officer-left"
        event = market.dated(type, **company, person=issuer.party(person), role="chief executive")
    elif issuer.seat is None:
        issuer.seat = market.below(market.plan.holders)
        event = market.dated("board-seat-granted", **company, party=issuer.party(issuer.seat))
    elif issuer.nominee is None and drawn < 0.8:
        issuer.nominee = person
        by = issuer.party(issuer.seat)
        event = market.dated(
            "director-appointed", **company, person=issuer.party(person), nominated_by=by
        )
    elif issuer.nominee is None:
        event = market.dated("board-seat-withdrawn", **company, party=issuer.party(issuer.seat))
        issuer.seat = None
    else:
        event = market.dated("director-left", **company, person=issuer.party(issuer.nominee))
        issuer.nominee = None
    market.record(event)


def deal(market: Market) -> None:
    """A deal begins; its further steps come on their days."""
    id = fresh_id(market)
    one = market.issuers[market.below(len(market.issuers))].id
    other = f"h{market.below(market.plan.holders):06}"
    parties, name = [other, one], {"deal": f"deal-{id}"}
    amount = f"EUR {1 + market.below(900)}000000"
    steps: list[Step] = [
        (30, "terms-agreed", {**name, "parties": parties, "terms": "a minority stake"}),
        (60, "agreement-signed", {
            **name, "agreement": f"agreement-{id}", "title": "Investment agreement",
            "parties": parties,
        }),
        (60, "investment-committed", {
            **name, "investment": f"investment-{id}", "investor": other, "investee": one,
            "amount": amount,
        }),
        (90, "agreement-in-force", {**name, "agreement": f"agreement-{id}"}),
        (120, "investment-paid", {**name, "investment": f"investment-{id}", "amount": amount}),
        (130, "deal-completed", name),
    ]  # fmt: skip
    if market.random() < 0.3:
        steps = [*steps[:1], (45, "deal-abandoned", name)]
    opened = "negotiation-opened"
    follow(market, steps, market.dated(opened, **name, parties=parties, about="a minority stake"))


def fresh_id(market: Market) -> str:
    """An id that no other looks like a misspelling of."""
    market.number += 1
    return f"{market.number * 2654435761 & 0xFFFFFFFF:08x}"


def follow(market: Market, steps: Iterable[Step], first: Event) -> None:
    """Record the first step of a thread now, and each of the others on its day."""
    market.record(first)
    today = market.day
    for after, type, fields in steps:
        if today + after < len(ISO) - 40:
            market.day = today + after
            event = market.dated(type, **fields)
            market.agenda.append((market.day, market.number, event))
    market.day = today
    market.agenda.sort(key=lambda item: item[:2])


def claim(market: Market) -> None:
    """A source says something of an issuer."""
    issuer = market.issuers[market.below(len(market.issuers))]
    event = market.dated(
        "claim-recorded", subject=issuer.id, attribute="headcount",
        value=str(100 + market.below(99_900)),
    )  # fmt: skip
    event["standing"] = ("reported", "unnamed")[market.below(2)]
    market.record(event)


def _amended(
    market: Market, issuer: Issuer, event: Event, giver: int, taker: int, shares: int
) -> None:
    """A transfer that is corrected or retracted later: it stands as amended in the end."""
    issuer.pending += 1
    change, day = {}, market.day
    final, paid, sure, then = shares, shares, 0, taker
    drawn = market.random()
    if drawn < 0.4:
        most = issuer.shares[giver] // issuer.unit
        final = issuer.unit * (1 + market.below(most))
        paid, sure = max(shares, final), min(shares, final)
        change = {"field": "shares", "value": str(final)}
    elif drawn < 0.6:
        then = taker_of(market, issuer, giver)
        change = {"field": "transferee", "value": issuer.party(then)}
    elif drawn < 0.8:
        day += 1 + market.below(3)
        change = {"field": "effective_on", "value": ISO[day]}
    else:
        final = 0
    issuer.change(giver, -paid)
    if final:
        market.enter(event, issuer, [(giver, -final), (then, final)], day)
    recorded = market.emitted + market.below(market.delay)
    first = ((taker, sure),) if sure else ()
    market.hold(event, recorded, issuer, first, settles=False)
    how = {"event": event["key"], "because": "misread"}
    if market.random() < 0.4:
        known = ISO[market.day + 20 + market.below(60)]
        how |= {"correction": "new-information", "known_on": known}
    amendment = (
        market.keeping("event-corrected", **how, changes=[change])
        if final
        else market.keeping("event-retracted", **how)
    )
    due = recorded + 1 + market.below(market.delay)
    credits = ((giver, paid - final), (then, final - sure))
    market.hold(amendment, due, issuer, credits, settles=True, day=day)


def _move(market: Market, issuer: Issuer, event: Event, changes: list[tuple[int, int]]) -> None:
    market.record(event)
    market.enter(event, issuer, changes)
    for account, shares in changes:
        issuer.change(account, shares)


def listed(market: Market) -> Issuer:
    return market.issuers[market.below(len(market.issuers) - market.unlisted)]


def offer(market: Market, issuer: Issuer) -> tuple[int, int]:
    """A holder that can spend shares, and how many of them are offered: mostly few."""
    holder = issuer.members[market.below(len(issuer.members))]
    lots = issuer.shares[holder] // issuer.unit
    part = 1.0 if market.random() < 0.02 else market.cubed() / 4
    return holder, issuer.unit * max(1, int(lots * part))


def taker_of(market: Market, issuer: Issuer, giver: int) -> int:
    """Another holder: mostly one with shares, until there are many holders mostly a new one."""
    wanted = 0.5 if len(issuer.members) < market.target else 0.02
    while True:
        taker = market.below(market.plan.holders)
        if len(issuer.members) > 1 and market.random() > wanted:
            taker = issuer.members[market.below(len(issuer.members))]
        if taker != giver:
            return taker


def _cite_bulletin(market: Market, event: Event) -> None:
    """Every tenth transfer is known from a monthly bulletin, registered in the month."""
    if market.random() >= 0.1 or not market.room(3):
        return
    month = ISO[market.day][:7]
    if market.bulletin != f"bulletin-{month}":
        market.bulletin = f"bulletin-{month}"
        market.bulletins.append(market.bulletin)
        _register(market, market.bulletin, "Monthly bulletin", "register", market.day + 31)
    event["citations"] = [{"source": market.bulletin, "locator": f"line {market.below(9999)}"}]
    del event["known_on"]


def _file(market: Market) -> None:
    """A new filing from time to time."""
    if (not market.indexer or market.random() < 0.2) and market.room(2):
        market.number += 1
        market.indexer = f"filing-{market.number:09}"
        published = market.day + market.below(6)
        _register(market, market.indexer, "Notification of holdings", "filing", published)


def _register(market: Market, source: str, title: str, kind: str, day: int) -> None:
    market.record(
        market.keeping(
            "source-registered", source=source, title=title, kind=kind,
            publisher="Registrar", published_on=ISO[day],
        )
    )  # fmt: skip


MOVEMENTS: tuple[tuple[float, EventReference], ...] = (
    (0.965, transfer),
    (0.015, issue),
    (0.012, repurchase),
    (0.008, cancel),
    (0.00001, decide_split),
)
HAPPENINGS: tuple[tuple[float, EventReference], ...] = (
    (0.900, transfer),
    (0.012, issue),
    (0.012, repurchase),
    (0.008, cancel),
    (0.0012, decide_split),
    (0.010, entrust),
    (0.028, disclose),
    (0.0003, amend_source),
    (0.014, govern),
    (0.002, deal),
    (0.006, claim),
)
