package io.multiswarm.internal.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.Ownership;
import io.multiswarm.internal.node.AttachedSwarms;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeadingSwarmTest {

  private static final Duration NOW = Duration.ofSeconds(100);
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final AttachedSwarms holdings = new AttachedSwarms();
  private final LeadingSwarm leading = new LeadingSwarm(holdings, GRACE);

  @Test
  void notHeld_beforeItIsToldWhy_stays() {
    leads();
    holdings.remove("s", 1, AttachedSwarms.SESSION_LOST);

    assertThat(leading.stays("s", NOW)).isTrue();
  }

  @Test
  void detached_staysForItsGrace() {
    leads();
    holdings.remove("s", 1, AttachedSwarms.SESSION_LOST);
    leading.detached(NOW);

    assertThat(leading.stays("s", NOW.plus(GRACE).minusNanos(1))).isTrue();
    assertThat(leading.stays("s", NOW.plus(GRACE))).isFalse();
  }

  @Test
  void gone_doesNotStay() {
    leads();
    holdings.remove("s", 1, AttachedSwarms.SESSION_LOST);
    leading.detached(NOW);
    leading.gone();

    assertThat(leading.stays("s", NOW)).isFalse();
  }

  @Test
  void goneInAFormerLife_andHeldAgain_stays() {
    leads();
    holdings.remove("s", 1, AttachedSwarms.SESSION_LOST);
    hold(2);
    leading.gone();

    assertThat(leading.stays("s", NOW)).isTrue();
    holdings.remove("s", 2, AttachedSwarms.SESSION_LOST);
    assertThat(leading.stays("s", NOW)).isTrue();
  }

  @Test
  void wonAfterItLeft_doesNotStay() {
    leading.leads("s");

    assertThat(leading.stays("s", NOW)).isFalse();
  }

  private void leads() {
    hold(1);
    leading.leads("s");
  }

  private void hold(long incarnation) {
    holdings.add(new AttachedSwarms.Held(new Ownership("s", incarnation), 1));
  }
}
