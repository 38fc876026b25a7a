package io.multiswarm.load;

import io.multiswarm.load.history.History;
import io.multiswarm.load.report.HtmlReport;
import io.multiswarm.load.report.SuiteReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Where a run's results are written beside the terminal. */
final class RunFiles {

  @Option(
      names = "--json",
      paramLabel = "<file>",
      description = "Writes the report to this file, too.")
  private @Nullable Path json;

  @Option(
      names = "--html",
      paramLabel = "<file>",
      description = "Writes the report as a page, which needs nothing but a browser.")
  private @Nullable Path html;

  @Option(
      names = "--history",
      paramLabel = "<file>",
      description =
          "Writes each operation and all that clients were told, as lines of JSON; 'judge' reads"
              + " them.")
  private @Nullable Path history;

  /** One that keeps what it is told only when it will be written. */
  History newHistory() {
    return history == null ? History.NONE : History.recording();
  }

  void write(Object report, SuiteReport suite, History kept) throws IOException {
    if (json != null) {
      writeJson(json, report);
    }
    if (html != null) {
      Files.writeString(html, HtmlReport.of(suite));
    }
    if (history != null) {
      kept.write(history);
    }
  }

  static void writeJson(Path file, Object value) throws IOException {
    JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    Files.write(file, mapper.writeValueAsBytes(value));
  }
}
