"""The reliability of a detector's probabilities as a picture: one SVG, no scripts, nothing to fetch."""

from __future__ import annotations

from candor.validation import Bin, Rate

SIZE, MARGIN = 320, 44


def draw_reliability(bins: list[Bin]) -> str:
    """Stated probability of a mention (across) against the share that are mentions (up), with Wilson's 95 % interval.

    A dot's area grows with its number of cases; on the dashed line the detector says what is true.
    """
    parts = [_line(0, 0, 1, 1, "stroke-dasharray='4'")]
    for tick in range(0, 11, 2):
        at = tick / 10
        parts.append(f"<text x='{_x(at)}' y='{SIZE + MARGIN + 18}' text-anchor='middle'>{at:.1f}</text>")
        parts.append(f"<text x='{MARGIN - 8}' y='{_y(at) + 4}' text-anchor='end'>{at:.1f}</text>")
    largest = max((group.cases for group in bins), default=1) or 1
    for group in bins:
        share = Rate(group.mentions, group.cases)
        if share.value is None or share.interval is None:
            continue
        stated = group.probability / group.cases
        radius = 3 + 9 * (group.cases / largest) ** 0.5
        said = f"stated {stated:.0%}, are mentions {share.value:.0%}, n = {group.cases}"
        parts.append(_line(stated, share.interval[0], stated, share.interval[1], ""))
        parts.append(
            f"<circle cx='{_x(stated)}' cy='{_y(share.value)}' r='{radius:.1f}' fill='#2b6cb0' fill-opacity='.7'>"
            f"<title>{said}</title></circle>"
        )
    frame = f"<rect x='{MARGIN}' y='{MARGIN}' width='{SIZE}' height='{SIZE}' fill='none' stroke='#999'/>"
    labels = (
        f"<text x='{MARGIN + SIZE / 2}' y='{SIZE + MARGIN + 38}' text-anchor='middle'>stated probability</text>"
        f"<text x='{MARGIN}' y='{MARGIN - 12}'>share that are mentions, 95 % interval</text>"
    )
    whole = SIZE + 2 * MARGIN
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {whole} {whole + 10}' width='{whole}' role='img' "
        f"aria-label='reliability' font-family='system-ui,sans-serif' font-size='12'>"
        f"{frame}{''.join(parts)}{labels}</svg>"
    )


def _x(at: float) -> float:
    return round(MARGIN + at * SIZE, 1)


def _y(at: float) -> float:
    return round(MARGIN + (1 - at) * SIZE, 1)


def _line(x1: float, y1: float, x2: float, y2: float, style: str) -> str:
    return f"<line x1='{_x(x1)}' y1='{_y(y1)}' x2='{_x(x2)}' y2='{_y(y2)}' stroke='#555' {style}/>"
