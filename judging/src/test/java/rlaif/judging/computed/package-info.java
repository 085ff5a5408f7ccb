@NullMarked
package rlaif.judging.computed;

import org.jspecify.annotations.NullMarked;
