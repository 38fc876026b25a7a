package io.multiswarm.server.client;

import io.multiswarm.common.Json;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads members of an answer; what is not there is empty. */
public record Tree(Json json) {

  /**
   * What lies there.
   *
   * @param path names of members, with dots between them
   */
  public Tree at(String path) {
    Json found = json;
    for (String name : path.split("\\.")) {
      found = found.isObject() ? found.members().getOrDefault(name, Json.NULL) : Json.NULL;
    }
    return new Tree(found);
  }

  public boolean isPresent() {
    return !json.isNull();
  }

  public boolean isTrue() {
    return json.toString().equals("true");
  }

  /** As people read it: strings without quotes, lists with commas, nothing for null. */
  public String text() {
    if (json.isNull()) {
      return "";
    }
    if (json.isString()) {
      return json.text();
    }
    return json.isArray()
        ? items().stream().map(Tree::text).collect(Collectors.joining(", "))
        : json.toString();
  }

  public String text(String path) {
    return at(path).text();
  }

  /** 0 when there is no number. */
  public long number(String path) {
    Json found = at(path).json;
    return found.isInteger() ? found.as(Long.class) : 0;
  }

  /** None when there is no array. */
  public List<Tree> items() {
    return json.isArray() ? json.elements().stream().map(Tree::new).toList() : List.of();
  }

  public List<Tree> items(String path) {
    return at(path).items();
  }

  public Map<String, Json> members(String path) {
    Json found = at(path).json;
    return found.isObject() ? found.members() : Map.of();
  }
}
