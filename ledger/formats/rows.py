"""What the readers of all tables share: one row's party, class, kind and price, or a question."""

from __future__ import annotations

import re
from collections.abc import Mapping as Pairs
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ledger.formats.drafts import Made, choice, need
from ledger.formats.findings import Findings
from ledger.formats.headings import KINDS, unit_of, word_of
from ledger.formats.losses import Loss
from ledger.formats.mapping import Mapping
from ledger.formats.parties import Parties, slug
from ledger.formats.records import Record, Records
from ledger.formats.yaml_text import scalar
from ledger.values.quantities import CURRENCIES
from ledger.values.refusals import Refusal, Refused, shown
from ledger.values.text import checked_class_id

_HUNDREDTHS = re.compile(r"[A-Z]{2}[a-z]|GBX|ZAC|p|c|¢|(?i:pence|penny|pennies|cents?|centimes?)")


@dataclass
class Rows:
    """The rows of one table with what is needed to make events of them."""

    records: Records
    mapping: Mapping
    found: Findings
    parties: Parties
    headings: Pairs[int, str]
    _classes: dict[tuple[str, str], str] = field(default_factory=dict)

    def need(self, line: Record, *fields: str) -> bool:
        """Whether a row has all the fields; what is missing is refused."""
        return need(self.records, line, self.found, *fields)

    def party(self, line: Record, field: str) -> str:
        """The id of a party that a row names; empty where it names none."""
        return self.parties.id_of(line, field) if line.value(field) else ""

    def share_class(self, line: Record) -> str:
        """The class of a row; a name of a class is one of the issuer that is said."""
        text = line.value("share_class")
        if "share_class" not in self.records.columns:
            return text
        return self._class(line, "share_class", text)

    def into_class(self, line: Record) -> str:
        """The class that shares of a row are converted into."""
        return self._class(line, "into_class", line.value("into_class"))

    def kind(self, line: Record) -> str:
        """The event type that a row's word for a movement stands for; empty where unknown."""
        text = line.value("kind")
        said = self.mapping.pairs("values").get("kind", {})
        if text in said and said[text] not in KINDS:
            choice(self.records, line, "kind", said[text], tuple(KINDS), self.found)
            return ""
        kind = str(said.get(text) or (text if text in KINDS else word_of(KINDS, text)))
        if kind in KINDS:
            self._tell("kind", text, kind)
            return kind
        choice(self.records, line, "kind", text, tuple(KINDS), self.found)
        return ""

    def price(self, line: Record) -> str:
        """The price of a row, with its currency; empty where there is none."""
        amount = line.value("price")
        if not amount:
            return ""
        if not amount.strip("0."):
            place, why = self.records.place(line.row, "price"), "a price is above zero"
            self.found.lose(Loss("not-carried", place, "price", amount, why), line.row)
            return ""
        heading = self.headings.get(self.records.columns.get("price", -1), "")
        unit = unit_of(heading)
        written = line.value("currency") or unit
        if _HUNDREDTHS.fullmatch(written):
            self.found.refuse(
                Refusal.BAD_CHOICE, self.records.place(line.row, "price"),
                f"Its unit, {shown(written)}, is a hundredth of a currency.",
                "Write the price in the currency itself, 2.50 for 250 pence, and say so.",
                "price", line.row,
            )  # fmt: skip
            return ""
        unit = unit.upper()
        currency = line.value("currency").upper() or (unit if unit in CURRENCIES else "")
        if currency in CURRENCIES:
            return f"{currency} {amount}"
        if line.value("currency"):
            self.found.refuse(
                Refusal.BAD_CHOICE, self.records.place(line.row, "currency"),
                f"{shown(line.value('currency'))} is not the code of a currency.",
                "Write its ISO 4217 code, such as EUR.", "currency", line.row,
            )  # fmt: skip
        elif not any(p.line == "fixed: {currency: EUR}" for p in self.found.problems):
            place = self.records.place(line.row, "price")
            self.found.ask(place, "Nothing says the currency of the price.",
                           "fixed: {currency: EUR}")  # fmt: skip
        return ""

    def made(self, line: Record, type_name: str, key: str, at: str, **fields: Any) -> Made:
        """An event that a row gives, without the fields that have no value."""
        cells = {name: self.records.place(line.row, name) for name in self.records.columns}
        said = {name: value for name, value in fields.items() if value}
        return Made(type_name, said, key, line.row, self.records.locator(line.row, at), cells)

    def resolved(self) -> Sequence[Pairs[str, str]]:
        """What each row says, with classes and kinds by their ids and names told apart."""
        found = []
        for line in self.records.lines:
            values = dict(line.values)
            for name in ("holder", "person", "party"):
                if name in values:
                    values[name] = self.parties.identity(line, name)
            if values.get("share_class"):
                values["share_class"] = self.share_class(line)
            found.append(values)
        return found

    def _class(self, line: Record, field: str, text: str) -> str:
        issuer = self.party(line, "issuer")
        if (issuer, text) not in self._classes:
            self._classes[issuer, text] = self._found_class(line, field, text, issuer)
        return self._classes[issuer, text]

    def _found_class(self, line: Record, field: str, text: str, issuer: str) -> str:
        place = self.records.place(line.row, field)
        said = self.mapping.pairs("values").get("share_class", {}).get(text, "")
        if not said and "/" in text:
            try:
                said = checked_class_id(text)
            except Refused:
                said = ""
        if not said and not issuer:
            self.found.ask(place, f"Nothing says whose class {shown(text)} is.",
                           "fixed: {issuer: ID}",
                           f"values: {{share_class: {{{scalar(text)}: ID/CLASS}}}}")  # fmt: skip
            return ""
        if not said:
            said = f"{issuer}/{slug(text)}"
            others = self.parties.known.named_class(issuer, text)
            if others and not self.parties.known.has(f"class:{said}"):
                self.found.ask(place, f"{issuer} has a class named {shown(text)}.",
                               *(f"values: {{share_class: {{{scalar(text)}: {one}}}}}"
                                 for one in (*others, said)))  # fmt: skip
        self._tell("share_class", text, said)
        return str(said)

    def _tell(self, field: str, text: str, value: str) -> None:
        """Keep how a word was read, for the mapping in full."""
        if text == value:
            return
        values = self.found.said.setdefault("values", {})
        values.setdefault(field, {})[text] = value
