"""The front end as files: what the package ships in ``web/static``, or a page that says that it is not built."""

from __future__ import annotations

import base64
import hashlib
import mimetypes
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from tadmor._version import __version__
from tadmor.web.security import POLICY

FOLDER = Path(__file__).parent / "static"
_HASHED = "assets/"  # where the build puts files whose names change with their content
_FOREVER = "public, max-age=31536000, immutable"
_TYPES = {
    ".mjs": "text/javascript",
    ".js": "text/javascript",
    ".geojson": "application/geo+json",
    ".webmanifest": "application/manifest+json",
    ".pbf": "application/x-protobuf",
    ".pmtiles": "application/octet-stream",
    ".woff2": "font/woff2",
}


class Front(StaticFiles):
    """Files of a folder; every other address that is a screen of the app is answered with ``index.html``."""

    def __init__(self, folder: Path) -> None:
        for ending, kind in _TYPES.items():
            mimetypes.add_type(kind, ending)
        super().__init__(directory=folder)
        self._folder = folder

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, or the app's page. Raises HTTPException for an asset that is not there."""
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405)
        name = path.replace("\\", "/")
        parts = name.split("/")
        if ".." in parts or "\0" in name or any(p.startswith(".") and p != "." for p in parts):
            raise HTTPException(404)
        if name not in (".", "", "index.html"):
            try:
                found = await super().get_response(path, scope)
            except HTTPException as error:
                if error.status_code != 404 or name.startswith(_HASHED):
                    raise
            else:
                found.headers["cache-control"] = _FOREVER if name.startswith(_HASHED) else "no-cache"
                return found
        return FileResponse(self._folder / "index.html", headers={"cache-control": "no-cache"})


_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "td,th{text-align:left;vertical-align:top;padding:.2rem .8rem .2rem 0}code{font-size:.95em}"
)
_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_OWN = POLICY.replace("style-src-elem 'self'", f"style-src-elem 'sha256-{_DIGEST}'")


def page(title: str, body: str) -> HTMLResponse:
    """A small page without scripts, whose one style the policy allows by its digest."""
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        f"<style>{_STYLE}</style></head><body><main>{body}</main></body></html>",
        headers={"cache-control": "no-cache", "content-security-policy": _OWN},
    )


def unbuilt() -> HTMLResponse:
    """What is shown while there is no front end."""
    return page(
        "Tadmor",
        f"<h1>Tadmor {__version__}</h1><p>The ledger is open. The front end is not built, so there is nothing to look at"
        " here yet.</p>"
        '<p>The API is there: <a href="/api/v1/">what it answers</a>, and its '
        '<a href="/api/v1/openapi.json">OpenAPI document</a>.</p>',
    )


def listing(document: dict[str, Any]) -> HTMLResponse:
    """The routes of an OpenAPI document as a page."""
    from html import escape

    rows = []
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            asked = ", ".join(p["name"] for p in told.get("parameters", ()))
            rows.append(
                f"<tr><td>{escape(method.upper())}</td><td><code>{escape(path)}</code></td>"
                f"<td>{escape(told.get('summary', ''))}{'<br><small>' + escape(asked) + '</small>' if asked else ''}</td></tr>"
            )
    return page(
        "Tadmor's API",
        f"<h1>Tadmor's API, version {escape(document['info']['version'])}</h1>"
        '<p>All of it in full: <a href="/api/v1/openapi.json">openapi.json</a>.</p>'
        f"<table><tr><th>Method</th><th>Address</th><th>What, and what may be asked</th></tr>{''.join(rows)}</table>",
    )
