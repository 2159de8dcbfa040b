"""Instruments: options, warrants, convertibles and what else may become shares one day."""

from typing import Literal

from ledger.events import fields as f
from ledger.events import parts as p
from ledger.events.base import Event
from ledger.events.capital import Movement
from ledger.events.share_classes import check_class_of
from ledger.values.refusals import Refusal, Refused

WITHOUT_SHARES = ("convertible", "future-equity")  # how many they become is not known at first


class PoolReserved(Event, type="pool-reserved", stream="pool:{pool}"):
    """Shares are set aside for grants: the new total of the pool."""

    sentence = "The pool {pool} is {shares} {share_class}"
    example = {
        "pool": "plan-2023",
        "issuer": "corvo",
        "share_class": "corvo/common",
        "shares": "1500",
    }

    pool: f.PoolId
    issuer: f.IssuerId
    share_class: f.ClassId
    shares: f.Shares

    def check(self) -> None:
        check_class_of(self.issuer, self.share_class)


class InstrumentTerms(Event):
    """Base of what grants an instrument and what changes its terms: the terms.

    Vesting is by the list of ``vests``, or by months: nothing before the ``cliff``, then the floor
    of shares x months / ``months``, every ``every`` months, from ``vests_from``. ``discount`` is
    what is taken off the price: 20 for 20% off. What has vested by the end of ``vests_while`` may
    be exercised for ``window_after_leaving`` more, or as ``windows`` say for a manner of leaving.
    ``scheme`` is the kind of plan for tax: emi, iso, nso.
    """

    instrument: f.InstrumentId
    shares: f.Shares | None = None
    exercise_price: f.Price | None = None
    expires_on: f.AwaitedDate | None = None
    vests: tuple[p.Vesting, ...] = ()
    months: f.Shares | None = None
    cliff: f.Count | None = None
    every: f.Shares | None = None
    vests_from: f.KnownDate | None = None
    vests_while: f.RelationshipId | None = None
    exercisable: Literal["vested", "exit", "from-grant"] | None = None
    window_after_leaving: f.Window | None = None
    windows: tuple[p.LeaverWindow, ...] = ()
    scheme: f.Word | None = None
    cap: f.Money | None = None
    cap_base: Literal["post-money", "pre-money"] | None = None
    discount: f.Percent | None = None
    interest: f.Percent | None = None
    interest_method: Literal["simple", "compound"] | None = None
    day_count: Literal["act/365", "act/360", "30/360"] | None = None
    matures_on: f.AwaitedDate | None = None
    longstop_on: f.AwaitedDate | None = None
    longstop_price: f.Money | None = None
    longstop_cap: f.Money | None = None
    most_favoured: f.YesNo | None = None
    converts_into: Literal["standard", "own-series"] | None = None
    terms: f.Text | None = None


class InstrumentGranted(
    InstrumentTerms, type="instrument-granted", stream="instrument:{instrument}"
):
    """A holder gains a right to shares, or to their worth; nothing moves.

    A call or a put has a ``writer``, who must deliver or buy; unsaid, it is the issuer. One that is
    only ``promised`` is counted apart from those granted.
    """

    sentence = "{holder} is granted {kind} {instrument}[ on {shares} {share_class}]"
    example = {
        "instrument": "cleo-1",
        "kind": "option",
        "holder": "cleo",
        "share_class": "corvo/common",
        "shares": "600",
        "exercise_price": "EUR 2",
        "pool": "plan-2023",
        "expires_on": "2033-02-01",
        "vests": [
            {"on": "2024-02-01", "shares": "150"},
            {"on": "2027-02-01", "shares": "450"},
        ],
    }

    kind: Literal[
        "option", "warrant", "convertible", "future-equity", "share-unit", "phantom", "call", "put"
    ]
    holder: f.PartyId
    issuer: f.IssuerId | None = None
    share_class: f.ClassId | None = None
    principal: f.Money | None = None
    pool: f.PoolId | None = None
    writer: f.PartyId | None = None
    status: Literal["granted", "promised"] = "granted"
    highest_exercise_price: f.Price | None = None

    def check(self) -> None:
        if (self.shares or self.principal) is None:
            raise Refused(
                Refusal.MISSING_FIELD,
                "An instrument is on shares or on a principal.",
                "Give shares, or principal.",
                "shares",
            )
        if self.share_class is None and (
            self.kind not in (*WITHOUT_SHARES, "phantom") or self.issuer is None
        ):
            raise Refused(
                Refusal.MISSING_FIELD,
                f"Nothing says what shares the {self.kind} is on.",
                "Give share_class; a convertible, future equity or phantom may give issuer alone.",
                "share_class",
            )
        if self.share_class is not None and self.issuer is not None:
            check_class_of(self.issuer, self.share_class)
        if self.pool is not None and self.principal is not None:
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                "A pool is of shares; an instrument on a principal takes none from it.",
                "Leave pool out.",
                "pool",
            )
        if self.writer == self.holder:
            raise Refused(
                Refusal.SAME_HOLDER,
                f"{self.holder} would be bound to itself.",
                "Name another writer; unsaid, it is the issuer.",
                "writer",
            )


