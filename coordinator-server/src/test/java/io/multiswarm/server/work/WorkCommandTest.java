package io.multiswarm.server.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multiswarm.server.config.ConfigException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class WorkCommandTest {

  private static WorkSettings read(Map<String, String> environment, String... args) {
    CommandLine line = WorkCommand.commandLine(environment, settings -> 0);
    line.parseArgs(args);
    return ((WorkCommand) line.getCommand()).settings();
  }

  @Test
  void commandLine_afterTwoDashes_isTheCommands() {
    WorkSettings settings =
        read(
            Map.of("HOME", "/home/a"),
            "--swarm=builders",
            "--slots=4",
            "--capability=backend,java",
            "--or-url=ws://b:8080",
            "--",
            "run",
            "--slots=9",
            "--",
            "-x");
    assertThat(settings.commands().line()).isEqualTo(List.of("run", "--slots=9", "--", "-x"));
    assertThat(settings.membership().slots()).isEqualTo(4);
    assertThat(settings.membership().capabilities()).isEqualTo(List.of("backend", "java"));
    assertThat(settings.membership().objective()).isEqualTo("Runs run");
    assertThat(settings.endpoints().get().toString())
        .isEqualTo("[ws://127.0.0.1:8080/v1/ws, ws://b:8080/v1/ws]");
    assertThat(settings.places().state())
        .isEqualTo(Path.of("/home/a/.local/state/multiswarm/builders"));
  }

  @Test
  void durationsAndSizes_asSettingsHaveThem() {
    WorkSettings settings =
        read(
            Map.of("XDG_STATE_HOME", "/s"),
            "--swarm=a",
            "--timeout=5m",
            "--drain=0",
            "--kill-after=2s",
            "--log-limit=1k",
            "cmd");
    assertThat(settings.commands().limit()).isEqualTo(Duration.ofMinutes(5));
    assertThat(settings.commands().drain()).isZero();
    assertThat(settings.commands().killAfter()).isEqualTo(Duration.ofSeconds(2));
    assertThat(settings.places().logBytes()).isEqualTo(1_024);
    assertThat(settings.places().state()).isEqualTo(Path.of("/s/multiswarm/a"));
  }

  @Test
  void durations_beyondAnyClock_areAHundredYears() {
    WorkSettings settings = read(Map.of("HOME", "/h"), "--swarm=a", "--timeout=999999999999d", "c");
    assertThat(settings.commands().limit()).isEqualTo(Duration.ofDays(36_500));
  }

  @Test
  void values_thatCannotBeUsed_areNamed() {
    Map<String, String> home = Map.of("HOME", "/h");
    assertThatThrownBy(() -> read(home, "--swarm=../x", "c")).hasMessageContaining("--swarm");
    assertThatThrownBy(() -> read(home, "--swarm=a", "--slots=0", "c"))
        .hasMessageContaining("--slots");
    assertThatThrownBy(() -> read(home, "--swarm=a", "--drain=soon", "c"))
        .hasMessageContaining("--drain");
    assertThatThrownBy(() -> read(home, "--swarm=a", "--git=/no/such", "c"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("--git");
    assertThatThrownBy(() -> read(Map.of(), "--swarm=a", "c")).hasMessageContaining("--state-dir");
    assertThatThrownBy(() -> read(home, "--swarm=a", "--or-url=ftp://x", "c"))
        .hasMessageContaining("--or-url");
  }
}
