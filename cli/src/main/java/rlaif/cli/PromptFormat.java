package rlaif.cli;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import rlaif.models.ChatMessage;
import rlaif.models.Tokenizer;
import rlaif.models.serving.ChatFormat;
import rlaif.models.serving.RefusedCallException;
import rlaif.worlds.FactSheet;
import rlaif.worlds.NineRuleChat;

/// How a person's words become a prompt of a policy.
enum PromptFormat {
    /// As they are.
    PLAIN {
        @Override
        String prompt(String words) {
            return words;
        }

        @Override
        ChatFormat chat() {
            return ChatFormat.PLAIN;
        }
    },
    /// As a turn of nine-rule chat: lower case, punctuation apart, between the marks of the turns.
    NINE_RULE_CHAT {
        @Override
        String prompt(String words) {
            return words.startsWith("user :") ? words : turn("user", words) + " assistant :";
        }

        @Override
        ChatFormat chat() {
            return messages -> {
                if (messages.size() == 1 && messages.getFirst().role() == ChatMessage.Role.USER) {
                    return prompt(messages.getFirst().content());
                }
                StringBuilder turns = new StringBuilder();
                for (ChatMessage message : messages) {
                    turns.append(
                                    switch (message.role()) {
                                        case USER -> turn("user", message.content());
                                        case ASSISTANT -> turn("assistant", message.content());
                                        case SYSTEM ->
                                                throw RefusedCallException.field(
                                                        "messages",
                                                        "this policy was trained without system messages: leave them away");
                                    })
                            .append(' ');
                }
                return turns + "assistant :";
            };
        }

        private String turn(String speaker, String words) {
            String apart = apart(words, "([?.,!])");
            boolean ended = apart.endsWith("?") || apart.endsWith(".") || apart.endsWith("!");
            return speaker + " : " + apart + (ended ? "" : " .");
        }
    },
    /// As a post of the fact sheet world: lower case, punctuation apart, then the mark of the
    /// summary.
    FACT_SHEET {
        @Override
        String prompt(String words) {
            return words.startsWith("post :")
                    ? words
                    : "post : " + apart(words, "([.:])") + " summary :";
        }

        @Override
        ChatFormat chat() {
            return messages -> prompt(messages.getLast().content());
        }
    };

    /// The prompt that `words` are.
    abstract String prompt(String words);

    /// How the messages of a chat become a prompt.
    abstract ChatFormat chat();

    /// A policy with a practice world's vocabulary speaks its format; any other takes the words as
    /// they are.
    static PromptFormat of(Tokenizer tokenizer) {
        if (tokenizer.digest().equals(sha256(new NineRuleChat().tokenizerJson()))) {
            return NINE_RULE_CHAT;
        }
        return tokenizer.digest().equals(sha256(new FactSheet().tokenizerJson()))
                ? FACT_SHEET
                : PLAIN;
    }

    private static String apart(String words, String punctuation) {
        return words.toLowerCase(Locale.ROOT)
                .replaceAll(punctuation, " $1 ")
                .strip()
                .replaceAll("\\s+", " ");
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException bug) {
            throw new IllegalStateException("every Java has SHA-256", bug);
        }
    }
}
