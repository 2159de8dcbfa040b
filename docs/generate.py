"""Writes what is generated: the pages on events, commands, refusals and answers, the JSON Schemas,
cli/option_words.py and the picture of the demo.

Run as ``python docs/generate.py`` after changing a command or an event type; before it
``python docs/references.py``, if the type or what its fields refer to is new. A schema that
is committed is frozen: it is never rewritten here, and a test compares it with the class.
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import wrap
from typing import Any, get_args, get_type_hints, is_typeddict

import click

from cli.arguments import HELP
from cli.commands.events import catalogue, common_fields
from cli.commands.schema import schema_of
from cli.main import COMMANDS, cli, command_of
from cli.naming import SUBJECT, Naming
from docs.python_interface import FOLDER as NOTEBOOK
from docs.python_interface import python_modules, python_page
from ledger.events.base import Event
from ledger.events.introspection import choices_of, kind_of
from ledger.events.registry import event_types
from ledger.values.dates import BEGINNING, FOREVER
from ledger.values.reasons import REASONS
from ledger.values.warnings import WARNINGS
from ledger.vocabulary.coverage import LISTS, words_of_ways
from ledger.vocabulary.entries import OUTCOMES, Entry
from projections.answers import ANSWERS, EXPLAINED, PARTS, answer_row_schema, answer_schema
from projections.columns import COLUMNS
from projections.radar.percentages import percentage_words
from projections.radar.rule import Rule
from projections.radar.rule_files import built_in
from projections.rows import PossibleRow

DOCS = Path(__file__).parent
SCHEMAS = DOCS / "schemas"
QUIET = subprocess.DEVNULL
EXAMPLES = DOCS.parent / "tests" / "refusals"
OPTION_WORDS = DOCS.parent / "cli" / "option_words.py"


def events_page() -> str:
    """docs/events.md"""
    head = (
        "# Events\n\n"
        "The vocabulary by topic, generated from the classes by `python docs/generate.py`.\n"
        "`stakebook events` finds the type for what happened by ordinary words, and\n"
        "[coverage](coverage.md) by the codes of public lists. Every type also takes the common\n"
        "fields: the effective date and when it became known, the standing, citations, and so on.\n"
        "Dates are written `2023-11-08`, `2023-11`, `2023-Q4`, `2023-H2` or `2023`; most may also\n"
        "be `2024-01/2024-03` (between), `../2023-12` (by) or `2023-12/..` (not before), and an\n"
        "effective date `unknown`. What a source reports has happened by its publication\n"
        "([dates](arithmetic.md#dates)); what was still to come then has `tense: upcoming`.\n"
        "On the command line a citation is one word,\n"
        "`--citations 'minutes:p. 2'`, and a value that begins with `--` is joined to its option,\n"
        "`--note=--none`. Where events are appended, `known_on` may also be `effective` (the\n"
        "effective date) or `today` (nothing is written).\n\n"
        "An item of a file may give `defaults` to the events after it, such as\n"
        "`- defaults: {effective_on: 2024-07-01, standing: official, known_on: effective}`. An\n"
        "event takes those that its type has and that it does not give itself. Registrations of\n"
        "parties, classes and sources take none; other events whose effective date is optional\n"
        "take no effective date; what has citations of its own takes no known date. A later item\n"
        "of `defaults` replaces the fields it names and keeps the others; the item\n"
        '`- end-defaults` (in JSON Lines `"end-defaults"`) ends them. In files, too, a citation\n'
        'may be one word, `citations: ["minutes:p. 2"]`, and so may a corrected field,\n'
        "`changes: [shares=500]`.\n\n"
    )
    return f"{head}{common_fields()}\n{catalogue(list(event_types()))}"


def coverage_page() -> str:
    """docs/coverage.md"""
    lines = [
        "# Coverage",
        "",
        *_wrapped(
            "What of public lists of corporate actions, cap table transactions, interests and"
            " filings a ledger can say, generated from `ledger/vocabulary` by"
            " `python docs/generate.py`. `stakebook events CODE` says the same of one code."
        ),
        "",
        *_wrapped(
            "A code is *said* where event types record what it means, with its effect on the"
            " answers: who holds, votes, sits, is owed, what is open. A test finds each named type"
            " and field, and a story in `fixtures/scenarios` that records the type. *Said* does not"
            " mean that messages of the list are read or written, or that every field of one has a"
            " place. *A claim or a local type* keeps the fact, searchable and dated, without an"
            " effect. *Out* says why."
        ),
        "",
        "| list | codes | said | a claim or a local type | out |",
        "| --- | --: | --: | --: | --: |",
        *(
            f"| [{listing.title}](#{_anchor(listing.title)}) | {len(listing.entries)} |"
            f" {listing.count('said')} | {listing.count('declared')} | {listing.count('out')} |"
            for listing in LISTS
        ),
        "",
        *_wrapped(
            "In the first list, an event in bold has the code by itself: `stakebook timeline"
            " --format json` and `csv` give it as `caev`, and in `camv` whether holders must"
            " choose, where the event tells it. Where an event may have one of several codes,"
            " both are null."
        ),
    ]
    for listing in LISTS:
        lines += ["", f"## {listing.title}", ""]
        lines += [*_wrapped(f"Read from {listing.read}."), ""]
        lines += ["| code | means | said by |", "| --- | --- | --- |"]
        lines += [f"| `{one.code}` | {one.name} | {_said_by(one)} |" for one in listing.entries]
    return "\n".join(lines) + "\n"


def _anchor(title: str) -> str:
    return re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-")


def _said_by(entry: Entry) -> str:
    deciding = {step.type for way in entry.said for step in way if step.decides}
    said = words_of_ways(entry, lambda text: f"**`{text}`**" if text in deciding else f"`{text}`")
    choice = {step.choice for way in entry.said for step in way if step.choice}
    camv = f"`camv` {', '.join(sorted(choice))}" if choice else ""
    told = {"said": said, "declared": f"{OUTCOMES['declared']}: {said}", "out": "out"}
    return ". ".join(part.rstrip(".") for part in (told[entry.outcome], entry.why, camv) if part)


def cli_page() -> str:
    """docs/cli.md"""
    lines = [
        "# Commands",
        "",
        "Generated from `--help` by `python docs/generate.py`.",
        "",
        "```",
        _help(cli, "stakebook"),
        "```",
    ]
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        if command is None:
            raise LookupError(name)
        lines += ["", f"## {name}", "", "```", _help(command, f"stakebook {name}"), "```"]
        for part, inner in getattr(command, "commands", {}).items():
            words = f"{name} {part}"
            lines += ["", f"### {words}", "", "```", _help(inner, f"stakebook {words}"), "```"]
    return "\n".join(lines) + "\n"


def answers_page() -> str:
    """docs/answers.md"""
    lines = [
        "# Answers",
        "",
        "Generated from the types of the rows by `python docs/generate.py`. Every question answers",
        "with one object, the same in every format. JSON has all of it; CSV has the rows, those of",
        "their parts that have names as JSON, and the rest on standard error. A column has one",
        "name in both. `stakebook schema --answer NAME` and `docs/answers/` have the JSON",
        "Schemas.",
        "",
        "Tables are for people. They tell names, with the ids at the foot, from 100 columns on",
        "beside the names; from 120 columns on also the standing and the number of events of a",
        "row. Piped, they have every column, each row on one line. `COLUMNS` decides, where it is",
        "set. Their signs are explained below them. Markdown has the tables as they are piped.",
        "",
        "In the columns of tables a percentage that rounding makes a round number has `<` or `>`",
        "before it, by the side on which the exact one is: `<5.00`, `>0.00`, `<100.00`. Round are",
        "whole and half percents; with one decimal whole ones, without decimals multiples of",
        "five. JSON, CSV and sentences have the rounded number, and `..._exact` the fraction.",
        "",
        "| part | holds |",
        "| --- | --- |",
        *(f"| `{part}` | {holds} |" for part, holds in PARTS.items()),
        "",
        "`explain` has besides:",
        "",
        "| part | holds |",
        "| --- | --- |",
        *(f"| `{part}` | {holds} |" for part, holds in EXPLAINED.items()),
        "",
        "Amounts, numbers of shares and percentages are text, exact; unknown is null. Dates are as",
        "they were written, so `since` may be `2023-Q4`.",
        "",
        "## Questions",
        "",
        "A column in brackets is not in every row.",
    ]
    for name, shape in ANSWERS.items():
        meant = " ".join((shape.row.__doc__ or "").split())
        lines += ["", f"### {name}", "", *_wrapped(meant), "", *_wrapped(_fields(shape.row))]
        for option, row in shape.instead.items():
            lines += ["", *_wrapped(f"With `{option}`: {_fields(row)}")]
        parts = [("possible", list[shape.possible]), *shape.parts.items()]  # type: ignore[name-defined]
        for part, holds in parts:
            rows = [row for row in _rows_in(holds) if row is not PossibleRow]
            lines += [line for row in rows for line in ("", *_wrapped(f"`{part}`: {_fields(row)}"))]
    lines += ["", "## Columns", "", "| column | holds |", "| --- | --- |"]
    lines += [f"| `{name}` | {holds} |" for name, holds in COLUMNS.items()]
    return "\n".join(lines) + "\n"


def _rows_in(holds: Any) -> Iterator[Any]:
    """The types of rows in a type, those within them after them."""
    if is_typeddict(holds):
        yield holds
    for inner in get_args(holds):
        yield from _rows_in(inner)


def _fields(row: Any) -> str:
    """The columns of a row, those in brackets that not every row has."""
    required = answer_row_schema(row)["required"]
    return ", ".join(f"`{n}`" if n in required else f"[`{n}`]" for n in get_type_hints(row))


def answer_schema_files() -> dict[Path, str]:
    """The JSON Schema of each answer."""
    return {
        DOCS / "answers" / f"{name}.json": json.dumps(answer_schema(name), indent=1) + "\n"
        for name in ANSWERS
    }


def code_map_page() -> str:
    """docs/code-map.md"""
    lines = [
        "# Code map",
        "",
        "Generated from the first sentence of each module by `python docs/generate.py`.",
        "[Architecture](architecture.md#folders-and-walls) says which folder may use which.",
    ]
    for package in ("ledger", "projections", "cli", "benchmarks"):
        modules = sorted((DOCS.parent / package).rglob("*.py"))
        for folder in dict.fromkeys(path.parent for path in modules):
            lines += ["", f"## {folder.relative_to(DOCS.parent).as_posix()}/", ""]
            own = [path for path in modules if path.parent == folder]
            lines += [_first_sentence(path) for path in own if path.name == "__init__.py"]
            lines += ["", "| module | holds |", "| --- | --- |"]
            others = [path for path in own if path.name != "__init__.py"]
            lines += [f"| `{path.stem}` | {_first_sentence(path)} |" for path in others]
    return "\n".join(lines) + "\n"


def _first_sentence(path: Path) -> str:
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    first = re.split(r"(?<=[.:])\n\n|(?<=\.) (?=[A-Z])|\n\n", text)[0]
    return " ".join(first.replace("``", "`").split())


def refusals_page() -> str:
    """docs/refusals.md"""
    lines = [
        "# Refusals",
        "",
        "What stakebook refuses, generated from the closed list by `python docs/generate.py`. A",
        "refusal says the place, what was given, what is wrong and what to do; it ends with its",
        "number and name, which never change. Nothing is recorded. The exit code is 2, and 3 for",
        "R603. Each example is what one reproducer in `tests/refusals` is told.",
    ]
    for refusal, reason in REASONS.items():
        example = (EXAMPLES / f"{refusal.name.lower().replace('_', '-')}.txt").read_text("utf-8")
        lines += ["", f"## {refusal.code}", "", *_wrapped(reason.meaning), ""]
        lines += [*_wrapped(f"**Way out:** {reason.way_out}"), "", "```", *_wrapped(example), "```"]
    return "\n".join(lines) + "\n"


def warnings_page() -> str:
    """docs/warnings.md"""
    lines = [
        "# Warnings",
        "",
        *_wrapped(
            "What is recorded and should be looked at again, generated from the numbered list by"
            " `python docs/generate.py`. A receipt tells each with its number, which never"
            " changes; with `--json` they are `warnings`. With `--strict` any of them is a refusal,"
            " R605, and nothing is recorded. A batch of about 5,000 events and more is not looked"
            " at for W1, W2, W5 to W8 and W18, and the receipt says so."
        ),
    ]
    for kind, reason in WARNINGS.items():
        lines += ["", f"## {kind.number} {kind.title}", "", *_wrapped(reason.meaning), ""]
        lines += _wrapped(f"**What to do:** {reason.way_out}")
    return "\n".join(lines) + "\n"


_RULES_HEAD = """# Rules of the radar

