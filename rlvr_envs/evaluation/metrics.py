"""pass@k and intervals. Problems are the clusters: samples of one problem are not independent."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

Z95 = 1.959963984540054


class Estimate(NamedTuple):
    """A share with its 95 % interval, all in [0, 1]."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.1%} [{self.low:.1%}, {self.high:.1%}]"


def pass_at_k(n: int, correct: int, k: int) -> float:
    """Unbiased estimate of the chance that one of k samples is right: 1 - C(n-c, k) / C(n, k).

    Chen et al. 2021 (arXiv 2107.03374), eq. 1, as the product 1 - prod_{i=n-c+1..n} (1 - k/i).

    Args:
        n: Samples drawn.
        correct: How many were right, in [0, n].
        k: In [1, n].

    Raises:
        ValueError: If an argument is out of range.
    """
    if not (0 <= correct <= n and 1 <= k <= n):
        raise ValueError(f"pass@k needs 0 <= correct <= n and 1 <= k <= n, got n={n}, correct={correct}, k={k}")
    if n - correct < k:
        return 1.0
    return float(1.0 - np.prod(1.0 - k / np.arange(n - correct + 1, n + 1)))


def mean_with_interval(per_problem: np.ndarray) -> Estimate:
    """The mean over problems with a 95 % interval: Wilson's, at the effective sample size.

    The standard error is the problems' (clustered); the effective sample size p(1-p)/SE^2 puts it into Wilson's
    formula (1927), which stays inside [0, 1] and does not collapse at 0 or 1.

    Args:
        per_problem: One value in [0, 1] per problem, e.g. its pass@k, shape [M], M >= 1.

    Raises:
        ValueError: If there is no problem, or a value is outside [0, 1].
    """
    values = np.asarray(per_problem, float)
    if values.ndim != 1 or not len(values) or not ((values >= 0) & (values <= 1)).all():
        raise ValueError(f"expected a non-empty vector of values in [0, 1], got {per_problem!r:.100}")
    m, p = len(values), float(values.mean())
    variance = float(values.var(ddof=1)) / m if m > 1 else 0.0
    n = p * (1 - p) / variance if variance > 0 else m
    centre = (p + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half = Z95 / (1 + Z95**2 / n) * np.sqrt(p * (1 - p) / n + Z95**2 / (4 * n**2))
    return Estimate(p, max(0.0, float(centre - half)), min(1.0, float(centre + half)))
