"""The count of votes as it is asked: restrictions reach whom a holder controls and acts with."""

from __future__ import annotations

from functools import partial

from projections.control.members import members
from projections.subjects import counts, vote_classes
from projections.subjects import totals_over_time as over_time
from projections.subjects import votes as counted

votes = partial(counted.votes, members=members)
count_on = partial(counts.count_on, members=members)
votes_by_class = partial(vote_classes.votes_by_class, members=members)
totals_over_time = partial(over_time.totals_over_time, members=members)
