"""Rights in shares of another holder, and restrictions on shares: title does not move."""

from typing import Literal

from ledger.events import fields as f
from ledger.events import parts as p
from ledger.events.base import Event
from ledger.values.refusals import Refusal, Refused


class ShareRightGranted(Event, type="share-right-granted", stream="right:{right}"):
    """A party gains a right in a holder's shares; title, votes, benefit and disposal are apart.

    ``votes`` are the holder's unless said: ``to`` the other, as it instructs, or by matter, where
    ``votes_on`` lists the matters on which the other votes. (Directive 2004/109/EC, art. 10.)
    """

    sentence = "{gained} on[ {shares}] {share_class} of {holder}"
    example = {
        "right": "usufruct-1",
        "share_class": "corvo/common",
        "holder": "ann",
        "to": "ben",
        "kind": "usufruct",
        "shares": "100",
        "votes": "by-matter",
        "votes_on": ["ordinary meeting"],
        "dividends": "to",
    }

    right: f.RightId
    share_class: f.ClassId
    holder: f.PartyId
    to: f.PartyId
    kind: Literal["pledge", "usufruct", "nominee", "custody", "loan", "proxy", "own-shares"]
    shares: f.Shares | None = None
    votes: Literal["holder", "to", "by-matter", "as-instructed"] | None = None
    votes_on: tuple[f.Text, ...] = ()
    dividends: Literal["holder", "to"] | None = None
    disposal: Literal["holder", "to", "both"] | None = None
    meeting: f.MeetingId | None = None
    until: f.AwaitedDate | None = None
    votes_from: f.ConditionId | None = None

    def check(self) -> None:
        if self.to == self.holder:
            raise Refused(
                Refusal.SAME_HOLDER,
                f"{self.holder} has every right in its own shares.",
                "Name another party.",
                "to",
            )
        if (self.votes == "by-matter") != bool(self.votes_on):
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                "Votes go by matter where the matters are named, and only there.",
                "Give votes by-matter and votes_on together.",
                "votes_on",
            )


class ShareRightEnded(Event, type="share-right-ended", stream="right:{right}"):
    """A right in shares falls away, in whole or on so many shares.

    What passes to another inside a nominee names the right that follows it in ``to_next``.
    """

    sentence = "The right {right} ends[ on {shares} shares][: {reason}]"
    example = {"right": "usufruct-1", "reason": "term"}

    right: f.RightId
    shares: f.Shares | None = None
    reason: f.Text | None = None
    to_next: f.RightId | None = None
    price: f.Price | None = None


class SharesRestricted(Event, type="shares-restricted", stream="restriction:{restriction}"):
    """A holder's shares vest over time, or are held back: they vote, and may be bought back.

    They vest by the list of ``vests``, or by months: nothing before the ``cliff``, then the floor
    of shares x months / ``months``, every ``every`` months.
    """

    sentence = "{shares} {share_class} of {holder} are restricted"
    example = {
        "restriction": "ann-founder",
        "share_class": "corvo/common",
        "holder": "ann",
        "shares": "4800",
        "months": "48",
        "cliff": "12",
        "vests_from": "2024-01-01",
        "repurchase_price": "EUR 0.01",
    }

    restriction: f.RestrictionId
    share_class: f.ClassId
    holder: f.PartyId
    shares: f.Shares
    vests: tuple[p.Vesting, ...] = ()
    months: f.Shares | None = None
    cliff: f.Count | None = None
    every: f.Shares | None = None
    vests_from: f.KnownDate | None = None
    vests_while: f.RelationshipId | None = None
    repurchase_price: f.Price | None = None
    held_back_by: f.PartyId | None = None


class RestrictionEnded(Event, type="restriction-ended", stream="restriction:{restriction}"):
    """A restriction ends, on all shares or on a number: they vest at once, or were bought back.

    That of shares from an early exercise goes by the id of the instrument.
    """

    sentence = "The restriction {restriction} ends[ on {shares} shares][: {reason}]"
    example = {"restriction": "ann-founder", "reason": "sale of the company"}

    restriction: f.RestrictionId
    shares: f.Shares | None = None
    reason: f.Text | None = None
