"""napalm-ros against virtual routers: every getter tells what was put in, through the versions' different menus."""

from __future__ import annotations

import contextlib
import functools
import ssl
from collections.abc import Iterator
from typing import Any

import pytest
from librouteros.exceptions import TrapError
from monitored import OWN_BGP, seed
from napalm.base.exceptions import ConnectionException
from napalm_ros import ROSDriver

from trueup.lab import Spec, User, serve
from trueup.lab.server import VirtualRouter

PASSWORD = "peer-password"
VERSIONS = ("6.49", "7.9", "7.16", "7.24")


@contextlib.contextmanager
def router(version: str = "7.24", **changes: Any) -> Iterator[VirtualRouter]:
    people = [User("viewer", "", "read")]
    given = {"version": version, "username": "peer", "password": PASSWORD, "users": people, "seed": seed(version)}
    given["ssh_port"] = 0
    with serve([Spec("edge-1", **(given | changes))]) as lab:
        if version == "6.49":  # it comes with an instance, later versions have none
            lab["edge-1"].router.execute(["/routing/bgp/instance/set", "=.id=*1", *own_bgp()])
        yield lab["edge-1"]


def own_bgp() -> list[str]:
    return [f"={name}={value}" for name, value in OWN_BGP.items()]


@contextlib.contextmanager
def driver(served: VirtualRouter, **optional: Any) -> Iterator[ROSDriver]:
    with ROSDriver(
        served.spec.address,
        "peer",
        PASSWORD,
        timeout=20,
        optional_args={"port": served.port, "ssh_port": served.ssh_port} | optional,
    ) as device:
        yield device


@pytest.fixture(scope="module", params=VERSIONS)
def device(request) -> Iterator[ROSDriver]:
    with router(request.param) as served, driver(served) as opened:
        opened.virtual = served
        yield opened


def version(device: ROSDriver) -> str:
    return device.virtual.spec.version


def test_facts(device):
    facts = device.get_facts()
    assert facts.pop("uptime") >= 0
    assert facts == {
        "vendor": "MikroTik",
        "model": "CHR QEMU QEMU Virtual Machine",
        "hostname": "edge-1",
        "fqdn": "",
        "os_version": f"{version(device)} (stable)",
        "serial_number": "",
        "interface_list": ["bridge-lan", "ether1", "ether2", "ether3", "ether4", *loopback(device)],
    }


def loopback(device: ROSDriver) -> list[str]:
    return [row["name"] for row in device.virtual.rows("/interface") if row["type"] == "loopback"]


def test_interfaces(device):
    interfaces = device.get_interfaces()
    macs = {row["name"]: row.get("mac-address", "") for row in device.virtual.rows("/interface")}
    up = {"is_up": True, "is_enabled": True, "description": "", "last_flapped": -1.0, "mtu": 1500, "speed": -1.0}
    assert interfaces["ether1"] == up | {"mac_address": macs["ether1"]}
    assert interfaces["bridge-lan"] == up | {"mac_address": macs["bridge-lan"], "description": "all of us"}


def test_interfaces_counters(device):
    counters = device.get_interfaces_counters()
    assert set(counters["ether1"].values()) == {0}
    counted = {name: value for name, value in counters["bridge-lan"].items() if value}
    assert counted == {"rx_octets": 4096, "tx_unicast_packets": 17}


def test_interfaces_ip(device):
    assert device.get_interfaces_ip() == {
        "ether1": {"ipv4": {"192.0.2.1": {"prefix_length": 24}}, "ipv6": {"2001:db8::1": {"prefix_length": 64}}},
        "bridge-lan": {"ipv4": {"10.5.50.1": {"prefix_length": 25}, "10.6.0.1": {"prefix_length": 32}}},
    }


def test_arp_and_ipv6_neighbours_leave_out_who_has_no_mac(device):
    assert device.get_arp_table() == [
        {"interface": "ether1", "mac": "48:A9:8A:00:00:07", "ip": "192.0.2.7", "age": -1.0},
        {"interface": "bridge-lan", "mac": "48:A9:8A:00:00:09", "ip": "10.5.50.9", "age": -1.0},
    ]
    assert device.get_ipv6_neighbors_table() == [
        {
            "interface": "ether1",
            "mac": "48:A9:8A:00:00:07",
            "ip": "2001:db8::7",
            "age": -1.0,
            "state": "reachable",
        }
    ]


def test_mac_addresses_of_bridges(device):
    rest = {"moves": 0, "last_move": 0.0}
    assert device.get_mac_address_table() == [
        {"mac": "48:A9:8A:00:00:02", "interface": "ether2", "vlan": 10, "static": False, "active": True, **rest},
        {"mac": "48:A9:8A:00:00:03", "interface": "ether3", "vlan": 1, "static": True, "active": False, **rest},
    ]


def test_lldp_neighbours(device):
    assert device.get_lldp_neighbors() == {
        "ether2": [{"hostname": "switch-1", "port": "ether8"}],
        "ether1": [{"hostname": "upstream", "port": ""}],
    }
    assert device.get_lldp_neighbors_detail("ether2") == [
        {
            "parent_interface": "bridge-lan",
            "remote_chassis_id": "48:A9:8A:00:00:02",
            "remote_system_name": "switch-1",
            "remote_port": "ether8",
            "remote_port_description": "",
            "remote_system_description": "MikroTik RouterOS 7.16 CRS112",
            "remote_system_capab": ["bridge", "router"],
            "remote_system_enable_capab": ["bridge"],
        }
    ]


def test_vlans(device):
    member_of = {"name": "", "interfaces": ["bridge-lan", "ether2", "ether3"]}
    assert device.get_vlans() == {"10": member_of, "20": member_of}


