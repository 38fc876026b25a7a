package io.multiswarm.load.client;

import java.net.URI;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * Where a session goes in.
 *
 * @param url a server's WebSocket address
 * @param fleet that the session asks for; empty for the server's first
 */
public record Door(URI url, String fleet) {

  /** Of a server's first fleet. */
  public Door(URI url) {
    this(url, "");
  }

  /**
   * Each fleet at each server: sessions that take them in turn spread over both.
   *
   * @param fleets none for every server's first
   */
  public static List<Door> of(List<URI> urls, List<String> fleets) {
    List<String> asked = fleets.isEmpty() ? List.of("") : fleets;
    return urls.stream().flatMap(url -> asked.stream().map(fleet -> new Door(url, fleet))).toList();
  }

  /** Opens the session of a client that is connected here. */
  Mono<JsonNode> open(SwarmClient client) {
    return fleet.isEmpty()
        ? client.open()
        : client.request("session.open", Map.of("protocol", 1, "fleet", fleet));
  }
}
