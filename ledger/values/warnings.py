"""The numbered list of what a recorder is warned of: it is recorded, and should be looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, NamedTuple

from ledger.values.reasons import Reason


class WarningKind(Enum):
    """What a warning is of: a stable number and a name."""

    MAY_BREAK_A_CLAUSE = 1
    OVER_THE_AUTHORISED = 2
    KNOWN_LATE = 3
    NO_SOURCE = 4
    CHANGES_NO_ANSWER = 5
    SITS_ALREADY = 6
    ENDS_NOTHING = 7
    DIVIDEND_DIFFERS = 8
    CONTRADICTS_THE_RECORD = 9
    NO_RIGHT_TO_THE_SEAT = 10
    DATE_CUT_SHORT = 11
    FIRST_OF_ITS_ID = 12
    CLOCK_BEHIND = 13
    LETTERS_THAT_DECEIVE = 14
    SPLIT_OF_TREASURY = 15
    ABOVE_THE_POOL = 16
    OPEN_AFTER_LEAVING = 17
    NEEDS_BY_A_CLAUSE = 18

    @property
    def number(self) -> str:
        """The number as shown to users: ``W4``."""
        return f"W{self.value}"

    @property
    def title(self) -> str:
        """The name as shown to users: ``no-source``."""
        return self.name.lower().replace("_", "-")


@dataclass(frozen=True)
class Warned:
    """One warning: of what, in a sentence, what to do, the event if it is one, and its place."""

    kind: WarningKind
    what: str
    remedy: str = ""
    position: int | None = None
    place: str = ""

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        return f"{where}{self.what} {self.remedy}".rstrip()

    def at(self, place: str) -> Warned:
        """The same warning at a place, such as ``events.yaml:12``."""
        return replace(self, place=place)


class Looked(NamedTuple):
    """The warnings found of new events, in sentences what was not looked at, and rows of what
    clauses say of them."""

    warnings: tuple[Warned, ...] = ()
    left_out: tuple[str, ...] = ()
    verdicts: tuple[Mapping[str, Any], ...] = ()


WARNINGS: Mapping[WarningKind, Reason] = {
    WarningKind.MAY_BREAK_A_CLAUSE: Reason(
        "A clause that binds forbids it: after it a party holds, that day or later, more than a"
        " standstill allows or less than a lock-up demands, and its own number moved that way; or"
        " shares leave that may not. The movement may be in a register that hands its shares out."
        " Where a standstill or a lock-up names no number, it is told as well.",
        "Read the clause; record the consent or waiver as approval-granted with agreement as of and"
        " the clause.",
    ),
    WarningKind.OVER_THE_AUTHORISED: Reason(
        "After it a class has more shares in issue than are authorised, by the latest"
        " capital-authorised or claim of authorised-shares, or else by the creation of the class.",
        "Record the rise as capital-authorised, or correct the number.",
    ),
    WarningKind.KNOWN_LATE: Reason(
        "An event without source and known date is known from the day of recording, over a week"
        " after it took effect. What was known in between is then answered without it.",
        "Give --known-on effective, or the date on which it became known; a batch says it once, as"
        " known_on in its defaults.",
    ),
    WarningKind.NO_SOURCE: Reason(
        "An official event cites no source.",
        "Give citations, or add them later with `stakebook corroborate`.",
    ),
    WarningKind.CHANGES_NO_ANSWER: Reason(
        "A correction gives what is recorded already, or a party is renamed to the name it has.",
        "Look whether it is about the right event or party.",
    ),
    WarningKind.SITS_ALREADY: Reason(
        "A director or officer is appointed who sits already, and whose new term ends no later.",
        "Look whether the appointment is recorded twice; a statement that repeats another one has"
        " reaffirms.",
    ),
    WarningKind.ENDS_NOTHING: Reason(
        "Somebody leaves a board or an office without being recorded there.",
        "Look at the spelling of the person and the role, or record the appointment first.",
    ),
    WarningKind.DIVIDEND_DIFFERS: Reason(
        "A dividend is paid while one of another amount a share is declared and unpaid.",
        "Correct the one that is wrong; two dividends have two declarations.",
    ),
    WarningKind.CONTRADICTS_THE_RECORD: Reason(
        "A step that is not official contradicts the official record; it is kept as what its source"
        " says.",
        "`stakebook conflicts` shows both; give reaffirms if it is the same step told again.",
    ),
    WarningKind.NO_RIGHT_TO_THE_SEAT: Reason(
        "A report makes more nominees of a party than seats that it may fill; it is kept.",
        "Record board-seat-granted or director-left if they happened.",
    ),
    WarningKind.DATE_CUT_SHORT: Reason(
        "An event dated by a month, a quarter, a year or an interval was told before that ended, so"
        " that it is taken as happened by then.",
        "If it is still to come, say tense: upcoming, or give a date that begins later.",
    ),
    WarningKind.FIRST_OF_ITS_ID: Reason(
        "An id of a deal, an agreement or the like is new, and looks misspelt or begins with what"
        " is seldom a beginning, as what waits for a condition.",
        "Correct the id if another was meant, or record condition-set before what waits for it.",
    ),
    WarningKind.CLOCK_BEHIND: Reason(
        "The clock of the machine stands behind the last recorded time.",
        "Check the clock.",
    ),
    WarningKind.LETTERS_THAT_DECEIVE: Reason(
        "A name mixes letters of several alphabets, or passes for another in Latin letters.",
        "Look whether it is spelt as its source spells it.",
    ),
    WarningKind.SPLIT_OF_TREASURY: Reason(
        "A split by less than 2:1 multiplies the treasury shares with the others, as a bonus issue"
        " seldom does.",
        "If holders got shares on top of theirs, record shares-distributed instead.",
    ),
    WarningKind.ABOVE_THE_POOL: Reason(
        "After a grant a pool has more shares granted than are reserved for it.",
        "Record the rise as pool-reserved with the new total, or correct the grant.",
    ),
    WarningKind.OPEN_AFTER_LEAVING: Reason(
        "Somebody leaves while which an instrument or restricted shares vest, and a part of them"
        " has not vested.",
        "Record what becomes of it: instrument-ended (forfeited, with returns_to_pool), or"
        " instrument-vested if it vests at once; of shares, shares-repurchased and"
        " restriction-ended.",
    ),
    WarningKind.NEEDS_BY_A_CLAUSE: Reason(
        "A clause that binds asks for something before it, an offer, a consent or a notice, and"
        " none is on record.",
        "Record it if it was made: offer-made, approval-granted (kind consent or waiver) or"
        " notice-given, each with the agreement and the clause.",
    ),
}
