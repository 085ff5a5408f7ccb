package rlaif.judging;

import java.util.regex.Pattern;

/// Text that a model wrote, made harmless for another model's prompt: control characters, invisible
/// and direction marks, and chat-template markers become spaces; marks like those of a judge prompt
/// get round brackets.
///
/// A marker is replaced by a space and never contains one, so what is left cannot join into a new
/// marker: one pass suffices, in time linear in the text. What other texts need, such as the
/// joiners inside Persian words or emoji, stays.
public final class ModelText {
    /// Control (but not tab and newline), private, unassigned and unpaired surrogate characters;
    /// format characters that hide or reorder text (but not those of Arabic and Syriac numbers);
    /// joiners beside ASCII, where nothing is joined; line separators; letters that are blank;
    /// variation selectors but the one of emoji.
    private static final Pattern INVISIBLE =
            Pattern.compile(
                    "[\\p{Cc}\\p{Co}\\p{Cn}\\p{Cs}&&[^\\t\\n]]"
                            + "|[\\p{Cf}&&[^\\u0600-\\u0605\\u06dd\\u070f\\u0890\\u0891\\u08e2\\u200c\\u200d]]"
                            + "|(?<=\\p{ASCII})[\\u200c\\u200d]|[\\u200c\\u200d](?=\\p{ASCII})"
                            + "|[\\u2028\\u2029\\u115f\\u1160\\u3164\\uffa0\\u2800]"
                            + "|[\\ufe00-\\ufe0e\\x{E0100}-\\x{E01EF}]");

    /// Control tokens of the chat templates in use, with ASCII or full-width brackets.
    private static final Pattern MARKER =
            Pattern.compile(
                    "[<＜][|｜][^\\s<>＜＞|｜]{1,64}[|｜][>＞]"
                            + "|[<＜]/?(?:s|bos|eos|pad|unk|mask|sep|cls|think|image|start_of_turn"
                            + "|end_of_turn|start_of_image|end_of_image|tools?|tool_calls?"
                            + "|tool_response|unused\\d{1,5}|extra_id_\\d{1,5}|0x[0-9A-F]{2})[>＞]"
                            + "|[<＜]{2}/?SYS[>＞]{2}"
                            + "|[\\[［]/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS"
                            + "|THINK|IMG|BOS|EOS|PAD|UNK|CLS|SEP|MASK)[\\]］]",
                    Pattern.CASE_INSENSITIVE);

    /// A mark of a judge prompt, whatever code it carries: the real ones have a code that nobody
    /// can know, and a weak judge should not have to notice that.
    private static final Pattern MARK =
            Pattern.compile(
                    "[<＜](\\h*+(?:/\\h*+)?"
                            + "(?:conversation|completion(?:\\h*+[12])?|principle|rationale|critique"
                            + "|example(?:\\h[^<>＜＞\\n]{1,32})?)"
                            + "(?:\\h++[^\\s<>＜＞]{1,64})?\\h*+)[>＞]",
                    Pattern.CASE_INSENSITIVE);

    private ModelText() {}

    /// The text as it may be shown to a model.
    public static String cleaned(String text) {
        String visible = INVISIBLE.matcher(text).replaceAll(" ");
        String unmarked = MARKER.matcher(visible).replaceAll(" ");
        return MARK.matcher(unmarked).replaceAll("($1)");
    }
}
