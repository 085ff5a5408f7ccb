package rlaif.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import rlaif.judging.Constitution;
import rlaif.judging.ConstitutionFile;
import rlaif.judging.Principle;

/// A constitution with all that it says, for people and for programs.
record ConstitutionView(Constitution constitution) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// A file of it, with what it is in a comment.
    String yaml(String is) {
        return "# %s is %s%n".formatted(Constitutions.name(constitution), is)
                + ConstitutionFile.text(constitution);
    }

    ObjectNode json() {
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
}
