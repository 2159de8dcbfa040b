"""What goes with a split: instruments, and the terms of classes that are told a share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ledger.model.fact import Fact
from ledger.model.grants import Instrument
from ledger.model.movements import RESHAPING
from ledger.model.register import issuer_of
from ledger.time.class_terms import ClassTerms, class_terms
from ledger.time.instruments import instruments_of
from ledger.time.view import View
from projections.names import Names
from projections.sentences import class_label
from projections.told import counted

_TERMS = (
    "par_value", "original_price", "conversion_price", "converts_at", "preference_per_share",
)  # fmt: skip
_MOST = 20  # instruments that are named one by one


def scaled(sides: tuple[View, View], names: Names, facts: Sequence[Fact]) -> Iterator[str]:
    """What splits and reclassifications multiply beside shares, before and after, in lines."""
    issuers = dict.fromkeys(issuer_of(f.need("share_class")) for f in facts if f.type in RESHAPING)
    for issuer in issuers:
        before, after = (instruments_of(side, issuer).instruments for side in sides)
        pairs = [(before[id], now) for id, now in sorted(after.items()) if id in before]
        moved = [(then, now) for then, now in pairs if _figures(then) != _figures(now)]
        for then, now in moved[:_MOST]:
            whose = names.short("party", now.holder)
            words = f"{counted(str(then.open))} -> {counted(str(now.open))}"
            if then.price_words() != now.price_words():
                words += f", exercise price {then.price_words()} -> {now.price_words()}"
            yield f"{now.kind.replace('-', ' ').capitalize()} {now.id} of {whose}, open {words}"
        if len(moved) > _MOST:
            yield f"and {len(moved) - _MOST:,} instruments more: diluted {issuer} --detail"
        yield from _terms(names, *(class_terms(side, issuer) for side in sides))


def _figures(one: Instrument) -> tuple[int, str | None]:
    return one.open, one.price_words()


def _terms(names: Names, before: ClassTerms, after: ClassTerms) -> Iterator[str]:
    """The terms of each class that splits have scaled otherwise."""
    for share_class in after.created:
        then, now = before.of(share_class), after.of(share_class)
        for name in _TERMS:
            both = then.now().get(name), now.now().get(name)
            if name == "converts_at":
                both = then.converts_at, now.converts_at
                if then.text(name) is None or now.text(name) is None:
                    continue
            if None not in both and both[0] != both[1]:
                words = name.replace("_", " ").removesuffix(" at")
                label = class_label(names, share_class)
                yield f"{label[:1].upper()}{label[1:]}, {words} {both[0]} -> {both[1]}"
