"""Options: none takes another for its value, and a value of two fields is one word."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path

import click
import pytest

from cli.commands.append import example
from cli.context import today
from cli.main import COMMANDS, cli
from cli.options import data_of
from ledger.events.registry import event_types
from ledger.values.refusals import Refusal
from tests.helpers import assert_refused, assert_usage, dated, new_ledger, run, stored

Words = tuple[str, ...]

SALE = ("shares-transferred", "--share-class", "acme/common", "--transferor", "bolt",
        "--transferee", "fund-two", "--shares", "20", "--standing", "official",
        "--effective-on", "2025-01-01")  # fmt: skip


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = {"type": "source-registered", "source": "minutes", "title": "Minutes",
              "kind": "minutes", "publisher": "Acme", "published_on": "2024"}  # fmt: skip
    note = dated("note-added", subject="acme", text="a", key="note", deal="sale")
    return new_ledger(tmp_path_factory.mktemp("options"), source, note)


def commands(ledger: Path) -> Iterator[tuple[Words, click.Command]]:
    """Every command that takes options, with the words that lead to it."""
    with click.Context(cli) as context:
        yield (), cli
        for name in COMMANDS:
            command = cli.get_command(context, name)
            assert command is not None
            yield (name,), command
            inner = {"append": list(event_types()), "correct": ["opened", "note", "party-acme"]}
            for word in inner.get(name, ()):
                assert isinstance(command, click.Group)
                context.obj = ledger
                found = command.get_command(context, word)
                assert found is not None
                yield (name, word), found


OTHERS = ("--help", "-h", "--anything", "--")


@pytest.mark.parametrize("others", [1, pytest.param(4, marks=pytest.mark.whole)])
def test_no_option_takes_another_for_its_value(ledger: Path, others: int) -> None:
    """``--dry-run`` above all; of every third a further word, or in the long run of all each."""
    before, files = stored(ledger), sorted(ledger.parent.iterdir())
    tried, seen = 0, set()
    for words, command in commands(ledger):
        for option in command.params:
            if not isinstance(option, click.Option) or option.is_flag:
                continue
            for name in option.opts:
                if (words[:1], name) in seen:  # an option that types of event have in common
                    continue
                seen.add((words[:1], name))
                after, turn = ["--dry-run"], len(seen) // 3
                if others > 1 or len(seen) % 3 == 0:
                    after += islice(cycle(OTHERS), turn, turn + others)
                    needed = "an argument" if option.nargs == 1 else f"{option.nargs} arguments"
                    assert_usage(run(ledger, *words, name), f"Option '{name}' requires {needed}")
                for following in after:
                    outcome = run(ledger, *words, name, following)
                    assert_usage(outcome, f"{name} needs a value, and {following} is an option")
                    tried += 1
    assert tried > (1 + others / 3) * 200, len(seen)
    assert stored(ledger) == before
    assert sorted(ledger.parent.iterdir()) == files


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.whole)])
def test_a_dry_run_behind_any_option_records_nothing(ledger: Path, every: bool) -> None:
    """Once behind each option and behind its value, or in the long run with each type."""
    before, seen = stored(ledger), set[tuple[str, bool]]()
    for type_name in event_types():
        _, *words = shlex.split(example(type_name))
        for place in range(2, len(words) + 1):
            is_option = words[place - 1].startswith("--")
            option = words[place - 1] if is_option else words[place - 2]
            if every or place == len(words) or (option, is_option) not in seen:
                seen.add((option, is_option))
                run(ledger, *words[:place], "--dry-run", *words[place:])
                assert stored(ledger) == before, words[:place]
    assert len(seen) > 250


def test_a_value_may_begin_like_an_option_where_it_is_joined(ledger: Path) -> None:
    outcome = run(ledger, "append", *SALE, "--note", "--dry-run")
    assert_usage(outcome, "Write --note=--dry-run if that is the value.", "nothing is done")
    outcome = run(ledger, "append", *SALE, "--note=--dry-run", "--dry-run")
    assert outcome.out.startswith("Would record"), outcome


def test_a_citation_is_one_word(ledger: Path) -> None:
    """A source, and after the first colon where in it."""
    dry = (*SALE, "--dry-run", "--citations")
    for word in ("minutes", "minutes:p. 2", "minutes:12:30", '{"source": "minutes"}'):
        assert run(ledger, "append", *dry, word).code == 0, word
    assert_usage(run(ledger, "append", *dry, "minutes", "p. 2"), "unexpected extra argument")
    outcome = run(ledger, "append", *dry, "minutes:")
    assert_refused(outcome, Refusal.BAD_TEXT, "citations.1.locator")
    outcome = run(ledger, "append", *dry, ":p. 2")
    assert_refused(outcome, Refusal.BAD_IDENTIFIER, "citations.1.source")


def test_a_change_is_one_word(ledger: Path) -> None:
    """A field, and after the first = its value; a field alone is taken away."""
    words = ("event-corrected", "--event", "note", "--because", "b", "--dry-run", "--changes")
    outcome = run(ledger, "append", *words, "text=a=b", "--changes", "deal")
    assert "deal sale -> -, text a -> a=b" in outcome.out, outcome


def test_a_date_option_may_be_a_day_named_by_a_word() -> None:
    cls = event_types()["shares-issued"]
    data = data_of(cls, {"effective_on": "yesterday", "known_on": "today", "shares": "5"})
    day = (today() - timedelta(days=1)).isoformat()
    assert data == {"effective_on": day, "shares": "5"}
    assert data_of(cls, {"known_on": "yesterday"}) == {"known_on": day}
