package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.server.auth.RightsTable;
import io.multiswarm.server.auth.RightsTable.Column;
import io.multiswarm.server.auth.RightsTable.Row;
import io.multiswarm.server.auth.Scope;
import io.multiswarm.server.session.Method;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Every cell of the table in docs/security.md, asked of a server. */
@RedisTest
class RightsIT {

  private static final Path PAGE = Path.of("../docs/security.md");
  private static final Set<String> BEFORE_A_SESSION = Set.of("session.open", "session.refresh");

  private final Map<String, String> keys = new HashMap<>();
  private TestServer server;
  private JsonClient other;

  @BeforeEach
  void start(TestRedis redis, @TempDir Path directory) {
    List<String> entries = new ArrayList<>();
    for (Scope scope : Scope.values()) {
      entries.add(
          TokensFixture.entry(
              scope.word(), token(scope), "[\"" + scope.word() + "\"]", "[\"own-*\"]"));
    }
    entries.add(TokensFixture.entry("nothing", "token-of-nothing-0000", "[]", "[\"*\"]"));
    entries.add(
        TokensFixture.entry(
            "other", "token-of-other-00000", "[\"swarm\",\"submit\"]", "[\"other-*\"]"));
    server =
        TestServer.guarded(
            redis, new TokensFixture(directory).write(entries.toArray(String[]::new)).security());
    other = JsonClient.connect(server.port(), "token-of-other-00000");
    create(other, "other-1");
    create(other, "other-2");
    submit(other, "other-task", "other-1");
  }

  @AfterEach
  void stop() {
    other.close();
    server.close();
  }

  private static String token(Scope scope) {
    return "token-of-" + scope.word() + "-0000000000";
  }

  private void create(JsonClient client, String id) {
    JsonNode made = client.ok("swarm.create", "{\"id\":\"" + id + "\",\"objective\":\"o\"}");
    keys.put(id, made.get("key").asString());
  }

  private static void submit(JsonClient client, String id, String from) {
    client.ok(
        "task.submit",
        "{%s\"task\":{\"id\":\"%s\",\"description\":\"d\"}}"
            .formatted(from.isEmpty() ? "" : "\"from\":\"" + from + "\",", id));
  }

