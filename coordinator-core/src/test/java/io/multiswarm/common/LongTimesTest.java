package io.multiswarm.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multiswarm.conflict.Conflict;
import io.multiswarm.conflict.ConflictOptions;
import io.multiswarm.conflict.ConflictStrategy;
import io.multiswarm.resources.AllocationRequest;
import io.multiswarm.tasks.NewTask;
import io.multiswarm.tasks.TaskFilter;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Times that no number of ms says are refused by name, as shorter ones are that are too long. */
class LongTimesTest {

  private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

  static Stream<ThrowingCallable> refused() {
    return Stream.of(FOREVER, FOREVER.negated())
        .flatMap(
            time ->
                Stream.of(
                    () -> NewTask.builder("t").lease(time).build(),
                    () -> NewTask.builder("t").delay(time).build(),
                    () -> TaskFilter.ANY.withMinAge(time),
                    () -> new ConflictOptions(ConflictStrategy.PRIORITY, time),
                    () -> new Conflict.Vote(time, 0, List.of()),
                    () -> new AllocationRequest(Map.of("cpu", 1L), time, "r1"),
                    () -> new CoordinationOptions.Liveness(time, time, time, time, time)));
  }

  @ParameterizedTest
  @MethodSource
  void refused(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            CoordinationException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }
}
