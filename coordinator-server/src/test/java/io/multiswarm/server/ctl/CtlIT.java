package io.multiswarm.server.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.Json;
import io.multiswarm.server.JsonClient;
import io.multiswarm.server.TestServer;
import io.multiswarm.server.client.Tree;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line against a real server: what is printed, what is done, and the exit codes. */
@RedisTest
class CtlIT {

  private TestServer server;
  private JsonClient worker;
  private final Ctl ctl = new Ctl();

  @TempDir private Path directory;

  @BeforeEach
  void begin(TestRedis redis) {
    server = TestServer.start(redis);
    worker = server.connect();
    worker.ok("swarm.create", "{\"id\":\"builders\",\"objective\":\"Build \\u001b[31mit\"}");
    ctl.environment().put("MULTISWARM_URL", "ws://127.0.0.1:" + server.port());
  }

  @AfterEach
  void end() {
    worker.close();
    server.close();
  }

  private int exit(String... args) {
    return ctl.exit(args);
  }

  private String said(String... args) {
    return ctl.said(args);
  }

  private Tree json(String... args) {
    return ctl.json(args);
  }

  /** Takes the next task, and reports. */
  private void work(String report, String members) {
    worker.ok("task.request", "{\"swarmId\":\"builders\",\"n\":1}");
    var assigned = worker.next("task.assigned");
    worker.ok(
        report,
        "{\"swarmId\":\"builders\",\"taskId\":\"%s\",\"attempt\":%d,%s}"
            .formatted(
                assigned.at("/task/id").asString(), assigned.get("attempt").asInt(), members));
  }

  @Test
  void swarms_listedAndTold_areShownAsText() {
    assertThat(said("swarms")).contains("SWARM", "builders", "active", "Build \\u001b[31mit");
    assertThat(json("swarms").items("swarms")).hasSize(1);
    assertThat(json("swarms", "--status", "failed").items("swarms")).isEmpty();
    assertThat(said("swarm", "builders")).contains("status        active", "5");
    assertThat(json("swarm", "builders").text("swarm.id")).isEqualTo("builders");
    assertThat(exit("swarm", "nobody")).isEqualTo(Exit.REFUSED);
    assertThat(ctl.err()).contains("NOT_FOUND").contains("nobody");
  }

  @Test
  void commonOptions_beforeTheCommand_areThoseOfTheCommand() {
    String url = ctl.environment().put("MULTISWARM_URL", "ws://127.0.0.1:1");
    assertThat(said("--url", url, "swarms")).contains("builders");
    assertThat(said("--json", "--url=" + url, "swarm", "builders")).startsWith("{");
    assertThat(said("--url", "ws://127.0.0.1:1", "swarms", "--url", url)).contains("builders");
    assertThat(exit("--json", "--profile", "/no/such/file", "swarms", "--url", url))
        .isEqualTo(Exit.WRONG_USE);
    assertThat(ctl.err()).startsWith("{").contains("/no/such/file");
    assertThat(exit("swarms")).isEqualTo(Exit.NOT_REACHED);
  }

  @Test
  void output_thatNobodyReads_isNoSuccess_andEndsWhatGoesOn() {
    for (List<String> command :
        List.of(List.of("swarms"), List.of("swarms", "--json"), List.of("top"))) {
      assertThat(ctl.exitIntoNothing(command.toArray(String[]::new))).isEqualTo(Exit.WRONG_USE);
      assertThat(ctl.err()).contains("standard output is closed");
    }
  }

  @Test
  void json_ofTextsThatTerminalsObey_isTheSameValueInOtherWords() {
    String hostile = "a\u009b31m\u202eb\u007f\n\u2028";
    String submitted = Json.of(hostile).toString();
    worker.ok("task.submit", "{\"task\":{\"id\":\"t9\",\"description\":" + submitted + "}}");
    assertThat(json("task", "t9").text("task.description")).isEqualTo(hostile);
    assertThat(said("task", "t9", "--json").strip()).matches("[\\x20-\\x7e]+");
    assertThat(exit("task", "\u009b31m", "--json")).isEqualTo(Exit.REFUSED);
    assertThat(ctl.err().strip()).matches("[\\x20-\\x7e]+");
  }

  @Test
  void task_submittedAndCompleted_isToldFromItsBeginningToItsEnd() {
    String id =
        said("submit", "Do it", "--id", "t1", "--data", "{\"n\":1}", "--lease", "1m").strip();
    assertThat(id).isEqualTo("t1");
    assertThat(said("tasks", "--status", "pending")).contains("t1", "Do it");
    assertThat(json("task", "t1").text("explanation.reason")).isNotEmpty();
    assertThat(said("task", "t1")).contains("why", "\"n\":1");

    work("task.complete", "\"result\":{\"ok\":true}");

    assertThat(said("await", "t1", "--timeout", "20s")).contains("t1 completed {\"ok\":true}");
    assertThat(json("tasks", "--swarm", "builders").items("tasks")).hasSize(1);
    assertThat(exit("await", "none")).isEqualTo(Exit.REFUSED);
  }

