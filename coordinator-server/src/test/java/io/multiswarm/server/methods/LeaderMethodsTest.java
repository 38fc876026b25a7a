package io.multiswarm.server.methods;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.election.Election;
import io.multiswarm.election.ElectionStatistics;
import io.multiswarm.election.LeaderInfo;
import io.multiswarm.election.Leadership;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class LeaderMethodsTest {

  private static final Mono<LeaderInfo> NOT_TO_BE_ASKED =
      Mono.error(new AssertionError("Redis was asked"));

  @Test
  void brief_ofAFollower_needsNoRedis() {
    assertThat(brief(new Leadership.Follower("s1", 7), NOT_TO_BE_ASKED))
        .isEqualTo("{\"swarmId\":\"s1\",\"epoch\":7}");
  }

  @Test
  void brief_ofTheLeader_needsNoRedis() {
    assertThat(brief(new Leadership.Leader("s1", 7, Duration.ofDays(1)), NOT_TO_BE_ASKED))
        .isEqualTo("{\"swarmId\":\"s1\",\"epoch\":7}");
  }

  @Test
  void brief_whenTheNodeKnowsNobody_isWhatRedisSays() {
    LeaderInfo leader = new LeaderInfo("s2", 9, "other", Duration.ofSeconds(5));
    assertThat(brief(Leadership.VACANT, Mono.just(leader)))
        .isEqualTo("{\"swarmId\":\"s2\",\"epoch\":9}");
  }

  @Test
  void brief_whenNobodyLeads_isNull() {
    assertThat(brief(Leadership.VACANT, Mono.empty())).isEqualTo("null");
  }

  @Test
  void brief_whenRedisIsAway_isNullAndNoError() {
    assertThat(
            brief(
                Leadership.VACANT,
                Mono.error(CoordinationException.of(ErrorCode.UNAVAILABLE, "away"))))
        .isEqualTo("null");
  }

  private static String brief(Leadership known, Mono<LeaderInfo> inRedis) {
    return LeaderMethods.brief(new Told(known, inRedis)).block().toString();
  }

  private record Told(Leadership current, Mono<LeaderInfo> leader) implements Election {

    @Override
    public Flux<Leadership> leadership() {
      return Flux.just(current);
    }

    @Override
    public void fenced(long epoch) {}

    @Override
    public Mono<Void> resign() {
      return Mono.empty();
    }

    @Override
    public ElectionStatistics statistics() {
      return new ElectionStatistics(false, 0, 0, Duration.ZERO, 0, 0);
    }
  }
}
