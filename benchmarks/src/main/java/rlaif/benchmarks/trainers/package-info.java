/// The trainers and the sampler beside their PyTorch twin.
@NullMarked
package rlaif.benchmarks.trainers;

import org.jspecify.annotations.NullMarked;
