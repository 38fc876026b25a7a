package io.multiswarm.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.server.auth.AccessGrant;
import io.multiswarm.server.auth.Principal;
import io.multiswarm.server.auth.Scope;
import io.multiswarm.server.auth.SwarmPatterns;
import io.multiswarm.server.auth.TestRights;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class DispatcherTest {

  private final FakePeer peer = new FakePeer();
  private final FakeCustody custody = new FakeCustody();
  private final SessionDirectory directory = new SessionDirectory(new NodeBuffers(64 << 20));
  private final List<String> begun = new ArrayList<>();
  private final Map<String, Sinks.One<Json>> waiting = new HashMap<>();
  private final Fleets fleet =
      custody.fleet(
          MethodTable.of(
              List.of(this::methods),
              TestRights.rights()
                  .everybody("open")
                  .with(Scope.OBSERVE, "wait", "waitWhileOpen", "after", "defect", "refuse")
                  .with(Scope.ADMIN, "admin")
                  .with(Scope.SWARM, "take", "act")
                  .build(),
              TestRights.NO_TASKS));
  private final Session session =
      directory.begin(peer, FakePeer.CLIENT, Limits.defaults(1 << 20), fleet);
  private final Dispatcher dispatcher = new Dispatcher(session);

  private void methods(MethodTable.Builder table) {
    table
        .opening("open", this::open)
        .method("wait", this::waitFor)
        .method("waitWhileOpen", call -> call.whileOpen(waitFor(call)))
        .method("admin", call -> Mono.empty())
        .method("take", this::take)
        .method("act", this::act)
        .method("after", this::after)
        .method("defect", call -> Mono.error(new IllegalStateException("secret")))
        .method("refuse", call -> Mono.error(refusal()));
  }

  private static AccessGrant grant(String name, Set<Scope> scopes) {
    return new AccessGrant(Principal.of(name, scopes, SwarmPatterns.ANY), null, "");
  }

  private Mono<Json> open(Call call) {
    call.session().open(AccessGrant.ANONYMOUS);
    return Mono.empty();
  }

  private Mono<Json> waitFor(Call call) {
    return promise(call.params().string("for"));
  }

  private Mono<Json> promise(String name) {
    return waiting.computeIfAbsent(name, any -> Sinks.one()).asMono();
  }

  private Mono<Json> take(Call call) {
    String id = call.params().string("id");
    return session
        .swarms()
        .take(id, promise(id), answer -> new Ownership(id, answer.as(Long.class)))
        .doOnSubscribe(subscribed -> begun.add("take " + id));
  }

  private Mono<Json> act(Call call) {
    String what = call.params().string("what");
    return call.acting("swarmId")
        .doOnNext(owner -> begun.add(what + " " + owner.incarnation()))
        .map(owner -> Json.of(owner.incarnation()));
  }

  private Mono<Json> after(Call call) {
    call.afterAnswer(() -> peer.sent.add("afterwards"));
    return Mono.empty();
  }

  private static CoordinationException refusal() {
    return CoordinationException.of(ErrorCode.CONFLICT, "swarm: \"s1\"\n has version %d", 3)
        .with("version", 3)
        .retryAfter(Duration.ofMillis(250));
  }

  private List<String> send(String... messages) {
    for (String message : messages) {
      dispatcher.receive(message.getBytes(StandardCharsets.UTF_8));
    }
    peer.runAll();
    return peer.takeSent();
  }

  private static String call(Object id, String method, String params) {
    return "{\"jsonrpc\":\"2.0\",\"id\":"
        + id
        + ",\"method\":\""
        + method
        + "\",\"params\":"
        + params
        + "}";
  }

  private static String result(Object id, String result) {
    return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}";
  }

  private void opened() {
    send(call(0, "open", "{}"));
  }

  private void keep(String name, Object answer) {
    waiting.get(name).tryEmitValue(Json.of(answer)).orThrow();
    peer.runAll();
  }

  @Test
  void anyMethod_beforeOpen_isUnauthenticated() {
    assertThat(send(call(1, "wait", "[]"), call(2, "unknown", "{}")))
        .allMatch(answer -> answer.contains("\"code\":-32001"))
        .hasSize(2);
  }

  @Test
  void open_firstInABatch_letsTheRestPass() {
    assertThat(send("[" + call(1, "open", "{}") + "," + call(2, "admin", "{}") + "]"))
        .containsExactly("[" + result(1, "{}") + "," + result(2, "{}") + "]");
  }

  @Test
  void method_withoutItsScope_isDenied() {
    session.open(grant("reader", EnumSet.of(Scope.OBSERVE)));

    assertThat(send(call(1, "admin", "{}"), call(2, "take", "{\"id\":\"s\"}")))
        .allMatch(answer -> answer.contains("PERMISSION_DENIED"))
        .hasSize(2);
    assertThat(begun).isEmpty();
  }

  @Test
  void request_overTheLimit_isRefusedAndTheOthersGoOn() {
    opened();
    for (int i = 0; i < 64; i++) {
      assertThat(send(call(i, "wait", "{\"for\":\"x" + i + "\"}"))).isEmpty();
    }

    assertThat(send(call(64, "admin", "{}")))
        .singleElement()
        .asString()
        .contains("RESOURCE_EXHAUSTED", "\"retryable\":true");
    assertThat(peer.refusals).isEqualTo(1);
    assertThat(send("[" + call(65, "admin", "{}") + ",7]"))
        .singleElement()
        .asString()
        .contains("RESOURCE_EXHAUSTED", "INVALID_REQUEST");

    keep("x7", 7);
    assertThat(peer.takeSent()).containsExactly(result(7, "7"));
    assertThat(send(call(66, "admin", "{}"))).containsExactly(result(66, "{}"));
  }

  @Test
  void batch_ofManyRequests_countsAsOne() {
    opened();
    List<String> calls = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      calls.add(call(i, "wait", "{\"for\":\"x\"}"));
    }

    for (int i = 0; i < 64; i++) {
      assertThat(send("[" + String.join(",", calls) + "]")).isEmpty();
    }

    assertThat(send(call(1, "admin", "{}"))).singleElement().asString().contains("EXHAUSTED");
    keep("x", 1);
    assertThat(peer.takeSent()).hasSize(64);
  }

  @Test
  void notifications_overTheirLimit_stopTheReading() {
    opened();
    String notification = "{\"jsonrpc\":\"2.0\",\"method\":\"wait\",\"params\":{\"for\":\"x\"}}";
    for (int i = 0; i < InFlight.MAX_NOTIFICATIONS - 1; i++) {
      send(notification);
    }
    assertThat(peer.reading).isTrue();

    send(notification);
    assertThat(peer.reading).isFalse();

    keep("x", 1);
    assertThat(peer.reading).isTrue();
    assertThat(peer.sent).isEmpty();
  }

  @Test
  void malformed_tenInARow_areAnsweredAndThenClosed() {
    opened();
    String[] nine = new String[9];
    java.util.Arrays.fill(nine, "x");

    assertThat(send(nine)).hasSize(9);
    assertThat(send(call(1, "unknown", "{}"))).hasSize(1);
    assertThat(send(nine)).hasSize(9);
    assertThat(peer.closed).isNull();

    assertThat(send("{}")).singleElement().asString().contains("INVALID_REQUEST");
    assertThat(peer.closed).isEqualTo(CloseCode.BAD_MESSAGES);
  }

  @Test
  void refusal_withDetails_tellsThemAll() {
    opened();

    assertThat(send(call("\"a\"", "refuse", "{}")))
        .containsExactly(
            "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"error\":{\"code\":-32007,\"message\":\"swarm: \\\"s1\\\"\\u000a has"
                + " version 3\",\"data\":{\"name\":\"CONFLICT\",\"retryable\":true,\"retryAfterMs\":250,\"version\":3}}}");
  }

  @Test
  void acting_duringACreate_waitsAndKeepsTheOrder() {
    opened();

    assertThat(
            send(
                call(1, "take", "{\"id\":\"s\"}"),
                call(2, "act", "{\"swarmId\":\"s\",\"what\":\"a\"}"),
                call(3, "act", "{\"swarmId\":\"s\",\"what\":\"b\"}")))
        .isEmpty();
    assertThat(begun).containsExactly("take s");

    keep("s", 5L);
    assertThat(begun).containsExactly("take s", "a 5", "b 5");
    assertThat(peer.takeSent())
        .containsExactlyInAnyOrder(result(1, "5"), result(2, "5"), result(3, "5"));
    assertThat(send(call(4, "act", "{\"swarmId\":\"s\",\"what\":\"c\"}")))
        .containsExactly(result(4, "5"));
  }

  @Test
  void acting_afterAFailedCreate_isRefused() {
    opened();
    custody.registered.add("s");
    send(call(1, "take", "{\"id\":\"s\"}"), call(2, "act", "{\"swarmId\":\"s\",\"what\":\"a\"}"));

    waiting
        .get("s")
        .tryEmitError(CoordinationException.of(ErrorCode.ALREADY_EXISTS, "swarm: s"))
        .orThrow();
    peer.runAll();

    assertThat(String.join("\n", peer.takeSent())).contains("ALREADY_EXISTS", "PERMISSION_DENIED");
  }

  @Test
  void acting_asAStranger_tellsWhatIsWrong() {
    opened();
    custody.registered.add("other");

    assertThat(send(call(1, "act", "{\"swarmId\":\"other\",\"what\":\"a\"}")).get(0))
        .contains("PERMISSION_DENIED");
    assertThat(send(call(1, "act", "{\"swarmId\":\"nobody\",\"what\":\"a\"}")).get(0))
        .contains("NOT_FOUND");
    assertThat(send(call(1, "act", "{\"swarmId\":\"global\",\"what\":\"a\"}")).get(0))
        .contains("INVALID_ARGUMENT");
  }

  @Test
  void acting_asAnAdministrator_needsNoAttachment() {
    session.open(grant("root", EnumSet.allOf(Scope.class)));

    assertThat(send(call(1, "act", "{\"swarmId\":\"s\",\"what\":\"a\"}")))
        .containsExactly(result(1, "0"));
  }

  @Test
  void acting_afterALoss_isFencedAndTheLossIsTold() {
    opened();
    send(call(1, "take", "{\"id\":\"s\"}"));
    keep("s", 5L);
    peer.takeSent();

    fleet.first().holders().lost(new Ownership("s", 4), "old news");
    fleet.first().holders().lost(new Ownership("s", 5), "taken over");
    peer.runAll();

    assertThat(peer.takeSent())
        .containsExactly(
            "{\"jsonrpc\":\"2.0\",\"method\":\"swarm.detached\",\"params\":{\"swarmId\":\"s\",\"incarnation\":5,"
                + "\"reason\":\"taken over\"}}");
    assertThat(send(call(2, "act", "{\"swarmId\":\"s\",\"what\":\"a\"}")).get(0))
        .contains("FENCED");
  }

  @Test
  void attach_byTheHolderItself_isNoLoss() {
    holding(5);
    send(call(2, "take", "{\"id\":\"s\"}"));

    fleet.first().holders().lost(new Ownership("s", 5), "taken over");
    peer.runAll();
    keep("s", 6L);

    assertThat(peer.takeSent()).containsExactly(result(2, "6"));
    assertThat(send(call(3, "act", "{\"swarmId\":\"s\",\"what\":\"a\"}")))
        .containsExactly(result(3, "6"));
    session.end(false);
    assertThat(custody.letGo).containsExactly("s/6");
    assertThat(fleet.first().holders().of("s")).isNull();
  }

  @Test
  void loss_duringAnAttachThatFails_isTold() {
    holding(5);
    send(call(2, "take", "{\"id\":\"s\"}"), call(3, "act", "{\"swarmId\":\"s\",\"what\":\"a\"}"));

    fleet.first().holders().lost(new Ownership("s", 5), "taken over");
    peer.runAll();
    assertThat(peer.takeSent()).isEmpty();
    waiting.get("s").tryEmitError(refusal()).orThrow();
    peer.runAll();

    assertThat(peer.takeSent())
        .hasSize(3)
        .anyMatch(sent -> sent.contains("swarm.detached") && sent.contains("\"incarnation\":5"))
        .anyMatch(sent -> sent.contains("\"id\":3") && sent.contains("FENCED"));
  }

  private void holding(long incarnation) {
    opened();
    send(call(1, "take", "{\"id\":\"s\"}"));
    keep("s", incarnation);
    peer.takeSent();
    waiting.clear();
  }

  @Test
  void end_ofASession_letsGoOfItsSwarms() {
    opened();
    send(call(1, "take", "{\"id\":\"s\"}"), call(2, "take", "{\"id\":\"late\"}"));
    keep("s", 5L);

    session.end(true);
    session.end(false);
    keep("late", 9L);

    assertThat(custody.letGo).containsExactly("s/5 bye", "late/9");
    assertThat(directory.all()).isEmpty();
    assertThat(fleet.first().holders().of("s")).isNull();
  }

  @Test
  void end_whileACallWaits_isNoResultOfIt() {
    opened();
    assertThat(send(call(1, "waitWhileOpen", "{\"for\":\"s\"}"))).isEmpty();

    session.end(false);

    assertThat(peer.takeSent())
        .singleElement()
        .asString()
        .startsWith("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32013,");
  }

  @Test
  void afterAnswer_always_comesBehindIt() {
    opened();

    assertThat(send(call(1, "after", "{}"))).containsExactly(result(1, "{}"), "afterwards");
    assertThat(send("[" + call(1, "after", "{}") + "," + call(2, "admin", "{}") + "]"))
        .containsExactly("[" + result(1, "{}") + "," + result(2, "{}") + "]", "afterwards");
  }
}
