"""Capital: share classes, the movements of the register, dividends, and disclosed positions."""

from typing import Literal

from ledger.events import fields as f
from ledger.events.base import Event, RecordKeeping
from ledger.values.refusals import Refusal, Refused


class ShareClassCreated(RecordKeeping, type="share-class-created", stream="register:{share_class}"):
    """A class of shares of an issuer, with the votes each share carries."""

    sentence = "A share class is created: {share_class}"
    example = {"share_class": "nissan/common", "votes_per_share": "1"}

    share_class: f.NewClassId
    name: f.Name | None = None
    votes_per_share: f.Count = "1"
    authorised: f.Shares | None = None
    isin: f.Isin | None = None


class RegisterOpened(Event, type="register-opened", stream="register:{share_class}"):
    """A holding brought forward from before this ledger's history; the register starts with it."""

    sentence = "The register opens with {shares} {share_class} held by {holder}"
    example = {"share_class": "nissan/common", "holder": "renault", "shares": "1831837027"}

    share_class: f.ClassId
    holder: f.PartyId
    shares: f.Shares


class SharesIssued(Event, type="shares-issued", stream="register:{share_class}"):
    """New shares come into being in a holder's hands."""

    sentence = "{shares} {share_class} are issued to {holder}[ at {price}]"
    example = {"share_class": "nissan/common", "holder": "renault", "shares": "539750000"}

    share_class: f.ClassId
    holder: f.PartyId
    shares: f.Shares
    price: f.Money | None = None


class SharesTransferred(Event, type="shares-transferred", stream="register:{share_class}"):
    """Shares pass from one holder to another; those passed to the issuer become treasury shares."""

    sentence = "{transferor} passes {shares} {share_class} to {transferee}[ at {price}]"
    example = {
        "share_class": "mitsubishi/common",
        "transferor": "nissan",
        "transferee": "mitsubishi",
        "shares": "149028300",
        "price": "JPY 460.6",
    }

    share_class: f.ClassId
    transferor: f.PartyId
    transferee: f.PartyId
    shares: f.Shares
    price: f.Money | None = None

    def check(self) -> None:
        check_two_holders(self.transferor, self.transferee, "transferee")


class SharesRepurchased(Event, type="shares-repurchased", stream="register:{share_class}"):
    """The issuer buys shares back; they stay issued, as treasury shares, until cancelled."""

    sentence = "{issuer} buys back {shares} {own_class} from {holder}[ at {price}]"
    example = {"share_class": "nissan/common", "holder": "renault", "shares": "1110800"}

    share_class: f.ClassId
    holder: f.PartyId
    shares: f.Shares
    price: f.Money | None = None

    def check(self) -> None:
        check_two_holders(self.share_class.split("/")[0], self.holder, "holder")


class SharesCancelled(Event, type="shares-cancelled", stream="register:{share_class}"):
    """Shares cease to exist: treasury shares, or those of the holder named."""

    sentence = "{shares} {share_class}[ of {holder}] are cancelled"
    example = {"share_class": "nissan/common", "shares": "211000000"}

    share_class: f.ClassId
    shares: f.Shares
    holder: f.PartyId | None = None


class SharesSplit(Event, type="shares-split", stream="register:{share_class}"):
    """Every holding of the class is multiplied by new:old (a consolidation divides)."""

    sentence = "Split {ratio} of {share_class}"
    example = {"share_class": "nissan/common", "ratio": "2:1"}

    share_class: f.ClassId
    ratio: f.Ratio


class SharesConverted(Event, type="shares-converted", stream="register:{share_class}"):
    """A holder's shares of one class become shares of another, at new:old."""

    sentence = "{holder} converts {shares} {share_class} into {into_class} at {ratio}"
    example = {
        "share_class": "acme/preferred",
        "into_class": "acme/common",
        "holder": "fund-one",
        "shares": "1000",
        "ratio": "3:1",
    }

    share_class: f.ClassId
    into_class: f.ClassId
    holder: f.PartyId
    shares: f.Shares
    ratio: f.Ratio = "1:1"

    def check(self) -> None:
        _check_two_classes(self.share_class, self.into_class)


class SharesReclassified(Event, type="shares-reclassified", stream="register:{share_class}"):
    """All shares of a class, whoever holds them, become shares of another, at new:old."""

    sentence = "All {share_class} become {into_class} at {ratio}"
    example = {"share_class": "acme/b", "into_class": "acme/common", "ratio": "1:1"}

    share_class: f.ClassId
    into_class: f.ClassId
    ratio: f.Ratio = "1:1"

    def check(self) -> None:
        _check_two_classes(self.share_class, self.into_class)


