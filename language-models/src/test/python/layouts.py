"""The PyTorch twin of every model layout: the published forward passes in float64, written apart from the Java code, from the
descriptions of Llama 3, SmolLM2, Qwen2.5 and Qwen3 and the formulas of RoPE scaling, and the golden numbers they give.

Run with any Python that has torch (1.13 or newer); it rewrites ../resources/layouts:
    python3 layouts.py
Each folder there is a Hugging Face folder of a small random model, with the configuration keys its family publishes and its
weights in the type and the number of files the name says. Beside them lie, for the same batch of tokens, `forward.safetensors`
(logits of the whole sequences) and `gradient.safetensors` (of the mean negative logprob of every next token), and
`tokens.json` (the tokens, the loss).
"""

import json
import math
import pathlib
import shutil
import struct

import torch

OUT = pathlib.Path(__file__).resolve().parent.parent / "resources" / "layouts"
VOCABULARY, TIME = 37, 24
COMMON = dict(vocab_size=VOCABULARY, hidden_size=16, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
              intermediate_size=20, max_position_embeddings=48, hidden_act="silu", initializer_range=0.02, attention_dropout=0.0,
              use_cache=True, transformers_version="4.51.0")
LLAMA = dict(architectures=["LlamaForCausalLM"], model_type="llama", attention_bias=False, mlp_bias=False, pretraining_tp=1,
             bos_token_id=2)
QWEN2 = dict(architectures=["Qwen2ForCausalLM"], model_type="qwen2", use_sliding_window=False, sliding_window=32768,
             max_window_layers=21, bos_token_id=2)
QWEN3 = dict(architectures=["Qwen3ForCausalLM"], model_type="qwen3", use_sliding_window=False, sliding_window=None,
             max_window_layers=2, attention_bias=False, bos_token_id=2)

# name: (configuration, type on disk, shards)
LAYOUTS = {
    # Llama 3.1 / 3.2: scaled positions, three end tokens, no padding token; tied as the small ones are
    "llama3": (dict(LLAMA, head_dim=8, rope_theta=100.0, rms_norm_eps=1e-5, tie_word_embeddings=True, eos_token_id=[1, 5, 6],
                    rope_scaling=dict(factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
                                      original_max_position_embeddings=64, rope_type="llama3"),
                    torch_dtype="bfloat16"), "BF16", 1),
    # Llama 3 8B: untied head, no scaling; sharded
    "llama3-untied": (dict(LLAMA, rope_theta=500000.0, rms_norm_eps=1e-5, tie_word_embeddings=False, eos_token_id=1,
                           rope_scaling=None, torch_dtype="float16"), "F16", 3),
    # a Llama with linear scaling under its old key, and every bias the class knows
    "llama-linear-biased": (dict(LLAMA, attention_bias=True, mlp_bias=True, rope_theta=10000.0, rms_norm_eps=1e-6,
                                 tie_word_embeddings=False, eos_token_id=1, pad_token_id=0,
                                 rope_scaling=dict(type="linear", factor=4.0), torch_dtype="float32"), "F32", 1),
    # SmolLM2: tied, a large base
    "smollm2": (dict(LLAMA, rope_theta=100000.0, rms_norm_eps=1e-5, tie_word_embeddings=True, eos_token_id=1, pad_token_id=0,
                     rope_interleaved=False, rope_scaling=None, is_llama_config=True, torch_dtype="bfloat16"), "BF16", 1),
    # Qwen2 / Qwen2.5 0.5B: biases on query, key and value, tied
    "qwen2": (dict(QWEN2, rope_theta=1000000.0, rms_norm_eps=1e-6, tie_word_embeddings=True, eos_token_id=1,
                   torch_dtype="bfloat16"), "BF16", 2),
    # Qwen2.5 7B: the same untied
    "qwen2-untied": (dict(QWEN2, rope_theta=1000000.0, rms_norm_eps=1e-6, tie_word_embeddings=False, eos_token_id=1,
                          torch_dtype="float32"), "F32", 1),
    # Qwen3 0.6B: heads wider than the width's share, RMSNorm of query and key heads, tied
    "qwen3": (dict(QWEN3, head_dim=6, rope_theta=1000000.0, rms_norm_eps=1e-6, tie_word_embeddings=True, eos_token_id=1,
                   rope_scaling=None, torch_dtype="bfloat16"), "BF16", 1),
    # Qwen3 8B: untied; with the biases its class also knows
    "qwen3-untied": (dict(QWEN3, head_dim=10, attention_bias=True, rope_theta=1000000.0, rms_norm_eps=1e-6,
                          tie_word_embeddings=False, eos_token_id=1, rope_scaling=None, torch_dtype="float32"), "F32", 2),
}


