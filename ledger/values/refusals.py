"""The closed, numbered list of reasons why input is refused, and the errors that carry them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from enum import Enum

MOST_TOLD = 1_000  # reasons for which one batch is refused


class Refusal(Enum):
    """Why something was refused: a stable number and a name; each has a reproducer in the tests."""

    # Reading a file
    ENCODING = 101
    SYNTAX = 102
    DUPLICATE_KEY = 103
    TOO_LARGE = 104
    TOO_DEEP = 105
    NOT_AN_EVENT = 106
    YAML_FEATURE = 107
    EMPTY = 108
    UNREADABLE_FILE = 109
    OTHER_FORMAT = 111
    QUESTION_OPEN = 112
    # Fields
    UNKNOWN_TYPE = 201
    UNKNOWN_FIELD = 202
    MISSING_FIELD = 203
    ASSIGNED_BY_STORE = 204
    BAD_DATE = 205
    BAD_NUMBER = 206
    BAD_TEXT = 207
    BAD_IDENTIFIER = 208
    BAD_CHOICE = 209
    BAD_CHECK_DIGIT = 210
    FIELDS_DISAGREE = 211
    BAD_SHAPE = 212
    BAD_DEFAULTS = 213
    NO_EFFECTIVE_DATE = 214
    SEALED_VALUE = 215
    # References
    UNKNOWN_REFERENCE = 301
    ALREADY_REGISTERED = 302
    BAD_AMENDMENT = 303
    # The register of shares
    SHARES_NOT_THERE = 401
    BREAKS_LATER_EVENT = 402
    SPLIT_LEAVES_FRACTION = 403
    SAME_HOLDER = 404
    PARTY_ENDED = 405
    # Instruments and pools
    INSTRUMENT_NOT_OPEN = 421
    NOT_VESTED = 422
    POOL_TOO_SMALL = 423
    # Steps and seats
    CONTRADICTORY_STEP = 501
    SEAT_WITHOUT_RIGHT = 502
    # Writing
    KEY_REUSED = 601
    IDENTICAL_EVENT = 602
    WRITTEN_MEANWHILE = 603
    CLOCK_AHEAD = 604
    WARNED = 605
    WORKER_ENDED = 606
    # Asking
    UNKNOWN_SUBJECT = 702
    AMBIGUOUS_NAME = 703
    # The ledger file
    NOT_A_LEDGER = 801
    NO_LEDGER = 802
    LEDGER_EXISTS = 803
    LEDGER_BUSY = 804
    FILE_TROUBLE = 805
    NETWORK_FILE_SYSTEM = 806
    FILE_EXISTS = 807
    NAMED_LIKE_READ_MODEL = 808
    FOREIGN_JOURNAL = 809
    RESERVED_NAME = 810
    LONG_NAME = 811
    # The ledger on a server
    SERVER_UNREACHABLE = 821
    SERVER_UNSAFE = 822
    SERVER_REFUSED = 823
    NOT_ON_A_SERVER = 824
    LEDGER_MOVED = 825
    NO_ACTORS = 826
    NEEDS_APPROVAL = 827
    NO_DRAFTS = 828
    DRAFT_ENDED = 829
    # Proofs
    BAD_KEY = 901
    KEY_UNSAFE = 902
    BAD_NOTE = 903
    NOT_SEALED = 904
    LOG_CHANGED = 905
    BAD_EXPORT = 906
    OTHER_LEDGER = 907
    NOT_COSIGNED = 908
    NOT_PROVABLE = 909
    IMPOSSIBLE_TIME = 910

    @property
    def code(self) -> str:
        """The number and name as shown to users, e.g. ``R401 shares-not-there``."""
        return f"R{self.value} {self.name.lower().replace('_', '-')}"


class StakebookError(Exception):
    """A failure a user can act on; ``exit_code`` is what the command line returns."""

    exit_code = 2


class Refused(StakebookError, ValueError):
    """Input that cannot be recorded or answered, with the place, what is wrong and what to do.

    ``more`` are refusals of the same input for other reasons.
    """

    def __init__(
        self,
        refusal: Refusal,
        wrong: str,
        remedy: str,
        place: str = "",
        more: Sequence[Refused] = (),
    ) -> None:
        self.refusal, self.wrong, self.remedy, self.place = refusal, wrong, remedy, place
        self.more = tuple(more)
        super().__init__(str(self))

    def __reduce__(self) -> tuple[type[Refused], tuple[object, ...]]:
        return Refused, (self.refusal, self.wrong, self.remedy, self.place, self.more)

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        return f"{where}{self.wrong} {self.remedy} [{self.refusal.code}]"

    @property
    def exit_code(self) -> int:  # type: ignore[override]
        """3 where someone else wrote first, otherwise 2."""
        return 3 if self.refusal is Refusal.WRITTEN_MEANWHILE else 2

    def at(self, place: str) -> Refused:
        """The same refusal at a place, the outer place first (``file.yaml:12: shares``)."""
        joined = ": ".join(filter(None, (place, self.place)))
        more = [other.at(place) for other in self.more]
        return Refused(self.refusal, self.wrong, self.remedy, joined, more)

    def each(self) -> tuple[Refused, ...]:
        """This refusal and those of the same input for other reasons, one by one."""
        return (all_of([self]), *self.more)


def all_of(refusals: Sequence[Refused]) -> Refused:
    """One refusal, for as many reasons as there are refusals, ``MOST_TOLD`` at most."""
    first, *more = refusals[:MOST_TOLD]
    return Refused(first.refusal, first.wrong, first.remedy, first.place, more)


class OutcomeUnknown(StakebookError):
    """The write may or may not have reached the disk; asking again with the key settles it."""

    exit_code = 4


class Damaged(StakebookError):
    """The stored log breaks its own rules, or a newer version wrote it; nothing is guessed."""

    exit_code = 5


class Unhandled(Exception):
    """A fold is given what it does nothing with: a mistake in the program, not in a log."""

    def __init__(self, what: str, fold: str) -> None:
        super().__init__(
            f"{fold} is given {what} and does nothing with it: handle it there, or do not ask for"
            " it."
        )


RESTORE = "`stakebook restore FILE` puts a backup there."
NOT_THE_TREE = (
    "The events of the log are not those that its tree was made of: some were replaced or"
    " reordered from outside. `stakebook verify` shows more;"
    f" {RESTORE}"
)


def unreadable(path: object, error: OSError) -> Refused:
    """The refusal of a file that cannot be read."""
    return Refused(
        Refusal.UNREADABLE_FILE,
        f"{path} cannot be read: {error.strerror}.",
        "Check the name and the permissions.",
    )


def key_changed(key: str) -> Damaged:
    """The error of an event that the log does not hold under its own key."""
    return Damaged(
        f"An event recorded under the key {shown(key)} stands under another in the log. The file"
        f" was changed from outside: run `stakebook verify`, and {RESTORE}"
    )


def to_run(*words: object) -> str:
    """A command of stakebook as messages show it, quoted for a shell."""
    from shlex import quote

    return f"`{' '.join(quote(str(word)) for word in ('stakebook', *words))}`"


def shown(value: object, limit: int = 60) -> str:
    """A value as an error may print it: as in JSON, controls escaped, shortened."""
    plain = value is None or isinstance(value, bool | list | tuple | dict)
    text = json.dumps(value, ensure_ascii=False, default=str) if plain else str(value)
    if len(text) > limit:
        text = text[:limit] + "..."
    text = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
    return text if plain else f'"{text}"'


def nearest(
    word: str, known: Iterable[str], may_tell: Callable[[str], bool] = lambda _: True
) -> str:
    """A sentence naming the known words closest to the given one; empty when none is close."""
    import difflib  # only for those who mistype

    close = list(filter(may_tell, difflib.get_close_matches(word[:100], sorted(known), n=3)))
    return f"Did you mean {' or '.join(close)}?" if close else ""
