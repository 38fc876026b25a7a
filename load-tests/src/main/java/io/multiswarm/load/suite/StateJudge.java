package io.multiswarm.load.suite;

import io.multiswarm.load.history.Operation;
import io.multiswarm.load.history.Outcome;
import io.multiswarm.load.judge.Findings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Judges a history of swarms of which each counts upwards in the {@code count} of its state, by one
 * {@code state.save} after the other, copies it by {@code snapshot.create} and {@code
 * checkpoint.create}, may delete it, and is recovered: what comes back is what was acknowledged
 * last, or is newer; after a deletion it is at least the last checkpoint that was acknowledged, or
 * the last snapshot when there is none. It was sent by somebody in any case, and versions grow.
 */
final class StateJudge {

  private static final int MAX_EXAMPLES = 10;

  private final Map<String, Book> books = new HashMap<>();
  private final List<String> examples = new ArrayList<>();
  private long saved;
  private long recovered;
  private long fromCopies;
  private long lost;
  private long invented;
  private long versionsNotGrown;

  private StateJudge() {}

  /**
   * What a history shows.
   *
   * @param saved states that were acknowledged, so that somebody sees what there was to judge
   * @param recovered answers of {@code swarm.recover}
   * @param fromCopies those of them that came from a snapshot or a checkpoint
   * @param defects what must not be, and how often it was
   * @param examples of it, in words
   */
  public record Verdict(
      long saved, long recovered, long fromCopies, Map<String, Long> defects, List<String> examples)
      implements Findings {}

  /** What is known of a swarm. */
  private static final class Book {
    private long sent;
    private long acknowledged;
    private long snapshot;
    private long checkpoint;
    private long version;
    private boolean deleted;

    /** Checkpoints go before snapshots. */
    long least() {
      return !deleted ? acknowledged : checkpoint > 0 ? checkpoint : snapshot;
    }
  }

  /** The judgement on a whole history, in whatever order its lines are. */
  public static Verdict judge(List<Operation> history) {
    var judge = new StateJudge();
    history.stream()
        .sorted(Comparator.comparingLong(operation -> operation.span().completed()))
        .forEach(judge::take);
    Map<String, Long> defects = new LinkedHashMap<>();
    defects.put("recoveries of less than was acknowledged", judge.lost);
    defects.put("recoveries of what nobody had sent", judge.invented);
    defects.put("versions that did not grow", judge.versionsNotGrown);
    return new Verdict(
        judge.saved, judge.recovered, judge.fromCopies, defects, List.copyOf(judge.examples));
  }

  private void take(Operation operation) {
    if (operation.outcome() == Outcome.FAILED) {
      return;
    }
    String swarm = operation.value().path("swarmId").asString("");
    Book book = books.computeIfAbsent(swarm, any -> new Book());
    boolean sure = operation.outcome() == Outcome.OK;
    switch (operation.method()) {
      case "state.save" -> save(swarm, book, operation, sure);
      case "snapshot.create" -> book.snapshot = sure ? book.acknowledged : book.snapshot;
      case "checkpoint.create" -> book.checkpoint = sure ? book.acknowledged : book.checkpoint;
      case "state.delete" -> book.deleted = true;
      case "swarm.recover" -> {
        if (sure) {
          recover(swarm, book, operation.result());
        }
      }
      default -> {}
    }
  }

  private void save(String swarm, Book book, Operation operation, boolean sure) {
    long count = operation.value().path("state").path("count").asLong();
    book.sent = Math.max(book.sent, count);
    if (sure) {
      saved++;
      book.acknowledged = count;
      book.deleted = false;
      grown(swarm, book, operation.result());
    }
  }

  private void grown(String swarm, Book book, JsonNode result) {
    long version = result.path("version").asLong(book.version);
    if (version < book.version) {
      versionsNotGrown++;
      example("%s: expected a version above %d, observed %d", swarm, book.version, version);
    }
    book.version = Math.max(book.version, version);
  }

  private void recover(String swarm, Book book, JsonNode result) {
    recovered++;
    String source = result.path("source").asString("");
    if (!source.equals("state")) {
      fromCopies++;
    }
    long count = result.path("state").path("count").asLong();
    long least = book.least();
    if (count < least) {
      lost++;
      example("%s: expected %d or more from its %s, observed %d", swarm, least, source, count);
    }
    if (count > book.sent) {
      invented++;
      example("%s: expected %d or less, observed %d", swarm, book.sent, count);
    }
    grown(swarm, book, result);
    book.acknowledged = count;
    book.deleted = false;
  }

  private void example(String format, Object... arguments) {
    if (examples.size() < MAX_EXAMPLES) {
      examples.add(format.formatted(arguments));
    }
  }
}
