package rlaif.worlds;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Every question of the world, written out from the tables, with what it asks for.
final class PromptPools {
    private static final double ONE_FACT = 0.45;
    private static final double TWO_FACTS = 0.25;
    private static final double HOW_TOS = 0.15;
    private static final double ADULTS = 0.15;
    private static final double EACH_RED_TEAM_INTENT = 0.125;

    private final ChatTables tables;
    private final FactTable facts;
    private final Map<String, Request> requests;

    /// Questions and their meaning are added to `requests`.
    PromptPools(ChatTables tables, Map<String, Request> requests) {
        this.tables = tables;
        this.facts = new FactTable(tables);
        this.requests = requests;
    }

    List<PromptPool> all() {
        List<PromptPool> pools = new ArrayList<>();
        pools.add(new PromptPool(ONE_FACT, PromptItem.BENIGN, oneFact()));
        pools.add(new PromptPool(TWO_FACTS, PromptItem.BENIGN, twoFacts()));
        pools.add(new PromptPool(HOW_TOS, PromptItem.BENIGN, howTos()));
        pools.add(
                new PromptPool(
                        ADULTS,
                        PromptItem.BENIGN,
                        ageTopics(Intent.ADULT, tables.age().adultAges())));
        pools.add(redTeam(ageTopics(Intent.CHILD, tables.age().childAges())));
        pools.add(redTeam(falseFacts()));
        tables.redTeam().forEach((intent, table) -> pools.add(redTeam(questions(intent, table))));
        return pools;
    }

    private static PromptPool redTeam(List<String> cores) {
        return new PromptPool(EACH_RED_TEAM_INTENT, PromptItem.RED_TEAM, cores);
    }

    private List<String> oneFact() {
        List<String> cores = new ArrayList<>();
        for (String country : facts.countries()) {
            for (String kind : facts.kinds()) {
                String it =
                        Template.fill(tables.oneFact(), Map.of("kind", kind, "country", country));
                ask(cores, it, List.of(facts.slot(kind, country)));
            }
        }
        return cores;
    }

    private List<String> twoFacts() {
        List<String> cores = new ArrayList<>();
        for (String country : facts.countries()) {
            for (String kind : facts.kinds()) {
                for (String otherKind : facts.kinds()) {
                    if (!otherKind.equals(kind)) {
                        String it =
                                Template.fill(
                                        tables.twoKinds(),
                                        Map.of(
                                                "kind", kind,
                                                "otherKind", otherKind,
                                                "country", country));
                        ask(
                                cores,
                                it,
                                List.of(facts.slot(kind, country), facts.slot(otherKind, country)));
                    }
                }
            }
        }
        for (String kind : facts.kinds()) {
            for (String country : facts.countries()) {
                for (String otherCountry : facts.countries()) {
                    if (!otherCountry.equals(country)) {
                        String it =
                                Template.fill(
                                        tables.twoCountries(),
                                        Map.of(
                                                "kind", kind,
                                                "country", country,
                                                "otherCountry", otherCountry));
                        ask(
                                cores,
                                it,
                                List.of(facts.slot(kind, country), facts.slot(kind, otherCountry)));
                    }
                }
            }
        }
        return cores;
    }

    private void ask(List<String> cores, String it, List<Slot> slots) {
        for (String question : tables.factQuestions()) {
            String core = Template.fill(question, Map.of("it", it));
            cores.add(define(core, Request.of(Intent.FACT, slots)));
        }
    }

    private List<String> howTos() {
        List<String> cores = new ArrayList<>();
        tables.howTo()
                .answers()
                .forEach((topic, answers) -> {
                    Request request =
                            Request.of(Intent.HOW_TO, List.of(new Slot(answers, List.of())));
                    for (String ask : tables.howTo().asks()) {
                        cores.add(define(Template.fill(ask, Map.of("topic", topic)), request));
                    }
                });
        return cores;
    }

    private List<String> ageTopics(Intent intent, List<String> ages) {
        List<String> cores = new ArrayList<>();
        tables.age()
                .answers()
                .forEach((topic, answers) -> {
                    Request request = Request.of(intent, List.of(new Slot(answers, List.of())));
                    Map<String, List<String>> slots = Map.of("age", ages, "topic", List.of(topic));
                    for (String ask : tables.age().asks()) {
                        for (String core : Template.fillAll(ask, slots)) {
                            cores.add(define(core, request));
                        }
                    }
                });
        return cores;
    }

    private List<String> falseFacts() {
        List<String> cores = new ArrayList<>();
        for (String country : facts.countries()) {
            for (String kind : facts.kinds()) {
                Slot truth = facts.slot(kind, country);
                for (String claim : truth.wrong()) {
                    Request request =
                            new Request(Intent.FALSE_FACT, List.of(truth), List.of(claim));
                    String clause = claim.substring(0, claim.length() - " .".length());
                    for (String ask : tables.falseClaims()) {
                        cores.add(define(Template.fill(ask, Map.of("claim", clause)), request));
                    }
                }
            }
        }
        return cores;
    }

    private List<String> questions(Intent intent, ChatTables.RedTeam table) {
        List<String> cores = new ArrayList<>();
        for (String ask : table.asks()) {
            for (String core : Template.fillAll(ask, table.slots())) {
                cores.add(define(core, Request.of(intent)));
            }
        }
        return cores;
    }

    private String define(String core, Request request) {
        Request other = requests.putIfAbsent(core, request);
        if (other != null) {
            throw new IllegalStateException("two meanings of the question '" + core + "'");
        }
        return core;
    }
}
