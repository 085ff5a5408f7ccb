package rlaif.cluster;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// Where the embedded cluster keeps everything, held by one process at a time.
///
/// `format` holds the version of what lies here, `lock` is locked by the process that uses it,
/// `lock.pid` names that process, `kafka/` and `registry/` are the servers', `logs/` their output.
final class DataDirectory implements AutoCloseable {
    private static final String FORMAT = "rlaif data directory, format 1";

    private final Path root;
    private final FileChannel lockFile;

    private DataDirectory(Path root, FileChannel lockFile) {
        this.root = root;
        this.lockFile = lockFile;
    }

    /// Makes the directory where there is none, and holds it until closed.
    static DataDirectory open(Path directory) {
        Path root = directory.toAbsolutePath().normalize();
        FileChannel lockFile = null;
        try {
            Files.createDirectories(root);
            lockFile = lock(root);
            requireFormat(root);
            Files.createDirectories(root.resolve("logs"));
            Files.writeString(root.resolve("lock.pid"), Long.toString(ownPid()));
            return new DataDirectory(root, lockFile);
        } catch (IOException e) {
            closeQuietly(lockFile, e);
            throw new DataDirectoryException(
                    "the data directory %s cannot be used: %s".formatted(root, e), e);
        } catch (DataDirectoryException e) {
            closeQuietly(lockFile, e);
            throw e;
        }
    }

    private static void closeQuietly(@Nullable FileChannel file, Exception failure) {
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
    }

    private static FileChannel lock(Path root) throws IOException {
        FileChannel file =
                FileChannel.open(
                        root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = file.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            file.close();
            throw new DataDirectoryException(
                    "the data directory %s is in use by process %s: end that process, or choose another directory"
                            .formatted(root, holder(root)));
        }
        return file;
    }

    private static String holder(Path root) {
        try {
            return Files.readString(root.resolve("lock.pid")).strip();
        } catch (IOException e) {
            return "(unknown)";
        }
    }

    private static void requireFormat(Path root) throws IOException {
        Path file = root.resolve("format");
        if (Files.exists(file)) {
            String found = Files.readString(file).strip();
            if (!found.equals(FORMAT)) {
                throw new DataDirectoryException(
                        "the data directory %s is of another version (`%s`, this one reads `%s`): choose another directory, or remove this one to start anew"
                                .formatted(root, found, FORMAT));
            }
        } else if (Files.exists(root.resolve("kafka")) || Files.exists(root.resolve("registry"))) {
            throw new DataDirectoryException(
                    "%s holds `kafka` or `registry` but no `format`: rlaif did not make it; choose another directory"
                            .formatted(root));
        } else {
            Files.writeString(file, FORMAT + "\n");
        }
    }

    private static long ownPid() {
        return ProcessHandle.current().pid();
    }

    Path root() {
        return root;
    }

    Path kafka() {
        return root.resolve("kafka");
    }

    Path registry() {
        return root.resolve("registry");
    }

    Path logs() {
        return root.resolve("logs");
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(root.resolve("lock.pid"));
            lockFile.close();
        } catch (IOException e) {
            throw new DataDirectoryException(
                    "the data directory %s could not be released: %s".formatted(root, e), e);
        }
    }
}