def type_of(name):
    return dict(F32=torch.float32, F16=torch.float16, BF16=torch.bfloat16)[name]


def write_safetensors(path, tensors, type_name="F32", metadata=None):
    header, chunks, offset = {}, [], 0
    if metadata:
        header["__metadata__"] = metadata
    for name, tensor in tensors.items():
        stored = tensor.detach().to(type_of(type_name)).contiguous()
        data = (stored.view(torch.int16) if type_name != "F32" else stored).numpy().tobytes()
        header[name] = dict(dtype=type_name, shape=list(tensor.shape), data_offsets=[offset, offset + len(data)])
        chunks.append(data)
        offset += len(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(chunks))


def head_width(c):
    return c.get("head_dim") or c["hidden_size"] // c["num_attention_heads"]


def random_weights(c, type_name, seed):
    generator = torch.Generator().manual_seed(seed)
    width, inner, dim = c["hidden_size"], c["intermediate_size"], head_width(c)
    query, key = c["num_attention_heads"] * dim, c["num_key_value_heads"] * dim
    qwen2, qwen3 = c["model_type"] == "qwen2", c["model_type"] == "qwen3"
    weights = {}

    def normal(name, *shape, around=0.0):  # rounded as the file holds it
        drawn = torch.randn(*shape, generator=generator) * 0.3 + around
        weights[name] = drawn.to(type_of(type_name)).double().requires_grad_(True)

    def linear(name, rows, columns, bias):
        normal(name + ".weight", rows, columns)
        if bias:
            normal(name + ".bias", rows)

    normal("model.embed_tokens.weight", c["vocab_size"], width)
    for layer in range(c["num_hidden_layers"]):
        p = f"model.layers.{layer}."
        biased = qwen2 or c.get("attention_bias", False)
        linear(p + "self_attn.q_proj", query, width, biased)
        linear(p + "self_attn.k_proj", key, width, biased)
        linear(p + "self_attn.v_proj", key, width, biased)
        linear(p + "self_attn.o_proj", width, query, biased and not qwen2)
        if qwen3:
            normal(p + "self_attn.q_norm.weight", dim, around=1.0)
            normal(p + "self_attn.k_norm.weight", dim, around=1.0)
        mlp_bias = c.get("mlp_bias", False)
        linear(p + "mlp.gate_proj", inner, width, mlp_bias)
        linear(p + "mlp.up_proj", inner, width, mlp_bias)
        linear(p + "mlp.down_proj", width, inner, mlp_bias)
        normal(p + "input_layernorm.weight", width, around=1.0)
        normal(p + "post_attention_layernorm.weight", width, around=1.0)
    normal("model.norm.weight", width, around=1.0)
    if not c["tie_word_embeddings"]:
        normal("lm_head.weight", c["vocab_size"], width)
    return weights


def inverse_frequencies(c):
    dim = head_width(c)
    plain = 1.0 / c["rope_theta"] ** (torch.arange(0, dim, 2).double() / dim)
    scaling = c.get("rope_scaling")
    if not scaling:
        return plain
    if scaling.get("rope_type", scaling.get("type")) == "linear":
        return plain / scaling["factor"]
    # Llama 3.1: by wavelength
    low_wavelength = scaling["original_max_position_embeddings"] / scaling["low_freq_factor"]
    high_wavelength = scaling["original_max_position_embeddings"] / scaling["high_freq_factor"]
    scaled = []
    for frequency in plain.tolist():
        wavelength = 2 * math.pi / frequency
        if wavelength < high_wavelength:
            scaled.append(frequency)
        elif wavelength > low_wavelength:
            scaled.append(frequency / scaling["factor"])
        else:
            smooth = ((scaling["original_max_position_embeddings"] / wavelength - scaling["low_freq_factor"])
                      / (scaling["high_freq_factor"] - scaling["low_freq_factor"]))
            scaled.append((1 - smooth) * frequency / scaling["factor"] + smooth * frequency)
    return torch.tensor(scaled).double()


def rms_norm(x, weight, epsilon):
    return weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + epsilon))


def rotate_half(x):
    half = x.shape[-1] // 2
    return torch.cat((-x[..., half:], x[..., :half]), dim=-1)


