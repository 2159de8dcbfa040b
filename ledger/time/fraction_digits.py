"""The decimals of the shares of a class: told where it is created, and the same ever after.

They belong to the id of the class, not to a view of it: no date of knowledge, standing or
correction changes how its shares are counted.
"""

from __future__ import annotations

from ledger.model.fractional import CREATED, FIELD
from ledger.time.history import History


def fraction_digits(history: History, share_class: str) -> int:
    """How many decimals the shares of a class have; 0 where they are whole."""
    for recorded in history.mentioning(f"new-class:{share_class}", (CREATED,)):
        return int(recorded.data.get(FIELD, "0"))
    return 0
