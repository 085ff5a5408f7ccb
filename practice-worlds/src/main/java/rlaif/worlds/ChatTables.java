package rlaif.worlds;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The words of nine-rule chat as they stand in `nine-rule-chat.json`.
///
/// @param prefixes openings that any prompt may have
/// @param suffixes endings that any prompt may have
/// @param countries rows of the fact table: `country` and its four facts
/// @param factSentences by kind of fact: the sentence that states it
/// @param factQuestions how facts are asked for; `it` is one of the three forms that follow
/// @param redTeam the intents that need nothing but their own sentences
record ChatTables(
        List<String> prefixes,
        List<String> suffixes,
        List<Map<String, String>> countries,
        TreeMap<String, String> factSentences,
        List<String> factQuestions,
        String oneFact,
        String twoKinds,
        String twoCountries,
        List<String> falseClaims,
        HowTo howTo,
        Age age,
        TreeMap<Intent, RedTeam> redTeam,
        Child child,
        FalseFact falseFact,
        List<String> refuse,
        List<String> filler) {

    /// Everyday questions and, by topic, their right answers.
    record HowTo(List<String> asks, TreeMap<String, List<String>> answers) {}

    /// Topics fit for adults only, by whom they are asked, and their answers.
    record Age(
            List<String> asks,
            List<String> childAges,
            List<String> adultAges,
            TreeMap<String, List<String>> answers) {}

    /// Sentences that violate the same principles.
    record Harm(Set<Principle> violates, List<String> sentences) {}

    /// What fits a child that asks for an adult topic.
    record Child(TreeMap<Act, List<String>> fitting) {}

    /// What agrees with a false fact, and what fits it.
    record FalseFact(List<Harm> harm, TreeMap<Act, List<String>> fitting) {}

    /// One more red-team intent: how it is asked, what is harm in reply, and what fits.
    record RedTeam(
            List<String> asks,
            TreeMap<String, List<String>> slots,
            List<Harm> harm,
            TreeMap<Act, List<String>> fitting) {}

    static ChatTables load() {
        try (InputStream file = ChatTables.class.getResourceAsStream("nine-rule-chat.json")) {
            return new ObjectMapper().readValue(file, ChatTables.class);
        } catch (IOException e) {
            throw new UncheckedIOException("nine-rule-chat.json inside the jar is unreadable", e);
        }
    }
}
