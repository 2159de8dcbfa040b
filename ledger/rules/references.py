"""Every party, class, source and event that is spoken of is known, and registered once."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.envelope import Recorded
from ledger.events.introspection import Mention
from ledger.events.registry import mentions
from ledger.events.share_classes import ShareClassAmended
from ledger.model.fact import Fact
from ledger.model.threads import OWN_KINDS
from ledger.rules.new_events import NewEvents
from ledger.time.history import History, keys_like, known_ids
from ledger.time.view import View
from ledger.values.refusals import Refusal, Refused, nearest, shown, to_run

_KINDS = {  # what registers each kind, and how to do without
    "party": ("party", "party-registered", "of kind other if nobody says who it is"),
    "issuer": ("party", "party-registered", "of kind other if nobody says who it is"),
    "class": ("class", "share-class-created", "or say what is held as stake-disclosed"),
    "source": ("source", "source-registered", "or leave it out and give known_on"),
}
CLAIMED_KINDS = ("new-party", "new-class", "new-source", *OWN_KINDS)
_ASIDE = {
    "citations",
    "note",
    "standing",
    "known_on",
    "effective_on",
    "sequence",
    "tense",
    "inferred_from",
}


def references_exist(view: View, new_events: NewEvents) -> Iterator[tuple[Recorded, Refused]]:
    """A reference to a party, class, source, event or subject must be to one recorded."""
    for required, (position, field) in new_events.required.items():
        if not is_known(view, *required):
            yield new_events.event(position), unknown(view.history, *required).at(field)
    for event in new_events.events(new_events.reaffirming):
        for field in ("event", "reaffirms"):
            if event.data.get(field) == event.key:
                yield event, unknown(view.history, "event", event.key).at(field)
                break
        reaffirmed = event.data.get("reaffirms")
        if reaffirmed not in (None, event.key) and view.history.knows(f"key:{reaffirmed}"):
            yield from (
                (event, refused) for refused in reaffirmed_later(view.history, reaffirmed, event)
            )


def reaffirmed_later(history: History, key: str, event: Recorded) -> Iterator[Refused]:
    """What is wrong with reaffirming an event that is not recorded before."""
    (reaffirmed,) = history.mentioning(f"key:{key}")
    if reaffirmed.position >= event.position:
        yield Refused(
            Refusal.UNKNOWN_REFERENCE,
            f"#{reaffirmed.position} {shown(key)} is not recorded before the event that reaffirms"
            " it.",
            "Let the later one reaffirm the earlier one.",
            "reaffirms",
        )


def registered_once(view: View, new_events: NewEvents) -> Iterator[tuple[Recorded, Refused]]:
    """An id may be registered again only with the same facts (another source says the same).

    A registration that has lost its sources stands, and binds nobody.
    """
    for event in new_events.events(new_events.introducing):
        for mention in mentions(event.type, event.data):
            if not mention.kind.introduces:
                continue
            for other in view.about(f"new-{mention.kind.refers}:{mention.id}").certain:
                vouched = other.citations or "citations" not in other.data
                if vouched and other.recorded.position < event.position:
                    told = not new_events.has(other.recorded.position)
                    yield from _compared(event, other, mention, told)


def is_known(view: View, kind: str, id: str) -> bool:
    """Whether anything recorded and not retracted makes an id of a kind known."""
    if kind == "event":
        return view.history.knows(f"key:{id}")
    if kind == "subject":
        return any(view.history.knows(f"{prefix}:{id}") for prefix in CLAIMED_KINDS)
    return bool(view.about(f"new-{_KINDS[kind][0]}:{id}").certain)


def _compared(
    event: Recorded, other: Fact, mention: Mention, told: bool
) -> Iterator[tuple[Recorded, Refused]]:
    """The first field in which a registration differs from an earlier one, as that was recorded and
    as it stands corrected; ``told`` says whether the earlier one can be asked for."""
    earlier = other.recorded
    for name in sorted({*event.data, *earlier.data} - _ASIDE):
        ours, theirs = event.data.get(name), other.data.get(name)
        said = (theirs, earlier.data.get(name))
        if None not in (ours, *said) and ours not in said:
            yield (
                event,
                Refused(
                    Refusal.ALREADY_REGISTERED,
                    f"{shown(mention.id)} is registered by #{earlier.position} with {name}"
                    f" {shown(theirs)}, not {shown(ours)}.",
                    _changed(mention, name, ours)
                    + (f" See {to_run('show', earlier.position)}." if told else ""),
                    name,
                ),
            )
            return


def _changed(mention: Mention, name: str, value: object) -> str:
    """How a registered thing that has changed since is told of."""
    if mention.kind.refers != "class" or name not in ShareClassAmended.model_fields:
        return "Choose another id, or record the change (party-renamed, source-corrected)."
    option = f"--{name.replace('_', '-')}"
    words = ("share-class-amended", "--share-class", mention.id, option, value)
    dated = to_run("append", *words, "--effective-on", "DATE", "--standing", "official")
    return f"Choose another id, or record the change of its terms: {dated}."


def _registering(kind: str, id: str) -> str:
    """The command that makes a party or a share class known."""
    if kind == "class":
        return f": {to_run('append', 'share-class-created', '--share-class', id)}"
    if kind == "source":
        return ""
    words = ("party-registered", "--party", id, "--kind", "other", "--name", id)
    return f": {to_run('append', *words)}"


def unknown(history: History, kind: str, id: str) -> Refused:
    """The refusal of an id that nothing recorded makes known."""
    others: list[str]
    if kind == "event":
        others = keys_like(history, id)
        remedy = "Give the key of a recorded event, which `stakebook timeline` shows."
    elif kind == "subject":
        others = known_ids(history, *CLAIMED_KINDS)
        remedy = "Record what it is first, or name the party or deal that it is part of."
    else:
        others = known_ids(history, f"new-{_KINDS[kind][0]}")
        _, registering, otherwise = _KINDS[kind]
        remedy = f"Record a {registering} event for it first, {otherwise}{_registering(kind, id)}."
    word = "party" if kind == "issuer" else "share class" if kind == "class" else kind
    suggestion = nearest(id, (other for other in others if other != id))
    return Refused(
        Refusal.UNKNOWN_REFERENCE,
        f"No {word} {shown(id)} is recorded.",
        f"{suggestion} {remedy}".strip(),
    )
