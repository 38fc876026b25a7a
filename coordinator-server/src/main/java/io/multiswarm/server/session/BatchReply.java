package io.multiswarm.server.session;

import io.multiswarm.server.protocol.Answers;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the answers of a batch, and passes on their array when the last one is there. What waits
 * here counts to the session's share of the node; when it is {@link #FULL}, large answers are
 * refused, for the whole array is one message.
 */
final class BatchReply {

  static final long FULL = 1L << 20;

  private final Share share;
  private final ReplySlot whole;
  private final AtomicReferenceArray<byte[]> answers;
  private final AtomicReferenceArray<List<Runnable>> afterwards;
  private final AtomicInteger missing;
  private final AtomicLong bytes = new AtomicLong();

  BatchReply(int entries, Share share, ReplySlot whole) {
    this.share = share;
    this.whole = whole;
    this.answers = new AtomicReferenceArray<>(entries);
    this.afterwards = new AtomicReferenceArray<>(entries);
    this.missing = new AtomicInteger(entries);
  }

  ReplySlot slot(int index) {
    return new ReplySlot() {
      @Override
      public boolean isFull() {
        return bytes.get() >= FULL;
      }

      @Override
      public void done(byte @Nullable [] answer, List<Runnable> actions) {
        BatchReply.this.done(index, answer, actions);
      }
    };
  }

  private void done(int index, byte @Nullable [] answer, List<Runnable> actions) {
    answers.set(index, answer);
    if (answer != null) {
      bytes.addAndGet(answer.length);
      share.add(answer.length);
    }
    afterwards.set(index, actions);
    if (missing.decrementAndGet() == 0) {
      List<byte[]> given =
          IntStream.range(0, answers.length())
              .mapToObj(answers::get)
              .filter(Objects::nonNull)
              .toList();
      whole.done(given.isEmpty() ? null : Answers.batch(given), allActions());
      share.give(bytes.get());
    }
  }

  private List<Runnable> allActions() {
    return IntStream.range(0, afterwards.length())
        .mapToObj(afterwards::get)
        .flatMap(List::stream)
        .toList();
  }
}
