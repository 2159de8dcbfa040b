"""What an exercise need not say, for the grant says it: the holder, the class, the other side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ledger.intake.defaults import COMPLETED
from ledger.time.cut import Cut
from ledger.time.history import History
from ledger.time.instruments import Told, folded
from ledger.time.view import View
from ledger.values.dates import FOREVER, parse_effective
from ledger.values.refusals import Refused

_TOLD = ("kind", "holder", "share_class", "writer")


class Completion:
    """Completes exercises from grants of the ledger, and of the batch that they stand in."""

    def __init__(self, history: Callable[[], History]) -> None:
        self._history = history
        self._batch: dict[str, dict[str, Any]] = {}

    def __call__(self, type_name: str, given: dict[str, Any]) -> dict[str, Any]:
        """The fields of an event, completed where it is an exercise."""
        id = given.get("instrument")
        if type_name not in COMPLETED or not isinstance(id, str):
            return given
        if type_name == "instrument-granted":
            self._batch[id] = {name: given[name] for name in _TOLD if name in given}
        elif type_name == "instrument-transferred" and "transferee" in given:
            passed = {**(self._batch.get(id) or self._recorded(id, given))}
            self._batch[str(given.get("into", id))] = passed | {"holder": given["transferee"]}
        elif type_name == "instrument-exercised":
            return self._completed(id, given)
        return given

    def _completed(self, id: str, given: dict[str, Any]) -> dict[str, Any]:
        told = self._batch.get(id) or self._recorded(id, given)
        found = dict[str, Any](holder=told.get("holder"), share_class=told.get("share_class"))
        if given.get("settled") == "transfer":
            found["counterparty"] = told.get("writer")
            if told.get("kind") == "put":
                found["delivers"] = "holder"
        return {name: value for name, value in found.items() if value is not None} | given

    def _recorded(self, id: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """What the ledger tells of an instrument on the day of an event."""
        try:
            day = parse_effective(str(given.get("effective_on", "unknown"))).last
        except Refused:
            day = FOREVER  # it is refused where the event is made
        told = Told(View(self._history(), Cut(as_of=day)))
        told.add("instrument", [id])
        one = folded(told.bearing()).instruments.get(id)
        if one is None:
            return {}
        return {
            "kind": one.kind, "holder": one.holder, "share_class": one.share_class,
            "writer": one.granted.text("writer"),
        }  # fmt: skip
