@NullMarked
package rlaif.processors;

import org.jspecify.annotations.NullMarked;