`stakebook radar ISSUER` tells the thresholds that holders crossed, under the rules below or those
of a file (`--rules FILE`). The page is generated by `python docs/generate.py` from
`projections/radar/rules/`. The rules are data with the day on which their source was read; they are
no legal advice.

- A crossing is of the end of one day against the end of the day before, under the version of a rule
  that is valid on the later day. What a register opens with is no crossing.
- Which rules apply follows from `jurisdiction` and `home_state` of `party-details-changed`, and
  from `listing-changed`, on each day. `--rule ID` asks for a rule whatever the law.
- Counted for a holder are its own account and, as the rule says, the trusts for it or voting as it
  instructs, the companies it is recorded to control, and those it is recorded to act in concert
  with, in full. Of a trust for several that do not instruct it, its part.
- Shares of others count by a right in them (`share-right-granted`), as the rule says: those that a
  `nominee` has for the holder; in `usufruct`, unless the owner alone votes; by `pledge`, `loan`,
  `custody` or `proxy` where the holder votes, or may instruct. Under `lent` a loan counts whoever
  votes, for the side that has not the title; under `disposal`, what the holder may dispose of.
  They count once for a holder and all who are counted with it. Several rights on a number of the
  shares of one account are on different shares, as far as there are any.
- A crossing is *passive* where the holder's own number is the same. It counts, counts from the
  issuer's next published total, or makes no notice due, as the rule says.
