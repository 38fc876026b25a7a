package io.multiswarm.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FailureLogTest {

  private static final String SHA = "0123456789abcdef0123456789abcdef01234567";

  private final VirtualTime time = new VirtualTime();
  private final List<String> lines = new ArrayList<>();
  private final FailureLog log = new FailureLog(time.scheduler(), lines::add);

  @AfterEach
  void close() {
    time.close();
  }

  @Test
  void reason_metAgain_isCountedAndToldOnceAMinute() {
    for (int i = 0; i < 1_000; i++) {
      log.met("MOVED " + i + " script " + SHA);
    }
    assertThat(lines).containsExactly("MOVED 0 script " + SHA);

    time.advance(Duration.ofMinutes(1));
    log.met("MOVED 7");
    log.met("MOVED 7 script " + SHA);

    assertThat(lines)
        .containsExactly(
            "MOVED 0 script " + SHA,
            "MOVED 7",
            "MOVED 7 script " + SHA + " (1000 times since this was told last)");
  }

  @Test
  void reasons_beyondTheLimit_areToldAsOne() {
    for (char a = 'a'; a <= 'z'; a++) {
      for (char b = 'a'; b <= 'z'; b++) {
        log.met("reason " + a + b + "-");
      }
    }
    assertThat(lines).hasSize(101);
  }
}
