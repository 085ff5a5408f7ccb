/// The arithmetic that a judge is measured with: each formula in a class of its own, none of it
/// knows where its numbers come from.
@NullMarked
package rlaif.judging.evaluation;

import org.jspecify.annotations.NullMarked;
