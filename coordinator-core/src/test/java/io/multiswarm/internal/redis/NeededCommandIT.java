package io.multiswarm.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.health.RedisFindings;
import io.multiswarm.internal.needs.NeededCommand;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The list of what a node needs of Redis is complete, and nothing on it is for nothing. */
@RedisTest
class NeededCommandIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Path LUA = Path.of("src/main/resources/io/multiswarm/lua");
  private static final Path CODE = Path.of("src/main/java/io/multiswarm/internal/redis");
  private static final Pattern QUOTED = Pattern.compile("'([A-Z]+)'");
  private static final Pattern CALLED =
      Pattern.compile("(?:redis|async\\(\\))\\s*(?:\\.|::)\\s*([a-z][A-Za-z]+)");

  /** Names of commands that scripts use for something else: an option, a status. */
  private static final Set<String> OTHERWISE = Set.of("TYPE");

  /** No command, none that is needed, and what only sentinels are asked. */
  private static final Set<String> OF_OTHERS = Set.of("dispatch", "configget", "psubscribe");

  private static String text(Path directory, String suffix) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      StringBuilder text = new StringBuilder();
      for (Path file : files.filter(path -> path.toString().endsWith(suffix)).sorted().toList()) {
        text.append(Files.readString(file));
      }
      return text.toString();
    }
  }

  private static Set<String> firstWords() {
    return Arrays.stream(NeededCommand.values())
        .map(command -> command.words().split(" ")[0])
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void scripts_always_callWhatIsListed(TestRedis redis) throws IOException {
    Set<String> known =
        redis.list("COMMAND", "LIST").stream()
            .map(name -> name.toUpperCase(Locale.ROOT))
            .collect(Collectors.toSet());
    Set<String> used =
        QUOTED
            .matcher(text(LUA, ".lua"))
            .results()
            .map(match -> match.group(1))
            .filter(known::contains)
            .filter(name -> !OTHERWISE.contains(name))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(used).hasSizeGreaterThan(40);
    assertThat(firstWords()).containsAll(used);
  }

  @Test
  void list_always_hasNothingThatNobodyCalls() throws IOException {
    String lua = text(LUA, ".lua");
    String code = text(CODE, ".java").toLowerCase(Locale.ROOT);
    List<String> idle =
        Arrays.stream(NeededCommand.values())
            .filter(command -> command.use() != NeededCommand.Use.CONNECTION)
            .map(command -> command.words().split(" ")[0])
            .filter(word -> !lua.contains("'" + word + "'"))
            .filter(word -> !code.contains("." + word.toLowerCase(Locale.ROOT)))
            .filter(word -> !code.contains("::" + word.toLowerCase(Locale.ROOT)))
            .toList();
    assertThat(idle).isEmpty();
  }

  @Test
  void code_always_callsWhatIsListed() throws IOException {
    List<String> listed =
        Arrays.stream(NeededCommand.values())
            .map(command -> command.name().toLowerCase(Locale.ROOT).replace("_", ""))
            .toList();
    List<String> unlisted =
        CALLED
            .matcher(text(CODE, ".java"))
            .results()
            .map(match -> match.group(1).toLowerCase(Locale.ROOT))
            .filter(name -> !OF_OTHERS.contains(name))
            .filter(name -> listed.stream().noneMatch(name::startsWith))
            .distinct()
            .toList();

    assertThat(unlisted).as("add them to NeededCommand").isEmpty();
  }

  @Test
  void probe_onARedisThatPermitsAll_findsNothingAndLeavesNothing(TestRedis redis) {
    Scheduler scheduler = Schedulers.newSingle("probe-test");
    Keys keys = new Keys(redis.fleet());
    RedisLink link = RedisLink.open(redis.uri(), LinkSettings.defaults(), scheduler);
    try {
      link.connected().block(SOON);

      RedisFindings found = link.probe(keys, "n1").block(SOON);

      assertThat(found).isNotNull();
      assertThat(found.obstacles()).isEmpty();
      assertThat(found.warnings()).isEmpty();
      assertThat(found.version()).matches("\\d+\\..*");
      assertThat(found.role()).isEqualTo("master");
      assertThat(found.user()).isEqualTo("default");
      assertThat(redis.list("KEYS", "*" + redis.fleet() + "*")).isEmpty();
    } finally {
      link.close().block(SOON);
      scheduler.dispose();
    }
  }
}
