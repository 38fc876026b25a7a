package io.multiswarm.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class CommitsTest {

  private final LinkSettings settings = LinkSettings.defaults().withReplicas(1);
  private final CommandsInFlight inFlight =
      new CommandsInFlight(settings, suspicion -> {}, Runnable::run);
  private final List<CompletableFuture<Long>> waits = new ArrayList<>();
  private final List<String> results = new ArrayList<>();
  private Channel channel = new EmbeddedChannel();
  private final Commits commits =
      new Commits(
          settings,
          inFlight,
          () -> channel,
          (replicas, limit) -> {
            CompletableFuture<Long> wait = new CompletableFuture<>();
            waits.add(wait);
            return wait;
          });

  /** A command that Redis answers by its own name. */
  private CompletableFuture<String> send(String name, boolean lasting) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    Mono.<String>create(
            sink -> {
              inFlight.add(sink, false);
              commits.into(sink, () -> answer, lasting);
            })
        .subscribe(results::add, error -> results.add(name + ": " + RedisFailure.of(error)));
    return answer;
  }

  private void answered(String name, boolean lasting) {
    send(name, lasting).complete(name);
  }

  @Test
  void changes_answeredDuringAWait_shareTheNext() {
    answered("a", true);
    answered("b", true);
    answered("c", true);
    assertThat(waits).hasSize(1);
    assertThat(results).isEmpty();

    waits.get(0).complete(1L);
    assertThat(results).containsExactly("a");
    assertThat(waits).hasSize(2);

    waits.get(1).complete(2L);
    assertThat(results).containsExactly("a", "b", "c");
    assertThat(waits).hasSize(2);
  }

  @Test
  void changes_thatTooFewHave_failByName() {
    answered("a", true);
    waits.get(0).complete(0L);

    assertThat(results).containsExactly("a: NOT_REPLICATED");
  }

  @Test
  void reads_alone_passAtOnce_andKeepTheirPlaceBehindChanges() {
    answered("r1", false);
    answered("a", true);
    answered("r2", false);
    assertThat(results).containsExactly("r1");

    waits.get(0).complete(0L);

    assertThat(results).containsExactly("r1", "r2", "a: NOT_REPLICATED");
    assertThat(waits).hasSize(1);
  }

  /** The next channel may lead to another master, whose replicas confirm anything. */
  @Test
  void changes_confirmedOnAnotherChannel_metABrokenConnection() {
    CompletableFuture<String> answer = send("a", true);
    channel = new EmbeddedChannel();
    answer.complete("a");
    waits.get(0).complete(1L);

    assertThat(results).containsExactly("a: BROKEN");
    assertThat(RedisFailure.BROKEN.repeatable()).isTrue();
  }

  @Test
  void refusals_areToldWithoutAWait() {
    send("a", true).completeExceptionally(new IllegalStateException("no"));

    assertThat(results).containsExactly("a: OTHER");
    assertThat(waits).isEmpty();
  }
}
