@NullMarked
package rlaif.benchmarks.demo;

import org.jspecify.annotations.NullMarked;
