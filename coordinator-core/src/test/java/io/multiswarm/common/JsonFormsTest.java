package io.multiswarm.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonFormsTest {

  record Sample(Duration age, Map<Priority, Long> byPriority) {}

  @Test
  void of_durationsAndEnumKeys_areMillisecondsAndWords() {
    Sample sample = new Sample(Duration.ofMillis(1_500), Map.of(Priority.HIGH, 2L));
    assertThat(Json.of(sample)).hasToString("{\"age\":1500,\"byPriority\":{\"high\":2}}");
  }
}
