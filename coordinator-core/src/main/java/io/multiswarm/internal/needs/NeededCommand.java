package io.multiswarm.internal.needs;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every command that a node sends or a script runs, how it is tried, and what becomes of a node
 * that is refused it. The list of what to grant is made of it (docs/operations.md).
 */
public enum NeededCommand {
  // Tried by redis_probe.lua in this order: the key holds a text from the first to the last but
  // one.
  SET("$ x PX 10000"),
  PSETEX("$ 10000 x"),
  GET("$"),
  MGET("$"),
  EXISTS("$"),
  STRLEN("$"),
  PEXPIRE("$ 10000"),
  PTTL("$"),
  COPY("$ $"),
  HGET("$ f"),
  HMGET("$ f"),
  HGETALL("$"),
  HKEYS("$"),
  HSCAN("$ 0"),
  HLEN("$"),
  HEXISTS("$ f"),
  HSTRLEN("$ f"),
  HSET("$ f v"),
  HINCRBY("$ f 1"),
  HDEL("$ f"),
  LINDEX("$ 0"),
  LSET("$ 0 v"),
  LPOP("$"),
  RPUSH("$ v"),
  SADD("$ m"),
  SREM("$ m"),
  SCARD("$"),
  SSCAN("$ 0"),
  SISMEMBER("$ m"),
  SMISMEMBER("$ m"),
  ZADD("$ 1 m"),
  ZREM("$ m"),
  ZCARD("$"),
  ZSCORE("$ m"),
  ZMSCORE("$ m"),
  ZRANGE("$ 0 0"),
  ZREVRANGE("$ 0 0"),
  ZRANGEBYSCORE("$ 0 0"),
  ZREVRANGEBYSCORE("$ 0 0"),
  ZRANGEBYLEX("$ - +"),
  ZLEXCOUNT("$ - +"),
  ZREMRANGEBYSCORE("$ 0 0"),
  XADD("$ * f v"),
  XLEN("$"),
  XRANGE("$ - + COUNT 1"),
  XREVRANGE("$ + - COUNT 1"),
  XTRIM("$ MAXLEN 1"),
  TIME(""),
  MEMORY_USAGE(
      Use.SCRIPT,
      "$ SAMPLES 0",
      "the bytes of a channel's history are counted by reading it, which costs more"),
  OBJECT_ENCODING(Use.SCRIPT, "$", "the loads of many swarms are written with more work"),
  UNLINK("$"),
  DEL("$"),

  PUBLISH(Use.CHANNEL),
  SUBSCRIBE(Use.CHANNEL),
  UNSUBSCRIBE(Use.CHANNEL),

  EVAL(Use.DIRECT),
  EVALSHA(Use.DIRECT),
  SCRIPT_LOAD(Use.DIRECT, "the text of a script is sent with its first call"),
  INFO(Use.DIRECT, "whether Redis keeps what it is given cannot be looked at"),
  PUBSUB_NUMSUB(Use.DIRECT, "large assignments are told to channels that nobody hears"),
  PUBSUB_NUMPAT(Use.DIRECT, "large assignments are told to channels that nobody hears"),
  ACL_WHOAMI(Use.DIRECT, "the user's name is not known to messages like this one"),

  // Of every connection: who is refused these gets none, or is not known by name.
  HELLO(Use.CONNECTION),
  AUTH(Use.CONNECTION),
  SELECT(Use.CONNECTION),
  PING(Use.CONNECTION),

  // Of a Redis Cluster alone, where they tell which of its nodes has the fleet.
  CLUSTER_SLOTS(Use.CONNECTION),
  CLUSTER_NODES(Use.CONNECTION),
  CLUSTER_MYID(Use.CONNECTION),

  // Of durability 'replicated' alone, where it is tried.
  WAIT(Use.CONNECTION),
  ;

  /** Who sends it, and so how it is tried. */
  public enum Use {
    SCRIPT,
    CHANNEL,
    DIRECT,
    CONNECTION
  }

  private final Use use;
  private final String sample;
  private final @Nullable String without;

  NeededCommand(String sample) {
    this(Use.SCRIPT, sample, null);
  }

  NeededCommand(Use use) {
    this(use, "", null);
  }

  NeededCommand(Use use, String without) {
    this(use, "", without);
  }

  NeededCommand(Use use, String sample, @Nullable String without) {
    this.use = use;
    this.sample = sample;
    this.without = without;
  }

  public Use use() {
    return use;
  }

  /** Whether a node does without it. */
  public boolean isOptional() {
    return without != null;
  }

  /** What a node without it does; of optional ones. */
  String without() {
    return String.valueOf(without);
  }

  /** {@code MEMORY USAGE}. */
  public String words() {
    return name().replace('_', ' ');
  }

  /** As the rules of an ACL have it: {@code +memory|usage}. */
  public String rule() {
    return '+' + name().toLowerCase(Locale.ROOT).replace('_', '|');
  }

  /** A call that does nothing to a key that holds a text, which {@code $} stands for. */
  public String call() {
    return (words() + ' ' + sample).strip();
  }

  /**
   * Every command by name, those too that a node can do without.
   *
   * @param pattern of keys and channels: {@code swarm:*}
   */
  public static String listed(String pattern) {
    return rules(pattern, Arrays.stream(values()));
  }

  /** As {@link #listed}, without what a node can do without. */
  public static String bare(String pattern) {
    return rules(pattern, Arrays.stream(values()).filter(command -> !command.isOptional()));
  }

  /** Everything but what could harm others, and what tells how Redis is set up. */
  public static String inShort(String pattern) {
    return where(pattern) + " +@all -@dangerous +info";
  }

  private static String rules(String pattern, Stream<NeededCommand> commands) {
    return where(pattern)
        + " -@all "
        + commands.map(NeededCommand::rule).sorted().collect(Collectors.joining(" "));
  }

  private static String where(String pattern) {
    return "~" + pattern + " resetchannels &" + pattern;
  }
}
