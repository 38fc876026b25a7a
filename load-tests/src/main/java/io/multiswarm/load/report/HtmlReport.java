package io.multiswarm.load.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;

/** A suite's report as one page that needs nothing else, not even a network. */
public final class HtmlReport {

  private static final String PLACE = "/*REPORT*/null";

  private HtmlReport() {}

  /** Reads the page's frame; not for an event loop. */
  public static String of(SuiteReport report) {
    String json = new JsonMapper().writeValueAsString(report.asMap());
    return page().replace(PLACE, escaped(json));
  }

  /** Nothing in a report ends the script that it stands in. */
  private static String escaped(String json) {
    return json.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029");
  }

  private static String page() {
    try (InputStream in = HtmlReport.class.getResourceAsStream("report.html")) {
      return new String(
          Objects.requireNonNull(in, "report.html").readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
