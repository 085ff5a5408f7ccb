"""The PyTorch twin: the same arithmetic in float64, written apart from the Java code, and the golden numbers it gives.

Run with any Python that has torch (1.13 or newer); it rewrites ../resources/golden:
    python3 golden.py
Folder `language-model` and `scalar-model` are Hugging Face folders with random float32 weights; `*.safetensors` beside them
hold what the Java code must reproduce: logits, logprobs, entropies, scalars, gradients, weights after AdamW; `golden.json`
holds tokens, settings and single numbers.
"""

import json
import math
import pathlib
import struct

import torch

OUT = pathlib.Path(__file__).resolve().parent.parent / "resources" / "golden"
SHAPE = dict(vocab_size=29, hidden_size=16, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
             head_dim=6, intermediate_size=20, max_position_embeddings=32, rope_theta=500.0, rms_norm_eps=1e-5,
             eos_token_id=1, pad_token_id=0)
PROMPTS = [[5, 9, 3], [7, 2, 11, 13, 28], [4]]
COMPLETIONS = [[8, 6, 1], [17, 1], [3, 3, 19, 20, 21, 22, 1]]
TEMPERATURE = 0.7
ADAMW = dict(lr=0.01, betas=(0.9, 0.95), eps=1e-5, weight_decay=0.1)
MAX_GRADIENT_NORM = 0.5
UPDATES = 4


def write_safetensors(path, tensors):
    header, chunks, offset = {}, [], 0
    for name, tensor in tensors.items():
        data = tensor.detach().to(torch.float32).contiguous().numpy().tobytes()
        header[name] = dict(dtype="F32", shape=list(tensor.shape), data_offsets=[offset, offset + len(data)])
        chunks.append(data)
        offset += len(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(chunks))


def random_weights(scalar):
    generator = torch.Generator().manual_seed(11)
    s = SHAPE
    width, inner = s["hidden_size"], s["intermediate_size"]
    query, key = s["num_attention_heads"] * s["head_dim"], s["num_key_value_heads"] * s["head_dim"]

    def normal(*shape):  # rounded to float32, as the file holds it
        return (torch.randn(*shape, generator=generator) * 0.3).float().double()

    weights = {"model.embed_tokens.weight": normal(s["vocab_size"], width)}
    for layer in range(s["num_hidden_layers"]):
        p = f"model.layers.{layer}."
        weights[p + "input_layernorm.weight"] = 1 + normal(width)
        weights[p + "self_attn.q_proj.weight"] = normal(query, width)
        weights[p + "self_attn.k_proj.weight"] = normal(key, width)
        weights[p + "self_attn.v_proj.weight"] = normal(key, width)
        weights[p + "self_attn.o_proj.weight"] = normal(width, query)
        weights[p + "post_attention_layernorm.weight"] = 1 + normal(width)
        weights[p + "mlp.gate_proj.weight"] = normal(inner, width)
        weights[p + "mlp.up_proj.weight"] = normal(inner, width)
        weights[p + "mlp.down_proj.weight"] = normal(width, inner)
    weights["model.norm.weight"] = 1 + normal(width)
    if scalar:
        weights["score.weight"] = normal(1, width)
        weights["score.bias"] = normal(1)
    return {name: w.float().double().requires_grad_(True) for name, w in weights.items()}


def rms_norm(x, weight):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + SHAPE["rms_norm_eps"]) * weight


def rotate_half(x):
    half = x.shape[-1] // 2
    return torch.cat((-x[..., half:], x[..., :half]), dim=-1)