class InstrumentAmended(
    InstrumentTerms, type="instrument-amended", stream="instrument:{instrument}"
):
    """Terms of an instrument change; those given replace the earlier ones, the others stay."""

    sentence = "The terms of {instrument} change: {because}"
    example = {"instrument": "cleo-1", "because": "repricing", "exercise_price": "EUR 1"}

    because: f.Text


class InstrumentVested(Event, type="instrument-vested", stream="instrument:{instrument}"):
    """So many shares of an instrument vest beyond its schedule: by acceleration, or a condition."""

    sentence = "{shares} shares of {instrument} vest"
    example = {"instrument": "cleo-1", "shares": "150"}

    instrument: f.InstrumentId
    shares: f.Shares
    accelerated: f.YesNo | None = None


class InstrumentTransferred(Event, type="instrument-transferred", stream="instrument:{instrument}"):
    """An instrument passes to another holder; a part of it under a new id, ``into``."""

    sentence = "[{shares} of ]the instrument {instrument} passes to {transferee}[ at {price}]"
    example = {"instrument": "warrant-7", "transferee": "ben"}

    instrument: f.InstrumentId
    transferee: f.PartyId
    shares: f.Shares | None = None
    into: f.InstrumentId | None = None
    price: f.Price | None = None

    def check(self) -> None:
        if (self.shares is None) != (self.into is None):
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                "A part that passes has a number of shares and an id of its own.",
                "Give shares and into, or neither.",
                "into",
            )


class InstrumentExercised(Movement, type="instrument-exercised", stream="instrument:{instrument}"):
    """An instrument is used: shares come out of it, pass, or cash is paid.

    ``quantity`` is how many of its shares are used up, ``amount`` how much of principal and
    interest; ``shares`` is what is received, where that differs. ``share_class`` is the class
    received. ``settled`` says whence: new shares, the treasury, a transfer from the
    ``counterparty`` (of a put, which the holder ``delivers``, to it), or cash alone.
    """

    sentence = "{holder} exercises {instrument}: {received}[ at {price}]"
    example = {
        "instrument": "cleo-1",
        "share_class": "corvo/common",
        "holder": "cleo",
        "quantity": "100",
        "settled": "new",
        "price": "EUR 1",
    }

    instrument: f.InstrumentId
    holder: f.PartyId
    settled: Literal["new", "treasury", "transfer", "cash"]
    quantity: f.Shares | None = None
    shares: f.Shares | None = None
    amount: f.Money | None = None
    price: f.Price | None = None
    cash_for_fraction: f.Price | None = None
    counterparty: f.PartyId | None = None
    delivers: Literal["counterparty", "holder"] | None = None
    early: f.YesNo | None = None

    def check(self) -> None:
        passes = self.settled == "transfer"
        if passes != (self.counterparty is not None) or (self.delivers and not passes):
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                "Shares pass between the holder and a counterparty where settled is transfer, and"
                " only there.",
                "Give settled transfer and counterparty, the writer, together.",
                "counterparty",
            )
        if self.counterparty == self.holder:
            raise Refused(
                Refusal.SAME_HOLDER,
                f"{self.holder} would pass shares to itself.",
                "Name another counterparty.",
                "counterparty",
            )
        if (self.quantity or self.shares) is None and (
            self.amount is None or self.settled != "cash"
        ):
            raise Refused(
                Refusal.MISSING_FIELD,
                "Nothing says how many shares are exercised, or received.",
                "Give quantity; of a principal, shares (what is received) and amount.",
                "quantity",
            )


class InstrumentEnded(Event, type="instrument-ended", stream="instrument:{instrument}"):
    """An instrument ends without being exercised, in whole or on so many shares.

    ``cash`` is what is paid for each share of it, its exercise price already taken off.
    """

    sentence = "{instrument} ends[ on {quantity} shares]: {reason}[, {paid_out}]"
    example = {
        "instrument": "cleo-1",
        "reason": "forfeited",
        "quantity": "200",
        "returns_to_pool": "yes",
    }

    instrument: f.InstrumentId
    reason: Literal[
        "expired", "lapsed", "forfeited", "cancelled", "redeemed", "withdrawn", "cashed-out"
    ]
    quantity: f.Shares | None = None
    returns_to_pool: f.YesNo | None = None
    cash: f.Price | None = None
    payable: Literal["now", "as-vested"] | None = None
