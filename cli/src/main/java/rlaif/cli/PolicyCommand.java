package rlaif.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import rlaif.cli.config.Key;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.models.CheckpointStore;
import rlaif.models.TensorThread;
import rlaif.trainers.PolicyDesk;

/// Shows the versions of the policy and of its reward model, and announces an old one or a model
/// from elsewhere.
@Command(
        name = "policy",
        mixinStandardHelpOptions = true,
        description = {
            "The versions of the policy as they were announced: a tree, of which nothing is ever taken back.",
            "A rollback announces old weights as the newest version; rollout workers take it up, trainers go on from it."
        },
        footer = {
            "",
            "Examples:",
            "  rlaif policy list",
            "  rlaif policy diff 12 20",
            "  rlaif policy rollback 12",
            "  rlaif policy rollback 3 --role reward-model",
            "  rlaif policy publish DIR --parent 20      # a model trained elsewhere, as the next version",
            "",
            "While a process holds the data directory, name its cluster: -b HOST:PORT -X schema.registry.url=URL."
        })
final class PolicyCommand implements Runnable {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "name what to do: policy list, show, rollback, publish or diff");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Print every announced version: parent, who announced it, files.")
    int list(
            @Mixin CommonOptions common,
            @Option(names = "--role", paramLabel = "ROLE", description = ROLE_MEANING)
                    @Nullable String role,
            @Option(names = "--json", description = "One JSON object a version.") boolean json) {
        return looking(
                common,
                role(role),
                versions -> {
                    List<PolicyVersion> all = versions.all();
                    if (all.isEmpty()) {
                        throw versions.none();
                    }
                    if (!json) {
                        out().println(PolicyVersion.HEADER);
                    }
                    all.forEach(version ->
                            out().println(json ? version.json().toString() : version.line()));
                    return ExitCode.OK;
                });
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Print everything that is known of one version.")
    int show(
            @Mixin CommonOptions common,
            @Parameters(paramLabel = "VERSION", description = "A number, or latest.") String named,
            @Option(names = "--role", paramLabel = "ROLE", description = ROLE_MEANING)
                    @Nullable String role,
            @Option(names = "--json", description = "One JSON object.") boolean json) {
        return looking(
                common,
                role(role),
                versions -> {
                    PolicyVersion version = versions.named(named);
                    if (json) {
                        out().println(version.json());
                    } else {
                        version.lines().forEach(out()::println);
                    }
                    return ExitCode.OK;
                });
    }

    @Command(
            name = "rollback",
            mixinStandardHelpOptions = true,
            description = {
                "Announce the weights of an old version of the policy, or of its reward model, as the newest version.",
                "What a trainer keeps beside them (optimizer, value model, coefficient of the KL penalty, adapters) comes",
                "along where the old version still has it, as the two newest do; else it begins anew, and that is said."
            })
    int rollback(
            @Mixin CommonOptions common,
            @Parameters(paramLabel = "VERSION", description = "The version to go back to.")
                    String named,
            @Option(names = "--role", paramLabel = "ROLE", description = ROLE_MEANING)
                    @Nullable String role,
            @Option(names = "--json", description = "One JSON object.") boolean json) {
        return changing(
                common,
                role(role),
                json,
                versions -> {
                    PolicyVersion version = versions.named(named);
                    version.requireFiles();
                    return desk -> desk.rollback(version.announced().getVersion());
                });
    }

    @Command(
            name = "publish",
            mixinStandardHelpOptions = true,
            description = {
                "Announce a Hugging Face folder as the next version.",
                "Its tokenizer and shape must be those of the newest version."
            })
    int publish(
            @Mixin CommonOptions common,
            @Parameters(paramLabel = "DIR", description = "Hugging Face folder.") Path folder,
            @Option(
                            names = "--parent",
                            paramLabel = "VERSION",
                            description =
                                    "Version that it was trained from, or none; default: the newest.")
                    @Nullable String parent,
            @Option(names = "--json", description = "One JSON object.") boolean json) {
        return changing(
                common,
                CheckpointRole.POLICY,
                json,
                versions -> {
                    OptionalLong from =
                            "none".equals(parent)
                                    ? OptionalLong.empty()
                                    : OptionalLong.of(
                                            versions.named(parent == null ? "latest" : parent)
                                                    .announced()
                                                    .getVersion());
                    return desk -> desk.publish(folder, from);
                });
    }

    @Command(
            name = "diff",
            mixinStandardHelpOptions = true,
            description = {
                "Compare two versions tensor by tensor, with their settings and metrics.",
                "The change of a tensor is relative: the norm of the difference divided by the norm."
            })
    int diff(
            @Mixin CommonOptions common,
            @Parameters(index = "0", paramLabel = "A", description = "A number, or latest.")
                    String first,
            @Parameters(index = "1", paramLabel = "B", description = "A number, or latest.")
                    String second,
            @Option(names = "--role", paramLabel = "ROLE", description = ROLE_MEANING)
                    @Nullable String role,
            @Option(names = "--json", description = "One JSON object.") boolean json) {
        return looking(
                common,
                role(role),
                versions -> {
                    VersionDiff diff =
                            VersionDiff.of(versions.named(first), versions.named(second));
                    if (json) {
                        out().println(diff.json());
                    } else {
                        diff.lines().forEach(out()::println);
                    }
                    return ExitCode.OK;
                });
    }

    private static final String ROLE_MEANING = "policy or reward-model; default policy.";

    private CheckpointRole role(@Nullable String written) {
        return switch (written == null ? "policy" : written) {
            case "policy" -> CheckpointRole.POLICY;
            case "reward-model" -> CheckpointRole.REWARD_MODEL;
            default ->
                    throw new ParameterException(
                            spec.commandLine(),
                            "--role is policy or reward-model, not '" + written + "'");
        };
    }

    private int looking(
            CommonOptions common, CheckpointRole role, ToIntFunction<AnnouncedVersions> use) {
        Progress progress = new Progress(spec.commandLine().getErr());
        try (Deployment deployment =
                        Deployment.look(common.configuration(), common.verbose, progress);
                AnnouncedVersions versions = new AnnouncedVersions(deployment, role)) {
            int exit = use.applyAsInt(versions);
            out().flush();
            return exit;
        }
    }

    /// Announces what `change` makes of the versions that there are.
    private int changing(
            CommonOptions common,
            CheckpointRole role,
            boolean json,
            Function<AnnouncedVersions, Function<PolicyDesk, Checkpoint>> change) {
        Progress progress = new Progress(spec.commandLine().getErr());
        TensorThread.prepare(1);
        try (Deployment deployment =
                        Deployment.look(common.configuration(), common.verbose, progress);
                AnnouncedVersions versions = new AnnouncedVersions(deployment, role);
                PolicyDesk desk =
                        new PolicyDesk(
                                deployment.connection(),
                                deployment.codecs(),
                                deployment.checkpoints(),
                                deployment.configuration().text(Key.POLICY_NAME),
                                role)) {
            Checkpoint announced = change.apply(versions).apply(desk);
            said(announced, trainerState(announced, versions, deployment.checkpoints()), json);
            return ExitCode.OK;
        }
    }

    /// What came along with the weights; where nothing did, what the restored version had lost.
    private static TrainerState trainerState(
            Checkpoint announced, AnnouncedVersions versions, CheckpointStore store) {
        TrainerState along = TrainerState.beside(announced, store);
        Long restores = announced.getRestores();
        return restores == null || !along.parts().isEmpty()
                ? along
                : versions.named(restores.toString()).trainerState().orElse(along);
    }

    /// @param state of a trainer that goes on from it
    private void said(Checkpoint announced, TrainerState state, boolean json) {
        if (json) {
            ObjectNode object =
                    JSON.createObjectNode()
                            .put("version", announced.getVersion())
                            .put("parent", announced.getParent())
                            .put("restores", announced.getRestores())
                            .put("uri", announced.getUri())
                            .put("digest", announced.getDigest());
            state.putInto(object);
            out().println(object);
        } else {
            out().printf(
                            "version %d is announced%s: %s%n",
                            announced.getVersion(),
                            announced.getRestores() == null
                                    ? ""
                                    : " with the weights of version " + announced.getRestores(),
                            announced.getUri());
            out().println(state.sentence());
        }
        out().flush();
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
