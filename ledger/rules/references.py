"""Every party, class, source and event that is spoken of is known, and registered once."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.envelope import Recorded
from ledger.event import Mention, mentions
from ledger.history import History
from ledger.refusals import Refusal, Refused, nearest, shown
from ledger.rules.news import News
from ledger.view import View

_KINDS = {
    "party": ("party", "party-registered"),
    "issuer": ("party", "party-registered"),
    "class": ("class", "share-class-created"),
    "source": ("source", "source-registered"),
}
SUBJECT_KINDS = (
    "new-party", "new-class", "new-source", "deal", "agreement", "investment", "offering",
    "milestone", "project",
)  # fmt: skip
_ASIDE = {"citations", "note", "standing", "known_on", "effective_on", "sequence", "inferred_from"}


def references_exist(view: View, news: News) -> Iterator[tuple[Recorded, Refused]]:
    """A reference to a party, class, source, event or subject must be to one recorded."""
    known: dict[tuple[str, str], bool] = {}
    for event in news.events:
        for mention in mentions(event.type, event.data):
            thing = asked(mention)
            if thing is None:
                continue
            if thing not in known:
                known[thing] = is_known(view, *thing)
            if not known[thing] or thing == ("event", event.key):
                yield event, _unknown(view.history, *thing).at(mention.field)
            elif mention.field == "reaffirms":
                yield from ((event, r) for r in said_later(view.history, mention.id, event))


def said_later(history: History, key: str, event: Recorded) -> Iterator[Refused]:
    """What is wrong with reaffirming an event that is not recorded before."""
    (told,) = history.mentioning(f"key:{key}")
    if told.position >= event.position:
        yield Refused(
            Refusal.UNKNOWN_REFERENCE,
            f"#{told.position} {shown(key)} is not recorded before the event that reaffirms it.",
            "Let the later one reaffirm the earlier one.",
            "reaffirms",
        )


def asked(mention: Mention) -> tuple[str, str] | None:
    """What must be known for a mention: the thing itself, or the issuer of a new share class."""
    kind = mention.kind
    if kind.introduces and kind.refers == "class":
        return "issuer", mention.id.partition("/")[0]
    return (kind.refers, mention.id) if kind.must_exist else None


def registered_once(view: View, news: News) -> Iterator[tuple[Recorded, Refused]]:
    """An id may be registered again only with the same facts (another source says the same)."""
    for event in news.events:
        for mention in mentions(event.type, event.data):
            if not mention.kind.introduces:
                continue
            for other in view.about(f"new-{mention.kind.refers}:{mention.id}").certain:
                if other.recorded.position < event.position:
                    yield from _compared(event, other.recorded, mention.id)


def is_known(view: View, kind: str, id: str) -> bool:
    """Whether anything recorded and not retracted makes an id of a kind known."""
    if kind == "event":
        return view.history.knows(f"key:{id}")
    if kind == "subject":
        return any(view.history.knows(f"{prefix}:{id}") for prefix in SUBJECT_KINDS)
    return bool(view.about(f"new-{_KINDS[kind][0]}:{id}").certain)


def known_ids(history: History, *prefixes: str) -> list[str]:
    """The ids in use under any of the prefixes, sorted."""
    return sorted({s.removeprefix(f"{p}:") for p in prefixes for s in history.subjects(f"{p}:")})


def _compared(event: Recorded, earlier: Recorded, id: str) -> Iterator[tuple[Recorded, Refused]]:
    for name in sorted({*event.data, *earlier.data} - _ASIDE):
        ours, theirs = event.data.get(name), earlier.data.get(name)
        if ours != theirs and ours is not None and theirs is not None:
            yield (
                event,
                Refused(
                    Refusal.ALREADY_REGISTERED,
                    f"{shown(id)} is registered by #{earlier.position} with {name}"
                    f" {shown(theirs)}, not {shown(ours)}.",
                    "Choose another id, or record the change (party-renamed, source-corrected).",
                    name,
                ),
            )
            return


def _unknown(history: History, kind: str, id: str) -> Refused:
    if kind == "event":
        prefixes: tuple[str, ...] = ("key",)
        remedy = "Give the key of a recorded event; `stakebook timeline` shows them."
    elif kind == "subject":
        prefixes, remedy = SUBJECT_KINDS, "Record what it is first."
    else:
        prefixes = (f"new-{_KINDS[kind][0]}",)
        remedy = f"Record a {_KINDS[kind][1]} event for it first."
    word = "party" if kind == "issuer" else "share class" if kind == "class" else kind
    suggestion = nearest(id, (other for other in known_ids(history, *prefixes) if other != id))
    return Refused(
        Refusal.UNKNOWN_REFERENCE,
        f"No {word} {shown(id)} is recorded.",
        f"{suggestion} {remedy}".strip(),
    )