- A notice is due after open days of the market. Saturdays and Sundays are closed; other closed days
  come from `--calendar FILE`, a list such as `- {market: fr, closed: [2024-05-01]}`. Without them a
  due day is the earliest.
- A disclosure matches where it is of the same holder or one counted with it, of the same class, as
  of the crossing or later, beyond the threshold, and in the form that is due. It counts from the
  day on which it became known, never from its effective date.
- A `change` is counted from the percentage last due to be reported, as if each was. What changed
  the percentage alone is no change where the rule makes nothing due for it.
- A rule that nothing public confirmed is *off*: it is used only where it is named.

A file of rules has the fields of those of the release, every value as text or a list:
`id`, `law`, `duty`, `base`, `thresholds` or `steps`, `up` (`>` or `>=`), `down` (`<` or `<=`),
`deadline` (`number`, `unit`, `from`, `deemed`, `rolls`; or `text`), and where it matters
`valid_from`, `valid_to`, `begins`, `applies`, `attribution`, `attribution_of_votes` (counted of
votes alone), `attribution_source`, `passive`, `rounding`, `form`,
`test` (`crossing`, `change`, `increase`, `creep`) with `by`, `above`, `between`, `months`.
"""


def rules_page() -> str:
    """docs/rules.md"""
    lines = [_RULES_HEAD]
    for jurisdiction in dict.fromkeys(rule.jurisdiction for rule in built_in()):
        lines += [f"## {jurisdiction.upper()}", ""]
        for rule in (one for one in built_in() if one.jurisdiction == jurisdiction):
            lines += [f"### {rule.id}{_valid_days(rule)}", "", *_rule_told(rule), ""]
    return "\n".join(lines).rstrip() + "\n"


def _valid_days(rule: Rule) -> str:
    if rule.valid_from == BEGINNING and rule.valid_to == FOREVER:
        return ""
    start = "" if rule.valid_from == BEGINNING else f"from {rule.valid_from}"
    end = "" if rule.valid_to == FOREVER else f"to {rule.valid_to}"
    return f", {' '.join(filter(None, (start, end)))}"


def _rule_told(rule: Rule) -> Iterator[str]:
    yield from _wrapped(f"{rule.law}. {_capital(rule.duty)}: {rule.deadline.words}.")
    yield ""
    yield from _listed_item(f"of {', '.join(rule.bases)}{_rule_tested(rule)}")
    yield from _listed_item(_rule_applies(rule))
    counted = ", ".join(rule.attribution) or "nothing else"
    yield from _listed_item(f"counted with the own: {counted}; passive crossings: {rule.passive}")
    if rule.attribution_of_votes:
        yield from _listed_item(f"counted of votes alone: {', '.join(rule.attribution_of_votes)}")
    if rule.attribution_source:
        yield from _listed_item(rule.attribution_source)
    source = f"source: {rule.source}, read {rule.read_on}; " if rule.source else ""
    yield from _listed_item(f"{source}certainty: {rule.certainty}")
    for remark in filter(None, (rule.remark, rule.off and f"off: {rule.off}")):
        yield from _listed_item(remark)


def _rule_tested(rule: Rule) -> str:
    by = percentage_words(rule.by) if rule.by else ""
    low, high = map(percentage_words, rule.between)
    match rule.test:
        case "change":
            return f": each change of {by} or more above {percentage_words(rule.above)} %"
        case "increase":
            return f": any increase from {low} to {high} %"
        case "creep":
            return f": {by} or more within {rule.months} months, from {low} to {high} %"
        case _ if rule.amount:
            return f": more than {rule.amount}"
        case _:
            down = f", down {rule.down}" if rule.down else ""
            rounded = ", rounded down to a whole percentage" if rule.rounding else ""
            steps = ", ".join(percentage_words(one) for one in rule.thresholds)
            return f": {steps} %; up {rule.up}{down}{rounded}"


def _rule_applies(rule: Rule) -> str:
    applies = rule.applies
    listed = {True: "listed issuers", False: "unlisted issuers", None: "issuers"}[applies.listed]
    by = {"seat": "with their seat in", "home-state": "whose home state is"}.get(
        applies.by, "by home state alone in" if applies.laws else "anywhere"
    )
    at = f", or listed at {', '.join(applies.venues)}" if applies.venues else ""
    holders = "" if rule.subject == "any" else f"; holders: {rule.subject}"
    return f"{listed} {by} {', '.join(applies.laws)}".rstrip() + at + holders


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _listed_item(text: str) -> list[str]:
    indented = _wrapped(f"- {text}")
    return [indented[0], *(f"  {line}" for line in _wrapped(" ".join(indented[1:])))]


def _wrapped(text: str) -> list[str]:
    return wrap(text, 98, break_long_words=False, break_on_hyphens=False)


def schema_files() -> dict[Path, str]:
    """The JSON Schema of each event type at its present schema number."""
    found = {}
    for name, cls in event_types().items():
        path = SCHEMAS / f"{name}.{cls.schema_number}.json"
        found[path] = json.dumps(shape(schema_of(name)), indent=1, ensure_ascii=False) + "\n"
    return found


def option_words_module() -> str:
    """cli/option_words.py"""
    append = command_of("append")
    assert isinstance(append, click.Group)
    context = click.Context(append)
    commands = {name: append.get_command(context, name) for name in event_types()}
    types = event_types()
    options = {name: _options(found, types[name]) for name, found in commands.items() if found}
    shared = dict(
        item
        for item in next(iter(options.values())).items()
        if all(item in others.items() for others in options.values())
    )
    lines = [
        '"""What the options of `append` take, written from the classes by docs/generate.py.',
        "",
        "Shells are told by it what may be typed, without the classes, which take longer to load.",
        '"""',
        "",
        "# fmt: off",
        f"APPEND: dict[str, str] = {_words(_options(append))}",
        f"SHARED: dict[str, str] = {_words(shared)}",
        "TYPES: dict[str, dict[str, str]] = {",
    ]
    for name, found in options.items():
        own = {option: takes for option, takes in found.items() if option not in shared}
        lines.append(f'    "{name}": {_words(own, "    ")},')
    return "\n".join([*lines, "}", ""])


