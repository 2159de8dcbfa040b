"""Events in sentences: the wording of each type, with names for people or with ids for programs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any, Protocol

from ledger.events.references import COMMON, REFERENCES
from ledger.model.fact import Fact
from ledger.time.declared import REFERRING, declaration_of
from ledger.time.view import View
from ledger.values.dates import is_date, worded
from ledger.values.quantities import CURRENCIES, Amount
from projections.told import counted

SHARES_OF = ("shares", "stock", "units", "rights", "warrants", "receipts")  # how a label may end
_ONE_OF = ("share", "unit", "right", "warrant", "receipt")
_COUNTS = ("shares", "votes", "quantity", "taken", "accepted")
_MONEY = (
    "amount",
    "per_share",
    "price",
    "cash",
    "exercise_price",
    "repurchase_price",
    "fraction_price",
)
_HYPHENED = ("attribute", "voting", "kind", "status", "outcome", "step", "reason", "to", "manner")
_CHOICE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")  # a word of a list or an id, no text
_FROM = 10_000  # numbers of unknown meaning are grouped from here on: they are no years
_PREPOSITION = re.compile(r"\b(on|for) (?=(by|not before|between) [0-9]{4})")  # of a date in words
_WORDS = {
    "manner": {"sale": "sells", "return": "returns"},
    "total": {"treasury": "in treasury"},
    "supply": {"new": "new shares", "treasury": "the treasury"},
    "fractions": {
        "refuse": "refused",
        "cash": "paid in cash",
        "down": "rounded down",
        "up": "rounded up",
        "nearest": "rounded to the nearest share",
        "to-party": "given",
        "issue": "issued",
    },
    "percent_of": {
        "issued": "of the issued shares",
        "outstanding": "of the outstanding shares",
        "votes": "of the votes",
        "unstated": "(of what is not stated)",
    },
}


class Naming(Protocol):
    """What gives names for ids: ``projections.names.Names`` at a cut."""

    view: View

    def short(self, kind: str, id: str) -> str:
        """The name of something, a party's without its legal form; its id where it has none."""

    def kind_of(self, id: str) -> str:
        """The kind of the thing that an id of no stated kind names; empty where none does."""


def sentence(names: Naming | None, fact: Fact) -> str:
    """A fact told in one sentence, from its type's wording; parts in brackets only if known.

    With names as people read it, numbers grouped; without, with the ids and figures as recorded.
    """
    from ledger.events.registry import event_class  # only answers that tell events need the classes

    told = _Worded(names, fact).fields()

    return _filled(event_class(fact.type).sentence, told)


def _filled(wording: str, told: Mapping[str, str]) -> str:
    """A wording with its fields in words; what stands in brackets only where all in it is known."""

    def filled(optional: re.Match[str]) -> str:
        return optional[1] if all(f in told for f in re.findall(r"{(.+?)}", optional[1])) else ""

    words = re.sub(r"\[(.*?)\]", filled, wording)
    return _PREPOSITION.sub("", re.sub(r"{(.+?)}", lambda field: told[field[1]], words))


def class_words(names: Naming, share_class: str) -> str:
    """A class of shares as sentences name it: ``common shares of Nissan Motor``."""
    return f"{class_label(names, share_class)} of {names.short('party', _issuer(share_class))}"


def class_label(names: Naming, share_class: str) -> str:
    """The label of a class without its issuer, as it stands within a sentence."""
    label = names.short("class", share_class)
    label = label.partition(" of ")[0]
    if label == share_class:
        label = label.rpartition("/")[2]
    first, _, rest = label.partition(" ")
    if len(first) > 1 and first[1:].islower():
        label = f"{first.lower()} {rest}".strip()
    if label.lower().endswith(_ONE_OF):
        return f"{label}s"
    return label if label.lower().endswith(SHARES_OF) else f"{label} shares"


def event_name(view: View, key: str) -> str:
    """An event by its key; by its position where the key was made by the program."""
    if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", key):
        return key
    return next((f"#{e.position}" for e in view.history.mentioning(f"key:{key}")), key)


