package io.multiswarm.load.peers;

import io.multiswarm.load.report.Percentiles;
import io.multiswarm.load.report.Report;

/**
 * What another scenario found in one section of its report.
 *
 * @param section its title
 */
record PartReport(Report report, String section) {

  /** One number of it. */
  interface Reading {

    /** A row that is a number. */
    static Reading number(String row) {
      return part -> part.report().number(part.section(), row).orElseThrow(() -> part.missing(row));
    }

    /** The middle of a row that has times, in milliseconds. */
    static Reading p50(String row) {
      return part -> part.times(row).p50();
    }

    /** Its slowest of a hundred. */
    static Reading p99(String row) {
      return part -> part.times(row).p99();
    }

    double in(PartReport part);
  }

  private Percentiles times(String row) {
    if (report.rows(section).get(row) instanceof Percentiles times && times.count() > 0) {
      return times;
    }
    throw missing(row);
  }

  private IllegalStateException missing(String row) {
    return new IllegalStateException(
        "The run told no '%s' of '%s', but %s".formatted(row, section, report.defects()));
  }
}
