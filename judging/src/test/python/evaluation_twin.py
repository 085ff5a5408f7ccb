#!/usr/bin/env python3
"""Twin of the evaluation arithmetic: writes the numbers that the Java tests compare with.

Spearman and Cohen's kappa come from scipy or from the definition with numpy, the rest is written down a second
time, naively. Inputs are drawn from a fixed seed:

    python3 judging/src/test/python/evaluation_twin.py > judging/src/test/resources/rlaif/judging/evaluation/twin.json

Needs numpy and scipy (numbers committed were written by numpy 2.4, scipy 1.17).
"""
import json
import math

import numpy as np
from scipy import stats

rng = np.random.default_rng(20)
N, BINS = 400, 10

length_difference = rng.integers(-12, 13, N)
truth = rng.normal(0, 1.5, N)
p12 = 1 / (1 + np.exp(-(truth + 0.05 * length_difference + rng.normal(0, 1, N) + 0.5)))
p21_shown1 = 1 / (1 + np.exp(-(-truth - 0.05 * length_difference + rng.normal(0, 1, N) + 0.5)))
p12 = np.round(p12, 3)
p21_shown1 = np.round(p21_shown1, 3)
probability = (p12 + 1 - p21_shown1) / 2
label = np.where(rng.random(N) < 1 / (1 + np.exp(-truth)), 1.0, 0.0)
label[::17] = 0.7
label[5::50] = 0.5

counted = label != 0.5
chosen_first = probability > 0.5
matches = sum(
    0.5 if p == 0.5 else float((p > 0.5) == (l > 0.5)) for p, l in zip(probability[counted], label[counted])
)

confidence = np.maximum(probability, 1 - probability)
accuracy = np.where(probability == 0.5, 0.5, np.where(probability > 0.5, label, 1 - label))
ece = 0.0
for m in range(BINS):
    low, high = 0.5 + m * 0.5 / BINS, 0.5 + (m + 1) * 0.5 / BINS
    inside = (confidence >= low) & ((confidence < high) | (m == BINS - 1))
    if inside.any():
        ece += inside.sum() / N * abs(accuracy[inside].mean() - confidence[inside].mean())

table = [[20, 5, 1], [10, 15, 4], [2, 3, 40]]
t = np.array(table) / np.sum(table)
expected = float((t.sum(1) * t.sum(0)).sum())
kappa = (float(np.trace(t)) - expected) / (1 - expected)

reference, current = [120, 80, 40, 10, 0], [60, 90, 70, 25, 5]
e = (np.array(reference) + 0.5) / (np.sum(reference) + 0.5 * 5)
a = (np.array(current) + 0.5) / (np.sum(current) + 0.5 * 5)


def wilson(successes, trials):
    interval = stats.binomtest(successes, trials).proportion_ci(method="wilson")
    return [float(interval.low), float(interval.high)]


print(
    json.dumps(
        {
            "lengthDifference": length_difference.tolist(),
            "shown1": p12.tolist(),
            "swappedShown1": p21_shown1.tolist(),
            "label": label.tolist(),
            "alignment": matches / int(counted.sum()),
            "samePosition": float(((p12 - 0.5) * (p21_shown1 - 0.5) > 0).mean()),
            "brier": float(((probability - label) ** 2).mean()),
            "ece": float(ece),
            "spearman": float(stats.spearmanr(length_difference, probability).statistic),
            "table": table,
            "kappa": kappa,
            "reference": reference,
            "current": current,
            "psi": float(((a - e) * np.log(a / e)).sum()),
            "psiAsDivergences": float(stats.entropy(a, e) + stats.entropy(e, a)),
            "wilson": [[s, n, *wilson(s, n)] for s, n in [(0, 10), (7, 10), (10, 10), (3, 200), (181, 400)]],
        }
    )
)
assert math.isclose(float(((a - e) * np.log(a / e)).sum()), float(stats.entropy(a, e) + stats.entropy(e, a)))
