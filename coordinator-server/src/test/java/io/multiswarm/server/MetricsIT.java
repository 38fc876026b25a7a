package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What a server that is used tells at /metrics, and what the documents say of it. */
@RedisTest
class MetricsIT {

  private static final Path DOCS = Path.of("../docs");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `(multiswarm_[a-z_]+)` \\|");
  private static final Pattern HELP = Pattern.compile("(?m)^# HELP (multiswarm_[a-z_]+) ");
  private static final Pattern NAMED = Pattern.compile("\\b(multiswarm_[a-z_]+)");

  private TestServer server;

  @BeforeEach
  void begin(TestRedis redis) {
    server = TestServer.start(redis);
    try (JsonClient client = server.connect()) {
      client.ok("swarm.create", "{\"id\":\"w\",\"objective\":\"o\"}");
      client.ok("task.submit", "{\"task\":{\"id\":\"t\",\"description\":\"d\"}}");
      client.ok("task.request", "{\"swarmId\":\"w\",\"n\":1}");
      client.next("task.assigned");
      client.ok("task.complete", "{\"swarmId\":\"w\",\"taskId\":\"t\",\"attempt\":1}");
      client.error("swarm.get", "{\"swarmId\":\"nobody\"}");
    }
  }

  @AfterEach
  void end() {
    server.close();
  }

  private String scrape() throws IOException, InterruptedException {
    URI metrics = URI.create("http://127.0.0.1:" + server.port() + "/metrics");
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static Set<String> all(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void metrics_ofAServerThatIsUsed_areThoseOfTheDocument() throws Exception {
    String text = scrape();

    Set<String> told = all(HELP, text);
    told.removeIf(name -> name.endsWith("_max")); // comes with each histogram
    assertThat(told).isEqualTo(all(ROW, Files.readString(DOCS.resolve("operations.md"))));
    assertThat(text)
        .contains("multiswarm_calls_seconds_count{method=\"swarm.get\",outcome=\"NOT_FOUND\"} 1")
        .contains("multiswarm_tasks_completed_total 1.0")
        .contains("multiswarm_tasks_run_seconds_count{outcome=\"completed\"} 1")
        .contains("multiswarm_redis_connected 1.0");
  }

  @Test
  void boardAndRules_nameOnlyMetricsThatExist() throws Exception {
    String text = scrape();

    Set<String> lines =
        text.lines()
            .filter(line -> !line.startsWith("#"))
            .map(line -> line.split("[{ ]", 2)[0])
            .collect(Collectors.toSet());
    for (String file : List.of("alerts.yml", "grafana.json")) {
      Set<String> named = all(NAMED, Files.readString(DOCS.resolve("monitoring").resolve(file)));
      assertThat(named).as(file).hasSizeGreaterThan(8);
      assertThat(lines).as(file).containsAll(named);
    }
  }

  @Test
  void rulesAndBoard_byPromtool_areExpressions() throws Exception {
    assumeTrue(
        Promtool.isThere(),
        "promtool is missing (Debian's package prometheus); .ci/run installs it");
    Path board = DOCS.resolve("monitoring/grafana.json");

    assertThat(Promtool.check("rules", DOCS.resolve("monitoring/alerts.yml"))).isEmpty();
    List<String> expressions = new JsonMapper().readTree(board).findValuesAsString("expr");
    assertThat(expressions).hasSizeGreaterThan(20);
    assertThat(Promtool.checkExpressions(expressions)).isEmpty();
    assertThat(Promtool.checkExposition(scrape())).isEmpty();
  }
}
