package io.multiswarm.common;

import io.multiswarm.internal.json.JsonText;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * A merge patch (RFC 7396), applied in one pass over the target. Values are copied as they were
 * written and never decoded: a number of thirty digits, {@code 1e400} or {@code 1.10} survives the
 * change of its neighbour, which it would not as a {@code double}.
 */
final class JsonMergePatch {

  /**
   * What becomes of a member.
   *
   * @param members of an object that is merged; null for a value
   * @param value that is put, {@code null} to remove; empty for an object
   */
  private record Change(@Nullable Map<String, Change> members, byte[] value) {

    boolean removes() {
      return members == null && value[0] == 'n';
    }
  }

  private final byte[] target;
  private final ByteArrayOutputStream out;

  private JsonMergePatch(byte[] target) {
    this.target = target;
    this.out = new ByteArrayOutputStream(target.length + 64);
  }

  /**
   * Merges a patch that is an object.
   *
   * @param ofTarget at the first token of the target
   * @param ofPatch at the first token of the patch
   */
  static byte[] merge(byte[] target, JsonParser ofTarget, byte[] patch, JsonParser ofPatch) {
    Change change = read(patch, ofPatch);
    JsonMergePatch merge = new JsonMergePatch(target);
    if (ofTarget.currentToken() == JsonToken.START_OBJECT && change.members() != null) {
      merge.object(ofTarget, change.members());
    } else {
      merge.put(change);
    }
    return merge.out.toByteArray();
  }

  private static Change read(byte[] patch, JsonParser parser) {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      return new Change(null, JsonText.currentValue(patch, parser));
    }
    Map<String, Change> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      members.put(name, read(patch, parser));
    }
    return new Change(members, new byte[0]);
  }

  private void object(JsonParser parser, Map<String, Change> changes) {
    Set<String> met = new HashSet<>();
    out.write('{');
    int begin = out.size();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      met.add(name);
      member(begin, name, changes.get(name), parser);
    }
    changes.forEach(
        (name, change) -> {
          if (!met.contains(name) && !change.removes()) {
            name(begin, name);
            put(change);
          }
        });
    out.write('}');
  }

  private void member(int begin, String name, @Nullable Change change, JsonParser parser) {
    if (change == null) {
      name(begin, name);
      out.writeBytes(JsonText.currentValue(target, parser));
    } else if (change.removes()) {
      parser.skipChildren();
    } else {
      name(begin, name);
      if (change.members() != null && parser.currentToken() == JsonToken.START_OBJECT) {
        object(parser, change.members());
      } else {
        parser.skipChildren();
        put(change);
      }
    }
  }

  /** Where nothing is merged with, what a patch would remove is left out. */
  private void put(Change change) {
    Map<String, Change> members = change.members();
    if (members == null) {
      out.writeBytes(change.value());
      return;
    }
    out.write('{');
    int begin = out.size();
    members.forEach(
        (name, member) -> {
          if (!member.removes()) {
            name(begin, name);
            put(member);
          }
        });
    out.write('}');
  }

  /**
   * @param begin where the first member of the object would be
   */
  private void name(int begin, String name) {
    if (out.size() > begin) {
      out.write(',');
    }
    out.writeBytes(Json.quote(name).getBytes(StandardCharsets.UTF_8));
    out.write(':');
  }
}
