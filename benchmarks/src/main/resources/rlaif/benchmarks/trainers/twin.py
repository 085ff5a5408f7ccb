"""PyTorch twin of the trainers and the sampler: the other side of `rlaif bench trainers`.

Reads one JSON object a line from stdin, does it, and answers with one JSON object a line on stdout. It starts from the
weights that our side wrote, so that the losses of both can be compared. Written as PyTorch is written well: query, key
and value in one matrix, gate and up in another, rotary tables made once, nothing recorded where no gradient is wanted,
a cache that is allocated before decoding and written in place. Needs PyTorch 1.13 or newer.

    python3 twin.py THREADS
"""
import json
import os
import struct
import sys
import time

THREADS = int(sys.argv[1])
for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ[library + "_NUM_THREADS"] = str(THREADS)

import numpy
import torch
import torch.nn.functional as F

torch.set_num_threads(THREADS)


def safetensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        values = numpy.frombuffer(data, dtype="<f4", count=(end - begin) // 4, offset=begin)
        tensors[name] = torch.from_numpy(values.copy()).view(entry["shape"])
    return tensors


class Model:
    """A Llama-shaped decoder with the embedding as its head, or with a scalar head that begins at zero."""

    def __init__(self, folder, scalar=False):
        with open(os.path.join(folder, "config.json")) as file:
            config = json.load(file)
        t = safetensors(os.path.join(folder, "model.safetensors"))
        self.width = config["hidden_size"]
        self.heads = config["num_attention_heads"]
        self.kv = config["num_key_value_heads"]
        self.group = self.heads // self.kv
        self.head_width = config["head_dim"]
        self.epsilon = config["rms_norm_eps"]
        self.scalar = scalar
        self.embedding = t["model.embed_tokens.weight"]
        self.layers = []
        for i in range(config["num_hidden_layers"]):
            p = f"model.layers.{i}."
            self.layers.append({
                "norm1": t[p + "input_layernorm.weight"],
                "qkv": torch.cat([t[p + f"self_attn.{n}_proj.weight"] for n in "qkv"]),
                "o": t[p + "self_attn.o_proj.weight"],
                "norm2": t[p + "post_attention_layernorm.weight"],
                "gate_up": torch.cat([t[p + f"mlp.{n}_proj.weight"] for n in ("gate", "up")]),
                "down": t[p + "mlp.down_proj.weight"],
            })
        self.norm = t["model.norm.weight"]
        if scalar:
            self.head, self.bias = torch.zeros(1, self.width), torch.zeros(1)
        positions = min(config["max_position_embeddings"], 512)
        theta = config.get("rope_theta", 10000.0)
        frequencies = theta ** -(torch.arange(0, self.head_width, 2).float() / self.head_width)
        angles = torch.outer(torch.arange(positions).float(), frequencies)
        self.cos = torch.cat([angles.cos()] * 2, -1)  # (positions, head_width)
        sin = angles.sin()
        self.sin = torch.cat([-sin, sin], -1)  # its sign is that of the rotated half
        self.causal = torch.full((positions, positions), float("-inf")).triu(1)

    def parameters(self):
        all_of_them = [self.embedding, self.norm] + [w for layer in self.layers for w in layer.values()]
        return all_of_them + ([self.head, self.bias] if self.scalar else [])

    def trainable(self):
        for parameter in self.parameters():
            parameter.requires_grad_(True)
        return self

    def rms(self, x, weight):
        return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + self.epsilon) * weight

    def turn(self, x, cos, sin):  # (batch, time, heads, head_width)
        first, second = x.chunk(2, -1)
        return x * cos + torch.cat([second, first], -1) * sin

    def features(self, tokens, attend):  # (batch, time) to (batch, time, width)
        x = F.embedding(tokens, self.embedding)
        for number, layer in enumerate(self.layers):
            x = x + F.linear(attend(number, F.linear(self.rms(x, layer["norm1"]), layer["qkv"])), layer["o"])
            gate, up = F.linear(self.rms(x, layer["norm2"]), layer["gate_up"]).chunk(2, -1)
            x = x + F.linear(F.silu(gate) * up, layer["down"])
        return x

    def heads_of(self, qkv, cos, sin):
        batch, time, _ = qkv.shape
        turned, value = qkv.split([(self.heads + self.kv) * self.head_width, self.kv * self.head_width], -1)
        turned = self.turn(turned.view(batch, time, -1, self.head_width), cos, sin)
        query, key = turned.split([self.heads, self.kv], 2)
        query = query.view(batch, time, self.kv, self.group, self.head_width).permute(0, 2, 3, 1, 4)
        value = value.view(batch, time, self.kv, self.head_width)
        return query.reshape(batch, self.kv, self.group * time, self.head_width), key.transpose(1, 2), value.transpose(1, 2)

    def mix(self, query, key, value, time, mask):
        batch = query.shape[0]
        scores = query @ key.transpose(2, 3) * self.head_width ** -0.5
        if mask is not None:
            scores = scores.view(batch, self.kv, self.group, time, -1) + mask
        weights = scores.softmax(-1).view(batch, self.kv, self.group * time, -1)
        mixed = (weights @ value).view(batch, self.kv, self.group, time, self.head_width)
        return mixed.permute(0, 3, 1, 2, 4).reshape(batch, time, -1)

    def whole(self, tokens):
        time = tokens.shape[1]
        cos, sin = self.cos[:time, None], self.sin[:time, None]

        def attend(_, qkv):
            return self.mix(*self.heads_of(qkv, cos, sin), time, self.causal[:time, :time])

        return self.rms(self.features(tokens, attend), self.norm)

    def logits(self, tokens):
        return F.linear(self.whole(tokens), self.embedding)

    def scalars(self, tokens):
        return F.linear(self.whole(tokens), self.head, self.bias).squeeze(-1)

    @torch.no_grad()
    def sample(self, prompts, new):
        """Completions of `new` tokens, each with its logprob, for prompts of one length."""
        batch, length = prompts.shape
        size = (len(self.layers), batch, self.kv, length + new, self.head_width)
        keys, values = torch.empty(size), torch.empty(size)
        tokens = torch.empty(batch, new, dtype=torch.long)
        logprobs = torch.empty(batch, new)
        at, read = 0, prompts
        for step in range(new):
            time = read.shape[1]
            cos, sin = self.cos[at : at + time, None], self.sin[at : at + time, None]
            mask = self.causal[:time, :time] if time > 1 else None

            def attend(number, qkv):
                query, key, value = self.heads_of(qkv, cos, sin)
                keys[number, :, :, at : at + time] = key
                values[number, :, :, at : at + time] = value
                seen = at + time
                return self.mix(query, keys[number, :, :, :seen], values[number, :, :, :seen], time, mask)

            last = self.rms(self.features(read, attend)[:, -1], self.norm)
            probabilities = F.linear(last, self.embedding).softmax(-1)
            drawn = torch.multinomial(probabilities, 1)
            tokens[:, step] = drawn.squeeze(1)
            logprobs[:, step] = probabilities.gather(1, drawn).squeeze(1).log()
            at, read = at + time, drawn
        return tokens, logprobs


