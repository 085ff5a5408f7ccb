@NullMarked
package rlaif.benchmarks.trainers;

import org.jspecify.annotations.NullMarked;
