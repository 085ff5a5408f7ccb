package rlaif.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import rlaif.cli.config.Configuration;
import rlaif.models.CheckpointStore;

/// Folders of policy versions in a data directory's checkpoint store.
final class PolicyFolders {
    private static final String POLICY = "policy";

    private PolicyFolders() {}

    /// The folder of a version, or of the newest, compared with its manifest. What a trainer has
    /// written and not announced is none.
    static Path version(Configuration configuration, String version) {
        Path store = Deployment.checkpoints(configuration);
        Path policies = store.resolve(POLICY);
        CheckpointStore checkpoints = new CheckpointStore(store);
        List<Path> folders =
                folders(policies).stream()
                        .filter(folder -> !checkpoints.isUnannounced(uri(folder)))
                        .toList();
        OptionalLong newest = folders.stream().mapToLong(PolicyFolders::versionOf).max();
        String wanted = version.equals("latest") ? written(newest) : version;
        List<Path> found =
                folders.stream()
                        .filter(folder -> Long.toString(versionOf(folder)).equals(wanted))
                        .sorted()
                        .toList();
        if (found.isEmpty()) {
            throw new Failure(
                    ExitCode.CONFIGURATION,
                    "no policy version "
                            + version
                            + " in "
                            + policies
                            + ": there are "
                            + folders.size()
                            + (newest.isEmpty()
                                    ? "; name a data directory with --data"
                                    : ", up to version " + newest.getAsLong()));
        }
        if (found.size() > 1) {
            throw new Failure(
                    ExitCode.CONFIGURATION,
                    "%s has version %s more than once, of streams that share it: %s. Name one with --model, or the stream's cluster with kafka.bootstrap.servers"
                            .formatted(policies, wanted, found));
        }
        return checkpoints.openFound(uri(found.getFirst()));
    }

    private static String written(OptionalLong version) {
        return version.isPresent() ? Long.toString(version.getAsLong()) : "";
    }

    private static String uri(Path folder) {
        return POLICY + "/" + folder.getFileName();
    }

    private static List<Path> folders(Path policies) {
        if (!Files.isDirectory(policies)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(policies)) {
            return all.filter(folder ->
                            folder.getFileName().toString().matches("\\d{1,18}-[0-9a-f]{12}"))
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + policies, unreadable);
        }
    }

    /// The version whose folder this is.
    static long versionOf(Path folder) {
        String name = folder.getFileName().toString();
        return Long.parseLong(name.substring(0, name.indexOf('-')));
    }
}
