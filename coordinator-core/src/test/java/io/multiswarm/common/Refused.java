package io.multiswarm.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** For calls that must not be carried out. */
public final class Refused {

  private Refused() {}

  public static void refused(ErrorCode code, ThrowingCallable call) {
    assertThatExceptionOfType(CoordinationException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.code()).as(e.message()).isEqualTo(code));
  }
}
