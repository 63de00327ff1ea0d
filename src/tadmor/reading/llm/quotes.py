"""Finding quotes verbatim: where the words that a model hands back stand in the report, or that they do not stand there.

Models fold white space and turn typographic quotation marks and dashes into plain ones; that much is forgiven, since the
span that is found is the report's own text all the same. Nothing else is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Pair = tuple[int, int]

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‘’‚‛ʼ`´′", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
    }
)
_OUTER = " \"'.,;:…"
_ARTICLES = ("the ", "a ", "an ")


class Verbatim:
    """A report's text as quotes are looked for in it; offsets that come back are code points of the text itself."""

    def __init__(self, text: str) -> None:
        self.text = text
        folded: list[str] = []
        self._at: list[int] = []
        space = True
        for i, c in enumerate(text):
            if c.isspace():
                if not space:
                    folded.append(" ")
                    self._at.append(i)
                space = True
                continue
            folded.append(c)
            self._at.append(i)
            space = False
        self._folded = "".join(folded).translate(_PLAIN)

    def find(self, quote: str) -> list[Pair]:
        """All places where the quote stands, in text order; an empty list when it does not.

        Words are found whole: "Homs" is not found in "Homsi". A quote that a model put into quotation marks, or ended with a
        full stop, is found without these where it is not found with them.
        """
        plain = fold(quote)
        for form in dict.fromkeys((plain, plain.strip(_OUTER))):
            if form and (found := self._places(form)):
                return found
        return []

    def name(self, name: str) -> list[Pair]:
        """All places where a name stands, with or without its article."""
        plain = fold(name)
        for form in dict.fromkeys((plain, plain.strip(_OUTER), _bare(plain.strip(_OUTER)))):
            if form and (found := self._places(form)):
                return found
        return []

    def _places(self, form: str) -> list[Pair]:
        if not any(c.isalnum() for c in form):
            return []
        out = []
        at = self._folded.find(form)
        while at >= 0:
            end = at + len(form)
            if not (self._cuts(at) or self._cuts(end)):
                out.append((self._at[at], self._at[end - 1] + 1))
            at = self._folded.find(form, at + 1)
        return out

    def _cuts(self, at: int) -> bool:
        """Whether a boundary here goes through a word or a number.

        Only scripts with capitals part all their words by spaces; Arabic joins articles and prepositions to names.
        """
        if not 0 < at < len(self._folded):
            return False
        a, b = self._folded[at - 1], self._folded[at]
        return (a.isdigit() and b.isdigit()) or (_cased(a) and _cased(b))


def fold(text: str) -> str:
    """Text with white space folded and quotation marks and dashes made plain."""
    return " ".join(text.split()).translate(_PLAIN)


def key(name: str) -> str:
    """A name as names are compared: folded, in lower case, without its article."""
    return _bare(fold(name).strip(_OUTER)).casefold()


def nearest(places: Sequence[Pair], clause: Pair) -> Pair:
    """The place that stands nearest to a clause: in it before all others, of two as near the earlier."""
    return min(places, key=lambda p: (distance(p, clause), p))


def distance(a: Pair, b: Pair) -> int:
    """How many code points lie between two spans; 0 when they touch or overlap."""
    return max(0, b[0] - a[1], a[0] - b[1])


def inside(span: Pair, areas: Iterable[Pair]) -> bool:
    """Whether the span lies wholly in one of the areas."""
    return any(a <= span[0] and span[1] <= b for a, b in areas)


def spaced(word: str) -> bool:
    """Whether a word is of a script that parts words by spaces and has capitals; of others little can be told by words."""
    return any(map(_cased, word))


def _bare(name: str) -> str:
    lower = name.lower()
    return next((name[len(article) :] for article in _ARTICLES if lower.startswith(article)), name)


def _cased(c: str) -> bool:
    return c.isalpha() and c.lower() != c.upper()
