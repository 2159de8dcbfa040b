"""What the holdings of a class were multiplied by: its splits, and what it became."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from ledger.model.fact import Fact
from ledger.model.movements import RESHAPING
from ledger.model.posted import FoldKey
from ledger.model.register import issuer_of
from ledger.time.view import View


class Scaling(NamedTuple):
    """A split of a class, or its reclassification: new shares to old, and the class afterwards."""

    fact: Fact
    share_class: str
    into: str
    ratio: Fraction


def scalings(view: View, share_class: str, after: FoldKey, upto: FoldKey) -> Iterator[Scaling]:
    """What scales the shares that are of a class at one place of the fold, up to another, through
    every class that they become; whatever was told by number of them is scaled along."""
    found = view.unposted(f"issuer:{issuer_of(share_class)}", RESHAPING)
    for fact in found.counted:
        if after < fact.order <= upto and fact.need("share_class") == share_class:
            into = fact.text("into_class") or share_class
            yield Scaling(fact, share_class, into, fact.ratio())
            share_class = into
