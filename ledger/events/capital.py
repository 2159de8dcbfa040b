"""The register: movements of shares, and what reshapes, distributes or exchanges them."""

from fractions import Fraction
from math import floor
from typing import Literal

from ledger.events import fields as f
from ledger.events import parts as p
from ledger.events.base import Event
from ledger.values.dates import parse_days, parse_effective
from ledger.values.quantities import decimal, parse_money, parse_price
from ledger.values.refusals import Refusal, Refused
from ledger.values.share_counts import digits_of, parse_balance


class Movement(Event):
    """Base of what moves shares. A movement is complete when it is recorded, and waits on nothing.

    ``lots`` says which of a holder's lots pass, where they differ in votes or in what is paid.
    """

    refuses = ("conditional_on",)
    share_class: f.ClassId

    def model_post_init(self, context: object) -> None:
        super().model_post_init(context)
        if self.conditional_on:
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                "A movement of shares waits on no condition.",
                "Record it when it has happened; before, record an offer, terms-agreed or a"
                " milestone-expected.",
                "conditional_on",
            )


class Fractions(Movement):
    """Base of what may leave fractions of shares, and what becomes of them; unsaid, none may be.

    ``cash`` and ``down`` round down, ``up`` up, ``nearest`` half up; ``to-party`` rounds down and
    gives the whole shares that the fractions make together to ``fractions_to``. ``issue`` keeps
    them, in a class with ``fraction_digits``, each holding rounded half up to its last decimal.
    ``fraction_price`` is money for a whole new share, and ``total`` the number of new shares as
    published, which is compared and never computed with. (Delaware General Corporation Law s.155.)
    """

    fractions: Literal["refuse", "cash", "down", "up", "nearest", "to-party", "issue"] | None = None
    fractions_to: f.PartyId | None = None
    fraction_price: f.Price | None = None
    total: f.Held | None = None

    def check(self) -> None:
        if (self.fractions == "to-party") != (self.fractions_to is not None):
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                "Fractions go to a party where fractions is to-party, and only there.",
                "Give fractions to-party and fractions_to together.",
                "fractions_to",
            )
        if self.fraction_price is not None and self.fractions not in ("cash", "to-party"):
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                f"Nothing is paid for fractions that are {_BECOME[self.fractions or 'refuse']}.",
                "Give fractions cash, or leave fraction_price out.",
                "fraction_price",
            )


_SETTLED = "[, fractions {fractions}][ to {fractions_to}][, {fraction_price} a share]"
_BECOME = {
    "refuse": "refused", "down": "rounded down", "up": "rounded up", "nearest": "rounded",
    "issue": "issued",
}  # fmt: skip


class RegisterOpened(Movement, type="register-opened", stream="register:{share_class}", schema=2):
    """A holding brought forward from before this ledger's history; the register starts with it."""

    sentence = "The register opens with {shares} {share_class} held by {holder}"
    example = {"share_class": "nissan/common", "holder": "renault", "shares": "1831837027"}

    holder: f.PartyId
    shares: f.Holding
    paid_per_share: f.Price | None = None
    numbers: f.Text | None = None


class SharesIssued(Movement, type="shares-issued", stream="register:{share_class}", schema=2):
    """New shares come into being in a holder's hands; ``price`` is that of one share."""

    sentence = "{shares} {share_class} are issued to {holder}[ at {price}]"
    example = {"share_class": "nissan/common", "holder": "renault", "shares": "539750000"}

    holder: f.PartyId
    shares: f.Holding
    price: f.Money | None = None
    amount: f.Money | None = None
    paid_per_share: f.Price | None = None
    consideration: f.Text | None = None
    pool: f.PoolId | None = None
    lot: f.Word | None = None
    numbers: f.Text | None = None

    def check(self) -> None:
        check_price(self.shares, self.price, self.amount)
        if self.price is None or self.paid_per_share is None:
            return
        price, paid = parse_money(self.price), parse_price(self.paid_per_share)
        if paid.currency == price.currency and paid.amount > price.amount:
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                f"{self.paid_per_share} is paid on a share issued at {self.price}.",
                "Give what is paid on each share, at most its price.",
                "paid_per_share",
            )


