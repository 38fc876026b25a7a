package io.multiswarm.load.client;

import io.multiswarm.load.client.ServerNotification.Event;
import io.multiswarm.load.client.ServerNotification.Gap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The frames that are rare enough for trees: written from maps, and read as a whole. */
final class JsonFrames {

  private final JsonMapper mapper = JsonMapper.builder().build();

  /**
   * Looking up how types are read takes a lock the first time; no event loop should wait for it.
   */
  JsonFrames() {
    mapper.writeValueAsBytes(mapper.readTree("{}"));
    mapper.writeValueAsBytes(
        Map.of("text", "", "number", 1, "list", List.of(Map.of("long", 1L, "yes", true))));
  }

  byte[] request(long id, String method, Object params) {
    return mapper.writeValueAsBytes(
        Map.of("jsonrpc", "2.0", "id", id, "method", method, "params", params));
  }

  String text(Object params) {
    return mapper.writeValueAsString(params);
  }

  JsonNode tree(FrameScan scan) {
    return mapper.readTree(scan.bytes(), 0, scan.length());
  }

  /** A frame that refuses a call of {@code method}. */
  Fault fault(String method, FrameScan scan) {
    JsonNode error = tree(scan).path("error");
    return new Fault(
        method,
        error.path("code").asInt(0),
        error.path("data").path("name").asString("an error without a name"),
        error.path("message").asString(""));
  }

  Gap gap(FrameScan scan) {
    JsonNode params = tree(scan).path("params");
    return new Gap(
        params.path("channel").asString(),
        params.path("epoch").asString(),
        params.path("from").asLong(),
        params.path("to").asLong(),
        params.path("reason").asString(""));
  }

  Event event(String method, FrameScan scan) {
    return new Event(method, tree(scan).path("params"));
  }
}
