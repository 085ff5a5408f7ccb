/// What every trainer on a stream does around its arithmetic: poll, batch, step, publish, commit,
/// and go on after a kill.
@NullMarked
package rlaif.trainers.loop;

import org.jspecify.annotations.NullMarked;