class SharesTransferred(
    Movement, type="shares-transferred", stream="register:{share_class}", schema=2
):
    """Shares pass from one holder to another; those passed to the issuer become treasury shares.

    The effective date is the day of entry in the register.
    """

    sentence = "{transferor} passes {shares} {share_class} to {transferee}[ at {price}]"
    example = {
        "share_class": "mitsubishi/common",
        "transferor": "nissan",
        "transferee": "mitsubishi",
        "shares": "149028300",
        "price": "JPY 460.6",
    }

    transferor: f.PartyId
    transferee: f.PartyId
    shares: f.Holding
    price: f.Money | None = None
    amount: f.Money | None = None
    ground: f.Ground | None = None
    lots: tuple[p.LotShares, ...] = ()
    multiple_votes_kept: f.YesNo | None = None
    instrument_on: f.KnownDate | None = None
    lodged_on: f.KnownDate | None = None
    numbers: f.Text | None = None

    def check(self) -> None:
        check_two_holders(self.transferor, self.transferee, "transferee")


class SharesRepurchased(
    Movement, type="shares-repurchased", stream="register:{share_class}", schema=2
):
    """The issuer buys or takes shares back; they become treasury shares, or are cancelled at once.

    Unsaid, they stay issued as treasury shares until cancelled.
    """

    sentence = "{issuer} buys back {shares} {own_class} from {holder}[ at {price}][ ({then})]"
    example = {"share_class": "nissan/common", "holder": "renault", "shares": "1110800"}

    holder: f.PartyId
    shares: f.Holding
    price: f.Price | None = None
    amount: f.Money | None = None
    then: Literal["treasury", "cancelled"] | None = None
    ground: Literal["purchase", "forfeiture", "surrender", "gift", "redemption"] | None = None
    out_of: Literal["profit", "fresh-issue", "capital"] | None = None
    lots: tuple[p.LotShares, ...] = ()

    def check(self) -> None:
        check_two_holders(self.share_class.split("/")[0], self.holder, "holder")


class SharesCancelled(Movement, type="shares-cancelled", stream="register:{share_class}", schema=2):
    """Shares cease to exist: treasury shares, or those of the holder named."""

    sentence = "{shares} {share_class}[ of {holder}] are cancelled"
    example = {"share_class": "nissan/common", "shares": "211000000"}

    shares: f.Holding
    holder: f.PartyId | None = None
    ground: Literal["redemption", "reduction", "withdrawn", "forfeiture", "lapsed"] | None = None
    price: f.Price | None = None
    lots: tuple[p.LotShares, ...] = ()


class SharesSplit(Fractions, type="shares-split", stream="register:{share_class}", schema=2):
    """Every holding of the class is multiplied by new:old; ``lots`` tells those of votes then."""

    sentence = f"Split {{ratio}} of {{share_class}}{_SETTLED}"
    example = {"share_class": "nissan/common", "ratio": "2:1"}

    ratio: f.Ratio
    par: Literal["scales", "stays"] | None = None
    lots: tuple[p.LotThen, ...] = ()


class SharesConverted(
    Fractions, type="shares-converted", stream="register:{share_class}", schema=2
):
    """Shares of one class become shares of another, at new:old: a holder's, or all that divide.

    Rights and warrants are exercised by it: ``price`` is paid for each share received, and the
    ``supply`` of what is received is new shares (also where unsaid), the treasury or a party.
    """

    sentence = (
        "{conversion} {share_class} into {into_class} at {ratio}[, from {supply}]"
        f"[, paying {{price}} a share]{_SETTLED}"
    )
    example = {
        "share_class": "acme/preferred",
        "into_class": "acme/common",
        "holder": "fund-one",
        "shares": "1000",
        "ratio": "3:1",
    }

    into_class: f.ClassId
    holder: f.PartyId | None = None
    shares: f.Holding | None = None
    ratio: f.Ratio = "1:1"
    price: f.Price | None = None
    supply: f.Supply | None = None

    def check(self) -> None:
        super().check()
        _check_two_classes(self.share_class, self.into_class)
        if (self.holder is None) != (self.shares is None):
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                "A holder converts a number of shares; without both, all holders do.",
                "Give holder and shares, or neither.",
                "shares",
            )


class SharesReclassified(
    Fractions, type="shares-reclassified", stream="register:{share_class}", schema=2
):
    """All shares of a class, whoever holds them, become shares of another, at new:old."""

    sentence = f"All {{share_class}} become {{into_class}} at {{ratio}}{_SETTLED}"
    example = {"share_class": "acme/b", "into_class": "acme/common", "ratio": "1:1"}

    into_class: f.ClassId
    ratio: f.Ratio = "1:1"
    par: Literal["scales", "stays"] | None = None
    lots: tuple[p.LotThen, ...] = ()

    def check(self) -> None:
        super().check()
        _check_two_classes(self.share_class, self.into_class)


