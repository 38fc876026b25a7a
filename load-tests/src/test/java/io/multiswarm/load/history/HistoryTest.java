package io.multiswarm.load.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.multiswarm.load.history.History.Invocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryTest {

  @TempDir private Path directory;

  @Test
  void history_writtenAndRead_isTheSame() throws IOException {
    History history = History.recording();
    int process = history.newProcess();
    history.operation(
        process,
        new Invocation("task.complete", "{\"taskId\":\"t1\",\"attempt\":2}", 17),
        42,
        Outcome.FAILED,
        "\"FENCED\"");
    history.operation(
        process, new Invocation("task.submit", "{\"n\":1}", 43), 50, Outcome.UNKNOWN, "");
    history.event(process, "task.assigned", 60, "{\"attempt\":1}");

    List<Operation> read = written(history);

    assertThat(read)
        .extracting(Operation::method)
        .containsExactly("task.complete", "task.submit", "task.assigned");
    assertThat(read.get(0).span()).isEqualTo(new Operation.Span(17, 42));
    assertThat(read.get(0).outcome()).isEqualTo(Outcome.FAILED);
    assertThat(read.get(0).result().asString()).isEqualTo("FENCED");
    assertThat(read.get(0).value().path("attempt").asLong()).isEqualTo(2);
    assertThat(read.get(1).outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(read.get(2).span()).isEqualTo(new Operation.Span(60, 60));
  }

  @Test
  void history_ofLargeArguments_keepsTheirBeginning() throws IOException {
    History history = History.recording();
    String large = "{\"data\":\"" + "\\n".repeat(5_000) + "\"}";
    history.operation(1, new Invocation("message.send", large, 1), 2, Outcome.OK, "{}");

    assertThat(written(history).get(0).value().asString()).startsWith("{\"data\":\"").endsWith("…");
  }

  @Test
  void history_thatIsNotKept_keepsNothing() throws IOException {
    History.NONE.event(1, "task.assigned", 60, "{}");

    assertThat(written(History.NONE)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no JSON",
        "{}",
        "{\"type\":\"op\",\"process\":1}",
        "{\"type\":\"op\",\"process\":1,\"f\":\"m\",\"invoke\":1,\"complete\":2,\"outcome\":\"perhaps\"}",
        "{\"type\":\"op\",\"process\":1,\"f\":\"m\",\"invoke\":3,\"complete\":2,\"outcome\":\"ok\"}",
        "{\"type\":\"rumour\",\"process\":1,\"f\":\"m\"}"
      })
  void line_thatIsNone_isRefusedWithItsNumber(String line) throws IOException {
    Path file = directory.resolve("bad");
    Files.writeString(
        file, "{\"type\":\"event\",\"process\":1,\"f\":\"m\",\"at\":1,\"value\":{}}\n" + line);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> HistoryReader.read(file))
        .withMessageContaining("line 2 is no line of a history");
  }

  private List<Operation> written(History history) throws IOException {
    Path file = directory.resolve("history.jsonl");
    history.write(file);
    return HistoryReader.read(file);
  }
}
