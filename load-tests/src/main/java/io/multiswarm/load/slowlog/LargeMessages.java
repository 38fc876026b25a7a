package io.multiswarm.load.slowlog;

import java.util.HashMap;
import java.util.Map;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Large messages and many small ones, and the histories that they make. */
record LargeMessages(Large large, int count) {

  private static final String CHANNEL = "swarm:tasks";
  private static final int SMALL = 2_000;
  private static final int AT_ONCE = 4;
  private static final int SMALL_AT_ONCE = 32;

  /** From one swarm of the caller to another, and to all. */
  Mono<Void> play(String from, String to, Caller caller) {
    return caller
        .call("channel.subscribe", Map.of("channel", CHANNEL))
        .then(
            Caller.each(
                SMALL, SMALL_AT_ONCE, i -> caller.call("message.publish", message(from, i))))
        .then(history("swarm:global", caller))
        .then(
            Caller.each(
                count,
                AT_ONCE,
                i ->
                    caller
                        .call("message.publish", largeMessage(from, i))
                        .then(
                            caller.call(
                                "message.send", Caller.with(largeMessage(from, i), "to", to)))))
        .then(history(CHANNEL, caller))
        .then(history("swarm:" + to, caller));
  }

  private static Map<String, Object> message(String from, int number) {
    return Map.of(
        "from", from, "channel", "swarm:global", "type", "note", "data", Map.of("n", number));
  }

  private Map<String, Object> largeMessage(String from, int number) {
    return Map.of("from", from, "channel", CHANNEL, "type", "note", "data", large.value(number));
  }

  /** All pages of it. */
  private static Mono<Void> history(String channel, Caller caller) {
    return page(channel, Map.of("epoch", "", "offset", 0), caller)
        .expand(
            page -> {
              JsonNode messages = page.path("messages");
              if (messages.isEmpty()) {
                return Mono.empty();
              }
              Map<String, Object> since = new HashMap<>();
              since.put("epoch", page.path("epoch").asString());
              since.put("offset", messages.get(messages.size() - 1).path("offset").asLong());
              return page(channel, since, caller);
            })
        .then();
  }

  private static Mono<JsonNode> page(String channel, Map<String, Object> since, Caller caller) {
    return caller.call(
        "channel.history", Map.of("channel", channel, "limit", 1_000, "since", since));
  }
}
