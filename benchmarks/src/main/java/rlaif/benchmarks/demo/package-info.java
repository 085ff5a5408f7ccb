/// The whole demo in processes of its own.
@NullMarked
package rlaif.benchmarks.demo;

import org.jspecify.annotations.NullMarked;
