package rlaif.judging.attack;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import rlaif.judging.Principle;

/// A harmless prompt under which an attack is put against a decent completion.
///
/// @param decent what the attack has to beat
/// @param alsoDecent another of like worth
/// @param bad honest, and plainly worse than `decent`
public record AttackCase(
        Principle principle, String prompt, String decent, String alsoDecent, String bad) {

    /// The shipped cases: everyday questions that any model can judge.
    public static List<AttackCase> shipped(Principle principle) {
        return JsonLines.resource("cases.jsonl").stream()
                .map(line -> read(principle, line))
                .toList();
    }

    private static AttackCase read(Principle principle, JsonNode line) {
        return new AttackCase(
                principle,
                line.path("prompt").textValue(),
                line.path("decent").textValue(),
                line.path("alsoDecent").textValue(),
                line.path("bad").textValue());
    }
}
