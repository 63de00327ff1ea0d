"""The setting for a map of one's own under the marks: tiles of another server, or an archive of tiles (PMTiles)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tadmor.errors import InputError
from tadmor.web.security import POLICY

FILE_AT = "/basemap.pmtiles"
_ORIGIN = re.compile(r"https?://([a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(:[0-9]{1,5})?", re.IGNORECASE)
_HEADER = 127  # bytes, of an archive of version 3
_PICTURES = (2, 3, 4, 5)  # of the kinds of tiles: PNG, JPEG, WebP, AVIF


@dataclass(frozen=True, slots=True)
class Tiles:
    """Tiles that the app may lay over the coasts.

    ``address`` is where it asks for them: a pattern with ``{z}``, ``{x}`` and ``{y}``, or that of an archive. ``origin`` is the
    one other server that it may ask then; ``file`` an archive on this machine, which the app's own server gives out.
    """

    address: str
    origin: str | None = None
    file: Path | None = None


def tiles(given: str) -> Tiles:
    """The setting as it is given: an http(s) pattern or address of an archive, or the path of an archive.

    Raises InputError, which says what is wrong with it.
    """
    if given.startswith(("http://", "https://")):
        return _elsewhere(given)
    path = Path(given)
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEADER)
    except OSError as error:
        raise InputError(f"{given} cannot be opened: {error.strerror or error}") from error
    if len(head) < _HEADER or head[:7] != b"PMTiles" or head[7] != 3:
        raise InputError(f"{given} is no PMTiles archive of version 3")
    if head[99] not in _PICTURES:
        raise InputError(f"{given} holds vector tiles: the app shows tiles that are pictures (PNG, JPEG, WebP, AVIF)")
    return Tiles(FILE_AT, file=path)


def _elsewhere(given: str) -> Tiles:
    try:
        parts = urlsplit(given)
        _ = parts.port
    except ValueError as error:
        raise InputError(f"{given} is no address: {error}") from error
    origin = f"{parts.scheme}://{parts.netloc}"
    if not _ORIGIN.fullmatch(origin) or any(c.isspace() or c == '"' for c in given):
        raise InputError(
            f"{given} is no address that a browser may be let to: give one as https://tiles.example.org/..."
        )
    if not parts.path.endswith(".pmtiles") and not all(part in given for part in ("{z}", "{x}", "{y}")):
        raise InputError(f"{given} is neither an archive (.pmtiles) nor a pattern with {{z}}, {{x}} and {{y}}")
    return Tiles(given, origin=origin)


def policy(of: Tiles | None) -> str:
    """The policy on content with these tiles: the one other server is let in for pictures and data, and for nothing else."""
    if of is None or of.origin is None:
        return POLICY
    made = POLICY.replace("img-src 'self'", f"img-src 'self' {of.origin}")
    return made.replace("connect-src 'self'", f"connect-src 'self' {of.origin}")
