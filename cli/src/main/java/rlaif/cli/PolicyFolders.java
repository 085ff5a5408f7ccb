package rlaif.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import rlaif.cli.config.Configuration;

/// Folders of policy versions in a data directory's checkpoint store.
final class PolicyFolders {
    private PolicyFolders() {}

    /// The folder of a version, or of the newest.
    static Path version(Configuration configuration, String version) {
        Path policies = Deployment.checkpoints(configuration).resolve("policy");
        List<Path> folders = folders(policies);
        Optional<Path> found =
                version.equals("latest")
                        ? folders.stream().max(Comparator.comparingLong(PolicyFolders::versionOf))
                        : folders.stream()
                                .filter(folder -> Long.toString(versionOf(folder)).equals(version))
                                .findFirst();
        return found.orElseThrow(() ->
                new Failure(
                        ExitCode.CONFIGURATION,
                        "no policy version "
                                + version
                                + " in "
                                + policies
                                + ": there are "
                                + folders.size()
                                + (folders.isEmpty()
                                        ? "; name a data directory with --data"
                                        : ", up to version "
                                                + folders.stream()
                                                        .mapToLong(PolicyFolders::versionOf)
                                                        .max()
                                                        .orElse(0))));
    }

    private static List<Path> folders(Path policies) {
        if (!Files.isDirectory(policies)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(policies)) {
            return all.filter(folder ->
                            folder.getFileName().toString().matches("\\d{1,18}-[0-9a-f]+"))
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
