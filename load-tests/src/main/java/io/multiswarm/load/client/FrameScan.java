package io.multiswarm.load.client;

import io.multiswarm.load.client.ServerNotification.Assignment;
import io.multiswarm.load.client.ServerNotification.Delivery;
import io.multiswarm.load.client.ServerNotification.Stamp;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads from a frame, in one pass and without building a tree, what the busy frames are about: the
 * answer to a publish and a delivered message. Members may come in any order and unknown ones are
 * skipped, as for any JSON.
 *
 * <p>One instance is used again for each frame of a thread. Were there one to a connection, each
 * frame would write to old objects that nothing else has touched since the connection's last one,
 * which costs the caches and the garbage collector more than reading it.
 */
final class FrameScan {

  static final long NO_ID = -1;

  private static final JsonFactory JSON = new JsonFactory();
  private static final int SMALLEST_BUFFER = 4096;

  private static final FastThreadLocal<FrameScan> OF_THREAD =
      new FastThreadLocal<>() {
        @Override
        protected FrameScan initialValue() {
          return new FrameScan();
        }
      };

  /** Made with the first frame: who scans bytes of its own has no use for it. */
  private byte[] bytes = {};

  private int length;
  private long id;
  private @Nullable String method;
  private boolean failed;
  private String channel = "";
  private String epoch = "";
  private long offset;
  private String swarm = "";
  private long attempt;
  private int sender;
  private long number;
  private long intended;

  /** What it read is over with the next frame that the thread reads. */
  static FrameScan ofThisThread() {
    return OF_THREAD.get();
  }

  /**
   * @throws tools.jackson.core.JacksonException when the frame is no JSON object
   */
  void scan(ByteBuf frame) {
    length = frame.readableBytes();
    if (length > bytes.length) {
      bytes = new byte[Math.max(SMALLEST_BUFFER, length * 2)];
    }
    frame.readBytes(bytes, 0, length);
    scan(bytes, 0, length);
  }

  /**
   * @throws tools.jackson.core.JacksonException when the frame is no JSON object
   */
  void scan(byte[] bytes, int start, int length) {
    forget();
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes, start, length)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        frameMember(parser, parser.currentName(), parser.nextToken());
      }
    }
  }

  /** Reads an envelope as it lies in Redis: what is the member {@code message} in a frame. */
  void scanMessage(byte[] bytes, int start, int length) {
    forget();
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes, start, length)) {
      members(parser, parser.nextToken(), this::messageMember);
    }
  }

  /** Reads a task as it was submitted: what is the member {@code task} in a frame. */
  void scanTask(byte[] bytes) {
    forget();
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes)) {
      members(parser, parser.nextToken(), this::dataMember);
    }
  }

  private void forget() {
    id = NO_ID;
    method = null;
    failed = false;
    channel = "";
    epoch = "";
    offset = 0;
    swarm = "";
    attempt = 0;
    sender = -1;
    number = -1;
    intended = 0;
  }

  private void frameMember(JsonParser parser, String name, JsonToken value) {
    switch (name) {
      case "id" -> id = value == JsonToken.VALUE_NUMBER_INT ? parser.getLongValue() : NO_ID;
      case "method" -> method = parser.getString();
      case "params", "result" -> members(parser, value, this::bodyMember);
      default -> {
        failed |= name.equals("error");
        parser.skipChildren();
      }
    }
  }

  private void bodyMember(JsonParser parser, String name, JsonToken value) {
    switch (name) {
      case "channel" -> channel = parser.getString();
      case "epoch" -> epoch = parser.getString();
      case "offset" -> offset = number(parser, value);
      case "message" -> members(parser, value, this::messageMember);
      case "swarmId" -> swarm = parser.getString();
      case "attempt" -> attempt = number(parser, value);
      case "task" -> members(parser, value, this::dataMember);
      default -> parser.skipChildren();
    }
  }

  private void messageMember(JsonParser parser, String name, JsonToken value) {
    if (name.equals("payload")) {
      members(parser, value, this::dataMember);
    } else {
      parser.skipChildren();
    }
  }

  private void dataMember(JsonParser parser, String name, JsonToken value) {
    if (name.equals("data")) {
      members(parser, value, this::stampMember);
    } else {
      parser.skipChildren();
    }
  }

  private void stampMember(JsonParser parser, String name, JsonToken value) {
    switch (name) {
      case StampedData.SENDER -> sender = (int) number(parser, value);
      case StampedData.NUMBER -> number = number(parser, value);
      case StampedData.INTENDED -> intended = number(parser, value);
      default -> parser.skipChildren();
    }
  }

  private static long number(JsonParser parser, JsonToken value) {
    return value == JsonToken.VALUE_NUMBER_INT ? parser.getLongValue() : 0;
  }

  private static void members(JsonParser parser, JsonToken value, MemberReader reader) {
    if (value != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      reader.read(parser, parser.currentName(), parser.nextToken());
    }
  }

  private interface MemberReader {
    void read(JsonParser parser, String name, JsonToken value);
  }

  /** The frame, from 0 to {@link #length}, after {@link #scan(ByteBuf)}. */
  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** The request that this frame answers, or {@link #NO_ID}. */
  long id() {
    return id;
  }

  /** The notification's method, or null for an answer. */
  @Nullable String method() {
    return method;
  }

  boolean failed() {
    return failed;
  }

  String epoch() {
    return epoch;
  }

  long offset() {
    return offset;
  }

  Delivery delivery() {
    return new Delivery(channel, epoch, offset, stamp());
  }

  Assignment assignment() {
    return new Assignment(swarm, attempt, stamp());
  }

  Stamp stamp() {
    return new Stamp(sender, number, intended);
  }
}
