package io.multiswarm.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkspaceIT {

  private static final Duration AT_MOST = Duration.ofSeconds(20);

  @Test
  void killedJvm_leavesNeitherServerNorDirectory() throws Exception {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Starter.class.getName())
            .start();
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8))) {
      URI redis = URI.create(output.readLine());
      Path root = Path.of(output.readLine());
      assertThat(answers(redis)).isTrue();
      assertThat(root).isDirectory();

      jvm.destroyForcibly();

      Await.await("the end of the server", AT_MOST, () -> !answers(redis));
      Await.await("the end of " + root, AT_MOST, () -> Files.notExists(root));
    } finally {
      jvm.destroyForcibly();
    }
  }

  private static boolean answers(URI redis) {
    try (RespClient client = RespClient.connect(redis)) {
      return "PONG".equals(client.call("PING"));
    } catch (UncheckedIOException gone) {
      return false;
    }
  }

  /** What runs in the JVM that is killed: it waits for the end that the test prepares for it. */
  static final class Starter {
    public static void main(String[] args) throws IOException {
      ForkedRedis redis = ForkedRedis.launch(List.of("appendonly no"));
      System.out.println(redis.uri());
      System.out.println(Workspace.get().redisBinary().getParent());
      int end = System.in.read();
      System.exit(end);
    }
  }
}
