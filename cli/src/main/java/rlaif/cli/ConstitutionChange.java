package rlaif.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import picocli.CommandLine;
import rlaif.cli.config.Configuration;

/// What a command wrote about one version of a constitution.
///
/// @param written keys of the records, as {@link Constitutions} gives them
record ConstitutionChange(String id, int version, List<String> written) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// Says what was done, and warns where a judge so configured does not follow it.
    void tell(boolean asJson, Configuration configuration, CommandLine command) {
        command.getOut().println(asJson ? json().toString() : sentence());
        command.getOut().flush();
        if (isActivation()) {
            new ConstitutionFollowers(configuration).warnUnlessAmong(List.of(id), command.getErr());
        }
    }

    private ObjectNode json() {
        return JSON.createObjectNode()
                .put("id", id)
                .put("version", version)
                .put("published", isPublication())
                .put("activated", isActivation());
    }

    private String sentence() {
        if (written.isEmpty()) {
            return "nothing to change: " + name() + " is as asked";
        }
        return name()
                + (isPublication() ? " is published" : "")
                + (isPublication() && isActivation() ? " and" : "")
                + (isActivation()
                        ? " is active: " + ConstitutionFollowers.of(id) + " from the next pair on"
                        : "");
    }

    private boolean isPublication() {
        return written.contains(name());
    }

    private boolean isActivation() {
        return written.stream().anyMatch(key -> !key.equals(name()));
    }

    private String name() {
        return id + "/" + version;
    }
}
