/// The reward model: soft preference labels in, one score per completion out.
@NullMarked
package rlaif.trainers.reward;

import org.jspecify.annotations.NullMarked;
