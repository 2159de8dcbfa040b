"""Relationships: who controls, belongs to, acts with or works for whom, from when to when."""

from typing import Literal

from ledger.events import fields as f
from ledger.events import parts as p
from ledger.events.base import Event
from ledger.values.refusals import Refusal, Refused


class RelationshipBegan(Event, type="relationship-began", stream="relationship:{relationship}"):
    """A party stands in a relationship to another: control, concert, membership, employment.

    ``party`` is the one that controls, belongs to, acts or works; ``of`` the other. A denial
    (``no-control``, ``no-concert``) names the law it is made ``for``.
    """

    sentence = "{party} enters a relationship with {of}: {kind}[, {band}][, {role}]"
    example = {
        "relationship": "nissan-in-the-alliance",
        "party": "nissan",
        "of": "alliance",
        "kind": "member",
    }

    relationship: f.RelationshipId
    party: f.PartyId
    of: f.PartyId
    kind: Literal[
        "control", "concert", "member", "influence", "significant-control", "profit-rights",
        "surplus-rights", "asset-use", "employment", "no-control", "no-concert", "unknown",
        "unpublished",
    ]  # fmt: skip
    basis: Literal["majority", "board", "contract", "articles", "law", "de-facto"] | None = None
    denied_for: Literal["accounting", "takeover-law", "disclosure-law", "agreement"] | None = None
    percent: f.Percent | None = None
    percent_to: f.Percent | None = None
    qualifier: f.Qualifier = "exactly"
    role: f.Text | None = None
    natures: tuple[p.Nature, ...] = ()

    def check(self) -> None:
        if self.party == self.of:
            raise Refused(
                Refusal.SAME_HOLDER,
                f"{self.party} has no relationship with itself.",
                "Name two parties.",
                "of",
            )
        p.check_band(self.percent, self.percent_to)
        if self.kind == "control" and self.standing == "official" and self.basis is None:
            raise Refused(
                Refusal.MISSING_FIELD,
                "Official control has no basis.",
                "Give basis: majority, board, contract, articles, law or de-facto.",
                "basis",
            )
        if self.kind.startswith("no-") != (self.denied_for is not None):
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                "A denial, and no other relationship, says for which law it is denied.",
                "Give denied_for with kind no-control or no-concert.",
                "denied_for",
            )


class RelationshipEnded(Event, type="relationship-ended", stream="relationship:{relationship}"):
    """A relationship ends; from that day on it no longer counts.

    ``manner`` and ``leaver`` are of those who worked for a company: by the manner it may depend how
    long their options last.
    """

    sentence = "The relationship {relationship} ends[ ({manner})][: {reason}]"
    example = {"relationship": "nissan-in-the-alliance"}

    relationship: f.RelationshipId
    reason: f.Text | None = None
    manner: f.Leaving | None = None
    leaver: Literal["good", "bad", "intermediate"] | None = None
