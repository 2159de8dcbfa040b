"""Changes of a register of members in words: what happened, from the member's side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ledger.model.fact import Fact
from ledger.model.movements import TRANSFERS
from ledger.model.register import TREASURY
from ledger.time.history import AMENDMENTS
from ledger.values.refusals import Unhandled
from projections.registers.document import Value
from projections.registers.membership import Change, Member, Walked
from projections.registers.wording import Wording
from projections.sentences import money_words
from projections.subjects.trusts import TYPES as TRUSTS
from projections.told import counted

_TOLD = {  # fields whose correction is told, and what they are called
    "shares": "shares", "holder": "holder", "transferor": "from", "transferee": "to",
    "trust": "holder", "effective_on": "date", "ratio": "ratio", "price": "price",
}  # fmt: skip
_PARTIES = ("holder", "transferor", "transferee", "trust")


class ChangeWords:
    """How a register calls its members and tells their changes."""

    def __init__(self, walked: Walked, wording: Wording) -> None:
        self.walked, self.wording = walked, wording

    def told(self, change: Change) -> str:
        """A change in words, with what its entry said before it was corrected."""
        return ". ".join([self._what(change), *self._corrected(change.fact)])

    def name(self, member: Member) -> Value:
        """The name of a member; None where the record does not tell it."""
        if member.account == TREASURY:
            return f"{self.wording.party(self.wording.company)}, as treasury shares"
        return None if member.party is None else self.wording.party(member.party)

    def formerly(self, member: Member) -> str:
        """The earlier names of a member."""
        return "" if member.party is None else self.wording.formerly(member.party)

    def _what(self, change: Change) -> str:
        fact, gains = change.fact, change.after > change.before
        other = "" if change.other is None else self.name(change.other) or "a trustee not recorded"
        price = f" at {money_words(fact.need('price'))}" if fact.text("price") else ""
        standing = "" if fact.standing == "official" else f" ({fact.standing})"
        into = fact.text("into_class")
        match fact.type:
            case "register-opened":
                words = "Brought forward from before the record begins"
            case "shares-issued":
                words = "Issued"
            case "instrument-exercised":
                words = f"Exercise of {fact.need('instrument')}"
            case "shares-cancelled":
                words = "Cancelled"
            case "shares-split":
                words = f"Split {fact.need('ratio')}"
            case "shares-repurchased":
                words = f"Bought back from {other}" if gains else "Bought back by the company"
            case "shares-distributed" | "shares-exchanged":
                words = self._across(change, gains)
            case _ if into == change.share_class and not gains:
                words = f"Given for {self.wording.share_class(fact.need('share_class'))}"
            case _ if into is not None:
                of = fact.need("share_class") if gains else into
                ratio = fact.data.get("ratio", "1:1")
                words = f"Converted {'from' if gains else 'into'} {self.wording.share_class(of)}"
                words += f" at {ratio}"
            case _ if fact.type in (*TRANSFERS, *TRUSTS):  # also to another trustee
                words = f"From {other}" if gains else f"To {other}"
            case _:
                raise Unhandled(fact.type, "the register of members")
        return f"{words}{price}{standing}"

    def _across(self, change: Change, gains: bool) -> str:
        """What a distribution or an exchange did to an account of a class."""
        fact, of, ratio = change.fact, self.wording.share_class, change.fact.text("ratio")
        old, into = of(change.fact.need("share_class")), change.fact.text("into_class")
        if fact.type == "shares-distributed":
            words = f"{ratio} to the holders of {old}"
            return f"Distributed {words}" if gains else f"Handed out, {words}"
        if change.share_class == into:
            return f"Received for {old} at {ratio}"
        if gains:
            return "Taken over from the other holders"
        received = [f"{of(into)} at {ratio}"] if into else []
        received += [f"{money_words(fact.need('cash'))} a share"] if fact.text("cash") else []
        return f"Exchanged for {' and '.join(received)}" if received else "Ceased to exist"

    def _corrected(self, fact: Fact) -> Iterator[str]:
        """What the entry said before it was corrected, and when the correction was entered."""
        history, was = self.walked.view.history, fact.recorded.data
        if not fact.amendments:
            return
        entered = {a.key: a for a in history.mentioning(f"event:{fact.key}", AMENDMENTS)}
        days = [
            entered[key].recorded_at[:10]
            for key in fact.amendments
            if key in entered and entered[key].type == "event-corrected"
        ]
        fields = [n for n in {**was, **fact.data} if was.get(n) != fact.data.get(n)]
        fields = [name for name in fields if name in _TOLD]
        if days and fields:
            told = ", ".join(f"{_TOLD[n]} {self._was(n, was)}" for n in fields)
            yield f"Corrected {', '.join(dict.fromkeys(days))}; entered before: {told}"

    def _was(self, field: str, data: Mapping[str, Any]) -> str:
        value = data.get(field)
        if value is None:
            return "none"
        if field in _PARTIES:
            member = self.walked.now(str(value))
            return str(self.name(member) or "a trustee not recorded")
        text = str(value)
        return counted(text) if field == "shares" else text
