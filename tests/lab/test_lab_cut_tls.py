"""What api-ssl shows to a manager follows its row: another certificate, none, or one that is gone."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import pytest
from lab_client import Wire
from lab_manager import MANAGER, SEED, answers, by_hand

from trueup.lab import Lab, Spec, serve

CERTIFIED = {
    **SEED,
    "/certificate": [{"name": "first"}, {"name": "second"}],
    "/ip/service": [{"name": "api-ssl", "certificate": "first"}],
}
DONE = [["!done"]]


@pytest.fixture
def lab() -> Iterator[Lab]:
    seed = {name: rows for name, rows in CERTIFIED.items() if name != "/ip/service"}
    with serve([Spec("hub", port=None, seed=seed, manager=MANAGER)]) as lab:
        yield lab


def greeted(lab: Lab, context: ssl.SSLContext) -> bytes:
    """The certificate that a new connection is shown."""
    with Wire(lab["hub"].tls_port, context) as wire:
        assert wire.login() == DONE
        assert isinstance(wire.socket, ssl.SSLSocket)
        return wire.socket.getpeercert(binary_form=True) or b""


def trusting(lab: Lab) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=lab.ca)


def test_another_certificate_is_another_one(lab: Lab) -> None:
    usual = greeted(lab, trusting(lab))
    by_hand(lab["hub"], "/ip/service/set", "=.id=api-ssl", "=certificate=second")
    assert greeted(lab, trusting(lab)) not in (usual, b"")
    by_hand(lab["hub"], "/ip/service/set", "=.id=api-ssl", "=certificate=none")
    assert greeted(lab, trusting(lab)) == usual


def test_one_that_is_gone_ends_every_handshake(lab: Lab) -> None:
    by_hand(lab["hub"], "/ip/service/set", "=.id=api-ssl", "=certificate=second")
    by_hand(lab["hub"], "/certificate/remove", "=.id=second")
    with pytest.raises(ssl.SSLError):
        greeted(lab, trusting(lab))
    assert answers(lab["hub"], lab["hub"].tls_port) == "open"


def test_none_any_more_is_anonymous() -> None:
    with serve([Spec("hub", port=None, seed=CERTIFIED, manager=MANAGER)]) as lab:
        assert greeted(lab, trusting(lab))
        by_hand(lab["hub"], "/ip/service/set", "=.id=api-ssl", "=certificate=none")
        with pytest.raises(ssl.SSLError):
            greeted(lab, trusting(lab))
        anonymous = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        anonymous.check_hostname, anonymous.verify_mode = False, ssl.CERT_NONE
        anonymous.maximum_version = ssl.TLSVersion.TLSv1_2
        anonymous.set_ciphers("ADH:@SECLEVEL=0")
        assert greeted(lab, anonymous) == b""
