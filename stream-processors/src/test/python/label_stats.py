"""The figures of LabelStatsFiguresTest, computed a second time without any of its code.

Run: python3 label_stats.py
"""

import math

T = 6_000_000  # ms, a multiple of a minute
judged = []
for i in range(40):
    p12 = ((37 * i + 11) % 97) / 96
    p21 = ((53 * i + 5) % 89) / 88
    judged.append(
        dict(
            i=i,
            p12=p12,
            p21=p21 if i % 10 != 9 else None,
            p=(p12 + p21) / 2 if i % 10 < 8 else None,
            words=(7 * i) % 13 - (5 * i) % 11,
            age=50 + (i * i) % 1000,
        )
    )
preferred = [j for j in judged if j["p"] is not None]
both = [j for j in judged if j["p21"] is not None]
flips = [j for j in both if (j["p12"] - 0.5) * ((1 - j["p21"]) - 0.5) > 0]


def ranks(values):
    return [
        sum(w < v for w in values) + (sum(w == v for w in values) + 1) / 2 for v in values
    ]


def pearson(x, y):
    mx, my = sum(x) / len(x), sum(y) / len(y)
    xy = sum((a - mx) * (b - my) for a, b in zip(x, y))
    return xy / math.sqrt(
        sum((a - mx) ** 2 for a in x) * sum((b - my) ** 2 for b in y)
    )


def quantile(values, q):
    return sorted(values)[max(1, math.ceil(q * len(values))) - 1]


LABEL = {0: 1.0, 2: 0.0, 4: 0.5}
compared = [(j["p"], LABEL[j["i"] % 6]) for j in preferred if j["i"] % 2 == 0]
sure = [(p, l) for p, l in compared if l != 0.5 and p != 0.5]
agreed = sum((p > 0.5) == (l > 0.5) for p, l in sure)
table = [[sum((p > 0.5) == a and (l > 0.5) == b for p, l in sure) for b in (True, False)] for a in (True, False)]
n = len(sure)
po = (table[0][0] + table[1][1]) / n
pe = sum(
    (table[k][0] + table[k][1]) / n * (table[0][k] + table[1][k]) / n for k in (0, 1)
)
bins = {}
for p, l in compared:
    confidence = max(p, 1 - p)
    accuracy = l if p > 0.5 else 1 - l
    bins.setdefault(min(9, int((confidence - 0.5) * 20)), []).append((accuracy, confidence))
ece = sum(abs(sum(a for a, _ in b) - sum(c for _, c in b)) for b in bins.values()) / len(compared)
brier = sum((p - l) ** 2 for p, l in compared) / len(compared)
attacks = [0.7 if i % 16 == 0 else 0.2 for i in range(0, 40, 8)]
latencies = [10 * (i + 1) + 0.5 for i in range(40)] + [20.0 * (i + 1) for i in range(40)]

print("judgments", len(judged))
print("preferred", len(preferred))
print("labelsPerSecond", len(preferred) / 60)
print("ageP50", quantile([j["age"] for j in preferred], 0.5))
print("ageP99", quantile([j["age"] for j in preferred], 0.99))
print("bothOrders", len(both))
print("flipRate", len(flips) / len(both))
print("unreadableRate", 4 / 40)
print("meanMargin", sum(abs(j["p"] - 0.5) for j in preferred) / len(preferred))
print(
    "lengthCorrelation",
    pearson(ranks([j["words"] for j in preferred]), ranks([j["p"] for j in preferred])),
)
print("humanPairs", len(compared))
print("humanAgreement", agreed / n)
print("humanKappa", (po - pe) / (1 - pe))
print("ece", ece)
print("brier", brier)
print("canaries", len(attacks))
print("canarySuccessRate", sum(a > 0.5 for a in attacks) / len(attacks))
print("latencyP50", quantile(latencies, 0.5))
print("latencyP99", quantile(latencies, 0.99))
print("calls", 40 * 3)
print("promptTokens", sum(300 + 2 * i for i in range(40)))
print("completionTokens", 80)
print("cost", sum(7 * i + 11 for i in range(40)))

expected, actual = [60, 0, 0, 0, 0, 40, 0, 0, 0, 0], [0, 0, 0, 0, 0, 30, 0, 0, 0, 30]
e = [(x + 0.5) / (sum(expected) + 5) for x in expected]
a = [(x + 0.5) / (sum(actual) + 5) for x in actual]
print("psi", sum((y - x) * math.log(y / x) for x, y in zip(e, a)))
