/// The `rlaif` command: reads configuration, wires the workers, runs them, reports.
@NullMarked
package rlaif.cli;

import org.jspecify.annotations.NullMarked;
