"""The laws that a question counts, as they are written on the command line."""

from __future__ import annotations

import click


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
