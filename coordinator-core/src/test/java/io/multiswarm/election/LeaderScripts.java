package io.multiswarm.election;

import io.multiswarm.internal.redis.Keys;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.stream.StoredHistory;
import io.multiswarm.testing.TestRedis;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The scripts of the election called by hand, in an order that the test chooses, and changed as it
 * wants: {@code mutated(LEADER_RENEW, what, by)}.
 */
final class LeaderScripts {

  private static final String WRITE =
      """
      local status = leader_check(KEYS[2], KEYS[1], ARGV[1])
      if status == 'OK' then
        redis.call('RPUSH', KEYS[3], ARGV[1] .. ' ' .. ARGV[2])
      end
      return { status }
      """;

  private final TestRedis redis;
  final Keys keys;
  private String campaign = Script.LEADER_CAMPAIGN.source();
  private String renew = Script.LEADER_RENEW.source();
  private String release = Script.LEADER_RELEASE.source();
  private String write = library() + WRITE;

  LeaderScripts(TestRedis redis) {
    this.redis = redis;
    this.keys = new Keys(redis.fleet());
  }

  private @Nullable Object cli(String... command) {
    return redis.cli(command);
  }

  void mutateCampaign(String what, String by) {
    campaign = mutated(campaign, what, by);
  }

  void mutateRenew(String what, String by) {
    renew = mutated(renew, what, by);
  }

  void mutateWrite(String what, String by) {
    write = mutated(write, what, by);
  }

  private static String mutated(String script, String what, String by) {
    if (!script.contains(what)) {
      throw new AssertionError("the script has no such place: " + what);
    }
    return script.replace(what, by);
  }

  void attach(String swarm, String node) {
    cli("HSET", keys.roster(), swarm, "1:" + node);
  }

  List<?> campaign(String swarm, String node, long nonce, long leaseMs) {
    List<String> names = list(keys.leader(), keys.leadership(), keys.roster(), keys.signals());
    names.addAll(keys.history("swarm:coordination"));
    return eval(
        campaign,
        names,
        List.of("1000", "4194304", "3600000", swarm, "1", node, "" + nonce, "" + leaseMs, "0"));
  }

  List<?> renew(long epoch, long leaseMs) {
    return eval(renew, list(keys.leader(), keys.leadership()), List.of("" + epoch, "" + leaseMs));
  }

  List<?> release(long epoch) {
    List<String> names = new ArrayList<>(keys.vacancy());
    names.add(keys.signals());
    return eval(release, names, List.of("1000", "4194304", "3600000", "" + epoch));
  }

  /** A write by the leader: noted in a list when it is accepted. */
  List<?> write(long epoch, String node) {
    return eval(
        write,
        list(keys.leader(), keys.leadership(), keys.sys("test-writes")),
        List.of("" + epoch, node));
  }

  /** What Redis accepted, from the announcements and the list of writes. */
  LeadershipHistory history() {
    LeadershipHistory history = new LeadershipHistory();
    for (String announcement : announcements()) {
      history.won(
          Long.parseLong(between(announcement, "\"epoch\":", ",")),
          between(announcement, "\"node\":\"", "\""));
    }
    for (Object written : (List<?>) cli("LRANGE", keys.sys("test-writes"), "0", "-1")) {
      String[] words = written.toString().split(" ");
      history.wrote(Long.parseLong(words[0]), words[1]);
    }
    return history;
  }

  private List<String> announcements() {
    return StoredHistory.envelopes(redis, keys.historyStream("swarm:coordination")).stream()
        .filter(envelope -> envelope.contains("\"leadership_announcement\""))
        .toList();
  }

  private static String between(String text, String before, String after) {
    int from = text.indexOf(before) + before.length();
    return text.substring(from, text.indexOf(after, from));
  }

  private List<?> eval(String script, List<String> names, List<String> args) {
    List<String> command = list("EVAL", script, "" + names.size());
    command.addAll(names);
    command.addAll(args);
    return (List<?>) cli(command.toArray(String[]::new));
  }

  private static List<String> list(String... items) {
    return new ArrayList<>(Arrays.asList(items));
  }

  private static String library() {
    try (InputStream in = Script.class.getResourceAsStream("/io/multiswarm/lua/lib/leader.lua")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
