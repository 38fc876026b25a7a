package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.Json;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The command by which an image asks its server how it is. */
@RedisTest
@EnabledOnOs(OS.LINUX)
class HealthCheckIT {

  private static final Pattern COMMAND = Pattern.compile("^  CMD (\\[.*])$", Pattern.MULTILINE);

  private static boolean isHealthy(int port) throws IOException, InterruptedException {
    Matcher found = COMMAND.matcher(Files.readString(Path.of("..", "Dockerfile")));
    assertThat(found.find()).isTrue();
    List<String> command =
        Json.parse(found.group(1)).elements().stream().map(part -> part.as(String.class)).toList();
    ProcessBuilder check = new ProcessBuilder(command).inheritIO();
    check.environment().put("PORT", Integer.toString(port));
    Process asked = check.start();
    assertThat(asked.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return asked.exitValue() == 0;
  }

  @Test
  void healthCheck_ofTheImage_tellsAServerFromNone(TestRedis redis) throws Exception {
    int port;
    try (TestServer server = TestServer.start(redis)) {
      port = server.port();
      assertThat(isHealthy(port)).isTrue();
    }
    assertThat(isHealthy(port)).isFalse();
  }
}
