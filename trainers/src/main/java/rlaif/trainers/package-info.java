/// The workers that train: SFT, reward model and PPO, each a consumer of one topic and the only
/// publisher of one kind of checkpoint.
@NullMarked
package rlaif.trainers;

import org.jspecify.annotations.NullMarked;
