#!/usr/bin/env python3
"""PyTorch twin of the trainers' arithmetic: writes the golden numbers that the Java tests compare with.

Every formula is written down here a second time, naively and in float64, with autograd for the gradients:

    python3 trainers/src/test/python/twin.py > trainers/src/test/resources/rlaif/trainers/twin.json

Inputs are drawn from a fixed seed and rounded to float32, so that both sides start from the same numbers.
Needs PyTorch (numbers committed were written by 1.13).
"""
import json

import torch
import torch.nn.functional as F

torch.manual_seed(20)
ROWS, PROMPT, LENGTHS = 4, 3, [5, 8, 1, 6]
COLUMNS = PROMPT + max(LENGTHS) - 1  # next-token positions


def drawn(*shape, scale=1.0):
    return (scale * torch.randn(*shape)).float().double()


def single(x):
    return x.float().double()


def leaf(x):
    return x.clone().requires_grad_(True)


def plain(x):
    return x.tolist() if isinstance(x, torch.Tensor) else x


mask = torch.zeros(ROWS, COLUMNS, dtype=torch.double)
for row, length in enumerate(LENGTHS):
    mask[row, PROMPT - 1 : PROMPT - 1 + length] = 1

golden = {"prompt": PROMPT, "lengths": LENGTHS, "mask": mask}

# Supervised loss: mean negative log-likelihood over completion tokens.
policy = leaf(-drawn(ROWS, COLUMNS).abs())
loss = -(policy * mask).sum() / mask.sum()
loss.backward()
golden["supervised"] = {"logprobs": policy, "loss": loss, "gradient": policy.grad}

# Preference loss: soft-label cross entropy of sigma(r1 - r2).
first, second = leaf(drawn(8, scale=2)), leaf(drawn(8, scale=2))
p = single(torch.tensor([0.0, 1.0, 0.5, 0.9, 0.1, 0.7, 0.3, 0.55]))
d = first - second
loss = -(p * F.logsigmoid(d) + (1 - p) * F.logsigmoid(-d)).mean()
loss.backward()
golden["preference"] = {
    "first": first, "second": second, "labels": p, "loss": loss,
    "firstGradient": first.grad, "secondGradient": second.grad,
}

# Evaluation of a reward model and normalisation of its scores.
q = torch.sigmoid(d.detach())
untied = p != 0.5
agree = ((d > 0) == (p > 0.5))[untied].double().mean()
bins = torch.clamp((q * 10).long(), max=9)
ece = sum(
    abs(q[bins == b].mean() - p[bins == b].mean()) * (bins == b).double().mean()
    for b in bins.unique().tolist()
)
signed = torch.where(p > 0.5, d, -d)[untied].mean()
golden["evaluation"] = {"accuracy": agree, "brier": ((q - p) ** 2).mean(), "ece": ece, "margin": signed,
                        "meanReward": torch.cat([first, second]).mean(),
                        "shares": [(bins == b).double().mean().item() for b in range(10)],
                        "predicted": [q[bins == b].mean().item() for b in bins.unique().tolist()],
                        "labelled": [p[bins == b].mean().item() for b in bins.unique().tolist()]}
raw = drawn(12, scale=3) + 1.5
golden["normalisation"] = {"raw": raw, "mean": raw.mean(), "std": raw.std(unbiased=False),
                           "normalised": (raw - raw.mean()) / raw.std(unbiased=False)}

# KL penalty, rewards, advantages, whitening: one ragged row per completion.
beta, gamma, lam, penalty = 0.05, 0.99, 0.95, 2.0
behaviour = -drawn(ROWS, COLUMNS).abs()
reference = single(behaviour + drawn(ROWS, COLUMNS, scale=0.5))
values = drawn(ROWS, COLUMNS)
scores = drawn(ROWS)
k1 = behaviour - reference
rewards = -beta * k1
advantages = torch.zeros_like(rewards)
for row, length in enumerate(LENGTHS):
    end = PROMPT - 1 + length
    rewards[row, end - 1] += scores[row]
    for t in range(PROMPT - 1, end):  # the sum of equation 16, term by term
        for l in range(end - t):
            after = values[row, t + l + 1] if t + l + 1 < end else 0.0
            delta = rewards[row, t + l] + gamma * after - values[row, t + l]
            advantages[row, t] += (gamma * lam) ** l * delta
returns = advantages + values
chosen = mask.bool()
mean = advantages[chosen].mean()
whitened = (advantages - mean) / torch.sqrt(advantages[chosen].var(unbiased=True) + 1e-8)
golden["advantages"] = {
    "beta": beta, "gamma": gamma, "lambda": lam, "scores": scores,
    "behaviour": behaviour, "reference": reference, "values": values,
    "k1": k1, "rewards": rewards * mask, "advantages": advantages * mask, "returns": returns * mask,
    "whitened": whitened * mask,
}

