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
      "  redis.call('PERSIST', record)");

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

  /** Where scripts are. */
  static final class Lua {
    static final Path SOURCES = Path.of("coordinator-core/src/main/resources");

    private Lua() {}

    static Path of(String name) {
      return SOURCES.resolve("io/multiswarm/lua").resolve(name + ".lua");
    }
  }
}
