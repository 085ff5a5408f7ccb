@NullMarked
package rlaif.judging.evaluation;

import org.jspecify.annotations.NullMarked;
