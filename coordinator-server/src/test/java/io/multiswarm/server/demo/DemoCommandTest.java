package io.multiswarm.server.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multiswarm.server.config.ConfigException;
import io.multiswarm.server.config.ServerCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class DemoCommandTest {

  private final List<DemoSettings> played = new ArrayList<>();

  private int run(String... args) {
    CommandLine demo =
        DemoCommand.commandLine(
            (settings, out) -> {
              played.add(settings);
              return 0;
            });
    demo.parseArgs(args);
    ServerCommand.Action action = demo.getCommand();
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    return action.run(nowhere, nowhere);
  }

  @Test
  void demo_withoutOptions_staysAtTheUsualPort() {
    assertThat(run()).isZero();
    assertThat(played).containsExactly(new DemoSettings(8080, Duration.ofSeconds(2), false));
  }

  @Test
  void demo_withOptions_isPlayedSo() {
    assertThat(run("--port", "0", "--pause", "0", "--exit")).isZero();
    assertThat(played).containsExactly(new DemoSettings(0, Duration.ZERO, true));
  }

  @Test
  void demo_withWrongOptions_isRefused() {
    assertThatThrownBy(() -> run("--pause", "1h"))
        .isInstanceOf(ConfigException.class)
        .hasMessage("--pause: '1h' is no duration up to 1m");
    assertThatThrownBy(() -> run("--port", "70000"))
        .isInstanceOf(ConfigException.class)
        .hasMessage("--port: 0 to 65535");
    assertThat(played).isEmpty();
  }
}