def adamw(model, epsilon):
    return torch.optim.AdamW(model.parameters(), lr=1e-4, betas=(0.9, 0.999), eps=epsilon, weight_decay=0)


def step(model, optimizer, rate, loss):
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    for group in optimizer.param_groups:
        group["lr"] = rate
    optimizer.step()
    return loss.item()


def next_logprobs(logits, tokens):
    return logits[:, :-1].log_softmax(-1).gather(2, tokens[:, 1:, None]).squeeze(2)


class Sft:
    def __init__(self, folder, sequences):
        self.model = Model(folder).trainable()
        self.optimizer = adamw(self.model, 1e-8)
        self.tokens = torch.tensor(sequences)

    def update(self):
        logits = self.model.logits(self.tokens)
        loss = F.cross_entropy(logits[:, :-1].flatten(0, 1), self.tokens[:, 1:].flatten())
        return step(self.model, self.optimizer, 1e-4, loss)


class Ppo:
    """One PPO step as `rlaif.trainers.ppo` makes it: decoupled, with a value model of its own."""

    def __init__(self, folder, settings):
        self.s = settings
        self.policy = Model(folder).trainable()
        self.reference = Model(folder)
        self.value = Model(folder, scalar=True).trainable()
        self.policy_optimizer = adamw(self.policy, 1e-5)
        self.value_optimizer = adamw(self.value, 1e-5)

    @torch.no_grad()
    def minibatch(self, rollouts):
        time = max(len(r["prompt"]) + len(r["completion"]) for r in rollouts)
        tokens = torch.zeros(len(rollouts), time, dtype=torch.long)
        mask = torch.zeros(len(rollouts), time - 1)
        behaviour = torch.zeros(len(rollouts), time - 1)
        ends = []
        for i, r in enumerate(rollouts):
            prompt, completion = len(r["prompt"]), len(r["completion"])
            tokens[i, : prompt + completion] = torch.tensor(r["prompt"] + r["completion"])
            mask[i, prompt - 1 : prompt - 1 + completion] = 1
            behaviour[i, prompt - 1 : prompt - 1 + completion] = torch.tensor(r["logprobs"])
            ends.append(prompt + completion - 2)
        logprobs = self.policy.logits(tokens).log_softmax(-1)
        proximal = logprobs[:, :-1].gather(2, tokens[:, 1:, None]).squeeze(2)
        entropy = -(logprobs.exp() * logprobs).sum(-1)[:, :-1]
        del logprobs
        reference = next_logprobs(self.reference.logits(tokens), tokens)
        values = self.value.scalars(tokens)[:, :-1] * mask
        rewards = -self.s["klCoefficient"] * (behaviour - reference) * mask
        penalty = self.s["missingEndPenalty"]
        scores = torch.tensor([r["score"] - (0 if r["ended"] else penalty) for r in rollouts])
        rewards[torch.arange(len(rollouts)), ends] += scores
        advantages = torch.zeros_like(rewards)
        after, value_after = torch.zeros(len(rollouts)), torch.zeros(len(rollouts))
        for t in range(time - 2, -1, -1):
            delta = rewards[:, t] + self.s["discount"] * value_after - values[:, t]
            after = (delta + self.s["discount"] * self.s["lambda"] * after) * mask[:, t]
            advantages[:, t] = after
            value_after = values[:, t]
        v = ((proximal - behaviour) * mask).exp()
        clip, bound = self.s["clipRange"], self.s["behaviourRatioBound"]
        return {
            "tokens": tokens, "mask": mask, "proximal": proximal, "values": values, "advantages": advantages,
            "returns": advantages + values, "entropy": (entropy * mask).sum() / mask.sum(),
            "weights": v.clamp(max=self.s["proximalWeightLimit"]),
            "lower": (1 / (bound * v)).clamp(min=1 - clip), "upper": (bound / v).clamp(max=1 + clip),
        }

    def update(self, rollouts, order):
        count = self.s["minibatches"]
        cuts = [len(order) * m // count for m in range(count + 1)]
        batches = [self.minibatch([rollouts[i] for i in order[a:b]]) for a, b in zip(cuts, cuts[1:])]
        chosen = torch.cat([b["advantages"][b["mask"].bool()] for b in batches])
        mean, scale = chosen.mean(), torch.rsqrt(chosen.var(unbiased=True) + 1e-8)
        for b in batches:
            b["advantages"] = (b["advantages"] - mean) * scale * b["mask"]
        losses = []
        for _ in range(self.s["epochs"]):
            for b in batches:
                losses.append([self.improve_policy(b), self.improve_values(b)])
        return [sum(column) / len(losses) for column in zip(*losses)]

    def improve_policy(self, b):
        logprobs = next_logprobs(self.policy.logits(b["tokens"]), b["tokens"])
        u = ((logprobs - b["proximal"]) * b["mask"]).exp()
        weighted = b["weights"] * b["advantages"]
        gains = torch.minimum(u, b["upper"]) * weighted.clamp(min=0)
        losses = torch.maximum(u, b["lower"]) * weighted.clamp(max=0)
        loss = -((gains + losses) * b["mask"]).sum() / b["mask"].sum()
        return step(self.policy, self.policy_optimizer, self.s["learningRate"], loss)

    def improve_values(self, b):
        values = self.value.scalars(b["tokens"])[:, :-1]
        clip = self.s["valueClipRange"]
        near = b["values"] + (values - b["values"]).clamp(-clip, clip)
        worst = torch.maximum((values - b["returns"]).square(), (near - b["returns"]).square())
        loss = 0.5 * (worst * b["mask"]).sum() / b["mask"].sum()
        return step(self.value, self.value_optimizer, self.s["valueLearningRate"], loss)


def peak_bytes():
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024


class Twin:
    def hello(self, _):
        return {"torch": torch.__version__, "threads": torch.get_num_threads()}

    def sft(self, order):
        self.trainer = Sft(order["folder"], order["sequences"])
        return {}

    def train(self, order):
        begin = time.perf_counter()
        losses = [self.trainer.update() for _ in range(order["steps"])]
        return {"seconds": time.perf_counter() - begin, "losses": losses}

    def sampler(self, order):
        self.model = Model(order["folder"])
        self.prompts = torch.tensor(order["prompts"])
        return {}

    def sample(self, order):
        begin = time.perf_counter()
        tokens, logprobs = self.model.sample(self.prompts, order["tokens"])
        seconds = time.perf_counter() - begin
        logits = self.model.logits(torch.cat([self.prompts, tokens], 1))[:, -order["tokens"] - 1 : -1]
        again = logits.log_softmax(-1).gather(2, tokens[..., None]).squeeze(2)
        return {"seconds": seconds, "difference": (again - logprobs).abs().max().item()}

    def ppo(self, order):
        self.trainer = Ppo(order["folder"], order["settings"])
        self.rollouts = order["rollouts"]
        return {}

    def learn(self, order):
        begin = time.perf_counter()
        losses = self.trainer.update(self.rollouts, order["order"])
        return {"seconds": time.perf_counter() - begin, "losses": losses}

    def peak(self, _):
        return {"bytes": peak_bytes()}


twin = Twin()
for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps(getattr(twin, asked["do"])(asked)), flush=True)
