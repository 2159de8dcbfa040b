"""Event types that the stories do not tell yet: who tells one takes it off the list.

``UNTOLD`` are those of ``tests/story.py``, ``WITHOUT_SCENARIO`` those of ``fixtures/scenarios``.
"""

UNTOLD: set[str] = {"parties-identified"}

WITHOUT_SCENARIO: set[str] = {
    "parties-identified",
}  # fmt: skip
