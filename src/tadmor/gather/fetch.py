"""Pages by http(s) address, fetched so that nobody can make the program look into a private network.

A name is resolved once, every address it has must be public, and the connection goes to the very address that was
checked (its name stays in the Host header and in TLS), so that a second, different answer of the name server changes
nothing. Redirects are followed by hand, each checked anew. Proxies of the environment are not used: they would resolve
names by themselves.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from tadmor.errors import InputError, Refused, TooLarge, Unanswered
from tadmor.gather.clean import short
from tadmor.gather.transfer import gunzipped

if TYPE_CHECKING:
    import httpx

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Permit = Callable[[Address], bool]

MAX_REDIRECTS = 5
TIMEOUT = 15.0
DEADLINE = 90.0
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_REDIRECT = frozenset((301, 302, 303, 307, 308))
_MOVED = frozenset((301, 308))
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Fetched:
    """A fetched document: the address it came from in the end, its media type and declared charset in lower case."""

    url: str
    data: bytes
    media_type: str
    charset: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: the address that answered in the end, and its headers by names in lower case.

    ``data`` is there for status 200 only. ``moved`` is the address to ask from now on, where redirects that are for good
    (301, 308) led from the one that was asked.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    data: bytes
    moved: str | None = None

    def document(self) -> Fetched:
        """The document that was answered."""
        media, _, rest = self.headers.get("content-type", "").partition(";")
        charset = next((p.split("=", 1)[1].strip(" \"'") for p in rest.split(";") if "charset=" in p.lower()), None)
        return Fetched(self.url, self.data, media.strip().lower(), charset)


def is_url(text: str) -> bool:
    """Whether an input is meant as an address rather than as a path."""
    head, mark, _ = text.partition("://")
    return bool(mark) and head.isascii() and head.replace("+", "").replace("-", "").replace(".", "").isalnum()


def is_public(address: Address) -> bool:
    """Whether an address is out on the open internet, also when it is an IPv4 address dressed as IPv6."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None and not is_public(inner):
            return False
        if address.ipv4_mapped is not None or address in _NAT64:
            return True
        if int(address) >> 32 == 0:
            return False
    return address.is_global and not (
        address.is_multicast
        or address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_reserved
        or address.is_unspecified
    )


def fetch(url: str, *, max_bytes: int, _permit: Permit = is_public) -> Fetched:
    """The document at ``url``. Raises Refused, TooLarge (after decompression) or InputError.

    ``_permit`` decides on each resolved address; it is there for the tests, which serve from this machine.
    """
    answer = ask(url, max_bytes=max_bytes, _permit=_permit)
    if answer.status != 200:
        raise InputError(f"{short(answer.url, 200)}: the server answered {answer.status}")
    return answer.document()


def ask(
    url: str,
    *,
    max_bytes: int,
    headers: Mapping[str, str] = _NO_HEADERS,
    before: Callable[[str], None] | None = None,
    timeout: float = TIMEOUT,
    deadline: float = DEADLINE,
    _permit: Permit = is_public,
) -> Answer:
    """What the server answers, whatever the status; redirects are followed, each checked anew.

    ``headers`` are sent besides our own; ``before`` is told each address before it is asked, the first and those that it
    leads to, and may raise to have it left alone. ``timeout`` (seconds) is for each wait, ``deadline`` for the whole.
    Raises as :func:`fetch`, but for no status.
    """
    import httpx

    end = time.monotonic() + deadline
    current, moved, for_good = url, None, True
    with httpx.Client(trust_env=False, follow_redirects=False, timeout=timeout) as client:
        for _ in range(MAX_REDIRECTS + 1):
            host, port = _place(current)  # first of all: whoever is told of an address may take it apart
            if before is not None:
                before(current)
            addresses = _checked(current, host, port, _permit)
            try:
                with _open(client, current, host, port, addresses, headers) as response:
                    if response.status_code in _REDIRECT and response.headers.get("location"):
                        current = _led(current, response.headers["location"])
                        for_good = for_good and response.status_code in _MOVED
                        moved = current if for_good else moved
                        continue
                    data = _body(response, max_bytes, end) if response.status_code == 200 else b""
            except httpx.HTTPError as error:
                raise Unanswered(f"{short(current, 200)}: {_reason(error)}") from error
            except (httpx.InvalidURL, UnicodeError) as error:
                raise InputError(f"{short(current, 200)}: no usable address ({short(error)})") from error
            told = {k.lower(): v for k, v in response.headers.items()}
            return Answer(current, response.status_code, told, data, moved)
    raise InputError(f"{short(url, 200)}: more than {MAX_REDIRECTS} redirects")


