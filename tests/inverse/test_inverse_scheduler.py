"""The script as the router runs it: once, after restarts too, and beside safe mode."""

from __future__ import annotations

from bench import NAME, OWN, Bench, bare, first
from travel import AFTER, BEFORE, FILTER, FOREIGN, MENUS, SECRETS, traveller

POOL = "/ip/pool"
KEYED = (POOL, "/interface/ethernet", "/system/identity", "/interface/list", "/ppp/profile", "/queue/simple")


def armed(bench: Bench) -> str:
    plan, live = bench.plan(AFTER)
    script = bench.undo(plan, live).script
    bench.arm(script)
    bench.carry_out(plan)
    return script


def own_rows(bench: Bench) -> list[str]:
    return [row["name"] for path in OWN for row in bench.router.rows(path) if row["name"] == NAME]


def messages(bench: Bench) -> list[str]:
    return [row["message"] for row in bench.router.rows("/log") if row["message"].startswith("trueup")]


def test_the_scheduler_runs_it_once_and_nothing_of_it_is_left():
    bench = traveller()
    before = bare(bench.known, bench.holdings(KEYED))
    armed(bench)
    assert own_rows(bench) == [NAME, NAME]
    bench.pass_by(1900)
    assert bare(bench.known, bench.holdings(KEYED)) == before
    assert own_rows(bench) == []
    bench.pass_by(4000)
    assert len([text for text in messages(bench) if "undoing" in text]) == 1


def test_a_restart_in_between_stops_nothing_and_a_lower_uptime_tells():
    bench = traveller()
    before = bare(bench.known, bench.holdings(MENUS))
    armed(bench)
    bench.restart(FILTER, "/radius", "/ip/firewall/mangle", "/ip/dns/static", "/ip/firewall/address-list")
    bench.pass_by(1900)
    after = bare(bench.known, bench.holdings(MENUS))
    assert messages(bench)[-1] == "trueup: undone"
    told = [path for path in MENUS if path not in ("/radius", "/ip/firewall/address-list")]
    assert {path: after[path] for path in told} == {path: before[path] for path in told}


def test_what_leaving_safe_mode_brought_back_is_not_brought_back_again():
    bench = traveller()
    plan, live = bench.plan(AFTER)
    script = bench.undo(plan, live).script
    before = bare(bench.known, bench.holdings(MENUS))
    bench.say("/safe-mode/take", "=on-error=abort")
    bench.carry_out(plan)
    bench.say("/safe-mode/unroll")
    assert bare(bench.known, bench.holdings(MENUS)) == before
    bench.fire(script)
    assert bare(bench.known, bench.holdings(MENUS)) == before


def test_a_refused_statement_stops_no_other_and_is_told():
    bench = Bench(seed=FOREIGN, secrets=dict(SECRETS))
    bench.apply({POOL: BEFORE[POOL], "/system/identity": [{"name": "before"}]})
    plan, live = bench.plan({"/system/identity": [{"name": "after"}], POOL: [{"name": "fresh", "ranges": "10.0.4.2"}]})
    script = bench.undo(plan, live).script
    bench.carry_out(plan)
    bench.say("/ip/pool/add", "=name=a-pool-in-the-way", "=ranges=10.99.0.1")
    gone = next(row for row in live.tables[POOL] if row.text("name") == "gone")
    assert "gone" in script
    bench.say("/ip/pool/set", f"=.id={bench.id_of(POOL, 'fresh')}", "=name=renamed-by-somebody")
    said = bench.fire(script.replace(f'ranges="{gone.text("ranges")}"', 'ranges="nonsense"'))
    assert said[-1] == "trueup: 1 changes could not be undone"
    assert bench.router.rows("/system/identity")[0]["name"] == "before"
    names = {row["name"] for row in bench.router.rows(POOL)}
    assert {"theirs", "kept", "changed", "named", "renamed-by-somebody"} <= names
    assert "gone" not in names


def test_a_long_table_costs_little():
    seed = {"/ip/dns/static": [{"name": f"h{n}.example", "address": "10.0.0.1"} for n in range(1500)]}
    bench = Bench(seed=seed)
    declared = {"/ip/dns/static": [{"name": f"new{n}.example", "address": "10.0.0.2"} for n in range(50)]}
    declared["/ip/dns/static"][0]["place"] = first()
    plan, live = bench.plan(declared)
    undo = bench.undo(plan, live)
    assert len(undo) < 8000
    before = bench.holdings(declared)
    bench.carry_out(plan)
    assert bench.fire(undo.script)[-1] == "trueup: undone"
    assert bench.holdings(declared) == before


def test_an_empty_plan_undoes_nothing():
    bench = traveller()
    plan, live = bench.plan(BEFORE)
    assert plan.empty
    before = bench.holdings(MENUS)
    assert bench.fire(bench.undo(plan, live).script)[-1] == "trueup: undone"
    assert bench.holdings(MENUS) == before
