"""Every story of fixtures/scenarios is borne out, and together they tell every type of event."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.events.registry import event_types
from tests.scenarios import FOLDER, Untrue, read_story, stories, tell, types_told

_BROKEN = {
    "a field the format does not know": (
        "{story: S, tells: T, steps: [{expect: deals, row: []}]}",
        "'row' is not known here",
    ),
    "a story without a title": ("{tells: T, steps: [{expect: deals}]}", "story is missing"),
    "two steps in one": (
        "{story: S, tells: T, steps: [{expect: deals, append: {}}]}",
        "a step is one of",
    ),
    "a refusal without its sentence": (
        "{story: S, tells: T, steps: [{refuse: bad-date, event: {}}]}",
        "because is missing",
    ),
}
_UNTRUE = {
    "an event refused": ("append: {type: party-ended, party: acme}", "should have been recorded"),
    "a row too many": ("{expect: deals, rows: [{status: signed}]}", "these rows are expected"),
    "a note that is not there": ("{expect: deals, notes: [nobody says]}", "no note has"),
    "a possible event": ("{expect: deals, possible: [talks]}", "these events are possible"),
    "a refusal that does not come": (
        "{refuse: bad-date, because: date, event: {type: party-registered, party: acme,"
        " kind: company, name: Acme}}",
        "should have been refused",
    ),
    "another refusal": (
        "{refuse: bad-date, because: date, event: {type: party-ended}}",
        "refused otherwise",
    ),
    "no such refusal": ("{refuse: bad-luck, because: x, event: {}}", "no refusal 'bad-luck'"),
    "no such question": ("expect: wealth acme", "no question"),
}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("path", stories(), ids=lambda path: path.stem)
def test_story(path: Path, tmp_path: Path) -> None:
    """The ledger takes every step as the story tells it."""
    tell(read_story(path), tmp_path)


def test_every_event_type_has_a_scenario() -> None:
    """Adding an event type means telling a story with it."""
    told = set().union(*(types_told(read_story(path)) for path in stories()))
    forgotten = [name for name in event_types() if name not in told]
    assert not forgotten, f"No story of {FOLDER} records {', '.join(forgotten)}: add one."


def test_every_story_begins_with_a_comment() -> None:
    """The head of each file says in a comment what it is about."""
    bare = [path.name for path in stories() if not path.read_text("utf-8").startswith("# ")]
    assert not bare, f"These stories have no comment at their head: {', '.join(bare)}"


@pytest.mark.parametrize("case", _BROKEN)
def test_a_story_out_of_form_is_not_read(case: str, tmp_path: Path) -> None:
    """What the format does not know is named, with its place."""
    text, message = _BROKEN[case]
    path = tmp_path / "broken.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(Untrue, match=message):
        read_story(path)


@pytest.mark.parametrize("case", _UNTRUE)
def test_an_untrue_story_fails(case: str, tmp_path: Path) -> None:
    """A story that the ledger does not bear out fails at its step."""
    step, message = _UNTRUE[case]
    path = tmp_path / "untrue.yaml"
    path.write_text(f"story: S\ntells: T\nsteps:\n  - {step}\n", "utf-8")
    with pytest.raises(Untrue, match=message):
        tell(read_story(path), tmp_path)
