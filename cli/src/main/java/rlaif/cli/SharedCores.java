package rlaif.cli;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.Key;

/// The cores that the computing workers of one process share.
///
/// More workers than cores lose nothing while each has one native thread: the system's scheduler
/// shares the cores out. Of several threads, all wait at the end of every operation for one that
/// has no core just then.
///
/// @param cores that this process may use, 1 or more
record SharedCores(Configuration configuration, int cores) {
    /// Whose native threads `tensor.threads` says; SFT, which works before the others, has its own.
    private static final Set<String> COMPUTING =
            Set.of(
                    Roles.ROLLOUTS,
                    Roles.SCORE,
                    Roles.TRAIN_REWARD_MODEL,
                    Roles.TRAIN_PPO,
                    Roles.TRAIN_DPO);

    SharedCores(Configuration configuration) {
        this(configuration, Runtime.getRuntime().availableProcessors());
    }

    /// That the workers among `roles` have more native threads than there are cores; none where
    /// they have not, or where each has one.
    List<String> lines(Collection<String> roles) {
        List<String> workers =
                Roles.ALL.stream().filter(roles::contains).filter(this::computes).toList();
        if (workers.isEmpty()) {
            return List.of();
        }
        int threads = configuration.whole(Key.THREADS, 1);
        int judge = threadsOfJudge(roles);
        int all = workers.size() * threads + judge;
        if (threads == 1 || all <= cores) {
            return List.of();
        }
        int fitting = Math.max(1, (cores - judge) / workers.size());
        return List.of(
                "%s compute with %s %d each%s: %d native threads on %d cores, which wait for each other at the end of every operation. Set %s to %d, or start some of them elsewhere; another number of threads gives results that differ in their last bits"
                        .formatted(
                                String.join(", ", workers),
                                Key.THREADS.key(),
                                threads,
                                judge == 0
                                        ? ""
                                        : ", the local judge with %s %d"
                                                .formatted(Key.JUDGE_LOCAL_THREADS.key(), judge),
                                all,
                                cores,
                                Key.THREADS.key(),
                                fitting));
    }

    private boolean computes(String role) {
        return COMPUTING.contains(role) && !(role.equals(Roles.SCORE) && judgeScores());
    }

    private boolean judgeScores() {
        return new TrainerSettings(configuration).scoresDirectly();
    }

    /// Native threads of a judge that is a model folder, read in this process; 0: there is none.
    private int threadsOfJudge(Collection<String> roles) {
        boolean opened =
                roles.contains(Roles.JUDGE) || (roles.contains(Roles.SCORE) && judgeScores());
        return opened && configuration.text(Key.JUDGE_KIND).equals("local")
                ? configuration.whole(Key.JUDGE_LOCAL_THREADS, 1)
                : 0;
    }
}
