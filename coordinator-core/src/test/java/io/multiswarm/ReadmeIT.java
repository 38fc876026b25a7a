package io.multiswarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What the README shows is what compiles and runs. */
class ReadmeIT {

  private static final Path README = Path.of("../README.md");
  private static final Path EXAMPLE = Path.of("src/test/java/io/multiswarm/ReadmeExample.java");

  @Test
  @RedisTest(dedicated = true)
  void example_run_doesWhatItSays(TestRedis redis) {
    for (int run = 1; run <= 2; run++) {
      List<String> heard = new CopyOnWriteArrayList<>();
      ReadmeExample.run(redis.uri(), heard).block(Duration.ofSeconds(20));
      assertThat(heard).as("run " + run).hasSize(2);
      assertThat(heard.get(0)).isEqualTo("Api.java");
      assertThat(heard.get(1)).startsWith("reviewed by swarm-");
    }
  }

  @Test
  void readme_showsTheExampleAsItIsCompiled() throws IOException {
    assertThat(between(Files.readString(README), "```java\n", "\n```"))
        .as("copy the lines between the marks of ReadmeExample.java into the README")
        .isEqualTo(
            between(Files.readString(EXAMPLE), "// README begins\n", "\n    // README ends")
                .stripIndent());
  }

  private static String between(String text, String begin, String end) {
    int from = text.indexOf(begin) + begin.length();
    return text.substring(from, text.indexOf(end, from));
  }
}
