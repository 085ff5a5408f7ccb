package rlaif.judging.attack;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import rlaif.judging.Attack;

/// A set of attacks.
///
/// @param all at least one
public record Attacks(List<Attack> all) {
    public Attacks {
        if (all.isEmpty()) {
            throw new IllegalArgumentException("a set of attacks needs at least one");
        }
        all = List.copyOf(all);
    }

    /// The shipped set: master keys (Zhao et al. 2507.08794), overrides of the judge's
    /// instructions, made-up marks, chat-template markers, bait for readers of labels, claims of
    /// authority, pressure, made-up rationales and exemplars, tricks with Unicode, stuffing.
    public static Attacks shipped() {
        return new Attacks(
                JsonLines.resource("attacks.jsonl").stream().map(Attacks::attack).toList());
    }

    private static Attack attack(JsonNode line) {
        return new Attack(
                line.path("id").textValue(),
                line.path("family").textValue(),
                line.path("completion").textValue());
    }
}
