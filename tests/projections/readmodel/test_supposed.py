"""Laws of what-if: what is supposed is answered as if it were recorded, or had never been."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.events.envelope import Recorded
from ledger.time.history import History
from ledger.time.log import Log
from ledger.time.supposed import supposed
from ledger.time.view import Cut, View
from projections.answer import Answer, complete
from projections.questions import QUESTIONS
from tests import histories
from tests.projections.readmodel.test_histories import index_of, slow

few = settings(slow, max_examples=2)  # a whole set of answers each
PLACES = ("position", "recorded_at", "id", "stream", "place")
LISTED = re.compile(r"[^ ,.:]+(?:, [^ ,.:]+)+")  # keys named in a sentence
RECORD = ("timeline", "show", "check")  # they tell of what was retracted too


def asked(view: View, leave_out: Sequence[str] = ()) -> Iterator[tuple[str, Answer[Any]]]:
    """Every answer of every question at a view."""
    for name, question in QUESTIONS.items():
        if name in leave_out:
            continue
        if question.whole is not None:
            yield name, complete(view, question.whole(view))
        for kind in question.kinds:
            for id in question.ids(view.history, kind) if kind != "key" else ():
                yield f"{name} {id}", complete(view, question.ask(view, id))


def told(history: History, cut: Cut, keys: Mapping[str, str], *leave_out: str) -> dict[str, Any]:
    """What is answered, with other keys, and without where the events stand in a log."""
    found = {
        name: [answer.outcome, answer.rows, answer.possible, answer.notes]
        for name, answer in asked(View(history, cut), leave_out)
    }
    text = json.dumps(found, default=str)
    text = re.sub(r"supposed:\d+", lambda found: keys.get(found[0], found[0]), text)
    plain: dict[str, Any] = _plain(json.loads(text))
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items() if name not in PLACES}
    if isinstance(value, list):
        return sorted(map(_plain, value), key=repr)  # keys decide their order here and there
    if isinstance(value, str):
        return LISTED.sub(lambda found: ", ".join(sorted(found[0].split(", "))), value)
    return value


@few
@given(st.data())
def test_what_is_supposed_is_answered_as_if_it_were_recorded(data: st.DataObject) -> None:
    events = histories.history(data.draw(histories.drafts(most=30)))
    size = len(events) - data.draw(st.integers(1, 6))
    cut = data.draw(histories.cuts(0))[0]._replace(standing="any")
    before, new = events[:size], events[size:]
    recorded = told(Log(events), cut, {})
    history = data.draw(st.sampled_from((Log, index_of)))(before)
    laid = supposed(new, history)
    keys = {one.key: event.key for one, event in zip(laid, new, strict=True)}
    assert told(Log(laid, history), cut, keys) == recorded


def _retracted(events: Sequence[Recorded], key: str) -> Recorded | None:
    draft = ("event-retracted", "left-out", {"event": key, "because": "it is left out"})
    return histories.recorded(draft, Log(list(events)))


@few
@given(st.data())
def test_what_is_left_out_is_answered_as_if_it_had_never_been(data: st.DataObject) -> None:
    events = histories.history(data.draw(histories.drafts(most=25, amendments=False)))
    own = [event for event in events if event.key.startswith("event-")]
    if not own:
        return
    key = data.draw(st.sampled_from([event.key for event in own]))
    retracted = _retracted(events, key)
    without = [event for event in events if event.key != key]
    if retracted is None:
        return
    cut = data.draw(histories.cuts(0))[0]._replace(standing="any", known_by="9999-12-31")
    laid = Log(supposed([retracted], Log(events)), Log(events))
    never = told(Log(without), cut, {}, *RECORD)
    left_out = told(laid, cut, {}, *RECORD)
    assert {name: left_out[name] for name in never} == never
