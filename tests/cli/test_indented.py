"""JSON is written as the library writes it, whatever it holds."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.indented import indented
from projections.answer import Rows

_SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=4), inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
    ),
    max_leaves=25,
)


@given(_VALUES, st.booleans())
def test_the_text_is_that_of_the_library(value: Any, plain: bool) -> None:
    assert "".join(indented(value, plain)) == json.dumps(value, ensure_ascii=plain, indent=2)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_rows_are_written_as_they_are_found(count: int) -> None:
    found = [{"row": number, "events": ["a", "b"]} for number in range(count)]
    read: list[int] = []
    rows = Rows(read.append(n) or row for n, row in enumerate(found))  # type: ignore[func-returns-value]
    pieces = indented({"rows": rows}, plain=False)
    text = next(pieces)
    assert read == []
    assert text + "".join(pieces) == json.dumps({"rows": found}, indent=2)
