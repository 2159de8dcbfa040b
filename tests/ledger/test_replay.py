"""The audit of a whole log says of every history what asking every rule of every batch says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ledger import replay as audit
from ledger.events.envelope import Recorded, content_digest
from ledger.events.registry import event_class
from ledger.rules import fast_check as plain
from ledger.rules import problems
from ledger.rules.unbounded import UnboundedView
from ledger.storage.writing import LedgerStoredEvent
from ledger.time.log import Log
from ledger.values.refusals import Damaged
from projections.readmodel.index import Index
from projections.readmodel.opening import open_index
from projections.readmodel.rebuild import rebuilt_read_model
from tests import histories

slow = settings(
    max_examples=50,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
    print_blob=False,
)


def in_batches(events: Sequence[Recorded], sizes: Sequence[int]) -> list[Recorded]:
    """The same events as they would be stored, in batches of the sizes given, again and again."""
    found, versions, batch, left = list[Recorded](), dict[str, int](), 0, 0
    for position, event in enumerate(events, 1):
        if not left:
            batch, left = batch + 1, sizes[batch % len(sizes)]
        left -= 1
        stream = event_class(event.type).stream.format_map(event.data)
        versions[stream] = versions.get(stream, 0) + 1
        at = f"2026-01-01T00:00:00.{batch:06}Z"
        found.append(
            replace(
                event, position=position, originator_id=stream, recorded_at=at,
                originator_version=versions[stream],
            )
        )  # fmt: skip
    return found


def rows(events: Sequence[Recorded]) -> Iterator[LedgerStoredEvent]:
    """The rows of a ledger that holds the events."""
    for event in events:
        content = content_digest(event.type, event.data)
        yield LedgerStoredEvent.of(event, event.state("test"), content)


def purely(events: Sequence[Recorded]) -> str:
    """What every rule asked of every batch over the log in memory says first, if anything; by the
    dates of 0.1.0 as well as by those of today."""
    log = Log()
    for _, group in groupby(events, key=lambda event: event.recorded_at):
        batch = list(group)
        then = list(problems(log, batch, seen=UnboundedView))
        for event, refused in problems(log, batch) if then else ():
            return str(audit.damaged(event, f"the rules refuse it: {refused}"))
        for event in batch:
            log.add(event)
    return ""


def audited(events: Sequence[Recorded]) -> tuple[str, Index | None]:
    """What the audit says, and the read model it has made if all is well."""
    with (
        TemporaryDirectory() as folder,
        rebuilt_read_model(Path(folder, "x.views.db"), "test") as fresh,
    ):
        try:
            last = list(audit.audited(rows(events), "test", fresh))[-1:]
        except Damaged as error:
            return str(error), None
        assert last == [len(events)]
        index = fresh.finish()
        whole = open_index(None, histories.EventList(events))
        assert list(index.content()) == list(whole.content())
        return "", whole


def offered(data: st.DataObject) -> list[Recorded]:
    """Events that the rules accept one by one, and sometimes later ones that nobody asked about."""
    start = data.draw(st.none() | st.integers(0, 40))  # from there on nobody asks the rules
    log, found = Log(), list[Recorded]()
    for number, draft in enumerate(data.draw(histories.drafts(most=40))):
        unasked = start is not None and number >= len(histories.WORLD) + start
        event = histories.made(draft, log)
        if event is None:
            continue
        if unasked or not list(problems(log, [event])):
            log.add(event)
            found.append(event)
    return found


@pytest.fixture(params=["in memory", "a page at a time", "large"])
def sizes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages and batches of memory as they are, or so small that a few events are many."""
    if request.param != "in memory":
        monkeypatch.setattr(audit, "PAGE", 7)
    if request.param == "large":
        monkeypatch.setattr(audit, "MANY", 3)


@pytest.mark.sampled(3)
@pytest.mark.usefixtures("sizes")
@pytest.mark.parametrize("most", [20, pytest.param(100, marks=pytest.mark.whole)])
def test_the_audit_finds_what_the_rules_find(most: int) -> None:
    settings(slow, max_examples=most)(given(st.data())(found_alike))()


def found_alike(data: st.DataObject) -> None:
    batches = data.draw(st.lists(st.integers(1, 12), min_size=1, max_size=4) | st.just([1]))
    events = in_batches(offered(data), batches)
    assert audited(events)[0] == purely(events)


def test_most_batches_are_sound_without_asking_every_rule(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control: the fast way is taken, and a broken rule in the middle is found behind it."""
    asked = list[int]()
    real = plain.FastCheck.is_valid

    def counted(self: plain.FastCheck, *given: object) -> bool:
        valid = real(self, *given)  # type: ignore[arg-type]
        asked.append(valid)
        return valid

    monkeypatch.setattr(plain.FastCheck, "is_valid", counted)
    moved = {"share_class": "acme/common", "transferor": "alice", "transferee": "bob"}
    plan = [
        (
            "shares-transferred", f"move-{n}",
            moved | {"shares": "9", "effective_on": "2021-01-01", "standing": "official"},
        )
        for n in range(200)
    ]  # fmt: skip
    events = histories.history([*histories.WORLD, *plan])
    assert len(events) == len(histories.WORLD) + 111  # of 1,000 shares, nine at a time
    assert audited(in_batches(events, [1])) != ("", None)
    assert sum(asked) == len(asked) == len(events)
    early = replace(events[-1], key="early", data=events[-1].data | {"effective_on": "2020-06-01"})
    tampered = in_batches([*events[:60], early, *events[60:]], [1])
    assert audited(tampered)[0] == purely(tampered)
    assert f"Event #{len(tampered)} " in audited(tampered)[0]


def test_an_account_without_checks_of_later_days_would_go_unseen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control of back-dated movements: what later days hold is looked at."""
    base = {"share_class": "acme/common", "standing": "official"}
    plan = [
        ("shares-transferred", "out", {**base, "transferor": "bob", "transferee": "carol",
         "shares": "600", "effective_on": "2020-06-01"}),
        ("shares-transferred", "back", {**base, "transferor": "carol", "transferee": "bob",
         "shares": "600", "effective_on": "2021-06-01"}),
    ]  # fmt: skip
    events = histories.history([*histories.WORLD, *plan])
    early = replace(
        events[-1], key="early",
        data={**base, "transferor": "bob", "transferee": "alice", "shares": "1",
              "effective_on": "2020-03-01"},
    )  # fmt: skip
    broken = in_batches([*events, early], [1])
    assert audited(broken)[0] == purely(broken) != ""
    monkeypatch.setattr("projections.readmodel.postings.Postings.lowest", lambda *_: 0)
    assert audited(broken)[0] == ""
