"""Random histories of a ledger that is killed, reopened, retried and given wrong clocks."""

from __future__ import annotations

import signal
import tempfile
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from ledger.application import Ledger
from ledger.batch import Draft
from ledger.events.validation import make_event
from ledger.values.refusals import Refused
from tests.faults import FIGURES
from tests.faults.worker import append_one, draft, dying, start
from tests.helpers import passed

START = datetime(2026, 11, 22, tzinfo=UTC)
REACHED: Counter[tuple[str, str]] = Counter()


class Life(RuleBasedStateMachine):
    """A ledger, and what was said of it to somebody who writes everything down."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = ExitStack()
        self.path = Path(self.folder.enter_context(tempfile.TemporaryDirectory()), "deal.db")
        self.moment, self.ids, self.keys = START, count(), count()
        self.said: dict[str, tuple[int, Draft]] = {}
        self.perhaps: dict[str, Draft] = {}
        self.times: list[str] = []
        self.positions: list[str] = []

    @initialize()
    def make(self) -> None:
        self.ledger = self.opened("rwc")

    def opened(self, mode: Any = "rw") -> Ledger:
        return Ledger(self.path, lambda: self.moment, lambda: f"id-{next(self.ids)}", mode=mode)

    def teardown(self) -> None:
        self.ledger.close()
        self.folder.close()

    def reached(self, rule: str, outcome: str) -> None:
        REACHED[rule, outcome] += 1

    def append(self, name: str, *drafts: Draft) -> None:
        """Append a batch, and write down what is said of it."""
        known = {made.key for made in drafts} & set(self.said)
        try:
            receipt = self.ledger.append(drafts)
        except Refused as refused:
            self.reached(name, f"refused {refused.refusal.name}")
            return
        self.reached(name, "already recorded" if known else "recorded")
        for event, made in zip(receipt.events, drafts, strict=True):
            place = self.said.setdefault(made.key, (event.position, made))
            assert place[0] == event.position, "a retry is answered with the first"
            self.perhaps.pop(made.key, None)

    def next_key(self) -> str:
        return f"k{next(self.keys)}"

    @rule(size=st.integers(1, 4), bad=st.booleans())
    def batch(self, size: int, bad: bool) -> None:
        drafts = [draft(self.next_key()) for _ in range(size)]
        if bad:
            drafts.append(drafts[0].__class__(RENAMED, self.next_key()))
        self.append("bad batch" if bad else "batch", *drafts)

    @rule(data=st.data())
    def correct(self, data: st.DataObject) -> None:
        if self.said:
            target = data.draw(st.sampled_from(sorted(self.said)))
            changes = [{"field": "name", "value": f"Corrected {len(self.positions)}"}]
            fields = {"event": target, "changes": changes, "because": "a trial"}
            self.amend("correct", "event-corrected", fields)

    @rule(data=st.data())
    def retract(self, data: st.DataObject) -> None:
        if self.said:
            target = data.draw(st.sampled_from(sorted(self.said)))
            self.amend("retract", "event-retracted", {"event": target, "because": "a trial"})

    def amend(self, name: str, kind: str, fields: dict[str, Any]) -> None:
        try:
            event = make_event(kind, fields)
        except Refused as refused:
            self.reached(name, f"refused {refused.refusal.name}")
            return
        self.append(name, Draft(event, self.next_key()))

    @rule(data=st.data())
    def retry(self, data: st.DataObject) -> None:
        """Ask again for what was said, or for what was killed and nobody knows."""
        both = {**{key: made for key, (_, made) in self.said.items()}, **self.perhaps}
        if both:
            made = both[data.draw(st.sampled_from(sorted(both)))]
            self.append("retry unknown" if made.key in self.perhaps else "retry", made)

    @rule(data=st.data())
    def reuse(self, data: st.DataObject) -> None:
        if self.said:
            key = data.draw(st.sampled_from(sorted(self.said)))
            self.append("reuse a key", draft(key, "Something else"))

    @rule(when=st.sampled_from(["before", "after"]))
    def killed(self, when: str) -> None:
        """Another process is killed while it appends."""
        key = self.next_key()
        process = start(dying, self.path, key, when)
        process.join(60)
        assert process.exitcode == -signal.SIGKILL
        present = key in [event.key for event in self.ledger.events_after(len(self.positions))]
        assert present is (when == "after")
        self.perhaps[key] = draft(key)
        self.reached("killed", f"{when} the commit")

    @rule()
    def abandon(self) -> None:
        """A transaction is begun, and never ended."""

        class GivenUpError(Exception):
            pass

        recorder: Any = self.ledger.recorder
        try:
            with recorder.writing():
                self.ledger.save(*self._unrecorded())
                raise GivenUpError
        except GivenUpError:
            self.reached("abandon", "undone")

    def _unrecorded(self) -> list[Any]:
        from ledger.events.envelope import Recorded

        last, key = len(self.positions), self.next_key()
        made = draft(key)
        return [
            Recorded(last + 1, f"party:{key}", 1, f"id-{next(self.ids)}", key, made.event.type, 1,
                     "2999-01-01T00:00:00.000000Z", made.event.data)
        ]  # fmt: skip

    @rule()
    def reopen(self) -> None:
        self.ledger.close()
        self.ledger = self.opened()
        self.reached("reopen", "opened")

    @rule(seconds=st.integers(-(10**8), 10**8))
    def jump(self, seconds: int) -> None:
        self.moment = START + timedelta(seconds=seconds)
        self.reached("jump", "back" if seconds < 0 else "ahead")

    @rule()
    def ask(self) -> None:
        assert (
            append_one(self.ledger, self.path, draft("asked"))
            == self.said.get("asked", (len(self.positions) + 1, None))[0]
        )
        self.said.setdefault("asked", (len(self.positions) + 1, draft("asked")))
        self.reached("ask", "recorded with the read model")

    @invariant()
    def holds(self) -> None:
        """Positions are gapless, nothing said is lost or doubled, and the past stays as it was."""
        if not hasattr(self, "ledger"):
            return
        events = list(self.ledger.events_after(0))
        keys = [event.key for event in events]
        assert len(keys) == len(set(keys))
        assert keys[: len(self.positions)] == self.positions
        assert {key: keys[place - 1] for key, (place, _) in self.said.items()} == {
            key: key for key in self.said
        }
        assert set(keys) <= set(self.said) | set(self.perhaps)
        times = [event.recorded_at for event in events]
        assert times == sorted(times)
        assert times[: len(self.times)] == self.times
        self.positions, self.times = keys, times
        assert passed(self.ledger) == len(events)


RENAMED = make_event("party-renamed", {"party": "nobody", "name": "N"})
EXPECTED = (
    "batch", "bad batch", "correct", "retract", "retry", "retry unknown: recorded", "reuse a key",
    "killed: before the commit", "killed: after the commit", "abandon", "reopen", "jump: back",
    "jump: ahead", "ask", "refused CLOCK_AHEAD",
)  # fmt: skip
LIFE = settings(
    deadline=None, suppress_health_check=list(HealthCheck), print_blob=True,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)  # fmt: skip


@pytest.mark.parametrize(
    ("lives", "steps", "least"),
    [(6, 25, 0), pytest.param(320, 50, 20, marks=pytest.mark.whole)],
)
def test_a_life_of_faults(lives: int, steps: int, least: int) -> None:
    REACHED.clear()
    chosen = settings(LIFE, max_examples=lives, stateful_step_count=steps)
    run_state_machine_as_test(Life, settings=chosen)  # type: ignore[no-untyped-call]
    figures = {f"{name}: {outcome}": n for (name, outcome), n in sorted(REACHED.items())}
    FIGURES.append(f"P26 {sum(REACHED.values())} steps: {figures}")
    assert least == 0 or sum(REACHED.values()) >= 10_000
    reached = Counter(figures)
    for (step, outcome), times in REACHED.items():
        reached[step] += times
        reached[outcome] += times
    assert {name: reached[name] for name in EXPECTED if reached[name] < least} == {}


class Forgetful(Life):
    """The control: says that something is recorded which is not."""

    @rule()
    def lie(self) -> None:
        self.said["lie"] = (len(self.positions) + 1, draft("lie"))


def test_control_a_lie_is_found_out() -> None:
    chosen = settings(LIFE, max_examples=20, stateful_step_count=20)
    with pytest.raises((AssertionError, IndexError)):
        run_state_machine_as_test(Forgetful, settings=chosen)  # type: ignore[no-untyped-call]
