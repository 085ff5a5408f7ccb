/// The neural language model on DJL and PyTorch's native library: tokenizer, transformer,
/// optimizer, sampler and checkpoint store.
///
/// Read {@link rlaif.models.Transformer} first, then {@link rlaif.models.Sampler} for text out and
/// {@link rlaif.models.AdamW} for learning. A thread calls {@link
/// rlaif.models.TensorThread#prepare} before its first tensor.
@NullMarked
package rlaif.models;

import org.jspecify.annotations.NullMarked;
