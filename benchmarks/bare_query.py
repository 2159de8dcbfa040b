"""The floor of a question: click, sqlite3 and one query on an index, nothing else."""

import sqlite3

import click

QUERY = (
    "SELECT holder, sum(delta) FROM postings WHERE issuer = ? AND effective <= ?"
    " GROUP BY holder HAVING sum(delta) <> 0"
)


@click.command()
@click.argument("database")
@click.argument("issuer")
@click.option("--as-of")
def main(database: str, issuer: str, as_of: str) -> None:
    """Print the balances of an issuer."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    for holder, shares in connection.execute(QUERY, (issuer, as_of)):
        click.echo(f"{holder} {shares}")


if __name__ == "__main__":
    main()
