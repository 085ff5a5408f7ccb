/// What the account of the stream must notice.
@NullMarked
package rlaif.monitor;

import org.jspecify.annotations.NullMarked;
