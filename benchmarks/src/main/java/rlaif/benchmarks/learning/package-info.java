/// What policies learn in nine-rule chat, in one thread and without Kafka.
@NullMarked
package rlaif.benchmarks.learning;

import org.jspecify.annotations.NullMarked;
