"""What bears on votes apart from title: multiple votes, suspensions and caps."""

from typing import Literal

from ledger.events import fields as f
from ledger.events.base import Event
from ledger.values.base_words import ClauseBase
from ledger.values.refusals import Refusal, Refused

Reach = Literal["own", "instructed", "controlled", "concert"]


class DoubleVotesGranted(
    Event, type="double-votes-granted", stream="register:{share_class}", schema=2
):
    """A holder's shares (all, or the number given) carry twice the votes of the class;
    with a ``factor``, so many times."""

    sentence = "{holder} gains double votes on[ {shares}] {share_class}"
    example = {"share_class": "renault/common", "holder": "nissan-finance", "shares": "44358343"}

    share_class: f.ClassId
    holder: f.PartyId
    shares: f.Shares | None = None
    factor: f.Shares | None = None
    lot: f.LotName | None = None


class DoubleVotesEnded(Event, type="double-votes-ended", stream="register:{share_class}", schema=2):
    """Double votes end, on all of a holder's shares or on the number given."""

    sentence = "{holder} loses double votes on[ {shares}] {share_class}"
    example = {"share_class": "renault/common", "holder": "nissan-finance"}

    share_class: f.ClassId
    holder: f.PartyId
    shares: f.Shares | None = None
    lot: f.LotName | None = None


class VotingRightsSuspended(
    Event, type="voting-rights-suspended", stream="votes:{issuer}", schema=2
):
    """A holder may not cast its votes (all, or of the shares given), as in circular holdings.

    It stays with the holder when shares are sold, those that are not suspended leaving first, or
    ``follows`` the shares to whoever receives them.
    """

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
    share_class: f.ClassId | None = None
    suspension: f.Word | None = None
    same_shares_as: f.Word | None = None
    until: f.AwaitedDate | None = None
    agreement: f.AgreementId | None = None
    reach: Reach | None = None
    follows: Literal["shares"] | None = None


class VotingRightsRestored(Event, type="voting-rights-restored", stream="votes:{issuer}", schema=2):
    """Suspended votes may be cast again."""

    sentence = "The votes of {holder} in {issuer} are restored[: {reason}]"
    example = {"issuer": "renault", "holder": "nissan-finance"}

    issuer: f.IssuerId
    holder: f.PartyId
    reason: f.Text | None = None
    suspension: f.Word | None = None


class VotingCapAgreed(Event, type="voting-cap-agreed", stream="votes:{issuer}", schema=2):
    """A holder, or every holder, may cast at most a percentage of the votes that can be cast.

    Every holder's cap, as articles have it, says ``every: yes`` and names no holder.
    """

    sentence = "{capped} caps its votes in {issuer} at {percent}%"
    example = {
        "issuer": "renault",
        "holder": "nissan-finance",
        "percent": "15",
        "agreement": "new-alliance-agreement",
    }

    issuer: f.IssuerId
    holder: f.PartyId | None = None
    every: f.YesNo | None = None
    percent: f.Percent
    agreement: f.AgreementId | None = None
    scope: f.Text | None = None
    cap: f.Word | None = None
    source: Literal["articles", "agreement", "law"] | None = None
    base: ClauseBase | None = None
    reach: Reach | None = None
    members: tuple[f.PartyId, ...] = ()
    until: f.AwaitedDate | None = None
    matters: tuple[f.Text, ...] = ()
    exceptions: tuple[f.Text, ...] = ()
    may_be_reached: f.YesNo | None = None
    survives_agreement: f.YesNo | None = None

    def check(self) -> None:
        _check_whose(self.holder, self.every)


class VotingCapLifted(Event, type="voting-cap-lifted", stream="votes:{issuer}", schema=2):
    """A cap on a holder's votes ends, or that on every holder's."""

    sentence = "The cap on the votes of {votes_of} in {issuer} is lifted"
    example = {"issuer": "renault", "holder": "nissan-finance"}

    issuer: f.IssuerId
    holder: f.PartyId | None = None
    every: f.YesNo | None = None
    cap: f.Word | None = None

    def check(self) -> None:
        _check_whose(self.holder, self.every)


def _check_whose(holder: str | None, every: str | None) -> None:
    """Refuse a cap of nobody, or of one and of all."""
    if (holder is None) == (every != "yes"):
        raise Refused(
            Refusal.FIELDS_DISAGREE,
            "A cap is on the votes of a holder, or on those of every holder.",
            "Give holder, or every yes.",
            "holder",
        )
