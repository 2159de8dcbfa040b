"""Event types that the stories do not tell yet: who tells one takes it off the list.

``UNTOLD`` are those of ``tests/story.py``, ``WITHOUT_SCENARIO`` those of ``fixtures/scenarios``.
"""

UNTOLD = {
    "parties-identified",      "deal-considered",
    "approval-refused", "notice-given", "proceeding-opened",
    "proceeding-advanced", "proceeding-decided", "offering-considered",
    "project-considered", "action-withdrawn",
}  # fmt: skip

WITHOUT_SCENARIO: set[str] = {
    "parties-identified", "deal-considered", "approval-refused",
    "notice-given", "proceeding-opened", "proceeding-advanced", "proceeding-decided",
    "project-considered", "action-withdrawn",
}  # fmt: skip
