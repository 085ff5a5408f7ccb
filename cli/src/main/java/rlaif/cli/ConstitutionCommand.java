package rlaif.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.ConfigurationException;
import rlaif.cli.config.Key;
import rlaif.judging.Constitution;
import rlaif.judging.ConstitutionException;
import rlaif.judging.ConstitutionFile;
import rlaif.judging.Principle;
import rlaif.processors.ConstitutionLedger;

/// Shows and changes the principles that the judge compares by, version by version.
@Command(
        name = "constitution",
        mixinStandardHelpOptions = true,
        description = {
            "The principles that pairs are judged by, as versions on the stream.",
            "A published version never changes. One that is activated holds from the next pair on for judges whose",
            "judge.constitution names its id; pairs that are being judged keep theirs."
        },
        footer = {
            "",
            "Examples:",
            "  rlaif constitution show nine-rules > mine.yaml    # change it, and its version",
            "  rlaif constitution validate mine.yaml",
            "  rlaif constitution publish mine.yaml --activate",
            "  rlaif constitution activate nine-rules/1          # back again",
            "",
            "While a process holds the data directory, name its cluster: -b HOST:PORT -X schema.registry.url=URL."
        })
final class ConstitutionCommand implements Runnable {
    private static final Pattern VERSION = Pattern.compile("([^/]+)/(\\d{1,9})");
    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "name what to do: constitution show, validate, publish, activate or history");
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description =
                    "Print a version as YAML: the active one of each id, or the one named. A judge follows the id that its judge.constitution names. What is shipped, nine-rules and fact-sheet, needs no cluster.")
    int show(
            @Mixin CommonOptions common,
            @Parameters(
                            arity = "0..1",
                            paramLabel = "ID[/VERSION]",
                            description = "Default: the active version of every id.")
                    @Nullable String named,
            @Option(names = "--json", description = "One JSON object a constitution.")
                    boolean json) {
        Optional<Constitution> shipped = Optional.ofNullable(named).flatMap(this::shipped);
        if (shipped.isPresent() && !Deployment.hasData(common.configuration())) {
            print(shipped.get(), json);
            return ExitCode.OK;
        }
        return looking(
                common,
                constitutions -> {
                    ConstitutionLedger ledger = constitutions.history().ledger();
                    if (shipped.isPresent() && ledger.versions(shipped.get().id()).isEmpty()) {
                        print(shipped.get(), json);
                        return ExitCode.OK;
                    }
                    List<Constitution> shown =
                            named == null ? ledger.active() : List.of(find(ledger, named));
                    if (shown.isEmpty()) {
                        throw new Failure(
                                ExitCode.CONFIGURATION, "no constitution is in force: publish one");
                    }
                    for (Constitution constitution : shown) {
                        boolean active = isActive(ledger, constitution);
                        if (json) {
                            out().println(toJson(constitution).put("active", active));
                        } else {
                            out().print(
                                            (shown.size() > 1 ? "---\n" : "")
                                                    + mark(constitution, active)
                                                    + ConstitutionFile.text(constitution));
                        }
                    }
                    if (named == null) {
                        tellUnlessFollowed(common, shown.stream().map(Constitution::id).toList());
                    }
                    return ExitCode.OK;
                });
    }

    @Command(
            name = "validate",
            mixinStandardHelpOptions = true,
            description = "Check a file; needs no cluster. Exit 3 names what is wrong.")
    int validate(
            @Parameters(paramLabel = "FILE", description = "YAML.") Path file,
            @Option(names = "--json", description = "One JSON object.") boolean json) {
        Constitution constitution = read(file);
        if (json) {
            out().println(toJson(constitution).put("valid", true));
        } else {
            out().printf(
                            "%s: constitution %s, %d %s%n",
                            file,
                            Constitutions.name(constitution),
                            constitution.principles().size(),
                            constitution.principles().size() == 1 ? "principle" : "principles");
            double total = constitution.principles().stream().mapToDouble(Principle::weight).sum();
            for (Principle principle : constitution.principles()) {
                out().printf(
                                "  %-40s drawn for %4.1f %% of the pairs%n",
                                principle.id(), 100 * principle.weight() / total);
            }
        }
        out().flush();
        return ExitCode.OK;
    }

    @Command(
            name = "publish",
            mixinStandardHelpOptions = true,
            description =
                    "Publish a file as a version. The same text again changes nothing; other text under the same version is refused.")
    int publish(
            @Mixin CommonOptions common,
            @Parameters(paramLabel = "FILE", description = "YAML.") Path file,
            @Option(names = "--activate", description = "Also put it in force.") boolean activate,
            @Option(names = "--json", description = "One JSON object.") boolean json) {
        Constitution constitution = read(file);
        Progress progress = new Progress(spec.commandLine().getErr());
        try (Deployment deployment =
                Deployment.open(common.configuration(), common.verbose, progress)) {
            List<String> written = new Constitutions(deployment).publish(constitution, activate);
            said(common, constitution.id(), constitution.version(), written, json);
        }
        return ExitCode.OK;
    }

    @Command(
            name = "activate",
            mixinStandardHelpOptions = true,
            description =
                    "Put a published version in force, from the next pair on, for judges whose judge.constitution names its id.")
    int activate(
            @Mixin CommonOptions common,
            @Parameters(paramLabel = "ID/VERSION", description = "A published version.")
                    String named,
            @Option(names = "--json", description = "One JSON object.") boolean json) {
        Matcher matcher = VERSION.matcher(named);
        if (!matcher.matches()) {
            throw new ParameterException(
                    spec.commandLine(), "'" + named + "' is no version: write ID/VERSION");
        }
        int version = Integer.parseInt(matcher.group(2));
        return looking(
                common,
                constitutions -> {
                    said(
                            common,
                            matcher.group(1),
                            version,
                            constitutions.activate(matcher.group(1), version),
                            json);
                    return ExitCode.OK;
                });
    }

    @Command(
            name = "history",
            mixinStandardHelpOptions = true,
            description = "What was published and activated, when, by whom, at which offset.")
    int history(
            @Mixin CommonOptions common,
            @Parameters(arity = "0..1", paramLabel = "ID", description = "Default: all.")
                    @Nullable String id,
            @Option(names = "--json", description = "One JSON object a record.") boolean json) {
        return looking(
                common,
                constitutions -> {
                    for (ConstitutionHistory.Event event : constitutions.history().events()) {
                        if (id == null || event.id().equals(id)) {
                            out().println(json ? toJson(event).toString() : line(event));
                        }
                    }
                    return ExitCode.OK;
                });
    }

    private int looking(CommonOptions common, Function<Constitutions, Integer> use) {
        Progress progress = new Progress(spec.commandLine().getErr());
        try (Deployment deployment =
                Deployment.look(common.configuration(), common.verbose, progress)) {
            int exit = use.apply(new Constitutions(deployment));
            out().flush();
            return exit;
        }
    }

    /// A shipped constitution by its id, or its id and version.
    private Optional<Constitution> shipped(String named) {
        Matcher matcher = VERSION.matcher(named);
        return Constitution.shipped(matcher.matches() ? matcher.group(1) : named)
                .filter(found ->
                        !matcher.matches()
                                || Integer.parseInt(matcher.group(2)) == found.version());
    }

    /// What is shipped and not published yet.
    private void print(Constitution shipped, boolean json) {
        out().print(
                        json
                                ? toJson(shipped).put("active", false) + System.lineSeparator()
                                : "# %s is shipped, and not published yet%n"
                                                .formatted(Constitutions.name(shipped))
                                        + ConstitutionFile.text(shipped));
        out().flush();
    }

    private Constitution find(ConstitutionLedger ledger, String named) {
        Matcher matcher = VERSION.matcher(named);
        String id = matcher.matches() ? matcher.group(1) : named;
        return (matcher.matches()
                        ? ledger.version(id, Integer.parseInt(matcher.group(2)))
                        : ledger.active(id))
                .orElseThrow(() ->
                        new Failure(
                                ExitCode.CONFIGURATION,
                                "constitution %s is not %s: %s"
                                        .formatted(
                                                named,
                                                matcher.matches() ? "published" : "in force",
                                                Constitutions.known(ledger, id))));
    }

    private static boolean isActive(ConstitutionLedger ledger, Constitution constitution) {
        return ledger.active(constitution.id()).filter(constitution::equals).isPresent();
    }

    private static Constitution read(Path file) {
        try {
            return ConstitutionFile.read(file);
        } catch (ConstitutionException wrong) {
            throw new Failure(ExitCode.CONFIGURATION, String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private static String mark(Constitution constitution, boolean active) {
        return "# %s is %s%n"
                .formatted(
                        Constitutions.name(constitution),
                        active ? "active: " + followers(constitution.id()) : "not active");
    }

    private static String followers(String id) {
        return "judges whose judge.constitution is %s follow it".formatted(id);
    }

    /// Warns where a judge of the given configuration would follow none of these ids.
    private void tellUnlessFollowed(CommonOptions common, List<String> ids) {
        Configuration configuration = common.configuration();
        String followed;
        try {
            followed = JudgeConnection.constitution(configuration).id();
        } catch (ConfigurationException unusable) {
            return; // no judge starts with it either
        }
        if (!ids.contains(followed)) {
            PrintWriter err = spec.commandLine().getErr();
            err.printf(
                    "rlaif: judge.constitution is %s here: a judge so configured follows %s, not %s%n",
                    configuration.text(Key.JUDGE_CONSTITUTION), followed, String.join(", ", ids));
            err.flush();
        }
    }

    private void said(
            CommonOptions common, String id, int version, List<String> written, boolean json) {
        String name = id + "/" + version;
        boolean published = written.contains(name);
        boolean activated = written.stream().anyMatch(key -> !key.equals(name));
        if (json) {
            out().println(
                            JSON.createObjectNode()
                                    .put("id", id)
                                    .put("version", version)
                                    .put("published", published)
                                    .put("activated", activated));
        } else if (written.isEmpty()) {
            out().println("nothing to change: " + name + " is as asked");
        } else {
            out().println(
                            name
                                    + (published ? " is published" : "")
                                    + (published && activated ? " and" : "")
                                    + (activated
                                            ? " is active: "
                                                    + followers(id)
                                                    + " from the next pair on"
                                            : ""));
        }
        out().flush();
        if (activated) {
            tellUnlessFollowed(common, List.of(id));
        }
    }

    private static String line(ConstitutionHistory.Event event) {
        return "%6d  %s  %-9s  %-24s  %s"
                .formatted(
                        event.offset(),
                        event.time(),
                        event.what(),
                        event.problem().isEmpty()
                                ? event.id() + "/" + event.version()
                                : event.problem(),
                        event.who());
    }

    private static ObjectNode toJson(ConstitutionHistory.Event event) {
        ObjectNode json =
                JSON.createObjectNode()
                        .put("offset", event.offset())
                        .put("time", event.time().toString())
                        .put("who", event.who())
                        .put("what", event.what());
        if (event.problem().isEmpty()) {
            return json.put("id", event.id())
                    .put("version", event.version())
                    .put("principles", event.principles());
        }
        return json.put("problem", event.problem());
    }

    private static ObjectNode toJson(Constitution constitution) {
        ObjectNode json =
                JSON.createObjectNode()
                        .put("id", constitution.id())
                        .put("version", constitution.version())
                        .put("description", constitution.description());
        ArrayNode principles = json.putArray("principles");
        for (Principle principle : constitution.principles()) {
            principles
                    .addObject()
                    .put("id", principle.id())
                    .put("weight", principle.weight())
                    .put("compare", principle.compare())
                    .put("critique", principle.critique())
                    .put("revise", principle.revise());
        }
        return json;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
