/// SL-CAI measured: what critique and revision do to harm, and what training on revisions does to
/// the policy.
@NullMarked
package rlaif.benchmarks.slcai;

import org.jspecify.annotations.NullMarked;
