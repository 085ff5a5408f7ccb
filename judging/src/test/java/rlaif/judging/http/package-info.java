@NullMarked
package rlaif.judging.http;

import org.jspecify.annotations.NullMarked;
