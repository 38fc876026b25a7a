package io.multiswarm;

import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** What docs/embedding.md shows is what compiles and does what it says. */
@RedisTest
class EmbeddingIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Path PAGE = Path.of("../docs/embedding.md");
  private static final Path EXAMPLES =
      Path.of("src/test/java/io/multiswarm/EmbeddingExamples.java");
  private static final Pattern BLOCK =
      Pattern.compile("<!-- (\\w+) -->\\n```java\\n(.*?)\\n```", Pattern.DOTALL);

  private ConnectOptions options;

  @BeforeEach
  void options(TestRedis redis) {
    options =
        ConnectOptions.of(redis.uri())
            .withCoordination(CoordinationOptions.defaults().withFleet(redis.fleet()));
  }

  @Test
  void page_always_showsTheExamplesAsTheyAreCompiled() throws IOException {
    String source = Files.readString(EXAMPLES);
    Matcher blocks = BLOCK.matcher(Files.readString(PAGE));
    int found = 0;
    while (blocks.find()) {
      String name = blocks.group(1);
      int from = source.indexOf("// " + name + " begins\n") + name.length() + 11;
      String compiled =
          source.substring(from, source.indexOf("\n    // " + name + " ends")).stripIndent();
      assertThat(blocks.group(2)).as("example %s", name).isEqualTo(compiled);
      found++;
    }
    assertThat(found).isEqualTo(5);
  }

  @Test
  void program_ofTwoSwarms_isShortAndWorks() throws IOException {
    assertThat(EmbeddingExamples.program(options).block(SOON)).hasSize(10).contains("ok file-1");
    String source = Files.readString(EXAMPLES);
    String program =
        source.substring(source.indexOf("// program begins"), source.indexOf("// program ends"));
    assertThat(program.lines().count() - 1).isLessThanOrEqualTo(30);
  }

  @Test
  void examples_ofOneSwarm_doWhatTheySay() {
    MultiSwarmCoordination node = MultiSwarmCoordination.connect(options).block(SOON);
    CreatedSwarm builders = create(node, "builders");
    CreatedSwarm reviewers = create(node, "reviewers");
    assertThat(
            EmbeddingExamples.messages(builders.coordinator(), reviewers.coordinator()).block(SOON))
        .isEqualTo("yes, builders");
    List<Long> epochs = new CopyOnWriteArrayList<>();
    EmbeddingExamples.leadership(builders.coordinator(), epochs::add);
    await("a term", SOON, () -> !epochs.isEmpty());
    List<String> told = new CopyOnWriteArrayList<>();
    EmbeddingExamples.lost(reviewers.coordinator(), told::add);
    assertThat(
            EmbeddingExamples.state(node, "reviewers", reviewers.key())
                .map(saved -> saved.version())
                .block(SOON))
        .isEqualTo(2);
    await("the loss", SOON, () -> told.contains("reviewers goes on elsewhere"));
    node.shutdown().block(SOON);
  }

  private static CreatedSwarm create(MultiSwarmCoordination node, String id) {
    return Mono.defer(() -> node.createSwarm(NewSwarm.of("Work").withId(id))).block(SOON);
  }
}
