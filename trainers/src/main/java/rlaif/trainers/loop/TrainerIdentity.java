package rlaif.trainers.loop;

import java.util.Locale;
import rlaif.events.CheckpointRole;
import rlaif.topics.Connection;
import rlaif.topics.Topic;

/// What a trainer is called, what it reads and what it alone may publish.
///
/// @param trainer role of the trainer, such as `train-ppo`; names its consumer group
/// @param run id of its training run, the same after a restart
public record TrainerIdentity(
        String policy, CheckpointRole role, String trainer, Topic source, String run) {

    /// The run that `seed` decides, of this trainer for this policy.
    public static TrainerIdentity of(
            String policy, CheckpointRole role, String trainer, Topic source, long seed) {
        return new TrainerIdentity(
                policy, role, trainer, source, "%s.%s.%d".formatted(policy, trainer, seed));
    }

    /// Named for what it alone publishes on `connection`.
    public String transactionalId(Connection connection) {
        return connection.transactionalId(policy, written(role));
    }

    /// The role as it is written in folders, keys and transactional ids.
    public static String written(CheckpointRole role) {
        return role.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