def _options(command: click.Command, cls: type[Event] | None = None) -> dict[str, str]:
    """What each option of a command takes: nothing, text, a date, a file, words, or ids."""
    found = {}
    for param in command.params:
        if isinstance(param, click.Option):
            info = cls.model_fields.get(param.name or "") if cls else None
            kind, choices = (kind_of(info), choices_of(info.annotation)) if info else (None, ())
            if isinstance(param.type, Naming):
                kinds = param.type.kinds
                takes = "@subject" if kinds == SUBJECT.kinds else f"@{','.join(kinds)}"
            elif param.name in ("citations", "event", "reaffirms"):
                takes = "@source" if param.name == "citations" else "@key"
            elif param.name == "known_on":
                takes = "effective|today|yesterday"
            elif kind is not None and kind.is_date:
                takes = "date"
            elif param.metavar == "FILE":
                takes = "file"
            else:
                takes = "" if param.is_flag else "|".join(choices) or "text"
            found[param.opts[0]] = takes
    return found


def _words(options: Mapping[str, str], indent: str = "") -> str:
    """Options in a dictionary, as many on a line as fit."""
    items = [f'"{option}": "{takes}",' for option, takes in options.items()]
    return "{" + "".join(f"\n{indent}    {line}" for line in _filled(items, 92)) + f"\n{indent}}}"


