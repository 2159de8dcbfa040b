"""A ledger of corporate actions, asked from Python: ``stakebook.open_ledger("deal.db")``."""

from cli.book import (
    Answer,
    Book,
    Checked,
    Damaged,
    Differences,
    Explanation,
    Graph,
    Limits,
    Money,
    PartialDate,
    Picture,
    Refused,
    Row,
    Rows,
    StakebookError,
    open_ledger,
    rows,
)

__all__ = [
    "Answer", "Book", "Checked", "Damaged", "Differences", "Explanation", "Graph", "Limits",
    "Money", "PartialDate", "Picture", "Refused", "Row", "Rows", "StakebookError", "open_ledger",
    "rows",
]  # fmt: skip
