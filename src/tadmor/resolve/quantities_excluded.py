"""Numbers that count nothing: parts of names, clock times, ages, votes, fractions, telephone numbers."""

from __future__ import annotations

import re

from tadmor.resolve.quantities_grammar import DASH, amount
from tadmor.resolve.quantities_nouns import counted_noun, unit_after, units

_NAME_BEFORE = re.compile(
    r"(?:\b[Rr]esolutions?|\bRESOLUTION|[Rr]esolutions? (?:\d{3,4}(?:,? and |, ))*\d{3,4}(?:,| and|, and)|"
    r"Order|Committee|Passcode|Radio|Exercise|section|\b[Aa]rticle|Flight|Route"
    r"|Highway|No\.?|Number|\b[Cc]hapter|Brigade|Division|Regiment|Battalion|Unit|Group|Room|\b[Pp]age|\bpp?\.|Vol\.?|\b[Pp]aragraphs?|"
    r"Channel|Section|Task Force|Act|Security Council|Boeing|Airbus|Sukhoi|Shahed|Bayraktar|Scud|Fajr|Zelzal|Mirage"
    r"|Leopard|Grad|Fateh|World War|Psalm|Surah?|Verse|Terminal|Mk\.?|Mark|Type|Phase|Ka|An|Kh|Su|MiG|Tu|Il|Mi|BMP|"
    rf"BTR|F|T|RPG|SA|M|AK|G|Tor|S)[{DASH}\s]$"
)
# Words that a number names, but after which the count of another thing may stand, too: "Hill 112", "Yarmouk Camp 20 people".
_LABEL = re.compile(
    r"(?:\b(?P<of>(?!(?:At|In|On|The|Near|To|From|For|And|Of|By|A|An)\b)[A-Z][\w'’-]*)\s+)?\b(?:Hill|Point|Base|Camp|Sector|"
    r"District|Block|Zone|Gate|Checkpoint|Building|Outpost|Battery|Bunker|Tower|Well|Ward|Hangar|Pier|Bridge|Tunnel|Junction|"
    r"Square|Cell|Protocol|Day|Week|Photo|Image|Figure|Table|Part|Line|Annex|Item|Level|Category|Update|UPDATE)\s$"
)
_ROUND = re.compile(r"\b(?:Geneva|Astana|France)\s$")  # talks and a channel, but "in Geneva 12 people"
_NOT_AFTER = re.compile(
    r"^(?:st|nd|rd|th)\b|^:\d|^\s?[°′″]|^\s?(?:[MGk]Hz|[MGk]b/s|UHF)\b|^(?:-[A-Za-z]+){0,1}-?(?:mm|calibre|"
    r"caliber)\b|^\s?(?:a\.m|p\.m|am|pm|GMT|UTC)\b|^\s+BCE?\b|^[-\s](?:thirds|fourths|fifths|sixths|eighths|tenths|quarters)\b|"
    r"^-(?:thirds?|quarters?|fifth|tenth)\b|"
    r"^-(?:stor(?:e?y|ied|eyed)|pronged|point|way|state|star|page|part|party|phase|stage|step|sided|dimensional|fold|wheel\w*|door|"
    r"digit|tier(?:ed)?|bedroom|room|lane|engined?|seat(?:er)?|round|front|track|time|term|yearly|pointed)\b",
    re.IGNORECASE,
)
_IN_FIVE = re.compile(
    r"(?<!killed )(?<!wounded )(?<!hit )\b(?:one|1)\s+in\s+(?:every\s+)?$|\bout\s+of\s+(?:every\s+)?$", re.IGNORECASE
)
_OUT_OF_TEN = re.compile(
    r"^\s+out\s+of\s+(?:every\s+)?(?:ten|10|a\s+hundred|100)\b|^\s+in\s+(?:every\s+)?(?:ten|10)\b", re.IGNORECASE
)
_TEN = re.compile(r"(?:ten|10|a\s+hundred|100)", re.IGNORECASE)
_AGED = re.compile(
    r"\b(?:children|boys|girls|people|those|anyone|everyone|men|women|persons|minors|males|females|youths|civilians|infants|kids)\s+"
    r"(?:aged\s+)?(?:under|over|above|below)\s+(?:the\s+age\s+of\s+)?$|\bage\s+of\s+$|\bage[sd]?\s+(?:between\s+)?$|"
    r"\bage[sd]?\s+(?:(?:between|from)\s+)?\w+(?:\s+(?:and|to)\s+|-)$|\b(?:of\s+them|under|over)\s+the\s+age\s+of\s+$",
    re.IGNORECASE,
)
_ONE_IS = re.compile(
    r"\s+(?:was|has\s+been|had\s+been|is)\s+(?:\w+ly\s+|later\s+|also\s+)?(?:killed|wounded|injured|hurt|dead|shot|captured|arrested|"
    r"abducted|detained|missing)\b",
    re.IGNORECASE,
)
_ONE_THING = re.compile(
    r"\s+(?!of\b|another\b|day\b|time\b|thing\b|who\b|that\b|side\b|hand\b|more\b|way\b|point\b|"
    r"by\b|is\b|was\b|has\b|had\b|and\b|in\b|to\b|can\b)[a-zA-Z]"
)
PHONE = re.compile(r"(?:\+\d|\b00[1-9])[\d\s().-]{6,}\d")
_CHANGED = re.compile(
    r"\b(?:r[io]se\w*|rais\w*|climb\w*|jump\w*|increas\w*|grow\w*|grew|up|down|f[ae]ll\w*|drop\w*|declin\w*|reduc\w*|cut|went|"
    r"gone|go|goes|soar\w*|doubl\w*|tripl\w*|revis\w*|lower\w*|decreas\w*|shr[aiu]nk\w*|swell\w*|swelled|dwindl\w*|expand\w*)\b"
    r"[^.;\n]{0,50}\b(?:from|by)\s+$",
    re.IGNORECASE,
)
_VOTE = re.compile(
    r"\b(?:vot|won|win|beat|lost|lose|defeat|ballot|margin|majority|score)\w*\b[^.;]{0,25}$", re.IGNORECASE
)


