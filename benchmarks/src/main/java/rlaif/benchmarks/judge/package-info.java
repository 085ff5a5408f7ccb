/// The judge stage measured: throughput, latency, faults and crashes.
@NullMarked
package rlaif.benchmarks.judge;

import org.jspecify.annotations.NullMarked;