def test_snmp(device):
    assert device.get_snmp_information() == {
        "chassis_id": "80003a8c04" if version(device) in ("7.16", "7.24") else "",
        "community": {"public": {"acl": "::/0", "mode": "ro"}, "graphs": {"acl": "10.0.0.0/8", "mode": "ro"}},
        "contact": "noc@harbour.example",
        "location": "harbour",
    }


def test_users(device):
    common = {"password": "", "sshkeys": []}
    assert device.get_users() == {"peer": {"level": 15, **common}, "viewer": {"level": 0, **common}}


def test_environment_of_a_virtual_machine(device):
    environment = device.get_environment()
    assert environment["cpu"] == {"cpu0": {"%usage": 0.0}, "cpu1": {"%usage": 0.0}}
    assert environment["memory"] == {"available_ram": 1073741824, "used_ram": 1073741824 - 794824704}
    assert environment["fans"] == environment["temperature"] == environment["power"] == {}


def test_environment_of_a_board_with_sensors():
    with router(board="ccr2004-16g", seed={}) as served, driver(served) as device:
        environment = device.get_environment()
    assert environment["fans"] == {"fan1": {"status": True}, "fan2": {"status": True}}
    assert environment["temperature"]["cpu"] == {"temperature": 58.0, "is_alert": False, "is_critical": False}
    assert [supply["status"] for supply in environment["power"].values()] == [True, False]


def test_network_instances(device):
    instances = device.get_network_instances()
    distinguisher = "65001:1" if version(device) == "6.49" else ""
    blue = {"name": "blue", "type": "L3VRF", "state": {"route_distinguisher": distinguisher}}
    assert instances == {"blue": blue | {"interfaces": {"interface": {"bridge-lan": {}, "ether4": {}}}}}
    assert device.get_network_instances("blue") == instances
    assert device.get_network_instances("green") == {}


def test_bgp_neighbours(device):
    neighbours = device.get_bgp_neighbors()["global"]
    assert neighbours["router_id"] == "192.0.2.1"
    sent = 1 if version(device) == "6.49" else -1
    assert neighbours["peers"] == {
        "192.0.2.7": {
            "local_as": 65001,
            "remote_as": 65002,
            "remote_id": "192.0.2.7",
            "is_up": True,
            "is_enabled": True,
            "description": "transit",
            "uptime": 3661,
            "address_family": {"ipv4": {"sent_prefixes": sent, "accepted_prefixes": 3, "received_prefixes": 3}},
        }
    }


def test_bgp_neighbours_in_detail(device):
    (detail,) = device.get_bgp_neighbors_detail("192.0.2.7")["global"][65002]
    told = {"up": True, "local_as": 65001, "remote_as": 65002, "router_id": "192.0.2.1", "remote_address": "192.0.2.7"}
    assert {name: detail[name] for name in told} == told
    assert detail["active_prefix_count"] == 3
    assert device.get_bgp_neighbors_detail("192.0.2.99") == {}


def test_ntp_servers_are_read_where_the_driver_looks(device):
    """The driver reads RouterOS 6's properties; from 7 on there is a menu of servers, which it does not know."""
    servers = {"time.harbour.example": {}, "192.0.2.123": {}} if version(device) == "6.49" else {}
    assert device.get_ntp_servers() == servers


def test_arp_of_one_instance_is_asked_of_the_menu_of_routeros_6(device):
    if version(device) == "6.49":
        assert [entry["ip"] for entry in device.get_arp_table(vrf="blue")] == ["10.5.50.9"]
        return
    with pytest.raises(TrapError, match="no such command prefix"):
        device.get_arp_table(vrf="blue")


@pytest.mark.parametrize("sanitized", [False, True])
def test_the_configuration_is_exported_over_the_api_and_before_7_13_over_ssh(device, sanitized):
    device.virtual.router.execute(["/ppp/secret/add", "=name=anna", "=password=pass-of-anna"])
    running = device.get_config(retrieve="running", sanitized=sanitized)["running"]
    assert running.startswith(f"# by RouterOS {version(device)}")
    assert "/system identity set name=edge-1" in running
    assert "/ppp secret add name=anna" in running
    assert ("pass-of-anna" in running) is not sanitized
    assert [row for row in device.virtual.rows("/file") if "napalm" in row["name"]] == []


def test_commands_run_as_scripts(device):
    assert device.cli([":put [/system identity get name]"]) == {":put [/system identity get name]": "edge-1"}


def test_pings(device):
    told = device.ping("10.5.50.1", count=2)["success"]
    assert (told["probes_sent"], told["packet_loss"]) == (2, 0)
    assert [row["ip_address"] for row in told["results"]] == ["10.5.50.1", "10.5.50.1"]
    assert all(0 < row["rtt"] < 10 for row in told["results"])


def test_tls_with_the_labs_certificate():
    with router() as served:
        context = ssl.create_default_context(cafile=str(served.ca))
        wrap = functools.partial(context.wrap_socket, server_hostname=served.spec.address)
        with driver(served, port=served.tls_port, ssl_wrapper=wrap) as device:
            assert device.get_facts()["hostname"] == "edge-1"


def test_the_login_of_older_routers():
    with router("6.49", login="challenge") as served, driver(served, login_method="token") as device:
        assert device.get_facts()["hostname"] == "edge-1"


def test_a_wrong_password_is_a_connection_error():
    with router() as served:
        device = ROSDriver(served.spec.address, "peer", "wrong", optional_args={"port": served.port})
        with pytest.raises(ConnectionException, match="invalid user name or password"):
            device.open()


def test_a_restart_is_noticed():
    with router() as served, driver(served) as device:
        assert device.is_alive() == {"is_alive": True}
        served.restart()
        assert device.is_alive() == {"is_alive": False}
