package rlaif.cli;

import java.util.Collection;
import java.util.Set;
import rlaif.cli.config.Configuration;

/// The settings of roles, read before anything starts, so that a wrong value is told at once and
/// nothing is made.
///
/// @param roles that are to be started
record RoleSettings(Configuration configuration, Collection<String> roles) {
    RoleSettings {
        roles = Set.copyOf(roles);
    }

    /// Those of the whole loop.
    static RoleSettings ofLoop(Configuration configuration) {
        return new RoleSettings(configuration, Roles.ofLoop(configuration));
    }

    /// Fails where a value is none that its role can be told.
    void require() {
        TrainerSettings trainers = new TrainerSettings(configuration);
        LabelSettings labels = new LabelSettings(configuration);
        RevisionSettings revisions = new RevisionSettings(configuration);
        if (roles.contains(Roles.JUDGE)) {
            labels.people();
            labels.writer();
        }
        if (revisions.slCai() && roles.contains(Roles.TRAIN_SFT)) {
            revisions.trainer();
        }
        if (roles.contains(Roles.TRAIN_REWARD_MODEL)) {
            trainers.rewardModel();
        }
        if (roles.contains(Roles.TRAIN_DPO)) {
            trainers.dpo();
        }
        if (roles.contains(Roles.TRAIN_PPO)) {
            trainers.ppo();
        }
    }
}
