"""What is plainly written YAML reads the same as by the full reader, or is left to it."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.formats.yaml_text import written
from ledger.intake.event_files import read_file
from ledger.intake.flat_yaml import MOST_LINES, flat_items
from ledger.intake.yaml import Listed, parse_yaml
from ledger.values.refusals import Refused

Read = list[tuple[Any, int, Any]] | str


def lines_in(value: Any) -> Any:
    """Where the items of each list in a value stand."""
    if isinstance(value, dict):
        return {name: lines_in(inner) for name, inner in value.items()}
    return [value.lines, *map(lines_in, value)] if isinstance(value, Listed) else None


def fully(text: str) -> Read:
    """What the full reader makes of a text."""
    try:
        return [(item, line, lines_in(item)) for item, line in parse_yaml(text, "f", split=True)]
    except Refused as refused:
        return str(refused)


def plainly(text: str) -> Read | None:
    items = flat_items(text)
    return items and [(item, line, lines_in(item)) for item, line in items]


def is_same(text: str) -> bool:
    """Whether the fast reader read a text, as the full one does."""
    read = plainly(text)
    assert not read or read == fully(text)
    return bool(read)


SCALARS = (
    "a", "2020-01-01", "1/10", "EUR 1.5", "true", "null", "~", "=", "<<", "- a", "-5", "a: b",
    "a:b", "a #b", "a#b", "#a", "a ", " a", "...", "---", "x, y", "[a]", "{a: b}", "&a", "*a",
    "!a", "%a", "@a", "`a", "'a'", "it's", '"a"', '"a \\"b\\" c"', '"\\\\"', '"\\n"', '"a', '""',
    '"# : "', "|", ">-", "?", "? a", ":", "a:", ":a", "\u00e9\u4e2d", "\u2028", '"\u0085"',
    '"\ufeff"', '"\U0001f600"', "0o7", '"\u00a0"', "a\tb", '"a\tb"', "a\r", "a" * 200, "<a", ">a",
    "(a)", "a%", "1_000", "a  b",
)  # fmt: skip
LINES = (
    "- {0}: {1}", "  {0}: {1}", "  {0}: {1}", "  {0}: {1}", "  {0}:", "    - {0}: {1}",
    "      {0}: {1}",
    "    - {1}", "  - {0}: {1}", "    {0}: {1}", "", "# {1}", "  # {1}", "-", "---", "...", "- {1}",
    "{0}: {1}", " {0}: {1}", "  {0}: {1} # a", "\t{0}: {1}", "  {0}:  {1}", "  {0}: ",
    "  {0} : {1}",
)  # fmt: skip
NAMES = ("a", "b", "type", "key", "y", "a-b", "A_1", "1a", "\u00e9", "a" * 101, "<<", "")


@pytest.mark.parametrize("scalar", SCALARS)
def test_a_scalar_reads_the_same(scalar: str) -> None:
    is_same(f"- a: {scalar}\n")
    is_same(f"- a: b\n  c: {scalar}\n  d: e\n  f:\n    - {scalar}\n    - g: {scalar}\n")


@given(st.data())
@settings(max_examples=150)
def test_random_lines_read_the_same_or_are_left_to_the_full_reader(data: st.DataObject) -> None:
    random = Random(data.draw(st.integers(0, 2**64)))
    rare = random.random() < 0.7  # most lines then are of the plain form
    lines = ["- type: a"]
    for _ in range(random.randrange(8)):
        line = random.choice(LINES[:8] if rare else LINES)
        name = random.choice(NAMES[:7] if rare else NAMES)
        lines.append(line.format(name, random.choice(SCALARS[:8] if rare else SCALARS)))
    is_same("\n".join(lines) + random.choice(("", "\n", "\n\n")))


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
PLAIN = st.sampled_from(("a", "b c", "2020-01-01", "1/10", "it's 5%", "x:y"))


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(NAMES[:7]),
            PLAIN
            | TEXTS
            | st.lists(st.dictionaries(st.sampled_from(NAMES[:4]), PLAIN, min_size=1)),
            min_size=1,
        ),
        min_size=1,
        max_size=4,
    )
)
@settings(max_examples=60)
def test_what_is_written_reads_the_same(items: list[dict[str, Any]]) -> None:
    is_same(written(items))


@pytest.mark.parametrize(
    "text",
    [
        '# a comment\n\n- type: a\n  b: "c: d # e"\n# another\n\n  d: it\'s 5%\n',
        "- a: b\n  c:\n    - d: e\n      f: g\n    - h: i\n  j: k\n- l: m",
        "- a: b\n  c:\n\n    - d\n# between\n    - e f\n    - g: h\n",
    ],
)
def test_the_plain_form_is_read_by_the_fast_reader(text: str) -> None:
    assert is_same(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "# a\n", "a: b\n", "  a: b\n", "- a: b\n  a: c\n", "- a: b\n  c:\n", "- a:\n    - b\n",
        "- a: b\n  c:\n  d: e\n", "- a: b\n      c: d\n", "- a: b\n    - c\n", "- a: b\r\n",
        "- a: b\n  c:\n    - d\n      e: f\n", "- a: b\n  c:\n    - d: e\n      d: f\n",
        "- a: b\n  c: d\n    - e\n", "- a: b\n  c:\n- d: e\n", "---\n- a: b\n",
        "- a: b\n" + "".join(f"  n{n}: c\n" for n in range(MOST_LINES + 1)),
    ],
)  # fmt: skip
def test_all_else_is_left_to_the_full_reader(text: str) -> None:
    assert not plainly(text)


def test_events_are_read_with_their_lines(tmp_path: Path) -> None:
    file = tmp_path / "events.yaml"
    file.write_text("# Parties\n\n- type: party-registered\n  party: a\n  kind: fund\n  name: A\n")
    (entry,) = read_file(file)
    assert entry.place == f"{file}:3"
    file.write_text(file.read_text() + "- type: party-registered\n  party: b\n  colour: red\n")
    with pytest.raises(Refused, match=r"events.yaml:7: colour"):
        list(read_file(file))


def test_a_long_line_that_does_not_fit_takes_no_time() -> None:
    """Each part of a line is looked at a few times only, and not once for each before it."""
    for part in ("#", "a ", "a:b ", "\\", '"', "- "):
        assert flat_items(f"- a: {part * 40_000}\x01\n") is None
        assert flat_items(f"{part * 40_000}\x01\n") is None
