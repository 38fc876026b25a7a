package io.multiswarm.testing;

import io.multiswarm.testing.ForkedRedis.Program;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A master and its replica, and the network between them. */
public final class ReplicaPair implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ForkedRedis first;
  private final OwnedRedis master;
  private final RedisProxy between;
  private final ForkedRedis second;
  private final OwnedRedis replica;

  private ReplicaPair(List<String> settings) {
    first = ForkedRedis.launch(settings);
    master = new OwnedRedis(first, RedisUser.DEFAULT);
    between = RedisProxy.before(master);
    List<String> following = new ArrayList<>(List.of("save \"\""));
    following.add("replicaof 127.0.0.1 " + URI.create(between.uri()).getPort());
    second = ForkedRedis.launch(Program.SERVER, port -> following);
    replica = new OwnedRedis(second, RedisUser.DEFAULT);
  }

  /**
   * @param settings of the master
   */
  public static ReplicaPair launch(String... settings) {
    List<String> all = new ArrayList<>(List.of("save \"\"", "repl-diskless-sync-delay 0"));
    all.addAll(List.of(settings));
    ReplicaPair pair = new ReplicaPair(all);
    Await.await(
        "the replica",
        PATIENCE,
        () -> String.valueOf(pair.master.text("INFO", "replication")).contains("state=online"));
    return pair;
  }

  public OwnedRedis master() {
    return master;
  }

  public OwnedRedis replica() {
    return replica;
  }

  /** Between the master and its replica. */
  public RedisProxy between() {
    return between;
  }

  @Override
  public void close() {
    between.close();
    second.close();
    first.close();
  }
}
