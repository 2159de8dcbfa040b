"""Who a name of a table is: by the ids file, by exact id, by an earlier import; never by name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping as Pairs
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from ledger.events.introspection import choices_of
from ledger.events.parties import PartyRegistered
from ledger.formats.drafts import Made, choice, digest
from ledger.formats.findings import Findings, Problem
from ledger.formats.headings import PARTY_KINDS, same_name, word_of
from ledger.formats.losses import Loss
from ledger.formats.mapping import Mapping
from ledger.formats.records import Record, Records
from ledger.formats.yaml_text import scalar
from ledger.intake.yaml import parse_yaml
from ledger.values.refusals import Refusal, Refused, shown
from ledger.values.text import checked_id, decoded

NEW = "new"
_TOLD_APART = ("holder", "person", "party")  # the fields that they are about
TELLING = ("born", "address")  # apart two of one name
KINDS = choices_of(PartyRegistered.model_fields["kind"].annotation)


class Known(Protocol):
    """What of a ledger a reader is told."""

    def has(self, subject: str) -> bool:
        """Whether a party, as ``party:ID``, or a share class, as ``class:ID``, is registered."""

    def named(self, name: str) -> Sequence[str]:
        """The parties that have, or had, an equal name."""

    def named_class(self, issuer: str, name: str) -> Sequence[str]:
        """The share classes of an issuer that have an equal name."""

    def name(self, party: str) -> str:
        """The name of a party; empty where it is not known."""

    def own(self, key: str) -> str:
        """The party that was registered under the end of a key of this namespace; or none."""


class NothingKnown:
    """Where there is no ledger."""

    def has(self, subject: str) -> bool:
        return False

    def named(self, name: str) -> Sequence[str]:
        return ()

    def named_class(self, issuer: str, name: str) -> Sequence[str]:
        return ()

    def name(self, party: str) -> str:
        return ""

    def own(self, key: str) -> str:
        return ""


def read_ids(raw: bytes, name: str) -> dict[str, str]:
    """The ids file: a name, as the table has it, and the party it is, or ``new``."""
    found: dict[str, str] = {}
    text = decoded(raw, name)
    for document, line in parse_yaml(text, name):
        if not isinstance(document, dict):
            raise Refused(
                Refusal.BAD_SHAPE, "It is no list of names and ids.",
                "Write a name and a party's id on each line: `Milo Fund: milo-fund`.",
                f"{name}:{line}",
            )  # fmt: skip
        for one, id in document.items():
            try:
                found[one] = checked_id(id if isinstance(id, str) else "")
            except Refused as refused:
                raise refused.at(f"{name}: {shown(one)}") from None
    return found


@dataclass
class Parties:
    """The parties of one table, and the registrations of those that are new."""

    known: Known
    ids: Pairs[str, str]
    mapping: Mapping
    records: Records
    found: Findings
    made: list[Made] = field(default_factory=list)
    _told: dict[str, str] = field(default_factory=dict)  # ids by identity
    _spelt: dict[str, str] = field(default_factory=dict)  # the first spelling of each name
    _taken: set[str] = field(default_factory=set)
    _respelt: set[tuple[int, str]] = field(default_factory=set)
    _kindless: list[str] = field(default_factory=list)

    def identity(self, line: Record, field: str) -> str:
        """The name of a party, with what tells it apart where two have it."""
        name = line.value(field)
        spelt = self._spelt.setdefault(same_name(name), name)
        if spelt != name and name not in self.ids and (line.row, field) not in self._respelt:
            self._respelt.add((line.row, field))
            why = f"it is read as the {shown(spelt)} of another row"
            place = self.records.place(line.row, field)
            self.found.lose(Loss("assumed", place, field, name, why), line.row)
        if name not in self.ids:
            name = spelt
        if same_name(name) not in self._twins:
            return name
        told = TELLING if field in _TOLD_APART else ()
        telling = next((line.value(one) for one in told if line.value(one)), "")
        if not telling and name not in self.ids and (line.row, field) not in self.found.told:
            self.found.refuse(
                Refusal.QUESTION_OPEN, self.records.place(line.row, field),
                f"Two are called {shown(name)}, and nothing in the row says which of them it is.",
                f"Write {' or '.join(TELLING)} in the row, or say in the ids file (--ids) who"
                f" {scalar(name)} is.", field, line.row,
            )  # fmt: skip
        return f"{name} ({telling})" if telling else name

    def id_of(self, line: Record, field: str) -> str:
        """The party that a cell names; a new one is registered, an open one is a question."""
        if field not in self.records.columns:
            return line.value(field)  # fixed by the mapping, which gives ids
        identity = self.identity(line, field)
        if identity not in self._told:
            self._told[identity] = self._found(identity, line, field)
        return self._told[identity]

    def ask_kinds(self) -> None:
        """Ask what the new parties are of which nothing says it."""
        names = list(dict.fromkeys(self._kindless))
        if not names:
            return
        listed = ", ".join(f"{scalar(name)}: company" for name in names[:5])
        more = f" and {len(names) - 5} more" if len(names) > 5 else ""
        self.found.ask(
            self.records.sheet.name,
            f"Nothing says of what kind these parties are: {', '.join(map(shown, names[:5]))}{more}"
            f" ({', '.join(KINDS)}).",
            "fixed: {party_kind: person}",
            f"party-kinds: {{{listed}}}",
        )

    @cached_property
    def _twins(self) -> frozenset[str]:
        """The names that stand for several parties, told apart by another column."""
        seen: dict[str, dict[str, tuple[int, str, str]]] = {}
        for line in self.records.lines:
            one = next((f for f in _TOLD_APART if line.value(f)), "")
            telling = next((line.value(f) for f in TELLING if line.value(f)), "")
            if one in self.records.columns and telling:
                name = line.value(one)
                told = seen.setdefault(same_name(name), {})
                told.setdefault(same_name(telling), (line.row, f"{name} ({telling})", one))
        twins = {name: list(told.values()) for name, told in seen.items() if len(told) > 1}
        for same in twins.values():
            if any(identity not in self.ids for _, identity, _ in same):
                self._ask_twins(same)
        return frozenset(twins)

    def _ask_twins(self, rows: Sequence[tuple[int, str, str]]) -> None:
        places = ", ".join(self.records.place(row, field) for row, _, field in rows)
        lines = "; ".join(f"`{scalar(identity)}: {NEW}`" for _, identity, _ in rows)
        self.found.refuse(
            Refusal.QUESTION_OPEN, places,
            "One name stands beside two dates of birth or addresses.",
            f"Say in the ids file (--ids) who they are: {lines}, or one party's id for both.",
        )  # fmt: skip

    def _found(self, identity: str, line: Record, field: str) -> str:
        name = self._spelt.get(same_name(line.value(field)), line.value(field))
        said = self.ids.get(identity, self.ids.get(name, ""))
        if said and said != NEW:
            if not self.known.has(f"party:{said}") and said not in self._taken:
                self._register(said, identity, name, line, field)
            return said
        key = f"party:{digest({'name': identity})}"
        if own := self.known.own(key):
            return own
        if self.known.has(f"party:{name}"):
            return name
        if not said and (equal := self.known.named(name)):
            place = self.records.place(line.row, field)
            answers = " or ".join(f"`{scalar(identity)}: {id}`" for id in (*equal, NEW))
            refused = Refused(
                Refusal.QUESTION_OPEN, f"The ledger has a party named {shown(name)}.",
                f"Say in the ids file (--ids) who it is: {answers}.", place,
            )  # fmt: skip
            self.found.problems.append(Problem(refused))
            return equal[0]
        id = self._free(slug(name))
        self._register(id, identity, name, line, field)
        return id

    def _free(self, wanted: str) -> str:
        id, number = wanted, 1
        while id in self._taken or self.known.has(f"party:{id}"):
            number += 1
            id = f"{wanted}-{number}"
        return id

    def _register(self, id: str, identity: str, name: str, line: Record, field: str) -> None:
        fields = {"party": id, "name": name, "kind": self._kind(name, line, field)}
        if lei := line.value("lei"):
            fields["lei"] = lei
        place = self.records.place(line.row, field)
        key = f"party:{digest({'name': identity})}"
        locator = self.records.locator(line.row, field)
        made = Made("party-registered", fields, key, line.row, locator, {"name": place})
        self.made.append(made)
        self._taken.add(id)

    def _kind(self, name: str, line: Record, field: str) -> str:
        kinds = self.mapping.pairs("party-kinds")
        if field == "person":
            return "person"
        if field in ("holder", "party") and (word := line.value("party_kind")):
            values = self.mapping.pairs("values").get("party_kind", {})
            kind = values.get(word) or word_of(PARTY_KINDS, word) or word
            if kind in KINDS:
                return str(kind)
            choice(self.records, line, "party_kind", word, KINDS, self.found)
            return "other"
        kind = kinds.get(name, self.mapping.pairs("fixed").get("party_kind", ""))
        if kind in KINDS:
            return str(kind)
        self._kindless.append(name)
        return "other"


def slug(name: str) -> str:
    """An id made from a name: its letters and digits, joined by hyphens."""
    plain = unicodedata.normalize("NFKD", name).casefold().replace("ß", "ss").replace("ø", "o")
    ascii_only = plain.encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_only.replace("'", "")).strip("-")[:56].strip("-")
    return words or f"party-{digest({'name': name})[:8]}"
