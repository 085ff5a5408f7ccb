package rlaif.judging;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A completion that says nothing: empty, punctuation only, or openers with nothing after them.
/// Judges are fooled by such "master keys" (Zhao et al. 2507.08794), so it loses without being
/// asked about.
///
/// Read after Unicode's compatibility normalisation, without marks and with Cyrillic and Greek
/// look-alikes as the Latin letters they pass for. An opener is what announces content and has
/// none; what may be all that was asked for is judged: a short reply such as "yes", "of course" or
/// "2", a symbol or an emoji, and most openers of one word without punctuation ("Réponse", to
/// somebody who asks for the French of "answer").
public final class DegenerateCompletion {
    /// Between words, which are letters and numbers, or symbols; modifiers such as the accent grave
    /// are none, nor is what Markdown decorates words with.
    private static final Pattern NOT_WORD =
            Pattern.compile("[[^\\p{L}\\p{N}\\p{Sm}\\p{Sc}\\p{So}][<>|=~]]+");

    /// What decorates words, and may be an answer where there is none.
    private static final Pattern DECORATION = Pattern.compile("[<>|=~]");

    private static final Pattern ASCII = Pattern.compile("\\p{ASCII}*");
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final String LOOK_ALIKES = "аеорсухіјѕԁһοαεικνρτυχ";
    private static final String LATIN = "aeopcyxijsdhoaeikvptux";
    private static final Map<Character, Character> LATIN_BY_LOOK_ALIKE = latinByLookAlike();

    private static final Set<List<String>> OPENERS =
            Stream.of(
                            "thought process",
                            "thinking process",
                            "reasoning",
                            "explanation",
                            "let s think step by step",
                            "let us think step by step",
                            "let s think about this",
                            "let s think about this step by step",
                            "let us think about this step by step",
                            "let us think about this carefully step by step",
                            "let s solve this step by step",
                            "let us solve this step by step",
                            "let s solve this problem step by step",
                            "let us solve this problem step by step",
                            "let s break it down",
                            "let s break this down",
                            "let s break this down step by step",
                            "let s see",
                            "let me see",
                            "let me think",
                            "let me think about this",
                            "let me think step by step",
                            "to answer this question",
                            "to answer this question let s begin by analysing it",
                            "to solve this problem",
                            "solution",
                            "the solution",
                            "the solution is",
                            "answer",
                            "the answer",
                            "the answer is",
                            "final answer",
                            "the final answer is",
                            "response",
                            "here is the answer",
                            "here is my answer",
                            "here is the response",
                            "here is my response",
                            "here is the solution",
                            "here s the answer",
                            "here s my answer",
                            "here s my response",
                            "step 1",
                            "step one",
                            "lösung",
                            "antwort",
                            "erklärung",
                            "denken wir schritt für schritt",
                            "lass uns schritt für schritt denken",
                            "réponse",
                            "explication",
                            "réfléchissons étape par étape",
                            "respuesta",
                            "solución",
                            "pensemos paso a paso",
                            "soluzione",
                            "risposta",
                            "resposta",
                            "solução",
                            "решение",
                            "ответ",
                            "λύση",
                            "απάντηση",
                            "çözüm",
                            "cevap",
                            "rozwiązanie",
                            "odpowiedź",
                            "oplossing",
                            "antwoord",
                            "解",
                            "答",
                            "解答",
                            "答案",
                            "解説",
                            "答え",
                            "かいせつ",
                            "让我们一步一步地思考",
                            "让我们一步一步思考",
                            "풀이",
                            "답",
                            "정답",
                            "الحل",
                            "الجواب",
                            "उत्तर",
                            "हल")
                    .map(opener -> List.of(words(opener)))
                    .collect(Collectors.toUnmodifiableSet());

    /// Words that mean something alone and nothing before an opener ("Sure, here is the answer:").
    private static final Set<List<String>> LEAD_INS =
            Stream.of("sure", "certainly", "of course", "okay", "ok", "well", "so", "now", "first")
                    .map(leadIn -> List.of(words(leadIn)))
                    .collect(Collectors.toUnmodifiableSet());

    /// Openers of one word that attacks are known to consist of, without punctuation.
    private static final Set<List<String>> BARE_KEYS =
            Stream.of("solution", "解", "かいせつ", "respuesta")
                    .map(key -> List.of(words(key)))
                    .collect(Collectors.toUnmodifiableSet());

    private static final int LONGEST =
            OPENERS.stream().mapToInt(List::size).max().orElseThrow(); // in words

    private DegenerateCompletion() {}

    /// @param completion as {@link ModelText} leaves it
    public static boolean is(String completion) {
        String plain = plain(completion);
        String[] words = split(plain);
        if (words.length == 0) {
            return !DECORATION.matcher(plain).find();
        }
        boolean bare = words.length == 1 && plain.strip().length() == words[0].length();
        return isOpeners(words) && (!bare || BARE_KEYS.contains(List.of(words)));
    }

    /// Whether the words can be cut into openers and lead-ins, the last an opener: `reached` holds
    /// the ends of such cuts, and is looked back on by the longest opener only.
    private static boolean isOpeners(String[] words) {
        List<String> all = List.of(words);
        boolean[] reached = new boolean[words.length + 1]; // by openers and lead-ins
        boolean opener = false; // whether one ends here
        int last = 0; // the farthest end
        reached[0] = true;
        for (int end = 1; end <= words.length && end - last <= LONGEST; end++) {
            opener = false;
            for (int start = Math.max(0, end - LONGEST); start < end; start++) {
                if (reached[start]) {
                    List<String> piece = all.subList(start, end);
                    opener |= OPENERS.contains(piece);
                    reached[end] |= opener || LEAD_INS.contains(piece);
                }
            }
            last = reached[end] ? end : last;
        }
        return opener && last == words.length;
    }

    private static String[] words(String text) {
        return split(plain(text));
    }

    private static String plain(String text) {
        String folded = ASCII.matcher(text).matches() ? text : folded(text);
        return folded.toLowerCase(Locale.ROOT);
    }

    private static String[] split(String plain) {
        String words = NOT_WORD.matcher(plain).replaceAll(" ").strip();
        return words.isEmpty() ? new String[0] : words.split(" ", -1);
    }

    private static String folded(String text) {
        String apart = Normalizer.normalize(text, Normalizer.Form.NFKD);
        String unmarked = MARKS.matcher(apart).replaceAll("");
        StringBuilder folded = new StringBuilder(unmarked.toLowerCase(Locale.ROOT));
        for (int i = 0; i < folded.length(); i++) {
            Character latin = LATIN_BY_LOOK_ALIKE.get(folded.charAt(i));
            if (latin != null) {
                folded.setCharAt(i, latin);
            }
        }
        return folded.toString();
    }

    private static Map<Character, Character> latinByLookAlike() {
        Map<Character, Character> latin = new HashMap<>();
        for (int i = 0; i < LOOK_ALIKES.length(); i++) {
            latin.put(LOOK_ALIKES.charAt(i), LATIN.charAt(i));
        }
        return Map.copyOf(latin);
    }
}
