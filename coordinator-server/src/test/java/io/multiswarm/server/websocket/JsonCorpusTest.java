package io.multiswarm.server.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The kinds of JSON texts that the public suites for parsers try, as {@code json.txt} has them, as
 * a user's payload over a real socket: what is well formed comes back byte for byte, what is not is
 * a PARSE_ERROR, and what is not UTF-8 ends the connection with 1007.
 */
class JsonCorpusTest {

  private static final Pattern REPEATED = Pattern.compile("\\{(\\d+)\\*([^}]*)}");
  private static final Pattern BYTE = Pattern.compile("\\\\x([0-9a-f]{2})");

  private static final byte[] BEFORE =
      ascii("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":{\"value\":");
  private static final byte[] AFTER = ascii("}}");

  private static EchoServer server;
  private static RawClient client;

  /** A text of the corpus, and its line for who reads the test's report. */
  record Text(String line, byte[] bytes) {
    @Override
    public String toString() {
      return line;
    }
  }

  @BeforeAll
  static void start() {
    server = new EchoServer();
    client = RawClient.session(server.port());
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  static Stream<Text> accepted() {
    return corpus("y");
  }

  static Stream<Text> malformed() {
    return corpus("n");
  }

  static Stream<Text> undecodable() {
    return corpus("u");
  }

  @Test
  void corpus_always_hasManyOfEachKind() {
    assertThat(accepted()).hasSizeGreaterThan(80);
    assertThat(malformed()).hasSizeGreaterThan(150);
    assertThat(undecodable()).hasSizeGreaterThan(15);
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void payload_wellFormed_comesBackByteForByte(Text text) {
    client.send(0x80 | RawClient.TEXT, framed(text.bytes()));

    byte[] answer = client.read().payload();
    assertThat(answer)
        .isEqualTo(
            join(ascii("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":"), text.bytes(), ascii("}")));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void payload_malformed_isAParseErrorAndTheConnectionLives(Text text) {
    client.send(0x80 | RawClient.TEXT, framed(text.bytes()));
    assertThat(client.read().text())
        .startsWith("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,")
        .contains("\"name\":\"PARSE_ERROR\"");

    client.sendText("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"echo\",\"params\":{\"value\":7}}");
    assertThat(client.read().text()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":7}");
  }

  /** Alone it is no request, and so a PARSE_ERROR or an INVALID_REQUEST, never anything else. */
  @ParameterizedTest
  @MethodSource("malformed")
  void message_malformed_isAParseError(Text text) {
    client.send(0x80 | RawClient.TEXT, text.bytes());
    assertThat(client.read().text()).contains("\"name\":\"PARSE_ERROR\"");

    client.sendText("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"echo\",\"params\":{\"value\":7}}");
    assertThat(client.read().text()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":7}");
  }

  @ParameterizedTest
  @MethodSource("undecodable")
  void payload_notUtf8_endsTheConnectionWith1007(Text text) {
    try (RawClient other = RawClient.session(server.port())) {
      other.send(0x80 | RawClient.TEXT, framed(text.bytes()));
      assertThat(other.readCloseCode()).isEqualTo(1007);
    }
  }

  private static byte[] framed(byte[] value) {
    return join(BEFORE, value, AFTER);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      whole.writeBytes(part);
    }
    return whole.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static Stream<Text> corpus(String kind) {
    List<Text> texts = new ArrayList<>();
    for (String line : resource().split("\n")) {
      if (line.startsWith(kind + ' ')) {
        texts.add(new Text(line, bytes(line.substring(2))));
      }
    }
    return texts.stream();
  }

  /** Characters stand for themselves as UTF-8, {@code \x00} for a byte, {@code {n*x}} for many. */
  private static byte[] bytes(String line) {
    String whole =
        REPEATED
            .matcher(line)
            .replaceAll(
                match ->
                    Matcher.quoteReplacement(
                        match.group(2).repeat(Integer.parseInt(match.group(1)))));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Matcher raw = BYTE.matcher(whole);
    int done = 0;
    while (raw.find()) {
      out.writeBytes(whole.substring(done, raw.start()).getBytes(StandardCharsets.UTF_8));
      out.write(Integer.parseInt(raw.group(1), 16));
      done = raw.end();
    }
    out.writeBytes(whole.substring(done).getBytes(StandardCharsets.UTF_8));
    return out.toByteArray();
  }

  private static String resource() {
    try (InputStream in =
        JsonCorpusTest.class.getResourceAsStream("/io/multiswarm/server/protocol/json.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
