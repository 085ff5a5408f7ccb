/// Proximal policy optimisation on scored rollouts that may be stale, with a KL penalty to the
/// reference policy.
@NullMarked
package rlaif.trainers.ppo;

import org.jspecify.annotations.NullMarked;
