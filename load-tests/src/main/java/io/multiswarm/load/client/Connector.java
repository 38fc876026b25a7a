package io.multiswarm.load.client;

import io.multiswarm.load.history.History;
import java.net.URI;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

/**
 * Makes connections, whose operations go into a history.
 *
 * @param http whose loops and address limits they have
 */
public record Connector(HttpClient http, History history) {

  /** Connects; the session is not open yet. */
  public Mono<SwarmClient> connect(URI url) {
    return SwarmClient.connect(http, history, url);
  }
}
