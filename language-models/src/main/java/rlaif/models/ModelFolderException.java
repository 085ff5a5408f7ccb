package rlaif.models;

import java.nio.file.Path;

/// A model folder that cannot be used: the message names the file, the key or tensor in it, and
/// what is wrong.
public class ModelFolderException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ModelFolderException(Path file, String what) {
        super(file + ": " + what);
    }

    public ModelFolderException(Path file, String what, Throwable cause) {
        super(file + ": " + what, cause);
    }
}
