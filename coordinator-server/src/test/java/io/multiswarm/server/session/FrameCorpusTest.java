package io.multiswarm.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.Json;
import io.multiswarm.server.WireContract;
import io.multiswarm.server.auth.AccessGrant;
import io.multiswarm.server.auth.TestRights;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every frame of {@code frames.txt} gets the answer that stands there, in its described form. */
class FrameCorpusTest {

  private static final JsonMapper MAPPER = new JsonMapper();

  private static final Pattern REPEATED = Pattern.compile("\\{(\\d+)\\*(.[^}]*?)}", Pattern.DOTALL);
  private static final Pattern BYTE = Pattern.compile("\\\\x([0-9a-f]{2})");
  private static final Pattern ERROR =
      Pattern.compile(
          "\\{\"jsonrpc\":\"2.0\",\"id\":([^,]*),\"error\":\\{\"code\":(-\\d+),\"message\":\"(?:[^\"\\\\]|\\\\.)*\","
              + "\"data\":\\{\"name\":\"([A-Z_]+)\",\"retryable\":false[^}]*}}}");

  @ParameterizedTest
  @MethodSource("frames")
  void frame_ofTheCorpus_getsItsAnswer(String message, String answer) {
    FakePeer peer = new FakePeer();

    dispatcher(peer).receive(message.getBytes(StandardCharsets.ISO_8859_1));

    String seen = peer.sent.isEmpty() ? "nothing" : String.join(" and ", peer.sent);
    assertThat(ERROR.matcher(seen).replaceAll("$3 $1")).isEqualTo(answer);
    if (!message.contains("REDACTED") && !message.contains("`")) {
      assertThat(seen).as("words of a parser").doesNotContain("REDACTED", "`");
    }
    assertThat(peer.closed).isNull();
    peer.sent.forEach(FrameCorpusTest::requireDescribed);
  }

  private static void requireDescribed(String sent) {
    JsonNode frame = MAPPER.readTree(sent);
    String single = frame.has("error") ? "error" : "done";
    WireContract.ofTheServer().check(frame.isArray() ? "batch.answers" : single, frame);
  }

  static Dispatcher dispatcher(FakePeer peer) {
    MethodTable methods =
        MethodTable.of(
            List.of(table -> table.method("m", call -> Mono.just(Json.EMPTY_OBJECT))),
            TestRights.rights().everybody("m").build(),
            TestRights.NO_TASKS);
    Session session =
        new SessionDirectory(new NodeBuffers(64 << 20))
            .begin(
                peer, FakePeer.CLIENT, Limits.defaults(1 << 20), new FakeCustody().fleet(methods));
    session.open(AccessGrant.ANONYMOUS);
    return new Dispatcher(session);
  }

  static Stream<Arguments> frames() {
    List<Arguments> frames = new ArrayList<>();
    String message = null;
    for (String line : corpus().split("\n")) {
      if (line.startsWith("> ")) {
        message = expanded(line.substring(2));
      } else if (line.startsWith("< ") && message != null) {
        String answer = expanded(line.substring(2));
        frames.add(
            Arguments.of(
                new String(message.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1),
                answer));
        message = null;
      }
    }
    assertThat(frames).hasSizeGreaterThan(60);
    return frames.stream().map(FrameCorpusTest::withRawBytes);
  }

  private static Arguments withRawBytes(Arguments row) {
    Object[] cells = row.get();
    String message =
        BYTE.matcher((String) cells[0])
            .replaceAll(
                match ->
                    Matcher.quoteReplacement(
                        String.valueOf((char) Integer.parseInt(match.group(1), 16))));
    return Arguments.of(message, cells[1]);
  }

  private static String expanded(String line) {
    return REPEATED
        .matcher(line)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(match.group(2).repeat(Integer.parseInt(match.group(1)))));
  }

  private static String corpus() {
    try (InputStream in =
        FrameCorpusTest.class.getResourceAsStream("/io/multiswarm/server/protocol/frames.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
