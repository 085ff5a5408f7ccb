@NullMarked
package rlaif.benchmarks.learning;

import org.jspecify.annotations.NullMarked;
