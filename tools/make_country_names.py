"""Makes ``resolve/data/countries_languages.tsv``: what countries are called in other languages (CLDR, by way of Babel).

    python tools/make_country_names.py src/tadmor/resolve/data/countries_languages.tsv

One line a country and language: ISO 3166-1 alpha-2, language, name. CLDR is under the Unicode licence v3. The same version gives
the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel import Locale

LANGUAGES = ("ar", "de", "es", "fa", "fr", "he", "it", "pt", "ru", "tr", "uk")


def lines() -> list[str]:
    """The lines, by country and language."""
    out = []
    for code in sorted(
        c for c in Locale("en").territories if len(c) == 2 and c.isalpha() and c not in ("EU", "EZ", "UN", "ZZ")
    ):
        for language in LANGUAGES:
            name = str(Locale(language).territories.get(code, ""))
            for each in dict.fromkeys((name, name.partition(" (")[0])):
                if each:
                    out.append(f"{code}\t{language}\t{each}")
    return out


if __name__ == "__main__":
    Path(sys.argv[1]).write_text("\n".join(lines()) + "\n", encoding="utf-8")
