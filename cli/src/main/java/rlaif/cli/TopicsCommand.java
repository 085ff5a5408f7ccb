package rlaif.cli;

import java.io.PrintWriter;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import rlaif.topics.Acl;
import rlaif.topics.Connection;
import rlaif.topics.Difference;
import rlaif.topics.TopicPlan;

/// Compares a cluster with the map of topics, and makes it so.
@Command(
        name = "topics",
        mixinStandardHelpOptions = true,
        description = "Plan and apply the topics, schemas and rights that the flow needs.")
final class TopicsCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "name what to do: topics plan, or topics apply");
    }

    @Command(
            name = "plan",
            mixinStandardHelpOptions = true,
            description =
                    "Print the differences, and the rights that each role needs. Changes nothing.")
    int plan(@Mixin CommonOptions common) {
        return withPlan(
                common,
                plan -> {
                    PrintWriter out = spec.commandLine().getOut();
                    if (plan.differences().isEmpty()) {
                        out.println("Nothing to change.");
                    }
                    for (Difference difference : plan.differences()) {
                        out.println(
                                (difference.canBeApplied() ? "" : "REFUSED ")
                                        + difference.describe());
                    }
                    out.println();
                    out.println("Rights, as arguments of kafka-acls:");
                    for (Acl acl : plan.acls()) {
                        out.println("  " + acl.line());
                    }
                    out.flush();
                });
    }

    @Command(
            name = "apply",
            mixinStandardHelpOptions = true,
            description =
                    "Create and set what differs; refuses as a whole where something cannot be changed.")
    int apply(@Mixin CommonOptions common) {
        return withPlan(
                common,
                plan -> {
                    PrintWriter out = spec.commandLine().getOut();
                    plan.apply();
                    plan.differences()
                            .forEach(difference -> out.println("done: " + difference.describe()));
                    if (plan.differences().isEmpty()) {
                        out.println("Nothing to change.");
                    }
                    out.flush();
                });
    }

    private int withPlan(CommonOptions common, java.util.function.Consumer<TopicPlan> use) {
        Progress progress = new Progress(spec.commandLine().getErr());
        try (ClusterAccess access =
                ClusterAccess.open(common.configuration(), common.verbose, progress)) {
            Connection connection = access.connection();
            try (Admin admin = connection.openAdmin()) {
                use.accept(TopicPlan.compare(admin, connection, access.layout(admin)));
            }
        }
        return ExitCode.OK;
    }
}
