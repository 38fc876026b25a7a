package io.multiswarm.server.mcp.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.Json;
import io.multiswarm.server.protocol.Params;
import io.multiswarm.server.session.FakePeer;
import io.multiswarm.server.session.NodeBuffers;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class HeldTest {

  private static final int LARGE = 500_000;

  private final NodeBuffers node = new NodeBuffers(1_200_000);
  private final Held held = new Held(node.share(new FakePeer()));

  private static Json assignment(String id, int bytes) {
    return Json.of(
        Map.of(
            "task",
            Map.of(
                "id", id, "type", "t", "description", "d".repeat(2_000), "data", "x".repeat(bytes)),
            "attempt",
            1,
            "leaseMs",
            30_000));
  }

  @Test
  void largeTask_isWholeOnceAndShortAfterwards() {
    Json whole = assignment("a", LARGE);
    held.add(whole);
    assertThat(node.held()).isEqualTo(whole.length());

    assertThat(held.takeNew()).isEqualTo(whole);

    Params again = Params.of(Objects.requireNonNull(held.oldest()));
    assertThat(again.bool(News.SHORTENED, false)).isTrue();
    assertThat(again.params("task").string("id")).isEqualTo("a");
    assertThat(again.params("task").string("type")).isEqualTo("t");
    assertThat(again.params("task").string("description")).hasSize(1_001).endsWith("…");
    assertThat(again.integer("attempt", 1, 9)).isEqualTo(1);
    assertThat(again.integer("leaseMs", 1, 60_000)).isEqualTo(30_000);
    assertThat(node.held()).isLessThan(Held.SMALL);
  }

  @Test
  void smallTask_isWholeAgainAndAgain() {
    Json small = assignment("a", 10);
    held.add(small);
    assertThat(held.takeNew()).isEqualTo(small);
    assertThat(held.oldest()).isEqualTo(small);
  }

  @Test
  void manyLargeTasks_takeNoMoreThanTheNodeHas() {
    for (int i = 0; i < 100; i++) {
      held.add(assignment("t" + i, LARGE));
    }
    assertThat(held.size()).isEqualTo(100);
    assertThat(node.held()).isLessThan(2 * (LARGE + Held.SMALL) + 100L * Held.SMALL);

    assertThat(held.remove("t0", 1)).isTrue();
    held.clear();
    assertThat(node.held()).isZero();
  }
}
