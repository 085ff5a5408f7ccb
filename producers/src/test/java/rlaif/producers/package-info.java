/// What the workers at the head of the stream promise.
@NullMarked
package rlaif.producers;

import org.jspecify.annotations.NullMarked;
