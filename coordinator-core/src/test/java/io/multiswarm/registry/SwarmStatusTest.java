package io.multiswarm.registry;

import static io.multiswarm.registry.SwarmStatus.ACTIVE;
import static io.multiswarm.registry.SwarmStatus.COMPLETED;
import static io.multiswarm.registry.SwarmStatus.FAILED;
import static io.multiswarm.registry.SwarmStatus.INITIALIZING;
import static io.multiswarm.registry.SwarmStatus.INTERRUPTED;
import static io.multiswarm.registry.SwarmStatus.RECOVERING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multiswarm.common.CoordinationException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SwarmStatusTest {

  @Test
  void canBecome_ofEachPair_isTheTableOfTheProtocol() {
    Map<SwarmStatus, Set<SwarmStatus>> table = new EnumMap<>(SwarmStatus.class);
    table.put(INITIALIZING, EnumSet.of(ACTIVE, FAILED, COMPLETED));
    table.put(ACTIVE, EnumSet.of(COMPLETED, FAILED));
    table.put(RECOVERING, EnumSet.of(ACTIVE, FAILED));
    table.put(INTERRUPTED, EnumSet.of(COMPLETED, FAILED));
    table.put(COMPLETED, EnumSet.noneOf(SwarmStatus.class));
    table.put(FAILED, EnumSet.noneOf(SwarmStatus.class));

    for (SwarmStatus from : SwarmStatus.values()) {
      for (SwarmStatus to : SwarmStatus.values()) {
        assertThat(from.canBecome(to))
            .as("%s to %s", from, to)
            .isEqualTo(from == to || table.get(from).contains(to));
      }
    }
  }

  @Test
  void parse_ofAnUnknownWord_isRefused() {
    assertThat(SwarmStatus.parse("status", "active")).isEqualTo(ACTIVE);
    assertThatThrownBy(() -> SwarmStatus.parse("status", "ACTIVE"))
        .isInstanceOf(CoordinationException.class)
        .hasMessageContaining("initializing, active, recovering, interrupted, completed, failed");
  }
}
