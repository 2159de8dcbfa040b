"""Transfers presented for registration: no share moves by them, and two months are given."""

from __future__ import annotations

from ledger.model.fact import Fact
from ledger.model.register import issuer_of
from ledger.model.threads import OWN_KINDS
from ledger.time.view import View
from ledger.values.dates import later_by
from projections.rows import DealRow
from projections.subjects.share_rights import law_of
from projections.subjects.thread_rows import deal_of, set_since, thread_row
from projections.subjects.threads import Thread
from projections.told import COUNT, Told, told

TRANSFERS = OWN_KINDS["transfer"].types
MONTHS = 2  # to register or to refuse: Companies Act 2006 ss.771 and 776
SETTLED = "settled: "  # before the outcome in the status of a transfer


def transfer_row(view: View, thread: Thread) -> DealRow:
    """The row of a transfer among what is pending: who gives what to whom, and by when."""
    lodged, settled = thread.last("transfer-lodged"), thread.last("transfer-settled")
    deciding = settled or lodged or thread.steps[-1]
    status = SETTLED + settled.need("outcome") if settled else "lodged"
    row = thread_row(deal_of(thread), "transfer", thread.id, thread.steps, status)
    set_since(row, deciding)
    row["standing"] = deciding.standing
    if lodged is not None:
        row["party"] = f"{lodged.need('transferor')}, {lodged.need('transferee')}"
        row["terms"] = Told(
            f"{told(COUNT, lodged.shares())} {told('class', lodged.need('share_class'))}"
        )
        row["expected"] = due_on(view, lodged) if settled is None else None
    return row


def due_on(view: View, lodged: Fact) -> str | None:
    """The day by which a transfer is registered or refused; None where it has no date, or another
    law than that of the United Kingdom is told of its issuer."""
    law = law_of(view, issuer_of(lodged.need("share_class")))
    if lodged.undated or law not in (None, "gb"):
        return None
    return later_by(lodged.order[0], MONTHS, "months")
