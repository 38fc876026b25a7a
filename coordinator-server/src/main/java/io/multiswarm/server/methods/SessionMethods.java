package io.multiswarm.server.methods;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.server.auth.AccessGrant;
import io.multiswarm.server.auth.Scope;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.protocol.Params;
import io.multiswarm.server.session.Call;
import io.multiswarm.server.session.Limits;
import io.multiswarm.server.session.MethodTable;
import io.multiswarm.server.session.Session;
import java.time.Duration;
import java.time.Instant;
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
  public record Node(String version, Duration pingInterval, Duration grace) {}

  private final Node node;
  private final Admissions admissions;
  private final Scheduler scheduler;

  public SessionMethods(Node node, Admissions admissions, Scheduler scheduler) {
    this.node = node;
    this.admissions = admissions;
    this.scheduler = scheduler;
  }

  @Override
  public void addTo(MethodTable.Builder table) {
    table
        .opening("session.open", this::open)
        .method("session.ping", this::ping)
        .method("session.refresh", this::refresh);
  }

  private Mono<Json> open(Call call) {
    Session session = call.session();
    if (session.isOpen()) {
      throw CoordinationException.of(
          ErrorCode.FAILED_PRECONDITION, "the session is open already; go on with other methods");
    }
    requireProtocol(call.params());
    requireClient(call.params().optionalParams("client"));
    String token = call.params().optionalString("token");
    String fleet = call.params().optionalString("fleet");
    return admissions
        .open(session, token, fleet == null ? session.client().fleet() : fleet)
        .then(Mono.fromSupplier(() -> expiring(session, welcome(session)).json()));
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

  private JsonObject welcome(Session session) {
    Limits limits = session.limits();
    return JsonObject.with("protocol", PROTOCOL)
        .and("session", session.id())
        .and("node", session.fleet().nodeId())
        .andPresent("fleet", session.fleets().areSeveral() ? session.fleet().name() : null)
        .and("server", JsonObject.with("name", SERVER_NAME).and("version", node.version()).json())
        .and("pingIntervalMs", node.pingInterval().toMillis())
        .and("graceMs", node.grace().toMillis())
        .and(
            "limits",
            JsonObject.with("maxFrameBytes", limits.maxFrameBytes())
                .and("maxInFlight", limits.maxInFlight())
                .and("maxSubscriptions", limits.maxSubscriptions())
                .json())
        .and(
            "scopes",
            (Object) session.principal().scopes().stream().map(Scope::word).sorted().toList())
        .and("swarms", (Object) session.principal().swarms().patterns());
  }

  private static JsonObject expiring(Session session, JsonObject answer) {
    AccessGrant grant = session.grant();
    Instant expiresAt = grant == null ? null : grant.expiresAt();
    return expiresAt == null ? answer : answer.and("expiresAt", expiresAt.toEpochMilli());
  }

  /** Goes on while Redis is away. */
  private Mono<Json> ping(Call call) {
    return Mono.just(JsonObject.with("time", scheduler.now(TimeUnit.MILLISECONDS)).json());
  }

  private Mono<Json> refresh(Call call) {
    Session session = call.session();
    return admissions
        .refresh(session, call.params().string("token"))
        .then(Mono.fromSupplier(() -> expiring(session, JsonObject.empty()).json()));
  }
}
