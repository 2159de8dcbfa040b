"""What flows along the edges of a graph, loops and all, in exact fractions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from projections.control.loops import solve

MOST = 200  # nodes in one loop that is solved exactly
_PLACES, _ROUNDS, _NEAR = 256, 400, Fraction(1, 10**15)
_NOTHING = Fraction()

Flows = Mapping[str, Mapping[str, Fraction]]  # by node: what part flows into it, by whence


def total(parts: Iterable[Fraction]) -> Fraction:
    """The sum of some parts."""
    return sum(parts, _NOTHING)


def spread(source: Mapping[str, Fraction], into: Flows, most: int = MOST) -> dict[str, Fraction]:
    """The values v with v = source + what flows in, of the nodes that anything reaches.

    Loops are solved exactly; one of more than ``most`` nodes gives what it is at the least.
    """
    values = dict[str, Fraction]()
    for nodes in components(into):
        given = {
            node: source.get(node, _NOTHING)
            + total(values[o] * p for o, p in into.get(node, {}).items() if values.get(o))
            for node in nodes
        }
        if any(given.values()):
            values |= _round(nodes, given, within(nodes, into), most)
    return values


def within(nodes: Iterable[str], into: Flows) -> Flows:
    """What flows between some nodes."""
    among = frozenset(nodes)
    return {n: {o: p for o, p in into.get(n, {}).items() if o in among} for n in nodes}


def _round(
    nodes: Sequence[str], given: Mapping[str, Fraction], inner: Flows, most: int
) -> Mapping[str, Fraction]:
    if not any(inner.values()):
        return given
    if len(nodes) > most:
        return _partial_sums(given, inner)
    found = solved(nodes, given, inner)
    if found is None or any(value < 0 for value in found.values()):
        raise ArithmeticError(f"The loop of {', '.join(nodes)} has no solution.")
    return found


def solved(
    nodes: Sequence[str], given: Mapping[str, Fraction], inner: Flows
) -> dict[str, Fraction] | None:
    """The values in one loop; None where none or more than one solution stands."""
    places = {node: n for n, node in enumerate(nodes)}
    matrix = []
    for n, node in enumerate(nodes):
        row = {places[owner]: -part for owner, part in inner[node].items()}
        row[n] = row.get(n, _NOTHING) + 1
        matrix.append({at: value for at, value in row.items() if value})
    found = solve(matrix, [given[node] for node in nodes])
    return None if found is None else dict(zip(nodes, found, strict=True))


def _partial_sums(given: Mapping[str, Fraction], inner: Flows) -> dict[str, Fraction]:
    """What a loop adds up to at the least, after so many rounds, each rounded down."""
    one = 1 << _PLACES
    flows = [(n, [(o, int(part * one)) for o, part in of.items()]) for n, of in inner.items()]
    added = reached = {node: int(value * one) for node, value in given.items()}
    for _ in range(_ROUNDS):
        added = {n: sum(added[o] * part >> _PLACES for o, part in of) for n, of in flows}
        reached = {node: value + added[node] for node, value in reached.items()}
        if sum(added.values()) <= one * _NEAR:
            break
    return {node: Fraction(value, one) for node, value in reached.items()}


def reachable(edges: Mapping[str, Iterable[str]], starts: Iterable[str]) -> dict[str, None]:
    """Some nodes and all that edges lead to from them."""
    found = dict.fromkeys(starts)
    pending = list(found)
    while pending:
        for node in edges.get(pending.pop(), ()):
            if node not in found:
                found[node] = None
                pending.append(node)
    return found


def components(into: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, ...]]:
    """The strongly connected components of a graph, each after all that flow into it (Tarjan)."""
    number, low = dict[str, int](), dict[str, int]()
    stack, open_ = list[str](), set[str]()
    work: list[tuple[str, Iterator[str]]] = []

    def enter(node: str) -> None:
        number[node] = low[node] = len(number)
        stack.append(node)
        open_.add(node)
        work.append((node, iter(into.get(node, ()))))

    for root in into:
        if root not in number:
            enter(root)
        while work:
            node, rest = work[-1]
            other = next(rest, None)
            if other is not None:
                if other not in number:
                    enter(other)
                elif other in open_:
                    low[node] = min(low[node], number[other])
                continue
            work.pop()
            if work:
                low[work[-1][0]] = min(low[work[-1][0]], low[node])
            if low[node] == number[node]:
                at = stack.index(node)
                found = tuple(sorted(stack[at:]))
                del stack[at:]
                open_.difference_update(found)
                yield found
