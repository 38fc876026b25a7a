package io.multiswarm.load.floods;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * What no client should send, by its name: after the handshake, some of it in a session.
 *
 * @param frames that a socket sends, one after the other
 */
record WrongInput(String name, List<ByteBuf> frames) {

  private static final int DEPTH = 5_000;
  private static final int MANY = 1_000;
  private static final String MASK = "\0\0\0\0";

  WrongInput {
    frames = List.copyOf(frames);
  }

  /** All of them. */
  static List<WrongInput> all() {
    return Stream.of(wrongFrames(), texts(), outsideOfASession()).flatMap(List::stream).toList();
  }

  /** As one that a socket begins with, and then says no more. */
  Flood asFlood() {
    return new Flood(name, 1, true, any -> frames, any -> List.of());
  }

  /** What RFC 6455 forbids, and what the protocol has no use for. */
  private static List<WrongInput> wrongFrames() {
    return List.of(
        bytes("a text with a reserved bit", "\u00c1\u0082" + MASK + "{}"),
        bytes("a frame of an unknown kind", "\u0083\u0082" + MASK + "{}"),
        bytes("a control frame of an unknown kind", "\u008b\u0080" + MASK),
        bytes("a text without a mask", "\u0081\u0002{}"),
        bytes("a binary message", "\u0082\u0082" + MASK + "{}"),
        bytes("a text that is no UTF-8", "\u0081\u0083" + MASK + "\"\u00ff\""),
        bytes("the rest of nothing", "\u0080\u0082" + MASK + "{}"),
        bytes("a text within a text", "\u0001\u0081" + MASK + "{\u0081\u0082" + MASK + "{}"),
        bytes("a ping in pieces", "\u0009\u0081" + MASK + "x"),
        bytes("a ping that is too long", "\u0089\u00fe\u0000~" + MASK + "x".repeat(126)),
        bytes("a close of half a code", "\u0088\u0081" + MASK + "\u0003"),
        bytes("a close with a code that nobody sends", "\u0088\u0082" + MASK + "\u0003\u00ed"),
        bytes("a text of less than nothing", "\u0081\u00ff" + "\u00ff".repeat(8) + MASK),
        bytes("a text of a gigabyte", "\u0081\u00ff\0\0\0\0@\0\0\0" + MASK + "x".repeat(MANY)));
  }

  /** What is no request, in a session. */
  private static List<WrongInput> texts() {
    List<WrongInput> texts = new ArrayList<>();
    for (String text :
        List.of(
            "",
            " ",
            "nothing",
            "{",
            "{}{}",
            "null",
            "1",
            "\"text\"",
            "[]",
            "[1,null,[]]",
            "{}",
            "{\"id\":1}",
            "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"session.ping\",\"params\":{}}",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}",
            "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"session.ping\"}",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\"}",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"session.pong\"}",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"swarm.get\",\"params\":\"text\"}",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"swarm.get\",\"params\":{\"swarmId\":\"\\ud800\"}}",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"swarm.get\",\"params\":{\"swarmId\":\"\u0000\"}}",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"task.request\",\"params\":{\"n\":1e999999999}}",
            Frames.call("session.open", "{\"protocol\":1}"),
            Frames.call("session.open", "{\"protocol\":-1}"))) {
      texts.add(inSession(text.isBlank() ? "a blank text" : text, text));
    }
    texts.add(inSession("a text that is deep", "[".repeat(DEPTH)));
    texts.add(inSession("a request that is deep", deep()));
    texts.add(
        inSession(
            "a batch of nothings", "[" + String.join(",", Collections.nCopies(MANY, "0")) + "]"));
    return texts;
  }

  private static String deep() {
    return Frames.call("swarm.get", "{\"swarmId\":" + "[".repeat(DEPTH) + "]".repeat(DEPTH) + "}");
  }

  private static List<WrongInput> outsideOfASession() {
    return List.of(
        new WrongInput(
            "a call before session.open", List.of(Frames.text(Frames.call("stats.get", "{}")))),
        new WrongInput(
            "a protocol that nobody speaks",
            List.of(Frames.text(Frames.call("session.open", "{\"protocol\":99}")))),
        new WrongInput(
            "a session without a protocol",
            List.of(Frames.text(Frames.call("session.open", "{}")))));
  }

  private static WrongInput inSession(String name, String text) {
    return new WrongInput(name, List.of(Frames.open(), Frames.text(text)));
  }

  /** A character is a byte. */
  private static WrongInput bytes(String name, String bytes) {
    return new WrongInput(
        name,
        List.of(
            Frames.open(), Unpooled.wrappedBuffer(bytes.getBytes(StandardCharsets.ISO_8859_1))));
  }
}
