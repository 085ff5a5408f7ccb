@NullMarked
package rlaif.benchmarks.judge;

import org.jspecify.annotations.NullMarked;
