package io.multiswarm.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.health.InstallationReport.Installation;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InstallationTest {

  @Test
  void limit_withAnEvictingPolicy_mayEvict() {
    assertThat(of("104857600", "allkeys-lru").mayEvict()).isTrue();
    assertThat(of("104857600", "volatile-ttl").mayEvict()).isTrue();
  }

  @Test
  void limit_withNoeviction_keepsEverything() {
    assertThat(of("104857600", "noeviction").mayEvict()).isFalse();
  }

  @Test
  void noLimit_keepsEverythingWhateverThePolicy() {
    assertThat(of("0", "allkeys-lru").mayEvict()).isFalse();
  }

  @Test
  void description_isOneLine() {
    Installation installation =
        Installation.of(
            Map.of(
                "redis_version",
                "7.0.15",
                "maxmemory",
                "0",
                "maxmemory_policy",
                "noeviction",
                "aof_enabled",
                "1"),
            "everysec",
            "");
    assertThat(installation.describe())
        .isEqualTo(
            "Redis 7.0.15; no memory limit; append-only file: survives a crash; a loss of power"
                + " costs a second or two");
  }

  private static Installation of(String maxMemory, String policy) {
    return Installation.of(Map.of("maxmemory", maxMemory, "maxmemory_policy", policy), "", "");
  }
}
