"""The Merkle tree of RFC 6962, section 2.1, over the stored bytes of events.

Event #N is the leaf of index N - 1. A tree grows at its right edge only, so the roots of its
perfect subtrees, the *frontier*, are all that is needed to add a leaf or to know the root. A proof
is a list of nodes, each named by the range of leaves under it; one pass over the leaves gives the
hashes of any set of nodes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from hashlib import sha256

from ledger.values.refusals import Damaged

HASH_BYTES = 32
Node = tuple[int, int]  # the leaves from the first index up to, not including, the second


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf: its bytes after a zero byte, so that no leaf is taken for a node."""
    return sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two halves."""
    return sha256(b"\1" + left + right).digest()


class Frontier:
    """A growing tree: its size and the roots of its perfect subtrees, the largest first."""

    def __init__(self, size: int = 0, peaks: bytes = b"") -> None:
        if size < 0 or len(peaks) != HASH_BYTES * size.bit_count():
            raise Damaged(f"The kept frontier does not fit a tree of {size} events.")
        self.size = size
        self._peaks = [peaks[i : i + HASH_BYTES] for i in range(0, len(peaks), HASH_BYTES)]

    def add(self, leaf: bytes) -> None:
        """Add the hash of one more leaf."""
        self._join(leaf, 1)

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Add the hashes of more leaves; runs that make perfect subtrees are hashed by levels."""
        done = 0
        while done < len(leaves):
            left = 1 << (len(leaves) - done).bit_length() - 1
            run = min(left, self.size & -self.size or left)
            level = leaves[done : done + run]
            while len(level) > 1:
                pairs = zip(level[::2], level[1::2], strict=True)
                level = [sha256(b"\1" + one + other).digest() for one, other in pairs]
            self._join(level[0], run)
            done += run

    def _join(self, root: bytes, count: int) -> None:
        """Add a perfect subtree of a number of leaves that the size is a multiple of."""
        self.size += count
        number, peaks = self.size // count, self._peaks
        while not number & 1:
            root = sha256(b"\1" + peaks.pop() + root).digest()
            number >>= 1
        peaks.append(root)

    def root(self) -> bytes:
        """The root of the tree; of an empty tree, the hash of nothing."""
        return root_of(self._peaks)

    def peaks(self) -> bytes:
        """The frontier as it is kept: the roots of the perfect subtrees one after another."""
        return b"".join(self._peaks)


def inclusion_nodes(index: int, size: int) -> list[Node]:
    """The nodes of an audit path (RFC 6962, 2.1.1), from the leaf's sibling up."""
    path: list[Node] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + _half(stop - start)
        if index < middle:
            path.append((middle, stop))
            stop = middle
        else:
            path.append((start, middle))
            start = middle
    return path[::-1]


def consistency_nodes(old: int, new: int) -> list[Node]:
    """The nodes of a consistency proof (RFC 6962, 2.1.2) between trees of two sizes, 0 < old."""
    path: list[Node] = []
    start, stop, whole = 0, new, True
    while stop != old:
        middle = start + _half(stop - start)
        if old <= middle:
            path.append((middle, stop))
            stop = middle
        else:
            path.append((start, middle))
            start, whole = middle, False
    if not whole:
        path.append((start, stop))
    return path[::-1]


def frontier_nodes(size: int) -> list[Node]:
    """The perfect subtrees of the first leaves, the largest first: the frontier of their tree."""
    found: list[Node] = []
    start = 0
    while start < size:
        stop = start + (1 << (size - start).bit_length() - 1)
        found.append((start, stop))
        start = stop
    return found


def hashes_of(nodes: Collection[Node], leaves: Iterable[bytes]) -> dict[Node, bytes]:
    """The hashes of nodes of the tree of all the leaves given, found in one pass.

    A node is a perfect subtree or ends at the last leaf; of no other is there a hash.
    """
    wanted, found = set(nodes), dict[Node, bytes]()
    peaks: list[tuple[Node, bytes]] = []
    for index, leaf in enumerate(leaves):
        start, stop, hashed = index, index + 1, leaf
        while True:
            if (start, stop) in wanted:
                found[start, stop] = hashed
            if not peaks or stop - start != peaks[-1][0][1] - peaks[-1][0][0]:
                break
            (start, _), left = peaks.pop()
            hashed = node_hash(left, hashed)
        peaks.append(((start, stop), hashed))
    for number in range(len(peaks)):  # the nodes of the right edge are not perfect
        edge = peaks[number][0][0], peaks[-1][0][1]
        if edge in wanted:
            found[edge] = root_of([hashed for _, hashed in peaks[number:]])
    return found


def includes(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether an audit path proves a leaf in a tree (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, hashed = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if node & 1 or node == last:
            hashed = node_hash(step, hashed)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            hashed = node_hash(hashed, step)
        node, last = node >> 1, last >> 1
    return last == 0 and hashed == root


def extends(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether a proof shows that a tree has only grown (RFC 9162, 2.1.4.2); sizes above zero."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    steps: Iterator[bytes] = iter([old_root, *proof] if old & (old - 1) == 0 else proof)
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first = next(steps, None)
    if first is None:
        return False
    was = now = first
    for step in steps:
        if last == 0:
            return False
        if node & 1 or node == last:
            was, now = node_hash(step, was), node_hash(step, now)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            now = node_hash(now, step)
        node, last = node >> 1, last >> 1
    return last == 0 and was == old_root and now == new_root


def _half(count: int) -> int:
    """The largest power of two below a count of at least two."""
    return 1 << ((count - 1).bit_length() - 1)


def root_of(peaks: Sequence[bytes]) -> bytes:
    """The root over perfect subtrees, the largest first; of none, the hash of nothing."""
    if not peaks:
        return sha256(b"").digest()
    joined = peaks[-1]
    for peak in reversed(peaks[:-1]):
        joined = node_hash(peak, joined)
    return joined