class SharesDistributed(
    Fractions, type="shares-distributed", stream="register:{distributed_class}"
):
    """Each holder of a class gains shares of the distributed class, at new:old: a bonus issue, a
    stock dividend, rights to subscribe, a spin-off.

    Holdings are those at the end of ``record_on``, or else just before the event; ``ex_on`` is told
    and computes nothing. The ``supply`` is new shares, the distributed class's treasury or a party.
    """

    sentence = "{ratio} {distributed_class} are distributed to the holders of {share_class}"
    example = {
        "share_class": "corvo/common",
        "distributed_class": "nido/common",
        "ratio": "1:5",
        "supply": "corvo",
        "fractions": "down",
    }

    distributed_class: f.ClassId
    ratio: f.Ratio
    supply: f.Supply
    treasury: Literal["excluded", "included"] = "excluded"
    record_on: f.KnownDate | None = None
    ex_on: f.KnownDate | None = None

    def check(self) -> None:
        super().check()
        if (
            self.record_on
            and parse_days(self.record_on).first > parse_effective(self.effective_on).last
        ):
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                f"Shares cannot arrive on {self.effective_on} by a list of {self.record_on}.",
                "Give in effective_on the day on which the shares arrive, and in record_on that of"
                " the list of holders, which comes first.",
                "record_on",
            )


class SharesExchanged(Fractions, type="shares-exchanged", stream="register:{share_class}"):
    """Shares of a class are exchanged for shares of another issuer, for cash, for both or for
    nothing: a merger, an exchange offer, a squeeze-out, a class made void.

    All are, or those of ``holder``. Old shares are cancelled or pass to a party. Left out, unless
    ``excluded`` says otherwise, are the treasury's and those of the issuer of the new shares, of
    the taker and of the payer. The ``supply`` of what is received is new shares (also where
    unsaid), the treasury or a party. (Directive (EU) 2017/1132, art. 105(2).)
    """

    sentence = (
        "The {share_class}[ of {holder}] are exchanged[ for {ratio} {into_class}]"
        "[, for {cash} a share]"
    )
    example = {
        "share_class": "nido/common",
        "into_class": "corvo/common",
        "ratio": "3:5",
        "fractions": "cash",
        "fraction_price": "EUR 9.50",
    }

    holder: f.PartyId | None = None
    into_class: f.ClassId | None = None
    ratio: f.Ratio | None = None
    supply: f.Supply | None = None
    cash: f.Money | None = None
    cash_by: Literal["deal"] | None = None
    paid_by: f.PartyId | None = None
    old_shares: f.Taker = "cancelled"
    excluded: tuple[p.Excluded, ...] = ()
    votes: Literal["carried", "end"] = "carried"

    def check(self) -> None:
        super().check()
        if (self.into_class is None) != (self.ratio is None):
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                "New shares have a class and a ratio; one of them is missing.",
                "Give into_class and ratio, or neither.",
                "ratio",
            )
        if self.supply and not self.into_class:
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                "A supply is of shares that are received; none are.",
                "Give into_class and ratio, or leave supply out.", "supply",
            )  # fmt: skip
        if self.into_class == self.share_class:
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                f"{self.share_class} cannot be exchanged for itself.",
                "Name another class; for more or fewer shares of one class, shares-split.",
                "into_class",
            )


def check_price(shares: str, price: str | None, amount: str | None) -> None:
    """Refuse an amount that does not buy the shares at their price, to the last of their digits."""
    if price is None or amount is None:
        return
    each, whole = parse_price(price), parse_price(amount)
    if not each.amount or each.currency != whole.currency:
        return
    bought = _bought(shares, Fraction(whole.amount) / Fraction(each.amount))
    if bought != parse_balance(shares):
        raise Refused(
            Refusal.FIELDS_DISAGREE,
            f"{amount} buys {decimal(bought)} shares at {price} each, not {shares}.",
            "price is of one share, and amount of all of them: check both.",
            "amount",
        )


def _bought(shares: str, exactly: Fraction) -> Fraction:
    """What an amount buys, in shares as they are written: whole ones are rounded down; those with
    decimals may be rounded either way, as the amount may be."""
    told, unit = Fraction(parse_balance(shares)), 10 ** digits_of(shares)
    if unit > 1 and abs(exactly - told) * unit < 1:
        return told
    return Fraction(floor(exactly * unit), unit)


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
            "Name two classes of one issuer; shares of another issuer are given by"
            " shares-exchanged.",
            "into_class",
        )