def parts(text: str, match: re.Match[str]) -> list[tuple[int, int]] | None:
    """Where the two numbers stand of what only looks like a range ("rose from 12 to 15"); None for a range, [] for a vote."""
    if not match["range"]:
        return None
    low, high = amount(match["a"]), amount(match["b"])
    before = text[max(0, match.start() - 80) : match.start()]
    between = text[match.end("a") : match.start("b")].strip().lower()
    falling = low is not None and high is not None and low[0] > high[0] and not re.search(r",\d{3}$", match["b"])
    if between not in ("to", "or") and falling:
        return []
    if between == "to" and _CHANGED.search(before):
        falling = True
    if not falling:
        return None
    if between == "to" and _VOTE.search(before):
        return []
    return [match.span("a"), (match.start("b"), match.end())]


def counts(text: str, match: re.Match[str]) -> bool:
    """Whether the number that ``match`` found in ``text`` counts or measures something."""
    start, end = match.span()
    word = match[0].lower()
    before, after = text[max(0, start - 40) : start], text[end : end + 30]
    if re.search(r"[°′″]\s?[A-Z]?[\s/]*$|°[^ ]*$", before) or re.search(r"\bnumber\s+$", before):
        return False
    if _NAME_BEFORE.search(before) or _NOT_AFTER.match(after) or _names(text, start, end, before):
        return False
    if re.search(r"\bbetween\s+$", before, re.IGNORECASE) and re.match(r"\s+and\s+\S*\d|\s+and\s+\w+\s", after):
        return False  # "between 10 and 20": the second number carries the range
    if word == "one":
        if re.search(r"\bat\s+least\s+$", before, re.IGNORECASE) or _ONE_IS.match(after):
            return not re.search(
                r"\b(?:no|any|every|each|the|this|that|some|another|which|only)\s+$", before, re.IGNORECASE
            )
        return bool(_ONE_THING.match(after)) and not re.search(
            r"\b(?:no|any|every|each|the|this|that|some|another|which)\s+$", before, re.IGNORECASE
        )
    if _OUT_OF_TEN.match(after) or (_IN_FIVE.search(before) and ("in" in before[-9:].split() or _TEN.fullmatch(word))):
        return False
    if _AGED.search(before) and unit_after(text, end) is None:
        return False
    if re.match(r"\s+years\b", after):
        return False
    return _figure(text, start, end, word, before, after) and not (match["money"] is None and word in ("m", "k"))


def _names(text: str, start: int, end: int, before: str) -> bool:
    """Whether the number is the name of a hill, a base, a district that the word before it says."""
    if _ROUND.search(before):
        return unit_after(text, end) is None
    label = _LABEL.search(before)
    if label is None or not text[start].isdigit():
        return False
    return not label["of"] or unit_after(text, end) is None


def _figure(text: str, start: int, end: int, word: str, before: str, after: str) -> bool:
    """Whether a number in digits is an amount, and no year, clock time, reference mark or telephone number."""
    if before.endswith("+") or re.match(r"0\d", word):
        return False  # "(+40)" since yesterday, and "at 0600"
    if not word.isdigit():
        return True
    if re.match(r"\s*[-/]\s?\d", after) or re.match(r"\+\d", after):
        return False
    if len(word) == 4 and 1900 <= int(word) <= 2030:
        noun = counted_noun(text, end)  # else a year that the time grammar was not sure of
        if noun is None or not (noun[2].lower() in units() or noun[2].endswith("s")):
            return False
    if before.endswith(("(", "[")) and after.startswith((")", "]")):
        return False  # a reference mark
    return len(word) <= 7  # else a telephone number
