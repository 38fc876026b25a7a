package io.multiswarm.load.baseline;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.multiswarm.load.baseline.BareQueue.Completion;
import io.multiswarm.load.baseline.BareQueue.Submission;
import io.multiswarm.load.client.Envelopes;
import io.multiswarm.load.client.Fault;
import io.multiswarm.load.client.ServerNotification.Assignment;
import io.multiswarm.load.client.ServerNotification.Stamp;
import io.multiswarm.load.client.StampedData;
import io.multiswarm.load.client.TaskNames;
import io.multiswarm.load.tasks.SingleTaskSession;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * All the swarms of a run at the bare queue. A swarm's request for tasks reaches the assigner, and
 * nobody else.
 */
final class BareTaskSession extends SingleTaskSession {

  /** As many tasks a call, and calls at once, as the library has. */
  private static final Batcher.Limits LIMITS = new Batcher.Limits(2, 256);

  private static final Batcher.Limits ASSIGNMENTS = new Batcher.Limits(2, 192);

  private static final long ACCEPTED = 1;

  private final BareQueue queue;
  private final TaskNames names;
  private final StampedData data;
  private final Consumer<Throwable> failed;
  private final BareAssigner assigner;
  private final Batcher<Submission, Long> submissions = new Batcher<>(LIMITS, this::submitAll);
  private final Batcher<Completion, Long> completions = new Batcher<>(LIMITS, this::completeAll);
  private volatile Consumer<Assignment> listener = nobody -> {};

  /**
   * @param count how many swarms there are
   * @param failed told of calls that failed, after which the run is of no use
   */
  BareTaskSession(
      BareQueue queue,
      int count,
      TaskNames names,
      StampedData data,
      Scheduler scheduler,
      Consumer<Throwable> failed) {
    super(IntStream.range(0, count).mapToObj(BareQueue::swarm).toList(), scheduler);
    this.queue = queue;
    this.names = names;
    this.data = data;
    this.failed = failed;
    this.assigner = new BareAssigner(ASSIGNMENTS, count, queue::assign, failed);
  }

  @Override
  public void listen(Consumer<Assignment> consumer) {
    listener = consumer;
  }

  /** Redis has published a message to a swarm, as the assigning script puts it together. */
  void heard(int swarm, byte[] message) {
    int at = 0;
    while (at < message.length) {
      int space = find(' ', message, at);
      int lineEnd = find('\n', message, space);
      int end = find('\n', message, lineEnd + 1);
      long attempt = Long.parseLong(new String(message, space + 1, lineEnd - space - 1, US_ASCII));
      Stamp stamp = Envelopes.stampOfTask(Arrays.copyOfRange(message, lineEnd + 1, end));
      listener.accept(new Assignment(swarms().get(swarm), attempt, stamp));
      at = end + 1;
    }
  }

  /** Where the next of these characters is, or the end. */
  private static int find(char wanted, byte[] message, int from) {
    int at = from;
    while (at < message.length && message[at] != wanted) {
      at++;
    }
    return at;
  }

  @Override
  public Mono<Void> submit(String from, Stamp stamp) {
    return submissions
        .send(new Submission(names.of(stamp.number()), stamp.number(), spec(stamp)))
        .then();
  }

  /** The assigner is told once a call, so that it finds a batch and not the first of it. */
  private CompletionStage<List<Long>> submitAll(List<Submission> batch) {
    return watched(queue.submit(batch))
        .whenComplete(
            (accepted, error) -> {
              if (error == null) {
                assigner.pending(batch.size());
              }
            });
  }

  private byte[] spec(Stamp stamp) {
    String id = names.of(stamp.number());
    byte[] head =
        ("{\"id\":\"" + id + "\",\"description\":\"carry load\",\"data\":").getBytes(US_ASCII);
    byte[] body = data.write(stamp);
    return ByteBuffer.allocate(head.length + body.length + 1)
        .put(head)
        .put(body)
        .put((byte) '}')
        .array();
  }

  @Override
  public Mono<Void> request(String swarm, int n) {
    return Mono.fromRunnable(() -> assigner.requested(numberOf(swarm), n));
  }

  private static int numberOf(String swarm) {
    return Integer.parseInt(swarm, 1, swarm.length(), 10);
  }

  @Override
  public Mono<Void> complete(Assignment given) {
    String task = names.of(given.stamp().number());
    return completions
        .send(new Completion(task, given.attempt(), given.swarm()))
        .flatMap(answer -> answer == ACCEPTED ? Mono.empty() : Mono.error(fenced(task)));
  }

  private CompletionStage<List<Long>> completeAll(List<Completion> batch) {
    return watched(queue.complete(batch));
  }

  private static Fault fenced(String task) {
    return new Fault("bare complete", 0, "FENCED", task + " is not the swarm's in that attempt");
  }

  private <T> CompletionStage<T> watched(CompletionStage<T> call) {
    return call.whenComplete(
        (answer, error) -> {
          if (error != null) {
            failed.accept(error);
          }
        });
  }
}