def money_words(money: str) -> str:
    """An amount of money as people read it: ``EUR 600,000,000``; any other text as it is."""
    currency, _, amount = money.partition(" ")
    return f"{currency} {counted(amount)}" if currency in CURRENCIES else money


def listed(words: Iterable[str]) -> str:
    """Several things in a sentence: ``A, B and C``."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


class _Fields(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "Somebody" if name == "person" else "unknown"


@dataclass(frozen=True, slots=True)
class _Worded:
    """The fields of a fact in words."""

    names: Naming | None
    fact: Fact

    def fields(self) -> _Fields:
        """The words for each field, and for what follows from several."""
        told = _Fields(qualifier="", percent_qualifier="")  # exactly goes without saying
        kinds = _kinds(self.fact.type)
        for name, value in self.fact.data.items():
            told[name] = self._words(name, kinds.get(name, ""), value)
        if "share_class" in told:
            own = self.fact.need("share_class")
            told.setdefault("issuer", self._one("", "party", _issuer(own)))
            told["own_class"] = class_label(self.names, own) if self.names else own
        if told.get("role", "director") != "director":
            told["board_role"] = told["role"]
        if "holder" in told and "shares" in told:
            told["conversion"] = f"{told['holder']} converts {told['shares']}"
        else:
            told["conversion"] = "All holders convert their"
        if self.fact.type == "declared-event-recorded":
            told["declaration"] = self._declaration(told)
        told["seat_holder"] = told.get("party") or f"Whoever holds {told.get('holders_of')}"
        told["capped"] = told.get("holder", "Every holder")
        told["votes_of"] = told.get("holder", "every holder")
        told["gained"] = _gained(told)
        told["authorised"] = _authorised(told)
        told["received"] = _received(told)
        if self.fact.type == "instrument-ended" and "cash" in told:
            told["paid_out"] = _paid_out(self.fact, told["cash"])
        seats = told.get("seats", "1")
        told["seats"] = "1 seat" if seats == "1" else f"{seats} seats"
        if "percent" in told:
            told["band"] = f"{told['qualifier']}{_band(told)}"
        told["stake"] = ", ".join(_stakes(told))
        return told

    def _words(self, name: str, kind: str, value: Any) -> str:
        if name == "changes":
            return ", ".join(self._change(change) for change in value)
        if name == "citations":
            return listed(dict.fromkeys(self._one("", "source", c["source"]) for c in value))
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            return listed(self._part(name, one) for one in value)
        if isinstance(value, list):
            return listed(self._one(name, kind, one) for one in value) if value else "nobody"
        return self._one(name, kind, value)

    def _declaration(self, told: Mapping[str, str]) -> str:
        """An event of a declared type as its declaration words it; with ids, by its fields."""
        values = {one["field"]: one["value"] for one in self.fact.data.get("values", ())}
        if self.names is None:
            of = ", ".join(f"{field} {value}" for field, value in values.items())
            return f"{told['subject']}: {told['declared']}" + (f" ({of})" if of else "")
        view = self.names.view
        recorded = declaration_of(view.history, self.fact.recorded)
        declared = recorded and view.fact(recorded)
        if not declared:
            return f"{told['subject']}: {told['declared']}"
        takes = {one["field"]: one["takes"] for one in declared.data["fields"]}
        words = {"subject": told["subject"]} | {
            field: self._one("", takes[field] if takes[field] in REFERRING else "", value)
            for field, value in values.items()
        }
        return _filled(declared.data["wording"], _Fields(words))

    def _part(self, name: str, part: Mapping[str, Any]) -> str:
        """A part of an event by the first thing that it refers to, or by its first field."""
        kinds = {field: kind for own, field, kind, _ in REFERENCES[self.fact.type] if own == name}
        field = next((field for field in part if field in kinds), next(iter(part)))
        return self._one("", kinds.get(field, ""), part[field])

    def _parties(self) -> set[str]:
        """The parties between whom the shares of a fact pass; one of them may be the issuer."""
        return {str(self.fact.data.get(name)) for name in ("transferor", "transferee", "holder")}

    def _is_converted(self, name: str, share_class: str) -> bool:
        """Whether a class is what another of the same issuer becomes, which is named before."""
        before = str(self.fact.data.get("share_class", ""))
        return name == "into_class" and _issuer(before) == _issuer(share_class)

    def _change(self, change: Mapping[str, Any]) -> str:
        name, value = change["field"], change.get("value")
        words = name.replace("_", " ")
        if value is None:
            return f"no {words}"
        return f"{words} {self._words(name, _everywhere().get(name, ''), value)}"

    def _one(self, name: str, kind: str, value: Any) -> str:
        text = str(value)
        if name.endswith("qualifier"):
            return "" if text == "exactly" else f"{text.replace('-', ' ')} "
        if word := _WORDS.get(name, {}).get(text):
            return word
        if self.names is None:
            return text
        if kind == "class" or (kind == "subject" and "/" in text):
            own = self._is_converted(name, text) or _issuer(text) in self._parties()
            return (class_label if own else class_words)(self.names, text)
        if kind == "event":
            return event_name(self.names.view, text)
        if kind == "subject":
            return self.names.short(self.names.kind_of(text), text)
        return self.names.short(kind, text) if kind else _read(name, text)


def _gained(told: Mapping[str, str]) -> str:
    """The right that a party gains in the shares of another, which may hold them for it."""
    to, kind = told.get("to", ""), told.get("kind", "")
    held = {"nominee": f"{to} gains a nominee's holding", "custody": f"{to} gains custody"}
    return held.get(kind, f"{to} gains a {kind}")


def _authorised(told: Mapping[str, str]) -> str:
    """What an issuer may have, issue or buy back."""
    shares, limit = told.get("shares"), told.get("limit", "total")
    much = f"{shares} shares" if shares else told.get("amount", "")
    return {"issue": f"{much} to issue", "repurchase": f"{much} to buy back"}.get(
        limit, f"{much} in all"
    )


def _paid_out(fact: Fact, each: str) -> str:
    """What is paid for an instrument that ends, a share and in all."""
    cash, quantity = fact.money("cash"), fact.text("quantity")
    if cash is None or quantity is None:
        return f"{each} a share"
    whole = money_words(str(Amount.of(cash).times(Fraction(quantity))))
    return f"{each} a share, {whole} in all"


def _received(told: Mapping[str, str]) -> str:
    """What comes of an instrument that is used."""
    shares, quantity = told.get("shares"), told.get("quantity")
    if told.get("settled") == "cash":
        return f"{quantity or shares or told.get('amount')}, settled in cash"
    much = f"{shares or quantity} {told.get('own_class', 'shares')}"
    return f"{much} for {quantity}" if shares and quantity and shares != quantity else much


def _stakes(told: Mapping[str, str]) -> Iterator[str]:
    for name in _COUNTS:
        if name in told:
            yield f"{told['qualifier']}{told[name]} {name}"
    if "percent" in told:
        of = told.get("percent_of", "")
        yield f"{told['qualifier']}{_band(told)}{' ' if of else ''}{of}"


def _band(told: Mapping[str, str]) -> str:
    """A percentage, up to another where both ends are told."""
    upto = told.get("percent_to")
    return f"{told['percent']}% to {upto}%" if upto else f"{told['percent']}%"


def _read(name: str, text: str) -> str:
    """What is no reference, as people read it."""
    if name in _COUNTS:
        return counted(text)
    if name in _MONEY:
        return money_words(text)
    if name == "value":
        return counted(text) if text.isdecimal() and int(text) >= _FROM else money_words(text)
    if is_date(name):
        return worded(text)
    return text.replace("-", " ") if name in _HYPHENED and _CHOICE.fullmatch(text) else text


def _issuer(share_class: str) -> str:
    return share_class.partition("/")[0]


@cache
def _kinds(type_name: str) -> Mapping[str, str]:
    """What each field of a type refers to."""
    return {field: kind for field, _, kind, _ in (*COMMON, *REFERENCES[type_name])}


@cache
def _everywhere() -> Mapping[str, str]:
    """What a field refers to in whatever type it is, for corrections name fields of others."""
    return {field: kind for name in REFERENCES for field, kind in _kinds(name).items()}
