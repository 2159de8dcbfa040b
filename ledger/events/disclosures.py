"""Disclosures: positions and totals that a source states, which the register is held against."""

from typing import Literal

from ledger.events import fields as f
from ledger.events.base import Event
from ledger.events.parts import check_band
from ledger.events.share_classes import check_class_of
from ledger.values.base_words import AssertedTotal, DisclosedBase
from ledger.values.refusals import Refusal, Refused


class StakeDisclosed(Event, type="stake-disclosed", stream="disclosure:{issuer}", schema=2):
    """A position a source states: a check on the register, or where there is none, the position.

    ``interest`` is ``direct`` for shares the holder is registered with, ``aggregate`` when shares
    held for it in trust are counted with them, ``indirect`` through others, ``group`` with all that
    is attributed to it. The effective date is the day on which the number is true, ``triggered_on``
    the day that made the notice due, ``base_on`` the day of its denominator.
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
    shares: f.Held | None = None
    votes: f.Balance | None = None
    percent: f.Percent | None = None
    percent_to: f.Percent | None = None
    percent_of: DisclosedBase | None = None
    qualifier: f.StakeQualifier = "exactly"
    interest: Literal["direct", "aggregate", "indirect", "group"] = "direct"
    form: f.Text | None = None
    triggered_on: f.KnownDate | None = None
    base_on: f.KnownDate | None = None
    replaces: f.EventKey | None = None

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
        check_band(self.percent, self.percent_to)
        if self.share_class is not None:
            check_class_of(self.issuer, self.share_class)


class BalanceAsserted(Event, type="balance-asserted", stream="register:{share_class}", schema=2):
    """What the register must say on a date, of a holder or a total: a check, not a movement.

    A total of ``capital`` or of votes is the issuer's, of all its classes, whichever is named.
    """

    sentence = "Asserted of {share_class}: {shares}[ held by {holder}][ {total}]"
    example = {"share_class": "nissan/common", "total": "issued", "shares": "3713998612"}

    share_class: f.ClassId
    shares: f.Held
    holder: f.PartyId | None = None
    total: AssertedTotal | None = None

    def check(self) -> None:
        if (self.holder is None) == (self.total is None):
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                "A balance is a holder's or a total, one of the two.",
                "Give holder, or total.",
                "total",
            )
