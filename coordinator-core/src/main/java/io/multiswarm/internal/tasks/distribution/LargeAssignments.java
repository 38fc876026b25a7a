package io.multiswarm.internal.tasks.distribution;

import io.multiswarm.common.Ids;
import io.multiswarm.internal.node.LateErrors;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.tasks.store.TaskKeys;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.concurrent.Queues;

/**
 * Tells of the assignments of large tasks on the channels of their swarms, as the assigning script
 * does of small ones: one after the other, each task read when it is its turn, and only if somebody
 * may hear it. What finds {@link #MOST} before it is not told: live news comes at most once.
 */
public final class LargeAssignments {

  private static final Logger log = LoggerFactory.getLogger(LargeAssignments.class);
  private static final int MOST = 4_096;

  private final NodeContext context;
  private final TaskKeys keys;
  private final Sinks.Many<News> waiting =
      Sinks.many().unicast().onBackpressureBuffer(Queues.<News>get(MOST).get());
  private final Disposable telling;

  /**
   * An assignment.
   *
   * @param at ms of it, on Redis's clock
   * @param terms what follows the task in the message's data
   */
  record News(String swarmId, String taskId, String assignedBy, String at, String terms) {}

  public LargeAssignments(NodeContext context, TaskKeys keys) {
    this.context = context;
    this.keys = keys;
    this.telling =
        waiting
            .asFlux()
            .concatMap(this::tellQuietly, 1)
            .contextWrite(LateErrors::noted)
            .subscribe();
  }

  /** By one thread at a time. */
  void tell(List<News> news) {
    for (News one : news) {
      // FAIL_OVERFLOW is what the limit is for, and after the end there is nobody to tell.
      waiting.tryEmitNext(one);
    }
  }

  private Mono<Void> tellQuietly(News news) {
    return tell(news)
        .onErrorResume(
            error -> {
              log.debug("The assignment of {} was not told: {}", news.taskId(), error.toString());
              return Mono.empty();
            });
  }

  private Mono<Void> tell(News news) {
    String channel = keys.swarmChannelPrefix() + news.swarmId();
    return context
        .link()
        .reads()
        .mayBeHeard(channel)
        .filter(heard -> heard)
        .flatMapMany(
            heard -> context.link().reads().hashFields(keys.specs(), List.of(news.taskId())))
        .flatMap(found -> Flux.fromStream(found.get(0).stream()))
        .concatMap(task -> context.link().publish(channel, message(news, task)))
        .then();
  }

  /** As {@code task_assign.lua} puts it together. */
  private static byte[] message(News news, byte[] task) {
    ByteArrayOutputStream message = new ByteArrayOutputStream(task.length + 1024);
    message.writeBytes(
        utf8(
            "{\"live\":true,\"id\":\""
                + Ids.unique("sys")
                + "\",\"swarmId\":\""
                + news.assignedBy()
                + "\",\"timestamp\":"
                + news.at()
                + ",\"messageType\":\"task\",\"target\":null,\"targetAgent\":null,\"payload\":"
                + "{\"type\":\"task_assignment\",\"data\":{\"task\":"));
    message.writeBytes(task);
    message.writeBytes(utf8(news.terms() + "}},\"metadata\":{}}"));
    return message.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  public void close() {
    telling.dispose();
  }
}
