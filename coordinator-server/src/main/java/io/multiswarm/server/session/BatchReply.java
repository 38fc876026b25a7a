package io.multiswarm.server.session;

import io.multiswarm.server.protocol.Answers;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Gathers the answers of a batch, and passes on their array when the last one is there. */
final class BatchReply {

  private final ReplySlot whole;
  private final AtomicReferenceArray<byte[]> answers;
  private final AtomicReferenceArray<List<Runnable>> afterwards;
  private final AtomicInteger missing;

  BatchReply(int entries, ReplySlot whole) {
    this.whole = whole;
    this.answers = new AtomicReferenceArray<>(entries);
    this.afterwards = new AtomicReferenceArray<>(entries);
    this.missing = new AtomicInteger(entries);
  }

  ReplySlot slot(int index) {
    return (answer, actions) -> done(index, answer, actions);
  }

  private void done(int index, byte @Nullable [] answer, List<Runnable> actions) {
    answers.set(index, answer);
    afterwards.set(index, actions);
    if (missing.decrementAndGet() == 0) {
      List<byte[]> given =
          IntStream.range(0, answers.length())
              .mapToObj(answers::get)
              .filter(Objects::nonNull)
              .toList();
      whole.done(given.isEmpty() ? null : Answers.batch(given), allActions());
    }
  }

  private List<Runnable> allActions() {
    return IntStream.range(0, afterwards.length())
        .mapToObj(afterwards::get)
        .flatMap(List::stream)
        .toList();
  }
}
