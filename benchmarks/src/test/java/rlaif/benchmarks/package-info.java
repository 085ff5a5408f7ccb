/// Every number the README claims, as a command.
@NullMarked
package rlaif.benchmarks;

import org.jspecify.annotations.NullMarked;
