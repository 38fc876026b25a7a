package io.multiswarm.server.work;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multiswarm.common.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskOutputTest {

  @TempDir private Path directory;

  private TaskOutput read(String text) throws IOException {
    try (TaskLog log = TaskLog.create(directory.resolve("log"), 1_000)) {
      TaskOutput output = new TaskOutput(log);
      output.readOutput(new ByteArrayInputStream(text.getBytes(UTF_8)));
      return output;
    }
  }

  @Test
  void result_ofSeveralLines_isTheLastThatIsAnObject() throws IOException {
    TaskOutput output = read("{\"n\":1}\n[INFO] {\"n\":2}\n  {\"n\":3}\n{no json\n{\"n\":\n17\n");
    assertThat(output.result()).isEqualTo(Json.parse("{\"n\":3}"));
    assertThat(output.takeProgress()).isEqualTo(Json.parse("{\"n\":3}"));
  }

  @Test
  void result_ofALineWithoutItsEnd_counts() throws IOException {
    assertThat(read("x\n{\"n\":1}").result()).isEqualTo(Json.parse("{\"n\":1}"));
  }

  @Test
  void result_ofPlainText_isItsEnd() throws IOException {
    assertThat(read("hello\n").result()).isEqualTo(Json.parse("{\"output\":\"hello\\n\"}"));
    String tail = read("a".repeat(10_000) + "b").result().members().get("output").text();
    assertThat(tail).hasSize(4_096).endsWith("ab");
  }

  @Test
  void log_thatCannotBeWritten_endsNoReading() throws IOException {
    TaskLog log = TaskLog.create(Path.of("/dev/full"), 1_000);
    TaskOutput output = new TaskOutput(log);
    output.readOutput(new ByteArrayInputStream("{\"n\":1}\n".getBytes(UTF_8)));
    assertThat(output.result()).isEqualTo(Json.parse("{\"n\":1}"));
    assertThatThrownBy(log::close).isInstanceOf(IOException.class);
  }

  @Test
  void result_ofALineThatIsTooLong_isNotTaken() throws IOException {
    String longer = "{\"n\":\"" + "x".repeat(TaskOutput.LONGEST_RESULT) + "\"}";
    TaskOutput output = read("{\"n\":1}\n" + longer + "\nend\n");
    assertThat(output.result()).isEqualTo(Json.parse("{\"n\":1}"));
  }

  @Test
  void progress_thatCouldNotBeTold_comesAgainUnlessThereIsNewer() throws IOException {
    TaskOutput output = read("{\"n\":1}\n");
    Json progress = output.takeProgress();
    output.putBack(progress);
    assertThat(output.takeProgress()).isEqualTo(progress);
    assertThat(output.takeProgress()).isNull();
  }

  @Test
  void resultFile_withJsonOrWithout_isAValue() {
    assertThat(TaskOutput.result(" [1,2]\n".getBytes(UTF_8))).isEqualTo(Json.parse("[1,2]"));
    assertThat(TaskOutput.result("plain".getBytes(UTF_8))).isEqualTo(Json.of("plain"));
  }

  @Test
  void log_overItsLimit_keepsTheBeginningAndTheEnd() throws IOException {
    read("a".repeat(1_000) + "b".repeat(5_000) + "c".repeat(1_000));
    assertThat(directory.resolve("log"))
        .hasContent("a".repeat(1_000) + "\n[5000 bytes are not kept]\n" + "c".repeat(1_000));
    read("short");
    assertThat(Files.readString(directory.resolve("log"))).isEqualTo("short");
  }
}
