@NullMarked
package rlaif.topics;

import org.jspecify.annotations.NullMarked;
