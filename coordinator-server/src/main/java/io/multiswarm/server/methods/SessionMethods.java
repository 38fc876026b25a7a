package io.multiswarm.server.methods;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.protocol.Params;
import io.multiswarm.server.session.Call;
import io.multiswarm.server.session.Limits;
import io.multiswarm.server.session.MethodTable;
import io.multiswarm.server.session.Principal;
import io.multiswarm.server.session.Session;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** {@code session.*}: opening, keeping and timing a session. */
public final class SessionMethods implements MethodTable.Group {

  private static final int PROTOCOL = 1;
  private static final String SERVER_NAME = "multiswarm-coordinator";

  /**
   * What a client is told of this node.
   *
   * @param grace how long the swarms of a lost connection keep everything
   */
  public record Node(String id, String version, Duration pingInterval, Duration grace) {}

  private final Node node;
  private final Scheduler scheduler;

  public SessionMethods(Node node, Scheduler scheduler) {
    this.node = node;
    this.scheduler = scheduler;
  }

  @Override
  public void addTo(MethodTable.Builder table) {
    table
        .opening("session.open", this::open)
        .session("session.ping", this::ping)
        .session("session.refresh", SessionMethods::refresh);
  }

  private Mono<Json> open(Call call) {
    Session session = call.session();
    if (session.isOpen()) {
      throw CoordinationException.of(
          ErrorCode.FAILED_PRECONDITION, "the session is open already; go on with other methods");
    }
    requireProtocol(call.params());
    requireClient(call.params().optionalParams("client"));
    call.params().optionalString("token");
    session.open(Principal.ANONYMOUS);
    return Mono.just(welcome(session));
  }

  private static void requireProtocol(Params params) {
    if (params.integer("protocol", Long.MIN_VALUE, Long.MAX_VALUE) != PROTOCOL) {
      throw params
          .refused("protocol", "this server speaks " + PROTOCOL + " only")
          .with("supported", List.of(PROTOCOL));
    }
  }

  /** Nothing is made of it, but who tells it in another shape should learn that here. */
  private static void requireClient(@Nullable Params client) {
    if (client != null) {
      client.optionalString("name");
      client.optionalString("version");
    }
  }

  private Json welcome(Session session) {
    Limits limits = session.limits();
    return JsonObject.with("protocol", PROTOCOL)
        .and("session", session.id())
        .and("node", node.id())
        .and("server", JsonObject.with("name", SERVER_NAME).and("version", node.version()).json())
        .and("pingIntervalMs", node.pingInterval().toMillis())
        .and("graceMs", node.grace().toMillis())
        .and(
            "limits",
            JsonObject.with("maxFrameBytes", limits.maxFrameBytes())
                .and("maxInFlight", limits.maxInFlight())
                .and("maxSubscriptions", limits.maxSubscriptions())
                .json())
        .json();
  }

  /** Goes on while Redis is away. */
  private Mono<Json> ping(Call call) {
    return Mono.just(JsonObject.with("time", scheduler.now(TimeUnit.MILLISECONDS)).json());
  }

  /** Sessions without a token do not expire, so there is nothing to extend. */
  private static Mono<Json> refresh(Call call) {
    call.params().string("token");
    return Mono.just(Json.EMPTY_OBJECT);
  }
}
