"""Random histories: every event drawn is offered to the rules, and kept when they accept it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from ledger.events.envelope import Recorded
from ledger.events.validation import make_event
from ledger.rules import problems
from ledger.storage.files import Peek
from ledger.time.log import Log
from ledger.time.view import Cut
from ledger.transparency.merkle import Frontier, leaf_hash
from ledger.values.refusals import Refused

DAY = "2026-01-01"
DATES = (
    "2020-01-01", "2020-03-15", "2020-06", "2020-Q4", "2020-12-31", "2021-01-01", "2021-H1",
    "2021", "2021-06-30", "2022-02-28", "2022", "2026-01", "2026", "unknown", "unknown",
)  # fmt: skip
CUTS = (
    "2019-12-31", "2020-01-01", "2020-06-15", "2020-06-30", "2020-12-31", "2021-03-31",
    "2021-12-31", "2022-06-30", "2026-01-20", "2026-06-30", "9999-12-31",
)  # fmt: skip
HOLDERS = ("alice", "bob", "carol", "acme", "acme-trust")
CLASSES = ("acme/common", "acme/preferred")
SOURCES = ("filing", "article", "leak", "undated")
STANDINGS = ("official", "official", "official", "reported", "unnamed")

Draft = tuple[str, str, dict[str, Any]]


class EventList:
    """A log of events in memory, as the read model reads one."""

    def __init__(self, events: Sequence[Recorded], tree: Frontier | None = None) -> None:
        self._events, self._tree = events, tree or Frontier()
        self._tree.extend([leaf_hash(event.state("test")) for event in events])

    def peek(self) -> Peek:
        return Peek("test", self._tree.size, self._tree.peaks())

    def events_after(self, position: int) -> Sequence[Recorded]:
        return [event for event in self._events if event.position > position]


WORLD: tuple[Draft, ...] = (
    *(
        ("party-registered", f"party-{p}", {"party": p, "kind": "other", "name": p.title()})
        for p in (*HOLDERS, "boreal")
    ),
    *(
        ("share-class-created", f"class-{c[5:]}", {"share_class": c, "votes_per_share": "2"})
        for c in CLASSES
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


def _one(**fields: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {k: v if isinstance(v, st.SearchStrategy) else st.just(v) for k, v in fields.items()}
    )


_holder = st.sampled_from(HOLDERS)
_class = st.sampled_from(CLASSES)
_shares = st.sampled_from(("1", "6", "10", "60", "100"))
_percent = st.sampled_from(("5", "12.5", "15", "50"))
_COMMON = {"share_class": _class, "holder": _holder, "shares": _shares}
_DEAL = {"deal": "merger"}
_STAKE = {"investment": "stake", "investor": "alice", "investee": "boreal"}

BODIES: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "register-opened": _one(**_COMMON),
    "shares-issued": _one(**_COMMON),
    "shares-transferred": _one(
        share_class=_class, transferor=_holder, transferee=_holder, shares=_shares
    ),
    "shares-repurchased": _one(**_COMMON),
    "shares-cancelled": _one(share_class=_class, shares=_shares),
    "shares-split": _one(share_class=_class, ratio=st.sampled_from(("2:1", "1:2", "3:1"))),
    "shares-converted": _one(
        share_class="acme/preferred", into_class="acme/common", holder=_holder, shares=_shares,
        ratio="2:1",
    ),
    "shares-reclassified": _one(share_class="acme/preferred", into_class="acme/common"),
    "trust-settled": _one(
        trust="acme-trust", settlor="alice", trustee="carol", beneficiary="alice", voting="neutral"
    ),
    "trust-amended": _one(trust="acme-trust", voting="as-instructed"),
    "shares-placed-in-trust": _one(
        trust="acme-trust", share_class=_class, holder=_holder, shares=_shares
    ),
    "shares-released-from-trust": _one(
        trust="acme-trust", share_class=_class, transferee=_holder, shares=_shares, manner="sale"
    ),
    "stake-disclosed": _one(
        issuer=st.sampled_from(("acme", "boreal")), holder=_holder, percent=_percent,
        percent_of=st.sampled_from(("issued", "votes", "unstated")),
    ),
    "balance-asserted": _one(share_class=_class, total="issued", shares=_shares),
    "double-votes-granted": _one(share_class=_class, holder=_holder),
    "double-votes-ended": _one(share_class=_class, holder=_holder),
    "voting-rights-suspended": _one(issuer="acme", holder=_holder, reason="circular"),
    "voting-rights-restored": _one(issuer="acme", holder=_holder),
    "voting-cap-agreed": _one(issuer="acme", holder=_holder, percent=_percent),
    "voting-cap-lifted": _one(issuer="acme", holder=_holder),
    "board-seat-granted": _one(company="boreal", party=_holder, seats=st.sampled_from(("1", "2"))),
    "director-appointed": _one(company="boreal", person=_holder, nominated_by=_holder),
    "director-left": _one(company="boreal", person=_holder),
    "officer-appointed": _one(company="boreal", person=_holder, role="chair"),
    "negotiation-opened": _one(**_DEAL, parties=["alice", "bob"], about="a merger"),
    "terms-agreed": _one(**_DEAL, parties=["alice", "bob"], terms="shares for shares"),
    "deal-completed": _one(**_DEAL),
    "deal-abandoned": _one(**_DEAL),
    "investment-planned": _one(**_STAKE, percent=_percent),
    "investment-committed": _one(**_STAKE, amount="EUR 600"),
    "investment-paid": _one(investment="stake", amount=st.sampled_from(("EUR 200", "EUR 400"))),
    "investment-released": _one(investment="stake"),
    "offering-planned": _one(offering="ipo", issuer="boreal", window=st.sampled_from(DATES)),
    "offering-rescheduled": _one(offering="ipo", window="2022-H2"),
    "offering-cancelled": _one(offering="ipo"),
    "milestone-expected": _one(**_DEAL, milestone="signing", title="signed", expected_on="2020-Q4"),
    "milestone-met": _one(**_DEAL, milestone="signing"),
    "claim-recorded": _one(
        subject="boreal", attribute="headcount", value=st.sampled_from(("100", "120", "many"))
    ),
    "party-registered": _one(party="boreal", kind="other", name="Boreal"),
    "share-class-created": _one(share_class=_class, votes_per_share="2"),
    "source-corrected": _one(
        source=st.sampled_from(SOURCES), published_on=st.sampled_from(DATES), because="misread"
    ),
    "source-retracted": _one(source=st.sampled_from(SOURCES), because="withdrawn"),
}  # fmt: skip
_TIMELESS = ("party-registered", "share-class-created", "source-corrected", "source-retracted")
_MOVES = (
    "shares-issued", "shares-transferred", "shares-transferred", "shares-repurchased",
    "shares-cancelled", "shares-split", "shares-converted", "shares-placed-in-trust",
    "shares-released-from-trust", "trust-settled", "stake-disclosed", "double-votes-granted",
    "double-votes-ended", "voting-cap-agreed",
)  # fmt: skip
_CHANGES = st.one_of(
    _one(field="shares", value=_shares),
    _one(field="effective_on", value=st.sampled_from(DATES)),
    _one(field="holder", value=_holder),
    _one(field="standing", value=st.sampled_from(("official", "reported"))),
    _one(field="amount", value="EUR 700"),
    _one(field="company", value="acme"),
    _one(field="issuer", value=st.sampled_from(("acme", "boreal"))),
    _one(field="share_class", value=_class),
    _one(field="because", value="on third thoughts"),
    _one(field="known_on", value=st.sampled_from([d for d in DATES if d != "unknown"])),
    _one(field="citations", value=st.sampled_from(SOURCES).map(lambda s: [{"source": s}])),
    _one(field="published_on", value=st.sampled_from(DATES)),
)
_AMENDED = ("issue-0", "source-filing", "source-leak")  # of the world, in some histories


@st.composite
def drafts(draw: st.DrawFn, most: int = 25, amendments: bool = True) -> list[Draft]:
    """A list of events to offer to the rules, after the world they speak of.

    Some histories are tangled: half of their events amend, mostly the last one or one and the same.
    """
    found = list(WORLD)
    tangled = amendments and draw(st.integers(0, 3)) == 0
    for number in range(draw(st.integers(3, most))):
        key = f"event-{number}"
        if amendments and number and draw(st.integers(0, 1 if tangled else 4)) == 0:
            keys = [k for _, k, _ in found[len(WORLD) :]]
            if tangled:
                keys = draw(st.sampled_from((keys[-1:], keys[:1], [*_AMENDED, *keys])))
            found.append(_amendment(draw, key, keys))
            continue
        type_name = draw(st.sampled_from(_MOVES if draw(st.booleans()) else sorted(BODIES)))
        data = dict(draw(BODIES[type_name]))
        if type_name not in _TIMELESS:
            data |= {
                "effective_on": draw(st.sampled_from(DATES)),
                "standing": draw(st.sampled_from(STANDINGS)),
            }
        if amendments and number and draw(st.integers(0, 6)) == 0:
            same = [k for t, k, _ in found[len(WORLD) :] if t == type_name]
            data |= {"reaffirms": draw(st.sampled_from(same))} if same else {}
        found.append((type_name, key, data | draw(_kept_notes())))
    return found


@st.composite
def _kept_notes(draw: st.DrawFn) -> dict[str, Any]:
    sources = draw(st.lists(st.sampled_from(SOURCES), max_size=3, unique=True))
    data: dict[str, Any] = {"citations": [{"source": s} for s in sources]} if sources else {}
    if draw(st.integers(0, 5)) == 0:
        data["known_on"] = draw(st.sampled_from([d for d in DATES if d != "unknown"]))
    return data


def _amendment(draw: st.DrawFn, key: str, keys: Sequence[str]) -> Draft:
    data = {
        "event": draw(st.sampled_from(keys)),
        "because": "on second thoughts",
        "correction": draw(st.sampled_from(("clerical", "new-information"))),
    } | draw(_kept_notes())
    if draw(st.integers(0, 4)) == 0:
        cited = [{"source": draw(st.sampled_from(SOURCES))}]
        return "event-corroborated", key, {"event": data["event"], "citations": cited}
    if draw(st.booleans()):
        return "event-retracted", key, data
    return "event-corrected", key, data | {"changes": [draw(_CHANGES)]}


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
        position, "stream", position, f"id-{position}", key, type_name, 1, at, event.data
    )


def history(offered: Sequence[Draft], day: str = "") -> list[Recorded]:
    """The events that the rules accept, one by one, in the order offered."""
    log, found = Log(), []
    for draft in offered:
        event = recorded(draft, log, day)
        if event is not None:
            log.add(event)
            found.append(event)
    return found


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
