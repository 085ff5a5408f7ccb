@NullMarked
package rlaif.cluster;

import org.jspecify.annotations.NullMarked;
