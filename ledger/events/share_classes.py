"""Share classes: their terms, what is authorised of them, and where they are listed."""

from typing import Literal

from pydantic import BaseModel

from ledger.events import fields as f
from ledger.events import parts as p
from ledger.events.base import Event, RecordKeeping
from ledger.values.refusals import Refusal, Refused

ClassKind = Literal["share", "voting", "right", "warrant", "receipt", "unit"]


class ClassTerms(BaseModel):
    """Base of what creates a class and what changes its terms: the terms themselves.

    A class that converts does so at ``converts_at`` (new shares to old), or at ``original_price``
    over ``conversion_price``. ``receipts_per_share`` is receipts to shares. Ranks count from 1,
    paid first; equal ranks are paid alike.
    """

    name: f.Name | None = None
    isin: f.Isin | None = None
    par_value: f.Money | None = None
    converts_into: f.ClassId | None = None
    converts_at: f.Ratio | None = None
    original_price: f.Money | None = None
    conversion_price: f.Money | None = None
    converts_when: tuple[Literal["sale", "vote", "listing"], ...] = ()
    anti_dilution: Literal["none", "broad", "narrow", "ratchet"] | None = None
    rank: f.Shares | None = None
    preference_multiple: f.Votes | None = None
    preference_per_share: f.Money | None = None
    participates: Literal["no", "full", "capped"] | None = None
    participation_cap: f.Votes | None = None
    dividend_rate: f.Percent | None = None
    dividend_cumulative: f.YesNo | None = None
    redeemable: f.YesNo | None = None
    represents: f.ClassId | None = None
    receipts_per_share: f.Ratio | None = None
    depositary: f.PartyId | None = None
    attached_to: f.ClassId | None = None
    per_share: f.Ratio | None = None
    detached_on: f.KnownDate | None = None
    expires_on: f.AwaitedDate | None = None
    last_traded_on: f.KnownDate | None = None
    unit: f.Shares | None = None
    lot_order: Literal["fewest-votes", "oldest", "newest", "most-votes"] | None = None
    votes_after_months: f.Count | None = None
    vote_fractions: Literal["exact", "dropped"] | None = None
    consents: tuple[p.ClassConsent, ...] = ()
    appoints: f.Shares | None = None

    def check_terms(self, share_class: str) -> None:
        """Refuse terms that contradict each other."""
        issuer = share_class.split("/")[0]
        for name in ("converts_into", "attached_to"):
            other = getattr(self, name)
            if other is not None and (other == share_class or other.split("/")[0] != issuer):
                raise Refused(
                    Refusal.FIELDS_DISAGREE,
                    f"{share_class} cannot be tied to {other}.",
                    "Name another class of the same issuer.",
                    name,
                )
        if self.converts_at is not None and self.conversion_price is not None:
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                "Two conversion ratios are given.",
                "Give converts_at, or original_price and conversion_price.",
                "converts_at",
            )
        if (self.represents is None) != (self.receipts_per_share is None):
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                "What a receipt represents, and how many of them a share, go together.",
                "Give represents and receipts_per_share, or neither.",
                "receipts_per_share",
            )


class ShareClassCreated(
    RecordKeeping, ClassTerms, type="share-class-created", stream="register:{share_class}",
    schema=2,
):  # fmt: skip
    """A class of shares of an issuer (or of rights, warrants, receipts, units), with its terms.

    Unsaid it is of kind ``share``, which alone is capital; ``voting`` shares count in votes and
    never in capital. Unsaid its shares are whole; with ``fraction_digits`` they are counted to so
    many decimals, which never change.
    """

    sentence = "A share class is created: {share_class}"
    example = {"share_class": "nissan/common", "votes_per_share": "1"}

    share_class: f.NewClassId
    kind: ClassKind | None = None
    votes_per_share: f.ClassVotes = "1"
    authorised: f.Authorised | None = None
    fraction_digits: Literal["1", "2", "3", "4", "5", "6"] | None = None

    def check(self) -> None:
        self.check_terms(self.share_class)
        told = self.converts_at or (self.original_price and self.conversion_price)
        if self.votes_per_share == "as-converted" and not (self.converts_into and told):
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                "Votes as converted are counted in the shares that the class converts into.",
                "Give converts_into, and converts_at or original_price and conversion_price.",
                "votes_per_share",
            )


class ShareClassAmended(
    Event, ClassTerms, type="share-class-amended", stream="register:{share_class}"
):
    """Terms of a class change; those given replace the earlier ones, the others stay."""

    sentence = "The terms of {share_class} change[: {votes_per_share} votes a share]"
    example = {
        "share_class": "nissan/common",
        "votes_per_share": "10",
        "par_value": "JPY 50",
    }

    share_class: f.ClassId
    votes_per_share: f.ClassVotes | None = None

    def check(self) -> None:
        self.check_terms(self.share_class)
        if not f.given(self) - Event.model_fields.keys() - {"share_class"}:
            raise Refused(
                Refusal.MISSING_FIELD,
                "No term of the class changes.",
                "Give votes_per_share, par_value, name or another term.",
                "votes_per_share",
            )


class CapitalAuthorised(Event, type="capital-authorised", stream="party:{issuer}"):
    """How many shares there may be, or may be issued or bought back: the newest replaces its like.

    Two authorities side by side have an ``authority`` each; one replaces only its own.
    """

    sentence = "{issuer} may have {authorised}[ of {share_class}][, until {until}]"
    example = {"issuer": "nissan", "limit": "total", "shares": "6000000000"}

    issuer: f.IssuerId
    limit: Literal["total", "issue", "repurchase"]
    share_class: f.ClassId | None = None
    shares: f.Authorised | None = None
    amount: f.Money | None = None
    until: f.AwaitedDate | None = None
    authority: f.Word | None = None

    def check(self) -> None:
        if (self.shares is None) == (self.amount is None):
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                "What is authorised is a number of shares or an amount, one of the two.",
                "Give shares (or unlimited), or amount.",
                "shares",
            )
        if self.share_class is not None:
            check_class_of(self.issuer, self.share_class)


class ListingChanged(Event, type="listing-changed", stream="register:{share_class}"):
    """Shares of a class are listed, quoted, suspended, traded again or delisted at a venue."""

    sentence = "At {venue}, {share_class} are {status}[ as {symbol}]"
    example = {"share_class": "nissan/common", "venue": "Tokyo Stock Exchange", "status": "listed"}

    share_class: f.ClassId
    venue: f.Text
    status: Literal["listed", "quoted", "suspended", "resumed", "delisted"]
    symbol: f.Text | None = None


def check_class_of(issuer: str, share_class: str) -> None:
    """Refuse a class of another issuer."""
    if share_class.split("/")[0] != issuer:
        raise Refused(
            Refusal.FIELDS_DISAGREE,
            f"{share_class} is not a class of {issuer}.",
            "Name the issuer of the class.",
            "share_class",
        )
