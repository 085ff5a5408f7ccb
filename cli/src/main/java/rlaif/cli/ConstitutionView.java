package rlaif.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import rlaif.judging.Constitution;
import rlaif.judging.ConstitutionFile;

/// A constitution with all that it says, for people and for programs.
record ConstitutionView(Constitution constitution) {
    /// A file of it, with what it is in a comment.
    String yaml(String is) {
        return "# %s is %s%n".formatted(Constitutions.name(constitution), is)
                + ConstitutionFile.text(constitution);
    }

    ObjectNode json() {
        return ConstitutionFile.document(constitution);
    }
}
