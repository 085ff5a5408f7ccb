@NullMarked
package rlaif.judging.attack;

import org.jspecify.annotations.NullMarked;
