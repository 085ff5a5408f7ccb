/// How good a policy is, by a practice world's gold.
@NullMarked
package rlaif.cli.evaluation;

import org.jspecify.annotations.NullMarked;
