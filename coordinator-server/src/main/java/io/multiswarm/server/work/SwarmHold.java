package io.multiswarm.server.work;

import io.multiswarm.common.Json;
import io.multiswarm.server.client.WireClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * The connection over which the swarm is held at the moment, if it is. Used on the runner's thread
 * alone.
 */
final class SwarmHold {

  private final Workshop workshop;
  private final Link link;
  private final List<MonoSink<WireClient>> waiting = new ArrayList<>();
  private @Nullable WireClient client;

  SwarmHold(Workshop workshop, Link link) {
    this.workshop = workshop;
    this.link = link;
  }

  void begin(WireClient attached) {
    client = attached;
    List<MonoSink<WireClient>> released = List.copyOf(waiting);
    waiting.clear();
    released.forEach(sink -> sink.success(attached));
  }

  /** That connection is lost; a later one stays. */
  void end(WireClient lost) {
    if (client == lost) {
      client = null;
    }
  }

  @Nullable WireClient client() {
    return client;
  }

  /** That connection, or the next. */
  Mono<WireClient> attached() {
    return Mono.create(
        sink -> {
          if (client != null) {
            sink.success(client);
          } else {
            waiting.add(sink);
          }
        });
  }

  /** Calls a method for an attempt, once; emits on the runner's thread. */
  Mono<Json> call(WireClient on, String method, TaskKey key, Map<String, ?> more) {
    return on.call(method, params(key, more)).publishOn(workshop.loop());
  }

  /** Reports on an attempt, again and again until the report is answered. */
  Mono<Json> report(String method, TaskKey key, Map<String, ?> more) {
    return Mono.defer(this::attached)
        .flatMap(on -> call(on, method, key, more))
        .retryWhen(link.untilAnswered());
  }

  private Json params(TaskKey key, Map<String, ?> more) {
    Map<String, Object> params = new LinkedHashMap<>(more);
    params.put("swarmId", workshop.settings().membership().swarm());
    params.put("taskId", key.taskId());
    params.put("attempt", key.attempt());
    return Json.of(params);
  }
}
