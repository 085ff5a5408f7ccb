/// Division of a step's sequences into what memory holds at once.
@NullMarked
package rlaif.trainers.batching;

import org.jspecify.annotations.NullMarked;
