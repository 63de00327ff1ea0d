"""Reports read again from the bytes that were kept of them, as they would be read today."""

from __future__ import annotations

import json

from tadmor.errors import InputError
from tadmor.gather import forms
from tadmor.gather.build import from_text
from tadmor.model import Failure, Original, Report


def read_again(original: Original) -> Report:
    """The report that the bytes give with this version of Tadmor. Raises InputError when they give none."""
    given, form = original.given, original.form
    if form == "row":
        from tadmor.gather.rows import read_row

        try:
            row = json.loads(original.data)
        except (ValueError, RecursionError) as error:
            raise InputError(f"its bytes are no row: {error}") from error
        if not isinstance(row, dict):
            raise InputError("its bytes are no row")
        (item,) = read_row(row, "row", "")
        if isinstance(item, Failure):
            raise InputError(item.error)
        return item
    if form == "string":
        return from_text(
            original.data.decode("utf-8", "surrogatepass"),
            title=given.get("title"),
            publisher=given.get("publisher"),
            url=given.get("url"),
            row_published=given.get("published"),
        )
    if form == "eml":
        from tadmor.gather.mail import body_of

        return body_of(original.data)
    return forms.one(
        "." + {"text": "txt"}.get(form, form),
        original.data,
        None,
        url=given.get("url"),
        charset=given.get("charset"),
        title=given.get("title"),
        publisher=given.get("publisher"),
        published=given.get("published"),
    )
