package io.multiswarm.server.session;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class LargeReadsTest {

  private static final Json LARGE = Json.of("x".repeat(1_000_000));
  private static final Json SMALL = Json.of("x");

  private final NodeBuffers node = new NodeBuffers(1 << 30);
  private final LargeReads reads = new LargeReads(1 << 30);
  private final FakePeer peer = new FakePeer();
  private final List<String> begun = new ArrayList<>();
  private final List<Sinks.One<Json>> running = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();

  private LargeReads.Line line(Share share) {
    return reads.line(share, peer);
  }

  private void read(LargeReads.Line line, String name) {
    Sinks.One<Json> answer = Sinks.one();
    line.inTurn(
            Mono.defer(
                () -> {
                  begun.add(name);
                  running.add(answer);
                  return answer.asMono();
                }))
        .subscribe(any -> {}, failures::add);
  }

  private void endOne() {
    end(0, LARGE);
  }

  private void end(int index, Json answer) {
    running.remove(index).tryEmitValue(answer).orThrow();
    peer.runAll();
  }

  @Test
  void reads_ofASession_areAFewAtATime() {
    LargeReads.Line line = line(node.share(peer));
    for (int i = 0; i < 10; i++) {
      read(line, "r" + i);
    }
    assertThat(begun).containsExactly("r0", "r1", "r2", "r3");
    endOne();
    assertThat(begun).endsWith("r4").hasSize(5);
  }

  private void flood() {
    List<LargeReads.Line> greedy = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      greedy.add(line(node.share(peer)));
    }
    for (int round = 0; round < 20; round++) {
      greedy.forEach(line -> read(line, "greedy"));
    }
    for (int i = 0; i < 40; i++) {
      endOne();
    }
  }

  @Test
  void reads_ofAQuietSession_goBeforeThoseOfTheGreedy() {
    flood();
    LargeReads.Line quiet = line(node.share(peer));
    assertThat(running).hasSize(reads.atOnce());

    read(quiet, "quiet");
    for (int i = 0; i < 8 && !begun.contains("quiet"); i++) {
      endOne();
    }
    assertThat(begun).contains("quiet");
  }

  @Test
  void reads_whoseAnswersAreSmall_doNotWaitForLargeOnes() {
    LargeReads.Line quiet = line(node.share(peer));
    read(quiet, "before");
    end(0, SMALL);
    flood();
    for (int i = 0; i < 20; i++) {
      read(quiet, "quiet " + i);
      assertThat(begun).endsWith("quiet " + i);
      end(running.size() - 1, SMALL);
    }
  }

  @Test
  void reads_thatAreRefused_makeNobodyLight() {
    LargeReads.Line greedy = line(node.share(peer));
    read(greedy, "large");
    endOne();
    for (int i = 0; i < 40; i++) {
      greedy.inTurn(Mono.error(new IllegalStateException("refused"))).subscribe(any -> {}, e -> {});
    }
    flood();
    begun.clear();
    read(greedy, "another");
    assertThat(begun).isEmpty();
  }

  @Test
  void reads_whileAnswersAreUnread_waitForTheReading() {
    Share share = node.share(peer);
    LargeReads.Line line = line(share);
    share.answers(LargeReads.UNREAD);
    read(line, "r");
    assertThat(begun).isEmpty();

    share.answered(LargeReads.UNREAD);
    line.answersWereRead();
    peer.runAll();
    assertThat(begun).containsExactly("r");
  }

  @Test
  void reads_ofANodeWithLittleRoom_areFewer() {
    assertThat(new LargeReads(1 << 20).atOnce()).isEqualTo(2);
    assertThat(new LargeReads(32 << 20).atOnce()).isEqualTo(4);
    assertThat(new LargeReads(1 << 30).atOnce()).isEqualTo(16);
  }

  @Test
  void reads_ofASessionThatHasTooManyInLine_areRefused() {
    LargeReads.Line line = line(node.share(peer));
    for (int i = 0; i < 4 + LargeReads.MOST_WAITING + 2; i++) {
      read(line, "r" + i);
    }
    assertThat(failures)
        .hasSize(2)
        .first(as(InstanceOfAssertFactories.throwable(CoordinationException.class)))
        .extracting(CoordinationException::code)
        .isEqualTo(ErrorCode.RESOURCE_EXHAUSTED);
    read(line(node.share(peer)), "another's");
    assertThat(begun).endsWith("another's");
  }

  @Test
  void reads_ofASessionThatEnds_fail() {
    LargeReads.Line line = line(node.share(peer));
    for (int i = 0; i < 6; i++) {
      read(line, "r" + i);
    }
    line.leave();
    assertThat(failures).hasSize(2);
  }
}
