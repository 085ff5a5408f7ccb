package rlaif.models;

import java.util.ArrayList;
import java.util.List;

/// Where each weight lies in the one flat parameter buffer, and its name in a Hugging Face folder.
///
/// The buffer is a row of blocks; a block is one matrix of the forward pass and holds one or more
/// named tensors, so that query, key and value are one multiplication, and gate and up another. The
/// trunk comes first and is laid out alike for every {@link Head}.
final class ParameterLayout {

    /// A matrix of the forward pass: `rows x columns`, or a vector when `columns` is 0.
    record Block(int offset, int rows, int columns) {
        int size() {
            return columns == 0 ? rows : rows * columns;
        }
    }

    /// A tensor of a file: a run of rows of a block.
    record Named(String name, int offset, int rows, int columns) {
        int size() {
            return columns == 0 ? rows : rows * columns;
        }

        long[] shape() {
            return columns == 0 ? new long[] {rows} : new long[] {rows, columns};
        }
    }

    /// Added to every scalar; models elsewhere have none, and it is 0 where a file has none.
    static final String SCORE_BIAS = "score.bias";

    private final List<Block> blocks = new ArrayList<>();
    private final List<Named> named = new ArrayList<>();
    private final int trunkSize;
    private int size;

    /// @throws IllegalArgumentException if there are more parameters than one buffer holds
    ParameterLayout(ModelShape shape, Head head) {
        ModelVariant variant = shape.variant();
        int width = shape.width();
        int queryRows = shape.heads() * shape.headWidth();
        int keyRows = shape.keyValueHeads() * shape.headWidth();
        int inner = shape.feedForwardWidth();
        block("model.embed_tokens.weight", shape.vocabularySize(), width);
        for (int layer = 0; layer < shape.layers(); layer++) {
            String prefix = "model.layers." + layer + ".";
            block(prefix + "input_layernorm.weight", width, 0);
            int qkv = size;
            name(prefix + "self_attn.q_proj.weight", queryRows, width);
            name(prefix + "self_attn.k_proj.weight", keyRows, width);
            name(prefix + "self_attn.v_proj.weight", keyRows, width);
            blocks.add(new Block(qkv, queryRows + 2 * keyRows, width));
            if (variant.queryKeyValueBias()) {
                int biases = size;
                name(prefix + "self_attn.q_proj.bias", queryRows, 0);
                name(prefix + "self_attn.k_proj.bias", keyRows, 0);
                name(prefix + "self_attn.v_proj.bias", keyRows, 0);
                blocks.add(new Block(biases, queryRows + 2 * keyRows, 0));
            }
            if (variant.queryKeyNorm()) {
                block(prefix + "self_attn.q_norm.weight", shape.headWidth(), 0);
                block(prefix + "self_attn.k_norm.weight", shape.headWidth(), 0);
            }
            block(prefix + "self_attn.o_proj.weight", width, queryRows);
            if (variant.attentionBias()) {
                block(prefix + "self_attn.o_proj.bias", width, 0);
            }
            block(prefix + "post_attention_layernorm.weight", width, 0);
            int gateUp = size;
            name(prefix + "mlp.gate_proj.weight", inner, width);
            name(prefix + "mlp.up_proj.weight", inner, width);
            blocks.add(new Block(gateUp, 2 * inner, width));
            if (variant.feedForwardBias()) {
                int biases = size;
                name(prefix + "mlp.gate_proj.bias", inner, 0);
                name(prefix + "mlp.up_proj.bias", inner, 0);
                blocks.add(new Block(biases, 2 * inner, 0));
            }
            block(prefix + "mlp.down_proj.weight", width, inner);
            if (variant.feedForwardBias()) {
                block(prefix + "mlp.down_proj.bias", width, 0);
            }
        }
        block("model.norm.weight", width, 0);
        trunkSize = size;
        switch (head) {
            case LANGUAGE_MODEL -> {
                if (!variant.tiedHead()) {
                    block("lm_head.weight", shape.vocabularySize(), width);
                }
            }
            case SCALAR -> {
                block("score.weight", 1, width);
                block(SCORE_BIAS, 1, 0);
            }
        }
    }

    /// The blocks in the order of the buffer.
    List<Block> blocks() {
        return blocks;
    }

    List<Named> named() {
        return named;
    }

    /// Parameters in all.
    int size() {
        return size;
    }

    /// Parameters without the head.
    int trunkSize() {
        return trunkSize;
    }

    private void block(String name, int rows, int columns) {
        blocks.add(new Block(size, rows, columns));
        name(name, rows, columns);
    }

    private void name(String name, int rows, int columns) {
        long end = size + rows * Math.max(1L, columns);
        if (end > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    ("the model has more than %,d parameters, which one buffer does not hold; Llama 3.2"
                                    + " up to 1B, SmolLM2, Qwen2.5 up to 1.5B and Qwen3 up to 1.7B fit")
                            .formatted(Integer.MAX_VALUE));
        }
        named.add(new Named(name, size, rows, columns));
        size = (int) end;
    }
}
