package rlaif.models;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// Checkpoints as folders `<role>/<version>-<digest>` below one root, each a Hugging Face folder
/// with a manifest, never changed after it is there.
public final class CheckpointStore {

    /// A checkpoint in the store.
    ///
    /// @param uri `<role>/<version>-<first 12 hexadecimal digits of the digest>`
    /// @param digest SHA-256 of `manifest.json`, hexadecimal
    public record Stored(String uri, String digest, Path folder) {}

    /// Folder of the adapters of a model that has them, as PEFT keeps them, beside the weights with
    /// which they are merged.
    public static final String ADAPTER = "adapter";

    /// The fact that names the base of a model with adapters.
    public static final String ADAPTER_BASE = "adapterBase";

    /// Where a trainer keeps optimizer, value model and random state.
    static final String TRAINER = "trainer";

    private static final int SHORT_DIGEST = 12;
    private static final Pattern URI =
            Pattern.compile("[a-z][a-z0-9-]{0,63}/[0-9]{1,18}-[0-9a-f]{12}");
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    /// In place of an owner: what is written counts as announced.
    private static final String NOBODY = "";

    private final Path root;
    private final StagedMarks marks;
    private final UnfinishedFolders unfinished;
    private final Deletions deletions;
    private final String owner;

    public CheckpointStore(Path root) {
        this(root.toAbsolutePath().normalize(), NOBODY);
    }

    private CheckpointStore(Path root, String owner) {
        this.root = root;
        this.marks = new StagedMarks(root);
        this.unfinished = new UnfinishedFolders(root);
        this.deletions = new Deletions(root);
        this.owner = owner;
    }

    /// The same store, in which what is written stays marked as staged by `owner` until it is
    /// {@link #announced}.
    public CheckpointStore stagedBy(String owner) {
        return new CheckpointStore(root, owner);
    }

    /// Takes note that a checkpoint is announced.
    public void announced(String uri) {
        if (URI.matcher(uri).matches()) {
            marks.unmark(root.resolve(uri));
        }
    }

    /// URIs that the owner of this store has written and nobody has announced.
    public List<String> unannounced(String role) {
        return owner.equals(NOBODY) ? List.of() : marks.of(role, owner);
    }

    /// Whether a checkpoint was written and is not announced.
    public boolean isUnannounced(String uri) {
        return URI.matcher(uri).matches() && marks.isMarked(root.resolve(uri));
    }

    /// Deletes a checkpoint that will never be announced.
    public void discard(String uri) {
        if (isUnannounced(uri)) {
            unfinished.delete(root.resolve(uri));
            marks.unmark(root.resolve(uri));
        }
    }

    /// Stores a model: all files into a temporary folder, each forced to disk, the manifest last,
    /// then one rename. Equal content gives an equal digest, and finds the folder that is there
    /// already.
    ///
    /// @param facts what the model card and the manifest say about the model; values that JSON can
    ///   hold
    /// @param model its adapters, if it has any, are stored merged, and by themselves under {@link
    ///   #ADAPTER}
    /// @param trainerFiles writes what only a trainer reads into the folder it is given
    public Stored save(
            String role,
            long version,
            Transformer model,
            Tokenizer tokenizer,
            Map<String, Object> facts,
            Consumer<Path> trainerFiles) {
        CheckpointWriter writer = new CheckpointWriter(role, version, facts);
        return store(writer, folder -> writer.write(folder, model, tokenizer, trainerFiles));
    }

    /// Stores an opened checkpoint once more, as another version: weights, adapters, tokenizer and
    /// trainer files byte for byte.
    public Stored copy(Path opened, String role, long version, Map<String, Object> facts) {
        CheckpointWriter writer = new CheckpointWriter(role, version, facts);
        return store(writer, folder -> writer.copy(folder, opened));
    }

    /// Fills an empty folder.
    @FunctionalInterface
    private interface FolderWriter {

        /// @return the manifest's digest
        String write(Path folder) throws IOException;
    }

