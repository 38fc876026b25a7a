package io.multiswarm.server.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multiswarm.server.session.FakeCustody;
import io.multiswarm.server.session.FakePeer;
import io.multiswarm.server.session.Limits;
import io.multiswarm.server.session.NodeBuffers;
import io.multiswarm.server.session.SessionDirectory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gate and Netty's decoder behind it. */
class FrameGateTest {

  private static final int FINAL = 0x80;
  private static final int LIMIT = 1 << 20;

  private final MockTicker time = Ticker.newMockTicker();
  private final EmbeddedChannel channel = EmbeddedChannel.builder().ticker(time).build();
  private final NodeBuffers buffers = new NodeBuffers(1 << 20);
  private final FrameGate gate =
      new FrameGate(
          LIMIT,
          new SessionDirectory(buffers)
              .begin(
                  new FakePeer(),
                  FakePeer.CLIENT,
                  Limits.defaults(LIMIT),
                  new FakeCustody().fleet())
              .share(),
          new LoopTurns(channel.eventLoop()));

  FrameGateTest() {
    channel
        .pipeline()
        .addLast(
            gate,
            new WebSocket13FrameDecoder(
                WebSocketDecoderConfig.newBuilder().maxFramePayloadLength(LIMIT).build()));
  }

  @AfterEach
  void release() {
    channel.finishAndReleaseAll();
    assertThat(buffers.held()).isZero();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static ByteBuf frame(int first, byte[] payload) {
    return Unpooled.wrappedBuffer(RawClient.frame(first, payload));
  }

  /** What the decoder gave: of a frame its class, whether it is final, and its text. */
  private List<String> decoded() {
    List<String> all = new ArrayList<>();
    for (WebSocketFrame frame = channel.readInbound();
        frame != null;
        frame = channel.readInbound()) {
      all.add(
          frame.getClass().getSimpleName().replace("WebSocketFrame", "")
              + (frame.isFinalFragment() ? "! " : " ")
              + frame.content().toString(StandardCharsets.UTF_8));
      frame.release();
    }
    return all;
  }

  @Test
  void frame_halfOfIt_isGivenOnAtOnceAsAFragment() {
    ByteBuf whole = frame(FINAL | RawClient.TEXT, utf8("0123456789abcdef"));

    channel.writeInbound(whole.readRetainedSlice(6 + 5));
    assertThat(decoded()).containsExactly("Text 01234");
    assertThat(gate.isWithinAFrame()).isTrue();

    channel.writeInbound(whole.readRetainedSlice(2));
    channel.writeInbound(whole);
    assertThat(decoded()).containsExactly("Continuation 56", "Continuation! 789abcdef");
    assertThat(gate.isWithinAFrame()).isFalse();
  }

  @Test
  void frames_byteByByte_areWhatTheyWere() {
    ByteBuf all =
        Unpooled.wrappedBuffer(
            frame(RawClient.TEXT, utf8("h")),
            frame(FINAL | RawClient.PING, utf8("ping")),
            frame(0, new byte[0]),
            frame(FINAL, utf8("i")));
    while (all.isReadable()) {
      channel.writeInbound(all.readRetainedSlice(1));
    }
    all.release();

    assertThat(decoded())
        .containsExactly("Text h", "Ping! ping", "Continuation ", "Continuation! i");
  }

  @Test
  void frames_howeverTheyAreCut_makeTheSameMessages() {
    Random random = new Random(7);
    for (int round = 0; round < 10; round++) {
      ByteBuf all = Unpooled.buffer();
      StringBuilder sent = new StringBuilder();
      for (int i = 0; i < 5; i++) {
        String text =
            "x".repeat(random.nextInt(3))
                + i
                + "y".repeat(random.nextInt(random.nextInt(70_000) + 1));
        sent.append(text);
        ByteBuf frame = frame(FINAL | RawClient.TEXT, utf8(text));
        all.writeBytes(frame);
        frame.release();
      }
      while (all.isReadable()) {
        int next = 1 + random.nextInt(random.nextBoolean() ? 40 : 50_000);
        channel.writeInbound(all.readRetainedSlice(Math.min(next, all.readableBytes())));
      }
      all.release();
      StringBuilder got = new StringBuilder();
      for (WebSocketFrame part = channel.readInbound();
          part != null;
          part = channel.readInbound()) {
        got.append(part.content().toString(StandardCharsets.UTF_8));
        part.release();
      }
      assertThat(got.toString()).isEqualTo(sent.toString());
    }
  }

  @Test
  void frames_whilePaused_stayBytesAndAreCounted() {
    gate.pause(FrameGate.Reason.CALLS_PILE_UP);
    channel.writeInbound(
        Unpooled.wrappedBuffer(
            frame(FINAL | RawClient.TEXT, utf8("a")), frame(FINAL | RawClient.TEXT, utf8("b"))));
    channel.writeInbound(frame(FINAL | RawClient.TEXT, utf8("c")));
    assertThat(decoded()).isEmpty();
    assertThat(channel.config().isAutoRead()).isFalse();
    assertThat(buffers.held()).isGreaterThanOrEqualTo(21);

    gate.resume(FrameGate.Reason.CALLS_PILE_UP);
    assertThat(decoded()).containsExactly("Text! a", "Text! b", "Text! c");
    assertThat(channel.config().isAutoRead()).isTrue();
    assertThat(buffers.held()).isZero();
  }

  @Test
  void close_whilePaused_dropsWhatWaitsAndComes() {
    gate.pause(FrameGate.Reason.CALLS_PILE_UP);
    channel.writeInbound(frame(FINAL | RawClient.TEXT, utf8("a")));
    gate.close();
    channel.writeInbound(frame(FINAL | RawClient.TEXT, utf8("b")));

    assertThat(decoded()).isEmpty();
    assertThat(channel.config().isAutoRead()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8105", // not masked
        "89fe", // a ping with a long length
        "81fe0005", // a length that is too long for itself
        "81ff0000000000000005",
        "81ff8000000000000005",
        "81ff0000000000100001", // one byte too many
        "c180", // an extension
        "8b80", // no such control frame
        "0980", // a ping in fragments
      })
  void frame_againstTheProtocol_isTheDecodersToRefuse(String hex) {
    byte[] head = java.util.HexFormat.of().parseHex(hex + "12345678");
    assertThatThrownBy(() -> channel.writeInbound(Unpooled.wrappedBuffer(head)))
        .isInstanceOf(CorruptedWebSocketFrameException.class);
  }

  @Test
  void ping_emptyFrame_isPassedOn() {
    channel.writeInbound(frame(FINAL | RawClient.PING, new byte[0]));
    Object ping = channel.readInbound();
    assertThat(ping).isInstanceOf(PingWebSocketFrame.class);
    ((PingWebSocketFrame) ping).release();
  }
}
