package io.multiswarm.load.mutants;

import java.nio.file.Path;

/**
 * The server, broken in one place in a way that such systems are broken in, and the scenario of
 * {@code all} that convicts it.
 */
enum ServerMutant {
  /** What the dead held is gone with them. */
  KEEPS_WHAT_THE_DEAD_HELD(
      "resources", Lua.of("lib/resource"), "  resource_move(r, swarm, held, -1)", "  -- kept"),

  /** What is released is there twice. */
  RELEASES_TWICE(
      "resources",
      Lua.of("resource_release"),
      "  resource_move(r, swarm, { [type] = amount }, -1)",
      "  resource_move(r, swarm, { [type] = amount }, -1)"
          + " resource_move(r, swarm, { [type] = amount }, -1)"),

  /** A swarm votes as often as it likes. */
  COUNTS_SECOND_VOTES(
      "votes", Lua.of("conflict_vote"), "if before then", "if before and before == cast then"),

  /** A vote weighs two. */
  COUNTS_A_VOTE_TWICE(
      "votes",
      Lua.of("conflict_vote"),
      "c[votes] = int(c[votes] + 1)",
      "c[votes] = int(c[votes] + 2)"),

  /** Who has fewer votes wins. */
  LETS_THE_MINORITY_WIN(
      "votes", Lua.of("lib/conflict"), "  return a > b, int", "  return a < b, int"),

  /** A message gets its place, and is not published nor kept. */
  STORES_NO_MESSAGE(
      "messages",
      Lua.of("lib/channel"),
      "  local offset = channel_offset(id)\n",
      "  local offset = channel_offset(id)\n"
          + "  if string.sub(offset, -1) == '7' then redis.call('XDEL', ch.keys[3], id)"
          + " ch.last = offset ch.appended = ch.appended + 1 return offset end\n"),

  /** What is read again after a lost connection lacks its first message. */
  READS_PAST_THE_FIRST(
      "pubsub",
      Lua.of("channel_read"),
      "    if body ~= '' then",
      "    if body ~= '' and (#entries > 1 or step > 1 or count > 0) then"),

  /** Keys without a TTL stay when a swarm goes. */
  LEAVES_A_RECORD_BEHIND(
      "churn",
      Lua.of("lib/registry"),
      "  redis.call('DEL', record, view)",
      "  redis.call('PERSIST', record)"),

  /** Whoever reports a task as completed is taken for the one who has it. */
  COMPLETES_FOR_ANYBODY(
      "chaos",
      Lua.of("task_complete"),
      "local holds = current == attempt and holder == swarm",
      "local holds = true"),

  /** A task of somebody who was lost is pending again, and waits in no queue. */
  LOSES_WHAT_IS_GIVEN_BACK(
      "chaos",
      Lua.of("lib/attempt"),
      "  ledger_pend(task.id, task.attempt, task.from, task.place, delay)",
      "  -- forgotten"),

  /** What a swarm asked for is never used up. */
  GIVES_MORE_THAN_WAS_ASKED_FOR(
      "mixed", Lua.of("task_assign"), "int(swarm.used + swarm.given)", "int(swarm.used)"),

  /** The same task again, because the answer was lost, is another one. */
  TAKES_A_REPETITION_FOR_A_NEW_TASK(
      "network", Lua.of("task_submit"), "  elseif record then", "  elseif false then"),

  /** When Redis is full, nothing ends any more that would make room. */
  NEEDS_MEMORY_TO_END_A_TASK(
      "memory", Lua.of("task_complete"), "#!lua flags=allow-oom\n-- Accepts", "#!lua\n-- Accepts"),

  /** A write says which epoch it is of, and nobody looks. */
  LETS_FORMER_LEADERS_WRITE(
      "failover",
      Lua.of("lib/leader"),
      "if held and held == current[2] and current[1] == epoch then",
      "if true then"),

  /** A node leads until it dies, whoever else has the lease. */
  LEADS_ON_WHEN_REPLACED(
      "failover",
      Java.core("election/ElectionView"),
      "Leadership at(Duration now) { Leadership latest = seen.leadership();"
          + " return latest instanceof Leadership.Leader leader"
          + " && now.compareTo(leader.validUntil()) >= 0 ? Leadership.VACANT : latest;",
      "private volatile Leadership last;"
          + " Leadership at(Duration now) { Leadership latest = seen.leadership();"
          + " last = latest instanceof Leadership.Leader ? latest : last;"
          + " return last == null ? latest : last;"),

  /** Who reads on after a long silence is not told that the history has lost its beginning. */
  TELLS_OF_NO_GAP(
      "slow",
      Java.core("distribution/ChannelCursor"),
      "return trimmed(found - 1);",
      "offset = found - 1;"),

  /** Of a swarm's copies the first is what it recovers from. */
  RECOVERS_FROM_THE_OLDEST_COPY(
      "recovery",
      Java.core("state/RedisSources"),
      ".concatMap(copy -> read(owner, store, copy, kind, now, damaged), 1) .next();",
      ".concatMap(copy -> read(owner, store, copy, kind, now, damaged), 1).takeLast(1).next();"),

  /** Who stops a server in order is told that it was killed. */
  CALLS_AN_ORDERLY_STOP_A_FAILURE(
      "rolling",
      Java.server("Main"),
      "Runtime.getRuntime().halt(0);",
      "Runtime.getRuntime().halt(143);");

  private final String scenario;
  private final Path file;
  private final String place;
  private final String broken;

  ServerMutant(String scenario, Path file, String place, String broken) {
    this.scenario = scenario;
    this.file = file;
    this.place = place;
    this.broken = broken;
  }

  /** The name of a scenario of {@code all}. */
  String scenario() {
    return scenario;
  }

  /** From the top of the repository. */
  Path file() {
    return file;
  }

  boolean isJava() {
    return file.toString().endsWith(".java");
  }

  String place() {
    return place;
  }

  String broken() {
    return broken;
  }

  /** Where classes are. */
  static final class Java {
    private Java() {}

    static Path core(String name) {
      return Path.of("coordinator-core/src/main/java/io/multiswarm/internal", name + ".java");
    }

    static Path server(String name) {
      return Path.of("coordinator-server/src/main/java/io/multiswarm/server", name + ".java");
    }
  }

  /** Where scripts are. */
  static final class Lua {
    static final Path SOURCES = Path.of("coordinator-core/src/main/resources");

    private Lua() {}

    static Path of(String name) {
      return SOURCES.resolve("io/multiswarm/lua").resolve(name + ".lua");
    }
  }
}
