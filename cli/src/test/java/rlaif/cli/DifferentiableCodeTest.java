package rlaif.cli;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rlaif.models.Transformer;
import rlaif.trainers.ppo.PpoUpdate;

/// Under gradients DJL frees the Java number of `mul`, `div` and `pow` while the backward pass
/// still reads it: neither models nor the losses of the trainers give them one.
class DifferentiableCodeTest {
    private static final Set<String> UNSAFE = Set.of("mul", "div", "pow", "muli", "divi", "powi");

    private static final ArchRule RULE =
            ArchRuleDefinition.noClasses()
                    .should()
                    .callMethodWhere(
                            describe(
                                    "the method is mul, div or pow of an NDArray with a Java number",
                                    DifferentiableCodeTest::isUnsafe));

    private static boolean isUnsafe(JavaMethodCall call) {
        boolean ofTensors =
                call.getTargetOwner().isAssignableTo(NDArray.class)
                        || call.getTargetOwner().isEquivalentTo(NDArrays.class);
        return ofTensors
                && UNSAFE.contains(call.getName())
                && call.getTarget().getRawParameterTypes().stream()
                        .anyMatch(type -> type.isEquivalentTo(Number.class));
    }

    @Test
    void noScalarReachesArithmeticAsAJavaNumber() {
        JavaClasses production = ProductionClasses.ALL;
        assertThat(production.contain(Transformer.class)).isTrue();
        assertThat(production.contain(PpoUpdate.class)).isTrue();
        RULE.check(production);
    }

    @ParameterizedTest
    @ValueSource(classes = {OfAnArray.class, OfTwo.class})
    void theRuleSeesSuchACall(Class<?> wrong) {
        JavaClasses classes = new ClassFileImporter().importClasses(wrong);
        assertThat(RULE.evaluate(classes).hasViolation()).isTrue();
    }

    private static final class OfAnArray {

        @SuppressWarnings("unused") // read by the rule, never run
        static NDArray loss(NDArray x) {
            return x.mul(2);
        }
    }

    private static final class OfTwo {

        @SuppressWarnings("unused") // read by the rule, never run
        static NDArray loss(NDArray x) {
            return NDArrays.div(2, x);
        }
    }
}
