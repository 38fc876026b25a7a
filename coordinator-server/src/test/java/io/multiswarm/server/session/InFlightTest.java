package io.multiswarm.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.ErrorCode;
import org.junit.jupiter.api.Test;

class InFlightTest {

  private final FakePeer peer = new FakePeer();
  private final NodeBuffers node = new NodeBuffers(10 << 20);
  private final InFlight inFlight = new InFlight(64, peer, node.share(peer));

  @Test
  void resumption_passedByAnotherPause_changesNothing() {
    for (int i = 0; i < InFlight.MAX_NOTIFICATIONS; i++) {
      inFlight.notificationBegins(1);
    }
    assertThat(peer.reading).isFalse();

    // One ends elsewhere; before the connection's thread hears of it, another one begins there.
    inFlight.notificationEnded(1);
    inFlight.notificationBegins(1);
    peer.runAll();
    assertThat(peer.reading).isFalse();

    inFlight.notificationEnded(1);
    peer.runAll();
    assertThat(peer.reading).isTrue();
  }

  @Test
  void notifications_large_stopTheReadingByTheirBytes() {
    for (int i = 0; i < 4; i++) {
      inFlight.notificationBegins(1 << 20);
    }
    assertThat(peer.reading).isFalse();
    inFlight.notificationEnded(1 << 20);
    peer.runAll();
    assertThat(peer.reading).isTrue();
  }

  @Test
  void request_withoutRoomInTheNode_isRefusedAndMayBeSentAgain() {
    FakePeer other = new FakePeer();
    node.share(other).take(5 << 20);
    assertThat(inFlight.requestBegins(5 << 20)).isNull();

    var refusal = inFlight.requestBegins(1 << 20);

    assertThat(refusal).isNotNull();
    assertThat(refusal.is(ErrorCode.RESOURCE_EXHAUSTED)).isTrue();
    assertThat(refusal.retryAfter()).isNotNull();
    inFlight.requestEnded(5 << 20);
    assertThat(inFlight.requestBegins(1 << 20)).isNull();
  }
}
