package io.multiswarm.internal.redis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;
import reactor.core.publisher.Mono;

/**
 * Counters and sizes that a part of the system keeps in Redis, and what they mean. Those of several
 * parts can be joined with {@link #and}: whatever their number, they are read in one round trip.
 */
@ReplyOf(Script.COUNTS_READ)
public final class Counts<T> {

  private static final Pattern NUMBER = Pattern.compile("-?\\d{1,18}");

  private record Read(String command, String key) {}

  private final List<Read> reads;
  private final Function<ScriptReply, T> decoder;

  private Counts(List<Read> reads, Function<ScriptReply, T> decoder) {
    this.reads = List.copyOf(reads);
    this.decoder = decoder;
  }

  /** The counters of a hash; none when there is no such key, as for the sizes below. */
  public static Counts<Counters> counters(String hash) {
    return of("HGETALL", hash, reply -> Counters.of(reply.list(0)));
  }

  public static Counts<Long> fields(String hash) {
    return of("HLEN", hash, reply -> reply.number(0));
  }

  public static Counts<Long> members(String set) {
    return of("SCARD", set, reply -> reply.number(0));
  }

  public static Counts<Long> entries(String sortedSet) {
    return of("ZCARD", sortedSet, reply -> reply.number(0));
  }

  private static <T> Counts<T> of(String command, String key, Function<ScriptReply, T> decoder) {
    return new Counts<>(List.of(new Read(command, key)), decoder);
  }

  /** One result a part, in their order. */
  public static <T> Counts<List<T>> all(List<Counts<T>> parts) {
    Counts<List<T>> joined = new Counts<>(List.of(), none -> List.of());
    for (Counts<T> part : parts) {
      joined =
          joined.and(
              part,
              (before, next) -> {
                List<T> results = new ArrayList<>(before);
                results.add(next);
                return results;
              });
    }
    return joined;
  }

  public <U, R> Counts<R> and(Counts<U> other, BiFunction<T, U, R> both) {
    List<Read> joined = new ArrayList<>(reads);
    joined.addAll(other.reads);
    int ours = reads.size();
    return new Counts<>(
        joined, reply -> both.apply(decoder.apply(reply), other.decoder.apply(reply.from(ours))));
  }

  public <R> Counts<R> map(Function<T, R> meaning) {
    return new Counts<>(reads, decoder.andThen(meaning));
  }

  /** What a counter has; 0 for what is no number, with which it begins anew. */
  public static long number(String text) {
    return NUMBER.matcher(text).matches() ? Long.parseLong(text) : 0;
  }

  /** Cold; one round trip a subscription. */
  public Mono<T> read(RedisLink link) {
    ScriptCall call = ScriptCall.of(Script.COUNTS_READ);
    reads.forEach(read -> call.key(read.key()).arg(read.command()));
    return link.run(call).map(decoder);
  }

  /** Counters by name; one that was never counted is 0, and so is what is no number. */
  public static final class Counters {

    private final Map<String, String> texts = new HashMap<>();

    private static Counters of(ScriptReply namesAndValues) {
      Counters counters = new Counters();
      for (int i = 0; i < namesAndValues.size(); i += 2) {
        counters.texts.put(namesAndValues.string(i), namesAndValues.string(i + 1));
      }
      return counters;
    }

    public long get(String name) {
      return number(texts.getOrDefault(name, "0"));
    }
  }
}
