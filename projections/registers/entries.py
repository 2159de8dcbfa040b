"""The entries of a register of members: which memberships are listed, under which numbers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import groupby

from ledger.values.dates import FOREVER
from projections.registers.document import Value
from projections.registers.membership import Change, Member, Membership, Walked

FORMER_YEARS = 10  # Companies Act 2006, s.121


class Entries:
    """The memberships of a register with a number each: present ones, then former ones."""

    def __init__(self, walked: Walked, all_former: bool) -> None:
        self.walked, self.all_former = walked, all_former

    @cached_property
    def former(self) -> list[Membership]:
        """The memberships that ended within ten years before the cut, or at any time."""
        return [one for one in self.walked.former if not self._is_old(one)]

    @cached_property
    def left_out(self) -> list[Membership]:
        """The memberships that ended earlier."""
        return [one for one in self.walked.former if self._is_old(one)]

    @property
    def listed(self) -> list[Membership]:
        """All that have a number, in its order."""
        return [*self.walked.present, *self.former]

    @cached_property
    def _of(self) -> dict[Member, list[tuple[Membership, Value]]]:
        found: dict[Member, list[tuple[Membership, Value]]] = {}
        for number, one in enumerate(self.listed, 1):
            found.setdefault(one.member, []).append((one, number))
        for one in self.left_out:
            found.setdefault(one.member, []).append((one, None))
        return found

    def number(self, one: Membership) -> Value:
        """The number of a membership."""
        return self._number(one.member, one.begun.order[0])

    def number_of(self, change: Change) -> Value:
        """The number of the entry that a change is of; empty where it is of none."""
        return self._number(change.member, change.day)

    def is_listed(self, change: Change) -> bool:
        """Whether a change is of no membership that is left out."""
        return self._number(change.member, change.day) is not None

    def _number(self, member: Member, day: str) -> Value:
        found: Value = ""
        for one, number in self._of.get(member, ()):
            last = one.ended.order[0] if one.ended else FOREVER
            if one.begun.order[0] <= day <= last:
                if number is not None:
                    return number
                found = None
        return found

    def _is_old(self, one: Membership) -> bool:
        """Whether a membership ended so long before the cut that it need not be kept."""
        day = self.walked.view.cut.as_of
        since = f"{max(int(day[:4]) - FORMER_YEARS, 1):04}{day[4:]}"
        return not self.all_former and one.ended is not None and one.ended.order[0] <= since

    def are_several(self, member: Member) -> bool:
        """Whether an account stands for several members that the record counts together."""
        return self.walked.is_kind(member.account, "other")

    @cached_property
    def single(self) -> dict[str, Member]:
        """The present members by whom they are, without those counted together."""
        present = [one.member for one in self.walked.present if not self.are_several(one.member)]
        return {member.party or member.account: member for member in present}

    def sole(self) -> tuple[Member | None, str] | None:
        """The only member there is and since when; or nobody, and the day on which there was last
        a second one; None where there never was only one, or several are counted together."""
        counts = list(self._counts())
        ones = [place for place, (_, count) in enumerate(counts) if count == 1]
        if not ones or any(self.are_several(one.member) for one in self.walked.memberships):
            return None
        last = ones[-1]
        if last < len(counts) - 1:
            return None, counts[last + 1][0]
        (member,) = self.single.values()
        return member, counts[last][0]

    def _counts(self) -> Iterator[tuple[str, int]]:
        """How many members there were from each day on which that changed."""
        steps: list[tuple[str, int, str]] = []
        for one in self.walked.memberships:
            who = one.member.party or one.member.account
            steps.append((one.begun.order[0], 1, who))
            if one.ended is not None:
                steps.append((one.ended.order[0], -1, who))
        standing: dict[str, int] = {}
        last = 0
        for day, group in groupby(sorted(steps), key=lambda step: step[0]):
            for _, sign, who in group:
                standing[who] = standing.get(who, 0) + sign
            count = sum(n > 0 for n in standing.values())
            if count != last:
                yield day, count
            last = count
