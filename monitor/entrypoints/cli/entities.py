"""`entities`: what the watchlist knows, and whether it still holds."""

from typing import TYPE_CHECKING, Annotated

import typer

from monitor.entrypoints.cli.context import Context, load_settings
from monitor.entrypoints.cli.output import AsJson, print_json, print_table, say
from monitor.entrypoints.cli.shapes import Json
from monitor.errors import NotFoundError

if TYPE_CHECKING:
    from monitor.domain.watchlist import Entity, Role, Watchlist

app = typer.Typer(help="What the watchlist knows.", no_args_is_help=True)


@app.command("list")
def list_(
    ctx: Context,
    kind: Annotated[str | None, typer.Option(help="Only of this kind, like person or exercise.")] = None,
    side: Annotated[str | None, typer.Option(help="Only of this side.")] = None,
    json: AsJson = False,
) -> None:
    """List the entities."""
    watchlist = _watchlist(ctx)
    chosen = [
        entity
        for entity in watchlist.entities.values()
        if (kind is None or entity.kind == kind) and (side is None or entity.side == side)
    ]
    if json:
        print_json([_shape(entity) for entity in chosen])
        return
    rows = [(entity.id, entity.kind, entity.side, entity.name, len(entity.aliases)) for entity in chosen]
    print_table(("id", "kind", "side", "name", "aliases"), rows, "No entity fits.")


@app.command()
def show(ctx: Context, entity: Annotated[str, typer.Argument(help="Its id.")], json: AsJson = False) -> None:
    """Show one entity with all its names and offices."""
    watchlist = _watchlist(ctx)
    found = watchlist.entities.get(entity)
    if found is None:
        raise NotFoundError(f"There is no entity {entity!r}: `monitor entities list` shows their ids.")
    if json:
        print_json(_shape(found))
        return
    say(f"{found.name} ({found.id}), {found.kind}, {found.side or 'neither side'}")
    for role in found.roles:
        say(f"  {role.title}, {_term(role)}")
    rows = [
        (alias.text, alias.language, alias.kind, ", ".join(alias.needs + alias.near), alias.note)
        for alias in found.aliases
    ]
    print_table(("name", "language", "kind", "only with", "note"), rows, "It has no names.")


@app.command()
def check(ctx: Context, json: AsJson = False) -> None:
    """Load the whole watchlist with your own folder, and say what it holds; exit code 1 names what is wrong.

    The default feeds are checked too, and so is that your folder holds no file whose name nothing reads.
    """
    from monitor.bootstrap import check_watchlist

    watchlist, feeds = check_watchlist(load_settings(ctx))
    if json:
        print_json(
            {
                "watchlist": watchlist.id,
                "version": watchlist.version,
                "entities": len(watchlist.entities),
                "names": _names(watchlist),
                "feeds": feeds,
                "roles_checked": watchlist.roles_checked.isoformat() if watchlist.roles_checked else None,
            }
        )
        return
    checked = f"offices checked on {watchlist.roles_checked}" if watchlist.roles_checked else "offices never checked"
    held = f"{len(watchlist.entities)} entities with {_names(watchlist)} names, {feeds} feeds"
    say(f"{watchlist.title}: {held}, {checked}.")


def _watchlist(ctx: Context) -> "Watchlist":
    from monitor.bootstrap import load_watchlist

    return load_watchlist(load_settings(ctx))


def _names(watchlist: "Watchlist") -> int:
    return sum(len(entity.aliases) for entity in watchlist.entities.values())


def _shape(entity: "Entity") -> Json:
    return {
        "id": entity.id,
        "kind": entity.kind.value,
        "name": entity.name,
        "side": entity.side,
        "names": [
            {"text": alias.text, "language": alias.language, "kind": alias.kind.value} for alias in entity.aliases
        ],
        "offices": [
            {
                "title": role.title,
                "office": role.office,
                "start": role.start.isoformat() if role.start else None,
                "end": role.end.isoformat() if role.end else None,
            }
            for role in entity.roles
        ],
        "note": entity.note,
    }


def _term(role: "Role") -> str:
    return f"{role.start or '…'} to {role.end or 'today'}"
