/// What trainers measured, as TensorBoard reads it.
@NullMarked
package rlaif.monitor.tensorboard;

import org.jspecify.annotations.NullMarked;
