/// Every number the README claims, as a command.
@NullMarked
package rlaif.benchmarks.learning;

import org.jspecify.annotations.NullMarked;
