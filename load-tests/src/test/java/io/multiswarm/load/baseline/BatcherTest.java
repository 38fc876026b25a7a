package io.multiswarm.load.baseline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class BatcherTest {

  private final List<List<Integer>> calls = new ArrayList<>();
  private final List<CompletableFuture<List<String>>> answers = new ArrayList<>();
  private final List<String> seen = new ArrayList<>();
  private final Batcher<Integer, String> batcher =
      new Batcher<>(new Batcher.Limits(2, 3), this::call);

  @Test
  void things_whileLittleIsUnderWay_leaveAtOnce() {
    send(1, 2);

    assertThat(calls).containsExactly(List.of(1), List.of(2));
  }

  @Test
  void things_whileMuchIsUnderWay_leaveTogether() {
    send(1, 2, 3, 4, 5, 6);
    answers.get(1).complete(List.of("two"));

    assertThat(calls).containsExactly(List.of(1), List.of(2), List.of(3, 4, 5));
    assertThat(seen).containsExactly("two");

    answers.get(2).complete(List.of("three", "four", "five"));

    assertThat(calls).hasSize(4).last().isEqualTo(List.of(6));
    assertThat(seen).containsExactly("two", "three", "four", "five");
  }

  @Test
  void things_ofACallThatFails_failAll() {
    send(1, 2, 3, 4);
    answers.get(0).complete(List.of("one"));
    answers.get(2).completeExceptionally(new IllegalStateException("gone"));

    assertThat(seen).containsExactly("one", "gone", "gone");
  }

  private void send(int... things) {
    for (int thing : things) {
      batcher.send(thing).subscribe(seen::add, error -> seen.add(error.getMessage()));
    }
  }

  private CompletionStage<List<String>> call(List<Integer> batch) {
    var answer = new CompletableFuture<List<String>>();
    calls.add(batch);
    answers.add(answer);
    return answer;
  }
}
