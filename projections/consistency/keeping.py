"""Keeping: what is found of the parts of a question, worked out or as it was kept before."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ledger.model.posted import Hidden
from ledger.time.exclusions import everything, hidden
from ledger.time.view import View
from projections.subjects.over import Keeper
from projections.told import Told

Progress = Callable[[int], None]


def left_out(view: View, keeper: Keeper | None) -> Hidden | None:
    """How many of all events the cut leaves out, where that is kept; else the answer counts it."""
    if keeper is None:
        return None
    return keeper.left_out(view, lambda seen: hidden(seen, [everything(seen)]))


def each_part(
    view: View,
    parts: Sequence[str],
    work_out: Callable[[View, str], Any],
    keeper: Keeper | None,
    progress: Progress,
) -> Iterator[Any]:
    """What is found of each part, plain values and texts with marks; ``progress`` is told in
    events."""
    for number, found in enumerate(_each(view, parts, work_out, keeper)):
        progress(view.history.position * number // len(parts))
        yield found
    progress(view.history.position)


def _each(
    view: View, parts: Sequence[str], work_out: Callable[[View, str], Any], keeper: Keeper | None
) -> Iterator[Any]:
    if keeper is None:  # in views of their own as well, so that no part decides on another
        return (work_out(View(view.history, view.cut), part) for part in parts)
    kept = keeper.each(view, parts, lambda one, part: _written(work_out(one, part)))
    return map(_DECODER.decode, kept)


def _written(found: Any) -> str:
    return json.dumps(_plain(found), ensure_ascii=False)


def _plain(value: Any) -> Any:
    """Values as JSON has them, those texts apart that have marks."""
    if isinstance(value, Told):
        return {"told": value.marked}
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if type(value) in (str, int, bool, type(None)):
        return value
    raise TypeError(f"{type(value).__name__} is not kept")


def _told(value: dict[str, Any]) -> Any:
    return Told(value["told"]) if [*value] == ["told"] else value


_DECODER = json.JSONDecoder(object_hook=_told)
