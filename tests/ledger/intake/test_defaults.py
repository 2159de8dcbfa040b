"""Defaults of a batch, and known dates said in a word: what is recorded, and what is said of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ledger.values.refusals import Refusal
from tests.helpers import Outcome, assert_refused, joined, run

CLASS = "share_class: acme/common"


def told(ledger: Path, text: str, *words: str) -> Outcome:
    """Append YAML given on standard input."""
    return run(ledger, "append", "--file", "-", *words, stdin=text.encode())


def data(ledger: Path, key: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(ledger, "show", key, "--format", "json").out)
    return dict(found["rows"][0]["recorded_data"])


BATCH = """\
- defaults:
    effective_on: 2024-07-01
    standing: official
    known_on: effective
    share_class: acme/common
    citations: [{source: minutes, locator: p. 2}]
- {type: source-registered, key: minutes, source: minutes, title: Minutes, kind: filing,
   publisher: Acme, published_on: 2024-07-09}
- {type: party-registered, key: ann, party: ann, kind: person, name: Ann}
- {type: shares-issued, key: first, holder: ann, shares: 5}
- {type: shares-issued, key: later, holder: ann, shares: 5, effective_on: 2024-08-01}
- {type: shares-issued, key: told, holder: ann, shares: 5, known_on: 2024-07-02}
- {type: shares-issued, key: cited, holder: ann, shares: 5, citations: [{source: minutes}]}
- {type: shares-issued, key: undated, holder: ann, shares: 5, effective_on: unknown}
- {type: director-appointed, key: board, company: acme, person: ann}
- {type: party-renamed, key: renamed, party: ann, name: Anna}
"""


def test_an_event_takes_the_defaults_it_has_and_its_own_fields_win(ledger: Path) -> None:
    assert told(ledger, BATCH).code == 0
    cited = [{"source": "minutes", "locator": "p. 2"}]
    common = {"standing": "official", "citations": cited}
    issue = common | {"share_class": "acme/common", "holder": "ann", "shares": "5"}
    day = {"effective_on": "2024-07-01", "known_on": "2024-07-01"}
    assert data(ledger, "first") == issue | day
    assert data(ledger, "later") == issue | {"effective_on": "2024-08-01", "known_on": "2024-08-01"}
    assert data(ledger, "told") == issue | day | {"known_on": "2024-07-02"}
    assert data(ledger, "undated") == issue | {"effective_on": "unknown"}
    board = data(ledger, "board")
    assert "share_class" not in board
    assert {**board, **day, **common} == board


def test_what_has_sources_of_its_own_is_known_from_them(ledger: Path) -> None:
    assert told(ledger, BATCH).code == 0
    assert "known_on" not in data(ledger, "cited")
    assert data(ledger, "cited")["citations"] == [{"source": "minutes"}]


def test_registrations_take_no_defaults_and_no_other_event_a_date_it_may_do_without(
    ledger: Path,
) -> None:
    assert told(ledger, BATCH).code == 0
    assert data(ledger, "ann") == {
        "party": "ann", "kind": "person", "name": "Ann", "standing": "official",
    }  # fmt: skip
    assert "citations" not in data(ledger, "minutes")
    assert data(ledger, "renamed").keys() == {"party", "name", "standing", "citations"}


def test_a_batch_with_defaults_repeated_records_nothing(ledger: Path) -> None:
    first = told(ledger, BATCH, "--json")
    again = told(ledger, BATCH, "--json")
    assert (json.loads(first.out)["recorded"], json.loads(again.out)["recorded"]) == (9, 0)
    written = BATCH.replace("known_on: 2024-07-02", "known_on: 2024-07-01")
    assert_refused(told(ledger, written), Refusal.KEY_REUSED, "differs in known_on")


def test_json_lines_begin_with_defaults_as_well(ledger: Path) -> None:
    issue = {"type": "shares-issued", "share_class": "acme/common", "holder": "bolt", "shares": 5}
    header = {"defaults": {"standing": "official", "known_on": "effective"}}
    lines = [header, issue | {"effective_on": "2024-07", "key": "july"}]
    outcome = told(ledger, "".join(json.dumps(line) + "\n" for line in lines))
    assert outcome.code == 0, outcome.err
    assert data(ledger, "july")["known_on"] == "2024-07"


def test_each_file_has_defaults_of_its_own(ledger: Path, tmp_path: Path) -> None:
    event = "{{type: note-added, subject: acme, text: t, key: {}}}"
    folder = tmp_path / "events"
    folder.mkdir()
    (folder / "1.yaml").write_text(f"- defaults: {{note: seen}}\n- {event.format('one')}\n")
    (folder / "2.yaml").write_text(f"- {event.format('two')}\n")
    assert run(ledger, "append", "--file", str(folder)).code == 0
    assert (data(ledger, "one")["note"], data(ledger, "two").get("note")) == ("seen", None)


@pytest.mark.parametrize(
    ("header", "refusal", "said"),
    [
        ("{standng: official}", Refusal.BAD_DEFAULTS, "Did you mean standing"),
        ("{key: one}", Refusal.BAD_DEFAULTS, '"key" is a field of no event'),
        ("{recorded_at: 2024-01-01}", Refusal.BAD_DEFAULTS, "is a field of no event"),
        ("{type: shares-issued}", Refusal.BAD_DEFAULTS, '"type" is a field of no event'),
        ("{}", Refusal.BAD_DEFAULTS, "stand alone"),
        ("[official]", Refusal.BAD_DEFAULTS, "stand alone"),
        ("{standing: rumour}", Refusal.BAD_CHOICE, "standing: "),
        ("{effective_on: 2024-02-30}", Refusal.BAD_DATE, "effective_on: "),
        ("{known_on: soon}", Refusal.BAD_DATE, "known_on: "),
        ("{citations: [{sources: a}]}", Refusal.MISSING_FIELD, "citations.1.source"),
    ],
)
def test_defaults_are_checked_before_any_event(
    ledger: Path, header: str, refusal: Refusal, said: str
) -> None:
    text = f"- defaults: {header}\n- {{type: note-added, subject: acme, text: t}}\n"
    first, *_ = told(ledger, text).err.splitlines(keepends=True)
    assert_refused(Outcome(2, "", first), refusal, "standard input:1: defaults: ", said)


NOTE = "- {{type: note-added, subject: acme, text: t, key: {}}}\n"


def test_further_defaults_replace_what_they_name_until_they_end(ledger: Path) -> None:
    header = "- defaults: {{citations: [{}], standing: reported, known_on: 2024-01-02}}\n"
    text = (
        NOTE.format("before")
        + header.format("{source: minutes}")
        + NOTE.format("first")
        + '- defaults: {citations: ["minutes:p. 2"]}\n'
        + NOTE.format("second")
        + "- end-defaults\n"
        + NOTE.format("after")
        + BATCH.splitlines(keepends=True)[6]
        + BATCH.splitlines(keepends=True)[7]
    )
    assert told(ledger, text).code == 0
    said = {key: data(ledger, key) for key in ("before", "first", "second", "after")}
    assert said["before"] == said["after"]
    assert said["first"].items() >= {"standing": "reported", "known_on": "2024-01-02"}.items()
    assert said["second"] == said["first"] | {
        "citations": [{"source": "minutes", "locator": "p. 2"}]
    }


def test_defaults_end_in_json_lines_as_well(ledger: Path) -> None:
    note = {"type": "note-added", "subject": "acme", "text": "t"}
    lines = [{"defaults": {"note": "n"}}, note | {"key": "with"}, "end-defaults", note]
    lines[-1] = note | {"key": "without"}
    outcome = told(ledger, "".join(json.dumps(line) + "\n" for line in lines))
    assert outcome.code == 0, outcome.err
    assert [data(ledger, key).get("note") for key in ("with", "without")] == ["n", None]


def test_defaults_alone_are_no_batch(ledger: Path) -> None:
    assert_refused(
        told(ledger, "- defaults: {standing: official}\n- end-defaults\n"), Refusal.EMPTY
    )


def test_a_bad_header_ends_the_reading_of_its_file(ledger: Path) -> None:
    outcome = told(ledger, "- {type: nothing}\n- defaults: {a: b}\n- {type: nobody}\n")
    assert [line.split(":")[2] for line in outcome.err.splitlines()[:-1]] == ["1", "2"]


def test_a_correction_in_a_file_names_fields_as_on_the_command_line(ledger: Path) -> None:
    text = NOTE.format("wrong") + "- {type: event-corrected, event: wrong, changes: [text=right],"
    assert told(ledger, text + " because: misread}\n").code == 0
    shown = json.loads(run(ledger, "show", "wrong", "--format", "json").out)["rows"][0]
    assert shown["data"]["text"] == "right"


def test_defaults_of_a_command_stand_behind_those_of_its_files(
    ledger: Path, tmp_path: Path
) -> None:
    file = tmp_path / "defaults.yaml"
    file.write_text("defaults: {note: mine, standing: reported}\n")
    assert told(ledger, NOTE.format("one"), "--defaults", str(file)).code == 0
    named = {"STAKEBOOK_DEFAULTS": str(file)}
    assert run(ledger, *ISSUE, "2024-01-01", "--key", "two", **named).code == 0
    own = "- defaults: {note: theirs}\n" + NOTE.format("three")
    assert told(ledger, own, "--defaults", str(file)).code == 0
    assert [data(ledger, key)["note"] for key in ("one", "two", "three")] == [
        "mine",
        "mine",
        "theirs",
    ]
    assert data(ledger, "two")["standing"] == "official"
    for text, refusal in (
        ("defaults: {a: b}\n", Refusal.BAD_DEFAULTS),
        (NOTE.format("four"), Refusal.BAD_DEFAULTS),
        ("", Refusal.BAD_DEFAULTS),
    ):
        file.write_text(text)
        assert_refused(told(ledger, NOTE.format("four"), "--defaults", str(file)), refusal)
    gone = told(ledger, NOTE.format("four"), "--defaults", str(tmp_path / "gone"))
    assert_refused(gone, Refusal.UNREADABLE_FILE)


ISSUE = ("append", "shares-issued", "--share-class", "acme/common", "--holder", "bolt",
         "--shares", "5", "--standing", "official", "--effective-on")  # fmt: skip


def test_a_known_date_may_be_the_effective_one_or_today(ledger: Path) -> None:
    assert run(ledger, *ISSUE, "2024-Q1", "--known-on", "effective", "--key", "then").code == 0
    assert run(ledger, *ISSUE, "2024-Q1", "--known-on", "today", "--key", "now").code == 0
    assert data(ledger, "then")["known_on"] == "2024-Q1"
    assert "known_on" not in data(ledger, "now")
    again = run(ledger, *ISSUE, "2024-Q1", "--key", "now")
    assert again.out.startswith("Already recorded")
    outcome = run(ledger, *ISSUE, "unknown", "--known-on", "effective")
    assert_refused(outcome, Refusal.NO_EFFECTIVE_DATE, "known_on: ")


def test_the_receipt_says_what_is_known_only_from_today(ledger: Path) -> None:
    today = json.loads(run(ledger, "show", "#1", "--format", "json").out)["rows"][0]["recorded_at"]
    day = today[:10]
    late = joined(run(ledger, *ISSUE, "2024-01-31", "--dry-run").err)
    assert f"! W3: 1 event is known only from {day}, over 7 days after taking effect: #" in late
    assert "--known-on effective" in late
    future = run(ledger, *ISSUE, "2999-01-31", "--dry-run")
    assert f"known {day}" in joined(future.out)
    assert "W3" not in future.err
    said = run(ledger, *ISSUE, "2024-01-31", "--known-on", "effective")
    assert "W3" not in said.err
    assert "known 2024-01-31" in joined(said.out)


def test_a_batch_says_it_once_and_counts(ledger: Path) -> None:
    assert told(ledger, BATCH.replace("    known_on: effective\n", "")).code == 0
    text = "- defaults: {standing: official, share_class: acme/common, holder: bolt, shares: 1}\n"
    text += "".join(f"- {{type: shares-issued, effective_on: 200{n}-01-01}}\n" for n in range(4))
    text += "- {type: party-registered, party: eve, kind: person, name: Eve}\n"
    outcome = told(ledger, text, "--json", "--dry-run")
    known = json.loads(outcome.out)["known_today"]
    assert (known["events"], known["late"]) == (4, 4)
    said = joined(told(ledger, text).err)
    assert said.count("known only from") == 1
    assert "! W3: 4 events are known only from " in said
    assert "over 7 days after taking effect: #" in said
