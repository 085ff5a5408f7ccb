"""The PyTorch twin of low-rank adapters: the forward pass of `layouts.py` with `W + alpha / r B A` in place of each adapted
matrix, in float64, and the golden numbers it gives.

Run with any Python that has torch (1.13 or newer), after layouts.py; it rewrites ../resources/adapters:
    python3 lora.py
Each folder there is a random adapter of the layout its name begins with, as PEFT keeps it. Beside it lie `forward.safetensors`
(`logits` of the layout's tokens, or `scalars`), `gradient.safetensors` (of the loss with respect to every trained tensor, by
PEFT's names) and `loss.json`. The loss is the mean negative logprob of every next token, or the mean square of the scalars.
"""

import json
import shutil
import struct

import torch

from layouts import COMMON, LAYOUTS, OUT as LAYOUT_FOLDERS, logits_of, write_safetensors

OUT = LAYOUT_FOLDERS.parent / "adapters"
ALL = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]

# name: (layout, rank, alpha, target modules, scalar head)
ADAPTERS = {
    "llama-linear-biased-all": ("llama-linear-biased", 3, 8.0, ALL, False),
    "qwen2-query-value": ("qwen2", 2, 4.0, ["q_proj", "v_proj"], False),
    "qwen3-untied-scalar": ("qwen3-untied", 4, 2.0, ALL, True),
    "smollm2-scalar": ("smollm2", 2, 6.0, ["o_proj", "up_proj"], True),
}


def read_safetensors(path):
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + length])
    header.pop("__metadata__", None)
    types = dict(F32=torch.float32, F16=torch.float16, BF16=torch.bfloat16)
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        raw = torch.frombuffer(bytearray(data[8 + length + begin:8 + length + end]), dtype=types[entry["dtype"]])
        tensors[name] = raw.reshape(entry["shape"]).double()
    return tensors


def base_weights(folder):
    tensors = {}
    for file in sorted(folder.glob("model*.safetensors")):
        tensors.update(read_safetensors(file))
    return tensors


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    for seed, (name, (layout, rank, alpha, targets, scalar)) in enumerate(ADAPTERS.items()):
        c = dict(COMMON, **LAYOUTS[layout][0])
        tokens = torch.tensor(json.loads((LAYOUT_FOLDERS / layout / "tokens.json").read_text())["tokens"])
        weights = base_weights(LAYOUT_FOLDERS / layout)
        generator = torch.Generator().manual_seed(300 + seed)
        trained = {}

        def draw(tensor, *shape):  # rounded as the file holds it
            drawn = (torch.randn(*shape, generator=generator) * 0.3).double().requires_grad_(True)
            trained["base_model.model." + tensor] = drawn
            return drawn

        for matrix in sorted(weights):
            module = matrix[:-len(".weight")]
            if matrix.endswith(".weight") and module.split(".")[-1] in targets:
                rows, columns = weights[matrix].shape
                a, b = draw(module + ".lora_A.weight", rank, columns), draw(module + ".lora_B.weight", rows, rank)
                weights[matrix] = weights[matrix] + alpha / rank * (b @ a)
        if scalar:  # the head in place of the matrix to logits
            c["tie_word_embeddings"] = False
            weights["lm_head.weight"] = draw("score.weight", 1, c["hidden_size"])
            scalars = logits_of(c, weights, tokens)[..., 0] + draw("score.bias", 1)
            loss, forward = scalars.square().mean(), dict(scalars=scalars)
        else:
            logits = logits_of(c, weights, tokens)
            loss = -torch.log_softmax(logits, dim=-1)[:, :-1].gather(2, tokens[:, 1:, None]).mean()
            forward = dict(logits=logits)
        loss.backward()
        folder = OUT / name
        folder.mkdir(parents=True)
        config = dict(peft_type="LORA", task_type="SEQ_CLS" if scalar else "CAUSAL_LM", base_model_name_or_path="../../layouts/" + layout,
                      r=rank, lora_alpha=alpha, lora_dropout=0.05, target_modules=targets, bias="none", fan_in_fan_out=False,
                      modules_to_save=["classifier", "score"] if scalar else None, layers_to_transform=None, rank_pattern={}, alpha_pattern={},
                      use_dora=False, use_rslora=False, inference_mode=True, init_lora_weights=True)
        (folder / "adapter_config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
        write_safetensors(folder / "adapter_model.safetensors", trained, metadata=dict(format="pt"))
        write_safetensors(folder / "forward.safetensors", forward)
        write_safetensors(folder / "gradient.safetensors", {n: w.grad for n, w in trained.items()})
        (folder / "loss.json").write_text(json.dumps(dict(loss=loss.item())) + "\n")


if __name__ == "__main__":
    main()
