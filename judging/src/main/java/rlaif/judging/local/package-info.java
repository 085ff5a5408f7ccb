/// Judging with a model in this process: a verdict is read from its logits of the label tokens.
@NullMarked
package rlaif.judging.local;

import org.jspecify.annotations.NullMarked;
