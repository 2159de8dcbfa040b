"""What answers may speak of: what the ledger has recorded, and what this session will record."""

from __future__ import annotations

from cli.completions import candidates
from cli.context import OpenedLedger, today
from cli.naming import SUBJECT
from ledger.events.base import Event
from ledger.events.registry import mentions
from ledger.time.cut import Cut
from ledger.time.history import History
from ledger.time.view import View
from ledger.values.names import folded
from ledger.values.refusals import Refused
from ledger.values.text import checked_id
from projections.names import Names, called, near
from projections.subjects.register_at_cut import register_at_cut
from projections.told import counted

_KINDS = {"party": ("party", "issuer"), "issuer": ("party", "issuer"), "subject": SUBJECT.kinds}
_MARKED = {
    "party": "new-party",
    "issuer": "new-party",
    "class": "new-class",
    "source": "new-source",
}


class Known:
    """The ids and names that a session can use, and the events it has not recorded yet."""

    def __init__(self, opened: OpenedLedger) -> None:
        self._opened = opened
        self.fresh: list[Event] = []

    def called(self, kind: str, text: str) -> list[str]:
        """The ids of the things of a kind that a text, an id or a name, stands for."""
        if text in self._fresh_ids(kind):
            return [text]
        wanted = folded(text)
        own = [id for id, name in self._fresh_ids(kind).items() if name and folded(name) == wanted]
        marked = (_MARKED.get(kind, "key" if kind == "event" else kind),)
        prefixes = SUBJECT.kinds if kind == "subject" else marked

        def look(history: History) -> list[str]:
            if any(history.knows(f"{prefix}:{text}") for prefix in prefixes):
                return [text]
            return [id for _, id in called(history, text, _KINDS.get(kind, (kind,)))]

        return list(dict.fromkeys([*self._opened.ask(look), *own]))

    def near(self, kind: str, text: str) -> list[str]:
        """Ids of things of a kind whose names are nearly what was typed."""
        return near(self._opened.index, text, _KINDS.get(kind, (kind,)))

    def title(self, kind: str, id: str) -> str:
        """A thing by its name, its id in parentheses."""
        name = self._fresh_ids(kind).get(id)
        return f"{name} ({id})" if name else Names(View(self._opened.index)).title(kind, id)

    def is_new(self, kind: str, id: str) -> bool:
        """Whether a thing is only made known together with the event."""
        return id in self._fresh_ids(kind)

    def held(self, holder: str, share_class: str) -> str:
        """How many shares of a class the register has of a holder today."""

        def look(history: History) -> str:
            view = View(history, Cut(today().isoformat()))
            at_cut = register_at_cut(view, share_class.partition("/")[0], checking=False)
            return counted(at_cut.count(share_class, at_cut.register.shares(share_class, holder)))

        return self._opened.ask(look)

    def only(self, kind: str) -> str | None:
        """The id of the one thing of a kind, where there is just one."""
        if kind == "issuer":
            found = {id.partition("/")[0] for id in self.proposals("class", "")}
        else:
            found = set(self.proposals(kind, ""))
        return found.pop() if len(found) == 1 else None

    def proposals(self, kind: str, typed: str) -> list[str]:
        """Ids of things of a kind that may be meant by what is typed so far."""
        own = [id for id in self._fresh_ids(kind) if id.startswith(typed)]
        marked = "party" if kind == "issuer" and typed else kind
        kinds = SUBJECT.kinds if kind == "subject" else (marked,)
        recorded = [id for id, _ in candidates(self._opened.path, kinds, typed)]
        return list(dict.fromkeys([*own, *recorded]))

    def free_id(self, kind: str, name: str) -> str | None:
        """An id made from a name that nothing of a kind has; None where no id is in it."""
        letters = folded(name).encode("ascii", "ignore").decode()
        stem = "-".join(letters.replace("_", " ").split())[:60].strip("-")
        try:
            checked_id(stem)
        except Refused:
            return None
        number, id = 1, stem
        while id in self.called(kind, id) or id in self._fresh_ids(kind):
            number += 1
            id = f"{stem}-{number}"
        return id

    def _fresh_ids(self, kind: str) -> dict[str, str]:
        """The ids of a kind that events not recorded yet make known, each with its name."""
        kind = "party" if kind == "issuer" else kind
        found = {}
        for event in self.fresh:
            for mention in mentions(event.type, event.data):
                if mention.kind.introduces and kind in (mention.kind.refers, "subject"):
                    found[mention.id] = str(event.data.get("name", event.data.get("title", "")))
        return found
