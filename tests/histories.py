"""Random histories: every event drawn is offered to the rules, and kept when they accept it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from random import Random
from typing import Any

from hypothesis import strategies as st

from ledger.events.base import RecordKeeping
from ledger.events.envelope import Recorded
from ledger.events.registry import event_class
from ledger.events.validation import make_event
from ledger.rules import problems
from ledger.storage.head import Peek
from ledger.time.log import Log
from ledger.time.view import Cut
from ledger.transparency.merkle import Frontier, leaf_hash
from ledger.values.refusals import Refused

DAY = "2026-01-01"
DATES = (
    "2020-01-01", "2020-03-15", "2020-06", "2020-Q4", "2020-12-31", "2021-01-01", "2021-H1",
    "2021", "2021-06-30", "2022-02-28", "2022", "2026-01", "2026", "unknown", "unknown",
    "../2021-03", "2020-06/2021-03", "2021-06-30/..",
)  # fmt: skip
_TOLD = tuple(day for day in DATES if not day.endswith(".."))
_KNOWN = tuple(day for day in _TOLD if day != "unknown")
CUTS = (
    "2019-12-31", "2020-01-01", "2020-06-15", "2020-06-30", "2020-12-31", "2021-03-31",
    "2021-12-31", "2022-06-30", "2026-01-20", "2026-06-30", "9999-12-31",
)  # fmt: skip
HOLDERS = ("alice", "bob", "carol", "acme", "acme-trust")
CLASSES = COMMON, PREFERRED = "acme/common", "acme/preferred"
ELSEWHERE = "boreal/common"
SOURCES = ("filing", "article", "leak", "undated")
STANDINGS = ("official", "official", "official", "reported", "unnamed")

Draft = tuple[str, str, dict[str, Any]]
Bodies = Mapping[str, Mapping[str, Any]]


class EventList:
    """A log of events in memory, as the read model reads one."""

    def __init__(self, events: Sequence[Recorded], tree: Frontier | None = None) -> None:
        self._events, self._tree = events, tree or Frontier()
        self._tree.extend([leaf_hash(event.state("test")) for event in events])

    def peek(self) -> Peek:
        return Peek("test", self._tree.size, self._tree.peaks())

    def events_after(self, position: int) -> Sequence[Recorded]:
        return [event for event in self._events if event.position > position]

    def refuse_parted(self, indexed: Peek, seen: Peek) -> None:
        """It is indexed anew."""


WORLD: tuple[Draft, ...] = (
    *(
        ("party-registered", f"party-{p}", {"party": p, "kind": "other", "name": p.title()})
        for p in (*HOLDERS, "boreal")
    ),
    *(
        (
            "share-class-created",
            f"class-{c[5:]}",
            {"share_class": c, "votes_per_share": "2", **digits},
        )
        for c, digits in ((COMMON, {}), (PREFERRED, {"fraction_digits": "1"}))
    ),
    *(
        (
            "source-registered",
            f"source-{name}",
            {"source": name, "title": name, "kind": "press", "publisher": "P", "published_on": day},
        )
        for name, day in zip(SOURCES, ("2020-02-01", "2020-Q4", "2021-05", "unknown"), strict=True)
    ),
    *(
        (
            "shares-issued",
            f"issue-{number}",
            {
                "share_class": share_class, "holder": holder, "shares": shares,
                "effective_on": "2020-01-01", "standing": "official",
            },
        )
        for number, (share_class, holder, shares) in enumerate(
            (
                ("acme/common", "alice", "1000"),
                ("acme/common", "bob", "600"),
                ("acme/preferred", "carol", "60"),
            )
        )
    ),
)  # fmt: skip


def _one(**fields: Any) -> dict[str, Any]:
    """What an event says, field by field: of a tuple any one, and nothing where that is None;
    ``together`` has fields that are said with one another."""
    return fields


_holder, _class = HOLDERS, CLASSES
_shares = ("1", "6", "10", "60", "100")
_percent = ("5", "12.5", "15", "50")
_COMMON = {"share_class": _class, "holder": _holder, "shares": _shares}
_parts = (*_shares, "2.5")  # of the preferred shares alone
_MOVED = {**_COMMON, "shares": _parts}
_DEAL = {"deal": "merger"}
_STAKE = {"investment": "stake", "investor": "alice", "investee": "boreal"}
_PACT = {"agreement": "pact"}
_CLAUSES = tuple(
    [clause]
    for clause in (
        {"clause": "floor", "kind": "lock-up", "party": "alice", "issuer": "acme", "percent": "15",
         "text": "keeps at least 15%"},
        {"clause": "chair", "kind": "board-seat", "party": "bob", "text": "names the chair"},
        {"clause": "ceiling", "kind": "standstill", "party": "bob", "issuer": "acme",
         "percent": "50", "text": "stays below half"},
    )
)  # fmt: skip
_FRACTIONS = (
    {},
    *({"fractions": way} for way in ("refuse", "down", "up", "nearest", "cash", "issue")),
    *({"fractions": "to-party", "fractions_to": to} for to in ("alice", "acme")),
)
_PER_SHARE = ("EUR 1", "EUR 2")

SHARES: Bodies = {
    "register-opened": _one(**_MOVED),
    "shares-issued": _one(**_MOVED, paid_per_share=(None, None, None, "EUR 1")),
    "shares-paid-up": _one(share_class=_class, per_share=("EUR 2", "EUR 3"), holder=(None, "bob")),
    "call-made": _one(share_class=_class, per_share="EUR 3", due_on="2021-06-30"),
    "shares-transferred": _one(
        share_class=_class, transferor=_holder, transferee=_holder, shares=_parts,
        ground=(None, None, "gift", "inheritance"),
        multiple_votes_kept=(None, None, None, "yes", "no"),
        lots=(None, None, None, [{"lot": "old", "shares": "1"}]),
    ),
    "shares-repurchased": _one(**_MOVED, then=(None, None, "cancelled")),
    "shares-cancelled": _one(share_class=_class, shares=_parts, holder=(None, *HOLDERS)),
    "shares-split": _one(
        share_class=_class, ratio=("2:1", "1:2", "3:1", "2:7"), together=_FRACTIONS
    ),
    "shares-converted": _one(
        share_class="acme/preferred", into_class="acme/common", ratio=("2:1", "2:1", "2:7"),
        together=(
            *({"holder": holder, "shares": shares} for holder in HOLDERS for shares in _parts),
            *_FRACTIONS,
        ),
        supply=(None, None, "new", "treasury", "bob"),
    ),
    "shares-reclassified": _one(
        share_class="acme/preferred", into_class="acme/common", ratio=("1:1", "1:1", "3:7"),
        together=_FRACTIONS,
    ),
    "shares-distributed": _one(
        share_class=_class, distributed_class=_class, ratio=("1:10", "2:7"),
        supply=("new", "new", "treasury", "alice"), treasury=("excluded", "included"),
        record_on=(None, None, "2020-06-30", "2021-03"),
        fractions=("down", "up", "nearest", "issue"),
    ),
    "shares-exchanged": _one(
        share_class=_class, into_class=_class, ratio=("1:2", "2:1"), holder=(None, *HOLDERS),
        old_shares=("cancelled", "cancelled", "bob"), fractions=("down", "nearest", "issue"),
        excluded=(None, [{"holder": "alice", "shares": "6", "because": "other"}]),
    ),
    "shares-placed-in-trust": _one(
        trust="acme-trust", share_class=(COMMON, *CLASSES), holder=("alice", *HOLDERS),
        shares=_parts,
    ),
    "shares-released-from-trust": _one(
        trust="acme-trust", share_class=(COMMON, *CLASSES), transferee=_holder,
        shares=("1", *_parts), manner="sale",
    ),
    "stake-disclosed": _one(
        issuer=("acme", "boreal"), holder=_holder, percent=_percent,
        percent_of=("issued", "votes", "unstated"),
    ),
    "balance-asserted": _one(share_class=_class, total="issued", shares=_parts),
}  # fmt: skip
VOTES: Bodies = {
    "share-class-amended": _one(
        share_class=_class, votes_per_share=("1", "1/10", "3"), vote_fractions=(None, "dropped"),
        lot_order=(None, "oldest", "most-votes"), unit=(None, None, None, "10"),
    ),
    "trust-settled": _one(
        trust="acme-trust", settlors=["alice"], trustees=["carol"],
        beneficiaries=[{"party": "alice"}], voting="neutral"
    ),
    "trust-amended": _one(trust="acme-trust", voting="as-instructed"),
    "trust-ended": _one(trust="acme-trust"),
    "double-votes-granted": _one(
        share_class=_class, holder=_holder, shares=(None, *_shares), factor=(None, None, "3"),
        lot=(None, "old"),
    ),
    "double-votes-ended": _one(
        share_class=_class, holder=_holder, shares=(None, "6"), lot=(None, "old")
    ),
    "voting-rights-suspended": _one(
        issuer="acme", holder=_holder, reason="circular", shares=(None, *_shares),
        suspension=(None, "late", "court"), share_class=(None, *_class),
        same_shares_as=(None, None, "late"), reach=(None, None, "instructed"),
        until=(None, None, None, "2021-12-31", "2021"), follows=(None, None, "shares"),
    ),
    "voting-rights-restored": _one(issuer="acme", holder=_holder, suspension=(None, "late")),
    "voting-cap-agreed": _one(
        issuer="acme", percent=_percent, cap=(None, "pact"),
        together=({"every": "yes"}, *({"holder": holder} for holder in HOLDERS)),
        base=(None, None, "held-votes", "gross-votes", "issued", "cast"),
        reach=(None, None, "own"), members=(None, None, ["bob", "carol"]),
        until=(None, None, None, "2021-12-31", "2021"),
    ),
    "voting-cap-lifted": _one(
        issuer="acme", cap=(None, "pact"),
        together=({"every": "yes"}, *({"holder": holder} for holder in HOLDERS)),
    ),
}  # fmt: skip
OFFERS: Bodies = {
    "offer-made": _one(
        offer="bid", offeror="boreal", share_class=_class, kind=("tender", "pre-emption"),
        at_most=("100", "25%"), closes_on=(None, *_KNOWN),
        scaling=("all-tenders", "entitlement-first", None), record_on=(None, "2020-06-30"),
    ),
    "offer-amended": _one(offer="bid", at_most="60", closes_on="2026"),
    "offer-accepted": _one(offer="bid", holder=_holder, shares=("0", *_shares)),
    "offer-closed": _one(offer="bid", result=("successful", "lapsed"), taken=("60", None)),
    "share-right-granted": _one(
        right=("pledge", "life"), share_class=_class, holder=_holder, to="boreal",
        kind=("pledge", "usufruct", "nominee"), shares=(None, *_shares),
    ),
    "share-right-ended": _one(right=("pledge", "life"), shares=(None, "6")),
    "transfer-lodged": _one(
        transfer="deed", share_class=_class, transferor="alice", transferee="bob", shares=_shares
    ),
    "transfer-settled": _one(transfer="deed", outcome=("registered", "refused")),
    "registration-changed": _one(**_COMMON, to=("bearer", "registered")),
    "certificate-recorded": _one(certificate=("1", "2"), **_COMMON, status=("issued", "lost")),
}  # fmt: skip
_OPTION = {"instrument": ("option", "option", "warrant")}
OPTIONS: Bodies = {
    "pool-reserved": _one(
        pool="plan", issuer="acme", share_class=_class, shares=("60", "100", "600")
    ),
    "instrument-granted": _one(
        **_OPTION, kind=("option", "warrant", "call", "put"), holder=_holder, share_class=_class,
        shares=("60", "100"), pool=(None, "plan"), months=(None, None, "12"),
        exercise_price=(None, "EUR 3"), expires_on=(None, None, "2022"),
        vests_while=(None, "job"), vests=(None, None, [{"condition": "sale", "shares": "10"}]),
    ),
    "instrument-amended": _one(**_OPTION, because="more", shares=(None, "100")),
    "instrument-vested": _one(**_OPTION, shares=_shares),
    "instrument-transferred": _one(**_OPTION, transferee=_holder),
    "instrument-exercised": _one(
        **_OPTION, share_class=_class, holder=_holder, quantity=_shares, early=(None, "yes"),
        settled=("new", "new", "treasury", "transfer", "cash"),
        counterparty=(None, None, *_holder), delivers=(None, None, "holder"),
    ),
    "instrument-ended": _one(
        **_OPTION, reason="lapsed", quantity=(None, *_shares), returns_to_pool=(None, "yes")
    ),
    "shares-restricted": _one(**_COMMON, restriction="founder", months=(None, "12")),
    "restriction-ended": _one(restriction="founder", shares=(None, "6")),
    "relationship-began": _one(
        relationship="job", party="alice", of="acme", kind="employment"
    ),
    "relationship-ended": _one(relationship="job"),
    "condition-set": _one(
        condition="sale", effect=("precedent", "subsequent"), text="the plant is sold",
        met_by=(None, None, "officer-appointed boreal chair", "milestone-met signing"),
        deal=(None, "merger"),
    ),
    "condition-settled": _one(condition="sale", outcome=("satisfied", "failed", "reopened")),
}  # fmt: skip
GOVERNANCE: Bodies = {
    "board-seat-granted": _one(
        company="boreal", party=_holder, seats=("1", "2"), agreement=(None, "pact"),
        conditional_on=(None, None, [{"condition": "sale"}]),
    ),
    "board-seat-withdrawn": _one(company="boreal", party=_holder, seats="1"),
    "director-appointed": _one(company="boreal", person=_holder, nominated_by=_holder),
    "director-left": _one(company="boreal", person=_holder),
    "officer-appointed": _one(company="boreal", person=_holder, role="chair"),
    "officer-left": _one(company="boreal", person=_holder, role="chair"),
    "meeting-called": _one(
        meeting="agm", company="boreal", body="general meeting", held_on=DATES,
        agenda=[{"resolution": "agm-1", "title": "the merger"}],
    ),
    "meeting-held": _one(
        company="boreal", body="board", matter="the merger", meeting=(None, "agm")
    ),
    "resolution-voted": _one(
        resolution="agm-1", company="boreal", title="the merger", meeting=(None, "agm"),
        votes_for=("80", "60"), votes_against="20", outcome=("passed", "rejected"),
        preliminary=(None, "yes"),
    ),
    "votes-cast": _one(
        company="boreal", resolution="agm-1", holder=_holder, votes="30", choice=("for", "against")
    ),
    "agreement-signed": _one(
        **_PACT, title="Pact", parties=["alice", "boreal"], clauses=_CLAUSES,
        deal=("merger", None),
    ),
    "agreement-in-force": _one(**_PACT),
    "agreement-amended": _one(**_PACT, clauses=_CLAUSES, dropped_clauses=["floor"]),
    "agreement-ended": _one(**_PACT),
}  # fmt: skip
DEALS: Bodies = {
    "negotiation-opened": _one(**_DEAL, parties=["alice", "bob"], about="a merger"),
    "topic-tabled": _one(**_DEAL, topic="the ratio"),
    "statement-made": _one(**_DEAL, speaker=_holder, statement="talks go on"),
    "approval-granted": _one(**_DEAL, by=_holder, matter="the merger"),
    "terms-agreed": _one(**_DEAL, parties=["alice", "bob"], terms="shares for shares"),
    "deal-completed": _one(**_DEAL),
    "deal-abandoned": _one(**_DEAL),
    "deal-considered": _one(**_DEAL, parties=["alice", "bob"], about="a merger"),
    "approval-refused": _one(deal=("merger", None), by=_holder, matter="the merger"),
    "notice-given": _one(
        **_PACT, deal=("merger", None), by=_holder, kind=("termination", "objection"),
    ),
    "proceeding-opened": _one(
        proceeding="suit", body="alice", kind="suit", deal=(None, "merger")
    ),
    "proceeding-advanced": _one(proceeding="suit", step="stayed", until=(None, "2021-06-30")),
    "proceeding-decided": _one(
        proceeding="suit", outcome=("cleared", "prohibited"),
        settles=(None, [{"condition": "sale", "outcome": "satisfied"}]),
    ),
    "project-considered": _one(project="lab", title="a laboratory", parties=["alice", "bob"]),
    "milestone-expected": _one(**_DEAL, milestone="signing", title="signed", expected_on="2020-Q4"),
    "milestone-met": _one(**_DEAL, milestone="signing"),
    "project-announced": _one(
        project="lab", title="a laboratory", parties=["alice", "bob"],
        expected_on=("2021", "2022-H2", None),
    ),
    "project-updated": _one(project="lab", change="it starts later", expected_on="2026"),
    "project-ended": _one(project="lab"),
}  # fmt: skip
PLANS: Bodies = {
    "investment-considered": _one(**_STAKE),
    "investment-planned": _one(**_STAKE, percent=_percent),
    "investment-committed": _one(**_STAKE, amount="EUR 600"),
    "investment-confirmed": _one(investment="stake", amount=("EUR 600", "EUR 500")),
    "investment-paid": _one(investment="stake", amount=("EUR 200", "EUR 400")),
    "investment-released": _one(investment="stake", amount=(None, "EUR 100")),
    "offering-considered": _one(offering="ipo", issuer="boreal", window=DATES),
    "offering-planned": _one(offering="ipo", issuer="boreal", window=DATES),
    "offering-rescheduled": _one(offering="ipo", window="2022-H2"),
    "offering-cancelled": _one(offering="ipo"),
    "offering-completed": _one(offering="ipo", price="EUR 10"),
    "dividend-declared": _one(
        share_class=_class, per_share=_PER_SHARE, payable_on="2022-02-28",
        dividend=(None, "final"), record_on=(None, "2021-01-01"),
    ),
    "dividend-paid": _one(
        share_class=_class, per_share=_PER_SHARE, dividend=(None, None, "final"),
        holder=(None, None, "bob"),
    ),
}  # fmt: skip
RECORD: Bodies = {
    "capital-authorised": _one(issuer="acme", limit=("total", "issue"), shares=_shares),
    "listing-changed": _one(
        share_class=_class, venue="Paris", status=("listed", "suspended", "resumed")
    ),
    "claim-recorded": _one(
        subject="boreal", attribute="headcount", value=("100", "120", "many")
    ),
    "note-added": _one(subject="boreal", text="a remark"),
    "event-type-declared": _one(
        name="local-visited", title="visited", wording="{subject} is visited by {visitor}",
        fields=(
            [{"field": "visitor", "takes": "party", "required": "yes"}],
            [{"field": "visitor", "takes": "party"}, {"field": "times", "takes": "count"}],
        ),
    ),
    "declared-event-recorded": _one(
        declared="local-visited", subject="acme", version=(None, "1", "2"),
        values=[{"field": "visitor", "value": "alice"}],
    ),
    "party-registered": _one(party="boreal", kind="other", name="Boreal"),
    "party-renamed": _one(party=_holder, name="Renamed"),
    "party-ended": _one(party=_holder, effective_on=(None, *DATES)),
    "parties-identified": _one(
        party=_holder, same_as=("boreal", "carol"), because="one person"
    ),
    "party-details-changed": _one(party=_holder, address="1 Pole Street", aliases=(None, ["X"])),
    "party-status-changed": _one(
        party=_holder, status=("active", "insolvent", "in-liquidation", "restored")
    ),
    "relationship-began": _one(
        relationship=("link", "other-link"), party="alice", of=("acme", "boreal"),
        kind=("member", "influence"),
    ),
    "relationship-ended": _one(relationship=("link", "other-link")),
    "share-class-created": _one(share_class=_class, votes_per_share="2"),
    "source-registered": _one(
        source=("filing", "filing-two"), title="filing", kind="press",
        publisher="P", published_on="2020-02-01",
    ),
    "source-corrected": _one(
        source=SOURCES, published_on=_TOLD, because="misread"
    ),
    "source-retracted": _one(source=SOURCES, because="withdrawn"),
    "signing-key-rotated": _one(**event_class("signing-key-rotated").example),
}  # fmt: skip
FAMILIES: tuple[Bodies, ...] = (
    SHARES, SHARES, VOTES, OFFERS, OPTIONS, GOVERNANCE, DEALS, PLANS, RECORD,
)  # fmt: skip
BODIES: Bodies = {name: body for family in FAMILIES for name, body in family.items()}
_MOVES = (
    "shares-issued", "shares-transferred", "shares-transferred", "shares-repurchased",
    "shares-cancelled", "shares-split", "shares-converted", "shares-placed-in-trust",
    "shares-distributed", "shares-placed-in-trust", "shares-released-from-trust",
    "trust-settled", "trust-settled",
    "stake-disclosed", "double-votes-granted", "double-votes-ended", "voting-cap-agreed",
    "instrument-granted", "instrument-granted", "instrument-exercised", "event-type-declared",
    "declared-event-recorded",
)  # fmt: skip
REGISTERS = (
    "shares-issued", "shares-issued", "shares-transferred", "shares-transferred",
    "shares-repurchased", "shares-cancelled", "shares-split", "shares-converted",
    "shares-reclassified", *["shares-distributed"] * 4, *["shares-exchanged"] * 4,
)  # fmt: skip
LOTS = (
    *["double-votes-granted"] * 6, *["shares-transferred"] * 6, "shares-issued", "shares-split",
    "shares-repurchased", "shares-cancelled", "shares-converted", "shares-reclassified",
    "shares-placed-in-trust", "shares-released-from-trust", "registration-changed",
    "double-votes-ended", "share-class-amended", "register-opened",
)  # fmt: skip
CONDITIONAL = (
    *["board-seat-granted"] * 4, "voting-cap-agreed", "voting-rights-suspended", "condition-set",
    "condition-set", *["condition-settled"] * 4, "proceeding-opened", "proceeding-decided",
    "agreement-signed", "agreement-in-force", "agreement-amended", "agreement-ended",
    "officer-appointed", "milestone-met", "negotiation-opened", "deal-abandoned", "deal-completed",
)  # fmt: skip
_CHANGES = (
    _one(field="shares", value=_shares),
    _one(field="effective_on", value=DATES),
    _one(field="tense", value=("upcoming", None)),
    _one(field="holder", value=_holder),
    _one(field="standing", value=("official", "reported")),
    _one(field="amount", value="EUR 700"),
    _one(field="company", value="acme"),
    _one(field="issuer", value=("acme", "boreal")),
    _one(field="share_class", value=_class),
    _one(field="because", value="on third thoughts"),
    _one(field="known_on", value=_KNOWN),
    _one(field="citations", value=tuple([{"source": s}] for s in SOURCES)),
    _one(field="published_on", value=_TOLD),
)
_AMENDED = ("issue-0", "source-filing", "source-leak")  # of the world, in some histories


_NUMBER = st.integers(0, 2**24 - 1)


@st.composite
def drafts(
    draw: st.DrawFn, most: int = 25, amendments: bool = True, among: Sequence[str] = ()
) -> list[Draft]:
    """A list of events to offer to the rules, after the world they speak of.

    Each event comes of a number of its own, so that a history that fails loses events, and keeps
    the others, when it is made smaller; with another number for the whole, all are others.
    """
    tangled = amendments and draw(st.integers(0, 3)) == 0
    whole, numbers = draw(_NUMBER), [draw(_NUMBER) for _ in range(draw(st.integers(3, most)))]
    return drafted([whole << 24 | one for one in numbers], amendments, tangled, among)


def drafted(
    numbers: Iterable[int],
    amendments: bool = True,
    tangled: bool = False,
    among: Sequence[str] = (),
) -> list[Draft]:
    """The events that numbers stand for, after the world they speak of; all ``among`` some types.

    In tangled histories half of the events amend, mostly the last one or one and the same.
    """
    found = list(WORLD)
    for place, number in enumerate(numbers):
        random, key, own = Random(number), f"event-{place}", found[len(WORLD) :]
        if amendments and own and random.randrange(2 if tangled else 5) == 0:
            keys = [k for _, k, _ in own]
            if tangled:
                keys = random.choice((keys[-1:], keys[:1], [*_AMENDED, *keys]))
            found.append(_amendment(random, key, keys))
            continue
        types = among or random.choice((_MOVES, tuple(random.choice(FAMILIES))))
        type_name = random.choice(types)
        data = _said(random, BODIES[type_name])
        if not issubclass(event_class(type_name), RecordKeeping):
            tense = ("upcoming", *[None] * 9)
            said = {"effective_on": DATES, "standing": STANDINGS, "tense": tense}
            data |= _said(random, said)
        if amendments and own and random.randrange(7) == 0:
            same = [k for t, k, _ in own if t == type_name]
            data |= {"reaffirms": random.choice(same)} if same else {}
        found.append((type_name, key, data | _kept_notes(random)))
    return found


def across(offered: Iterable[Draft]) -> list[Draft]:
    """The same events of two issuers: one class is boreal's, and boreal holds shares as well."""
    found = list[Draft]()
    for name, key, data in offered:
        said = json.dumps(data).replace(PREFERRED, ELSEWHERE)
        if "share_class" in data and name != "shares-issued":
            said = said.replace('"carol"', '"boreal"')
        found.append((name, key, json.loads(said)))
    return found


