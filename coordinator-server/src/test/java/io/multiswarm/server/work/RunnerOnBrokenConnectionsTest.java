package io.multiswarm.server.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multiswarm.common.ErrorCode;
import io.multiswarm.server.client.Endpoint;
import io.multiswarm.server.client.ScriptedServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/** The runner before servers that lose it, or say what they should not. */
@Timeout(120)
class RunnerOnBrokenConnectionsTest {

  private static final String ASSIGNED =
      "{\"swarmId\":\"builders\",\"task\":{\"id\":\"t\"},\"attempt\":1,\"leaseMs\":30000}";

  @TempDir private Path directory;

  private final Scheduler loop = Schedulers.newSingle("runner");
  private final Scheduler blocking = Schedulers.newBoundedElastic(10, 100, "commands");

  private final AtomicReference<String> token = new AtomicReference<>("old");

  /** What it said when it opened a session. */
  private final List<String> tokens = new CopyOnWriteArrayList<>();

  private final AtomicReference<Runner> working = new AtomicReference<>();

  /** What the test waits for. */
  private final CompletableFuture<String> reached = new CompletableFuture<>();

  @AfterEach
  void end() {
    loop.dispose();
    blocking.dispose();
  }

  private WorkSettings settings(ScriptedServer server, String command) {
    return new WorkSettings(
        () -> List.of(Endpoint.of(server.url(), token.get(), null)),
        new WorkSettings.Membership("builders", "Builds", List.of(), "normal", 1),
        new WorkSettings.Commands(
            List.of("/bin/sh", "-c", command),
            Set.of(),
            false,
            Duration.ofDays(1),
            Duration.ofSeconds(1),
            Duration.ZERO),
        new WorkSettings.Places(directory.resolve("state"), directory, false, null, "HEAD", 1_000));
  }

  /** Runs one until the script has reached what it is for, and then stops it. */
  private String whatIsReached(String command, ScriptedServer.Script script) throws Exception {
    try (ScriptedServer server = ScriptedServer.start(withTheUsual(script))) {
      Runner runner = Runner.open(settings(server, command), loop, blocking);
      working.set(runner);
      CompletableFuture<Void> ended = runner.run().toFuture();
      ended.whenComplete(
          (done, failure) ->
              reached.completeExceptionally(
                  failure == null ? new AssertionError("it ended") : failure));
      String what = reached.get(60, TimeUnit.SECONDS);
      runner.stop();
      ended.get(60, TimeUnit.SECONDS);
      return what;
    }
  }

  private ScriptedServer.Script withTheUsual(ScriptedServer.Script script) {
    return (peer, method, id, params) -> {
      switch (method) {
        case "session.open" -> {
          tokens.add(params.path("token").asString());
          peer.welcome(id, 25_000);
        }
        case "task.release" -> peer.answer(id, "{}");
        case "swarm.deregister" -> {
          peer.answer(id, "{}");
          reached.complete("deregistered");
        }
        default -> script.play(peer, method, id, params);
      }
    };
  }

  /** What a script has no answer of its own to. */
  private static void usual(ScriptedServer.Peer peer, String method, JsonNode id) {
    if (method.equals("swarm.create")) {
      registered(peer, id);
    } else {
      peer.answer(id, "{}");
    }
  }

  private static void registered(ScriptedServer.Peer peer, JsonNode id) {
    peer.answer(id, "{\"swarm\":{},\"key\":\"k\"}");
  }

  @Test
  void connection_lostWhileTheSwarmIsAttachedAgain_isFollowedByAnother() throws Exception {
    String completed =
        whatIsReached(
            "echo '{\"by\":\"command\"}'",
            (peer, method, id, params) -> {
              switch (method) {
                case "task.request" -> {
                  peer.answer(id, "{\"credit\":1}");
                  if (peer.number() == 1) {
                    peer.tell("swarm.detached", detached("interrupted"));
                  }
                }
                case "swarm.attach" -> {
                  if (peer.number() == 1) {
                    peer.close(1011, "gone");
                  } else {
                    peer.answer(id, "{\"leases\":[" + ASSIGNED + "]}");
                  }
                }
                case "task.complete" -> {
                  peer.answer(id, "{}");
                  reached.complete(params.get("result").toString());
                }
                default -> usual(peer, method, id);
              }
            });
    assertThat(completed).isEqualTo("{\"by\":\"command\"}");
  }

