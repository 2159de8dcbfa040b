"""Trusts, and what bears on votes apart from title: suspensions and contractual caps."""

from typing import Literal

from ledger.events import fields as f
from ledger.events.base import Event
from ledger.events.capital import check_two_holders

Voting = Literal["neutral", "as-instructed"]


class TrustSettled(Event, type="trust-settled", stream="party:{trust}"):
    """A trust is set up: who holds whose shares for whom, how it votes, who orders a sale."""

    sentence = "{settlor} settles {trust} for {beneficiary}, trustee {trustee}, voting {voting}"
    example = {
        "trust": "renault-nissan-trust",
        "settlor": "renault",
        "trustee": "natixis",
        "beneficiary": "renault",
        "voting": "neutral",
        "voting_exceptions": ["directors proposed by the nomination committee: in favour"],
        "sale_ordered_by": "renault",
        "first_offer_to": "nissan",
    }

    trust: f.PartyId
    settlor: f.PartyId
    trustee: f.PartyId
    beneficiary: f.PartyId
    voting: Voting
    voting_exceptions: tuple[f.Text, ...] = ()
    sale_ordered_by: f.PartyId | None = None
    first_offer_to: f.PartyId | None = None


class TrustAmended(Event, type="trust-amended", stream="party:{trust}"):
    """Terms of a trust change; the fields given replace the earlier ones."""

    sentence = "The terms of {trust} are amended"
    example = {"trust": "renault-nissan-trust", "voting": "as-instructed"}

    trust: f.PartyId
    trustee: f.PartyId | None = None
    beneficiary: f.PartyId | None = None
    voting: Voting | None = None
    voting_exceptions: tuple[f.Text, ...] = ()
    sale_ordered_by: f.PartyId | None = None
    first_offer_to: f.PartyId | None = None


class TrustEnded(Event, type="trust-ended", stream="party:{trust}"):
    """A trust ends; shares still in it stay registered to it until released."""

    sentence = "{trust} ends[: {reason}]"
    example = {"trust": "renault-nissan-trust"}

    trust: f.PartyId
    reason: f.Text | None = None


class SharesPlacedInTrust(Event, type="shares-placed-in-trust", stream="register:{share_class}"):
    """Title to shares passes from a holder to a trust; the benefit stays with the beneficiary."""

    sentence = "{holder} places {shares} {share_class} in {trust}"
    example = {
        "trust": "renault-nissan-trust",
        "share_class": "nissan/common",
        "holder": "renault",
        "shares": "1198729760",
    }

    trust: f.PartyId
    share_class: f.ClassId
    holder: f.PartyId
    shares: f.Shares

    def check(self) -> None:
        check_two_holders(self.trust, self.holder, "holder")


class SharesReleasedFromTrust(
    Event, type="shares-released-from-trust", stream="register:{share_class}"
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
    share_class: f.ClassId
    transferee: f.PartyId
    shares: f.Shares
    manner: Literal["sale", "return"]
    price: f.Money | None = None

    def check(self) -> None:
        check_two_holders(self.trust, self.transferee, "transferee")


class VotingRightsSuspended(Event, type="voting-rights-suspended", stream="votes:{issuer}"):
    """A holder may not cast its votes (all, or of the shares given), as in circular holdings."""

    sentence = "The votes of {holder} in {issuer} are suspended: {reason}"
    example = {
        "issuer": "renault",
        "holder": "nissan-finance",
        "reason": "shares held by a company the issuer controls (art. L.233-31)",
    }

    issuer: f.IssuerId
    holder: f.PartyId
    reason: f.Text
    shares: f.Shares | None = None


class VotingRightsRestored(Event, type="voting-rights-restored", stream="votes:{issuer}"):
    """Suspended votes may be cast again."""

    sentence = "The votes of {holder} in {issuer} are restored[: {reason}]"
    example = {"issuer": "renault", "holder": "nissan-finance"}

    issuer: f.IssuerId
    holder: f.PartyId
    reason: f.Text | None = None


class VotingCapAgreed(Event, type="voting-cap-agreed", stream="votes:{issuer}"):
    """A holder agrees to cast at most a percentage of the votes that can be cast at the issuer."""

    sentence = "{holder} caps its votes in {issuer} at {percent}%"
    example = {
        "issuer": "renault",
        "holder": "nissan-finance",
        "percent": "15",
        "agreement": "new-alliance-agreement",
    }

    issuer: f.IssuerId
    holder: f.PartyId
    percent: f.Percent
    agreement: f.AgreementId | None = None
    scope: f.Text | None = None


class VotingCapLifted(Event, type="voting-cap-lifted", stream="votes:{issuer}"):
    """A cap on a holder's votes ends."""

    sentence = "The cap on the votes of {holder} in {issuer} is lifted"
    example = {"issuer": "renault", "holder": "nissan-finance"}

    issuer: f.IssuerId
    holder: f.PartyId
