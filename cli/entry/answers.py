"""One answer after another: asked until it is right, and names read as ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from textwrap import wrap
from types import NoneType
from typing import Any, get_args

from pydantic.fields import FieldInfo

from cli.context import day_named
from cli.entry.known import Known
from cli.entry.questions import (
    NOTHING,
    REGISTERING,
    Question,
    label_of,
    told,
    wrong_in_part,
)
from cli.entry.terminal import BACK, Back, Completing, ask, no_completions, say
from ledger.events.fields import Part
from ledger.events.introspection import is_many
from ledger.values.refusals import Refused

_CHOOSING = (
    "A number takes what stands there; y registers it together with the event; what else is typed"
    " is the answer."
)
Wrong = Callable[[Any], Refused | None]  # what the type of an event finds wrong with a value

_MOST_OPTIONAL = 3  # fields of a part that are always asked for; the others are offered by name


class Answers:
    """Answers to questions; ``register`` registers what one names, and gives its id."""

    def __init__(self, known: Known, register: Callable[[str, str], str]) -> None:
        self._known, self._register = known, register

    def one(self, question: Question, default: str | None, wrong: Wrong) -> str | None:
        """A value that is right; None where it is left out."""
        shown = f" [{default}]" if default is not None else ""
        choices = f" ({', '.join(question.choices)})" if question.choices else ""
        if len(question.label + choices + shown) > 60:
            say(f" {choices}")
            choices = ""
        while True:
            line = ask(
                f"{question.label}{choices}{shown}: ", question.help(), self._proposing(question)
            )
            if not line and default is None and question.needed:
                say(f"  It is needed. {question.help()}")
                continue
            if (not line and default is None) or (line == NOTHING and not question.needed):
                return None
            value = self._read(question, line) if line else default
            if value is None:
                continue
            refused = wrong(value)
            if refused is None:
                return value
            say(f"  {refused}")

    def many(
        self, name: str, info: FieldInfo, so_far: Sequence[str], wrong: Wrong
    ) -> list[str] | None:
        """Values asked one by one, after those so far; None where there are none."""
        found = list(so_far)
        while True:
            if found:
                say(f"  So far: {', '.join(found)}. {BACK} takes the last away.")
            label = f"{label_of(name)} {len(found) + 1} (empty: {'no more' if found else 'none'})"
            try:
                line = self.one(
                    Question(label, info, needed=False),
                    None,
                    lambda value: wrong([*found, value]),
                )
            except Back:
                if not found:
                    raise
                found.pop()
                continue
            if line is None and (found or not info.is_required()):
                return found or None
            if line is None:
                say("  At least one is needed.")
            else:
                found.append(line)

    def parts(
        self, name: str, info: FieldInfo, part: type[Part], so_far: Sequence[dict[str, Any]]
    ) -> list[dict[str, Any]] | None:
        """Parts asked field by field, after those so far; None where there are none."""
        found = list(so_far)
        while True:
            if found:
                say("  " + "; ".join(told(one) for one in found))
            try:
                one = self._part(name, part, len(found) + 1)
            except Back:
                if not found:
                    raise
                found.pop()
                continue
            if one is None and (found or not info.is_required()):
                return found or None
            if one is None:
                say("  At least one is needed.")
            else:
                found.append(one)

    def _part(self, name: str, part: type[Part], number: int) -> dict[str, Any] | None:
        """One more part, field by field; None where no more is wanted."""
        given, label, fields = dict[str, Any](), f"{label_of(name)} {number}", _asked(part)
        empty, at = f" (empty: {'no more' if number > 1 else 'none'})", 0
        while True:
            try:
                if at == len(fields):
                    self._further(label, part, given)
                    return given
                value = self._field(label, part, given, fields[at], "" if at else empty)
            except Back:
                if at == 0:
                    raise
                at -= 1
                continue
            if value is None and at == 0:
                return None
            if value is not None:
                given[fields[at]] = value
            at += 1

    def _field(
        self, label: str, part: type[Part], given: Mapping[str, Any], field: str, empty: str = ""
    ) -> str | list[str] | None:
        """A field of a part, or its values where it takes several."""
        info = part.model_fields[field]

        def wrong(value: Any) -> Refused | None:
            return wrong_in_part(part, {**given, field: value}, field)

        label = f"{label}, {label_of(field)}"
        if _takes_several(info.annotation):
            return self.many(label, info, given.get(field, ()), wrong)
        question = Question(label + empty, info, info.is_required() and not empty)
        return self.one(question, given.get(field), wrong)

    def _further(self, label: str, part: type[Part], given: dict[str, Any]) -> None:
        """Ask for the other fields of a part, as long as any is wanted."""
        others = [name for name in part.model_fields if name not in _asked(part)]
        while left := [name for name in others if name not in given]:
            hint = f"It may also have: {', '.join(left)}."
            if label.endswith(" 1"):
                say("\n".join(wrap(hint, 76, initial_indent="  ", subsequent_indent="  ")))
            line = ask(f"{label}, more fields? [none]: ", hint, _among(left))
            if not line:
                return
            for word in line.replace(",", " ").split():
                field = word.replace("-", "_")
                if field not in left:
                    say(f'  "{word}" is none of them. {hint}')
                    continue
                try:
                    value = self._field(label, part, given, field)
                except Back:
                    break
                if value is not None:
                    given[field] = value

    def _read(self, question: Question, line: str) -> str | None:
        """The value that a line stands for; None where it has to be asked again."""
        kind = question.kind
        if question.is_date:
            return day_named(line)
        if kind is not None and kind.introduces and kind.refers == "class":
            return self._new_class(line)
        if not question.refers or kind is None:
            return line
        return self._named(question.refers, line, kind.must_exist)

    def _named(self, kind: str, line: str, must_exist: bool = True) -> str | None:
        """The id of the one thing that an answer names; None where it has to be asked again."""
        found = self._known.called(kind, line)
        if len(found) == 1:
            if found[0] != line:
                say(f'  read "{line}" as {found[0]}')
            return found[0]
        if found:
            titles = ", ".join(self._known.title(kind, id) for id in found)
            say(f'  "{line}" names {len(found)} things: {titles}. Write the id.')
            return None
        return self._unknown(kind, line) if must_exist else line

    def _new_class(self, line: str) -> str | None:
        """The id of a class to be; its issuer has to be known."""
        issuer, slash, word = line.partition("/")
        if not slash:
            return line
        known = self._named("issuer", issuer)
        return None if known is None else f"{known}/{word}"

    def _unknown(self, kind: str, line: str) -> str | None:
        """What is meant by an answer that names nothing recorded: one of those that are named
        nearly so, what is registered now, or what is answered in its stead; None where it has to
        be asked again."""
        word = {"issuer": "party", "class": "share class"}.get(kind, kind)
        near = self._known.near(kind, line)
        say(f'  No {word} "{line}" is recorded.{" Did you mean" if near else ""}')
        for number, id in enumerate(near, 1):
            say(f"    {number}  {self._known.title(kind, id)}")
        asked = [
            *(["a number"] if near else []),
            *(["y to register it"] if kind in REGISTERING else []),
        ]
        if not asked:
            return None
        try:
            taken = ask(
                f"  {' or '.join(asked).capitalize()} [ask again]: ",
                _CHOOSING,
                lambda typed: self._known.proposals(kind, typed),
            )
        except Back:
            return None
        if taken.isdecimal() and 0 < int(taken) <= len(near):
            return near[int(taken) - 1]
        if kind in REGISTERING and taken.casefold() in ("y", "yes"):
            return self._register(kind, line)
        return None if taken.casefold() in ("", "n", "no") else self._named(kind, taken)

    def _proposing(self, question: Question) -> Completing:
        if question.choices:
            return lambda typed: [c for c in question.choices if c.startswith(typed)]
        if question.refers:
            return lambda typed: self._known.proposals(question.refers, typed)
        if question.is_date:
            return lambda typed: [w for w in ("today", "yesterday") if w.startswith(typed)]
        return no_completions


def _asked(part: type[Part]) -> list[str]:
    """The fields of a part that are always asked for: those it needs, and the first others."""
    optional = [name for name, info in part.model_fields.items() if not info.is_required()]
    left = set(optional[_MOST_OPTIONAL:])
    return [name for name in part.model_fields if name not in left]


def _takes_several(annotation: Any) -> bool:
    """Whether a field of a part takes several values and nothing else."""
    kinds = [kind for kind in get_args(annotation) if kind is not NoneType]
    return is_many(annotation) or (bool(kinds) and all(map(is_many, kinds)))


def _among(names: Sequence[str]) -> Completing:
    return lambda typed: [name for name in names if name.startswith(typed)]
