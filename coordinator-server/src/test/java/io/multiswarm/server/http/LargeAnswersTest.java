package io.multiswarm.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

class LargeAnswersTest {

  private final LargeAnswers answers = new LargeAnswers();
  private final List<String> given = new ArrayList<>();

  private Disposable ask(Mono<Void> answer) {
    return answers
        .atMost(() -> answer, () -> Mono.fromRunnable(() -> given.add("busy")))
        .subscribe(nothing -> {}, error -> given.add("failed"), () -> given.add("done"));
  }

  @Test
  void answers_thatNobodyTakes_areSoManyAtMost() {
    List<Disposable> stuck = new ArrayList<>();
    for (int i = 0; i < LargeAnswers.MOST; i++) {
      stuck.add(ask(Mono.never()));
    }
    ask(Mono.empty());
    ask(Mono.never());
    assertThat(given).containsExactly("busy", "done", "busy", "done");

    given.clear();
    stuck.get(0).dispose();
    ask(Mono.error(new IllegalStateException("cut off")));
    ask(Mono.empty());
    assertThat(given).containsExactly("failed", "done");
  }
}
