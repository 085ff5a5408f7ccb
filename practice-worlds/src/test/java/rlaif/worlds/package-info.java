@NullMarked
package rlaif.worlds;

import org.jspecify.annotations.NullMarked;
