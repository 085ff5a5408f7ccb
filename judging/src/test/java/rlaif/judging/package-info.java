@NullMarked
package rlaif.judging;

import org.jspecify.annotations.NullMarked;