    private Stored store(CheckpointWriter writer, FolderWriter files) {
        try {
            Path folder = unfinished.create(writer.role());
            try {
                return publish(writer, folder, files.write(folder));
            } finally {
                UnfinishedFolders.clear(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    root
                            + ": checkpoint "
                            + writer.role()
                            + " "
                            + writer.version()
                            + " cannot be written",
                    e);
        }
    }

    private Stored publish(CheckpointWriter writer, Path folder, String digest) throws IOException {
        Path parent = root.resolve(writer.role());
        Path target = parent.resolve(writer.version() + "-" + digest.substring(0, SHORT_DIGEST));
        String uri = root.relativize(target).toString();
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return new Stored(uri, digest, openWhole(uri, digest));
        }
        if (!owner.equals(NOBODY)) {
            marks.mark(target, owner);
        }
        try {
            Files.move(folder, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
            return new Stored(uri, digest, openWhole(uri, digest)); // another wrote the same since
        }
        Manifest.force(parent);
        return new Stored(uri, digest, target);
    }

    /// The folder of an announced checkpoint, after every file of the model was compared with the
    /// manifest and the manifest with the digest. What only a trainer reads, five times as much and
    /// more, is not looked at: {@link #openWhole} does.
    ///
    /// @throws CheckpointRefusedException if the URI leads out of the store or anything differs
    public Path open(String uri, String digest) {
        Path folder = folder(uri, digest);
        Manifest.verifyModel(folder, uri, digest);
        return folder;
    }

    /// The same for a trainer that goes on from it: trainer files, where they are still there, are
    /// compared too.
    public Path openWhole(String uri, String digest) {
        Path folder = folder(uri, digest);
        Manifest.verify(folder, uri, digest);
        return folder;
    }

    /// The same for a person who asks what is kept: trainer files, where they are still there, are
    /// compared by size.
    public Path openListed(String uri, String digest) {
        Path folder = folder(uri, digest);
        try {
            Manifest.verifySizes(folder, uri, digest);
        } catch (CheckpointRefusedException refused) {
            if (holdsTrainerFiles(uri, digest)) {
                throw refused;
            }
            return open(uri, digest); // a trainer has dropped them the while
        }
        return folder;
    }

    /// The same for a folder found in the store, of whose digest only the digits in its name are
    /// known.
    public Path openFound(String uri) {
        Path folder = root.resolve(uri);
        String digest = Manifest.digest(folder);
        return open(uri, digest);
    }

    /// What a checkpoint's manifest says of how it was made; no other file is looked at.
    public Map<String, Object> facts(String uri, String digest) {
        return Manifest.facts(folder(uri, digest));
    }

    /// What the manifest in an opened folder says of how the checkpoint was made.
    public static Map<String, Object> facts(Path folder) {
        return Manifest.facts(folder);
    }

    /// Names of the files that only a trainer reads, as the manifest lists them: those that were
    /// dropped since are among them. No other file is looked at.
    public List<String> trainerFiles(String uri, String digest) {
        String within = TRAINER + "/";
        return Manifest.files(folder(uri, digest)).stream()
                .filter(name -> name.startsWith(within))
                .map(name -> name.substring(within.length()))
                .toList();
    }

    /// Whether a checkpoint still has trainer files.
    public boolean holdsTrainerFiles(String uri, String digest) {
        return Files.isDirectory(folder(uri, digest).resolve(TRAINER), LinkOption.NOFOLLOW_LINKS);
    }

    /// The folder of a checkpoint, whatever is in it.
    private Path folder(String uri, String digest) {
        if (!URI.matcher(uri).matches()) {
            throw new CheckpointRefusedException(
                    "checkpoint URI '" + uri + "' is not of the form role/version-digest");
        }
        if (!DIGEST.matcher(digest).matches()
                || !uri.endsWith("-" + digest.substring(0, SHORT_DIGEST))) {
            throw new CheckpointRefusedException(
                    "checkpoint " + uri + " was announced with another digest: '" + digest + "'");
        }
        Path folder = root.resolve(uri);
        for (Path part : List.of(root.resolve(uri.substring(0, uri.indexOf('/'))), folder)) {
            if (!Files.isDirectory(part, LinkOption.NOFOLLOW_LINKS)) {
                throw new CheckpointRefusedException(
                        "checkpoint "
                                + uri
                                + ": "
                                + part
                                + (deletions.contains(uri)
                                        ? " was deleted, since retention no longer kept it"
                                        : " is missing or no plain folder"));
            }
        }
        return folder;
    }

    /// Deletes what only a trainer reads from a checkpoint, all or nothing; everything else stays,
    /// and the checkpoint opens as before. Nothing happens where it is not there.
    public void dropTrainerFiles(String uri, String digest) {
        if (isPresent(uri, digest)) {
            unfinished.delete(root.resolve(uri).resolve(TRAINER));
        }
    }

    /// Deletes a checkpoint, all or nothing, and remembers that it was deleted. Nothing happens
    /// where it is not there.
    public void delete(String uri, String digest) {
        if (isPresent(uri, digest)) {
            deletions.add(uri);
            unfinished.delete(root.resolve(uri));
        }
    }

    /// Deletes folders of `role` that a save or a deletion left unfinished more than an hour ago: a
    /// younger one may be in the making.
    public void sweep(String role) {
        unfinished.sweep(role);
    }

    private boolean isPresent(String uri, String digest) {
        return URI.matcher(uri).matches()
                && DIGEST.matcher(digest).matches()
                && Files.isDirectory(root.resolve(uri), LinkOption.NOFOLLOW_LINKS);
    }
}
