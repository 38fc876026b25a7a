package io.multiswarm.internal.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.Json;
import io.multiswarm.state.SwarmState;
import io.multiswarm.testing.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StateCacheTest {

  private final VirtualTime time = new VirtualTime();
  private final StateCache cache = new StateCache(time.scheduler());

  @AfterEach
  void end() {
    time.close();
  }

  private static SwarmState state(long version) {
    return state(version, 0);
  }

  private static SwarmState state(long version, int bytes) {
    return new SwarmState(
        Json.trusted("{\"v\":" + version + ",\"x\":\"" + "x".repeat(bytes) + "\"}"),
        version,
        Instant.EPOCH);
  }

  @Test
  void state_offered_isFoundUntilItIsTooOld() {
    cache.offer("s", state(1));
    time.advance(StateCache.MAX_AGE.minusMillis(1));
    assertThat(cache.find("s")).isEqualTo(state(1));
    time.advance(Duration.ofMillis(1));
    assertThat(cache.find("s")).isNull();
  }

  @Test
  void ownWrite_isNotReplacedByAnOlderRead() {
    cache.offer("s", state(2));
    cache.offer("s", state(1));
    assertThat(cache.find("s")).isEqualTo(state(2));
  }

  @Test
  void read_underWayWhileANewerVersionIsAnnounced_isNotKept() {
    cache.heardOf("s", 2);
    cache.offer("s", state(1));
    assertThat(cache.find("s")).isNull();
    cache.offer("s", state(2));
    assertThat(cache.find("s")).isEqualTo(state(2));
  }

  @Test
  void announcement_ofAVersionThatIsKnown_changesNothing() {
    cache.offer("s", state(2));
    cache.heardOf("s", 2);
    cache.heardOf("s", 1);
    assertThat(cache.find("s")).isEqualTo(state(2));
    cache.heardOf("s", 3);
    assertThat(cache.find("s")).isNull();
  }

  @Test
  void forgetAndClear_leaveNothing() {
    cache.offer("s", state(1));
    cache.offer("t", state(1));
    cache.forget("s");
    assertThat(cache.find("s")).isNull();
    cache.clear();
    assertThat(cache.find("t")).isNull();
  }

  @Test
  void states_beyondTheBytes_goOldestFirst() {
    int mebibyte = 1 << 20;
    for (int i = 0; i < 40; i++) {
      cache.offer("s" + i, state(1, mebibyte));
    }
    assertThat(cache.find("s0")).isNull();
    assertThat(cache.find("s8")).isNull();
    assertThat(cache.find("s39")).isNotNull();
    assertThat(cache.find("s9")).isNotNull();
  }

  @Test
  void states_beyondTheNumber_goOldestFirst() {
    for (int i = 0; i <= 10_000; i++) {
      cache.offer("s" + i, state(1));
    }
    assertThat(cache.find("s0")).isNull();
    assertThat(cache.find("s1")).isNotNull();
  }
}
