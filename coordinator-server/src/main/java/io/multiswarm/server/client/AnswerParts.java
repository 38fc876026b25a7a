package io.multiswarm.server.client;

import static java.util.stream.Collectors.joining;

import io.multiswarm.common.Json;
import java.util.List;
import java.util.Map;

/**
 * Puts parts of answers together anew. They were let in once, and are deeper here than they were
 * then, so they are not checked again.
 */
public final class AnswerParts {

  private AnswerParts() {}

  /** An object of these members, in the order of the map. */
  public static Json object(Map<String, Json> members) {
    return Json.trusted(
        members.entrySet().stream()
            .map(member -> Json.quote(member.getKey()) + ':' + member.getValue())
            .collect(joining(",", "{", "}")));
  }

  /** An array of these elements. */
  public static Json array(List<Json> elements) {
    return Json.trusted(elements.stream().map(Json::toString).collect(joining(",", "[", "]")));
  }
}
