package io.multiswarm.internal.election;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.election.LeaderInfo;
import io.multiswarm.internal.node.AttachedSwarms;
import io.multiswarm.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The scripts leader_*.lua as a model in virtual time, shared by the nodes of a test. It can refuse
 * to answer, and answer too late.
 */
final class LeaseModel {

  /** A call as it arrived. */
  record Call(Duration at, String node, String what) {}

  private final VirtualTime time;
  private final Duration lease;
  private final List<Consumer<String>> listeners = new ArrayList<>();
  final List<Call> calls = new ArrayList<>();

  @Nullable String leader;
  Duration expires = Duration.ZERO;
  long epoch;
  String swarm = "";
  String node = "";
  long nonce;

  boolean away;
  boolean losesAnswers;

  LeaseModel(VirtualTime time, Duration lease) {
    this.time = time;
    this.lease = lease;
  }

  void listen(Consumer<String> heard) {
    listeners.add(heard);
  }

  List<Duration> timesOf(String what) {
    return calls.stream().filter(call -> call.what().equals(what)).map(Call::at).toList();
  }

  @Nullable String leader() {
    if (leader != null && time.elapsed().compareTo(expires) >= 0) {
      leader = null;
    }
    return leader;
  }

  private Duration left() {
    return expires.minus(time.elapsed());
  }

  private boolean ours() {
    return swarm.equals(leader());
  }

  private void tell(String signal) {
    listeners.forEach(listener -> listener.accept(signal));
  }

  LeaseStore of(String caller) {
    return new LeaseStore() {
      @Override
      public Mono<LeaseAnswer> campaign(AttachedSwarms.Held candidate, long number, long newest) {
        return answer(caller, "campaign", () -> Mono.just(won(caller, candidate, number, newest)));
      }

      @Override
      public Mono<LeaseAnswer> renew(long renewed) {
        return answer(
            caller,
            "renew",
            () -> {
              if (!ours() || renewed != epoch) {
                return Mono.just(new LeaseAnswer.Denied());
              }
              expires = time.elapsed().plus(lease);
              return Mono.just(new LeaseAnswer.Granted(epoch, lease));
            });
      }

      @Override
      public Mono<Void> release(long released) {
        return answer(
            caller,
            "release",
            () -> {
              if (ours() && released == epoch) {
                leader = null;
                tell("released " + released);
              }
              return Mono.empty();
            });
      }

      @Override
      public Mono<LeaderInfo> look() {
        return answer(caller, "look", () -> leader() == null ? Mono.empty() : Mono.just(info()));
      }
    };
  }

  private LeaderInfo info() {
    String held = String.valueOf(leader());
    return ours()
        ? new LeaderInfo(held, epoch, node, left())
        : new LeaderInfo(held, 0, null, left());
  }

  private LeaseAnswer won(String caller, AttachedSwarms.Held candidate, long number, long newest) {
    boolean here = node.equals(caller);
    if (leader() != null && !(ours() && here)) {
      return new LeaseAnswer.Held(info());
    }
    if (here && number == nonce && leader() != null) {
      return new LeaseAnswer.Granted(epoch, left());
    }
    if (here && number <= nonce) {
      return new LeaseAnswer.Denied();
    }
    epoch = Math.max(Math.max(epoch, newest) + 1, 1_000_000 + time.elapsed().toMillis());
    leader = candidate.swarmId();
    swarm = candidate.swarmId();
    node = caller;
    nonce = number;
    expires = time.elapsed().plus(lease);
    tell("taken " + epoch + ' ' + lease.toMillis() + ' ' + caller + ' ' + leader);
    return new LeaseAnswer.Granted(epoch, lease);
  }

  private <T> Mono<T> answer(String caller, String what, Supplier<Mono<T>> effect) {
    return Mono.defer(
        () -> {
          calls.add(new Call(time.elapsed(), caller, what));
          if (away) {
            return unavailable();
          }
          Mono<T> answer = effect.get().cache();
          answer.subscribe();
          return losesAnswers ? unavailable() : answer;
        });
  }

  private static <T> Mono<T> unavailable() {
    return Mono.error(CoordinationException.of(ErrorCode.UNAVAILABLE, "the test says so"));
  }
}
