"""Signs that stand for words in narrow tables; what was used is explained at the foot."""

from __future__ import annotations

_SIGNS = {  # by word: the sign, and how the foot explains it
    "about": ("~", "about"),
    "at-most": ("<=", "at most"),
    "at-least": (">=", "at least"),
    "more-than": (">", "more than"),
    "less-than": ("<", "less than"),
    "possible": ("?", "possible, not certain"),
    "disputed": ("!", "sources differ"),
    "preferred": (">", "preferred"),
    "reported": ("r", "reported by the press"),
    "unnamed": ("u", "told by people not named"),
    "inferred": ("i", "worked out by the recorder"),
}


class Marks:
    """The signs that a screen uses, each remembered; what goes without saying has none."""

    def __init__(self) -> None:
        self._used = set[str]()

    def sign(self, word: str | None) -> str:
        """The sign of a qualifier, of a standing, or of doubt."""
        if word not in _SIGNS:
            return ""
        self._used.add(word)
        return _SIGNS[word][0]

    def legend(self) -> list[str]:
        """What the signs used mean, in one line."""
        told = [
            f"{sign}: {meaning}." for word, (sign, meaning) in _SIGNS.items() if word in self._used
        ]
        return [" ".join(told)] if told else []
