"""Trusts: their terms, and the shares placed in them and released."""

from typing import Literal

from ledger.events import fields as f
from ledger.events import parts as p
from ledger.events.base import Event
from ledger.events.capital import Movement, check_two_holders
from ledger.values.quantities import parse_votes
from ledger.values.refusals import Refusal, Refused

Voting = Literal["neutral", "as-instructed"]
TrustKind = Literal["voting-trust", "bare", "discretionary"]


class TrustSettled(Event, type="trust-settled", stream="party:{trust}", schema=2):
    """A trust is set up: who holds whose shares for whom, how it votes, who orders a sale."""

    sentence = (
        "{trust} is settled by {settlors}[ for {beneficiaries}], trustee {trustees}"
        "[, voting {voting}]"
    )
    example = {
        "trust": "renault-nissan-trust",
        "settlors": ["renault"],
        "trustees": ["natixis"],
        "beneficiaries": [{"party": "renault"}],
        "voting": "neutral",
        "voting_exceptions": ["directors proposed by the nomination committee: in favour"],
        "sale_ordered_by": "renault",
        "first_offer_to": "nissan",
    }

    trust: f.PartyId
    settlors: f.Parties
    trustees: f.Parties
    beneficiaries: tuple[p.Beneficiary, ...] = ()
    kind: TrustKind | None = None
    voting: Voting | None = None
    voting_exceptions: tuple[f.Text, ...] = ()
    protectors: tuple[f.PartyId, ...] = ()
    instructed_by: tuple[f.PartyId, ...] = ()
    sale_ordered_by: f.PartyId | None = None
    first_offer_to: f.PartyId | None = None

    def check(self) -> None:
        check_fractions(self.beneficiaries)


class TrustAmended(Event, type="trust-amended", stream="party:{trust}", schema=2):
    """Terms of a trust change; the fields given replace the earlier ones."""

    sentence = "The terms of {trust} are amended"
    example = {"trust": "renault-nissan-trust", "voting": "as-instructed"}

    trust: f.PartyId
    trustees: tuple[f.PartyId, ...] = ()
    beneficiaries: tuple[p.Beneficiary, ...] = ()
    voting: Voting | None = None
    voting_exceptions: tuple[f.Text, ...] = ()
    protectors: tuple[f.PartyId, ...] = ()
    instructed_by: tuple[f.PartyId, ...] = ()
    sale_ordered_by: f.PartyId | None = None
    first_offer_to: f.PartyId | None = None

    def check(self) -> None:
        check_fractions(self.beneficiaries)


class TrustEnded(Event, type="trust-ended", stream="party:{trust}", schema=2):
    """A trust ends; shares still in it stay registered to it until released."""

    sentence = "{trust} ends[: {reason}]"
    example = {"trust": "renault-nissan-trust"}

    trust: f.PartyId
    reason: f.Text | None = None


class SharesPlacedInTrust(
    Movement, type="shares-placed-in-trust", stream="register:{share_class}", schema=2
):
    """Title to shares passes from a holder to a trust; the benefit stays with the beneficiary."""

    sentence = "{holder} places {shares} {share_class} in {trust}"
    example = {
        "trust": "renault-nissan-trust",
        "share_class": "nissan/common",
        "holder": "renault",
        "shares": "1198729760",
    }

    trust: f.PartyId
    holder: f.PartyId
    shares: f.Holding

    def check(self) -> None:
        check_two_holders(self.trust, self.holder, "holder")


class SharesReleasedFromTrust(
    Movement, type="shares-released-from-trust", stream="register:{share_class}", schema=2
):
    """Shares leave a trust, sold or returned; sold to the issuer they become treasury shares."""

    sentence = "{trust} {manner} {shares} {share_class} to {transferee}[ at {price}]"
    example = {
        "trust": "renault-nissan-trust",
        "share_class": "nissan/common",
        "transferee": "nissan",
        "shares": "211000000",
        "manner": "sale",
        "price": "JPY 568.5",
    }

    trust: f.PartyId
    transferee: f.PartyId
    shares: f.Holding
    manner: Literal["sale", "return"]
    price: f.Money | None = None

    def check(self) -> None:
        check_two_holders(self.trust, self.transferee, "transferee")


def check_fractions(beneficiaries: tuple[p.Beneficiary, ...]) -> None:
    """Refuse beneficiaries whose fractions make more than the whole."""
    whole = sum(parse_votes(one.fraction) for one in beneficiaries if one.fraction is not None)
    if whole > 1:
        raise Refused(
            Refusal.FIELDS_DISAGREE,
            "The fractions of the beneficiaries make more than the whole.",
            "Write 1/2 for a half; what is left unsaid is not known.",
            "beneficiaries",
        )
