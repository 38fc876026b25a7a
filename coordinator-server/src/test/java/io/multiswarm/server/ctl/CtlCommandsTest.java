package io.multiswarm.server.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.Json;
import io.multiswarm.server.client.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.AutoComplete;
import picocli.CommandLine;
import reactor.core.scheduler.Schedulers;

class CtlCommandsTest {

  private static final Path DASHBOARD =
      Path.of("src/main/resources/io/multiswarm/server/http/static/dashboard");

  /** A method that the dashboard's buttons call, as its modules write it. */
  private static final Pattern METHOD =
      Pattern.compile(
          "\"((?:swarm|task|snapshot|checkpoint|resource|conflict|node|leader|stats)\\.[a-zA-Z]+)\"");

  private static final Map<String, String> COMMANDS =
      Map.ofEntries(
          Map.entry("swarm.get", "swarm"),
          Map.entry("swarm.list", "swarms"),
          Map.entry("swarm.pause", "pause"),
          Map.entry("swarm.resume", "resume"),
          Map.entry("swarm.recover", "recover"),
          Map.entry("swarm.attach", "newkey"),
          Map.entry("swarm.deregister", "deregister"),
          Map.entry("snapshot.create", "snapshot"),
          Map.entry("snapshot.list", "swarm"),
          Map.entry("snapshot.restore", "restore"),
          Map.entry("checkpoint.list", "swarm"),
          Map.entry("checkpoint.restore", "restore"),
          Map.entry("task.get", "task"),
          Map.entry("task.explain", "task"),
          Map.entry("task.list", "tasks"),
          Map.entry("task.retry", "retry"),
          Map.entry("task.retryAll", "retry"),
          Map.entry("task.cancel", "cancel"),
          Map.entry("task.cancelAll", "cancel"),
          Map.entry("task.adopt", "adopt"),
          Map.entry("task.pause", "pause"),
          Map.entry("task.resume", "resume"),
          Map.entry("resource.list", "resources"),
          Map.entry("resource.define", "define"),
          Map.entry("node.list", "nodes"),
          Map.entry("leader.get", "leader"),
          Map.entry("stats.get", "stats"),
          Map.entry("stats.subscribe", "top"),
          Map.entry("stats.unsubscribe", "top"),
          Map.entry("stats.update", "top"));

  private final CommandLine ctl =
      CtlCommands.commandLine(
          new Surroundings(Map.of(), Schedulers.immediate(), () -> Instant.EPOCH, code -> 0));

  @Test
  void commands_ofTheDashboardsActions_exist() throws IOException {
    Set<String> methods = new TreeSet<>();
    try (Stream<Path> modules = Files.list(DASHBOARD)) {
      for (Path module : modules.filter(file -> file.toString().endsWith(".js")).toList()) {
        METHOD
            .matcher(Files.readString(module))
            .results()
            .forEach(one -> methods.add(one.group(1)));
      }
    }
    assertThat(methods).contains("task.cancelAll", "snapshot.restore");
    assertThat(COMMANDS)
        .as("what the dashboard calls has a command")
        .containsKeys(methods.toArray(String[]::new));
    assertThat(ctl.getSubcommands().keySet()).containsAll(COMMANDS.values());
  }

  @Test
  void commands_each_takeJsonAndAnAddress() {
    ctl.getSubcommands()
        .values()
        .forEach(
            command ->
                assertThat(command.getCommandSpec().optionsMap())
                    .containsKeys("--json", "--url", "--token", "--profile"));
    assertThat(AutoComplete.bash("coordinator-server", ctl)).contains("retry", "--older");
  }

  @Test
  void commonOptions_ofTheCompletion_standBeforeACommandToo() {
    String[] common = {"--json", "--url", "--token", "--ca", "--in-fleet", "--profile"};
    assertThat(ctl.getCommandSpec().optionsMap()).containsKeys(common);
    String script = AutoComplete.bash("coordinator-server", ctl);
    int ofTheGroup = script.indexOf("function _picocli_coordinator-server() {");
    assertThat(script.substring(ofTheGroup, script.indexOf("function ", ofTheGroup + 1)))
        .contains(common);
  }

  private static Tree look(long at, long completed, long assigned) {
    String text =
        "{\"at\":%d,\"leader\":{\"swarmId\":null},\"nodes\":[{\"sessions\":3}],\"swarms\":[{\"id\":\"a\",\"status\":\"active\",\"attached\":true,\"activeTasks\":1},{\"id\":\"b\",\"status\":\"active\",\"attached\":true,\"activeTasks\":2}],\"stats\":{\"registry\":{\"activeSwarms\":2,\"totalSwarms\":2},\"tasks\":{\"queueDepth\":5,\"delayed\":1,\"assigned\":%d,\"oldestAge\":65000,\"tasksCompleted\":%d}}}"
            .formatted(at, assigned, completed);
    return new Tree(Json.parse(text));
  }

  @Test
  void top_ofTwoLooks_tellsRatesAndThatNobodyWorks() {
    TerminalSize small = new TerminalSize(9, 80);

    assertThat(TopScreen.lines(look(3_000, 30, 1), look(1_000, 10, 1), small))
        .anyMatch(line -> line.contains("10 completed"))
        .anyMatch(line -> line.contains("oldest 65 s"))
        .noneMatch(line -> line.contains("NOBODY"))
        .hasSizeLessThanOrEqualTo(9)
        .last()
        .asString()
        .startsWith("b ");
    assertThat(TopScreen.lines(look(3_000, 10, 0), look(1_000, 10, 0), small))
        .anyMatch(line -> line.contains("NOBODY WORKS"));
  }
}
