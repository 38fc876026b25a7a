package io.multiswarm.load.messages;

import io.multiswarm.load.report.Percentiles;
import io.multiswarm.load.scenario.ScenarioContext;
import java.util.Locale;

/** One line a second about a run that is under way. */
final class MessageProgress {

  private final Observation observation;
  private final ScenarioContext context;
  private long sent;
  private long delivered;

  MessageProgress(Observation observation, ScenarioContext context) {
    this.context = context;
    this.observation = observation;
  }

  String next() {
    long sentNow = observation.sent();
    long deliveredNow = observation.delivered();
    Percentiles since = observation.all().interval();
    String line =
        String.format(
            Locale.ROOT,
            "sent %,9d (%,7d/s)   delivered %,10d (%,8d/s)   p50 %8.2f  p99 %8.2f ms   unanswered %,d%s",
            sentNow,
            sentNow - sent,
            deliveredNow,
            deliveredNow - delivered,
            since.p50(),
            since.p99(),
            sentNow - observation.accepted() - observation.refused(),
            observation.refused() == 0 ? "" : "   refused %,d".formatted(observation.refused()));
    context.tell("messages sent, messages a second", (double) (sentNow - sent));
    context.tell("messages delivered, messages a second", (double) (deliveredNow - delivered));
    context.tell("p50 of messages, latency in ms", since.p50());
    context.tell("p99 of messages, latency in ms", since.p99());
    sent = sentNow;
    delivered = deliveredNow;
    return line;
  }
}
