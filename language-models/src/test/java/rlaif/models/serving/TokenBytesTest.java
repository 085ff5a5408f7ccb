package rlaif.models.serving;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.models.TokenBytes;
import rlaif.models.Tokenizer;

class TokenBytesTest {

    private static final String ASKED =
            """
            {"model": "parts", "messages": [{"role": "user", "content": "x"}], "max_tokens": 4,
             "temperature": 0, "logprobs": true, "top_logprobs": 5}
            """;

    @TempDir Path folder;

    @Test
    void everyByteOfAByteLevelTokenizerIsItself() throws IOException {
        try (Tokenizer tokenizer = ByteTokenizers.byteLevel(folder)) {
            TokenBytes bytes = tokenizer.bytes();
            for (int b = 0; b < 256; b++) {
                assertThat(bytes.of(b, "\uFFFD")).contains(new byte[] {(byte) b});
            }
        }
    }

    @Test
    void bytesOfTokensJoinToTheCharactersThatTheyArePartOf() throws IOException {
        try (Tokenizer tokenizer = ByteTokenizers.byteLevel(folder)) {
            TokenBytes bytes = tokenizer.bytes();
            TokenText text = new TokenText(tokenizer);
            ByteArrayOutputStream joined = new ByteArrayOutputStream();
            for (int token : tokenizer.encode("né€🙂 b")) {
                joined.writeBytes(
                        bytes.of(token, text.peek(new int[] {token}).getFirst()).orElseThrow());
                text.add(token);
            }
            assertThat(joined.toString(StandardCharsets.UTF_8)).isEqualTo("né€🙂 b");
        }
    }

    @Test
    void aByteOfByteFallbackIsItselfAndOtherTokensAreTheirText() throws IOException {
        try (Tokenizer tokenizer = ByteTokenizers.byteFallback(folder)) {
            TokenBytes bytes = tokenizer.bytes();
            TokenText text = new TokenText(tokenizer);
            assertThat(text.peek(new int[] {0, 1})).containsExactly("a", " b");
            assertThat(bytes.of(3 + 0xE4, "\uFFFD")).contains(new byte[] {(byte) 0xE4});
            assertThat(bytes.of(3 + 'a', "a")).contains(new byte[] {'a'});
            assertThat(bytes.of(1, " b")).contains(new byte[] {' ', 'b'});
            assertThat(bytes.of(2, "\uFFFD")).isEmpty();
        }
    }

    @Test
    void chatTellsTheBytesOfTokensThatAreEachAPartOfACharacter() throws Exception {
        int[] ofTheModel = IntStream.range(0, 29).map(i -> i == 28 ? 0xC3 : 0xA0 + i).toArray();
        ServedModel served =
                new ServedModel(
                        "parts",
                        "1",
                        TinyModel.model(),
                        ByteTokenizers.byteLevel(folder, ofTheModel),
                        _ -> "é"); // C3 A9
        ServingSettings settings = ServingSettings.DEFAULT;
        JsonNode content;
        try (ModelServer server = ModelServer.start(ServerAddress.local(0), settings, served);
                HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(server.uri() + "/chat/completions"))
                            .POST(HttpRequest.BodyPublishers.ofString(ASKED))
                            .build();
            String reply = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
            content = new ObjectMapper().readTree(reply).at("/choices/0/logprobs/content");
        }
        assertThat(content.size()).isPositive();
        for (JsonNode token : content) {
            Set<Integer> rivals = new HashSet<>();
            for (JsonNode rival : token.path("top_logprobs")) {
                assertThat(rival.path("bytes").size()).isEqualTo(1);
                rivals.add(rival.at("/bytes/0").asInt());
            }
            assertThat(rivals).hasSize(5).isSubsetOf(IntStream.of(ofTheModel).boxed().toList());
            assertThat(token.path("bytes")).isEqualTo(token.at("/top_logprobs/0/bytes"));
        }
    }
}
