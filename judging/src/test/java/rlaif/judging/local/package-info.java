@NullMarked
package rlaif.judging.local;

import org.jspecify.annotations.NullMarked;
