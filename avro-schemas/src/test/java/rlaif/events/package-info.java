@NullMarked
package rlaif.events;

import org.jspecify.annotations.NullMarked;
