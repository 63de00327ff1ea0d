"""Bytes of many forms to reports: files, folders, standard input and URLs; page chrome left out, passages and dates found."""

from __future__ import annotations

from tadmor.gather.build import from_html, from_text
from tadmor.gather.inputs import MAX_BYTES, gather

__all__ = ["MAX_BYTES", "from_html", "from_text", "gather"]
