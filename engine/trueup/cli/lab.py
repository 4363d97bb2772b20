"""`trueup lab`: virtual routers to rehearse on."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from trueup.adopt.keep import write_all
from trueup.adopt.rehearse import Rehearsal, Seeded, rehearse
from trueup.adopt.script import read_script
from trueup.adopt.state import state_of
from trueup.cli.arrival import read_export
from trueup.cli.rehearsal import access_to, with_router
from trueup.errors import DeclarationError, Problem, Source, TrueupError
from trueup.lab.hardware import ANY, board_for, boards
from trueup.lab.load import Loading
from trueup.lab.network import FIRST_ADDRESS, BadNetwork, Declared, read_network, seconds
from trueup.lab.process import LabFailure, Place, start, stop
from trueup.lab.router import BadSeed, Router
from trueup.lab.spec import Spec
from trueup.lab.state import BadState, restore, save
from trueup_schemas.catalogue import NEWEST, catalogue
from trueup_schemas.catalogue.version import nearest_known

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
        kept = restore(found.spec, place.begun(router))
    except (BadState, BadSeed) as error:
        raise TrueupError(str(error)) from error
    click.echo(held(kept, menu, as_json))


@command.command()
@NETWORK
@click.argument("export", type=click.Path(path_type=Path))
@click.option("--as", "name", required=True, metavar="NAME", help="The virtual router's name.")
@click.option("--site", metavar="SITE", help="The site that gets its file, if not declared (default: the only one).")
def load(network: Path, export: Path, name: str, site: str | None) -> None:
    """Make a virtual router of an EXPORT, hardware included.

    It is added to lab.yaml and, where the network does not declare it, to the network with how to reach it. What it
    holds, secrets with it, is kept below .trueup/lab, readable by you alone. What of the export it cannot hold is told
    on standard error.
    """
    place, declared = opened(network) if Place(network).declaration.exists() else (Place(network), [])
    refuse_taken(place, declared, name)
    found = Rehearsed(read_export(export), str(export))
    taken = {each.spec.address for each in declared}
    address = next(each for number in range(1, 250) if (each := f"{FIRST_ADDRESS}{number}") not in taken)
    access = access_to(name, address, network, site)
    spec = found.spec(name, address, access.password)
    router, left = found.router(spec)
    entry = with_router(place.declaration, about(spec))
    place.folder.mkdir(parents=True, exist_ok=True)
    save(router, place.loaded(name))
    try:
        write_all([*access.writings, entry])
    except DeclarationError:
        place.loaded(name).unlink()
        raise
    place.state(name).unlink(missing_ok=True)
    for problem in left:
        click.echo(f"{problem.severity}: {problem}".encode("utf-8", "backslashreplace").decode(), err=True)
    rows = len(found.rehearsal.rows)
    click.echo(f"{name}: {rows} rows loaded into a virtual {spec.board}, RouterOS {spec.version}, at {address}")
    if access.hint:
        click.echo(f"to reach it, write into {access.hint}")
    click.echo("start it with `trueup lab up`")


class Rehearsed:
    """An export that was read, on its way into a virtual router."""

    def __init__(self, data: bytes, file: str) -> None:
        script = read_script(data, file)
        self.file = file
        self.version = _numbers(nearest_known(script.version or NEWEST))
        known = catalogue(self.version)
        self.rehearsal: Rehearsal = rehearse(script, state_of(script, known), known)

    def spec(self, name: str, address: str, password: str, port: int = 8728) -> Spec:
        """The router to be: its board by the header's model, else any board with the ports that the export names.

        Without a model it is a CHR, unless the export has menus that no CHR has.

        A port of 0 takes any free ones.
        """
        hardware = catalogue(self.version).hardware
        any_board = self.rehearsal.model or any(row.menu in hardware for row in self.rehearsal.rows)
        board = board_for(self.rehearsal.model) or boards()[ANY if any_board else "chr"]
        return Spec(
            name=name,
            version=self.version,
            board=board.key,
            ports=[port for port in self.rehearsal.ports if port not in board.ports],
            address=address,
            port=port,
            tls_port=port + 1 if port else 0,
            username="trueup",
            password=password,
            serial=self.rehearsal.serial,
        )

    def router(self, spec: Spec) -> tuple[Router, list[Problem]]:
        """The router with all that it can hold, and what it cannot."""
        loading, left = Loading(Router(spec)), list(self.rehearsal.left)
        if self.rehearsal.model and spec.board == ANY:
            message = f"the lab knows no {self.rehearsal.model}; a board with the export's ports stands for it"
            left.append(Problem(message, self.file, severity="warning"))
        for row in self.rehearsal.rows:
            try:
                put(loading, row)
            except BadSeed as error:
                left.append(Problem(f"the virtual router cannot hold this: {error}", row.source, severity="warning"))
        return loading.finish(), left


def put(loading: Loading, row: Seeded) -> None:
    """A row that is the export's own, or values of one that the router has; raises BadSeed."""
    if row.by:
        loading.change(row.menu, row.values, row.by)
    else:
        loading.add(row.menu, row.values)


def about(spec: Spec) -> dict[str, str | tuple[str, ...]]:
    """What lab.yaml says of a loaded router; what it holds is kept elsewhere."""
    return {
        "name": spec.name,
        "version": spec.version,
        "board": spec.board,
        "ports": tuple(spec.ports),
        "address": spec.address,
        "serial": spec.serial,
        "username": spec.username,
        "password": spec.password,
    }


def refuse_taken(place: Place, declared: Sequence[Declared], name: str) -> None:
    """Raise DeclarationError for a name that is none or another router's, and while the lab runs."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}", name):
        raise DeclarationError(Problem(f"{name!r} is no name", "--as", "letters, digits, '.', '_' and '-'"))
    if any(each.spec.name == name for each in declared):
        message, remedy = f"there is a router {name} already", "remove it from there, or say another --as NAME"
        raise DeclarationError(Problem(message, str(place.declaration), remedy))
    if place.read() is not None:
        raise DeclarationError(Problem("the lab is running", str(place.folder), "stop it with `trueup lab down`"))


def _numbers(version: str) -> str:
    """`7.16rc1` as the release that it leads to."""
    return re.sub(r"[^0-9.].*", "", version).strip(".")


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
        ports += f", ssh {each['ssh-port']}" if each.get("ssh-port") else ""
        click.echo(
            f"{each['name']:{width}}  {each['address']:15}  {ports}  RouterOS {each['version']} on {each['board']}"
        )
    click.echo(f"CA: {running['ca']}")
