package rlaif.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/// Workers meet only in topics; models and judging know no Kafka; only the command line knows
/// everybody.
class ModuleRulesTest {
    @Test
    void workersNeverImportEachOther() {
        ArchRule rule =
                layeredArchitecture()
                        .consideringOnlyDependenciesInLayers()
                        .layer("producers")
                        .definedBy("rlaif.producers..")
                        .layer("processors")
                        .definedBy("rlaif.processors..")
                        .layer("trainers")
                        .definedBy("rlaif.trainers..")
                        .layer("monitor")
                        .definedBy("rlaif.monitor..")
                        .layer("cli")
                        .definedBy("rlaif.cli..")
                        .whereLayer("producers")
                        .mayOnlyBeAccessedByLayers("cli")
                        .whereLayer("processors")
                        .mayOnlyBeAccessedByLayers("cli")
                        .whereLayer("trainers")
                        .mayOnlyBeAccessedByLayers("cli")
                        .whereLayer("monitor")
                        .mayOnlyBeAccessedByLayers("cli")
                        .whereLayer("cli")
                        .mayNotBeAccessedByAnyLayer();
        rule.check(ProductionClasses.ALL);
    }

    @Test
    void modelsJudgingAndWorldsKnowNoKafka() {
        noClasses()
                .that()
                .resideInAnyPackage("rlaif.models..", "rlaif.judging..", "rlaif.worlds..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "rlaif.topics..", "rlaif.events..")
                .check(ProductionClasses.ALL);
    }

    @Test
    void trainersArithmeticKnowsNoStream() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "rlaif.trainers.ppo..",
                        "rlaif.trainers.grouped..",
                        "rlaif.trainers.dpo..",
                        "rlaif.trainers.reward..",
                        "rlaif.trainers.sft..",
                        "rlaif.trainers.batching..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.apache.kafka..",
                        "rlaif.topics..",
                        "rlaif.events..",
                        "rlaif.trainers",
                        "rlaif.trainers.loop..")
                .check(ProductionClasses.ALL);
    }

    @Test
    void topicsKnowNoModel() {
        noClasses()
                .that()
                .resideInAPackage("rlaif.topics..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("rlaif.models..", "rlaif.judging..", "ai.djl..")
                .check(ProductionClasses.ALL);
    }

    @Test
    void practiceWorldsAndTheEmbeddedClusterServeOnlyTheCommandLine() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "rlaif.cli..", "rlaif.worlds..", "rlaif.cluster..", "rlaif.benchmarks..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("rlaif.worlds..", "rlaif.cluster..")
                .check(ProductionClasses.ALL);
    }

    @Test
    void benchmarksServeOnlyTheCommandLine() {
        noClasses()
                .that()
                .resideOutsideOfPackages("rlaif.cli..", "rlaif.benchmarks..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("rlaif.benchmarks..")
                .check(ProductionClasses.ALL);
    }

    @Test
    void onlyTheCommandLineReadsTheEnvironment() {
        noClasses()
                .that()
                .resideOutsideOfPackage("rlaif.cli..")
                .should()
                .callMethod(System.class, "getenv")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .check(ProductionClasses.ALL);
    }
}
