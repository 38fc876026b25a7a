package io.multiswarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.Json;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.tasks.NewTask;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Micrometer is optional: an application that has none of it runs, measured by nobody. */
@RedisTest
class WithoutMicrometerIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  @Test
  void application_withoutMicrometer_works(TestRedis redis)
      throws IOException, InterruptedException {
    String classPath =
        Arrays.stream(
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"))
                    .split(File.pathSeparator))
            .filter(entry -> !entry.contains("micrometer"))
            .collect(Collectors.joining(File.pathSeparator));
    Process process =
        new ProcessBuilder(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                Application.class.getName(),
                redis.uri(),
                redis.fleet())
            .redirectErrorStream(true)
            .start();

    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(said).isZero();
  }

  /** Arguments: address of Redis, fleet. */
  static final class Application {

    public static void main(String[] args) {
      ConnectOptions options =
          ConnectOptions.of(args[0])
              .withCoordination(CoordinationOptions.defaults().withFleet(args[1]));
      MultiSwarmCoordination node = MultiSwarmCoordination.connect(options).block(SOON);
      SwarmCoordinator swarm = node.createSwarm(NewSwarm.of("work")).block(SOON).coordinator();
      swarm.work(1, task -> Mono.just(Json.of("done"))).subscribe();
      node.tasks()
          .submit(null, NewTask.builder("any").id("t").build())
          .then(node.tasks().await("t", null))
          .then(node.shutdown())
          .block(SOON);
    }
  }
}
