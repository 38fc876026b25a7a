package io.multiswarm.internal.resources;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.internal.redis.ScriptReply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What a page has found is dealt with a few swarms a call, so that no call is long. */
class PagesTest {

  private final List<String> calls = new ArrayList<>();

  @Test
  void swarms_ofALargePage_areDealtWithInSeveralCalls() {
    StepVerifier.create(
            Pages.of(
                (cursor, swarms) -> {
                  List<String> given = new ArrayList<>();
                  swarms.forEach(given::add);
                  calls.add("'%s' %d".formatted(cursor, given.size()));
                  return Mono.just(answer(cursor));
                }))
        .verifyComplete();

    assertThat(calls).containsExactly("'0' 0", "'' 4", "'' 4", "'' 4", "'' 4", "'5' 4", "'' 3");
  }

  private static ScriptReply answer(String cursor) {
    return switch (cursor) {
      case "0" -> reply("5", 20);
      case "5" -> reply("0", 3);
      default -> reply("0", 0);
    };
  }

  private static ScriptReply reply(String next, int found) {
    List<byte[]> ids = IntStream.range(0, found).mapToObj(i -> bytes("s" + i)).toList();
    return new ScriptReply(List.of(bytes("OK"), bytes(next), ids));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
