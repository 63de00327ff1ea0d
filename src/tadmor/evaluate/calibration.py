"""Calibration: does a score of 0.8 mean that eight of ten such claims are right?

Reliability bins and the expected calibration error as in Naeini, Cooper and Hauskrecht (AAAI 2015): bins of equal width over the
scores, the error the mean gap between a bin's mean score and its share of right claims, weighed by the bin's size.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Claims whose score lies in ``[low, high)`` (the last bin: up to 1): how many, their mean score, the share that is right."""

    low: float
    high: float
    size: int
    score: float
    right: float


def reliability(scored: Iterable[tuple[float, bool]], bins: int = BINS) -> tuple[Bin, ...]:
    """The bins that hold claims, lowest first; each item is a score of 0 to 1 and whether the claim is right."""
    groups: dict[int, list[tuple[float, bool]]] = {}
    for score, right in scored:
        groups.setdefault(min(bins - 1, int(score * bins)), []).append((score, right))
    return tuple(
        Bin(
            k / bins,
            (k + 1) / bins,
            len(group),
            sum(s for s, _ in group) / len(group),
            sum(r for _, r in group) / len(group),
        )
        for k, group in sorted(groups.items())
    )


def expected_error(found: Sequence[Bin]) -> float:
    """The expected calibration error, 0 when every bin keeps what its score promises; 0 without claims."""
    whole = sum(b.size for b in found)
    return sum(b.size * abs(b.score - b.right) for b in found) / whole if whole else 0.0


def diagram(found: Sequence[Bin], title: str) -> str:
    """The reliability diagram as an SVG: a bar for each bin up to its share of right claims; on the diagonal all is well."""
    side, edge = 320, 48
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side + 2 * edge} {side + 2 * edge}" role="img"'
        ' font-family="sans-serif" font-size="12">',
        f"<title>{title}</title>",
        '<rect width="100%" height="100%" fill="#fff"/>',
    ]
    for b in found:
        x, width = edge + b.low * side, (b.high - b.low) * side
        height = b.right * side
        parts.append(
            f'<rect x="{x + 1:.1f}" y="{edge + side - height:.1f}" width="{width - 2:.1f}" height="{height:.1f}" fill="#4a7ba6"/>'
        )
        parts.append(
            f'<text x="{x + width / 2:.1f}" y="{edge + side - height - 4:.1f}" text-anchor="middle" fill="#444">{b.size}</text>'
        )
    parts.append(
        f'<line x1="{edge}" y1="{edge + side}" x2="{edge + side}" y2="{edge}" stroke="#b5541c" stroke-dasharray="5 4"/>'
        f'<rect x="{edge}" y="{edge}" width="{side}" height="{side}" fill="none" stroke="#444"/>'
    )
    for k in range(0, 11, 2):
        at = k / 10 * side
        parts.append(f'<text x="{edge + at:.1f}" y="{edge + side + 16}" text-anchor="middle">{k / 10}</text>')
        parts.append(f'<text x="{edge - 8}" y="{edge + side - at + 4:.1f}" text-anchor="end">{k / 10}</text>')
    middle = edge + side / 2
    parts.append(f'<text x="{middle}" y="{side + 2 * edge - 12}" text-anchor="middle">score of the claim</text>')
    parts.append(
        f'<text transform="translate(14 {middle}) rotate(-90)" text-anchor="middle">share of claims that are right</text>'
    )
    parts.append(f'<text x="{middle}" y="{edge - 18}" text-anchor="middle" font-size="13">{title}</text></svg>')
    return "\n".join(parts) + "\n"
