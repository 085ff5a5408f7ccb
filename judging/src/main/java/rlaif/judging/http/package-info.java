/// Judges behind OpenAI-compatible HTTP endpoints. Whatever an endpoint sends is hostile input.
@NullMarked
package rlaif.judging.http;

import org.jspecify.annotations.NullMarked;