def _said(random: Random, body: Mapping[str, Any]) -> dict[str, Any]:
    said = {k: random.choice(v) if isinstance(v, tuple) else v for k, v in body.items()}
    said |= said.pop("together", {})
    return {name: value for name, value in said.items() if value is not None}


def _kept_notes(random: Random) -> dict[str, Any]:
    sources = random.sample(SOURCES, random.randrange(4))
    data: dict[str, Any] = {"citations": [{"source": s} for s in sources]} if sources else {}
    if random.randrange(6) == 0:
        data["known_on"] = random.choice(_KNOWN)
    return data


def _amendment(random: Random, key: str, keys: Sequence[str]) -> Draft:
    data = {
        "event": random.choice(keys),
        "because": "on second thoughts",
        "correction": random.choice(("clerical", "new-information")),
    } | _kept_notes(random)
    if random.randrange(8) == 0:
        withdrawal = {"event": data["event"], "because": "given up", "standing": "official"}
        return "action-withdrawn", key, withdrawal | {"effective_on": random.choice(DATES)}
    if random.randrange(5) == 0:
        cited = [{"source": random.choice(SOURCES)}]
        return "event-corroborated", key, {"event": data["event"], "citations": cited}
    if random.randrange(2):
        return "event-retracted", key, data
    return "event-corrected", key, data | {"changes": [_said(random, random.choice(_CHANGES))]}


