"""`trueup lab`: virtual routers to rehearse on."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import click

from trueup.errors import Problem, Source, TrueupError
from trueup.lab.network import BadNetwork, Declared, read_network, seconds
from trueup.lab.process import LabFailure, Place, start, stop
from trueup.lab.router import BadSeed, Router
from trueup.lab.state import BadState, restore

NETWORK = click.option(
    "--network",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="The network's folder, where lab.yaml is.  [default: here]",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def command() -> None:
    """Run virtual routers that speak RouterOS's API, as lab.yaml describes them.

    They are simulated: docs/fidelity.md says what is known of real routers and what is assumed.
    """


@command.command()
@NETWORK
@JSON
@click.option("--fresh", is_flag=True, help="Forget what the routers held; begin with lab.yaml's seed.")
@click.option("--latency", metavar="TIME", default="", help="A round trip's time, such as 50ms, for every router.")
def up(network: Path, as_json: bool, fresh: bool, latency: str) -> None:
    """Start the routers, in the background."""
    place, declared = opened(network)
    if place.read() is not None:
        raise TrueupError(Problem("the lab is already running", str(place.folder), "stop it with `trueup lab down`"))
    amount = seconds(latency) if latency else None
    if latency and amount is None:
        raise TrueupError(Problem(f"{latency} is no time", "--latency", "write it such as 50ms"))
    try:
        for each in declared if fresh else ():
            place.state(each.spec.name).unlink(missing_ok=True)
        running = start(place, "" if amount is None else str(amount))
    except LabFailure as error:
        raise TrueupError(Problem(str(error), str(place.declaration))) from error
    except OSError as error:
        raise TrueupError(Problem(error.strerror or str(error), str(error.filename or place.folder))) from error
    show_running(running, as_json)


@command.command()
@NETWORK
def down(network: Path) -> None:
    """Stop the routers; what they hold is kept."""
    try:
        stopped = stop(Place(network))
    except LabFailure as error:
        raise TrueupError(str(error)) from error
    click.echo("the lab has stopped" if stopped else "the lab was not running")


@command.command()
@NETWORK
@JSON
def status(network: Path, as_json: bool) -> None:
    """Show which routers run, and where."""
    running = Place(network).read()
    if running is None:
        click.echo(json.dumps({"format-version": "1.0", "running": False, "routers": []}) if as_json else "not running")
    else:
        show_running(running, as_json)


@command.command()
@NETWORK
@JSON
@click.argument("router")
@click.argument("menu", required=False)
def show(network: Path, as_json: bool, router: str, menu: str | None) -> None:
    """Show what a router holds: how many rows in each menu, or the rows of one."""
    place, declared = opened(network)
    found = next((each for each in declared if each.spec.name == router), None)
    if found is None:
        names = ", ".join(each.spec.name for each in declared)
        raise TrueupError(Problem(f'no router "{router}"', str(place.declaration), f"known are {names}"))
    try:
        kept = restore(found.spec, place.state(router))
    except (BadState, BadSeed) as error:
        raise TrueupError(str(error)) from error
    click.echo(held(kept, menu, as_json))


def held(router: Router, menu: str | None, as_json: bool) -> str:
    """A router's rows, secrets hidden, as text or JSON."""
    if menu is None:
        counts = {path: len(table.rows) for path, table in sorted(router.tables.items()) if table.rows}
        if as_json:
            return json.dumps({"format-version": "1.0", "menus": counts}, indent=2)
        return "\n".join(f"{count:6}  {path}" for path, count in counts.items())
    try:
        rows = router.rows(menu, frozenset({"read", "policy"}))
    except KeyError as error:
        raise TrueupError(Problem(f"RouterOS {router.spec.version} has no menu {menu}", "MENU")) from error
    if as_json:
        return json.dumps({"format-version": "1.0", "menu": menu, "rows": rows}, indent=2)
    text = "\n".join(" ".join(f"{name}={value}" for name, value in row.items()) for row in rows)
    return text.encode("utf-8", "backslashreplace").decode()  # a router holds any bytes, a terminal does not


def opened(network: Path) -> tuple[Place, list[Declared]]:
    """The lab's place and what lab.yaml declares; every mistake in it is a problem with its line."""
    place = Place(network)
    try:
        return place, read_network(place.declaration)
    except FileNotFoundError as error:
        remedy = "run this in a network's folder that has one, or name it with --network"
        raise TrueupError(Problem("there is no lab.yaml here", str(place.declaration), remedy)) from error
    except OSError as error:
        raise TrueupError(Problem(str(error.strerror), str(place.declaration))) from error
    except BadNetwork as error:
        file = str(error.file)
        raise TrueupError(Problem(m.message, Source(file, m.line, m.column)) for m in error.mistakes) from error


def show_running(running: dict[str, Any], as_json: bool) -> None:
    """The running routers as a table, or as JSON."""
    if as_json:
        click.echo(json.dumps({"format-version": "1.0", "running": True, **running}, indent=2))
        return
    width = min(max(len(each["name"]) for each in running["routers"]), shutil.get_terminal_size().columns // 3)
    for each in running["routers"]:
        ports = f"api {each['port']}, api-ssl {each['tls-port']}"
        click.echo(
            f"{each['name']:{width}}  {each['address']:15}  {ports}  RouterOS {each['version']} on {each['board']}"
        )
    click.echo(f"CA: {running['ca']}")
