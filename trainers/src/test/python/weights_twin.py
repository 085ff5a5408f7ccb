#!/usr/bin/env python3
"""PyTorch twin of every loss on a tiny model: writes the gradient in each weight that the Java tests compare with.

    python3 trainers/src/test/python/weights_twin.py

It takes model and weights from the twin of module language-models, draws what a step holds constant from a fixed seed, and
rewrites ../resources/rlaif/trainers/tiny: two Hugging Face folders, `weights.json` with tokens and constants, and a gradient
a loss as little-endian float32 in the order in which the weights lie in the folder's file. Everything is computed in float64.
Needs PyTorch (numbers committed were written by 1.13).
"""
import json
import pathlib
import sys

import torch
import torch.nn.functional as F

HERE = pathlib.Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[4] / "language-models" / "src" / "test" / "python"))
import golden as model  # noqa: E402

OUT = HERE.parent.parent / "resources" / "rlaif" / "trainers" / "tiny"
PROMPTS = [[5, 9, 3], [5, 9, 3], [7, 2, 11, 13], [7, 2, 11, 13]]  # two groups of two, two pairs
COMPLETIONS = [[8, 6, 1], [17, 4, 22, 1], [3, 3, 19, 20, 21, 1], [12, 1]]
LABELS = [0.9, 0.3]
BETA, EPSILON, LIMIT, BOUND, VALUE_CLIP = 0.1, 0.2, 2.0, 3.0, 0.2

model.PROMPTS, model.COMPLETIONS = PROMPTS, COMPLETIONS
model.OUT = OUT
torch.manual_seed(31)
tokens, mask, last = model.batch()
ROWS, COLUMNS = mask.shape
lengths = torch.tensor([float(len(c)) for c in COMPLETIONS])


def drawn(scale):
    return (scale * torch.randn(ROWS, COLUMNS)).double()


def single(x):
    return x.float().double()


def logprobs_of(weights):
    return model.logprobs_of(model.logits_of(weights, tokens), tokens)[0]


def scalars_of(weights):
    return (model.features(weights, tokens) @ weights["score.weight"].T + weights["score.bias"]).squeeze(2)


start = logprobs_of(model.random_weights(scalar=False)).detach()
proximal = single(torch.minimum(start + drawn(0.15), torch.tensor(0.0)))
behaviour = single(torch.minimum(proximal + drawn(0.5), torch.tensor(0.0)))
reference = single(torch.minimum(start + drawn(0.4), torch.tensor(0.0)))
advantages = single(drawn(1.0))
values = scalars_of(model.random_weights(scalar=True)).detach()[:, :-1]
old_values = single(values + drawn(0.2))
returns = single(values + drawn(0.5))
scores = torch.tensor([0.8, -0.4, 1.7, 0.1]).double()
v = torch.exp(proximal - behaviour)
w = torch.clamp(v, max=LIMIT)
lower = torch.maximum(torch.full_like(v, 1 - EPSILON), 1 / (BOUND * v))
upper = torch.minimum(torch.full_like(v, 1 + EPSILON), BOUND / v)


def surrogate(current, a):
    u = torch.exp(current - proximal)
    rising = torch.minimum(u * a, upper * a)
    falling = torch.minimum(u * a, lower * a)
    return w * torch.where(a > 0, rising, falling)


def mean(x):
    return (x * mask).sum() / mask.sum()


def within_groups(of_group):
    return torch.cat([of_group(slice(0, 2)), of_group(slice(2, 4))])[:, None]


def rloo(current):
    earned = scores - BETA * ((behaviour - reference) * mask).sum(1)
    a = within_groups(lambda g: earned[g] - earned[g].flip(0))
    return -(surrogate(current, a) * mask).sum(1).mean()


def grpo(current):
    a = within_groups(lambda g: (scores[g] - scores[g].mean()) / (scores[g].std() + 1e-4))
    log_ratio = reference - current
    inner = surrogate(current, a) - BETA * w * (torch.exp(log_ratio) - log_ratio - 1)
    return -((inner * mask).sum(1) / lengths).mean()


def log_ratios(current):
    ratios = ((current - reference) * mask).sum(1)
    return ratios[0::2] - ratios[1::2]


p = torch.tensor(LABELS).double()


def dpo(current):
    h = BETA * log_ratios(current)
    return -(p * F.logsigmoid(h) + (1 - p) * F.logsigmoid(-h)).mean()


def ipo(current):
    m = log_ratios(current)
    return (p * (m - 1 / (2 * BETA)) ** 2 + (1 - p) * (m + 1 / (2 * BETA)) ** 2).mean()


def reward(scalars):
    d = (scalars * last).sum(1)
    d = d[0::2] - d[1::2]
    return -(p * F.logsigmoid(d) + (1 - p) * F.logsigmoid(-d)).mean()


def value(scalars):
    moved = scalars[:, :-1]
    near = torch.clamp(moved, old_values - VALUE_CLIP, old_values + VALUE_CLIP)
    return 0.5 * mean(torch.maximum((moved - returns) ** 2, (near - returns) ** 2))


LANGUAGE = {
    "supervised": lambda current: -mean(current),
    "policy": lambda current: -mean(surrogate(current, advantages)),
    "rloo": rloo, "grpo": grpo, "dpo": dpo, "ipo": ipo,
}
SCALAR = {"reward": reward, "value": value}

constants = {
    "prompts": PROMPTS, "completions": COMPLETIONS, "labels": LABELS, "temperature": model.TEMPERATURE,
    "beta": BETA, "valueClipRange": VALUE_CLIP, "scores": scores, "proximal": proximal, "behaviour": behaviour,
    "reference": reference, "advantages": advantages, "oldValues": old_values, "returns": returns, "loss": {},
}
for scalar, losses in ((False, LANGUAGE), (True, SCALAR)):
    model.write_folder("scalar-model" if scalar else "language-model", model.random_weights(scalar), scalar)
    for name, loss_of in losses.items():
        weights = model.random_weights(scalar)
        loss = loss_of(scalars_of(weights) if scalar else logprobs_of(weights))
        loss.backward()
        constants["loss"][name] = loss.item()
        gradient = torch.cat([weight.grad.flatten() for weight in weights.values()])
        (OUT / f"{name}-gradient.f32").write_bytes(gradient.float().numpy().astype("<f4").tobytes())


def plain(x):
    if isinstance(x, torch.Tensor):
        x = x.tolist()
    if isinstance(x, dict):
        return {key: plain(item) for key, item in x.items()}
    if isinstance(x, list):
        return [plain(item) for item in x]
    return float(f"{x:.12g}") if isinstance(x, float) else x


(OUT / "weights.json").write_text(json.dumps(plain(constants), separators=(",", ":")).replace(',"', ',\n"') + "\n")