def features(weights, tokens):
    """The reference Llama forward pass, heads repeated for grouped queries: (batch, time, width)."""
    s = SHAPE
    batch, time = tokens.shape
    heads, key_heads, head_dim = s["num_attention_heads"], s["num_key_value_heads"], s["head_dim"]
    frequencies = s["rope_theta"] ** (-torch.arange(0, head_dim, 2).double() / head_dim)
    angles = torch.outer(torch.arange(time).double(), frequencies)
    angles = torch.cat((angles, angles), dim=-1)
    cosine, sine = angles.cos(), angles.sin()
    mask = torch.full((time, time), -math.inf).double().triu(1)
    x = weights["model.embed_tokens.weight"][tokens]
    for layer in range(s["num_hidden_layers"]):
        p = f"model.layers.{layer}."
        h = rms_norm(x, weights[p + "input_layernorm.weight"])

        def heads_of(name, count):
            return (h @ weights[p + name].T).view(batch, time, count, head_dim).transpose(1, 2)

        q = heads_of("self_attn.q_proj.weight", heads)
        k = heads_of("self_attn.k_proj.weight", key_heads)
        v = heads_of("self_attn.v_proj.weight", key_heads)
        q = q * cosine + rotate_half(q) * sine
        k = k * cosine + rotate_half(k) * sine
        k = k.repeat_interleave(heads // key_heads, dim=1)
        v = v.repeat_interleave(heads // key_heads, dim=1)
        attention = torch.softmax(q @ k.transpose(2, 3) / math.sqrt(head_dim) + mask, dim=-1) @ v
        x = x + attention.transpose(1, 2).reshape(batch, time, -1) @ weights[p + "self_attn.o_proj.weight"].T
        h = rms_norm(x, weights[p + "post_attention_layernorm.weight"])
        gate = torch.nn.functional.silu(h @ weights[p + "mlp.gate_proj.weight"].T)
        x = x + (gate * (h @ weights[p + "mlp.up_proj.weight"].T)) @ weights[p + "mlp.down_proj.weight"].T
    return rms_norm(x, weights["model.norm.weight"])


def batch():
    time = max(len(p) + len(c) for p, c in zip(PROMPTS, COMPLETIONS))
    tokens = torch.full((len(PROMPTS), time), SHAPE["pad_token_id"])
    mask = torch.zeros(len(PROMPTS), time - 1).double()
    last = torch.zeros(len(PROMPTS), time).double()
    for i, (prompt, completion) in enumerate(zip(PROMPTS, COMPLETIONS)):
        both = prompt + completion
        tokens[i, : len(both)] = torch.tensor(both)
        mask[i, len(prompt) - 1 : len(both) - 1] = 1
        last[i, len(both) - 1] = 1
    return tokens, mask, last


def logits_of(weights, tokens):
    return features(weights, tokens) @ weights["model.embed_tokens.weight"].T


def logprobs_of(logits, tokens):
    all_logprobs = torch.log_softmax(logits / TEMPERATURE, dim=-1)
    return all_logprobs[:, :-1].gather(2, tokens[:, 1:, None]).squeeze(2), all_logprobs[:, :-1]


def language_model_loss(weights, tokens, mask):
    logprobs, _ = logprobs_of(logits_of(weights, tokens), tokens)
    return -(logprobs * mask).sum() / mask.sum()


def write_folder(name, weights, scalar):
    folder = OUT / name
    folder.mkdir(parents=True, exist_ok=True)
    config = dict(architectures=["LlamaForCausalLM"], model_type="llama", hidden_act="silu", tie_word_embeddings=True,
                  torch_dtype="float32", **SHAPE)
    if scalar:
        config["rlaif_head"] = "scalar"
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    write_safetensors(folder / "model.safetensors", weights)


def main():
    tokens, mask, last = batch()
    golden = dict(prompts=PROMPTS, completions=COMPLETIONS, temperature=TEMPERATURE)

    weights = random_weights(scalar=False)
    write_folder("language-model", weights, scalar=False)
    logits = logits_of(weights, tokens)
    logprobs, all_logprobs = logprobs_of(logits, tokens)
    entropy = -(all_logprobs.exp() * all_logprobs).sum(-1)
    write_safetensors(OUT / "language-model-forward.safetensors",
                      dict(logits=logits, logprobs=logprobs, entropy=entropy))
    loss = language_model_loss(weights, tokens, mask)
    loss.backward()
    golden["languageModelLoss"] = loss.item()
    write_safetensors(OUT / "language-model-gradient.safetensors", {n: w.grad for n, w in weights.items()})

    scalar = random_weights(scalar=True)
    write_folder("scalar-model", scalar, scalar=True)
    scalars = features(scalar, tokens) @ scalar["score.weight"].T + scalar["score.bias"]
    scalars = scalars.squeeze(2)
    write_safetensors(OUT / "scalar-model-forward.safetensors", dict(scalars=scalars))
    loss = ((scalars * last).sum(1) ** 2).sum()
    loss.backward()
    golden["scalarModelLoss"] = loss.item()
    write_safetensors(OUT / "scalar-model-gradient.safetensors", {n: w.grad for n, w in scalar.items()})

    weights = random_weights(scalar=False)
    optimizer = torch.optim.AdamW(list(weights.values()), **ADAMW)
    golden["adamW"] = dict(learningRate=ADAMW["lr"], beta1=ADAMW["betas"][0], beta2=ADAMW["betas"][1],
                           epsilon=ADAMW["eps"], weightDecay=ADAMW["weight_decay"],
                           maxGradientNorm=MAX_GRADIENT_NORM, losses=[], gradientNorms=[])
    for _ in range(UPDATES):
        optimizer.zero_grad()
        loss = language_model_loss(weights, tokens, mask)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(list(weights.values()), MAX_GRADIENT_NORM)
        optimizer.step()
        golden["adamW"]["losses"].append(loss.item())
        golden["adamW"]["gradientNorms"].append(norm.item())
    write_safetensors(OUT / "language-model-after-adamw.safetensors", weights)
    (OUT / "golden.json").write_text(json.dumps(golden, indent=2) + "\n")


if __name__ == "__main__":
    main()
