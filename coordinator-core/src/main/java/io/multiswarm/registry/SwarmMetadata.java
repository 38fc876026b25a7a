package io.multiswarm.registry;

import io.multiswarm.common.Capabilities;
import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.common.Priority;
import io.multiswarm.common.Texts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a swarm says about itself: five members that the system reads, and any others.
 *
 * @param json all members; the five are always there, null or empty when not given
 * @param creator who made it; null when not given
 * @param phase of its work; null when not given
 */
public record SwarmMetadata(
    Json json,
    @Nullable String creator,
    @Nullable String phase,
    Priority priority,
    List<String> capabilities,
    List<String> tags) {

  /** Bytes at most, so that a page of swarms stays readable. */
  public static final int MAX_BYTES = 64 << 10;

  public static final SwarmMetadata NONE = of(Json.EMPTY_OBJECT);

  public SwarmMetadata {
    capabilities = List.copyOf(capabilities);
    tags = List.copyOf(tags);
  }

  /**
   * Reads metadata and adds the defaults. A member of the wrong type is refused with {@code
   * INVALID_ARGUMENT}, more than {@link #MAX_BYTES} with {@code PAYLOAD_TOO_LARGE}; the defaults
   * count.
   */
  public static SwarmMetadata of(Json given) {
    checkSize(given);
    if (!given.isObject()) {
      throw CoordinationException.invalid("metadata", "must be an object");
    }
    Map<String, Json> members = given.members();
    SwarmMetadata read = read(given, members);
    read.check();
    Map<String, Json> all = new LinkedHashMap<>();
    all.put("creator", Json.of(read.creator));
    all.put("phase", Json.of(read.phase));
    all.put("priority", Json.of(read.priority.word()));
    all.put("capabilities", Json.of(read.capabilities));
    all.put("tags", Json.of(read.tags));
    members.forEach(all::putIfAbsent);
    Json whole = Json.object(all);
    checkSize(whole);
    return new SwarmMetadata(
        whole, read.creator, read.phase, read.priority, read.capabilities, read.tags);
  }

  private static void checkSize(Json metadata) {
    if (metadata.length() > MAX_BYTES) {
      throw CoordinationException.of(
              ErrorCode.PAYLOAD_TOO_LARGE,
              "metadata: %d bytes with its defaults, at most %d are kept; put large data into the"
                  + " swarm's state",
              metadata.length(),
              MAX_BYTES)
          .with("limit", MAX_BYTES);
    }
  }

  /** What is stored was checked; a rule that came later is no reason to refuse it. */
  private void check() {
    Texts.checkOptional("metadata.creator", creator);
    Texts.checkOptional("metadata.phase", phase);
    Capabilities.check("metadata.capabilities", capabilities);
    tags.forEach(tag -> Texts.checkWhole("metadata.tags", tag));
  }

  /** What {@link #of} made and Redis kept: the defaults are there. */
  public static SwarmMetadata stored(Json json) {
    return read(json, json.members());
  }

  private static SwarmMetadata read(Json json, Map<String, Json> members) {
    return new SwarmMetadata(
        json,
        text("creator", members.get("creator")),
        text("phase", members.get("phase")),
        Priority.parse("metadata.priority", text("priority", members.get("priority"))),
        texts("capabilities", members.get("capabilities")),
        texts("tags", members.get("tags")));
  }

  /** Changed by an RFC 7396 merge patch; refused as by {@link #of}. */
  public SwarmMetadata mergedWith(Json patch) {
    if (!patch.isObject()) {
      throw CoordinationException.invalid(
          "metadata", "must be an object, a merge patch (RFC 7396)");
    }
    return of(json.mergedWith(patch));
  }

  private static @Nullable String text(String name, @Nullable Json value) {
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isString()) {
      throw CoordinationException.invalid("metadata." + name, "must be a string");
    }
    return value.as(String.class);
  }

  private static List<String> texts(String name, @Nullable Json value) {
    if (value == null || value.isNull()) {
      return List.of();
    }
    List<Json> elements = value.isArray() ? value.elements() : List.of(Json.NULL);
    if (!elements.stream().allMatch(Json::isString)) {
      throw CoordinationException.invalid("metadata." + name, "must be an array of strings");
    }
    return elements.stream().map(element -> element.as(String.class)).toList();
  }
}