# Decoupled clipped surrogate, with pi_theta / mu bounded.
epsilon, limit, bound = 0.2, 2.0, 3.0
proximal = single(behaviour + drawn(ROWS, COLUMNS, scale=0.8))
current = leaf(single(proximal + drawn(ROWS, COLUMNS, scale=0.2)))
u = torch.exp(current - proximal)
v = torch.exp(proximal - behaviour)
w = torch.clamp(v, max=limit)
lower = torch.maximum(torch.full_like(v, 1 - epsilon), 1 / (bound * v))
upper = torch.minimum(torch.full_like(v, 1 + epsilon), bound / v)
rising = torch.minimum(u * whitened, upper * whitened)
falling = torch.minimum(u * whitened, lower * whitened)
surrogate = w * torch.where(whitened > 0, rising, falling)
loss = -(surrogate * mask).sum() / mask.sum()
loss.backward()
golden["policy"] = {
    "clipRange": epsilon, "proximalWeightLimit": limit, "behaviourRatioBound": bound,
    "proximal": proximal, "current": current, "weights": w * mask, "lower": lower * mask, "upper": upper * mask,
    "loss": loss, "gradient": current.grad,
}

# Clipped value loss.
clip = 0.2
moved = leaf(single(values + drawn(ROWS, COLUMNS, scale=0.3)))
near = torch.clamp(moved, values - clip, values + clip)
loss = 0.5 * (torch.maximum((moved - returns) ** 2, (near - returns) ** 2) * mask).sum() / mask.sum()
loss.backward()
golden["value"] = {"valueClipRange": clip, "values": moved, "loss": loss, "gradient": moved.grad}

# Estimators of the KL divergence at a token, and the controller of its coefficient.
d = behaviour - reference
golden["estimators"] = {"k1": d * mask, "k2": 0.5 * d * d * mask, "k3": (torch.exp(-d) - 1 + d) * mask}
kls = [3.0, 9.0, 6.1, 5.9, 0.2, 6.0]
target, horizon, rollouts, betas = 6.0, 10_000.0, 256, [0.2]
for nats in kls:
    error = min(max(nats / target - 1, -0.2), 0.2)
    betas.append(betas[-1] * (1 + error * rollouts / horizon))
golden["controller"] = {"target": target, "horizon": horizon, "rollouts": rollouts, "kl": kls, "beta": betas}

# RLOO and GRPO: the four rows are one group.
beta = 0.1


def surrogate_of(current, advantage):
    """Row by row the decoupled clipped surrogate of one advantage a completion."""
    u = torch.exp(current - proximal)
    a = advantage[:, None]
    rising = torch.minimum(u * a, upper * a)
    falling = torch.minimum(u * a, lower * a)
    return w * torch.where(a > 0, rising, falling)


whole = ((behaviour - reference) * mask).sum(1)
earned = scores - beta * whole
others = torch.stack([torch.cat([earned[:i], earned[i + 1 :]]).mean() for i in range(ROWS)])
rloo_advantages = earned - others
current = leaf(single(proximal + drawn(ROWS, COLUMNS, scale=0.2)))
loss = -(surrogate_of(current, rloo_advantages) * mask).sum(1).mean()
loss.backward()
golden["rloo"] = {"beta": beta, "rewards": earned, "advantages": rloo_advantages, "current": current, "loss": loss,
                  "gradient": current.grad}

grpo_advantages = (scores - scores.mean()) / (scores.std(unbiased=True) + 1e-4)
current = leaf(current.detach())
log_ratio = reference - current
divergence = torch.exp(log_ratio) - log_ratio - 1
inner = surrogate_of(current, grpo_advantages) - beta * w * divergence
loss = -torch.stack([(inner[i] * mask[i]).sum() / LENGTHS[i] for i in range(ROWS)]).mean()
loss.backward()
golden["grpo"] = {"beta": beta, "advantages": grpo_advantages, "current": current, "loss": loss,
                  "gradient": current.grad}

# DPO and IPO on log-ratios m = log pi/pi_ref (y1) - log pi/pi_ref (y2).
for name in ("dpo", "ipo"):
    m = leaf(drawn(8, scale=3))
    if name == "dpo":
        h = beta * m
        loss = -(p * F.logsigmoid(h) + (1 - p) * F.logsigmoid(-h)).mean()
    else:
        loss = (p * (m - 1 / (2 * beta)) ** 2 + (1 - p) * (m + 1 / (2 * beta)) ** 2).mean()
    loss.backward()
    golden[name] = {"beta": beta, "logRatios": m, "labels": p, "loss": loss, "gradient": m.grad}


def rounded(x):
    x = plain(x)
    if isinstance(x, dict):
        return {key: rounded(value) for key, value in x.items()}
    if isinstance(x, list):
        return [rounded(value) for value in x]
    return float(f"{x:.12g}") if isinstance(x, float) else x


print(json.dumps(rounded(golden), indent=None, separators=(",", ":")).replace('},"', '},\n"'))