  private static String detached(String reason) {
    return "{\"swarmId\":\"builders\",\"incarnation\":1,\"reason\":\"" + reason + "\"}";
  }

  @Test
  void swarm_thatRedisLost_isRegisteredAnew() throws Exception {
    AtomicInteger created = new AtomicInteger();
    String what =
        whatIsReached(
            "true",
            (peer, method, id, params) -> {
              switch (method) {
                case "swarm.create" -> {
                  registered(peer, id);
                  if (created.incrementAndGet() == 2) {
                    reached.complete("again");
                  }
                }
                case "task.request" -> {
                  peer.answer(id, "{\"credit\":1}");
                  peer.tell("swarm.detached", detached("not registered any more"));
                }
                case "swarm.attach" -> peer.refuse(id, ErrorCode.NOT_FOUND);
                default -> usual(peer, method, id);
              }
            });
    assertThat(what).isEqualTo("again");
  }

  @Test
  void progress_thatIsRefused_renewsTheLeaseAllTheSame() throws Exception {
    String renewed =
        whatIsReached(
            "echo '{\"at\":1}'; exec sleep 1000",
            (peer, method, id, params) -> {
              switch (method) {
                case "task.request" -> {
                  peer.answer(id, "{\"credit\":1}");
                  peer.tell("task.assigned", ASSIGNED);
                }
                case "task.extend" -> {
                  if (params.has("progress")) {
                    peer.refuse(id, ErrorCode.INVALID_ARGUMENT);
                  } else {
                    peer.answer(id, "{\"leaseMs\":30000}");
                    reached.complete("renewed");
                  }
                }
                default -> usual(peer, method, id);
              }
            });
    assertThat(renewed).isEqualTo("renewed");
  }

  @Test
  void stop_whileTheSwarmIsRegistered_leavesNoneBehind() throws Exception {
    String what =
        whatIsReached(
            "true",
            (peer, method, id, params) -> {
              if (method.equals("swarm.create")) {
                working.get().stop();
                registered(peer, id);
              }
            });
    assertThat(what).isEqualTo("deregistered");
    assertThat(directory.resolve("state/key")).doesNotExist();
  }

  private void attached(ScriptedServer.Peer peer, JsonNode id) {
    peer.answer(id, "{\"leases\":[]}");
    reached.complete("attached");
  }

  /** Its token ends when it has asked for tasks. */
  private String tokenEnds(String next) throws Exception {
    return whatIsReached(
        "true",
        (peer, method, id, params) -> {
          switch (method) {
            case "task.request" -> {
              peer.answer(id, "{\"credit\":1}");
              if (peer.number() == 1) {
                token.set(next);
                peer.close(4500, "the token has expired");
              }
            }
            case "swarm.attach" -> attached(peer, id);
            default -> usual(peer, method, id);
          }
        });
  }

  @Test
  void token_thatWasReplacedBeforeItsEnd_isFollowedByTheNew() throws Exception {
    assertThat(tokenEnds("new")).isEqualTo("attached");
    assertThat(tokens).containsExactly("old", "new");
  }

  @Test
  void token_thatEnds_endsTheRunner() {
    assertThatThrownBy(() -> tokenEnds("old")).hasMessageContaining("4500");
    assertThat(tokens).containsExactly("old");
  }

  @Test
  void notification_thatCannotBeRead_endsTheConnectionAndNotTheHearing() throws Exception {
    String attached =
        whatIsReached(
            "true",
            (peer, method, id, params) -> {
              switch (method) {
                case "task.request" -> {
                  peer.answer(id, "{\"credit\":1}");
                  if (peer.number() == 1) {
                    peer.tell("task.assigned", "{\"task\":{}}");
                  }
                }
                case "swarm.attach" -> attached(peer, id);
                default -> usual(peer, method, id);
              }
            });
    assertThat(attached).isEqualTo("attached");
  }
}
