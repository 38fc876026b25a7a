package io.multiswarm.load.judge;

import io.multiswarm.load.history.Operation;
import io.multiswarm.load.history.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Judges a history of {@code resource.define}, {@code resource.allocate} and {@code
 * resource.release} of single types: at no moment is more surely held than there is, and no answer
 * tells an amount below nothing or above the total.
 *
 * <p>Surely held is what was granted, from its answer to the moment when its holder is about to
 * release anything, or ends. What has no answer is not counted, so no guess convicts anybody. A
 * release without an answer, or the end of a connection, frees what it might free at once.
 */
public final class ResourceJudge {

  private static final int MAX_EXAMPLES = 10;

  private final Map<String, Long> totals = new HashMap<>();
  private final Map<String, Long> held = new HashMap<>();
  private final Map<String, Map<String, Long>> bySwarm = new HashMap<>();
  private final List<String> examples = new ArrayList<>();
  private long granted;
  private long aboveTotal;
  private long answersOutOfRange;

  private ResourceJudge() {}

  /**
   * What a history shows.
   *
   * @param granted allocations, so that somebody sees whether there was anything to judge
   * @param aboveTotal moments at which more was surely held than there is
   * @param answersOutOfRange answers that told an impossible amount
   * @param examples of what went wrong, in words
   */
  public record Verdict(
      long granted, long aboveTotal, long answersOutOfRange, List<String> examples)
      implements Findings {

    @Override
    public Map<String, Long> defects() {
      Map<String, Long> defects = new LinkedHashMap<>();
      defects.put("moments with more allocated than there is", aboveTotal);
      defects.put("answers with an impossible amount", answersOutOfRange);
      return defects;
    }
  }

  private enum Kind {
    /** Before grants at the same time: who might have released by then is believed to. */
    FREED,
    GRANTED
  }

  private record Step(long at, Kind kind, Operation operation) {}

  /** The judgement on a whole history, in whatever order its lines are. */
  public static Verdict judge(List<Operation> history) {
    var judge = new ResourceJudge();
    List<Step> steps = new ArrayList<>();
    for (Operation operation : history) {
      if (operation.is("resource.define", Outcome.OK)) {
        judge.totals.put(type(operation), operation.value().path("total").asLong());
      } else if (operation.is("resource.allocate", Outcome.OK)) {
        steps.add(new Step(operation.span().completed(), Kind.GRANTED, operation));
      } else if (operation.method().equals("resource.release")
          && operation.outcome() != Outcome.FAILED) {
        steps.add(new Step(operation.span().invoked(), Kind.FREED, operation));
      } else if (operation.method().equals("session.ended")) {
        steps.add(new Step(operation.span().invoked(), Kind.FREED, operation));
      }
    }
    steps.sort(Comparator.comparingLong(Step::at).thenComparing(Step::kind));
    steps.forEach(judge::take);
    return new Verdict(
        judge.granted, judge.aboveTotal, judge.answersOutOfRange, List.copyOf(judge.examples));
  }

  private void take(Step step) {
    Operation operation = step.operation();
    if (step.kind() == Kind.GRANTED) {
      grant(operation);
    } else if (operation.method().equals("session.ended")) {
      operation.value().path("swarms").valueStream().map(JsonNode::asString).forEach(this::freeAll);
    } else {
      checkAnswer(operation);
      free(
          swarm(operation),
          type(operation),
          operation.value().path("amount").asLong(Long.MAX_VALUE));
    }
  }

  private void grant(Operation operation) {
    String type = type(operation);
    long amount = operation.value().path("amount").asLong();
    granted++;
    checkAnswer(operation);
    bySwarm
        .computeIfAbsent(swarm(operation), any -> new HashMap<>())
        .merge(type, amount, Long::sum);
    long now = held.merge(type, amount, Long::sum);
    Long total = totals.get(type);
    if (total != null && now > total) {
      aboveTotal++;
      example("%d of %s were held when there are %d".formatted(now, type, total));
    }
  }

  private void freeAll(String swarm) {
    for (String type : List.copyOf(bySwarm.getOrDefault(swarm, Map.of()).keySet())) {
      free(swarm, type, Long.MAX_VALUE);
    }
  }

  private void free(String swarm, String type, long amount) {
    Map<String, Long> own = bySwarm.getOrDefault(swarm, Map.of());
    long freed = Math.min(amount, own.getOrDefault(type, 0L));
    if (freed > 0) {
      own.merge(type, -freed, Long::sum);
      held.merge(type, -freed, Long::sum);
    }
  }

  private void checkAnswer(Operation operation) {
    JsonNode available = operation.result().path("available");
    Long total = totals.get(type(operation));
    if (operation.outcome() == Outcome.OK && available.isNumber() && total != null) {
      long left = available.asLong();
      if (left < 0 || left > total) {
        answersOutOfRange++;
        example("%d of %s were said to be left of %d".formatted(left, type(operation), total));
      }
    }
  }

  private void example(String words) {
    if (examples.size() < MAX_EXAMPLES) {
      examples.add(words);
    }
  }

  private static String type(Operation operation) {
    return operation.value().path("type").asString("");
  }

  private static String swarm(Operation operation) {
    return operation.value().path("swarmId").asString("");
  }
}
