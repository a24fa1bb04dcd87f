"""`db`: the database's schema."""

import typer

from monitor.entrypoints.cli.context import Context, load_settings
from monitor.entrypoints.cli.output import AsJson, print_json, say

app = typer.Typer(help="The database's schema.", no_args_is_help=True)


@app.command()
def upgrade(ctx: Context, json: AsJson = False) -> None:
    """Create the tables, or bring them up to this version of the program."""
    from monitor.store import migrate
    from monitor.store.database import Database

    with Database(load_settings(ctx).database_url()) as database:
        migrate.upgrade(database)
    if json:
        print_json({"up_to_date": True})
    else:
        say("The database is up to date.")


@app.command()
def check(ctx: Context, json: AsJson = False) -> None:
    """Tell whether the tables are those this version of the program needs; exit code 1 when they are not."""
    from monitor.errors import SchemaError
    from monitor.store import migrate
    from monitor.store.database import open_existing

    database = open_existing(load_settings(ctx).database_url())
    ctx.call_on_close(database.close)
    if not json:
        migrate.check(database)
        say("The database is up to date.")
        return
    try:
        migrate.check(database)
    except SchemaError as error:
        print_json({"up_to_date": False, "problem": str(error)})
        raise typer.Exit(1) from error
    print_json({"up_to_date": True, "problem": None})
