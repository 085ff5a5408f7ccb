package rlaif.models;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;

/// A model folder that cannot be used: the message names the file, the key or tensor in it, and
/// what is wrong.
public class ModelFolderException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /// A key whose value cannot be used.
    static ModelFolderException ofKey(Path file, String key, JsonNode value, String why) {
        String shown = value.isMissingNode() ? "missing" : value.toString();
        String brief = shown.length() > 200 ? shown.substring(0, 200) + "..." : shown;
        return new ModelFolderException(file, "key " + key + " is " + brief + "; " + why);
    }

    public ModelFolderException(Path file, String what) {
        super(file + ": " + what);
    }

    public ModelFolderException(Path file, String what, Throwable cause) {
        super(file + ": " + what, cause);
    }
}
