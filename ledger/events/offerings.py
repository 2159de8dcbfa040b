"""Offerings: listings and sales to the public, from the plan to the first day or the end."""

from ledger.events import fields as f
from ledger.events.base import Event


class OfferingStep(Event):
    """Base of every step of an offering."""

    offering: f.OfferingId


class OfferingConsidered(OfferingStep, type="offering-considered", stream="offering:{offering}"):
    """An offering is thought of as possible; nobody has planned it."""

    sentence = "An offering of {issuer} is considered[ for {window}][, {venue}]"
    example = {"offering": "nido-ipo", "issuer": "nido", "window": "2023-H2"}

    issuer: f.PartyId
    window: f.EffectiveDate | None = None
    venue: f.Text | None = None


class OfferingPlanned(
    OfferingStep, type="offering-planned", stream="offering:{offering}", schema=2
):
    """An issuer plans an offering, within a window."""

    sentence = "An offering of {issuer} is planned[ for {window}][, {venue}]"
    example = {"offering": "ampere-ipo", "issuer": "ampere", "window": "2023-H2"}

    issuer: f.PartyId
    window: f.EffectiveDate | None = None
    venue: f.Text | None = None


class OfferingRescheduled(
    OfferingStep, type="offering-rescheduled", stream="offering:{offering}", schema=2
):
    """The window of an offering moves."""

    sentence = "{offering} is rescheduled to {window}[: {reason}]"
    example = {"offering": "ampere-ipo", "window": "2024-H1"}

    window: f.EffectiveDate
    reason: f.Text | None = None


class OfferingCancelled(
    OfferingStep, type="offering-cancelled", stream="offering:{offering}", schema=2
):
    """An offering is called off."""

    sentence = "{offering} is cancelled[: {reason}]"
    example = {"offering": "ampere-ipo", "reason": "market conditions"}

    reason: f.Text | None = None


class OfferingCompleted(
    OfferingStep, type="offering-completed", stream="offering:{offering}", schema=2
):
    """An offering is carried out; the shares it issues or moves are events of the register."""

    sentence = "{offering} is completed[ at {price}]"
    example = {"offering": "ampere-ipo", "price": "EUR 10"}

    price: f.Money | None = None
