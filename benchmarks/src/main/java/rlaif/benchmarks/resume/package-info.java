/// What a trainer makes of the same log however often it is killed.
@NullMarked
package rlaif.benchmarks.resume;

import org.jspecify.annotations.NullMarked;
