@NullMarked
package rlaif.judging.limits;

import org.jspecify.annotations.NullMarked;