def recorded(draft: Draft, log: Log, day: str = "") -> Recorded | None:
    """The next event of a log, if the rules accept it; it is not added."""
    event = made(draft, log, day)
    return None if event is None or list(problems(log, [event])) else event


def made(draft: Draft, log: Log, day: str = "") -> Recorded | None:
    """The next event of a log, whatever the rules say of it; None where its fields are unsound."""
    type_name, key, data = draft
    try:
        event = make_event(type_name, data)
    except Refused:
        return None
    position = log.position + 1
    at = f"{day or f'2026-01-{1 + position % 28:02}'}T00:00:{position:09.6f}Z"
    if not day:
        at = f"2026-{1 + position // 28:02}-{1 + position % 28:02}T00:00:00.000000Z"
    return Recorded(
        position,
        "stream",
        position,
        f"id-{position}",
        key,
        type_name,
        event.schema_number,
        at,
        event.data,
    )


def history(offered: Sequence[Draft], day: str = "") -> list[Recorded]:
    """The events that the rules accept, one by one, in the order offered."""
    begun = _world(day) if tuple(offered[: len(WORLD)]) == WORLD else ()
    return [*begun, *_accepted(offered[len(begun) :], Log(begun), day)]


@cache
def _world(day: str) -> tuple[Recorded, ...]:
    """The events with which most histories begin."""
    return tuple(_accepted(WORLD, Log(), day))


def _accepted(offered: Iterable[Draft], log: Log, day: str) -> Iterator[Recorded]:
    for draft in offered:
        event = recorded(draft, log, day)
        if event is not None:
            log.add(event)
            yield event


def cuts(events: int) -> st.SearchStrategy[tuple[Cut, int]]:
    """A cut on every clock, and how many of the events it lets through."""
    return st.tuples(
        st.builds(
            Cut,
            as_of=st.sampled_from(CUTS),
            known_by=st.sampled_from(CUTS),
            standing=st.sampled_from(("official", "reported", "any")),
        ),
        st.integers(0, events),
    )