def _filled(items: list[str], width: int) -> Iterator[str]:
    line = ""
    for item in items:
        if line and len(line) + len(item) >= width:
            yield line
            line = ""
        line = f"{line} {item}".strip()
    if line:
        yield line


def shape(schema: Any) -> Any:
    """A schema without its wording: what is frozen is which fields there are and what they take."""
    if isinstance(schema, dict):
        worded = (
            {"title", "description", "x-personal"}
            if "type" in schema or "anyOf" in schema
            else set()
        )
        kept = {key: value for key, value in schema.items() if key not in worded}
        return {key: shape(value) for key, value in kept.items()}
    return [shape(item) for item in schema] if isinstance(schema, list) else schema


def _help(command: click.Command, name: str) -> str:
    context = click.Context(
        command,
        info_name=name,
        terminal_width=80,
        max_content_width=80,
        help_option_names=HELP,
    )
    return command.get_help(context)


def alliance_picture() -> str:
    """docs/pictures/alliance.svg, as a reader of the tutorials draws it."""
    between = ("--from", "as-of=2023-11-07", "--to", "as-of=2023-11-08", "--out", "alliance.svg")
    with TemporaryDirectory() as folder:
        for words in (("demo",), ("graph", "nissan", *between)):
            program = "import sys; from cli.main import main; main(sys.argv[1:])"
            ledger = ("--ledger", "stakebook-demo/alliance.db") if words != ("demo",) else ()
            command = [sys.executable, "-c", program, *ledger, *words]
            places = {"PYTHONPATH": str(DOCS.parent)}
            subprocess.run(command, cwd=folder, env=os.environ | places, check=True, stdout=QUIET)
        return (Path(folder) / "alliance.svg").read_text(encoding="utf-8")


def main() -> None:
    """Write every page, and the schemas that are not there yet."""
    SCHEMAS.mkdir(exist_ok=True)
    (DOCS / "events.md").write_text(events_page(), encoding="utf-8")
    (DOCS / "coverage.md").write_text(coverage_page(), encoding="utf-8")
    (DOCS / "cli.md").write_text(cli_page(), encoding="utf-8")
    (DOCS / "refusals.md").write_text(refusals_page(), encoding="utf-8")
    (DOCS / "warnings.md").write_text(warnings_page(), encoding="utf-8")
    (DOCS / "rules.md").write_text(rules_page(), encoding="utf-8")
    (DOCS / "code-map.md").write_text(code_map_page(), encoding="utf-8")
    (DOCS / "answers.md").write_text(answers_page(), encoding="utf-8")
    (DOCS / "pictures" / "alliance.svg").write_text(alliance_picture(), encoding="utf-8")
    for path, text in answer_schema_files().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (DOCS / "python.md").write_text(python_page(), encoding="utf-8")
    OPTION_WORDS.write_text(option_words_module(), encoding="utf-8")
    for name, text in python_modules().items():
        (NOTEBOOK / name).write_text(text, encoding="utf-8")
    for path, text in schema_files().items():
        if not path.exists():
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
