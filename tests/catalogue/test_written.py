"""The menus of 6.49 are those of 7.9 with what was different, written by hand; published exports of 6.49 fit them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import trueup_schemas.catalogue
from trueup_schemas.catalogue import catalogue

GENERATOR = Path(__file__).parents[2] / "schemas/generator"
DATA = Path(trueup_schemas.catalogue.__file__).parent / "data-6"
OLD = catalogue("6.49")

# What verbose exports of 6.49.2 and 6.49.7 that people published show of menus in which 7 has something else.
SEEN = {
    "/interface/ethernet": "advertise arp arp-timeout auto-negotiation bandwidth disabled full-duplex l2mtu "
    "loop-protect mac-address mtu orig-mac-address poe-out poe-priority rx-flow-control speed",
    "/interface/ethernet/switch": "cpu-flow-control mirror-source mirror-target name",
    "/interface/ethernet/switch/port": "default-vlan-id vlan-header vlan-mode",
    "/interface/l2tp-server/server": "allow-fast-path authentication caller-id-type default-profile enabled "
    "ipsec-secret keepalive-timeout max-mru max-mtu max-sessions mrru one-session-per-host use-ipsec",
    "/interface/ovpn-server/server": "auth cipher default-profile enabled keepalive-timeout mac-address max-mtu mode "
    "netmask port require-client-certificate",
    "/interface/sstp-server/server": "authentication certificate default-profile enabled force-aes keepalive-timeout",
    "/interface/wireless": "adaptive-noise-immunity band bridge-mode channel-width country frequency hide-ssid mode "
    "nv2-preshared-key radio-name rate-set scan-list security-profile ssid wds-mode wireless-protocol wps-mode",
    "/ip/accounting": "account-local-traffic enabled threshold",
    "/ip/dns": "allow-remote-requests cache-max-ttl cache-size max-concurrent-queries max-concurrent-tcp-sessions "
    "max-udp-packet-size query-server-timeout query-total-timeout servers use-doh-server verify-doh-cert",
    "/ip/firewall/filter": "content in-bridge-port layer7-protocol routing-mark routing-table tls-host ttl",
    "/ip/route": "bgp-as-path bgp-atomic-aggregate bgp-communities bgp-local-pref bgp-med bgp-origin bgp-prepend "
    "check-gateway disabled distance dst-address gateway route-tag routing-mark scope target-scope",
    "/ip/settings": "accept-redirects icmp-rate-limit max-neighbor-entries route-cache rp-filter tcp-syncookies",
    "/ip/ssh": "allow-none-crypto always-allow-password-login forwarding-enabled host-key-size strong-crypto",
    "/mpls": "allow-fast-path dynamic-label-range propagate-ttl",
    "/mpls/ldp": "distribute-for-default-route enabled hop-limit loop-detect lsr-id transport-address",
    "/routing/bfd/interface": "disabled interface interval min-rx multiplier",
    "/routing/bgp/instance": "as client-to-client-reflection cluster-id confederation disabled ignore-as-path-len name "
    "out-filter redistribute-connected redistribute-other-bgp router-id routing-table",
    "/routing/mme": "bidirectional-timeout gateway-class gateway-keepalive gateway-selection origination-interval ttl",
    "/routing/ospf/instance": "distribute-default domain-id in-filter metric-bgp metric-other-ospf name "
    "out-filter redistribute-bgp redistribute-other-ospf router-id routing-table use-dn",
    "/routing/rip": "distribute-default garbage-timer metric-bgp redistribute-static routing-table update-timer",
    "/system/ntp/client": "enabled primary-ntp secondary-ntp server-dns-names",
    "/system/routerboard/settings": "auto-upgrade boot-device boot-protocol force-backup-booter silent-boot",
    "/tool/e-mail": "address from password port start-tls user",
}


def older(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(GENERATOR / "older.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


def test_what_is_committed_is_what_the_overlay_says(tmp_path: Path) -> None:
    done = older("--out", tmp_path / "out")
    assert (done.returncode, done.stderr) == (0, "")
    made = {file.relative_to(tmp_path / "out"): file.read_text() for file in (tmp_path / "out").rglob("*.json")}
    assert made == {file.relative_to(DATA): file.read_text() for file in DATA.rglob("*.json")}


@pytest.mark.parametrize("path", SEEN)
def test_what_exports_show_can_be_declared(path: str) -> None:
    assert set(SEEN[path].split()) <= {each.name for each in OLD.menu(path).writable}


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/ip/route", "blackhole"),
        ("/ip/dns", "doh-timeout"),
        ("/ip/service", "vrf"),
        ("/snmp", "vrf"),
        ("/tool/netwatch", "type"),
        ("/queue/type", "cake-nat"),
        ("/interface/bonding", "mlag-id"),
    ],
)
def test_what_came_with_7_cannot(path: str, name: str) -> None:
    assert name not in OLD.menu(path).properties
    assert any(name in catalogue(version).menu(path).properties for version in ("7.9", "7.24"))


@pytest.mark.parametrize("path", ["/interface/wireguard", "/routing/table", "/interface/wifi", "/ipv6/firewall/nat"])
def test_menus_that_came_with_7_are_not_there(path: str) -> None:
    assert path not in OLD
    assert path in catalogue("7.24")


def test_defaults_that_7_changed_are_the_old_ones() -> None:
    assert OLD.menu("/ip/dhcp-server").properties["disabled"].default == "yes"
    assert OLD.menu("/interface/bridge/port").properties["ingress-filtering"].default == "no"
    assert OLD.menu("/ip/cloud").properties["ddns-enabled"].default == "no"
    assert "tikapp" in OLD.menu("/user/group").properties["policy"].values


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ("/ip/pool: {gone: [nope]}", "/ip/pool: nope is gone, but 7.9 has none"),
        ("/ip/pool: {came: {ranges: text}}", "/ip/pool: ranges came, but 7.9 has it"),
        ("/ip/pool: {defaults: {nope: 1}}", "/ip/pool: the overlay speaks of nope, which it does not have"),
        ("/ip/nope: {like: none, key: [name]}", "/ip/nope: no name for its key"),
    ],
)
def test_facts_that_fit_nothing_are_refused(tmp_path: Path, said: str, complaint: str) -> None:
    (tmp_path / "overlay").mkdir()
    (tmp_path / "overlay/a.yaml").write_text(f"everywhere: {{}}\n{said}\n")
    done = older("--overlay", tmp_path / "overlay", "--out", tmp_path / "out")
    assert (done.returncode, done.stderr) == (1, f"{complaint}\n")
    assert not (tmp_path / "out").exists()


def test_a_name_of_6_keeps_what_is_known_of_its_later_one(tmp_path: Path) -> None:
    (tmp_path / "overlay").mkdir()
    (tmp_path / "overlay/a.yaml").write_text("everywhere: {}\n/tool/e-mail: {once: {start-tls: tls}}\n")
    assert older("--overlay", tmp_path / "overlay", "--out", tmp_path / "out").returncode == 0
    properties = json.loads((tmp_path / "out/tool/e-mail.json").read_text())["properties"]
    assert "tls" not in properties
    assert properties["start-tls"]["type"] == "enum"
