package io.multiswarm.internal.redis;

import io.lettuce.core.KeyValue;
import io.lettuce.core.Limit;
import io.lettuce.core.MapScanCursor;
import io.lettuce.core.Range;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.Value;
import io.lettuce.core.ValueScanCursor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The reads that need no script. One round trip each but for {@link #fields}; what is missing is
 * empty, never null.
 */
public final class RedisReads {

  private static final ScanArgs PAGE = ScanArgs.Builder.limit(500);

  private final RedisLink link;

  RedisReads(RedisLink link) {
    this.link = link;
  }

  /** Empty when there is no such key. */
  public Mono<byte[]> get(String key) {
    return link.read("GET " + key, redis -> redis.get(key));
  }

  public Mono<String> getText(String key) {
    return get(key).map(RedisReads::text);
  }

  /** One item a key, in the order of the keys. */
  public Mono<List<Optional<byte[]>>> getAll(List<String> keys) {
    if (keys.isEmpty()) {
      return Mono.just(List.of());
    }
    return link.read("MGET", redis -> redis.mget(keys.toArray(String[]::new)))
        .map(values -> values.stream().map(RedisReads::optional).toList());
  }

  /**
   * The names of a hash's fields, a page a round trip. One that is there from the beginning to the
   * end comes at least once.
   */
  public Flux<String> fields(String key) {
    return pages(key).flatMapIterable(page -> page.getMap().keySet());
  }

  private Flux<MapScanCursor<String, byte[]>> pages(String key) {
    return scan(key, ScanCursor.INITIAL)
        .expand(page -> page.isFinished() ? Mono.empty() : scan(key, page));
  }

  private Mono<MapScanCursor<String, byte[]>> scan(String key, ScanCursor from) {
    return link.read("HSCAN " + key, redis -> redis.hscan(key, from, PAGE));
  }

  /**
   * A hash, its values as text; empty when there is no such key. It is read a page a round trip: a
   * field that is there from the beginning to the end is in it, as it was when its page was read.
   */
  public Mono<Map<String, String>> textHash(String key) {
    return pages(key)
        .collect(
            LinkedHashMap::new,
            (texts, page) -> page.getMap().forEach((name, value) -> texts.put(name, text(value))));
  }

  /** One item a field, in the order of the fields. */
  public Mono<List<Optional<byte[]>>> hashFields(String key, List<String> fields) {
    if (fields.isEmpty()) {
      return Mono.just(List.of());
    }
    return link.read("HMGET " + key, redis -> redis.hmget(key, fields.toArray(String[]::new)))
        .map(values -> values.stream().map(RedisReads::optional).toList());
  }

  /**
   * The members of a set, a page a round trip. One that is there from the beginning to the end is
   * among them.
   */
  public Mono<Set<String>> setMembers(String key) {
    return members(key, ScanCursor.INITIAL)
        .expand(page -> page.isFinished() ? Mono.empty() : members(key, page))
        .collect(
            LinkedHashSet::new,
            (texts, page) -> page.getValues().forEach(member -> texts.add(text(member))));
  }

  private Mono<ValueScanCursor<byte[]>> members(String key, ScanCursor from) {
    return link.read("SSCAN " + key, redis -> redis.sscan(key, from, PAGE));
  }

  /** Those of some values that are members, in their order. */
  public Mono<List<String>> setMembersAmong(String key, List<String> values) {
    if (values.isEmpty()) {
      return Mono.just(List.of());
    }
    byte[][] asked =
        values.stream().map(value -> value.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    return link.read("SMISMEMBER " + key, redis -> redis.smismember(key, asked))
        .map(
            members -> {
              List<String> found = new ArrayList<>();
              for (int i = 0; i < values.size(); i++) {
                if (members.get(i)) {
                  found.add(values.get(i));
                }
              }
              return found;
            });
  }

  public Mono<Boolean> isMember(String key, String member) {
    byte[] name = member.getBytes(StandardCharsets.UTF_8);
    return link.read("SISMEMBER " + key, redis -> redis.sismember(key, name));
  }

  public Mono<Long> setSize(String key) {
    return link.read("SCARD " + key, redis -> redis.scard(key));
  }

  public Mono<Long> sortedSetSize(String key) {
    return link.read("ZCARD " + key, redis -> redis.zcard(key));
  }

  /** Members with scores, highest first, strictly below {@code below}, at most {@code limit}. */
  public Mono<List<Scored>> descending(String key, double below, int limit) {
    Range<Double> range = Range.from(Range.Boundary.unbounded(), Range.Boundary.excluding(below));
    return link.read(
            "ZREVRANGEBYSCORE " + key,
            redis -> redis.zrevrangebyscoreWithScores(key, range, Limit.create(0, limit)))
        .map(RedisReads::scored);
  }

  /**
   * Members of a sorted set, highest score first, from below {@code below} to {@code end}, or all
   * when that is null.
   */
  public Mono<List<String>> descending(String key, double below, @Nullable Double end) {
    Range<Double> range =
        Range.from(
            end == null ? Range.Boundary.unbounded() : Range.Boundary.including(end),
            Range.Boundary.excluding(below));
    return link.read("ZREVRANGEBYSCORE " + key, redis -> redis.zrevrangebyscore(key, range))
        .map(members -> members.stream().map(RedisReads::text).toList());
  }

  /** The score that has {@code n} between it and {@code below}; empty when there is none. */
  public Mono<Double> scoreDescending(String key, double below, int n) {
    Range<Double> range = Range.from(Range.Boundary.unbounded(), Range.Boundary.excluding(below));
    return link.read(
            "ZREVRANGEBYSCORE " + key,
            redis -> redis.zrevrangebyscoreWithScores(key, range, Limit.create(n, 1)))
        .flatMap(one -> Mono.justOrEmpty(one.stream().findFirst().map(ScoredValue::getScore)));
  }

  /**
   * Members with scores, lowest first, from {@code least} to {@code most}, at most {@code limit}.
   */
  public Mono<List<Scored>> ascending(String key, double least, double most, int limit) {
    Range<Double> range = Range.create(least, most);
    return link.read(
            "ZRANGEBYSCORE " + key,
            redis -> redis.zrangebyscoreWithScores(key, range, Limit.create(0, limit)))
        .map(RedisReads::scored);
  }

  /**
   * Members of a sorted set whose scores are all the same, in lexical order, from {@code least} to
   * below {@code beyond}, at most {@code limit}.
   */
  public Mono<List<String>> lexical(String key, String least, String beyond, int limit) {
    Range<byte[]> range =
        Range.from(
            Range.Boundary.including(least.getBytes(StandardCharsets.UTF_8)),
            Range.Boundary.excluding(beyond.getBytes(StandardCharsets.UTF_8)));
    return link.read(
            "ZRANGEBYLEX " + key, redis -> redis.zrangebylex(key, range, Limit.create(0, limit)))
        .map(members -> members.stream().map(RedisReads::text).toList());
  }

  /** Redis's clock, µs since the epoch. */
  public Mono<Long> micros() {
    return link.read("TIME", redis -> redis.time())
        .map(
            time ->
                Long.parseLong(text(time.get(0))) * 1_000_000 + Long.parseLong(text(time.get(1))));
  }

  /** One item a member, in the order of the members. */
  public Mono<List<Optional<Double>>> scores(String key, List<String> members) {
    if (members.isEmpty()) {
      return Mono.just(List.of());
    }
    byte[][] names =
        members.stream()
            .map(member -> member.getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
    return link.read("ZMSCORE " + key, redis -> redis.zmscore(key, names))
        .map(scores -> new ArrayList<>(scores.stream().map(Optional::ofNullable).toList()));
  }

  /** Server facts by section, as {@code INFO} gives them. */
  public Mono<Map<String, String>> info(String section) {
    return link.readIfPermitted("INFO " + section, redis -> redis.info(section))
        .map(RedisReads::facts);
  }

  static Map<String, String> facts(String lines) {
    Map<String, String> facts = new LinkedHashMap<>();
    Arrays.stream(lines.split("\r?\n"))
        .map(line -> line.split(":", 2))
        .filter(pair -> pair.length == 2)
        .forEach(pair -> facts.put(pair[0], pair[1]));
    return facts;
  }

  /**
   * Whether somebody may hear what is published on the channel: one who subscribed it or a pattern;
   * and anybody where Redis has replicas or is a cluster, for those who listen there are not seen,
   * or where it does not tell.
   */
  public Mono<Boolean> mayBeHeard(String channel) {
    return Mono.zip(
            link.readIfPermitted("PUBSUB NUMSUB", redis -> redis.pubsubNumsub(channel)),
            link.readIfPermitted("PUBSUB NUMPAT", redis -> redis.pubsubNumpat()),
            info("replication"),
            info("cluster"))
        .map(
            told ->
                told.getT1().values().stream().anyMatch(count -> count > 0)
                    || told.getT2() > 0
                    || !"0".equals(told.getT3().getOrDefault("connected_slaves", "0"))
                    || "1".equals(told.getT4().get("cluster_enabled")))
        .onErrorReturn(RedisFailure::isDenied, true);
  }

  /** A configuration value of the server; empty when it does not tell. */
  public Mono<String> config(String name) {
    return link.readIfPermitted("CONFIG GET " + name, redis -> redis.configGet(name))
        .flatMap(values -> Mono.justOrEmpty(values.get(name)));
  }

  /** A member of a sorted set. */
  public record Scored(String member, double score) {}

  private static List<Scored> scored(List<ScoredValue<byte[]>> values) {
    return values.stream()
        .map(value -> new Scored(text(value.getValue()), value.getScore()))
        .toList();
  }

  private static Optional<byte[]> optional(KeyValue<String, byte[]> value) {
    return optional((Value<byte[]>) value);
  }

  private static Optional<byte[]> optional(Value<byte[]> value) {
    return value.hasValue() ? Optional.of(value.getValue()) : Optional.empty();
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
