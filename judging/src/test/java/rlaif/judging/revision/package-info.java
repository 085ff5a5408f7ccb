@NullMarked
package rlaif.judging.revision;

import org.jspecify.annotations.NullMarked;
