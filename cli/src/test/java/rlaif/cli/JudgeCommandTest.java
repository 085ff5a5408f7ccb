package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import rlaif.judging.Constitution;
import rlaif.judging.Principle;
import rlaif.judging.PrincipleDraw;
import rlaif.judging.attack.Attacks;

/// The judge commands against the simulated judge, in this process.
class JudgeCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LINE =
            "{\"prompt\": \"user : what is the capital of france ? assistant :\", \"first\": \"the capital"
                    + " of france is paris .\", \"second\": \"the capital of france is madrid .\", %s}\n";

    @TempDir Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return command.execute(arguments);
    }

    private JsonNode json() throws IOException {
        return JSON.readTree(out.toString());
    }

    @Test
    void evalOfTheWorldMeasuresTheSimulatedJudge() throws IOException {
        int code =
                run(
                        "judge",
                        "eval",
                        "--world",
                        "--pairs",
                        "300",
                        "--json",
                        "-X",
                        "judge.price.promptTokens=2.5",
                        "-X",
                        "judge.price.completionTokens=10");

        assertThat(code).as(err.toString()).isEqualTo(ExitCode.OK);
        JsonNode report = json();
        assertThat(report.path("labelled").asInt()).isEqualTo(300);
        assertThat(report.path("calls").asInt()).isEqualTo(600);
        assertThat(report.path("accuracy").path("value").asDouble()).isBetween(0.7, 0.97);
        assertThat(report.path("accuracy").path("low").asDouble())
                .isLessThan(report.path("accuracy").path("high").asDouble());
        assertThat(report.path("samePosition").path("pairs").asInt()).isEqualTo(300);
        assertThat(report.path("kappa").asDouble()).isBetween(0.4, 0.95);
        assertThat(report.path("ece").asDouble()).isBetween(0.0, 0.3);
        assertThat(report.path("promptTokens").asLong()).isGreaterThan(600 * 50);
        double dollars =
                2.5e-6 * report.path("promptTokens").asLong()
                        + 1e-5 * report.path("completionTokens").asLong();
        assertThat(report.path("dollars").asDouble()).isCloseTo(dollars, within(600 * 5e-7));
        assertThat(report.path("dollarsPerThousandLabels").asDouble())
                .isCloseTo(report.path("dollars").asDouble() / 0.3, within(1e-9));
        assertThat(report.path("principles")).hasSize(9);
    }

    @Test
    void evalOfAFileNamesBadLinesAndGoesOn() throws IOException {
        Path file = folder.resolve("pairs.jsonl");
        Files.writeString(
                file,
                LINE.formatted("\"label\": 1")
                        + "no json\n\n"
                        + LINE.formatted("\"label\": 3")
                        + LINE.formatted("\"label\": 0.9, \"principle\": \"no-crime\"")
                        + LINE.formatted("\"label\": 1, \"principle\": \"no-such\"")
                        + LINE.formatted("\"lable\": 1")
                        + "{\"prompt\": \"a\", \"first\": 7, \"second\": \"b\", \"label\": 1}\n"
                        + LINE.formatted("\"label\": 1, \"principle\": \"\u00ff\""),
                StandardCharsets.ISO_8859_1);

        int code = run("judge", "eval", file.toString(), "--json");

        assertThat(code).as(err.toString()).isEqualTo(ExitCode.PARTIAL);
        assertThat(json().path("labelled").asInt()).isEqualTo(2);
        assertThat(json().path("skippedLines").asInt()).isEqualTo(6);
        assertThat(json().path("accuracy").path("value").asDouble()).isEqualTo(1);
        assertThat(err.toString())
                .contains("line 2: is no JSON")
                .contains("line 4: 'label' must be 1, 2 or a probability")
                .contains("line 6: constitution nine-rules has no principle \"no-such\"")
                .contains("line 7: unknown key [lable]")
                .contains("line 8: 'first' must be text, got 7")
                .contains("line 9: is not UTF-8");
    }

    @Test
    void probeShowsWhatWasSentReceivedAndRead() throws IOException {
        int code = run("judge", "probe");

        assertThat(code).as(err.toString()).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains("=== first completion shown as 1", "=== first completion shown as 2")
                .containsPattern("<completion 1 [0-9a-f]{12}>")
                .contains("\"object\":\"chat.completion\"")
                .containsPattern("P\\(1\\) = 0\\.\\d{4}, covered mass 1\\.0000")
                .containsPattern("label: P\\(first is better\\) = 0\\.[5-9]\\d{3}");
    }

    @Test
    void probeShowsTheRequestForTheRationaleAndForTheLabel() throws IOException {
        int code = run("judge", "probe", "-X", "judge.template=base-cot", "--json");

        assertThat(code).as(err.toString()).isEqualTo(ExitCode.OK);
        for (JsonNode order : json().path("orders")) {
            assertThat(order.path("calls")).hasSize(2);
            String rationale =
                    order.at("/calls/0/received/choices/0/message/content").asText().strip();
            assertThat(rationale).isNotEmpty();
            assertThat(order.at("/calls/1/sent/messages/0/content").asText()).contains(rationale);
        }
    }

    @Test
    void probeDecidesWithoutAskingWhatTheJudgeRoleDoes() throws IOException {
        int code =
                run(
                        "judge",
                        "probe",
                        "--prompt",
                        "user : what is the capital of france ? assistant :",
                        "--first",
                        "Solution:",
                        "--second",
                        "the capital of france is paris .",
                        "--json");

        assertThat(code).as(err.toString()).isEqualTo(ExitCode.OK);
        assertThat(json().path("withoutCall").asText())
                .isEqualTo("the first completion says nothing: it loses");
        assertThat(json().path("orders")).isEmpty();
        assertThat(json().path("firstProbability").asDouble(1)).isZero();
    }

    @Test
    void probeShowsEverySampleOfBothOrdersAndTheirMean() throws IOException {
        String[] probe = {
            "judge",
            "probe",
            "-X",
            "judge.template=base-cot",
            "-X",
            "judge.selfConsistency=3",
            "--json"
        };
        int code = run(probe);

        assertThat(code).as(err.toString()).isEqualTo(ExitCode.OK);
        assertThat(json().path("orders")).hasSize(6);
        double sum = 0;
        for (int i = 0; i < 6; i++) {
            JsonNode asked = json().path("orders").path(i);
            assertThat(asked.path("order").asText())
                    .isEqualTo(i < 3 ? "FIRST_SECOND" : "SECOND_FIRST");
            assertThat(asked.path("sample").asInt()).isEqualTo(i % 3);
            assertThat(asked.path("calls")).hasSize(2);
            double probability1 = asked.path("probability1").asDouble();
            sum += i < 3 ? probability1 : 1 - probability1;
        }
        assertThat(json().path("firstProbability").asDouble()).isCloseTo(sum / 6, within(1e-12));

        out.getBuffer().setLength(0);
        probe[probe.length - 1] = "-v";
        assertThat(run(probe)).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains("=== first completion shown as 2, sample 3 of 3")
                .containsPattern("shown as 1: P\\(first is better\\) = 0\\.\\d{4}, the mean");
    }

    @Test
    void probeJudgesByAllPrinciplesWhereTheSettingsDo() throws IOException {
        int code = run("judge", "probe", "-X", "judge.principles=all", "--json");

        assertThat(code).as(err.toString()).isEqualTo(ExitCode.OK);
        assertThat(json().at("/pair/principle").asText()).isEqualTo("all");
        assertThat(json().at("/pair/principles")).hasSize(9);
        String message = json().at("/orders/0/calls/0/sent/messages/0/content").asText();
        Constitution.shipped("nine-rules").orElseThrow().principles().stream()
                .map(Principle::compare)
                .forEach(text -> assertThat(message).contains(text));
    }

    @Test
    void probeDrawsThePrincipleOfAPairOfTheStreamByItsId() throws IOException {
        Set<String> drawn = new HashSet<>();
        for (String id : List.of("a", "b", "c")) {
            out.getBuffer().setLength(0);
            assertThat(
                            run(
                                    "judge",
                                    "probe",
                                    "--id",
                                    id,
                                    "--json",
                                    "-X",
                                    "judge.kind=computed",
                                    "-X",
                                    "seed=7"))
                    .as(err.toString())
                    .isEqualTo(ExitCode.OK);
            Constitution constitution = Constitution.shipped("nine-rules").orElseThrow();
            assertThat(json().at("/pair/principle").asText())
                    .isEqualTo(PrincipleDraw.draw(constitution, id, 7).id());
            drawn.add(json().at("/pair/principle").asText());
        }
        assertThat(drawn).hasSizeGreaterThan(1);
    }

    @Test
    void probeAsksTheSecondOrderOnlyWhereTheJudgeRoleWould() throws IOException {
        String[] probe = {
            "judge",
            "probe",
            "-X",
            "judge.kind=computed",
            "-X",
            "judge.secondOrder=uncertain",
            "-X",
            "judge.auditShare=0",
            "-X",
            "judge.secondOrderThreshold=0.1",
            "--json"
        };

        assertThat(run(probe)).as(err.toString()).isEqualTo(ExitCode.OK);
        assertThat(json().path("orders")).hasSize(1);
        assertThat(json().path("secondOrder").asText()).isEqualTo("SKIPPED");
    }

    @Test
    void probeShowsBothScoresAndTheirDistributionWhereTheJudgeScores() throws IOException {
        int code = run("judge", "probe", "-X", "score.by=judge", "--json");

        assertThat(code).as(err.toString()).isEqualTo(ExitCode.OK);
        assertThat(json().path("scores")).hasSize(2);
        for (JsonNode score : json().path("scores")) {
            assertThat(score.path("calls")).isNotEmpty();
            assertThat(score.at("/calls/0/sent/messages/0/content").asText())
                    .contains(score.path("completion").asText(), "1 to 10");
            assertThat(score.path("scoreProbabilities")).hasSize(10);
            double covered = 0;
            double weighed = 0;
            for (int i = 0; i < 10; i++) {
                double mass = score.path("scoreProbabilities").path(i).asDouble();
                covered += mass;
                weighed += (i + 1) * mass;
            }
            assertThat(score.path("coveredMass").asDouble())
                    .isCloseTo(Math.min(1, covered), within(1e-9));
            assertThat(score.path("rawScore").asDouble())
                    .isCloseTo(weighed / covered, within(1e-9));
            assertThat(score.path("rewardScore").asDouble())
                    .isCloseTo(2 * (weighed / covered - 1) / 9 - 1, within(1e-9));
        }

        out.getBuffer().setLength(0);
        assertThat(run("judge", "probe", "-X", "score.by=judge")).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains("=== second completion", "--- sent", "--- received")
                .containsPattern("P\\(10\\) = 0\\.\\d{4}")
                .containsPattern("record: raw score \\d\\.\\d{4}, score -?0\\.\\d{4} of -1 to 1")
                .doesNotContain("label:");
    }

    @Test
    void attackStandsBesideTheCleanBaselineAndFailsAboveItsLimit() throws IOException {
        int code = run("judge", "attack", "--json");

        assertThat(code).as(err.toString()).isEqualTo(ExitCode.OK);
        JsonNode report = json();
        assertThat(report.path("all").path("pairs").asInt())
                .isEqualTo(Attacks.shipped().all().size());
        assertThat(report.path("all").path("rate").asDouble()).isLessThan(0.1);
        assertThat(report.path("all").path("failed").asInt()).isZero();
        assertThat(report.path("clean").path("bad").path("rate").asDouble()).isLessThan(0.2);
        assertThat(report.path("clean").path("decent").path("rate").asDouble()).isBetween(0.2, 0.8);
        for (JsonNode family : report.path("families")) {
            if (family.path("family").asText().startsWith("opener")) {
                assertThat(family.path("withoutCall")).isEqualTo(family.path("pairs"));
                assertThat(family.path("preferred").asInt()).isZero();
            }
        }

        assertThat(run("judge", "attack", "--family", "length-stuffing", "--limit", "0"))
                .isEqualTo(ExitCode.VERIFICATION);
        assertThat(err.toString()).contains("more than the limit of 0.0 %");
    }

    @Test
    void aComputedJudgeIsMeasuredLikeAnyOther() throws IOException {
        Path file = folder.resolve("pairs.jsonl");
        Files.writeString(file, LINE.formatted("\"label\": 1") + LINE.formatted("\"label\": 2"));

        int code =
                run(
                        "judge",
                        "eval",
                        file.toString(),
                        "--json",
                        "-X",
                        "judge.kind=computed",
                        "-X",
                        "judge.computed.feedback=command",
                        "-X",
                        "judge.computed.command=[\"/bin/sh\", \"-c\", \"grep -c paris || true\"]",
                        "-X",
                        "judge.computed.maxProcesses=1");

        assertThat(code).as(err.toString()).isEqualTo(ExitCode.OK);
        assertThat(json().path("judge").path("model").asText()).isEqualTo("command");
        assertThat(json().path("accuracy").path("value").asDouble()).isEqualTo(0.5);
        assertThat(json().path("samePosition").path("value").asDouble()).isZero();
        assertThat(json().path("dollars").isNull()).isTrue();
    }

    @Test
    void aComputedJudgeIsAttackedLikeAnyOther() throws IOException {
        assertThat(stuffingSucceeds("longer")).isGreaterThan(stuffingSucceeds("shorter"));
    }

    private double stuffingSucceeds(String better) throws IOException {
        out.getBuffer().setLength(0);
        int code =
                run(
                        "judge",
                        "attack",
                        "--json",
                        "--family",
                        "length-stuffing",
                        "-X",
                        "judge.kind=computed",
                        "-X",
                        "judge.computed.length=" + better);

        assertThat(code).as(err.toString()).isEqualTo(ExitCode.OK);
        assertThat(json().path("all").path("failed").asInt()).isZero();
        return json().path("all").path("rate").asDouble();
    }

    @Test
    void aFileWithoutALabelledPairIsNoResult() throws IOException {
        for (String text : List.of("", "{}\n")) {
            Path file = Files.writeString(folder.resolve("none.jsonl"), text);
            assertThat(
                            run(
                                    "judge",
                                    "eval",
                                    file.toString(),
                                    "-X",
                                    "judge.kind=computed",
                                    "-X",
                                    "judge.computed.feedback=length"))
                    .isEqualTo(ExitCode.CONFIGURATION);
            assertThat(err.toString()).contains("none.jsonl holds no labelled pair");
        }
    }

    @Test
    void mistakesAreNamed() {
        assertThat(run("judge", "probe", "-X", "judge.kind=oracle"))
                .isEqualTo(ExitCode.CONFIGURATION);
        assertThat(run("judge", "probe", "-X", "judge.kind=local"))
                .isEqualTo(ExitCode.CONFIGURATION);
        assertThat(
                        run(
                                "judge",
                                "probe",
                                "-X",
                                "judge.kind=local",
                                "-X",
                                "judge.local.model=.",
                                "-X",
                                "judge.local.threads=1000000"))
                .isEqualTo(ExitCode.CONFIGURATION);
        assertThat(
                        run(
                                "judge",
                                "probe",
                                "-X",
                                "judge.kind=computed",
                                "-X",
                                "judge.computed.feedback=command",
                                "-X",
                                "judge.computed.command=no-such-program-here"))
                .isEqualTo(ExitCode.CONFIGURATION);
        assertThat(
                        run(
                                "judge",
                                "probe",
                                "-X",
                                "judge.kind=computed",
                                "-X",
                                "judge.computed.feedback=regex",
                                "-X",
                                "judge.computed.regex=(sorry"))
                .isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err.toString())
                .contains("judge.computed.regex: '(sorry' is no regular expression")
                .contains("judge.kind is 'oracle': it must be http, local or computed")
                .contains("judge.local.model is '': it must be a Hugging Face folder")
                .contains("judge.local.threads is 1000000, and this process may use")
                .contains("there is no program no-such-program-here");

        assertThat(run("judge", "attack", "--family", "voodoo")).isEqualTo(ExitCode.USAGE);
        assertThat(run("judge", "eval", "absent.jsonl")).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(run("judge", "probe", "--prompt", "alone")).isEqualTo(ExitCode.USAGE);
        assertThat(run("judge")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString())
                .contains("no family 'voodoo': there are punctuation")
                .contains("absent.jsonl: no such file")
                .contains("a pair needs --prompt, --first and --second")
                .contains("judge eval, judge probe or judge attack");
    }
}
