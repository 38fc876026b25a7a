package io.multiswarm.internal.registry;

import io.multiswarm.internal.duties.Duty;
import io.multiswarm.internal.duties.UpkeepTerm;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.PassingFailures;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * What archives of swarms may take of Redis. Beyond it the oldest go before their time, whenever a
 * swarm is archived, and with the upkeep those whose time is over.
 */
final class Archives implements Duty.Periodic<UpkeepTerm> {

  private static final Logger log = LoggerFactory.getLogger(Archives.class);

  private static final int AT_ONCE = 100;

  private final NodeContext context;
  private final RegistryKeys keys;
  private final AtomicBoolean removing = new AtomicBoolean();

  Archives(NodeContext context, RegistryKeys keys) {
    this.context = context;
    this.keys = keys;
  }

  @Override
  public String name() {
    return "archives";
  }

  @Override
  public Duration interval() {
    return Duration.ofMinutes(1);
  }

  @Override
  public Mono<Void> run(UpkeepTerm term) {
    return removeOldest();
  }

  /**
   * Makes room if that is necessary, and lets nobody wait for it.
   *
   * @param taken bytes that archives take, as a script told that wrote one
   */
  void weigh(long taken) {
    if (taken > most() && removing.compareAndSet(false, true)) {
      removeOldest()
          .doFinally(end -> removing.set(false))
          .subscribe(
              done -> {},
              // The next archive tries again.
              error ->
                  PassingFailures.tell(log, "Archives take too much, and stay for now", error));
    }
  }

  private Mono<Void> removeOldest() {
    return page().expand(removed -> removed > 0 ? page() : Mono.empty()).then();
  }

  /** How many were removed. */
  private Mono<Long> page() {
    return context
        .link()
        .run(limited(Script.ARCHIVE_OLDEST).arg(AT_ONCE))
        .map(Archived::from)
        .flatMap(oldest -> oldest.isEmpty() ? Mono.just(0L) : drop(oldest));
  }

  /**
   * A swarm's archive that has to go.
   *
   * @param at by which the script knows the archive, and not a later one, when it drops it
   */
  @ReplyOf(Script.ARCHIVE_OLDEST)
  private record Archived(String swarmId, String at) {

    static List<Archived> from(ScriptReply reply) {
      List<String> idsAndTimes = reply.strings(0);
      List<Archived> oldest = new ArrayList<>(idsAndTimes.size() / 2);
      for (int i = 0; i < idsAndTimes.size(); i += 2) {
        oldest.add(new Archived(idsAndTimes.get(i), idsAndTimes.get(i + 1)));
      }
      return oldest;
    }
  }

  private Mono<Long> drop(List<Archived> oldest) {
    ScriptCall call = limited(Script.ARCHIVE_DROP);
    for (Archived one : oldest) {
      call.key(context.keys().archive(one.swarmId())).arg(one.swarmId()).arg(one.at());
    }
    return context.link().run(call).map(ScriptReply::onlyNumber);
  }

  private ScriptCall limited(Script script) {
    return ScriptCall.of(script).keys(keys.archives()).arg(most()).arg(RegistryKeys.ARCHIVE_TTL);
  }

  private long most() {
    return context.options().states().archiveBytes();
  }
}
