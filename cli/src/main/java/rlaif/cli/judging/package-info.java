/// What a judge is measured on, and how it does.
@NullMarked
package rlaif.cli.judging;

import org.jspecify.annotations.NullMarked;
