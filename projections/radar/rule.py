"""Rules: the thresholds whose crossing makes a notice or a bid due, each version with its days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple, get_args

from ledger.values.base_words import VoteBase
from ledger.values.dates import BEGINNING, FOREVER
from ledger.values.refusals import Refusal, Refused, shown

VOTES: tuple[str, ...] = get_args(VoteBase)
BASES = (*VOTES, "capital", "capital-par", "class", "value")
TESTS = ("crossing", "change", "increase", "creep")
CERTAINTIES = ("read", "secondary", "memory", "own")
SUBJECTS = ("any", "passive", "institution", "exempt", "manager", "director")
BY_DEFAULT = ("any", "passive")  # the holders to whom rules apply that no question names
GROUPS = ("trusts", "control", "concert")  # what is attributed account by account
BY_RIGHTS = ("nominee", "usufruct", "pledge", "loan", "lent", "custody", "proxy", "disposal")
ATTRIBUTION = (*GROUPS, *BY_RIGHTS)
BY = ("seat", "home-state", "home-state-only", "any")
UNITS = ("trading-days", "business-days", "calendar-days", "months")
PERIODS = {"month-end": 1, "quarter-end": 3, "year-end": 12}
FROM = ("crossing", "knowledge", "confirmation", *PERIODS)
PASSIVE = ("counts", "from-publication", "none")
_NONE, _ALL = Fraction(), Fraction(100)


class Deadline(NamedTuple):
    """How long after what a notice is due; without a number it is told in words alone."""

    number: int | None
    unit: str = "calendar-days"
    counts_from: str = "crossing"
    deemed: int = 0  # trading days after which a crossing is deemed known
    rolls: bool = False  # from a closed day to the next one that is not
    text: str = ""

    @property
    def words(self) -> str:
        """The deadline as a sentence has it."""
        if self.number is None:
            return self.text
        start = {
            "knowledge": f"knowledge, deemed {self.deemed} trading days after",
            "crossing": "the crossing",
            "confirmation": "confirmation",
        }.get(self.counts_from, f"the {self.counts_from.replace('-', ' ')}")
        if not self.number:
            return "at once"
        return f"{self.number} {self.unit.replace('-', ' ')} from {start}"


class Applies(NamedTuple):
    """To which issuers a rule applies: by what of them, in which jurisdictions, whether listed or
    not (None: either); also those listed at some venues."""

    by: str = "any"
    laws: tuple[str, ...] = ()
    listed: bool | None = None
    venues: tuple[str, ...] = ()


EVERYWHERE = Applies()


@dataclass(frozen=True)
class Rule:
    """One version of a rule; percentages are of a hundred.

    ``off`` says why it is used only where it is named; ``begins``, that before its first day there
    was no such rule. ``attribution_of_votes`` is counted of votes alone;
    ``attribution_source`` says by which text rights in shares count, or why not.
    """

    id: str
    law: str
    duty: str
    deadline: Deadline
    bases: tuple[str, ...]
    jurisdiction: str = ""
    source: str = ""
    read_on: str = ""
    certainty: str = "own"
    off: str = ""
    remark: str = ""
    valid_from: str = BEGINNING
    valid_to: str = FOREVER
    begins: bool = False
    subject: str = "any"
    applies: Applies = EVERYWHERE
    thresholds: tuple[Fraction, ...] = ()
    test: str = "crossing"
    above: Fraction = _NONE
    between: tuple[Fraction, Fraction] = (_NONE, _ALL)
    by: Fraction = _NONE
    months: int = 12
    amount: str = ""
    up: Literal[">", ">="] = ">="
    down: Literal["<", "<=", ""] = ""
    rounding: str = ""
    attribution: tuple[str, ...] = ()
    attribution_of_votes: tuple[str, ...] = ()
    attribution_source: str = ""
    passive: str = "counts"
    form: str = ""

    def counted(self, base: str) -> tuple[str, ...]:
        """The kinds of attribution that count of a base."""
        return (*self.attribution, *(self.attribution_of_votes if base in VOTES else ()))

    @property
    def lowest(self) -> Fraction:
        """The percentage below which nothing that the rule asks can be."""
        low = {"crossing": self.thresholds[:1], "change": (self.above,)}
        return next(iter(low.get(self.test, self.between[:1])), _NONE)

    def is_valid(self, day: str) -> bool:
        """Whether this version is the law of a day."""
        return self.valid_from <= day <= self.valid_to

    def rounds(self, percent: Fraction) -> Fraction:
        """A percentage as the rule takes it."""
        return Fraction(percent // 1) if self.rounding == "down-to-whole" else percent

    def is_over(self, percent: Fraction, threshold: Fraction) -> bool:
        """Whether a percentage is on the upper side of a threshold for one that comes up."""
        percent = self.rounds(percent)
        return percent > threshold if self.up == ">" else percent >= threshold

    def is_under(self, percent: Fraction, threshold: Fraction) -> bool:
        """Whether a percentage is on the lower side of a threshold for one that comes down."""
        percent = self.rounds(percent)
        return percent <= threshold if self.down == "<=" else percent < threshold


def chosen(rules: Iterable[Rule], ids: Sequence[str]) -> dict[str, list[Rule]]:
    """The versions of the rules asked for, by their ids; without ids, of those that are used
    unless a question names others."""
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.id in ids if ids else not rule.off and rule.subject in BY_DEFAULT:
            found.setdefault(rule.id, []).append(rule)
    for id in ids:
        if id not in found:
            known = ", ".join(sorted({rule.id for rule in rules}))
            raise Refused(
                Refusal.BAD_CHOICE, f"No rule is called {shown(id)}.", f"Name one of: {known}."
            )
    return found
