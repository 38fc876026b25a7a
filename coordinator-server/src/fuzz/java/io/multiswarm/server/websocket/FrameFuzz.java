package io.multiswarm.server.websocket;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.multiswarm.common.Json;
import io.multiswarm.server.auth.AccessGrant;
import io.multiswarm.server.auth.TestRights;
import io.multiswarm.server.session.CloseCode;
import io.multiswarm.server.session.Dispatcher;
import io.multiswarm.server.session.FakeCustody;
import io.multiswarm.server.session.FakePeer;
import io.multiswarm.server.session.Limits;
import io.multiswarm.server.session.MethodTable;
import io.multiswarm.server.session.NodeBuffers;
import io.multiswarm.server.session.Session;
import io.multiswarm.server.session.SessionDirectory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Any bytes, in any fragments, on the way from the socket's frames to the answers: nothing escapes,
 * every answer is JSON-RPC, and what is a call by another parser's reading gets back its payload.
 *
 * <p>Run by the profile {@code fuzz}, and for as long as one likes as CONTRIBUTING.md says.
 */
class FrameFuzz {

  private static final int MAX_BYTES = 1 << 16;

  private static final Set<CloseCode> REFUSALS =
      Set.of(CloseCode.INVALID_TEXT, CloseCode.TOO_BIG, CloseCode.BAD_MESSAGES);

  private static final JsonMapper STRICT =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final MethodTable METHODS =
      MethodTable.of(
          List.of(
              table ->
                  table
                      .method("echo", call -> Mono.just(call.params().json("value")))
                      .method("text", call -> Mono.just(Json.of(call.params().string("value"))))
                      .method(
                          "list", call -> Mono.just(Json.of(call.params().strings("value", 100))))
                      .method(
                          "inner", call -> Mono.just(call.params().params("value").json("value")))),
          TestRights.rights().everybody("echo", "text", "list", "inner").build(),
          TestRights.NO_TASKS);

  /** The first byte says into how many fragments the rest is cut. */
  @FuzzTest(maxDuration = "30s")
  @DictionaryEntries({
    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":{\"value\":1}}",
    "[{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"text\",\"params\":{\"value\":\"\\u00e9\"}}]",
    "\"method\":\"list\"",
    "\"method\":\"inner\"",
    "\\ud83d\\ude00",
    "{\"value\":",
    "[\"a\",\"b\"]",
    "-1.5e10"
  })
  void message_ofAnyBytes_isAnsweredOrRefused(byte[] input) {
    if (input.length == 0) {
      return;
    }
    FakePeer peer = new FakePeer();
    Session session =
        new SessionDirectory(new NodeBuffers(64 << 20))
            .begin(
                peer,
                FakePeer.CLIENT,
                Limits.defaults(MAX_BYTES),
                new FakeCustody().fleet(METHODS));
    session.open(AccessGrant.ANONYMOUS);
    Dispatcher dispatcher = new Dispatcher(session);

    byte[] text = assembled(input, 1 + (input[0] & 3), session);
    if (text != null) {
      dispatcher.receive(text.clone());
      peer.runAll();
      peer.sent.forEach(FrameFuzz::requireAnswer);
      requirePayload(text, peer.sent);
    }
    session.end(true);
  }

  private static byte @Nullable [] assembled(byte[] input, int fragments, Session session) {
    TextAssembler assembler = new TextAssembler(() -> MAX_BYTES, session.share());
    int length = input.length - 1;
    byte[] text = null;
    try {
      for (int i = 0; i < fragments; i++) {
        int from = 1 + length * i / fragments;
        int to = 1 + length * (i + 1) / fragments;
        ByteBuf piece = Unpooled.wrappedBuffer(input, from, to - from);
        text = assembler.add(frame(i == 0, i == fragments - 1, piece));
      }
      return text;
    } catch (TextAssembler.Refused refused) {
      require(REFUSALS.contains(refused.code()), "closed with " + refused.code());
      return null;
    }
  }

  private static WebSocketFrame frame(boolean first, boolean last, ByteBuf content) {
    return first
        ? new TextWebSocketFrame(last, 0, content)
        : new ContinuationWebSocketFrame(last, 0, content);
  }

  private static void requireAnswer(String sent) {
    JsonNode answer = STRICT.readTree(sent);
    (answer.isArray() ? answer : STRICT.createArrayNode().add(answer))
        .forEach(
            one -> {
              require(one.path("jsonrpc").asString("").equals("2.0"), sent);
              require(one.has("id") && one.has("result") != one.has("error"), sent);
              require(!one.at("/error/data/name").asString("").equals("INTERNAL"), sent);
            });
  }

  /** A call of {@code echo} by another reading: its answer has the same value. */
  private static void requirePayload(byte[] text, List<String> sent) {
    JsonNode read = treeOf(text);
    if (read == null) {
      return;
    }
    boolean isCall =
        read.isObject()
            && read.path("jsonrpc").asString("").equals("2.0")
            && read.path("id").isInt()
            && read.path("method").asString("").equals("echo")
            && read.path("params").has("value");
    if (isCall) {
      require(sent.size() == 1, "answers: " + sent);
      JsonNode answer = STRICT.readTree(sent.get(0));
      require(answer.path("id").equals(read.path("id")), sent.get(0));
      require(answer.path("result").equals(read.at("/params/value")), sent.get(0));
    }
  }

  private static @Nullable JsonNode treeOf(byte[] text) {
    try {
      return STRICT.readTree(new String(text, StandardCharsets.UTF_8));
    } catch (JacksonException notJson) {
      return null;
    }
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
