"""Structures of companies that hold one another, as a record in memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.time.log import Log
from ledger.time.view import View
from tests.histories import DAY, Draft, history
from tests.projections.subjects.record import at, on

START = "2020-01-01"
Holdings = Mapping[str, Mapping[str, int]]  # shares by company, by holder


def structure(holdings: Holdings, *events: Draft, **kinds: str) -> Log:
    """A record of companies with one share class each, one vote a share, and of some events.

    Every party is a company unless its kind is given, with "_" for "-" in its name.
    """
    named = dict.fromkeys(holdings)
    named |= dict.fromkeys(party for held in holdings.values() for party in held)
    named |= dict.fromkeys(party.replace("_", "-") for party in kinds)
    drafts: list[Draft] = []
    for party in named:
        kind = kinds.get(party.replace("-", "_"), "company")
        fields = {"party": party, "kind": kind, "name": party.upper()}
        drafts.append(("party-registered", f"party-{party}", fields))
    for company in holdings:
        of = {"share_class": f"{company}/common"}
        drafts.append(("share-class-created", f"class-{company}", of))
    for company, held in holdings.items():
        drafts += [opened(company, holder, shares) for holder, shares in held.items()]
    offered = [*drafts, *events]
    kept = history(offered, DAY)
    assert [event.key for event in kept] == [key for _, key, _ in offered], "an event is refused"
    return Log(kept)


def seen(holdings: Holdings, *events: Draft, as_of: str = "2024-01-01", **kinds: str) -> View:
    """Such a record, seen on a day."""
    return at(structure(holdings, *events, **kinds), as_of=as_of)


def opened(company: str, holder: str, shares: int, day: str = START) -> Draft:
    """What a holder has when the register of a company opens."""
    fields = {"share_class": f"{company}/common", "holder": holder, "shares": str(shares)}
    return on(day, f"opened-{company}-{holder}", "register-opened", **fields)


def sold(company: str, seller: str, buyer: str, shares: int, day: str = "2022-01-01") -> Draft:
    """A sale."""
    fields = {
        "share_class": f"{company}/common",
        "transferor": seller,
        "transferee": buyer,
        "shares": str(shares),
    }
    return on(day, f"sold-{company}-{seller}-{buyer}-{day}", "shares-transferred", **fields)


def related(party: str, of: str, kind: str, day: str = "2021-01-01", **fields: Any) -> Draft:
    """A relationship between two parties."""
    name = f"{party}-{kind}-{of}"
    between = {"relationship": name, "party": party, "of": of, "kind": kind}
    return on(day, f"began-{name}", "relationship-began", **between | fields)


def law(company: str, jurisdiction: str, day: str = START, **fields: Any) -> Draft:
    """The law that a company is under."""
    told = {"party": company, "jurisdiction": jurisdiction}
    return on(day, f"law-{company}", "party-details-changed", **told | fields)


def disclosed(issuer: str, holder: str, percent: str, **fields: Any) -> Draft:
    """A stake that is disclosed."""
    said = {"issuer": issuer, "holder": holder, "percent": percent, "percent_of": "votes"}
    day = fields.pop("day", "2021-01-01")
    return on(day, f"disclosed-{issuer}-{holder}-{day}", "stake-disclosed", **said | fields)


def suspended(issuer: str, holder: str, day: str = "2021-01-01", **fields: Any) -> Draft:
    """Votes that are suspended on record."""
    of = {"issuer": issuer, "holder": holder, "reason": "the law"}
    return on(day, f"suspended-{issuer}-{holder}", "voting-rights-suspended", **of | fields)