  @Test
  void rows_always_nameEveryMethodOfTheServer() {
    Set<String> told =
        RightsTable.rows().stream().map(Row::method).collect(Collectors.toCollection(TreeSet::new));
    told.addAll(BEFORE_A_SESSION);

    assertThat(told)
        .isEqualTo(
            server.running().methods().stream()
                .map(Method::name)
                .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void cells_always_areAsTheDocumentSays() throws IOException {
    Map<String, List<String>> document = document();
    List<String> wrong = new ArrayList<>();
    int asked = 0;
    for (Column column : Column.values()) {
      try (JsonClient client = JsonClient.connect(server.port(), token(column.scope))) {
        prepare(client, column);
        for (Row row : RightsTable.rows()) {
          asked++;
          boolean allowed = isAllowed(client, row, column);
          String cell = document.get(row.label()).get(column.ordinal());
          if (allowed != cell.equals("✓")) {
            wrong.add(row.label() + " " + column + ": " + allowed);
          }
        }
      }
    }

    assertThat(wrong).isEmpty();
    assertThat(asked).isGreaterThan(400);
  }

  /** What the column calls its own: a swarm that the session holds, a task that it submitted. */
  private void prepare(JsonClient client, Column column) {
    if (column.own && column.scope == Scope.SWARM) {
      create(client, "own-1");
      submit(client, "own-task-swarm", "own-1");
    } else if (column.own && column.scope == Scope.SUBMIT) {
      submit(client, "own-task-submit", "");
    }
  }

  private boolean isAllowed(JsonClient client, Row row, Column column) {
    String swarm = column.own ? "own-1" : "other-1";
    boolean submits = column.scope == Scope.SWARM || column.scope == Scope.SUBMIT;
    String task = column.own && submits ? "own-task-" + column.scope.word() : "other-task";
    String unused = (column.own ? "own-" : "other-") + column.scope.word();
    String params = row.params(swarm, keys.getOrDefault(swarm, "none"), task, unused);
    JsonNode answer = client.call(row.method(), params).join();
    return !answer.at("/error/data/name").asString("").equals("PERMISSION_DENIED");
  }

  /** Without any scope nothing is allowed but the session's own methods. */
  @Test
  void token_withoutScopes_mayCallNothing() {
    try (JsonClient client = JsonClient.connect(server.port(), "token-of-nothing-0000")) {
      for (Row row : RightsTable.rows()) {
        if (!row.method().startsWith("session.")) {
          JsonNode answer =
              client.call(row.method(), row.params("other-1", "k", "other-task", "x")).join();
          assertThat(answer.at("/error/data/name").asString(""))
              .as(row.label())
              .isEqualTo("PERMISSION_DENIED");
          assertThat(answer.at("/error/message").asString()).as(row.label()).contains("scope");
        }
      }
    }
  }

  @Test
  void refusal_ofWhatThereIsNot_isTheSameAsOfWhatThereIs() {
    try (JsonClient swarm = JsonClient.connect(server.port(), token(Scope.SWARM));
        JsonClient submit = JsonClient.connect(server.port(), token(Scope.SUBMIT))) {
      assertThat(message(swarm, "swarm.get", "{\"swarmId\":\"other-1\"}", "other-1"))
          .isEqualTo(message(swarm, "swarm.get", "{\"swarmId\":\"other-x\"}", "other-x"))
          .contains("own-*");
      assertThat(message(submit, "task.get", "{\"taskId\":\"other-task\"}", "other-task"))
          .isEqualTo(message(submit, "task.get", "{\"taskId\":\"no-task\"}", "no-task"));
      assertThat(message(submit, "task.cancel", "{\"taskId\":\"other-task\"}", "other-task"))
          .isEqualTo(message(submit, "task.cancel", "{\"taskId\":\"no-task\"}", "no-task"));
    }
  }

  private static String message(JsonClient client, String method, String params, String id) {
    JsonNode error = client.error(method, params);
    assertThat(error.at("/data/name").asString()).isEqualTo("PERMISSION_DENIED");
    return error.get("message").asString().replace(id, "ID");
  }

  @Test
  void creation_withoutAnId_getsOneThatFits() {
    try (JsonClient client = JsonClient.connect(server.port(), token(Scope.SWARM))) {
      assertThat(client.ok("swarm.create", "{\"objective\":\"o\"}").at("/swarm/id").asString())
          .startsWith("own-");
    }
  }

  @Test
  void listing_ofASubmitter_hasWhatItSubmittedAlone() {
    try (JsonClient client = JsonClient.connect(server.port(), token(Scope.SUBMIT));
        JsonClient observer = JsonClient.connect(server.port(), token(Scope.OBSERVE))) {
      submit(client, "mine", "");

      assertThat(client.ok("task.list", "{}").get("tasks").findValuesAsString("id"))
          .containsExactly("mine");
      assertThat(observer.ok("task.list", "{}").get("tasks").findValuesAsString("id"))
          .containsExactlyInAnyOrder("mine", "other-task");
    }
  }

  @Test
  void submission_withTheIdOrKeyOfAnothersTask_tellsNothingOfIt() {
    String task = "{\"task\":{\"id\":\"%s\",\"dedupeKey\":\"night\",\"description\":\"d\"}}";
    JsonNode theirs = other.ok("task.submit", task.formatted("other-night"));
    assertThat(theirs.get("status").asString()).isEqualTo("pending");
    other.ok("task.cancel", "{\"taskId\":\"other-night\"}");
    try (JsonClient client = JsonClient.connect(server.port(), token(Scope.SUBMIT))) {
      JsonNode taken = client.error("task.submit", task.formatted("other-night"));
      assertThat(taken.at("/data/name").asString()).isEqualTo("ALREADY_EXISTS");
      assertThat(taken.toString()).doesNotContain("cancelled");

      JsonNode mine = client.ok("task.submit", task.formatted("mine"));
      assertThat(mine.get("taskId").asString()).isEqualTo("mine");
      assertThat(mine.get("status").asString()).isEqualTo("pending");
      JsonNode again = client.ok("task.submit", task.formatted("mine-again"));
      assertThat(again.get("taskId").asString()).isEqualTo("mine");
    }
    JsonNode repeated = other.ok("task.submit", task.formatted("other-night"));
    assertThat(repeated.get("status").asString()).isEqualTo("cancelled");
  }

  /** By their labels. */
  private static Map<String, List<String>> document() throws IOException {
    Map<String, List<String>> cells = new HashMap<>();
    for (String line : Files.readAllLines(PAGE)) {
      if (line.startsWith("| `")) {
        String[] parts = line.split("\\|");
        List<String> row = new ArrayList<>();
        for (int i = 2; i < parts.length; i++) {
          row.add(parts[i].strip());
        }
        cells.put(parts[1].strip().replace("`", ""), row);
      }
    }
    return cells;
  }
}