  @Test
  void tasks_deadAndPending_areRetriedAndCancelledAfterAPreview() {
    said("submit", "Fails", "--id", "t1", "--max-attempts", "1");
    work("task.fail", "\"error\":\"no\"");
    assertThat(exit("await", "t1")).isEqualTo(Exit.REFUSED);
    assertThat(ctl.out()).contains("t1 dead no");

    assertThat(json("retry", "--status", "dead").text("matched")).isEqualTo("1");
    assertThat(said("retry", "--status", "dead")).contains("1 fit, none changed");
    assertThat(json("task", "t1").text("task.status")).isEqualTo("dead");
    assertThat(said("retry", "t1")).contains("t1 is pending");
    assertThat(said("cancel", "--status", "pending", "--yes")).contains("1 fit, 1 changed");
    assertThat(said("cancel", "t1")).contains("t1 is cancelled");
    assertThat(exit("retry")).isEqualTo(Exit.WRONG_USE);
    assertThat(exit("retry", "t1", "--status", "dead")).isEqualTo(Exit.WRONG_USE);
  }

  @Test
  void fleet_pausedAndResumed_saysSo() {
    assertThat(said("pause", "--fleet")).contains("the fleet is paused");
    assertThat(json("stats").at("tasks.paused").isTrue()).isTrue();
    assertThat(said("top")).contains("PAUSED", "builders", "leader");
    assertThat(said("resume", "--fleet")).contains("the fleet goes on");
    assertThat(json("top", "--once").items("swarms")).hasSize(1);
    assertThat(exit("pause")).isEqualTo(Exit.WRONG_USE);
    assertThat(said("nodes")).contains("NODE", "leads");
    assertThat(json("leader").text("swarmId")).isEqualTo("builders");
    assertThat(said("leader")).contains("builders leads since epoch");
  }

  @Test
  void resources_defined_areListedWithTheirHolders() {
    assertThat(said("define", "gpu", "4")).contains("gpu: 4, 4 free");
    worker.ok("resource.allocate", "{\"swarmId\":\"builders\",\"type\":\"gpu\",\"amount\":3}");
    assertThat(said("resources")).contains("gpu", "builders 3");
    assertThat(said("swarm", "builders")).contains("RESOURCE", "gpu");
    worker.ok(
        "conflict.resolve",
        "{\"type\":\"resource\",\"swarmA\":\"builders\",\"swarmB\":{\"id\":\"x\"},\"conflictId\":\"c1\"}");
    assertThat(said("conflicts")).contains("c1", "builders, x");
  }

  @Test
  void messages_sentAndAskedFor_areHeard() {
    worker.ok("channel.subscribe", "{\"channel\":\"swarm:builders\"}");
    assertThat(said("send", "builders", "hello", "{\"n\":1}")).contains("offset 1");
    assertThat(worker.next("channel.message").at("/message/payload/data/n").asInt()).isOne();
    assertThat(said("listen", "builders", "--from-start", "--count", "1"))
        .contains("hello {\"n\":1}");
    assertThat(json("listen", "swarm:builders", "--from-start", "--count", "1").text("method"))
        .isEqualTo("channel.message");
    assertThat(said("events", "--from-start", "--count", "1")).contains("swarm:");
    assertThat(exit("send", "builders", "hello", "no json")).isEqualTo(Exit.WRONG_USE);
    assertThat(exit("send", "builders", "hello", "--from", "builders")).isEqualTo(Exit.REFUSED);
    assertThat(json("swarms").items("swarms")).hasSize(1);
  }

  @Test
  void server_thatIsNotThere_isExitCode3() {
    ctl.environment().put("MULTISWARM_URL", "127.0.0.1:1");
    assertThat(exit("swarms", "--json")).isEqualTo(Exit.NOT_REACHED);
    assertThat(Json.parse(ctl.err()).members()).containsKey("error");
    assertThat(exit("swarms", "--url", "ftp://x")).isEqualTo(Exit.WRONG_USE);
  }

  @Test
  void profile_thatOthersCanRead_isRefused() throws IOException {
    ctl.environment().remove("MULTISWARM_URL");
    Path profile = directory.resolve(".config/multiswarm/profile");
    Files.createDirectories(profile.getParent());
    Files.writeString(profile, "# mine\nurl = http://127.0.0.1:" + server.port() + "/\n");
    ctl.environment().put("HOME", directory.toString());

    Files.setPosixFilePermissions(profile, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(exit("swarms")).isEqualTo(Exit.WRONG_USE);
    assertThat(ctl.err()).contains("chmod 600");
    Files.setPosixFilePermissions(profile, PosixFilePermissions.fromString("rw-------"));
    assertThat(said("swarms")).contains("builders");
  }

  @Test
  void newKey_ofASwarmWhoseKeyIsLost_isPrintedAndGood() {
    assertThat(exit("newkey", "builders")).isZero();
    String key = ctl.out().strip();

    worker.next("swarm.detached");
    worker.ok("swarm.attach", "{\"swarmId\":\"builders\",\"key\":\"" + key + "\"}");

    assertThat(exit("newkey", "nobody")).isEqualTo(1);
    assertThat(ctl.err()).contains("NOT_FOUND", "nobody");
  }
}
