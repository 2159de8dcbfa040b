"""Parties: companies, persons, trusts, states and whoever else holds, signs or sits."""

from typing import Annotated, Literal

from ledger.events import fields as f
from ledger.events import parts as p
from ledger.events.base import Event, RecordKeeping
from ledger.values.refusals import Refusal, Refused

UnspecifiedBecause = Literal[
    "no-beneficial-owners", "subject-unable-to-confirm", "interested-party-has-not-provided",
    "subject-exempt-from-disclosure", "interested-party-exempt-from-disclosure", "unknown",
    "information-unknown-to-publisher",
]  # fmt: skip


class PartyRegistered(RecordKeeping, type="party-registered", stream="party:{party}", schema=2):
    """A party the ledger may speak of, under an id that never changes.

    A party of kind ``joint`` is several members who are one holder of the register, in order.
    """

    sentence = "{name} is registered as {kind}"
    example = {"party": "nissan", "kind": "company", "name": "Nissan Motor Co., Ltd."}

    party: f.NewPartyId
    kind: Literal[
        "company", "division", "trust", "person", "state", "fund", "alliance", "joint", "estate",
        "unknown", "other",
    ]  # fmt: skip
    name: Annotated[f.Name, f.PERSONAL]
    lei: f.Lei | None = None
    aliases: Annotated[tuple[f.Name, ...], f.PERSONAL] = ()
    identifiers: Annotated[tuple[p.Identifier, ...], f.PERSONAL] = ()
    registration: Annotated[f.Text, f.PERSONAL] | None = None
    members: tuple[f.PartyId, ...] = ()
    capacity: Literal["owners", "trustees", "personal-representatives"] | None = None
    designation: f.Text | None = None
    unspecified_because: UnspecifiedBecause | None = None

    def check(self) -> None:
        if (self.kind == "joint") != bool(self.members):
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                "A joint party, and no other, has members.",
                "Give members with kind joint, in the order of the register.",
                "members",
            )
        if len(set(self.members)) != len(self.members) or self.party in self.members:
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                "A member is named twice, or the party itself is.",
                "Name each member once.",
                "members",
            )
        if self.unspecified_because is not None and self.kind != "unknown":
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                f"A {self.kind} is specified.",
                "Leave unspecified_because out, or give kind unknown.",
                "unspecified_because",
            )


class PartyRenamed(RecordKeeping, type="party-renamed", stream="party:{party}", schema=2):
    """A party's name changed; its id stays."""

    sentence = "{party} is renamed {name}"
    example = {"party": "ampere", "name": "Ampere SAS", "effective_on": "2023-11-01"}

    party: f.PartyId
    name: Annotated[f.Name, f.PERSONAL]


class PartyEnded(RecordKeeping, type="party-ended", stream="party:{party}", schema=2):
    """A party ceased to exist: dissolved, merged away, died."""

    sentence = "{party} ends[: {reason}]"
    example = {"party": "ampere", "effective_on": "2026-07-01", "manner": "dissolution"}

    party: f.PartyId
    reason: f.Text | None = None
    manner: (
        Literal["dissolution", "merger", "demerger", "conversion", "death", "struck-off"] | None
    ) = None
    successors: tuple[f.PartyId, ...] = ()

    def check(self) -> None:
        if self.party in self.successors:
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                f"{self.party} cannot succeed itself.",
                "Name other parties; what lives on under another name is party-renamed.",
                "successors",
            )


class PartyDetailsChanged(Event, type="party-details-changed", stream="party:{party}"):
    """What registers print of a party changed: address, legal form, law, identifiers, aliases."""

    sentence = "The details of {party} change"
    example = {"party": "ampere", "address": "122 avenue du General Leclerc, Boulogne-Billancourt"}

    party: f.PartyId
    address: Annotated[f.Text, f.PERSONAL] | None = None
    address_kind: Literal["registered-office", "service", "inspection-place"] | None = None
    legal_form: f.Text | None = None
    jurisdiction: f.Word | None = None
    home_state: f.Word | None = None
    lei: f.Lei | None = None
    registration: Annotated[f.Text, f.PERSONAL] | None = None
    aliases: Annotated[tuple[f.Name, ...], f.PERSONAL] = ()
    identifiers: Annotated[tuple[p.Identifier, ...], f.PERSONAL] = ()
    born: Annotated[f.KnownDate, f.PERSONAL] | None = None
    nationality: Annotated[f.Text, f.PERSONAL] | None = None
    occupation: Annotated[f.Text, f.PERSONAL] | None = None
    country_of_residence: Annotated[f.Text, f.PERSONAL] | None = None
    former_names: Annotated[tuple[f.Name, ...], f.PERSONAL] = ()

    def check(self) -> None:
        told = f.given(self) - Event.model_fields.keys() - {"party", "address_kind"}
        if not told:
            raise Refused(
                Refusal.MISSING_FIELD,
                "Nothing about the party changes.",
                "Give an address, a legal form, a jurisdiction or another detail.",
                "address",
            )
        if self.address_kind is not None and self.address is None:
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                "A kind of address is given without the address.",
                "Give address, or leave address_kind out.",
                "address_kind",
            )


class PartiesIdentified(RecordKeeping, type="parties-identified", stream="party:{party}"):
    """Two ids are one party: answers fold ``same_as`` into ``party``.

    Found to be two after all, the event is retracted.
    """

    sentence = "{same_as} is the same party as {party}: {because}"
    example = {
        "party": "nissan-finance",
        "same_as": "nissan-financial-services",
        "because": "one LEI",
    }

    party: f.PartyId
    same_as: f.PartyId
    because: f.Text

    def check(self) -> None:
        if self.party == self.same_as:
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                f"{self.party} is itself.",
                "Name two ids.",
                "same_as",
            )


class PartyStatusChanged(Event, type="party-status-changed", stream="party:{party}"):
    """A party's standing in law changed: wound up, insolvent, struck off, nationalised, restored.

    A restoration ``as_if_never_ended`` makes the days between count as if it had never ended.
    """

    sentence = "{party} is now {status}[, by {by}][: {reason}]"
    example = {"party": "acme", "status": "in-liquidation", "reason": "resolution of the members"}

    party: f.PartyId
    status: Literal[
        "active", "in-liquidation", "insolvent", "in-administration", "in-receivership", "frozen",
        "struck-off", "nationalised", "restored",
    ]  # fmt: skip
    by: f.PartyId | None = None
    reason: f.Text | None = None
    as_if_never_ended: f.YesNo | None = None

    def check(self) -> None:
        if self.as_if_never_ended is not None and self.status != "restored":
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                f"as_if_never_ended belongs to a restoration, not to {self.status}.",
                "Give status restored, or leave it out.",
                "as_if_never_ended",
            )
