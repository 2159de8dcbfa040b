"""What changed of agreements: each once, its clauses counted, and told where their terms differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cli.labels import Labels
from cli.plans.changed_rows import Change
from cli.plans.figures import date_words, dated
from cli.screen import Line
from projections.rows import Row


def agreements(changes: Sequence[Change], labels: Labels) -> Iterator[Line]:
    """A line for each agreement that came, went or has other clauses, however many parties it has;
    of those that ended, the first by the name, the others together."""
    found: dict[str, list[Change]] = {}
    for one in changes:
        found.setdefault(one.either["agreement"] or "", []).append(one)
    ended = []
    for agreement, rows in found.items():
        standing = [one for one in rows if one.either["kind"] == "agreement"]
        clauses = _clauses(rows)
        name = labels.name("agreement", agreement) if agreement else "No agreement"
        begun = [one for one in standing if one.sign == "+"]
        if begun:
            before = next((one.old for one in standing if one.sign == "-"), None)
            yield Line(
                (begun[0].mark(labels), f"{name} {_begun(begun[0], before)}{_counted(clauses)}")
            )
        elif standing and all(one.sign == "-" for one in standing):
            ended.append(Line((standing[0].mark(labels), f"{name} ended{_counted(clauses)}")))
        else:
            own = [one for one in clauses if one.sign != "~" or one.matters]
            longer = [one for one in standing if one.sign == "~" and one.matters]
            under = [*dict.fromkeys(map(_term, longer))]
            under += [_clause(clause, labels) for clause in own]
            if under:
                yield Line(("~", f"{name}{_counted(own)}"), under)
    yield from ended


def _clauses(rows: Sequence[Change]) -> list[Change]:
    """The clauses among some rows, each once although it is told of every party."""
    once: dict[tuple[str, ...], Change] = {}
    for one in rows:
        row = one.either
        if row["kind"] == "clause":
            told = (row.get("clause"), row["role"], row["party"])
            once.setdefault((one.sign, *map(str, told)), one)
    return list(once.values())


def _begun(change: Change, before: Row | None) -> str:
    """Where an agreement stands now, since when, and since when it was signed."""
    row = change.new
    words = f"{row['role']} since {dated(row['since'], row['at_latest'])}"
    signed = before["since"] if before and before["role"] == "signed" else None
    return words + (f" (signed {signed})" if signed else "")


def _term(change: Change) -> str:
    """Until when an agreement is, before and after."""
    before, after = (date_words(side.get("until")) for side in (change.old, change.new))
    return f"until {before} -> {after}"


def _counted(clauses: Sequence[Change]) -> str:
    if not clauses:
        return ""
    return f", {len(clauses)} clause{'' if len(clauses) == 1 else 's'}"


def _clause(change: Change, labels: Labels) -> str:
    """A clause in a line: its sign, kind, party, percent and text."""
    row = change.either
    party = labels.short("party", row["party"]) if row["party"] else ""
    percent = f"{row['percent']}%" if row.get("percent") else ""
    head = ", ".join(filter(None, (str(row["role"]).replace("-", " "), party, percent)))
    text = row.get("text") or row.get("clause")
    return f"{change.sign} {head}: {text}" if text else f"{change.sign} {head}"
