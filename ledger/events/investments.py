"""Investments: one id, one commitment, however often it is announced."""

from typing import Literal

from ledger.events import fields as f
from ledger.events.base import Event


class InvestmentStep(Event):
    """Base of every step of an investment; amounts restate the investment, payments add up."""

    investment: f.InvestmentId
    amount: f.Money | None = None
    qualifier: f.Qualifier = "exactly"


class InvestmentIntended(InvestmentStep):
    """Base of the steps that say who means to invest in whom, and for what share."""

    investor: f.PartyId
    investee: f.PartyId
    percent: f.Percent | None = None
    percent_qualifier: f.Qualifier = "exactly"
    kind: Literal["equity", "debt", "margin-loan", "in-kind", "guarantee"] | None = None
    within: f.InvestmentId | None = None
    share_class: f.ClassId | None = None
    shares: f.Shares | None = None
    until: f.AwaitedDate | None = None


_TERMS = "[ {qualifier}{amount}] in {investee}[, for {percent_qualifier}{percent}%]"
_BOTH = {"investment": "nissan-in-ampere", "investor": "nissan", "investee": "ampere"}


class InvestmentConsidered(
    InvestmentIntended, type="investment-considered", stream="investment:{investment}", schema=2
):
    """Somebody thinks about investing."""

    sentence = "{investor} considers investing" + _TERMS
    example = _BOTH


class InvestmentPlanned(
    InvestmentIntended, type="investment-planned", stream="investment:{investment}", schema=2
):
    """Somebody intends to invest, without being bound."""

    sentence = "{investor} plans to invest" + _TERMS
    example = {**_BOTH, "percent": "15", "percent_qualifier": "at-most"}


class InvestmentCommitted(
    InvestmentIntended, type="investment-committed", stream="investment:{investment}", schema=2
):
    """Somebody is bound to invest."""

    sentence = "{investor} commits to invest" + _TERMS
    example = {**_BOTH, "amount": "EUR 600000000", "qualifier": "at-most"}


class InvestmentConfirmed(
    InvestmentStep, type="investment-confirmed", stream="investment:{investment}", schema=2
):
    """An announced investment is announced again; nothing is added to it."""

    sentence = "The investment {investment} is confirmed[: {qualifier}{amount}]"
    example = {"investment": "nissan-in-ampere", "amount": "EUR 600000000"}


class InvestmentPaid(
    InvestmentStep, type="investment-paid", stream="investment:{investment}", schema=2
):
    """Money is paid in, whole or a part."""

    sentence = "The investment {investment} is paid[: {qualifier}{amount}]"
    example = {"investment": "nissan-in-ampere", "amount": "EUR 600000000"}


class InvestmentReleased(
    InvestmentStep, type="investment-released", stream="investment:{investment}", schema=2
):
    """The investor is released from its commitment, or gives up its plan."""

    sentence = "The investment {investment} is released[: {reason}]"
    example = {"investment": "nissan-in-ampere", "reason": "agreed with the investee"}

    reason: f.Text | None = None
