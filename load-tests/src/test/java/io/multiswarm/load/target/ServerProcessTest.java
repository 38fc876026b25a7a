package io.multiswarm.load.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;
import reactor.test.StepVerifier;

class ServerProcessTest {

  private final Scheduler clock = Schedulers.newSingle("clock", true);

  @AfterEach
  void stopTheClock() {
    clock.dispose();
  }

  @Test
  void start_programThatEnds_tellsWhatItSaidAndLeavesNothing(@TempDir Path directory)
      throws IOException {
    Path jar = Files.writeString(directory.resolve("server.jar"), "this is no jar");
    Set<Path> before = leftOvers();

    StepVerifier.create(ServerProcess.start(jar, List.of(), HttpClient.create(), clock))
        .expectErrorSatisfies(
            error ->
                assertThat(error)
                    .hasMessageContaining("ended while it started")
                    .hasMessageContaining("jarfile"))
        .verify(Duration.ofSeconds(30));

    assertThat(leftOvers()).isEqualTo(before);
  }

  private static Set<Path> leftOvers() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("load-tests-"))
          .collect(Collectors.toSet());
    }
  }
}
