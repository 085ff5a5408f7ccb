/// Direct preference optimisation on soft labels as they come: no reward model, no scores, no value
/// model.
@NullMarked
package rlaif.trainers.dpo;

import org.jspecify.annotations.NullMarked;
