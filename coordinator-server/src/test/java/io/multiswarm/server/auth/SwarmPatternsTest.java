package io.multiswarm.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SwarmPatternsTest {

  @ParameterizedTest
  @CsvSource({
    "a, a, true",
    "a, ab, false",
    "a*, a, true",
    "a*, abc, true",
    "a*, ba, false",
    "*, x, true",
    "*a, ba, true",
    "*a, ab, false",
    "a*b*c, a1b2c, true",
    "a*b*c, abc, true",
    "a*b*c, acb, false",
    "a.b, axb, false",
    "a?, ab, false",
    "'a[bc]', ab, false",
    "**, x, true",
    "a**b, ab, true",
    "*ab, aab, true",
    "A*, abc, false",
  })
  void pattern_always_hasTheStarAlone(String pattern, String id, boolean matches) {
    assertThat(new SwarmPatterns(List.of(pattern)).matches(id)).isEqualTo(matches);
  }

  @Test
  void pattern_ofManyStars_isDecidedInTime() {
    String pattern = "a*".repeat(60) + "b";
    assertThat(new SwarmPatterns(List.of(pattern)).matches("a".repeat(128))).isFalse();
  }

  @Test
  void newId_always_fitsAPatternThatEndsInAStar() {
    SwarmPatterns patterns = new SwarmPatterns(List.of("exact", "-bad*", "team-a-*", "*"));

    assertThat(patterns.newId()).startsWith("team-a-").matches(patterns::matches);
    assertThat(new SwarmPatterns(List.of("exact", "*-end")).newId()).isNull();
    assertThat(SwarmPatterns.NONE.newId()).isNull();
    assertThat(SwarmPatterns.ANY.newId()).startsWith("swarm-");
  }
}
