/// Policy gradients whose baseline is the group: the completions of one prompt are compared with
/// each other, so that no value model is needed.
@NullMarked
package rlaif.trainers.grouped;

import org.jspecify.annotations.NullMarked;
