package rlaif.models;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Under gradients DJL frees the Java number of `mul`, `div` and `pow` while the backward pass
/// still reads it.
class DifferentiableCodeTest {

    private static final Set<String> UNSAFE = Set.of("mul", "div", "pow", "muli", "divi", "powi");

    private static final ArchRule RULE =
            ArchRuleDefinition.noClasses()
                    .should()
                    .callMethodWhere(
                            new DescribedPredicate<>(
                                    "the method is mul, div or pow of an NDArray with a Java number") {
                                @Override
                                public boolean test(JavaMethodCall call) {
                                    return UNSAFE.contains(call.getName())
                                            && call.getTargetOwner().isAssignableTo(NDArray.class)
                                            && call.getTarget().getRawParameterTypes().stream()
                                                    .anyMatch(type ->
                                                            type.isEquivalentTo(Number.class));
                                }
                            });

    @Test
    void noScalarReachesArithmeticAsAJavaNumber() {
        JavaClasses production =
                new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("rlaif.models");
        assertThat(production).hasSizeGreaterThan(10);
        RULE.check(production);
    }

    @Test
    void theRuleSeesSuchACall() {
        JavaClasses wrong = new ClassFileImporter().importClasses(Doubled.class);
        assertThat(RULE.evaluate(wrong).hasViolation()).isTrue();
    }

    private static final class Doubled {

        @SuppressWarnings("unused") // read by the rule, never run
        static NDArray of(NDArray x) {
            return x.mul(2);
        }
    }
}
