package io.multiswarm.load.messages;

import io.multiswarm.load.report.Percentiles;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Our roads compared with bare Redis: absolute numbers are of one machine, ratios travel. */
final class Ratios {

  private Ratios() {}

  static Map<String, Double> of(List<Trip.Result> results) {
    Map<String, Double> ratios = new LinkedHashMap<>();
    for (Trip.Result ours : results) {
      for (Trip.Result bare : results) {
        if (bare.road().startsWith(BareRoad.NAME) && !ours.road().startsWith(BareRoad.NAME)) {
          compare(ours, bare, ratios);
        }
      }
    }
    return ratios;
  }

  private static void compare(Trip.Result ours, Trip.Result bare, Map<String, Double> ratios) {
    String name = ours.road() + " / " + bare.road();
    Percentiles now = ours.observation().targeted().total();
    Percentiles before = bare.observation().targeted().total();
    put(ratios, name + ", messages", ours.messagesPerSecond(), bare.messagesPerSecond());
    put(ratios, name + ", p50", now.p50(), before.p50());
    put(ratios, name + ", p99", now.p99(), before.p99());
  }

  private static void put(Map<String, Double> ratios, String name, double ours, double theirs) {
    if (theirs > 0) {
      ratios.put(name, ours / theirs);
    }
  }
}
