/// Small tasks whose truth is exactly computable, and the simulated judge that labels them.
@NullMarked
package rlaif.worlds;

import org.jspecify.annotations.NullMarked;
