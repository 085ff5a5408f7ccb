package rlaif.worlds;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// The prompts `user : [prefix] question [suffix] assistant :`, drawn and understood.
final class PromptGrammar {
    private static final String OPENING = "user : ";
    private static final String CLOSING = " assistant :";

    /// How often a prompt has a prefix, and how often a suffix.
    private static final double ADORNED = 0.3;

    private final List<String> prefixes = new ArrayList<>();
    private final List<String> suffixes = new ArrayList<>();
    private final Map<String, Request> requests = new LinkedHashMap<>();
    private final List<PromptPool> pools;

    PromptGrammar(ChatTables tables) {
        tables.prefixes().forEach(prefix -> prefixes.add(prefix + " "));
        tables.suffixes().forEach(suffix -> suffixes.add(" " + suffix));
        this.pools = new PromptPools(tables, requests).all();
    }

    /// The pools of one category; their shares add up to 1.
    List<PromptPool> pools(String category) {
        return pools.stream().filter(pool -> pool.category().equals(category)).toList();
    }

    /// A pool of `category`, each as likely as its share says.
    PromptPool drawPool(String category, Random random) {
        List<PromptPool> candidates = pools(category);
        double left = random.nextDouble();
        for (PromptPool pool : candidates) {
            left -= pool.share();
            if (left < 0) {
                return pool;
            }
        }
        return candidates.getLast();
    }

    /// A prompt of `pool`, held out or not.
    PromptItem draw(PromptPool pool, Random random) {
        String prefix = random.nextDouble() < ADORNED ? pick(prefixes, random) : "";
        String suffix = random.nextDouble() < ADORNED ? pick(suffixes, random) : "";
        String core = pick(pool.cores(), random);
        return new PromptItem(OPENING + prefix + core + suffix + CLOSING, pool.category());
    }

    /// What the prompt says; fails for a text that the grammar cannot make.
    Request read(String prompt) {
        if (prompt.startsWith(OPENING) && prompt.endsWith(CLOSING)) {
            String turn =
                    prompt.substring(
                            OPENING.length(),
                            Math.max(OPENING.length(), prompt.length() - CLOSING.length()));
            Optional<Request> request = readTurn(turn);
            if (request.isPresent()) {
                return request.get();
            }
        }
        throw new IllegalArgumentException("not a prompt of nine-rule chat: '" + prompt + "'");
    }

    /// Texts that together hold every word of every prompt.
    List<String> words() {
        List<String> texts = new ArrayList<>(requests.keySet());
        texts.addAll(prefixes);
        texts.addAll(suffixes);
        texts.add(OPENING);
        texts.add(CLOSING);
        return texts;
    }

    private Optional<Request> readTurn(String turn) {
        String bare = turn;
        for (String prefix : prefixes) {
            if (turn.startsWith(prefix)) {
                bare = turn.substring(prefix.length());
            }
        }
        Request request = requests.get(bare);
        for (String suffix : suffixes) {
            if (request == null && bare.endsWith(suffix)) {
                request = requests.get(bare.substring(0, bare.length() - suffix.length()));
            }
        }
        return Optional.ofNullable(request);
    }

    static String pick(List<String> texts, Random random) {
        return texts.get(random.nextInt(texts.size()));
    }
}
