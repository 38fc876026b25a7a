package io.multiswarm.server.protocol;

import io.multiswarm.common.Json;
import io.multiswarm.common.Texts;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/** The one parser configuration for what clients send, and where values lie in their bytes. */
final class JsonReader {

  /**
   * How Jackson names the setting behind a limit or a refusal, or a place that it does not keep.
   */
  private static final Pattern SETTING =
      Pattern.compile(", from `[^`]*`|: enable `[^`]*` to allow| \\(start marker at .*");

  /** As in the library: the names of longer texts would stay with the factory for ever. */
  private static final int SHORT = 2_048;

  /**
   * With the limits of {@link Json#parse}, so that what is let in here can be read everywhere, and
   * without detection of the character set, because a message is UTF-8: detection would read a
   * message full of NULs as UTF-16, whose offsets are not those of the bytes.
   */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Json.MAX_DEPTH)
                  .maxNumberLength(Json.MAX_DIGITS)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
          .build();

  private JsonReader() {}

  static JsonParser parser(byte[] utf8) {
    JsonFactory factory = utf8.length > SHORT ? FACTORY.rebuild().build() : FACTORY;
    return factory.createParser(ObjectReadContext.empty(), utf8, 0, utf8.length);
  }

  /**
   * What the string literal says that begins and ends there. Most have no escape and are their
   * bytes.
   *
   * @param label what a refusal calls it
   */
  static String text(String label, byte[] source, int start, int end) {
    for (int i = start; i < end; i++) {
      if (source[i] == '\\') {
        return unescape(label, Arrays.copyOfRange(source, start, end));
      }
    }
    return new String(source, start + 1, end - start - 2, StandardCharsets.UTF_8);
  }

  private static String unescape(String label, byte[] literal) {
    try (JsonParser parser = parser(literal)) {
      parser.nextToken();
      return Texts.checkWhole(label, parser.getString());
    }
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
    skip(parser);
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      parser.finishToken();
    }
    return (int) parser.currentLocation().getByteOffset();
  }

  /** Moves the parser to the last token of the value that its current token begins. */
  static void skip(JsonParser parser) {
    int depth = parser.currentToken().isStructStart() ? 1 : 0;
    while (depth > 0) {
      JsonToken token = parser.nextToken();
      if (token.isStructStart()) {
        depth++;
      } else if (token.isStructEnd()) {
        depth--;
      } else if (token == JsonToken.PROPERTY_NAME) {
        name(parser);
      }
    }
  }

  /** The name that is the current token. */
  static String name(JsonParser parser) {
    String name = parser.currentName();
    if (!Texts.isWhole(name)) {
      throw new StreamReadException(
          parser, "a member's name has half of a surrogate pair, which is no character");
    }
    return name;
  }

  /** The bytes of the value that the current token begins, copied. */
  static byte[] currentValue(byte[] utf8, JsonParser parser) {
    int start = start(parser);
    return Arrays.copyOfRange(utf8, start, end(parser));
  }

  /** What is wrong, in one line, without advice on the settings of parsers. */
  static String explain(JacksonException e) {
    String line = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
    return "not readable as JSON: " + SETTING.matcher(line).replaceAll("");
  }
}
