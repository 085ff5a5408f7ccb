package rlaif.judging;

import java.util.regex.Pattern;

/// Text that a model wrote, made harmless for another model's prompt: control characters, invisible
/// direction marks and chat-template markers become spaces.
///
/// A marker is replaced by a space and never contains one, so what is left cannot join into a new
/// marker: one pass suffices, in time linear in the text.
public final class ModelText {
    /// Control (but not tab and newline), private, unassigned and unpaired surrogate characters;
    /// marks that hide or reorder text; tag characters.
    private static final Pattern INVISIBLE =
            Pattern.compile(
                    "[\\p{Cc}\\p{Co}\\p{Cn}\\p{Cs}&&[^\\t\\n]]"
                            + "|[\\u00ad\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff]"
                            + "|[\\x{E0000}-\\x{E007F}]");

    private static final Pattern MARKER =
            Pattern.compile(
                    "<[|｜][^\\s<>|｜]{1,64}[|｜]>"
                            + "|</?(?:s|bos|eos|pad|unk|think|start_of_turn|end_of_turn)>"
                            + "|<</?SYS>>"
                            + "|\\[/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS)\\]",
                    Pattern.CASE_INSENSITIVE);

    private ModelText() {}

    /// The text, as another model may read it.
    public static String cleaned(String text) {
        return MARKER.matcher(INVISIBLE.matcher(text).replaceAll(" ")).replaceAll(" ");
    }
}
