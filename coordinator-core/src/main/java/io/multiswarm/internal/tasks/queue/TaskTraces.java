package io.multiswarm.internal.tasks.queue;

import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.Unreadable;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.internal.tasks.store.TaskKeys;
import io.multiswarm.internal.tasks.store.TaskRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The traces that swarms left in tasks, for those who look after them. Redis looks for their tasks
 * itself, so that what all the others are about does not travel.
 */
public final class TaskTraces {

  /** Tasks that are looked at: a search costs no more in front of a longer queue. */
  public static final int MOST_LOOKED_AT = 10_000;

  /** Swarms that are looked for at once; each task is compared with all of them in one step. */
  public static final int MOST_SWARMS = 1_000;

  private static final int PAGE = 100;
  private static final String NEWEST = "+inf";
  private static final String NO_MORE = "";

  private final NodeContext context;
  private final TaskKeys keys;

  public TaskTraces(NodeContext context, TaskKeys keys) {
    this.context = context;
    this.keys = keys;
  }

  /**
   * The tasks that the swarms, {@value #MOST_SWARMS} at most, have or had, of the {@value
   * #MOST_LOOKED_AT} newest of the fleet; the newest first.
   *
   * <p><b>Backpressure.</b> A page is read when the one before was taken. <b>Errors.</b> {@code
   * UNAVAILABLE} while Redis is away.
   */
  public Flux<TaskTrace> of(Collection<String> swarmIds) {
    if (swarmIds.size() > MOST_SWARMS) {
      throw new IllegalArgumentException("at most " + MOST_SWARMS + " swarms at once");
    }
    List<String> swarms = List.copyOf(swarmIds);
    return page(NEWEST, 0, swarms)
        .expand(
            page ->
                page.next().equals(NO_MORE) || page.lookedAt() >= MOST_LOOKED_AT
                    ? Mono.empty()
                    : page(page.next(), page.lookedAt(), swarms))
        .concatMapIterable(Page::traces, 1);
  }

  /**
   * @param lookedAt in this page and those before
   */
  @ReplyOf(Script.RECOVERY_TASKS)
  private record Page(String next, int lookedAt, List<TaskTrace> traces) {

    static Page from(ScriptReply reply, int before, Unreadable unreadable) {
      ScriptReply found = reply.list(2);
      List<TaskTrace> traces = new ArrayList<>(found.size() / 2);
      for (int i = 0; i < found.size(); i += 2) {
        String id = found.string(i);
        String record = found.string(i + 1);
        unreadable
            .passing("task", id, () -> TaskTrace.of(id, TaskRecord.parse(id, record)))
            .ifPresent(traces::add);
      }
      return new Page(reply.string(0), before + (int) reply.number(1), traces);
    }
  }

  private Mono<Page> page(String from, int before, List<String> swarmIds) {
    ScriptCall call =
        ScriptCall.of(Script.RECOVERY_TASKS)
            .key(keys.index())
            .key(keys.tasks())
            .arg(from)
            .arg(PAGE);
    swarmIds.forEach(call::arg);
    return context.link().run(call).map(reply -> Page.from(reply, before, context.unreadable()));
  }
}
