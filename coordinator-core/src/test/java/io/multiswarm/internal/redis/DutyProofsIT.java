package io.multiswarm.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What a duty writes carries the proof of its term: a call of a term that is over, however late it
 * comes, is {@code FENCED} and changes nothing. {@code task_return} and {@code channel_rest} take
 * none: what they find in Redis proves that they are right, whoever calls them.
 */
@RedisTest
class DutyProofsIT {

  private static final Set<Script> PROVED =
      EnumSet.of(
          Script.CHANNEL_WEIGH,
          Script.CONFLICT_DECIDE,
          Script.LEADER_RELEASE,
          Script.LEADER_RENEW,
          Script.NODE_REMOVE,
          Script.NODE_SWEEP,
          Script.RECOVERY_GIVE_UP,
          Script.RECOVERY_RECORD,
          Script.RESOURCE_IDLE,
          Script.RESOURCE_SWEEP,
          Script.SWARM_DETACH,
          Script.SWARM_EXPIRE,
          Script.SWARM_INTERRUPT,
          Script.TASK_ASSIGN,
          Script.TASK_DUE,
          Script.TASK_EXPIRE,
          Script.TASK_FORGET,
          Script.TASK_UNROUTABLE,
          Script.UPKEEP_LEAVE);

  private static final Pattern UPKEEP =
      Pattern.compile("upkeep_check\\(KEYS\\[(\\d+)], (?:ARGV\\[(\\d+)]|token)\\)");
  private static final Pattern LEADER =
      Pattern.compile("leader_check\\(KEYS\\[(\\d+)], KEYS\\[(\\d+)], ARGV\\[(\\d+)]\\)");

  /** Which parameter is empty when a duty calls, and that of the node which asks for itself. */
  private static final Map<Script, Integer> EMPTY = Map.of(Script.SWARM_INTERRUPT, 7);

  private static final int KEYS = 60;
  private static final int ARGS = 40;
  private static final String OVER = "1";
  private static final String PRESENT = "2";

  @Test
  void scripts_ofATermThatIsOver_areFencedAndWriteNothing(TestRedis redis) {
    Set<Script> proved = EnumSet.noneOf(Script.class);
    for (Script script : Script.values()) {
      if (UPKEEP.matcher(script.source()).find() || LEADER.matcher(script.source()).find()) {
        proved.add(script);
        String prefix = redis.fleet() + ':' + script + ':';
        prepare(redis, script, prefix);
        Map<String, String> before = stored(redis, prefix);
        assertThat((List<?>) run(redis, script, prefix))
            .as(script.fileName())
            .first()
            .isEqualTo("FENCED");
        assertThat(stored(redis, prefix)).as(script.fileName()).isEqualTo(before);
      }
    }
    assertThat(proved).isEqualTo(PROVED);
  }

  private static void prepare(TestRedis redis, Script script, String prefix) {
    Matcher upkeep = UPKEEP.matcher(script.source());
    if (upkeep.find()) {
      redis.cli("HSET", prefix + upkeep.group(1), "token", PRESENT, "node", "n2");
    }
    Matcher leader = LEADER.matcher(script.source());
    if (leader.find()) {
      redis.cli("HSET", prefix + leader.group(1), "epoch", PRESENT, "swarmId", "s", "node", "n2");
      redis.cli("SET", prefix + leader.group(2), "s");
    }
  }

  private static Object run(TestRedis redis, Script script, String prefix) {
    List<String> args = new ArrayList<>(Collections.nCopies(ARGS, OVER));
    Integer empty = EMPTY.get(script);
    if (empty != null) {
      args.set(empty - 1, "");
    }
    List<String> command =
        new ArrayList<>(List.of("EVAL", script.source(), Integer.toString(KEYS)));
    IntStream.rangeClosed(1, KEYS).forEach(key -> command.add(prefix + key));
    command.addAll(args);
    return redis.cli(command.toArray(String[]::new));
  }

  /** What each key is, by its content where that is small. */
  private static Map<String, String> stored(TestRedis redis, String prefix) {
    Map<String, String> stored = new TreeMap<>();
    for (String key : redis.list("KEYS", prefix + '*')) {
      String type = String.valueOf(redis.cli("TYPE", key));
      stored.put(key, type + (type.equals("hash") ? redis.list("HGETALL", key) : ""));
    }
    assertThat(stored).hasSizeBetween(1, 2);
    return stored;
  }
}
