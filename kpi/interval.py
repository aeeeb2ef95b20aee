"""How sure a small figure is: the Wilson interval. The same figure over several months is in kpi/reading_over.py."""

from __future__ import annotations

import math

Z95 = 1.959963984540054


def wilson(numerator: float, denominator: float, z: float = Z95) -> tuple[float, float]:
    """The range a percentage of so few cases is likely to lie in (95 %), as percentages. It never leaves 0 to 100.

    Source: Wilson 1927. Raises ValueError without cases.
    """
    if denominator <= 0 or not 0 <= numerator <= denominator:
        raise ValueError(f"{numerator} of {denominator} is no share of anything")
    share, spread = numerator / denominator, z * z / denominator
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * math.sqrt(share * (1 - share) / denominator + spread / (4 * denominator))
    return 100 * max(0.0, middle - half), 100 * min(1.0, middle + half)
