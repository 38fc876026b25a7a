package io.multiswarm.server.protocol;

import static tools.jackson.core.JsonToken.END_ARRAY;
import static tools.jackson.core.JsonToken.END_OBJECT;
import static tools.jackson.core.JsonToken.START_ARRAY;
import static tools.jackson.core.JsonToken.START_OBJECT;
import static tools.jackson.core.JsonToken.VALUE_NUMBER_INT;
import static tools.jackson.core.JsonToken.VALUE_STRING;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads a text message in one pass. The pass checks all of it, users' payloads too: syntax, depth,
 * length of numbers, duplicate keys, trailing text. So what {@link Params} slices out is known to
 * be JSON.
 *
 * <p>Never throws for any input: what is wrong with it is a {@link Frame.Malformed}.
 */
public final class FrameParser {

  /** Entries that a batch may have. */
  public static final int MAX_BATCH = 100;

  private static final String VERSION = "2.0";

  private final byte[] utf8;
  private final JsonParser parser;

  private FrameParser(byte[] utf8, JsonParser parser) {
    this.utf8 = utf8;
    this.parser = parser;
  }

  /**
   * Reads a message.
   *
   * @param utf8 valid UTF-8, taken over: parameters refer to it
   */
  public static Frame parse(byte[] utf8) {
    try (JsonParser parser = JsonReader.parser(utf8)) {
      return new FrameParser(utf8, parser).frame();
    } catch (JacksonException e) {
      return parseError(JsonReader.explain(e));
    }
  }

  private Frame frame() {
    JsonToken first = parser.nextToken();
    if (first == null) {
      return parseError("the message is empty");
    }
    Frame frame = first == START_ARRAY ? batch() : entry(first);
    return parser.nextToken() == null ? frame : parseError("there is text after the JSON value");
  }

  private Frame batch() {
    List<Frame.Entry> entries = new ArrayList<>();
    boolean tooMany = false;
    for (JsonToken token = parser.nextToken(); token != END_ARRAY; token = parser.nextToken()) {
      if (entries.size() < MAX_BATCH) {
        entries.add(entry(token));
      } else {
        tooMany = true;
        JsonReader.skip(parser);
      }
    }
    if (entries.isEmpty() || tooMany) {
      return invalid(RequestId.NULL, "a batch must have 1 to " + MAX_BATCH + " entries");
    }
    return new Frame.Batch(entries);
  }

  private Frame.Entry entry(JsonToken first) {
    if (first != START_OBJECT) {
      JsonReader.skip(parser);
      return invalid(RequestId.NULL, "a request must be an object");
    }
    Envelope envelope = new Envelope();
    while (parser.nextToken() != END_OBJECT) {
      envelope.member(JsonReader.name(parser), parser.nextToken());
      JsonReader.skip(parser);
    }
    return envelope.entry();
  }

  private static Frame.Malformed parseError(String why) {
    return new Frame.Malformed(
        RequestId.NULL,
        CoordinationException.of(
            ErrorCode.PARSE_ERROR, "%s; send one JSON-RPC 2.0 object or batch a message", why));
  }

  private static Frame.Malformed invalid(RequestId id, String why) {
    return new Frame.Malformed(id, CoordinationException.of(ErrorCode.INVALID_REQUEST, "%s", why));
  }

  /** The members of a request, collected while the parser passes them. */
  private final class Envelope {

    private boolean versionFits;
    private boolean hasId;
    private @Nullable RequestId id;
    private @Nullable String method;
    private @Nullable Params params = Params.EMPTY;

    void member(String name, JsonToken value) {
      switch (name) {
        case "jsonrpc" -> versionFits = value == VALUE_STRING && VERSION.equals(parser.getString());
        case "id" -> {
          hasId = true;
          id = id(value);
        }
        case "method" -> method = value == VALUE_STRING ? parser.getString() : null;
        case "params" -> params = value == START_OBJECT ? Params.read(utf8, parser, "") : null;
        default -> {
          // Unknown members are ignored.
        }
      }
    }

    private @Nullable RequestId id(JsonToken value) {
      if (value == VALUE_NUMBER_INT) {
        return new RequestId(parser.getString().getBytes(StandardCharsets.US_ASCII));
      }
      if (value != VALUE_STRING) {
        return null;
      }
      String text = parser.getString();
      boolean fits = text.codePointCount(0, text.length()) <= RequestId.MAX_LENGTH;
      return fits ? new RequestId(JsonReader.currentValue(utf8, parser)) : null;
    }

    Frame.Entry entry() {
      if (hasId && id == null) {
        return invalid(
            RequestId.NULL,
            "id: must be an integer or a string of at most "
                + RequestId.MAX_LENGTH
                + " characters");
      }
      RequestId answerTo = id == null ? RequestId.NULL : id;
      if (!versionFits) {
        return invalid(answerTo, "jsonrpc: must be \"2.0\"");
      }
      if (method == null) {
        return invalid(answerTo, "method: must be a string");
      }
      return new Frame.Request(id, method, params);
    }
  }
}
