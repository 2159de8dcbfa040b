"""stakebook events"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from inspect import cleandoc
from typing import NotRequired, TypedDict, get_args

import click
from pydantic import BaseModel

from cli.context import format_option
from cli.entry.acts import told
from cli.page import write
from cli.page_options import pager_option
from cli.render import write_json
from cli.safe_text import visible
from cli.screen import Block, Column, Line, Screen
from ledger.events.base import Event
from ledger.events.introspection import choices_of, is_many, kind_of, part_of
from ledger.events.registry import event_class, event_types
from ledger.vocabulary.coverage import codes_of, words_of_ways
from ledger.vocabulary.entries import OUTCOMES, Entry, Listing
from ledger.vocabulary.finding import Codes, codes_named, meant, named
from ledger.vocabulary.guides import GUIDES, TOPIC_OF, TOPICS


class Field(TypedDict):
    """A field of an event as the catalogue shows it; ``parts`` are the fields of its items."""

    field: str
    required: str
    takes: str
    parts: NotRequired[list[Field]]


_MOST = 8  # types that are listed for words
_FIELD = re.compile(r"\A``([a-z_]+)`` says")
_COMMON = frozenset(Event.model_fields)


def _starting(_context: click.Context, _param: click.Parameter, typed: str) -> list[str]:
    return [name for name in (*TOPICS, *GUIDES) if name.startswith(typed)]


@click.command("events")
@click.argument("words", metavar="[TYPE | TOPIC | WORDS]...", nargs=-1, shell_complete=_starting)
@format_option
@pager_option
def command(words: tuple[str, ...], form: str, paged: bool) -> None:
    """The event types by topic; a TOPIC, a TYPE, or what everyday WORDS or a code mean.

    WORDS are those in which a lawyer or an accountant tells what happened. Codes are those of
    ISO 20022 (SPLR), the Open Cap Format (TX_STOCK_ISSUANCE) and the other lists of docs/coverage.

    \b
    Example:
      stakebook events
      stakebook events shares-transferred
      stakebook events dividends
      stakebook events bonus issue
      stakebook events SPLR
    """
    asked = " ".join(words)
    codes: Codes = []
    if not asked:
        chosen = list(event_types())
    elif asked.casefold() in TOPICS:
        chosen = [guide.type for guide in TOPICS[asked.casefold()].guides]
    elif asked in event_types():
        chosen = [asked]
    else:
        codes, chosen = codes_named(asked), meant(asked, told())
        if not codes and (not chosen or (_is_like_a_type(asked) and not named(asked))):
            event_class(asked)  # refused, with the nearest types
    if form == "json":
        write_json({name: _described(name) for name in chosen})
    elif form == "csv":
        click.echo("\n".join(chosen))
    elif form == "markdown":
        click.echo(catalogue(chosen), nl=False)
    else:
        write(_screen(asked, chosen, codes), form, paged)


def _is_like_a_type(asked: str) -> bool:
    return "-" in asked and " " not in asked


def _screen(asked: str, chosen: list[str], codes: Codes) -> Screen:
    if not asked:
        return _overview()
    if asked.casefold() in TOPICS:
        topic = asked.casefold()
        title = f"{topic}: {TOPICS[topic].about}"
        return Screen(title, [_listed(chosen)], ["`stakebook events TYPE` explains a type."])
    return _page(asked) if asked in event_types() else _found(asked, chosen, codes)


def _overview() -> Screen:
    columns = (Column("topic"), Column("types", "right"), Column("what", wrap=True))
    lines = [Line((name, str(len(topic.guides)), topic.about)) for name, topic in TOPICS.items()]
    notes = [
        "`stakebook events TOPIC` lists a topic, `stakebook events TYPE` explains a type.",
        "`stakebook events bonus issue` finds the type for what happened; so does a code, as SPLR.",
    ]
    return Screen(f"{len(event_types())} event types", [Block(columns, lines)], notes)


def _listed(names: Iterable[str]) -> Block:
    lines = [Line((name, GUIDES[name].when)) for name in names]
    return Block((Column("type"), Column("use it when", wrap=True)), lines)


def _found(asked: str, chosen: list[str], codes: Codes) -> Screen:
    notes = [f"`stakebook events {chosen[0]}` explains it."] if chosen else []
    if len(chosen) > _MOST:
        notes.insert(0, f"{len(chosen) - _MOST} more are less near.")
    blocks = [_listed(chosen[:_MOST])] if chosen else []
    title = f'Types for "{visible(asked)}"' if chosen else f"What {visible(asked)} is"
    return Screen(title, blocks, [*(_meaning(*one) for one in codes), *notes])


def _meaning(listing: Listing, entry: Entry) -> str:
    """A code in a sentence or two: what it means, and what says it."""
    outcome = "said by" if entry.outcome == "said" else OUTCOMES[entry.outcome]
    said = words_of_ways(entry)
    told = f"{outcome[0].upper()}{outcome[1:]}{': ' if said else ''}{said}"
    if entry.outcome == "said" and not said:
        told = ""
    parts = (f"{entry.code} ({listing.short}): {entry.name}", told, entry.why)
    return " ".join(f"{part.rstrip('.')}." for part in parts if part)


def _page(name: str) -> Screen:
    from cli.commands.append import example

    guide, cls = GUIDES[name], event_class(name)
    summary, *more = told_by(cls)
    advice = [f"Use it when: {guide.when}", f"Not when: {guide.unless}"]
    rows = [row for row in _fields(name) if row["required"] or row["field"] not in _COMMON]
    rows.sort(key=lambda row: (not row["required"], row["field"] in _COMMON))
    lines = [Line((row["field"], row["required"], row["takes"])) for row in _flat(rows)]
    block = Block((Column("field"), Column("required"), Column("takes", wrap=True)), lines)
    told = {*cls.refuses, *(row["field"] for row in rows)}
    others = [field for field in cls.model_fields if field in _COMMON - told]
    notes = [*more, f"It also takes, as other events do: {', '.join(others)}."]
    if guide.phrases:
        notes.append(f"Also called: {', '.join(guide.phrases)}.")
    if codes := _codes(name):
        notes.append(f"Codes: {codes}.")
    heading = Block((Column(wrap=True),), [Line((one,)) for one in advice], headed=False)
    return Screen(f"{name}: {summary}", [heading, block], [*notes, f"Example: {example(name)}"])


def told_by(cls: type[Event]) -> list[str]:
    """What a class says of itself, by paragraph, and then what the classes it rests on say of
    fields that it has."""
    told = cleandoc(cls.__doc__ or "").split("\n\n")
    for base in cls.__mro__[1 : cls.__mro__.index(Event)]:
        for part in cleandoc(base.__doc__ or "").split("\n\n")[1:]:
            named = _FIELD.search(part)
            if named is None or named[1] in cls.model_fields:
                told.append(part)
    return [" ".join(part.replace("``", "`").split()) for part in told]


def _codes(name: str) -> str:
    """The codes that a type says, list by list."""
    found: dict[str, list[str]] = {}
    for listing, entry in codes_of(name):
        found.setdefault(listing.short, []).append(entry.code)
    return "; ".join(f"{short} {', '.join(codes)}" for short, codes in found.items())


def catalogue(names: list[str]) -> str:
    """The catalogue as a Markdown page, by topic."""
    lines: list[str] = []
    for topic, (about, guides) in TOPICS.items():
        within = [guide.type for guide in guides if guide.type in names]
        if within:
            lines += [f"## {topic}: {about}", ""]
            lines += [line for name in within for line in _section(name)]
    return "\n".join(lines)


def _section(name: str) -> Iterator[str]:
    from cli.commands.append import example

    guide = GUIDES[name]
    yield from (f"### {name}", "")
    yield from (line for part in told_by(event_class(name)) for line in (part, ""))
    yield from (f"**Use it when:** {guide.when}", "", f"**Not when:** {guide.unless}", "")
    if guide.phrases:
        yield from (f"**Also called:** {', '.join(guide.phrases)}.", "")
    yield from _table(row for row in _fields(name) if row["field"] not in _COMMON)
    if not event_class(name).model_fields["effective_on"].is_required():
        yield from ("Its effective date is optional, and its standing is official unless said.", "")
    yield from ("```", example(name), "```", "")


def common_fields() -> str:
    """The fields that every event has, as a Markdown table."""
    return "\n".join(_table(row for row in _rows_of(Event)))


def _table(rows: Iterable[Field]) -> Iterator[str]:
    yield from ("| field | required | takes |", "| --- | --- | --- |")
    for row in _flat(rows):
        yield f"| {row['field']} | {row['required']} | {row['takes']} |"
    yield ""


def _described(name: str) -> dict[str, object]:
    cls, guide = event_class(name), GUIDES[name]
    return {
        "schema": cls.schema_number,
        "topic": TOPIC_OF[name],
        "what": told_by(cls)[0],
        "when": guide.when,
        "not_when": guide.unless,
        "called": list(guide.phrases),
        "codes": {
            listing.name: [entry.code for of, entry in codes_of(name) if of is listing]
            for listing, _ in codes_of(name)
        },
        "stream": cls.stream,
        "fields": _fields(name),
        "example": dict(cls.example),
    }


def _fields(name: str) -> list[Field]:
    cls = event_class(name)
    return [row for row in _rows_of(cls) if row["field"] not in cls.refuses]


def _rows_of(cls: type[BaseModel]) -> list[Field]:
    rows = []
    for field, info in cls.model_fields.items():
        choices, kind, part = choices_of(info.annotation), kind_of(info), part_of(info.annotation)
        takes = ", ".join(choices) if choices else kind.hint if kind else "text"
        required = "yes" if info.is_required() else ""
        row: Field = {"field": field, "required": required, "takes": takes}
        if part is not None:
            row["takes"] = f"list of {', '.join(part.model_fields)}"
            row["parts"] = _rows_of(part)
        elif any(map(is_many, (info.annotation, *get_args(info.annotation)))):
            row["takes"] = f"list: {takes}"
        rows.append(row)
    return rows


def _flat(rows: Iterable[Field]) -> Iterator[Field]:
    """Fields, those of their parts after each, by a name with a point."""
    for row in rows:
        parts = row.get("parts", [])
        yield {**row, "takes": "list, each with:"} if parts else row
        for part in parts:
            yield {**part, "field": f"{row['field']}.{part['field']}"}
