"""The tree against published vectors, and against its definition read to the letter."""

from __future__ import annotations

from hashlib import sha256

import pytest

from ledger.transparency.merkle import (
    Frontier,
    consistency_nodes,
    extends,
    hashes_of,
    includes,
    inclusion_nodes,
    leaf_hash,
)
from ledger.values.refusals import Damaged

# The reference tree of Certificate Transparency: eight leaves, the roots of its first sizes, audit
# paths as (index, size) and consistency proofs as (old size, new size).
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PATHS = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
PROOFS = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
MOST = 70
MANY = [leaf_hash(str(number).encode()) for number in range(MOST)]


def defined_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1, over hashes of leaves."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"").digest()
    k = split(len(leaves))
    return sha256(b"\x01" + defined_root(leaves[:k]) + defined_root(leaves[k:])).digest()


def defined_path(index: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962, 2.1.1."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return [*defined_path(index, leaves[:k]), defined_root(leaves[k:])]
    return [*defined_path(index - k, leaves[k:]), defined_root(leaves[:k])]


def defined_proof(old: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 6962, 2.1.2."""
    if old == len(leaves):
        return [] if whole else [defined_root(leaves)]
    k = split(len(leaves))
    if old <= k:
        return [*defined_proof(old, leaves[:k], whole), defined_root(leaves[k:])]
    return [*defined_proof(old - k, leaves[k:], False), defined_root(leaves[:k])]


def split(count: int) -> int:
    """The largest power of two smaller than a count."""
    k = 1
    while k * 2 < count:
        k *= 2
    return k


def root(leaves: list[bytes]) -> bytes:
    frontier = Frontier()
    for leaf in leaves:
        frontier.add(leaf)
    return Frontier(frontier.size, frontier.peaks()).root()


def path(index: int, leaves: list[bytes]) -> list[bytes]:
    nodes = inclusion_nodes(index, len(leaves))
    found = hashes_of(nodes, leaves)
    return [found[node] for node in nodes]


def proof(old: int, leaves: list[bytes]) -> list[bytes]:
    nodes = consistency_nodes(old, len(leaves))
    found = hashes_of(nodes, leaves)
    return [found[node] for node in nodes]


def test_the_reference_tree_has_its_published_roots() -> None:
    hashed = list(map(leaf_hash, LEAVES))
    assert [root(hashed[:size]).hex() for size in range(9)] == ROOTS
    assert root(hashed[::-1]).hex() != ROOTS[8], "the order of leaves counts"


@pytest.mark.parametrize(("at", "expected"), PATHS.items(), ids=str)
def test_audit_paths_are_the_published_ones(at: tuple[int, int], expected: list[str]) -> None:
    index, size = at
    hashed = list(map(leaf_hash, LEAVES[:size]))
    assert [step.hex() for step in path(index, hashed)] == expected
    steps = [bytes.fromhex(step) for step in expected]
    assert includes(hashed[index], index, size, steps, bytes.fromhex(ROOTS[size]))
    assert not includes(hashed[index], index, size, steps, bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(("sizes", "expected"), PROOFS.items(), ids=str)
def test_consistency_proofs_are_the_published_ones(
    sizes: tuple[int, int], expected: list[str]
) -> None:
    old, new = sizes
    hashed = list(map(leaf_hash, LEAVES[:new]))
    assert [step.hex() for step in proof(old, hashed)] == expected
    steps = [bytes.fromhex(step) for step in expected]
    was, now = (bytes.fromhex(ROOTS[size]) for size in sizes)
    assert extends(old, new, was, now, steps)
    assert not extends(old, new, bytes.fromhex(ROOTS[old - 1]), now, steps)


def test_every_tree_is_as_defined() -> None:
    for size in range(1, MOST + 1):
        leaves = MANY[:size]
        assert root(leaves) == defined_root(leaves), size
        for index in range(size):
            assert path(index, leaves) == defined_path(index, leaves), (index, size)
            assert proof(index + 1, leaves) == defined_proof(index + 1, leaves), (index + 1, size)


def test_every_proof_holds_and_no_mangled_one_does() -> None:
    for size in (1, 2, 3, 7, 8, 13, 33, 64, 70):
        leaves, now = MANY[:size], defined_root(MANY[:size])
        for index in range(size):
            steps = defined_path(index, leaves)
            assert includes(leaves[index], index, size, steps, now)
            for wrong in mangled(steps):
                assert not includes(leaves[index], index, size, wrong, now), (index, size)
            for other in {index - 1, index + 1, index ^ 2, size, 2**64} - {index}:
                assert not includes(leaves[index], other, size, steps, now), (index, other)
            assert not includes(leaves[index], index, 0, steps, now)
            old = index + 1
            was, steps = defined_root(leaves[:old]), defined_proof(old, leaves)
            assert extends(old, size, was, now, steps)
            for wrong in mangled(steps):
                assert not extends(old, size, was, now, wrong), (old, size)
            for other in {old - 1, old + 1, size + 1, 0, -1} - {old}:
                assert not extends(other, size, was, now, steps), (old, other, size)


def mangled(steps: list[bytes]) -> list[list[bytes]]:
    """A proof too long at either end, too short, turned around, or with one step changed."""
    noise = sha256(b"noise").digest()
    wrong = [[*steps, noise], [noise, *steps], [*steps, *[noise] * 64]]
    if steps:
        wrong += [steps[:-1], steps[1:], [noise, *steps[1:]], [*steps[:-1], noise], [*steps, b""]]
    if len(steps) > 1:
        wrong.append(steps[::-1])
    return wrong


def test_a_leaf_is_not_taken_for_a_node() -> None:
    left, right = MANY[:2]
    assert leaf_hash(left + right) != defined_root([left, right])
    assert defined_root([left, right]) == sha256(b"\x01" + left + right).digest()


def test_a_kept_frontier_that_does_not_fit_is_refused() -> None:
    with pytest.raises(Damaged):
        Frontier(3, b"\0" * 32)
    assert Frontier(3, b"\0" * 64).size == 3
