package io.multiswarm.tasks;

import io.multiswarm.election.Leadership.Leader;
import io.multiswarm.internal.redis.ScriptReply;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Alarms as duties of the leader. */
final class Alarms {

  private Alarms() {}

  /**
   * An alarm that rings at once and lives as long as the subscription, which ends with the first
   * error of its work.
   *
   * @param work gives the time until it should be done again
   * @param holder is told the alarm, and null when it is over
   */
  static Flux<?> whileSubscribed(
      Scheduler scheduler,
      Duration longest,
      Supplier<Mono<Duration>> work,
      Consumer<@Nullable Alarm> holder) {
    return Flux.create(
        sink -> {
          Alarm alarm =
              new Alarm(
                  scheduler,
                  longest,
                  () ->
                      work.get()
                          .onErrorResume(
                              error -> {
                                sink.error(error);
                                return Mono.just(longest);
                              }));
          holder.accept(alarm);
          sink.onDispose(
              () -> {
                holder.accept(null);
                alarm.dispose();
              });
          alarm.ringWithin(Duration.ZERO);
        });
  }

  static Mono<ScriptReply> unlessFenced(ScriptReply reply, Leader leader) {
    return reply.isOk() ? Mono.just(reply) : Mono.error(Refusals.leadershipOver(leader.epoch()));
  }
}
