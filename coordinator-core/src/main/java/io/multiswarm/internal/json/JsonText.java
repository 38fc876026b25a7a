package io.multiswarm.internal.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.BiConsumer;
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

/**
 * Parsers of JSON with one set of limits: digits of a number, levels of nesting, unique names.
 * Names and strings may be as long as the text that they are in, which was bounded before.
 *
 * <p>{@link #check} is the door: what it lets in, {@link #parser} reads, also when it was put into
 * an envelope, an event or a record, each of which adds levels.
 */
public final class JsonText {

  /** Levels of nesting that a value from outside may have. */
  public static final int MAX_DEPTH = 100;

  /** Characters of a number. */
  public static final int MAX_DIGITS = 100;

  /** What a value gets around it until it is read again; the deepest has five levels. */
  private static final int WRAPPING = 16;

  /** A parser keeps the names that it met for the next one; of so short a text they cost little. */
  private static final int SHORT = 2_048;

  /**
   * How Jackson names the setting behind a limit or a refusal, or a place that it does not keep.
   */
  private static final Pattern SETTING =
      Pattern.compile(", from `[^`]*`|: enable `[^`]*` to allow| \\(start marker at .*");

  private static final JsonFactory DOOR = factory(MAX_DEPTH);
  private static final JsonFactory READERS = factory(MAX_DEPTH + WRAPPING);

  private JsonText() {}

  /**
   * Without detection of the character set: all text is UTF-8, and UTF-16 has other offsets than
   * those of the bytes.
   */
  private static JsonFactory factory(int depth) {
    return JsonFactory.builder()
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(depth)
                .maxNumberLength(MAX_DIGITS)
                .maxStringLength(Integer.MAX_VALUE)
                .maxNameLength(Integer.MAX_VALUE)
                .build())
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
        .build();
  }

  /** What is wrong with a text, in one line, without advice on the settings of parsers. */
  public static String reason(JacksonException e) {
    String line = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
    return SETTING.matcher(line).replaceAll("");
  }

  /** For mappers, which read by parsers of their own that are made here. */
  public static JsonFactory readers() {
    return READERS;
  }

  /** For text that was checked before. */
  public static JsonParser parser(byte[] utf8) {
    return parser(READERS, utf8);
  }

  /**
   * Six thousand names of a megabyte would stay for ever with the factory whose parsers met them,
   * so longer texts get a factory for themselves.
   */
  private static JsonParser parser(JsonFactory factory, byte[] utf8) {
    JsonFactory own = utf8.length > SHORT ? factory.rebuild().build() : factory;
    return own.createParser(ObjectReadContext.empty(), utf8, 0, utf8.length);
  }

  /** Refuses what is no UTF-8, no single JSON value, or beyond a limit. */
  public static void check(byte[] utf8) {
    try (JsonParser parser = parser(DOOR, utf8)) {
      if (!isUtf8(utf8)) {
        throw new StreamReadException(parser, "the text is no UTF-8");
      }
      if (parser.nextToken() == null) {
        throw new StreamReadException(parser, "the text is empty");
      }
      skipChecked(parser);
      if (parser.nextToken() != null) {
        throw new StreamReadException(parser, "there is text after the JSON value");
      }
    }
  }

  private static boolean isUtf8(byte[] utf8) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8));
      return true;
    } catch (CharacterCodingException e) {
      return false; // the caller says so
    }
  }

  private static void skipChecked(JsonParser parser) {
    int depth = 0;
    for (JsonToken token = parser.currentToken(); ; token = parser.nextToken()) {
      if (token.isStructStart()) {
        depth++;
      } else if (token.isStructEnd()) {
        depth--;
      } else if (token == JsonToken.PROPERTY_NAME && hasHalfPair(parser.currentName())) {
        throw new StreamReadException(parser, "a name has half of a surrogate pair");
      } else {
        parser.finishToken();
      }
      if (depth == 0 && token != JsonToken.PROPERTY_NAME) {
        return;
      }
    }
  }

  /** Whether a text has a surrogate without its other half, which no encoding can carry. */
  public static boolean hasHalfPair(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return true;
        }
        i++;
      }
    }
    return false;
  }

  /**
   * Gives the members of an object, or the elements of an array with empty names, each as it was
   * written.
   *
   * @return false when the value is of the other kind or no container
   */
  public static boolean slice(byte[] utf8, JsonToken opening, BiConsumer<String, byte[]> sink) {
    try (JsonParser parser = parser(utf8)) {
      if (parser.nextToken() != opening) {
        return false;
      }
      while (!parser.nextToken().isStructEnd()) {
        String name = "";
        if (opening == JsonToken.START_OBJECT) {
          name = parser.currentName();
          parser.nextToken();
        }
        sink.accept(name, currentValue(utf8, parser));
      }
      return true;
    }
  }

  /** The bytes of the value that the parser is at; it is moved to their end. */
  public static byte[] currentValue(byte[] utf8, JsonParser parser) {
    int begin = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    parser.finishToken();
    return Arrays.copyOfRange(utf8, begin, (int) parser.currentLocation().getByteOffset());
  }
}