def _led(url: str, location: str) -> str:
    """Where a redirect leads."""
    try:
        return urljoin(url, location)
    except ValueError as error:
        where = short(location, 200)
        raise Refused(f"{short(url, 200)}: leads to {where}, which is no usable address ({short(error)})") from error


def _place(url: str) -> tuple[str, int]:
    """Host and port of a URL that is one of the web."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise Refused(f"{short(url, 200)}: no usable address ({short(error)})") from error
    if parts.scheme.lower() not in ("http", "https"):
        raise Refused(f"{short(url, 200)}: only http and https addresses are read")
    if not host:
        raise Refused(f"{short(url, 200)}: the address names no host")
    return host, port or (443 if parts.scheme.lower() == "https" else 80)


def _checked(url: str, host: str, port: int, permit: Permit) -> list[Address]:
    """The addresses of a URL's host, every one of them permitted."""
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unanswered(f"{short(url, 200)}: the name {short(host)} cannot be resolved") from error
    addresses: list[Address] = list(
        dict.fromkeys(ipaddress.ip_address(str(a[4][0]).partition("%")[0]) for a in answers)
    )
    for address in addresses:
        if not permit(address):
            raise Refused(f"{short(url, 200)}: {short(host)} is {address}, which is no public address")
    if not addresses:
        raise Unanswered(f"{short(url, 200)}: the name {short(host)} has no address")
    return addresses


def _open(
    client: httpx.Client, url: str, host: str, port: int, addresses: list[Address], headers: Mapping[str, str]
) -> _Stream:
    return _Stream(client, url, host, port, addresses, headers)


class _Stream:
    """A response whose connection goes to a checked address; the next address is tried when one does not answer."""

    def __init__(
        self,
        client: httpx.Client,
        url: str,
        host: str,
        port: int,
        addresses: list[Address],
        headers: Mapping[str, str],
    ) -> None:
        self._client, self._url, self._host, self._port, self._addresses = client, url, host, port, addresses
        self._headers = headers
        self._response: httpx.Response | None = None

    def __enter__(self) -> httpx.Response:
        import httpx

        original = httpx.URL(self._url)
        name = original.netloc.decode("ascii").rpartition("@")[2]
        for i, address in enumerate(self._addresses):
            pinned = original.copy_with(host=str(address), port=self._port, username=None, password=None, fragment=None)
            headers = {
                "Host": name,
                "Accept-Encoding": "gzip",
                "User-Agent": "tadmor",
                "Accept": "text/html, text/*;q=0.9, */*;q=0.1",
                **self._headers,
            }
            request = self._client.build_request(
                "GET", pinned, headers=headers, extensions={"sni_hostname": original.raw_host.decode("ascii")}
            )
            try:
                self._response = self._client.send(request, stream=True)
            except httpx.ConnectError:
                if i + 1 == len(self._addresses):
                    raise
                continue
            return self._response
        raise Unanswered(f"{short(self._url, 200)}: no address answered")

    def __exit__(self, *_: object) -> None:
        if self._response is not None:
            self._response.close()


def _body(response: httpx.Response, max_bytes: int, deadline: float) -> bytes:
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    where = short(response.request.headers.get("host", ""), 200)
    if coding not in ("identity", "", "gzip", "x-gzip"):
        raise InputError(f"{where}: the server sent it as {short(coding)}, which was not asked for")
    data = bytearray()
    for chunk in response.iter_raw():  # as it comes, so that a server that drips is left in time
        if time.monotonic() > deadline:
            raise Unanswered(f"{where}: not complete in time")
        data += chunk
        if len(data) > max_bytes:
            raise TooLarge.above(max_bytes, f"{where}: ")
    if "gzip" not in coding or not data:
        return bytes(data)
    try:
        return gunzipped(bytes(data), max_bytes)
    except InputError as error:
        raise type(error)(f"{where}: {error}") from error


def _reason(error: Exception) -> str:
    import httpx

    if isinstance(error, httpx.TimeoutException):
        return "no answer in time"
    return short(error) or type(error).__name__
