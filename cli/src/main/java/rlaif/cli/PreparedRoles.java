package rlaif.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.Key;

/// The roles that are to be started and the cluster they meet in, every setting of theirs made into
/// what its worker is told, while nothing has been opened or written yet: a wrong value is told at
/// once.
final class PreparedRoles {
    private final Configuration configuration;
    private final ClusterSettings cluster;
    private final Map<String, PreparedRole> roles = new LinkedHashMap<>();
    private final Optional<PreparedRole> draining;
    private final Optional<Path> tensorBoard;
    private final List<String> notices = new ArrayList<>();

    private PreparedRoles(Configuration configuration, Collection<String> names) {
        this.configuration = configuration;
        this.cluster = ClusterSettings.of(configuration);
        this.tensorBoard =
                configuration
                        .given(Key.TENSORBOARD_DIR)
                        .map(_ -> configuration.path(Key.TENSORBOARD_DIR));
        ProducerRoles producers =
                new ProducerRoles(configuration, cluster.connection(), Set.copyOf(names));
        ProcessorRoles processors = new ProcessorRoles(configuration);
        TrainerRoles trainers = new TrainerRoles(configuration);
        for (String name : Roles.ALL) {
            if (names.contains(name)) {
                roles.put(name, prepared(name, producers, processors, trainers));
            }
        }
        this.draining =
                names.contains(Roles.ROLLOUTS)
                        ? Optional.of(producers.rollouts(false))
                        : Optional.empty();
        notices.addAll(new UnreadSettings(configuration).lines(names));
        notices.addAll(new LearningRates(configuration).lines(names));
        notices.addAll(new SharedCores(configuration).lines(names));
        if (names.contains(Roles.TRAIN_SFT)) {
            TrainerRoles.padding(configuration).ifPresent(notices::add);
        }
    }

    /// @param names of roles, in any order
    /// @throws rlaif.cli.config.ConfigurationException where a value is none that its reader can be
    ///   told
    static PreparedRoles of(Configuration configuration, Collection<String> names) {
        return new PreparedRoles(configuration, names);
    }

    /// Those of the whole loop as it is configured, which is audited at its end.
    static PreparedRoles ofLoop(Configuration configuration) {
        new RevisionSettings(configuration).selection(); // what the audit counts
        return of(configuration, Roles.ofLoop(configuration));
    }

    private static PreparedRole prepared(
            String name,
            ProducerRoles producers,
            ProcessorRoles processors,
            TrainerRoles trainers) {
        return switch (name) {
            case Roles.PROMPTS -> producers.prompts();
            case Roles.ROLLOUTS -> producers.rollouts(true);
            case Roles.REVISE -> processors.revise();
            case Roles.JUDGE -> processors.judge();
            case Roles.PEOPLE -> producers.people();
            case Roles.LABEL_STATS -> processors.labelStats();
            case Roles.SCORE -> processors.score();
            case Roles.TRAIN_SFT -> trainers.sft();
            case Roles.TRAIN_REWARD_MODEL -> trainers.rewardModel();
            case Roles.TRAIN_DPO -> trainers.dpo();
            case Roles.TRAIN_PPO -> trainers.ppo();
            default -> throw new IllegalArgumentException("no role " + name);
        };
    }

    /// Their names, in the order in which they are started.
    List<String> names() {
        return List.copyOf(roles.keySet());
    }

    /// One that is among them.
    PreparedRole role(String name) {
        return Objects.requireNonNull(roles.get(name), () -> "not prepared: " + name);
    }

    /// Rollout workers that wait for nobody; among them are rollout workers.
    PreparedRole drainingRollouts() {
        return draining.orElseThrow();
    }

    /// Where what trainers measure is written for TensorBoard; empty: nowhere.
    Optional<Path> tensorBoard() {
        return tensorBoard;
    }

    /// What becomes of settings that nobody reads, of those that nobody has chosen, and of those
    /// that the machine is too small for, a line each.
    List<String> notices() {
        return List.copyOf(notices);
    }

    /// Opens the cluster they meet in.
    Deployment open(boolean verbose, Consumer<String> progress) {
        return Deployment.open(configuration, cluster, verbose, progress);
    }
}
