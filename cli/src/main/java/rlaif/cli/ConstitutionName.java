package rlaif.cli;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import rlaif.judging.Constitution;
import rlaif.processors.ConstitutionLedger;

/// What names a constitution on the command line: `ID/VERSION`, or `ID` for the version in force.
record ConstitutionName(String typed) {
    private static final Pattern VERSION = Pattern.compile("([^/]+)/(\\d{1,9})");

    String id() {
        Matcher matcher = VERSION.matcher(typed);
        return matcher.matches() ? matcher.group(1) : typed;
    }

    /// Empty: none is named.
    OptionalInt version() {
        Matcher matcher = VERSION.matcher(typed);
        return matcher.matches()
                ? OptionalInt.of(Integer.parseInt(matcher.group(2)))
                : OptionalInt.empty();
    }

    /// What is shipped under this name.
    Optional<Constitution> shipped() {
        return Constitution.shipped(id())
                .filter(found -> version().orElse(found.version()) == found.version());
    }

    /// What the stream has under this name.
    Constitution in(ConstitutionLedger ledger) {
        OptionalInt version = version();
        return (version.isPresent()
                        ? ledger.version(id(), version.getAsInt())
                        : ledger.active(id()))
                .orElseThrow(() ->
                        new Failure(
                                ExitCode.CONFIGURATION,
                                "constitution %s is not %s: %s"
                                        .formatted(
                                                typed,
                                                version.isPresent() ? "published" : "in force",
                                                Constitutions.known(ledger, id()))));
    }
}
