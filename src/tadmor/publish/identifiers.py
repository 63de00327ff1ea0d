"""Names of reports, claims, incidents and positions as URNs, the same in every export of the same ledger."""

from __future__ import annotations

from urllib.parse import quote, unquote

_PREFIX = "urn:x-tadmor:"
VOCABULARY = "urn:x-tadmor:record#"
"""What the terms of the record format are named by in JSON-LD."""


def urn(kind: str, *parts: str) -> str:
    """``urn:x-tadmor:claim:REPORT:CLAIM``, each part percent-encoded."""
    return _PREFIX + ":".join((kind, *(quote(p.encode("utf-8", "surrogatepass"), safe="") for p in parts)))


def parts(name: str) -> tuple[str, ...]:
    """Kind and parts of what :func:`urn` made. Raises ValueError for another name."""
    if not name.startswith(_PREFIX):
        raise ValueError(f"not a name of ours: {name!r}")
    return tuple(unquote(p, errors="surrogatepass") for p in name.removeprefix(_PREFIX).split(":"))


def web(url: str | None) -> str | None:
    """The address when it is one of the web, else None."""
    return url if url and url.startswith(("http://", "https://")) else None
