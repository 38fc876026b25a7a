package io.multiswarm.server.protocol;

import io.multiswarm.common.Json;
import java.util.Arrays;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/** The one parser configuration for what clients send, and where values lie in their bytes. */
final class JsonReader {

  private static final int MAX_DIGITS = 100;

  /**
   * Without detection of the character set, because a message is UTF-8: detection would read a
   * message full of NULs as UTF-16, whose offsets are not those of the bytes.
   */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Json.MAX_DEPTH)
                  .maxNumberLength(MAX_DIGITS)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
          .build();

  private JsonReader() {}

  static JsonParser parser(byte[] utf8) {
    return FACTORY.createParser(ObjectReadContext.empty(), utf8, 0, utf8.length);
  }

  /** Where the parser's current token begins. */
  static int start(JsonParser parser) {
    return (int) parser.currentTokenLocation().getByteOffset();
  }

  /**
   * Moves the parser to the end of the value that its current token begins; returns the offset
   * behind it.
   */
  static int end(JsonParser parser) {
    parser.skipChildren();
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      parser.finishToken();
    }
    return (int) parser.currentLocation().getByteOffset();
  }

  /** The bytes of the value that the current token begins, copied. */
  static byte[] currentValue(byte[] utf8, JsonParser parser) {
    int start = start(parser);
    return Arrays.copyOfRange(utf8, start, end(parser));
  }

  /** What is wrong, in one line. */
  static String explain(JacksonException e) {
    String message = String.valueOf(e.getOriginalMessage());
    int lineEnd = message.indexOf('\n');
    return "not readable as JSON: " + (lineEnd < 0 ? message : message.substring(0, lineEnd));
  }
}
