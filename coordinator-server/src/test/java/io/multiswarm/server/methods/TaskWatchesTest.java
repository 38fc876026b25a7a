package io.multiswarm.server.methods;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.server.session.CloseCode;
import io.multiswarm.server.session.FakeCustody;
import io.multiswarm.server.session.FakePeer;
import io.multiswarm.server.session.Limits;
import io.multiswarm.server.session.NodeBuffers;
import io.multiswarm.server.session.Session;
import io.multiswarm.server.session.SessionDirectory;
import io.multiswarm.tasks.TaskQueue.TaskUpdate;
import io.multiswarm.tasks.TaskStatus;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.test.publisher.TestPublisher;

class TaskWatchesTest {

  private final FakePeer peer = new FakePeer();
  private final Session session =
      new SessionDirectory(new NodeBuffers(64 << 20))
          .begin(peer, FakePeer.CLIENT, Limits.defaults(1 << 20), new FakeCustody().fleet());
  private final TaskWatches watches = TaskWatches.of(session);
  private final TestPublisher<TaskUpdate> updates = TestPublisher.create();

  private static TaskUpdate update(TaskStatus status) {
    return new TaskUpdate("t", status, 1, "w", null);
  }

  private List<String> told() {
    peer.runAll();
    List<String> told = new ArrayList<>();
    for (byte[] next = session.nextNotification();
        next != null;
        next = session.nextNotification()) {
      told.add(new String(next, StandardCharsets.UTF_8));
    }
    return told;
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
  void moves_unread_areToldByTheLatest() {
    watches.task("t", updates.flux(), Mono.empty(), Disposables.disposed());

    updates.next(update(TaskStatus.PENDING));
    updates.next(update(TaskStatus.ASSIGNED));
    updates.next(update(TaskStatus.COMPLETED));

    assertThat(told()).singleElement().asString().contains("\"completed\"");
  }

  @Test
  void moves_ofMoreTasksThanMayWait_closeTheSessionByName() {
    TestPublisher<TaskUpdate> all = TestPublisher.create();
    watches.submitter("s", all.flux(), Disposables.disposed());

    for (int i = 0; i <= 10_000; i++) {
      all.next(new TaskUpdate("t" + i, TaskStatus.PENDING, 0, null, "s"));
    }

    assertThat(peer.closed).isEqualTo(CloseCode.SLOW_CONSUMER);
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
