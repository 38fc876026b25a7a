package io.multiswarm.load.baseline;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import reactor.core.publisher.Mono;

/**
 * The least that a queue of Lua scripts can be: it accepts tasks, assigns each to a swarm and
 * accepts its completion, with a history for each swarm and one of the completions. Nobody leads,
 * and there are no leases: what a dead worker had is lost.
 */
final class BareQueue {

  private static final byte[] RESULT = ascii("{\"ok\":true}");

  private final RedisAsyncCommands<byte[], byte[]> redis;
  private final BareKeys keys;
  private final BareScript.Loaded submit;
  private final BareScript.Loaded assign;
  private final BareScript.Loaded complete;

  /** A task that is to be accepted; its number is its place in line. */
  record Submission(String id, long number, byte[] spec) {}

  /** A task that a swarm has done. */
  record Completion(String id, long attempt, String swarm) {}

  /** The scripts before they are loaded. */
  record Scripts(BareScript submit, BareScript assign, BareScript complete) {

    /** Reads files; not for an event loop. */
    static Scripts read() {
      return new Scripts(
          read("bare_submit.lua"), read("bare_assign.lua"), read("bare_complete.lua"));
    }

    private static BareScript read(String file) {
      return BareScript.beside(BareQueue.class, file);
    }

    Mono<BareQueue> load(RedisAsyncCommands<byte[], byte[]> redis, BareKeys keys) {
      return Mono.zip(submit.load(redis), assign.load(redis), complete.load(redis))
          .map(all -> new BareQueue(redis, keys, all.getT1(), all.getT2(), all.getT3()));
    }
  }

  private BareQueue(
      RedisAsyncCommands<byte[], byte[]> redis,
      BareKeys keys,
      BareScript.Loaded submit,
      BareScript.Loaded assign,
      BareScript.Loaded complete) {
    this.redis = redis;
    this.keys = keys;
    this.submit = submit;
    this.assign = assign;
    this.complete = complete;
  }

  static String swarm(int number) {
    return "s" + number;
  }

  /** Answers 1 for each. */
  CompletionStage<List<Long>> submit(List<Submission> batch) {
    List<byte[]> arguments = new ArrayList<>(3 * batch.size());
    for (Submission one : batch) {
      arguments.add(ascii(one.id()));
      arguments.add(one.spec());
      arguments.add(ascii(Long.toString(one.number())));
    }
    return submit.numbers(List.of(keys.records(), keys.specs(), keys.pending()), arguments);
  }

  /**
   * Answers how many tasks were assigned.
   *
   * @param shares how many each swarm is to be given, by its number
   */
  CompletionStage<Long> assign(Map<Integer, Integer> shares) {
    List<byte[]> all = new ArrayList<>(shares.size() + 4);
    all.addAll(List.of(keys.records(), keys.specs(), keys.pending(), keys.assigned()));
    List<byte[]> arguments = new ArrayList<>(3 * shares.size() + 1);
    int count = shares.values().stream().mapToInt(Integer::intValue).sum();
    arguments.add(ascii(Integer.toString(count)));
    shares.forEach(
        (swarm, share) -> {
          all.add(keys.history(swarm));
          arguments.add(ascii(swarm(swarm)));
          arguments.add(keys.channel(swarm));
          arguments.add(ascii(Integer.toString(share)));
        });
    return assign.number(all, arguments);
  }

  /** Answers 1 for each that was accepted, and 0 when the swarm does not have that attempt. */
  CompletionStage<List<Long>> complete(List<Completion> batch) {
    List<byte[]> arguments = new ArrayList<>(4 * batch.size() + 1);
    arguments.add(keys.events());
    for (Completion one : batch) {
      arguments.add(ascii(one.id()));
      arguments.add(ascii(Long.toString(one.attempt())));
      arguments.add(ascii(one.swarm()));
      arguments.add(RESULT);
    }
    return complete.numbers(List.of(keys.records(), keys.assigned(), keys.events()), arguments);
  }

  /** A task's record, as the scripts write it; empty for one that was never accepted. */
  Mono<String> record(String id) {
    return Mono.fromCompletionStage(() -> redis.hget(keys.records(), ascii(id)))
        .map(record -> new String(record, US_ASCII));
  }

  /** Leaves nothing. */
  Mono<Void> cleanUp(int swarms) {
    byte[][] all = keys.stored(swarms).toArray(byte[][]::new);
    return Mono.fromCompletionStage(() -> redis.unlink(all)).then();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }
}
