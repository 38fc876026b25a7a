package io.multiswarm.server.client;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.Json;
import io.multiswarm.server.protocol.Answers;
import java.util.LinkedHashMap;
import java.util.Map;

/** The text of requests, and what answers and notifications say. */
final class WireMessage {

  private final Map<String, Json> members;

  private WireMessage(Map<String, Json> members) {
    this.members = members;
  }

  /** With the depth that values have which were let in: an answer wraps them once more. */
  static WireMessage read(byte[] utf8) {
    return new WireMessage(Json.trusted(utf8).members());
  }

  static String request(long id, String method, Json params) {
    Map<String, Json> request = new LinkedHashMap<>();
    request.put("jsonrpc", Json.of("2.0"));
    request.put("id", Json.of(id));
    request.put("method", Json.of(method));
    request.put("params", params);
    return Json.object(request).toString();
  }

  boolean isNotification() {
    return members.containsKey("method");
  }

  Told told() {
    return new Told(member("method").text(), member("params"));
  }

  /** Null when the server could not read the request's. */
  long id() {
    Json id = member("id");
    return id.isInteger() ? id.as(Long.class) : 0;
  }

  boolean isRefusal() {
    return members.containsKey("error");
  }

  Json result() {
    return member("result");
  }

  /** The refusal as the server's own code would throw it. */
  CoordinationException refusal() {
    return Answers.refusal(member("error"));
  }

  private Json member(String name) {
    return members.getOrDefault(name, Json.NULL);
  }
}
