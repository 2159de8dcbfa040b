"""Dividends: what is declared and paid a share, out of what, and what holders may choose."""

from typing import Literal

from ledger.events import fields as f
from ledger.events import parts as p
from ledger.events.base import Event
from ledger.values.refusals import Refusal, Refused

OutOf = Literal["profit", "premium", "capital", "gains", "sale-proceeds", "liquidation"]


class DividendDeclared(Event, type="dividend-declared", stream="register:{share_class}", schema=2):
    """A dividend is decided: an amount a share, a total, or shares in kind.

    Who is entitled is settled at the end of ``record_on``; ``ex_on`` is told and computes nothing.
    """

    sentence = (
        "A dividend[ of {per_share} a share][ of {amount} in all][ of {ratio} {in_class}] is"
        " declared on {share_class}[, payable on {payable_on}]"
    )
    example = {"share_class": "nissan/common", "per_share": "JPY 15", "payable_on": "2024-06-26"}

    share_class: f.ClassId
    per_share: f.Money | None = None
    amount: f.Money | None = None
    in_class: f.ClassId | None = None
    ratio: f.Ratio | None = None
    at_most: f.Shares | None = None
    record_on: f.KnownDate | None = None
    ex_on: f.KnownDate | None = None
    payable_on: f.AwaitedDate | None = None
    dividend: f.DividendId | None = None
    out_of: OutOf | None = None
    options: tuple[p.Option, ...] = ()
    default_option: f.Word | None = None

    def check(self) -> None:
        if (self.per_share or self.amount or self.in_class) is None and not self.options:
            raise Refused(
                Refusal.MISSING_FIELD,
                "Nothing says what the dividend is.",
                "Give per_share, amount, in_class or options.",
                "per_share",
            )
        if (self.in_class is None) != (self.ratio is None):
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                "A dividend in kind has a class and a ratio; one of them is missing.",
                "Give in_class and ratio, or neither.",
                "ratio",
            )


class DividendPaid(Event, type="dividend-paid", stream="register:{share_class}", schema=2):
    """A dividend per share is paid: to all holders, or to the one named."""

    sentence = "A dividend of {per_share} a share is paid on {share_class}[ to {holder}]"
    example = {"share_class": "nissan/common", "per_share": "JPY 15"}

    share_class: f.ClassId
    per_share: f.Money
    dividend: f.DividendId | None = None
    out_of: OutOf | None = None
    holder: f.PartyId | None = None
    option: f.Word | None = None
