/// Division of a step's sequences into what memory holds at once, and what of a step was left out.
@NullMarked
package rlaif.trainers.batching;

import org.jspecify.annotations.NullMarked;
