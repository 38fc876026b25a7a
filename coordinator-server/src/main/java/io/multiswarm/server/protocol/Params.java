package io.multiswarm.server.protocol;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.Json;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The named parameters of a call: slices of the message's bytes, decoded when they are asked for,
 * with strict types. {@code "12"} is no integer, {@code 1.0} neither, and {@code 1} is no boolean.
 *
 * <p>A getter that takes a fallback is for an optional parameter; there null means absent. A getter
 * that takes none refuses an absent one. Every refusal is {@code INVALID_ARGUMENT}, names the
 * parameter in its message and in {@code data.param}, and says what would do. Parameters that
 * nobody asks for are ignored.
 */
public final class Params {

  /** Of a name that is the client's own, in a refusal. */
  private static final int LONGEST_SHOWN = 128;

  static final Params EMPTY = new Params(new byte[0], "", List.of());

  /** A value of the object; {@code start} to {@code end} are its bytes. */
  private record Member(String name, JsonToken token, int start, int end) {}

  private final byte[] utf8;
  private final String path;
  private final List<Member> members;

  private Params(byte[] utf8, String path, List<Member> members) {
    this.utf8 = utf8;
    this.path = path;
    this.members = members;
  }

  /** Reads an object whose opening brace is the parser's current token. */
  static Params read(byte[] utf8, JsonParser parser, String path) {
    List<Member> members = new ArrayList<>(8);
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = JsonReader.name(parser);
      JsonToken token = parser.nextToken();
      int start = JsonReader.start(parser);
      members.add(new Member(name, token, start, JsonReader.end(parser)));
    }
    return new Params(utf8, path, members);
  }

  /**
   * Reads an object that is known to be JSON, such as an element of {@link #list}.
   *
   * @param path stands before the names in refusals, such as {@code task}
   */
  public static Params of(Json object, String path) {
    if (!object.isObject()) {
      throw CoordinationException.invalid(path, "must be an object");
    }
    try (JsonParser parser = JsonReader.parser(object.bytes())) {
      parser.nextToken();
      return read(object.bytes(), parser, path + '.');
    }
  }

  /** As {@link #of(Json, String)}, for an object of our own. */
  public static Params of(Json object) {
    try (JsonParser parser = JsonReader.parser(object.bytes())) {
      parser.nextToken();
      return read(object.bytes(), parser, "");
    }
  }

  /** A string or a number as it was written, for logs; null when there is none. */
  public @Nullable String shown(String name) {
    Member member = find(name);
    if (member == null) {
      return null;
    }
    return switch (member.token) {
      case VALUE_STRING ->
          new String(utf8, member.start + 1, member.end - member.start - 2, StandardCharsets.UTF_8);
      case VALUE_NUMBER_INT -> ascii(member);
      default -> null;
    };
  }

  /** Whether the parameter is given, and not null. */
  public boolean has(String name) {
    return find(name) != null;
  }

  public String string(String name) {
    return text(required(name, "a string"));
  }

  /** A string that is not empty. */
  public String words(String name) {
    String text = string(name);
    if (text.isEmpty()) {
      throw refused(name, "must not be empty");
    }
    return text;
  }

  public @Nullable String optionalString(String name) {
    Member member = find(name);
    return member == null ? null : text(member);
  }

  public String string(String name, String fallback) {
    Member member = find(name);
    return member == null ? fallback : text(member);
  }

  public long integer(String name, long min, long max) {
    return integer(required(name, "an integer"), min, max);
  }

  public long integer(String name, long fallback, long min, long max) {
    Member member = find(name);
    return member == null ? fallback : integer(member, min, max);
  }

  public boolean bool(String name, boolean fallback) {
    Member member = find(name);
    if (member == null) {
      return fallback;
    }
    if (!member.token.isBoolean()) {
      throw refused(name, "must be true or false");
    }
    return member.token == JsonToken.VALUE_TRUE;
  }

  /** Any JSON value, null too, as it was written; only an absent one is refused. */
  public Json json(String name) {
    Json value = optionalJson(name);
    if (value == null) {
      throw refused(name, "is missing; give any JSON value");
    }
    return value;
  }

  /** Any JSON value, null too, as it was written; null when it is absent. */
  public @Nullable Json optionalJson(String name) {
    Member member = findAny(name);
    return member == null ? null : slice(member);
  }

  public Json object(String name) {
    return object(required(name, "an object"));
  }

  public @Nullable Json optionalObject(String name) {
    Member member = find(name);
    return member == null ? null : object(member);
  }

  /** A JSON array, as it was written. */
  public @Nullable Json optionalArray(String name) {
    Member member = find(name);
    return member == null ? null : array(member);
  }

  /** The parameters within a parameter. */
  public Params params(String name) {
    return of(object(name), path + name);
  }

  /** As {@link #params}; null when it is absent. */
  public @Nullable Params optionalParams(String name) {
    return has(name) ? params(name) : null;
  }

  /** The elements of an array, each as it was written; refuses more of them than {@code most}. */
  public List<Json> list(String name, int most) {
    return elements(name, array(required(name, "an array")), most, Json::trusted);
  }

  /** An array of strings, of which it refuses more than {@code most}; empty when it is absent. */
  public List<String> strings(String name, int most) {
    Member member = find(name);
    if (member == null) {
      return List.of();
    }
    return elements(name, array(member), most, element -> textElement(name, element));
  }

  /** The members of the object, in their order; for parameters whose names are data. */
  public List<String> names() {
    return members.stream().map(Member::name).toList();
  }

  /** A refusal of the parameter, for checks that the getters do not make. */
  public CoordinationException refused(String name, String why) {
    String shown = name.length() <= LONGEST_SHOWN ? name : name.substring(0, LONGEST_SHOWN) + "…";
    return CoordinationException.invalid(path + shown, "%s", why);
  }

  /** Before anything is made of the first: a message has room for hundreds of thousands. */
  private <T> List<T> elements(String name, Json array, int most, Function<byte[], T> element) {
    List<T> elements = new ArrayList<>();
    try (JsonParser parser = JsonReader.parser(array.bytes())) {
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (elements.size() == most) {
          throw refused(name, "must have at most " + most + " elements");
        }
        elements.add(element.apply(JsonReader.currentValue(array.bytes(), parser)));
      }
    }
    return elements;
  }

  private String textElement(String name, byte[] element) {
    if (element[0] != '"') {
      throw refused(name, "must be an array of strings");
    }
    return JsonReader.text(path + name, element, 0, element.length);
  }

  private String text(Member member) {
    if (member.token != JsonToken.VALUE_STRING) {
      throw refused(member.name, "must be a string");
    }
    return JsonReader.text(path + member.name, utf8, member.start, member.end);
  }

  private long integer(Member member, long min, long max) {
    if (member.token == JsonToken.VALUE_NUMBER_INT) {
      BigInteger value = new BigInteger(ascii(member));
      if (value.bitLength() < Long.SIZE && value.longValue() >= min && value.longValue() <= max) {
        return value.longValue();
      }
    }
    throw refused(member.name, "must be an integer from " + min + " to " + max);
  }

  private String ascii(Member member) {
    return new String(utf8, member.start, member.end - member.start, StandardCharsets.US_ASCII);
  }

  private Json object(Member member) {
    if (member.token != JsonToken.START_OBJECT) {
      throw refused(member.name, "must be an object");
    }
    return slice(member);
  }

  private Json array(Member member) {
    if (member.token != JsonToken.START_ARRAY) {
      throw refused(member.name, "must be an array");
    }
    return slice(member);
  }

  private Json slice(Member member) {
    return Json.trusted(Arrays.copyOfRange(utf8, member.start, member.end));
  }

  private Member required(String name, String what) {
    Member member = find(name);
    if (member == null) {
      throw refused(name, "is missing; give " + what);
    }
    return member;
  }

  private @Nullable Member find(String name) {
    Member member = findAny(name);
    return member == null || member.token == JsonToken.VALUE_NULL ? null : member;
  }

  private @Nullable Member findAny(String name) {
    for (Member member : members) {
      if (member.name.equals(name)) {
        return member;
      }
    }
    return null;
  }
}
