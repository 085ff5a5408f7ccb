package rlaif.models.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Templates against Jinja2 itself (`src/test/python/chat.py`), byte for byte.
class TemplateTest {

    private static final JsonNode GOLDEN = golden();
    private static final LocalDateTime NOW = LocalDateTime.parse(GOLDEN.get("now").asText());

    static List<JsonNode> small() {
        return StreamSupport.stream(GOLDEN.get("small").spliterator(), false).toList();
    }

    @ParameterizedTest
    @MethodSource("small")
    void whatJinja2WritesIsWrittenAndWhatItRefusesIsRefused(JsonNode golden) {
        String template = golden.get("template").asText();
        if (golden.get("text").isNull()) {
            assertThatThrownBy(() -> render(template)).isInstanceOf(JinjaException.class);
        } else {
            assertThat(render(template)).isEqualTo(golden.get("text").asText());
        }
    }

    @Test
    void whatATemplateRaisesIsTheMessage() {
        assertThatThrownBy(() -> render("{{ raise_exception('roles must alternate') }}"))
                .isInstanceOf(JinjaException.class)
                .hasMessage("roles must alternate");
    }

    @Test
    void aMistakeIsNamedWithItsLine() {
        assertThatThrownBy(() -> Template.parse("a\n{% if x %}\n{{ y | }}{% endif %}"))
                .hasMessage("line 3: unexpected '}}'");
        assertThatThrownBy(() -> Template.parse("\n{% include 'a' %}"))
                .hasMessage("line 2: tag 'include' is unknown");
        assertThatThrownBy(() -> render("{{ x | nothing }}"))
                .hasMessage("filter 'nothing' is unknown");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
                "{% for a in range(1000) %}{% for b in range(1000) %}{{ b }}{% endfor %}{% endfor"
                        + " %}",
                "{{ 'a' * 1000000000 }}",
                "{{ [1] * 1000000000 }}",
                "{{ range(1000000000) }}",
                "{% set ns = namespace(x='aaaaaaaaaaaaaaaa') %}{% for i in range(64) %}{% set ns.x"
                        + " = ns.x ~ ns.x %}{% endfor %}",
                "{% set ns = namespace(x=[1]) %}{% for i in range(64) %}{% set ns.x = [ns.x, ns.x]"
                        + " %}{% endfor %}{{ ns.x }}",
                "{% set ns = namespace(x=[1], y=[1]) %}{% for i in range(64) %}{% set ns.x = [ns.x,"
                        + " ns.x] %}{% set ns.y = [ns.y, ns.y] %}{% endfor %}{{ ns.x == ns.y }}",
                "{% set ns = namespace(x=[1]) %}{% for i in range(64) %}{% set ns.x = [ns.x, ns.x]"
                        + " %}{% endfor %}{{ ns.x | tojson }}",
                "{% set ns = namespace(x={'a': 1}) %}{% for i in range(64) %}{% set ns.x = {'a':"
                        + " ns.x, 'b': ns.x} %}{% endfor %}{{ ns.x | unique }}{{ [ns.x] | unique }}",
                "{% macro f(x) %}{{ f(x) }}{{ f(x) }}{% endmacro %}{{ f(1) }}",
                "{{ 'ab' | replace('', 'x' * 100000) | replace('', 'y' * 100000) }}",
                "{{ '%.99f' | format(1.5) }}{{ 9 ** 9 ** 9 ** 9 }}",
                "{% for i in range(100000) %}{{ ('x' * 100000) | upper }}{% endfor %}",
                "{% for i in range(100000) %}{{ 'a' in 'x' * 10000 }}{% endfor %}",
                "{{ 'x' | indent(1000000000) }}{{ 'x\n' * 100000 | indent('y' * 100000) }}",
                "{{ {'a': 1} | tojson(indent=1000000000) }}",
                "{{ '%999999999d' | format(1) }}",
                "{{ '%9999999999d' | format(1) }}",
                "{{ '%*d' % (1000000000, 1) }}",
                "{{ '%.999999999f' % 1.5 }}{{ '%.999999999g' % 1.5 }}",
                "{{ '%.999999999d' % 1 }}",
                "{{ ('%(' * 1000000) % {} }}",
                "{{ ('%9000000d' * 10) % (1, 2, 3, 4, 5, 6, 7, 8, 9, 0) }}",
                "{{ '{:999999999}'.format(1) }}",
                "{{ '{:.999999999e}'.format(1.0) }}",
                "{{ '{:{w}}'.format('', w=999999999) }}",
                "{{ ('{' * 1000001).format() }}",
                "{{ 'x'.center(1000000000000) }}",
                "{{ 'x'.zfill(1000000000) }}",
                "{{ 'x'.ljust(1000000000) }}",
                "{{ 'x' | center(1000000000) }}",
                "{{ [1] | batch(1000000000, 'x') | list }}",
                "{{ [1] | slice(1000000000) | list }}",
                "{% set c = joiner('x' * 10000) %}{% for i in range(100000) %}{{ c() }}{% endfor %}",
                "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
                "{% for x in [1, 2] recursive %}{{ loop([1, 2]) }}{% endfor %}",
                "{% set ns = namespace(x=[1]) %}{% for i in range(64) %}{% set ns.x = [ns.x, ns.x]"
                        + " %}{% endfor %}{% for i in [1, 2] %}{{ loop.changed(ns.x) }}{{"
                        + " [[ns.x], [ns.x]] | groupby(0) }}{% endfor %}",
            })
    void aTemplateThatNeverEndsOrFillsTheMemoryIsStopped(String template) {
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () ->
                        assertThatThrownBy(() -> render(template))
                                .isInstanceOf(JinjaException.class));
    }

    @Test
    void aTemplateThatIsNestedTooDeeplyOrTooLongIsRefused() {
        for (String part : List.of("(", "[", "not ", "-", "{'a':", "x if y else ")) {
            assertThatThrownBy(() -> render("{{ " + part.repeat(50_000) + "1 }}"))
                    .isInstanceOf(JinjaException.class);
        }
        assertThatThrownBy(() -> Template.parse("{% if x %}".repeat(10_000)))
                .hasMessageContaining("nested too deeply");
        assertThatThrownBy(() -> render("{{ 1" + " + 1".repeat(50_000) + " }}"))
                .hasMessageContaining("nested too deeply");
        assertThatThrownBy(() -> render("{{ ''" + " | trim".repeat(50_000) + " }}"))
                .hasMessageContaining("nested too deeply");
        assertThatThrownBy(() -> Template.parse("x".repeat(1_000_001)))
                .hasMessageContaining("longer than");
        assertThatThrownBy(() -> render("{{ " + "9".repeat(500_000) + " }}"))
                .hasMessageContaining("too large");
        assertThatThrownBy(() -> render("{{ " + "1_".repeat(400_000) + "x }}"))
                .isInstanceOf(JinjaException.class);
        assertThat(render("{# " + "x".repeat(900_000) + " #}")).isEmpty();
        assertThat(render("{{ 1 }}".repeat(100_000))).hasSize(100_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ ''.__class__ }}",
                "{{ messages.__init__ }}",
                "{{ ''['__class__'] }}",
                "{{ namespace.__globals__ }}",
                "{{ self.__init__ }}",
                "{{ messages.append(1) }}",
                "{{ messages[0].update({'a': 1}) }}",
                "{{ ''.getClass() }}",
                "{{ messages.getClass().forName('java.lang.Runtime') }}",
                "{{ ____int3rpr3t3r____.config }}",
                "{% include '/etc/passwd' %}",
                "{% import '/etc/passwd' as x %}",
                "{% extends 'x' %}",
                "{{ open('/etc/passwd') }}"
            })
    void nothingLeadsToAClassAFileOrAChangeOfWhatWasGiven(String template) {
        assertThatThrownBy(() -> render(template)).isInstanceOf(JinjaException.class);
    }

    @Test
    void textThatLooksLikeATemplateStaysText() {
        Template template = Template.parse("{{ messages[0].content }}{{ x ~ y }}");
        Value content = Value.of("{{ 7 * 7 }}{% raise %}{# x");
        Value message = Value.of(Map.of("content", content));
        assertThat(
                        template.render(
                                Map.of(
                                        "messages", Value.of(List.of(message)),
                                        "x", Value.of("{{"),
                                        "y", Value.of(" 1 }}")),
                                NOW))
                .isEqualTo("{{ 7 * 7 }}{% raise %}{# x{{ 1 }}");
    }

    private static String render(String template) {
        Map<String, Value> values = new LinkedHashMap<>();
        GOLDEN.get("smallContext")
                .properties()
                .forEach(entry -> values.put(entry.getKey(), value(entry.getValue())));
        return Template.parse(template).render(values, NOW);
    }

    private static Value value(JsonNode json) {
        if (json.isObject()) {
            Map<String, Value> entries = new LinkedHashMap<>();
            json.properties().forEach(e -> entries.put(e.getKey(), value(e.getValue())));
            return Value.of(entries);
        }
        if (json.isArray()) {
            List<Value> items = new ArrayList<>();
            json.forEach(item -> items.add(value(item)));
            return Value.of(items);
        }
        return json.isBoolean() ? Value.of(json.asBoolean()) : Value.of(json.asText());
    }

    private static JsonNode golden() {
        try (InputStream in = TemplateTest.class.getResourceAsStream("/chat/expected.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
