package io.multiswarm.server.methods;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.server.session.FakeCustody;
import io.multiswarm.server.session.FakePeer;
import io.multiswarm.server.session.Limits;
import io.multiswarm.server.session.SessionDirectory;
import io.multiswarm.tasks.TaskStatus;
import io.multiswarm.tasks.TaskUpdate;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.test.publisher.TestPublisher;

class TaskWatchesTest {

  private final FakePeer peer = new FakePeer();
  private final TaskWatches watches =
      TaskWatches.of(
          new SessionDirectory()
              .begin(peer, FakePeer.CLIENT, Limits.defaults(1 << 20), new FakeCustody()));
  private final TestPublisher<TaskUpdate> updates = TestPublisher.create();

  private static TaskUpdate update(TaskStatus status) {
    return new TaskUpdate("t", status, 1, "w", null);
  }

  private List<String> told() {
    peer.runAll();
    return peer.takeSent();
  }

  @Test
  void end_beforeTheUpdatesCame_isTold() {
    watches.task(
        "t", updates.flux(), Mono.just(update(TaskStatus.COMPLETED)), Disposables.single());

    assertThat(told()).singleElement().asString().contains("\"completed\"");
    updates.assertNoSubscribers();
  }

  @Test
  void move_heardTwice_isToldOnce() {
    Mono<TaskUpdate> seen =
        Mono.just(update(TaskStatus.ASSIGNED))
            .doOnSubscribe(any -> updates.next(update(TaskStatus.ASSIGNED)));
    watches.task("t", updates.flux(), seen, Disposables.single());

    assertThat(told()).hasSize(1);
    updates.next(update(TaskStatus.COMPLETED));
    assertThat(told()).singleElement().asString().contains("\"completed\"");
    updates.assertNoSubscribers();
  }

  @Test
  void task_thatCannotBeLookedAtAgain_isWatchedAllTheSame() {
    watches.task(
        "t",
        updates.flux(),
        Mono.error(new CoordinationException(ErrorCode.UNAVAILABLE, "Redis is away")),
        Disposables.single());

    updates.next(update(TaskStatus.CANCELLED));

    assertThat(told()).singleElement().asString().contains("\"cancelled\"");
  }
}
