package io.multiswarm.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.server.auth.RightsTable.Column;
import io.multiswarm.server.auth.RightsTable.Row;
import io.multiswarm.server.protocol.Params;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/**
 * The page of security has the table that {@link Rights} decides by. {@code
 * -Drights.document=write} writes it anew.
 */
class RightsDocumentTest {

  private static final Path PAGE = Path.of("../docs/security.md");
  private static final String BEGIN = "<!-- rights: written by RightsDocumentTest -->\n";
  private static final String END = "<!-- end of rights -->\n";
  private static final Set<String> BEFORE_A_SESSION = Set.of("session.open", "session.refresh");

  @Test
  void page_always_hasTheRightsOfTheCode() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    if (System.getProperty("rights.document", "").equals("write")) {
      Files.writeString(PAGE, page.substring(0, begin) + table() + page.substring(end));
      return;
    }

    assertThat(page.substring(begin, end)).isEqualTo(table());
  }

  @Test
  void table_always_hasEveryMethod() {
    Set<String> told = RightsTable.rows().stream().map(Row::method).collect(Collectors.toSet());
    told.addAll(BEFORE_A_SESSION);

    assertThat(told).isEqualTo(Rights.ofTheProtocol().methods());
  }

  private static String table() {
    return RightsTable.rows().stream()
        .map(RightsDocumentTest::line)
        .sorted()
        .collect(
            Collectors.joining(
                "",
                """

                | method | swarm: own | other's | submit: own | other's | observe: own | other's | admin |
                |---|---|---|---|---|---|---|---|
                """,
                "\n"));
  }

  private static String line(Row row) {
    return Arrays.stream(Column.values())
        .map(column -> isAllowed(row, column) ? "✓" : "–")
        .collect(Collectors.joining(" | ", "| `" + row.label() + "` | ", " |\n"));
  }

  static boolean isAllowed(Row row, Column column) {
    Principal principal =
        Principal.of(
            "me", EnumSet.of(column.scope), new SwarmPatterns(List.of(RightsTable.PATTERN)));
    String owner = column.own ? "own" : "other";
    Params params = Params.of(Json.parse(row.params(owner + "-1", "k", owner, owner + "-9")));
    try {
      Rights.ofTheProtocol()
          .of(row.method())
          .check(row.method(), principal, params, RightsDocumentTest::ownerOf)
          .block(Duration.ofSeconds(10));
      return true;
    } catch (CoordinationException refused) {
      assertThat(refused.code()).isEqualTo(ErrorCode.PERMISSION_DENIED);
      return false;
    }
  }

  private static Mono<TaskOwner> ownerOf(String taskId) {
    return Mono.just(
        taskId.equals("own")
            ? new TaskOwner("me", "own-1", null)
            : new TaskOwner("somebody", "other-1", null));
  }
}
