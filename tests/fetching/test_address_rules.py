"""Which addresses may be asked, before any network."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.fetching import RefusedAddress, checked_url
from essor.fetching.addresses import is_public

CLOSED = [
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.7",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:93.184.216.34",
    "64:ff9b::a00:1",
    "64:ff9b:1::a00:1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:5db8:d822::1",
    "2a01:e0a:1:2:0:5efe:a00:1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]
OPEN = [
    "1.1.1.1",
    "93.184.216.34",
    "100.63.255.255",
    "100.128.0.1",
    "172.32.0.1",
    "2001:41d0:1::1",
    "2606:4700::1111",
    "2a01:e0a::1",
]


@pytest.mark.parametrize("text", CLOSED)
def test_an_address_of_a_private_or_special_network_is_not_public(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize("text", OPEN)
def test_an_address_of_the_internet_is_public(text: str) -> None:
    assert is_public(ip_address(text))


@given(st.ip_addresses())
def test_nothing_that_python_knows_as_special_is_public(ip: IPv4Address | IPv6Address) -> None:
    special = (ip.is_private, ip.is_loopback, ip.is_link_local, ip.is_multicast, ip.is_reserved)
    if any(special) or ip.is_unspecified:
        assert not is_public(ip)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_hidden_in_ipv6_is_never_public(ip: IPv4Address) -> None:
    inside = int(ip)
    hidden = [inside, 0xFFFF << 32 | inside, 0x64FF9B << 96 | inside, 0x2002 << 112 | inside << 80]
    assert not any(is_public(IPv6Address(value)) for value in hidden)


@pytest.mark.parametrize(
    "address",
    [
        "https://www.cresshdf.org/feed",
        "http://example.org:80/rss?page=1&tri=date",
        "https://médiathèque.example.fr/actualités",
        "https://[2a01:e0a::1]/feed",
        "  https://example.org/feed\n",
    ],
)
def test_an_ordinary_address_is_accepted(address: str) -> None:
    assert checked_url(address).scheme in ("http", "https")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "example.org",
        "//example.org/feed",
        "ftp://example.org/feed",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "feed://example.org/",
        "https://",
        "https:///feed",
        "https://example.org:99999/",
        "https://user:secret@example.org/feed",
        "https://example.org\\@10.0.0.1/",
        "https://exam ple.org/",
        "https://example.org/" + "a" * 3_000,
        "http://example.org:22/",
        "http://example.org:6379/",
    ],
)
def test_a_malformed_or_unusual_address_is_refused(address: str) -> None:
    with pytest.raises(RefusedAddress):
        checked_url(address)


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST.",
        "portal.localhost",
        "printer.local",
        "metadata.google.internal",
        "koha.intranet",
        "box.lan",
        "db",
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "017700000001",
        "10.2.3.4",
        "[::1]",
        "[::ffff:10.0.0.1]",
        "[fe80::1%25eth0]",
    ],
)
def test_an_obviously_private_host_is_refused_before_any_network(host: str) -> None:
    with pytest.raises(RefusedAddress):
        checked_url(f"http://{host}/feed")


@pytest.mark.parametrize(
    ("address", "trusted"),
    [
        ("http://10.1.2.3:8080/feed", "10.1.2.3:8080"),
        ("http://koha.intranet/feed", "koha.intranet:80"),
        ("https://koha.intranet/feed", "koha.intranet:443"),
        ("http://[fd00::1]:8080/", "[fd00::1]:8080"),
    ],
)
def test_a_trusted_server_is_accepted_on_its_own_port_only(address: str, trusted: str) -> None:
    assert checked_url(address, trusted={trusted})
    with pytest.raises(RefusedAddress):
        checked_url(address, trusted={trusted.rpartition(":")[0] + ":1234"})


def test_a_refusal_says_what_is_wrong_and_what_to_do() -> None:
    with pytest.raises(RefusedAddress) as refused:
        checked_url("http://192.168.0.10/feed")

    assert "192.168.0.10" in refused.value.what
    assert refused.value.advice
