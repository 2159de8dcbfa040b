"""Parties: companies, persons, trusts, states and whoever else holds, signs or sits."""

from typing import Literal

from ledger.events import fields as f
from ledger.events.base import RecordKeeping


class PartyRegistered(RecordKeeping, type="party-registered", stream="party:{party}"):
    """A party the ledger may speak of, under an id that never changes."""

    sentence = "{name} is registered as {kind}"
    example = {"party": "nissan", "kind": "company", "name": "Nissan Motor Co., Ltd."}

    party: f.NewPartyId
    kind: Literal["company", "division", "trust", "person", "state", "fund", "alliance", "other"]
    name: f.Name
    lei: f.Lei | None = None


class PartyRenamed(RecordKeeping, type="party-renamed", stream="party:{party}"):
    """A party's name changed; its id stays."""

    sentence = "{party} is renamed {name}"
    example = {"party": "ampere", "name": "Ampere SAS", "effective_on": "2023-11-01"}

    party: f.PartyId
    name: f.Name


class PartyEnded(RecordKeeping, type="party-ended", stream="party:{party}"):
    """A party ceased to exist: dissolved, merged away, died."""

    sentence = "{party} ends[: {reason}]"
    example = {"party": "ampere", "effective_on": "2026-07-01"}

    party: f.PartyId
    reason: f.Text | None = None
