"""A forge over TLS: whose certificate nobody vouches for gets no token; one's own authority can be named."""

from __future__ import annotations

import ssl

import pytest
from forge_room import forge_at, run
from stand_in import stand_in

from trueup.errors import ForgeError
from trueup.lab.authority import Authority


def test_an_authority_that_is_named_is_believed_and_no_other(tmp_path, monkeypatch):
    authority = Authority(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.identity("forge", "127.0.0.1").pem)
    with stand_in("github", tls=context) as at:
        at.open("feature")
        assert at.url.startswith("https://127.0.0.1:")
        with pytest.raises(ForgeError, match=r"cannot be reached: .*CERTIFICATE.*name its file in SSL_CERT_FILE"):
            run(lambda: forge_at(at).pull(1))
        assert at.requests == []
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate_file))
        assert run(lambda: forge_at(at).pull(1)).branch == "feature"
