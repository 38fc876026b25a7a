package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a process, from its first word to its last. */
@Timeout(180)
class DemoIT {

  /** In this order; what is between them is told as it comes. */
  private static final List<String> STORY =
      List.of(
          "1\\. Three swarms register",
          "devops registers: \"Bring it to production\", able to do deploy and testing",
          "2\\. One of them leads",
          "backend is elected \\(epoch \\d+\\)",
          "3\\. They talk",
          "frontend hears: /api/auth, /api/users",
          "frontend hears what devops tells all",
          "4\\. They work",
          "all 6 are completed",
          "5\\. A worker is killed",
          "(frontend|devops) is killed: its connection ends without a goodbye",
          "\\w+ is interrupted, what it had goes to others",
          "(frontend|devops) is given \"Run the acceptance tests\", attempt 2",
          "it is too late, and refused: FENCED, task: acceptance-tests, attempt: 1",
          "6\\. .*vote",
          "backend wins over devops: .*\"backend\":2",
          "7\\. A snapshot",
          "the snapshot is restored as version 3: .*\"ready to deploy\"",
          "8\\. The leader is killed",
          "(frontend|devops) leads now, epoch \\d+",
          "recovered from its state",
          "to do next: .*ready to deploy",
          "9\\. What it came to",
          "3 swarms, \\d+ messages, 8 tasks handed out",
          "The swarms stay: look around at http://127\\.0\\.0\\.1:\\d+/");

  @TempDir private Path directory;

  @Test
  void demo_played_tellsTheStoryAndStaysUntilItIsTold() throws Exception {
    Map<String, String> environment = Map.of("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + directory);
    try (ServerProcess demo =
        ServerProcess.start(directory, environment, "demo", "--port", "0", "--pause", "0")) {
      String dashboard = demo.awaitLine("look around at (http://127\\.0\\.0\\.1:\\d+/)").group(1);
      assertThat(dataDirectories()).hasSize(1);
      assertThat(status(dashboard)).isEqualTo(200);
      assertThat(demo.out().get(0)).contains("Dashboard: " + dashboard);

      demo.terminate();

      assertThat(demo.awaitExit()).isZero();
      assertThat(demo.err()).allMatch(line -> line.startsWith("Picked up JAVA_TOOL_OPTIONS"));
      assertThat(String.join("\n", demo.out())).containsPattern(inThisOrder());
    }
    assertThat(dataDirectories()).isEmpty();
  }

  private static Pattern inThisOrder() {
    return Pattern.compile(String.join(".*?", STORY), Pattern.DOTALL);
  }

  private List<Path> dataDirectories() throws Exception {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(one -> String.valueOf(one.getFileName()).startsWith("multiswarm-demo-"))
          .toList();
    }
  }

  private static int status(String url) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.discarding())
        .statusCode();
  }
}
