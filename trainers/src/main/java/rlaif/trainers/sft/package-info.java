/// Supervised fine-tuning: the policy learns to write what demonstrations wrote.
@NullMarked
package rlaif.trainers.sft;

import org.jspecify.annotations.NullMarked;