class DividendDeclared(Event, type="dividend-declared", stream="register:{share_class}"):
    """A dividend per share is decided."""

    sentence = (
        "A dividend of {per_share} a share is declared on {share_class}[, payable on {payable_on}]"
    )
    example = {"share_class": "nissan/common", "per_share": "JPY 15", "payable_on": "2024-06-26"}

    share_class: f.ClassId
    per_share: f.Money
    record_on: f.KnownDate | None = None
    payable_on: f.KnownDate | None = None


class DividendPaid(Event, type="dividend-paid", stream="register:{share_class}"):
    """A dividend per share is paid."""

    sentence = "A dividend of {per_share} a share is paid on {share_class}"
    example = {"share_class": "nissan/common", "per_share": "JPY 15"}

    share_class: f.ClassId
    per_share: f.Money


class DoubleVotesGranted(Event, type="double-votes-granted", stream="register:{share_class}"):
    """A holder's shares (all, or the number given) carry twice the votes of the class."""

    sentence = "{holder} gains double votes on[ {shares}] {share_class}"
    example = {"share_class": "renault/common", "holder": "nissan-finance", "shares": "44358343"}

    share_class: f.ClassId
    holder: f.PartyId
    shares: f.Shares | None = None


class DoubleVotesEnded(Event, type="double-votes-ended", stream="register:{share_class}"):
    """Double votes end, on all of a holder's shares or on the number given."""

    sentence = "{holder} loses double votes on[ {shares}] {share_class}"
    example = {"share_class": "renault/common", "holder": "nissan-finance"}

    share_class: f.ClassId
    holder: f.PartyId
    shares: f.Shares | None = None


class StakeDisclosed(Event, type="stake-disclosed", stream="disclosure:{issuer}"):
    """A position a source states: a check on the register, or where there is none, the position.

    ``interest`` is ``direct`` for shares the holder is registered with, ``aggregate`` when shares
    held for it in trust are counted with them.
    """

    sentence = "{holder} is disclosed to hold {stake} of {issuer}"
    example = {
        "issuer": "nissan",
        "holder": "renault",
        "percent": "43.4",
        "percent_of": "issued",
    }

    issuer: f.IssuerId
    holder: f.PartyId
    share_class: f.ClassId | None = None
    shares: f.Balance | None = None
    votes: f.Balance | None = None
    percent: f.Percent | None = None
    percent_of: f.PercentOf | None = None
    qualifier: f.Qualifier = "exactly"
    interest: Literal["direct", "aggregate"] = "direct"

    def check(self) -> None:
        if (self.shares or self.votes or self.percent) is None:
            raise Refused(
                Refusal.MISSING_FIELD,
                "A disclosed stake says shares, votes or percent.",
                "Give at least one of them.",
                "shares",
            )
        if (self.percent is None) != (self.percent_of is None):
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                "A percentage is stated with its base.",
                "Give percent and percent_of together; the base may be unstated.",
                "percent_of",
            )
        if self.share_class and self.share_class.split("/")[0] != self.issuer:
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                f"{self.share_class} is not a class of {self.issuer}.",
                "Name the issuer of the class.",
                "share_class",
            )


class BalanceAsserted(Event, type="balance-asserted", stream="register:{share_class}"):
    """What the register must say on a date, of a holder or a total: a check, not a movement."""

    sentence = "Asserted: {shares} {share_class}[ held by {holder}][ {total}]"
    example = {"share_class": "nissan/common", "total": "issued", "shares": "3713998612"}

    share_class: f.ClassId
    shares: f.Balance
    holder: f.PartyId | None = None
    total: Literal["issued", "outstanding", "treasury"] | None = None

    def check(self) -> None:
        if (self.holder is None) == (self.total is None):
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                "A balance is a holder's or a total, one of the two.",
                "Give holder, or total.",
                "total",
            )


def check_two_holders(one: str, other: str, field: str) -> None:
    """Refuse a movement of shares from a party to itself."""
    if one == other:
        raise Refused(
            Refusal.SAME_HOLDER,
            f"{one} would give shares to itself.",
            "Name two parties; what moves no shares is a note-added.",
            field,
        )


def _check_two_classes(share_class: str, into_class: str) -> None:
    if share_class == into_class or share_class.split("/")[0] != into_class.split("/")[0]:
        raise Refused(
            Refusal.FIELDS_DISAGREE,
            f"{share_class} cannot become {into_class}.",
            "Name two classes of one issuer.",
            "into_class",
        )
