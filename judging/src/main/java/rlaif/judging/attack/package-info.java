/// Attacks on judges: completions that only try to be preferred, and how often they succeed.
@NullMarked
package rlaif.judging.attack;

import org.jspecify.annotations.NullMarked;
