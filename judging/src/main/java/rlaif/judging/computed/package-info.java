/// Computational feedback: a judge that computes its verdict from prompt and completion, without a
/// model.
@NullMarked
package rlaif.judging.computed;

import org.jspecify.annotations.NullMarked;
