"""Loops of a graph, and the edges that close them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence


def closing(edges: Sequence[tuple[str, str]], parties: Sequence[str]) -> Iterator[int]:
    """The numbers of the edges, each from a party to another, that close a loop, going down from
    the parties that nobody has anything of."""
    below = defaultdict[str, list[tuple[int, str]]](list)
    for number, (party, of) in enumerate(edges):
        below[party].append((number, of))
    owned = {of for party, of in edges if party != of}
    done, open_now = set[str](), set[str]()
    for start in sorted(parties, key=lambda one: (one in owned, one)):
        stack: list[tuple[str, Iterator[tuple[int, str]]]] = []
        if start not in done:
            open_now.add(start)
            stack.append((start, iter(below[start])))
        while stack:
            party, left = stack[-1]
            number, of = next(left, (-1, ""))
            if number < 0:
                stack.pop()
                open_now.discard(party)
                done.add(party)
            elif of in open_now:
                yield number
            elif of not in done:
                open_now.add(of)
                stack.append((of, iter(below[of])))
