/// The memory in which a large model is trained.
@NullMarked
package rlaif.benchmarks.footprint;

import org.jspecify.annotations.NullMarked;
