"""Offers to holders: bids, buy-backs, exchanges, pre-emption, first refusal and choices."""

from typing import Literal

from ledger.events import fields as f
from ledger.events import parts as p
from ledger.events.base import Event
from ledger.values.refusals import Refusal, Refused

TO_OTHERS = ("priority", "pre-emption", "first-offer", "first-refusal", "proposal")


class OfferTerms(Event):
    """Base of what makes an offer and what changes its terms: the terms.

    ``at_most`` is a limit in shares, in percent of the class or in money. Where more is accepted,
    ``scaling`` says how it is shared: ``all-tenders`` in proportion to what is accepted,
    ``entitlement-first`` each holder's own part first, ``price-first`` in an auction those first
    who ask less than the price; ``odd_lots`` is the size below which a holder's whole acceptance is
    taken first.
    """

    offer: f.OfferId
    price: f.Price | None = None
    prices: tuple[p.ClassPrice, ...] = ()
    ratio: f.Ratio | None = None
    at_least: f.Limit | None = None
    at_most: f.Limit | None = None
    scaling: Literal["all-tenders", "entitlement-first", "price-first"] | None = None
    odd_lots: f.Shares | None = None
    closes_on: f.AwaitedDate | None = None


class OfferMade(OfferTerms, type="offer-made", stream="offer:{offer}"):
    """An offer is addressed to holders, to members or to a board; no share moves by it.

    ``allocation`` says how new shares are shared out among those entitled.
    """

    sentence = (
        "{offeror} makes an offer ({kind})[ for {share_class}][ at {price}][, at most {at_most}]"
    )
    example = {
        "offer": "bid-1",
        "offeror": "delta",
        "share_class": "corvo/common",
        "kind": "tender",
        "price": "EUR 10",
        "at_most": "400",
        "scaling": "all-tenders",
        "closes_on": "2024-04-01",
    }

    offeror: f.PartyId
    kind: Literal[
        "tender", "exchange", "buy-back", "dutch-auction", "odd-lot", "priority", "mandatory",
        "dividend-choice", "pre-emption", "first-offer", "first-refusal", "co-sale", "drag",
        "proposal",
    ]  # fmt: skip
    share_class: f.ClassId | None = None
    into_class: f.ClassId | None = None
    options: tuple[p.Option, ...] = ()
    default_option: f.Word | None = None
    opens_on: f.AwaitedDate | None = None
    record_on: f.KnownDate | None = None
    to: tuple[f.PartyId, ...] = ()
    holders_of: f.ClassId | None = None
    agreement: f.AgreementId | None = None
    clause: f.Word | None = None
    resolution: f.ResolutionId | None = None
    dividend: f.DividendId | None = None
    shares: f.Shares | None = None
    allocation: Literal["largest-remainder", "down"] | None = None
    excess: f.YesNo | None = None
    transferee: f.PartyId | None = None
    binding: f.YesNo | None = None

    def check(self) -> None:
        if self.share_class is None and self.kind not in TO_OTHERS and not self.prices:
            raise Refused(
                Refusal.MISSING_FIELD,
                f"Nothing says for which shares the {self.kind} offer is.",
                "Give share_class, or prices for several classes.",
                "share_class",
            )
        if self.kind == "exchange" and self.into_class is None:
            raise Refused(
                Refusal.MISSING_FIELD,
                "An exchange offer gives shares of a class; none is named.",
                "Give into_class and ratio, or kind tender for cash.",
                "into_class",
            )
        auction = self.kind == "dutch-auction"
        if self.scaling == ("entitlement-first" if auction else "price-first"):
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                f"An offer of kind {self.kind} is not scaled {self.scaling}.",
                f"Give all-tenders or {'price-first' if auction else 'entitlement-first'}.",
                "scaling",
            )
        named = [one.option for one in self.options]
        if self.default_option is not None and self.default_option not in named:
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                f"{self.default_option} is none of the options.",
                "Name one of the options.",
                "default_option",
            )


class OfferAmended(OfferTerms, type="offer-amended", stream="offer:{offer}"):
    """Terms of an offer change; those given replace the earlier ones, which stay on record."""

    sentence = (
        "The offer {offer} is amended[: now {price}][, at least {at_least}][, at most {at_most}]"
        "[, scaling {scaling}][, open until {closes_on}]"
    )
    example = {"offer": "bid-1", "price": "EUR 11"}

    def check(self) -> None:
        if not f.given(self) - Event.model_fields.keys() - {"offer"}:
            raise Refused(
                Refusal.MISSING_FIELD,
                "No term of the offer changes.",
                "Give price, closes_on or another term.",
                "price",
            )


class OfferAccepted(Event, type="offer-accepted", stream="offer:{offer}"):
    """A holder accepts an offer: ``shares`` is all it has now tendered or taken up, 0 withdraws."""

    sentence = "{holder} accepts the offer {offer} for {shares} shares[ ({option})]"
    example = {"offer": "bid-1", "holder": "ben", "shares": "500"}

    offer: f.OfferId
    holder: f.PartyId
    shares: f.Balance
    excess: f.Shares | None = None
    option: f.Word | None = None
    price: f.Price | None = None


class OfferClosed(Event, type="offer-closed", stream="offer:{offer}"):
    """An offer closes; the shares it takes move by events of their own, ``under`` the offer."""

    sentence = "The offer {offer} closes: {result}[, {taken} shares taken]"
    example = {"offer": "bid-1", "result": "successful", "accepted": "800", "taken": "400"}

    offer: f.OfferId
    result: Literal["successful", "lapsed", "withdrawn", "declined", "replaced"]
    accepted: f.Balance | None = None
    taken: f.Balance | None = None
    price: f.Price | None = None
