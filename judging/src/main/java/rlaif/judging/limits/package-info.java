/// What an endpoint can bear and what its owner will pay: state machines over given times, without
/// threads, so that each is tested by simulation.
@NullMarked
package rlaif.judging.limits;

import org.jspecify.annotations.NullMarked;
