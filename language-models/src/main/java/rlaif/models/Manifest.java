package rlaif.models;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The `manifest.json` of a checkpoint: role, version, facts, and size and SHA-256 of every other
/// file. It holds no time and no machine, so that equal content has an equal digest.
final class Manifest {

    private static final String FILE = "manifest.json";
    private static final ObjectMapper JSON =
            new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

    private Manifest() {}

    /// Waits until every file of the folder is on disk and writes the manifest last.
    ///
    /// @return the manifest's digest
    static String write(
            Path folder, Sealing sealing, String role, long version, Map<String, Object> facts)
            throws IOException {
        ObjectNode json = JSON.createObjectNode();
        json.put("format", 1);
        json.put("role", role);
        json.put("version", version);
        json.set("facts", JSON.readTree(JSON.writeValueAsBytes(new TreeMap<>(facts))));
        ObjectNode files = json.putObject("files");
        sealing.all()
                .forEach((name, sealed) ->
                        files.putObject(name)
                                .put("bytes", sealed.bytes())
                                .put("sha256", sealed.sha256()));
        byte[] bytes = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
        Path manifest = folder.resolve(FILE);
        Files.write(manifest, bytes);
        force(manifest);
        for (Path inner : folders(folder)) {
            force(inner);
        }
        return Digests.of(bytes);
    }

    /// Compares the folder with its manifest and the manifest with the announced digest.
    static void verify(Path folder, String uri, String digest) {
        verify(folder, uri, digest, _ -> true, _ -> true);
    }

    /// The same where files that only a trainer reads are compared by size alone.
    static void verifySizes(Path folder, String uri, String digest) {
        verify(folder, uri, digest, _ -> true, name -> !isTrainers(name));
    }

    /// The same without the files that only a trainer reads.
    static void verifyModel(Path folder, String uri, String digest) {
        verify(folder, uri, digest, name -> !isTrainers(name), _ -> true);
    }

    private static boolean isTrainers(String name) {
        return name.startsWith(CheckpointStore.TRAINER + "/");
    }

    /// @param compared files that are looked at
    /// @param digested those of them that are read too
    private static void verify(
            Path folder,
            String uri,
            String digest,
            Predicate<String> compared,
            Predicate<String> digested) {
        try {
            Path manifest = folder.resolve(FILE);
            if (!Files.isRegularFile(manifest, LinkOption.NOFOLLOW_LINKS)) {
                throw refused(uri, FILE, "is missing or no plain file");
            }
            byte[] bytes = Files.readAllBytes(manifest);
            if (!Digests.of(bytes).equals(digest)) {
                throw refused(uri, FILE, "has another digest than was announced");
            }
            verifyFiles(folder, uri, JSON.readTree(bytes).path("files"), compared, digested);
        } catch (IOException e) {
            throw new CheckpointRefusedException("checkpoint " + uri + " cannot be read", e);
        }
    }

    /// Digest of the manifest in a folder.
    static String digest(Path folder) {
        try {
            return Digests.of(Files.readAllBytes(folder.resolve(FILE)));
        } catch (IOException e) {
            throw new CheckpointRefusedException(folder.resolve(FILE) + " cannot be read", e);
        }
    }

    /// The facts in the manifest of a folder.
    static Map<String, Object> facts(Path folder) {
        return part(folder, "facts");
    }

    /// Names of the files in the manifest of a folder, in order.
    static List<String> files(Path folder) {
        return List.copyOf(part(folder, "files").keySet());
    }

    private static Map<String, Object> part(Path folder, String name) {
        try {
            JsonNode part = JSON.readTree(Files.readAllBytes(folder.resolve(FILE))).path(name);
            return JSON.convertValue(part, new TypeReference<TreeMap<String, Object>>() {});
        } catch (IOException | IllegalArgumentException e) {
            throw new CheckpointRefusedException(
                    folder.resolve(FILE) + " cannot be read: " + e.getMessage(), e);
        }
    }

    /// Forces a file or folder to disk.
    static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void verifyFiles(
            Path folder,
            String uri,
            JsonNode files,
            Predicate<String> compared,
            Predicate<String> digested)
            throws IOException {
        TreeSet<String> found = new TreeSet<>(names(folder, compared));
        for (Map.Entry<String, JsonNode> listed : files.properties()) {
            String name = listed.getKey();
            if (!compared.test(name)) {
                continue;
            }
            if (!found.remove(name)) {
                if (isTrainers(name)
                        && Files.notExists(
                                folder.resolve(CheckpointStore.TRAINER),
                                LinkOption.NOFOLLOW_LINKS)) {
                    continue; // dropped as a whole
                }
                throw refused(uri, name, "is missing");
            }
            Path file = folder.resolve(name);
            if (Files.size(file) != listed.getValue().path("bytes").asLong(-1)) {
                throw refused(
                        uri,
                        name,
                        "has "
                                + Files.size(file)
                                + " bytes, the manifest says "
                                + listed.getValue().path("bytes"));
            }
            if (digested.test(name)
                    && !Digests.of(file).equals(listed.getValue().path("sha256").asText())) {
                throw refused(uri, name, "has another digest than the manifest says");
            }
        }
        if (!found.isEmpty()) {
            throw refused(uri, found.first(), "is not in the manifest");
        }
    }

    /// Relative names of all files but the manifest, in order.
    static List<String> names(Path folder) throws IOException {
        return names(folder, _ -> true);
    }

    /// The same for the files whose names are `wanted`. A trainer may be dropping its own the
    /// while.
    private static List<String> names(Path folder, Predicate<String> wanted) throws IOException {
        List<String> names = new ArrayList<>();
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<Path>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path inner, BasicFileAttributes attributes) {
                        return inner.equals(folder) || wanted.test(name(inner) + "/")
                                ? FileVisitResult.CONTINUE
                                : FileVisitResult.SKIP_SUBTREE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (!attributes.isRegularFile()) {
                            throw new CheckpointRefusedException(
                                    file + " is a link or no plain file");
                        }
                        names.add(name(file));
                        return FileVisitResult.CONTINUE;
                    }

                    private String name(Path inner) {
                        return folder.relativize(inner).toString().replace('\\', '/');
                    }
                });
        return names.stream().filter(name -> !name.equals(FILE)).sorted().toList();
    }

    private static List<Path> folders(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(Files::isDirectory).toList();
        }
    }

    private static CheckpointRefusedException refused(String uri, String file, String why) {
        return new CheckpointRefusedException("checkpoint " + uri + ": " + file + " " + why);
    }
}
