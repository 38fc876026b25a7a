package io.multiswarm.server.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.server.JsonClient;
import io.multiswarm.server.TestServer;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

@RedisTest
class WireClientIT {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private TestServer server;

  @BeforeEach
  void begin(TestRedis redis) {
    server = TestServer.start(redis);
  }

  @AfterEach
  void end() {
    server.close();
  }

  private WireClient open() {
    return get(open("http://127.0.0.1:" + server.port() + "/"));
  }

  private static Mono<WireClient> open(String address) {
    return WireClient.open(Endpoint.of(address, null, null), "it", Schedulers.parallel());
  }

  private static <T> T get(Mono<T> mono) {
    return mono.block(PATIENCE);
  }

  @Test
  void call_answered_givesTheResultOrTheRefusal() {
    WireClient client = open();

    Json made = get(client.call("swarm.create", Json.of(Map.of("id", "a", "objective", "o"))));
    assertThat(made.members().get("swarm").members().get("id").text()).isEqualTo("a");
    assertThatThrownBy(() -> get(client.call("swarm.get", Json.of(Map.of("swarmId", "none")))))
        .satisfies(
            error -> assertThat(CoordinationException.is(error, ErrorCode.NOT_FOUND)).isTrue())
        .hasMessageContaining("none");
    get(client.close().thenReturn(""));
    assertThatThrownBy(() -> get(client.call("swarm.list", Json.EMPTY_OBJECT)))
        .isInstanceOf(NotReachedException.class);
  }

  @Test
  void call_thatIsLargerThanTheServerTakes_isRefusedAndTheConnectionStays() {
    WireClient client = open();
    Json large = Json.of(Map.of("swarmId", "\u0001".repeat(500_000)));
    assertThatThrownBy(() -> get(client.call("swarm.get", large)))
        .satisfies(
            error ->
                assertThat(CoordinationException.is(error, ErrorCode.PAYLOAD_TOO_LARGE)).isTrue());
    assertThat(get(client.call("session.ping", Json.EMPTY_OBJECT)).toString()).contains("time");
  }

  @Test
  void calls_inARow_leaveInTheirOrder() {
    WireClient client = open();
    get(client.call("swarm.create", Json.of(Map.of("id", "a", "objective", "o"))));
    Json params = Json.of(Map.of("from", "a", "type", "n", "data", 1));
    List<Integer> offsets =
        get(
            Flux.range(1, 50)
                .flatMapSequential(n -> client.call("message.broadcast", params), 50)
                .map(sent -> sent.members().get("offset").as(Integer.class))
                .collectList());
    assertThat(offsets).isEqualTo(Flux.range(1, 50).collectList().block());
  }

  @Test
  void told_whenSomethingIsSaid_givesIt() {
    WireClient client = open();
    get(client.call("channel.subscribe", Json.of(Map.of("channel", "swarm:global"))));
    try (JsonClient other = server.connect()) {
      other.ok("swarm.create", "{\"id\":\"b\",\"objective\":\"o\"}");
      other.ok("message.broadcast", "{\"from\":\"b\",\"type\":\"hello\",\"data\":\"ü\"}");
    }
    Told told = get(client.told().next());
    assertThat(told.method()).isEqualTo("channel.message");
    assertThat(told.params().toString()).contains("\"ü\"");
  }

  @Test
  void connection_whenTheServerStops_endsWithItsCloseCode() {
    WireClient client = open();
    Mono<Void> closed = client.closed().cache();
    closed.subscribe(null, error -> {});
    server.running().stop().block(PATIENCE);
    assertThatThrownBy(() -> get(closed))
        .isInstanceOfSatisfying(
            NotReachedException.class, end -> assertThat(end.closeCode()).isEqualTo(4001));
  }

  @Test
  void open_whereNobodyListens_saysWhatWasNotReached() {
    assertThatThrownBy(() -> get(open("127.0.0.1:1")))
        .isInstanceOf(NotReachedException.class)
        .hasMessageContaining("ws://127.0.0.1:1/v1/ws was not reached");
    assertThatThrownBy(() -> Endpoint.of("ftp://x", null, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ws://127.0.0.1:8080");
  }
}
