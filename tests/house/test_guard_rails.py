"""The guard rails of the test run itself."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

import loopback

OUTSIDE = [("192.0.2.1", 80), ("0.0.0.0", 0), ("::1", 80, 0, 0)]


@pytest.mark.parametrize("end", OUTSIDE)
def test_a_socket_that_leaves_loopback_is_refused_and_remembered(end):
    family = socket.AF_INET6 if ":" in end[0] else socket.AF_INET
    for attempt in ("connect", "bind"):
        with socket.socket(family) as one, pytest.raises(loopback.NetworkUsed):
            getattr(one, attempt)(end)
    assert len(loopback.outside) == 2
    loopback.outside.clear()


def test_looking_up_a_name_is_refused_too():
    with pytest.raises(loopback.NetworkUsed):
        socket.getaddrinfo("router.example", 8728)
    loopback.outside.clear()
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("router.invalid", 8728)


def test_loopback_works():
    with socket.create_server(("127.0.0.9", 0)) as server, socket.create_connection(server.getsockname()):
        pass


def test_the_machines_own_settings_stay_outside(environment):
    assert Path.home() == environment
    assert not [name for name in os.environ if name.startswith("TRUEUP_")]
    assert os.environ["GIT_CONFIG_GLOBAL"] == os.devnull
