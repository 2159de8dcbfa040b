"""The laws that a question counts, as they are written on the command line."""

from __future__ import annotations

import click

from cli.context import check_known
from ledger.time.view import View


class _Law(click.ParamType[str]):
    """``issuer``, codes of countries, or companies with their codes."""

    name = "law"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from projections.control.law import Laws

        try:
            Laws.read(value, "")
        except ValueError as wrong:
            self.fail(f"{wrong}. Write issuer, FR,JP or renault=FR,nissan=JP.", param, ctx)
        return value


LAW = _Law()


def check_companies(view: View, law: str) -> None:
    """Refuse what is said of companies that the ledger does not know."""
    for word in law.split(","):
        company, said, _ = word.strip().rpartition("=")
        if said:
            check_known(view, company, "party", "issuer")
