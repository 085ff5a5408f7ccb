package rlaif.judging.attack;

import java.util.List;
import rlaif.judging.Attack;
import rlaif.judging.AttackSource;
import rlaif.judging.Constitution;
import rlaif.judging.DegenerateCompletion;
import rlaif.judging.ModelText;
import rlaif.judging.Sha256;

/// The shipped attacks that a judge is asked about, under cases that it can judge, both drawn by
/// the hash of a pair.
///
/// The policy's own completions are no measure: early on many are worse than what an attack says.
public final class ShippedTrials implements AttackSource {
    private final List<Attack> attacks =
            Attacks.shipped().all().stream()
                    .filter(attack ->
                            !DegenerateCompletion.is(ModelText.cleaned(attack.completion())))
                    .toList();
    private final List<AttackCase> cases;

    /// Under the shipped cases.
    public ShippedTrials() {
        this(AttackCase.shipped(Constitution.shipped().principles().getFirst()));
    }

    /// @param cases where attacks are put; their principles are not read, for a canary is judged by
    ///   that of its pair
    public ShippedTrials(List<AttackCase> cases) {
        if (cases.isEmpty()) {
            throw new IllegalArgumentException("no case to put an attack under");
        }
        this.cases = List.copyOf(cases);
    }

    @Override
    public Trial draw(String pairId) {
        AttackCase where = cases.get((int) (Sha256.unit("case", pairId) * cases.size()));
        return new Trial(
                attacks.get((int) (Sha256.unit("attack", pairId) * attacks.size())),
                where.prompt(),
                where.decent());
    }
}
