/// The workers at the head of the stream: prompts out of a source, and completions sampled for
/// them.
@NullMarked
package rlaif.producers;

import org.jspecify.annotations.NullMarked;
