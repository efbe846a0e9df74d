"""From which network a request came, and over what: what a proxy of ours says is believed, what a visitor writes never."""

import importlib
import sys
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIRequest

from gongkai.config.proxies import Behind, networks, visitor

OURS = networks("127.0.0.1, 10.0.0.0/8, ::1")


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        # Two proxies of ours, one behind the other; and a visitor who wrote an entry of their own before.
        ("127.0.0.1", "203.0.113.9, 10.2.3.4", "203.0.113.9"),
        ("127.0.0.1", "192.0.2.1, 203.0.113.9", "203.0.113.9"),
        ("::ffff:127.0.0.1", "2001:db8::1", "2001:db8::1"),
        # Who is no proxy of ours says nothing about others.
        ("203.0.113.9", "192.0.2.1", "203.0.113.9"),
        ("", "192.0.2.1", ""),
        # What is no address ends the search at the last one that was.
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", "<script>, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", ",".join(["10.0.0.1"] * 5000), "10.0.0.1"),
    ],
)
def test_the_visitor_is_the_first_that_is_no_proxy_of_ours(peer, forwarded, found):
    assert visitor(peer, forwarded, OURS) == found


def test_nothing_is_believed_unless_a_proxy_is_named():
    def seen(trusted):
        found = {}
        environ = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9"}
        Behind(lambda given, start: found.update(given) or [], trusted)(environ, None)
        return found["REMOTE_ADDR"]

    assert seen(networks("")) == "127.0.0.1" and seen(OURS) == "203.0.113.9"


def assembled(monkeypatch):
    """The WSGI application as these settings make it; other tests get their own back."""
    name = "gongkai.config.wsgi"
    monkeypatch.setitem(sys.modules, name, None)
    del sys.modules[name]
    return importlib.import_module(name)


@pytest.mark.parametrize(
    ("tls", "said", "origin"),
    [
        (True, "http", "https://gk.example.gov.cn"),
        (False, "https", "http://gk.example.gov.cn"),
    ],
)
def test_an_instance_that_is_marked_so_is_behind_tls_whatever_a_visitor_writes(
    settings, monkeypatch, tls, said, origin
):
    """Cookies that hang on the request are Secure then, and the address that a receipt prints is right."""
    settings.HTTPS, settings.ALLOWED_HOSTS = tls, ["gk.example.gov.cn"]
    whole = assembled(monkeypatch)
    found = []
    whole.django.application = lambda environ, start: found.append(WSGIRequest(environ)) or []
    environ = {"HTTP_HOST": "gk.example.gov.cn", "HTTP_X_FORWARDED_PROTO": said, "PATH_INFO": "/track/"}
    setup_testing_defaults(environ)
    whole.application(environ, None)
    [request] = found
    assert request.is_secure() is tls and request.build_absolute_uri("/track/") == f"{origin}/track/"


def test_a_setting_that_names_no_network_is_refused_with_an_example():
    with pytest.raises(ImproperlyConfigured, match="“nginx”不是"):
        networks("nginx")