def logits_of(c, weights, tokens):
    batch, time = tokens.shape
    heads, key_heads, dim, epsilon = c["num_attention_heads"], c["num_key_value_heads"], head_width(c), c["rms_norm_eps"]
    angles = torch.outer(torch.arange(time).double(), inverse_frequencies(c))
    angles = torch.cat((angles, angles), dim=-1)
    cosine, sine = angles.cos(), angles.sin()
    mask = torch.full((time, time), -math.inf).double().triu(1)
    x = weights["model.embed_tokens.weight"][tokens]

    def linear(h, name):
        out = h @ weights[name + ".weight"].T
        return out + weights[name + ".bias"] if name + ".bias" in weights else out

    for layer in range(c["num_hidden_layers"]):
        p = f"model.layers.{layer}."
        h = rms_norm(x, weights[p + "input_layernorm.weight"], epsilon)
        q = linear(h, p + "self_attn.q_proj").view(batch, time, heads, dim)
        k = linear(h, p + "self_attn.k_proj").view(batch, time, key_heads, dim)
        v = linear(h, p + "self_attn.v_proj").view(batch, time, key_heads, dim).transpose(1, 2)
        if c["model_type"] == "qwen3":
            q = rms_norm(q, weights[p + "self_attn.q_norm.weight"], epsilon)
            k = rms_norm(k, weights[p + "self_attn.k_norm.weight"], epsilon)
        q, k = q.transpose(1, 2), k.transpose(1, 2)
        q = q * cosine + rotate_half(q) * sine
        k = k * cosine + rotate_half(k) * sine
        k = k.repeat_interleave(heads // key_heads, dim=1)
        v = v.repeat_interleave(heads // key_heads, dim=1)
        attention = torch.softmax(q @ k.transpose(2, 3) / math.sqrt(dim) + mask, dim=-1) @ v
        x = x + linear(attention.transpose(1, 2).reshape(batch, time, -1), p + "self_attn.o_proj")
        h = rms_norm(x, weights[p + "post_attention_layernorm.weight"], epsilon)
        gate = torch.nn.functional.silu(linear(h, p + "mlp.gate_proj"))
        x = x + linear(gate * linear(h, p + "mlp.up_proj"), p + "mlp.down_proj")
    x = rms_norm(x, weights["model.norm.weight"], epsilon)
    return x @ weights["model.embed_tokens.weight" if c["tie_word_embeddings"] else "lm_head.weight"].T


def write_weights(folder, weights, type_name, shards):
    metadata = dict(format="pt")
    if shards == 1:
        write_safetensors(folder / "model.safetensors", weights, type_name, metadata)
        return
    names = sorted(weights)
    size = -(-len(names) // shards)
    places, total = {}, 0
    for shard in range(shards):
        file = f"model-{shard + 1:05d}-of-{shards:05d}.safetensors"
        part = {name: weights[name] for name in names[shard * size:(shard + 1) * size]}
        write_safetensors(folder / file, part, type_name, metadata)
        places.update({name: file for name in part})
        total += sum(w.numel() for w in part.values()) * (4 if type_name == "F32" else 2)
    index = dict(metadata=dict(total_size=total), weight_map=places)
    (folder / "model.safetensors.index.json").write_text(json.dumps(index, indent=2, sort_keys=True) + "\n")


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    tokens = torch.randint(0, VOCABULARY, (3, TIME), generator=torch.Generator().manual_seed(5))
    for seed, (name, (own, type_name, shards)) in enumerate(LAYOUTS.items()):
        c = dict(COMMON, **own)
        folder = OUT / name
        folder.mkdir(parents=True)
        (folder / "config.json").write_text(json.dumps(c, indent=2, sort_keys=True) + "\n")
        weights = random_weights(c, type_name, 100 + seed)
        write_weights(folder, weights, type_name, shards)
        logits = logits_of(c, weights, tokens)
        logprobs = torch.log_softmax(logits, dim=-1)[:, :-1].gather(2, tokens[:, 1:, None])
        loss = -logprobs.mean()
        loss.backward()
        write_safetensors(folder / "forward.safetensors", dict(logits=logits))
        write_safetensors(folder / "gradient.safetensors", {n: w.grad for n, w in weights.items()})
        (folder / "tokens.json").write_text(json.dumps(dict(tokens=tokens.tolist(), loss=loss.item())) + "\n")


if __name__ == "__main__":
    main()
