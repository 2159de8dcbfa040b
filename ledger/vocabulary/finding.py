"""Finding event types by the words that people use, and by the codes of public lists.

A phrase of the guides found whole comes first; else types count the words of the question that
stand in their names, phrases, guides and docstrings, in this order. Words are compared by their
stems.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Any, cast

from ledger.values.refusals import nearest
from ledger.vocabulary.coverage import entries, types_of
from ledger.vocabulary.entries import Entry, Listing
from ledger.vocabulary.guides import GUIDES

_EMPTY = frozenset(
    (
        "a", "an", "and", "are", "as", "at", "be", "been", "by", "for", "from", "had", "has",
        "have", "her", "his", "i", "in", "is", "it", "its", "my", "of", "on", "or", "our", "she",
        "so", "some", "somebody", "someone", "that", "the", "their", "they", "this", "to", "two",
        "us", "was", "we", "were", "with",
    )
)  # fmt: skip
_IRREGULAR = {
    "bought": "buy", "sold": "sell", "left": "leave", "gave": "give", "given": "give",
    "lent": "lend", "began": "begin", "took": "take", "taken": "take", "met": "meet",
    "meeting": "meet", "held": "hold", "paid": "pay", "payment": "pay", "voted": "vote",
    "sale": "sell", "became": "become", "went": "go", "chose": "choose", "dead": "die",
    "died": "die", "death": "die", "withdrew": "withdraw", "withdrawn": "withdraw", "owns": "own",
    "redemption": "redeem", "cancellation": "cancel", "conversion": "convert",
    "resignation": "resign", "acceptance": "accept", "issuance": "issue",
    "acquisition": "acquire", "suspension": "suspend",
}  # fmt: skip
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_SAME, _INSIDE, _AROUND = 10_000, 5_000, 2_500  # of a phrase: found, found in it, found around it
_LONGER = 100  # for each word of it
_ALONE = 700  # of a phrase of one word, found within the question
_NAME, _PHRASE, _GUIDE, _TOLD = 60, 30, 10, 4  # of a word: where it stands
_RARE = 20  # times as much counts a word that one type alone has
_CLOSE = 4  # times less than the best counts what is still named
_HARDLY = Fraction(17, 20)  # alike are two stems that are hardly others
_SHORTEST = 4  # letters of a stem that stands for the longer words that begin with it

Stems = tuple[str, ...]
Codes = list[tuple[Listing, Entry]]


def find(words: str, told: Mapping[str, str] | None = None) -> list[str]:
    """The event types that words may mean, the likeliest first; ``told`` is more to look in."""
    wanted = _known(stems(words))
    scores = {name: _whole(name, wanted) for name in GUIDES} if wanted else {}
    for one in wanted:
        points = _points(one, told or {})
        rare = sum(worth > _GUIDE for worth in points.values())
        for name, worth in points.items():
            scores[name] += worth * _RARE // max(rare, 1)
    best = max(scores.values(), default=0)
    found = [name for name, score in scores.items() if score * _CLOSE >= best > 0]
    return sorted(found, key=lambda name: -scores[name])


def meant(words: str, told: Mapping[str, str] | None = None) -> list[str]:
    """The event types that say a code, where words are one; else those that words may mean."""
    if codes := codes_named(words):
        return list(dict.fromkeys(name for _, entry in codes for name in types_of(entry)))
    return find(words, told)


def named(words: str) -> str:
    """The type that is called so: by its name, or by an everyday phrase that is its own."""
    joined = "-".join(words.casefold().split())
    return joined if joined in GUIDES else _phrases().get(stems(words), "")


def codes_named(words: str) -> Codes:
    """The codes that words are; words of everyday speech are none."""
    code = "_".join(words.split())
    return [
        (listing, entry)
        for listing, entry in entries()
        if (code == entry.code and not code.islower())
        or (entry.code.isupper() and code.upper() == entry.code)
    ]


def hint(words: str) -> str:
    """A sentence that names the types nearest to words; empty when none is."""
    spoken = words.replace("-", " ").replace("_", " ")
    found = [named(spoken)] if named(spoken) else meant(words) or find(spoken)
    close = " or ".join(found[:3])
    return nearest(words, GUIDES) or (f"Did you mean {close}?" if close else "")


@cache
def stems(text: str) -> Stems:
    """The words of a text that say something, each cut to its stem."""
    words = _WORD.findall(re.sub("['\u2019]s\\b", "", text.casefold()))
    return tuple(_stem(word) for word in words if word not in _EMPTY) or tuple(map(_stem, words))


@cache
def _known(wanted: Stems) -> Stems:
    """Stems; where no guide has any of them, those of guides that are hardly others."""
    if any(one in _places() for one in wanted):
        return wanted
    import difflib  # only for those who mistype

    known, exact = sorted(_places()), cast("Any", _HARDLY)
    return tuple(next(iter(difflib.get_close_matches(one, known, 1, exact)), one) for one in wanted)


def _stem(word: str) -> str:
    word = _IRREGULAR.get(word, word)
    for end, instead in (("ies", "y"), ("ss", "ss"), ("s", ""), ("ing", ""), ("ed", "")):
        if word.endswith(end) and len(word) - len(end) > 2:
            word = word.removesuffix(end) + instead
            break
    for end in ("ing", "ed"):
        if word.endswith(end) and len(word) - len(end) > 2:
            word = word.removesuffix(end)
    if len(word) > 3 and word[-1] == word[-2] and word[-1] in "bdglmnprt":
        word = word[:-1]
    return word.removesuffix("e") if len(word) > 3 else word


@cache
def _phrases() -> Mapping[Stems, str]:
    return {stems(phrase): guide.type for guide in GUIDES.values() for phrase in guide.phrases}


@cache
def _places() -> Mapping[str, Mapping[str, int]]:
    """The stems of the guides, and what each is worth for the types that have it."""
    found: dict[str, dict[str, int]] = {}
    for name, guide in GUIDES.items():
        for worth, text in (
            (_GUIDE, guide.when),
            (_PHRASE, " ".join(guide.phrases)),
            (_NAME, name),
        ):
            for stem in stems(text):
                found.setdefault(stem, {})[name] = worth
    return found


def _points(one: str, told: Mapping[str, str]) -> dict[str, int]:
    """What a stem is worth for each type: twice as much as it stands as begun otherwise."""
    found = {name: _TOLD * 2 for name, text in told.items() if one in stems(text)}
    for stem, worths in _places().items():
        times = 2 if stem == one else int(_alike(stem, one))
        for name, worth in worths.items() if times else ():
            found[name] = max(found.get(name, 0), worth * times)
    return found


@cache
def _wholes(name: str) -> tuple[Stems, ...]:
    return (stems(name), *map(stems, GUIDES[name].phrases))


def _whole(name: str, wanted: Stems) -> int:
    """What a name or a phrase is worth that is wanted, or of which more or less is wanted."""
    asked, found = set(wanted), 0
    for phrase in _wholes(name):
        if wanted == phrase:
            return _SAME
        if asked <= set(phrase):
            found = max(found, _INSIDE - len(phrase))
        elif set(phrase) <= asked:
            found = max(found, _AROUND + _LONGER * len(phrase) if len(phrase) > 1 else _ALONE)
    return found


def _alike(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= _SHORTEST and (
        one.startswith(other) or other.startswith(one)
    )
