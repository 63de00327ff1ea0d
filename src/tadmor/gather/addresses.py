"""One form of an address for all its spellings, so that a page is known again at its URL."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

_ARCHIVED = re.compile(r"(?i)^https?://(?:web\.archive\.org/web/|archive\.[a-z]+/)\d{8,14}(?:[a-z]{2}_)?/(?=https?:)")
_TRACKING = re.compile(
    r"(?i)(?:utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|ref_src|cmpid|ocid|_ga|at_medium|at_campaign|at_custom\d)"
)
_SAFE = "%/:=&?~#+!$,;'@()*[]-._"


def address_key(url: str | None) -> str | None:
    """Host, path and query of a web address, spelt one way; None for what is no address of a page.

    Scheme, ``www.``, port, fragment, parameters that only track, and a slash at the end make no difference, and a copy in a web
    archive has the address of what it is a copy of. The bare address of a site is no page: what stands there is another thing
    every day.
    """
    if not url:
        return None
    text = _ARCHIVED.sub("", url.strip())
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").lower().removeprefix("www.").rstrip(".")
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host:
        return None
    path = quote(unquote(parts.path, errors="surrogateescape"), safe=_SAFE, errors="replace").rstrip("/")
    query = urlencode(
        sorted((k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(k))
    )
    if not path and not query:
        return None
    return f"{host}{path}?{query}" if query else f"{host}{path}"
