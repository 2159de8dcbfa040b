"""Linear systems over the rationals, solved exactly by p-adic lifting, checked by substitution."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import isqrt, lcm
from operator import mul

_PRIMES = (2**61 - 1, 2**89 - 1, 2**107 - 1)

Sparse = Sequence[Mapping[int, Fraction]]  # by row: its entries that are not 0, by column


def solve(matrix: Sparse, right: Sequence[Fraction]) -> list[Fraction] | None:
    """The x with ``matrix`` x = ``right``; None where the matrix is singular.

    A result that does not satisfy the system is never given.
    """
    scales = _column_scales(matrix)
    rows, goal = _whole(matrix, right, scales)
    for prime in _PRIMES:
        inverse = _inverse(rows, prime)
        if inverse is not None:
            break
    else:
        return None
    numerators, denominator = _lifted(rows, goal, inverse, prime)
    for row, wanted in zip(rows, goal, strict=True):
        if sum(factor * numerators[n] for n, factor in row.items()) != wanted * denominator:
            raise ArithmeticError("The solution of a loop does not satisfy it.")
    return [
        Fraction(one * scale, denominator) for one, scale in zip(numerators, scales, strict=True)
    ]


def _column_scales(matrix: Sparse) -> list[int]:
    """By column: what makes its entries whole; stakes in one company have one denominator."""
    scales = [1] * len(matrix)
    for row in matrix:
        for column, value in row.items():
            scales[column] = lcm(scales[column], value.denominator)
    return scales


def _whole(
    matrix: Sparse, right: Sequence[Fraction], scales: Sequence[int]
) -> tuple[list[dict[int, int]], list[int]]:
    """The same system in whole numbers, for x divided by the scales of the columns."""
    rows, goal = [], []
    for row, wanted in zip(matrix, right, strict=True):
        by = wanted.denominator
        rows.append({n: int(value * scales[n]) * by for n, value in row.items()})
        goal.append(wanted.numerator)
    return rows, goal


def _inverse(rows: Sequence[Mapping[int, int]], prime: int) -> list[list[int]] | None:
    """The inverse modulo a prime; None where there is none."""
    size = len(rows)
    work = [[row.get(n, 0) % prime for n in range(size)] for row in rows]
    for n, row in enumerate(work):
        row += [int(n == m) for m in range(size)]
    for column in range(size):
        pivot = next((n for n in range(column, size) if work[n][column]), None)
        if pivot is None:
            return None
        work[column], work[pivot] = work[pivot], work[column]
        by = pow(work[column][column], -1, prime)
        chosen = work[column] = [value * by % prime for value in work[column]]
        for n, row in enumerate(work):
            if n != column and (factor := row[column]):
                work[n] = [
                    (a - factor * b) % prime if b else a for a, b in zip(row, chosen, strict=True)
                ]
    return [row[size:] for row in work]


def _lifted(
    rows: Sequence[Mapping[int, int]],
    goal: Sequence[int],
    inverse: Sequence[Sequence[int]],
    prime: int,
) -> tuple[list[int], int]:
    """Numerators and one denominator: digits of the solution, then the fractions they stand for."""
    most_above, most_below = _bounds(rows, goal)
    power, rest, digits = 1, list(goal), list[list[int]]()
    while power <= 2 * most_above * most_below:
        digit = [sum(map(mul, row, rest)) % prime for row in inverse]
        rest = [
            (one - sum(factor * digit[n] for n, factor in row.items())) // prime
            for one, row in zip(rest, rows, strict=True)
        ]
        digits.append(digit)
        power *= prime
    denominator, numerators = 1, list[int]()
    for residue in _residues(digits, prime):
        above, below = _fraction(residue * denominator % power, power, most_above)
        numerators = [one * below for one in numerators] + [above]
        denominator *= below
    return numerators, denominator


def _residues(digits: Sequence[Sequence[int]], prime: int) -> Iterator[int]:
    for column in zip(*digits, strict=True):
        residue = 0
        for digit in reversed(column):
            residue = residue * prime + digit
        yield residue


def _bounds(rows: Sequence[Mapping[int, int]], goal: Sequence[int]) -> tuple[int, int]:
    """What no numerator and no denominator of the solution exceeds (Hadamard, Cramer)."""
    columns = [0] * len(rows)
    for row in rows:
        for n, value in row.items():
            columns[n] += value * value
    below = 1
    for squares in columns:
        below *= max(isqrt(squares) + 1, 1)
    return below * (isqrt(sum(one * one for one in goal)) + 1), below


def _fraction(residue: int, power: int, most: int) -> tuple[int, int]:
    """The fraction with a small numerator that a residue stands for."""
    if residue <= most or power - residue <= most:
        return (residue, 1) if residue <= most else (residue - power, 1)
    above, below = (power, residue), (0, 1)
    while above[1] > most:
        quotient = above[0] // above[1]
        above = above[1], above[0] - quotient * above[1]
        below = below[1], below[0] - quotient * below[1]
    return (above[1], below[1]) if below[1] > 0 else (-above[1], -below[1])
