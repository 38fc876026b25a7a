package io.multiswarm.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class ReadinessTest {

  private static final Mono<Void> HOLDS = Mono.empty();
  private static final Mono<Void> FAILS = Mono.error(new IllegalStateException("so it is"));

  @Test
  void report_whenAllHolds_isReady() {
    Readiness.Report report = new Readiness().check("a", HOLDS).wish("b", HOLDS).report().block();

    assertThat(report.ready()).isTrue();
    assertThat(report.json().toString())
        .isEqualTo(
            "{\"ready\":true,\"degraded\":false,\"checks\":"
                + "[{\"name\":\"a\",\"ok\":true},{\"name\":\"b\",\"ok\":true}]}");
  }

  @Test
  void report_whenACheckFails_isNotReady() {
    Readiness.Report report = new Readiness().check("a", HOLDS).check("b", FAILS).report().block();

    assertThat(report.ready()).isFalse();
    assertThat(report.json().toString())
        .contains("{\"name\":\"b\",\"ok\":false,\"reason\":\"so it is\"}");
  }

  @Test
  void report_whenAWishFails_isReadyAndDegraded() {
    Readiness.Report report = new Readiness().check("a", HOLDS).wish("b", FAILS).report().block();

    assertThat(report.ready()).isTrue();
    assertThat(report.json().toString())
        .startsWith("{\"ready\":true,\"degraded\":true,")
        .contains("{\"name\":\"b\",\"ok\":false,\"reason\":\"so it is\"}");
  }
}
