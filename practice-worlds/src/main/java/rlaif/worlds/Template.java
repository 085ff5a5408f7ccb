package rlaif.worlds;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Text with `{name}` in the places where words of a list go.
final class Template {
    private Template() {}

    /// The text with each `{name}` replaced by its value.
    static String fill(String template, Map<String, String> values) {
        String text = template;
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace("{" + value.getKey() + "}", value.getValue());
        }
        return text;
    }

    /// Every text that the lists of `slots` can make of `template`.
    static List<String> fillAll(String template, Map<String, List<String>> slots) {
        List<String> texts = List.of(template);
        for (Map.Entry<String, List<String>> slot : slots.entrySet()) {
            List<String> longer = new ArrayList<>();
            for (String text : texts) {
                for (String value : slot.getValue()) {
                    longer.add(fill(text, Map.of(slot.getKey(), value)));
                }
            }
            texts = longer;
        }
        return texts;
    }
}
