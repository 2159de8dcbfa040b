"""Every law of random histories, held against many: each run of its own module draws some."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from inspect import signature
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledger.rules import test_fast_check, test_shares
from tests.ledger.time import test_cut, test_identities, test_many_amendments
from tests.projections.analysis import test_tables
from tests.projections.changes import test_diff, test_impact
from tests.projections.charts import test_stakes, test_terms
from tests.projections.consistency import test_conflicts
from tests.projections.explain import test_explanation
from tests.projections.readmodel import test_corrected, test_hidden, test_histories, test_supposed
from tests.projections.subjects import test_ranges, test_vote_totals

MODULES = (
    test_fast_check, test_shares, test_cut, test_identities, test_many_amendments, test_tables,
    test_diff, test_impact, test_conflicts, test_explanation, test_corrected, test_hidden,
    test_histories, test_supposed, test_ranges, test_vote_totals, test_stakes, test_terms,
)  # fmt: skip
MANY = 40
MORE = {
    "test_what_stands_is_what_the_rule_says_by_the_letter": 100,
    "test_what_is_conditional_counts_by_the_letter": 100,
    "test_two_registers_are_what_the_clocks_say_by_the_letter": 100,
    "test_a_later_known_by_makes_no_fact_less_certain": 100,
    "test_holdings_are_what_the_clocks_say_by_the_letter": 75,
    "test_the_ranges_are_those_of_every_possible_order": 75,
    "test_the_log_and_the_read_model_leave_out_the_same": 50,
    "test_what_it_is_sure_of_is_sound": 75,
    "test_no_accepted_history_has_an_impossible_register_as_of_any_day": 50,
    "test_what_is_supposed_is_answered_as_if_it_were_recorded": 50,
    "test_what_is_left_out_is_answered_as_if_it_had_never_been": 75,
    "test_votes_counted_by_the_shares_of_most_are_those_of_each": 100,
    "test_corrected_registers_are_answered_as_by_the_pure_fold": 150,
    "test_what_is_posted_of_amended_movements_is_what_is_exported": 100,
    "test_those_counted_are_those_left_out_one_by_one": 50,
}


def laws_of(module: ModuleType) -> Iterator[tuple[str, Callable[..., Any]]]:
    """The laws that a module states of drawn histories, by their names."""
    for name, law in vars(module).items():
        if name.startswith("test_") and hasattr(law, "hypothesis"):
            stated = law.hypothesis.inner_test
            if list(signature(stated).parameters) == ["data"]:
                yield f"{module.__name__}.{name}", stated


LAWS = dict(law for module in MODULES for law in laws_of(module))


@pytest.mark.whole
@pytest.mark.parametrize("name", LAWS)
def test_a_law_holds_for_many_histories(name: str) -> None:
    many = MORE.get(name.rpartition(".")[2], MANY)
    settings(test_histories.slow, max_examples=many)(given(st.data())(LAWS[name]))()


def test_every_module_states_a_law() -> None:
    told = {name.rpartition(".")[0] for name in LAWS}
    assert told == {module.__name__ for module in MODULES}
    assert set(MORE) <= {name.rpartition(".")[2] for name in LAWS}
