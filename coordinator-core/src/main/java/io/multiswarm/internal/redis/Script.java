package io.multiswarm.internal.redis;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * The Lua scripts, one file an operation. Loaded and hashed when the class is initialised; the
 * contract of each (KEYS, ARGV, result) is the header of its file.
 *
 * <p>{@code #include lib/NAME} lines are replaced by the library's text, so that a script stays one
 * atomic call.
 */
public enum Script {
  // channels
  CHANNEL_PUBLISH(ConnectionRole.COMMANDS),
  CHANNEL_POSITION(ConnectionRole.COMMANDS),
  CHANNEL_POSITIONS(ConnectionRole.COMMANDS),
  CHANNEL_REST(ConnectionRole.COMMANDS),
  CHANNEL_WEIGH(ConnectionRole.COMMANDS),
  CHANNEL_READ(ConnectionRole.COMMANDS),

  // requests and replies
  REQUEST_SEND(ConnectionRole.COMMANDS),
  REQUEST_REPLY(ConnectionRole.COMMANDS),

  // election
  LEADER_CAMPAIGN(ConnectionRole.CONTROL),
  LEADER_RENEW(ConnectionRole.CONTROL),
  LEADER_RELEASE(ConnectionRole.CONTROL),
  LEADER_LOOK(ConnectionRole.CONTROL),

  // tasks
  TASK_SUBMIT(ConnectionRole.COMMANDS),
  TASK_ASSIGN(ConnectionRole.COMMANDS),
  TASK_COMPLETE(ConnectionRole.COMMANDS),
  TASK_FAIL(ConnectionRole.COMMANDS),
  TASK_EXTEND(ConnectionRole.COMMANDS),
  TASK_REQUEST(ConnectionRole.COMMANDS),
  TASK_EXPIRE(ConnectionRole.COMMANDS),
  TASK_RETURN(ConnectionRole.COMMANDS),
  TASK_ORPHANS(ConnectionRole.COMMANDS),
  TASK_DUE(ConnectionRole.COMMANDS),
  TASK_FORGET(ConnectionRole.COMMANDS),
  TASK_EVICT(ConnectionRole.COMMANDS),
  TASK_CANCEL(ConnectionRole.COMMANDS),
  TASK_RETRY(ConnectionRole.COMMANDS),
  TASK_BULK(ConnectionRole.COMMANDS),
  TASK_ADOPT(ConnectionRole.COMMANDS),
  TASK_READ(ConnectionRole.COMMANDS),
  TASK_EXPLAIN(ConnectionRole.COMMANDS),
  TASK_MEMBERS(ConnectionRole.COMMANDS),
  TASK_STRATEGY(ConnectionRole.COMMANDS),
  TASK_PAUSE(ConnectionRole.COMMANDS),
  TASK_UNROUTABLE(ConnectionRole.COMMANDS),
  TASK_STATISTICS(ConnectionRole.COMMANDS),

  // resources
  RESOURCE_DEFINE(ConnectionRole.COMMANDS),
  RESOURCE_ALLOCATE(ConnectionRole.COMMANDS),
  RESOURCE_RELEASE(ConnectionRole.COMMANDS),
  RESOURCE_LEAVE(ConnectionRole.COMMANDS),
  RESOURCE_LOOK(ConnectionRole.COMMANDS),
  RESOURCE_LIST(ConnectionRole.COMMANDS),
  RESOURCE_HOLDING(ConnectionRole.COMMANDS),
  RESOURCE_SWEEP(ConnectionRole.COMMANDS),
  RESOURCE_IDLE(ConnectionRole.COMMANDS),

  // conflicts
  CONFLICT_OPEN(ConnectionRole.COMMANDS),
  CONFLICT_VOTE(ConnectionRole.COMMANDS),
  CONFLICT_ELECTORATE(ConnectionRole.COMMANDS),
  CONFLICT_DECIDE(ConnectionRole.COMMANDS),
  CONFLICT_ASKED(ConnectionRole.COMMANDS),
  CONFLICT_LOOK(ConnectionRole.COMMANDS),

  // registry
  SWARM_REGISTER(ConnectionRole.COMMANDS),
  SWARM_ATTACH(ConnectionRole.COMMANDS),
  SWARM_READ(ConnectionRole.COMMANDS),
  SWARM_FIELD(ConnectionRole.COMMANDS),
  SWARM_UPDATE(ConnectionRole.COMMANDS),
  SWARM_PAUSE(ConnectionRole.COMMANDS),
  SWARM_HEARTBEAT(ConnectionRole.COMMANDS),
  SWARM_DEREGISTER(ConnectionRole.COMMANDS),
  SWARM_DETACH(ConnectionRole.COMMANDS),
  SWARM_INTERRUPT(ConnectionRole.COMMANDS),
  SWARM_EXPIRE(ConnectionRole.COMMANDS),
  SWARM_ACTIVITY(ConnectionRole.COMMANDS),
  ARCHIVE_OLDEST(ConnectionRole.COMMANDS),
  ARCHIVE_DROP(ConnectionRole.COMMANDS),

  // life of nodes; the first five alone are urgent, the others must not overtake detachments
  NODE_BEAT(ConnectionRole.CONTROL),
  UPKEEP_TAKE(ConnectionRole.CONTROL),
  UPKEEP_LEAVE(ConnectionRole.CONTROL),
  NODE_SWEEP(ConnectionRole.CONTROL),
  NODE_REMOVE(ConnectionRole.CONTROL),
  SWARM_HELD(ConnectionRole.COMMANDS),
  NODE_LIST(ConnectionRole.COMMANDS),
  NODE_HEARTBEATS(ConnectionRole.COMMANDS),
  NODE_RENEW(ConnectionRole.COMMANDS),

  // state, snapshots and checkpoints
  STATE_SAVE(ConnectionRole.COMMANDS),
  STATE_LOAD(ConnectionRole.COMMANDS),
  STATE_DELETE(ConnectionRole.COMMANDS),
  STATE_RENEW(ConnectionRole.COMMANDS),
  STATE_CLEAR(ConnectionRole.COMMANDS),
  STATE_LEFTOVERS(ConnectionRole.COMMANDS),
  SNAPSHOT_CREATE(ConnectionRole.COMMANDS),
  SNAPSHOT_LIST(ConnectionRole.COMMANDS),
  SNAPSHOT_RESTORE(ConnectionRole.COMMANDS),
  SNAPSHOT_DELETE(ConnectionRole.COMMANDS),
  CHECKPOINT_CREATE(ConnectionRole.COMMANDS),

  // statistics
  COUNTS_READ(ConnectionRole.COMMANDS),

  // health
  REDIS_PROBE(ConnectionRole.COMMANDS),

  // recovery
  RECOVERY_DUE(ConnectionRole.COMMANDS),
  RECOVERY_RECORD(ConnectionRole.COMMANDS),
  RECOVERY_GIVE_UP(ConnectionRole.COMMANDS),
  RECOVERY_TASKS(ConnectionRole.COMMANDS),
  ;

  /** Renewals, ends, and what gives something back: refused last when too much is under way. */
  private static final Set<Script> VITAL =
      EnumSet.of(
          TASK_EXTEND,
          TASK_COMPLETE,
          TASK_FAIL,
          TASK_EXPIRE,
          TASK_RETURN,
          RESOURCE_RELEASE,
          RESOURCE_LEAVE,
          RESOURCE_SWEEP,
          SWARM_HEARTBEAT,
          SWARM_DETACH,
          SWARM_INTERRUPT,
          SWARM_HELD,
          NODE_HEARTBEATS,
          NODE_RENEW,
          STATE_RENEW);

  /** What changes nothing, and so promises nothing. */
  private static final Set<Script> READING =
      EnumSet.of(
          CHANNEL_POSITIONS,
          TASK_READ,
          TASK_EXPLAIN,
          TASK_MEMBERS,
          TASK_STATISTICS,
          RESOURCE_LIST,
          RESOURCE_HOLDING,
          CONFLICT_LOOK,
          SWARM_READ,
          SWARM_FIELD,
          NODE_LIST,
          STATE_LOAD,
          SNAPSHOT_LIST,
          STATE_LEFTOVERS,
          ARCHIVE_OLDEST,
          COUNTS_READ,
          REDIS_PROBE);

  private final ConnectionRole lane;
  private final ScriptSource source;

  Script(ConnectionRole lane) {
    this.lane = lane;
    this.source = ScriptSource.load(fileName());
  }

  /** Reads the files now, on a thread that may, and not with the first call on an event loop. */
  static void load() {
    // Being called has initialised the class, which is all there is to do.
  }

  ConnectionRole lane() {
    return lane;
  }

  /** Whether bulk must leave room for it on its connection. */
  boolean isVital() {
    return lane == ConnectionRole.CONTROL || VITAL.contains(this);
  }

  /** Whether its answer is a promise, for which replicas are waited for where they are to be. */
  boolean isLasting() {
    return !READING.contains(this);
  }

  /** Name of the file in the directory of the scripts. */
  public String fileName() {
    return name().toLowerCase(Locale.ROOT) + ".lua";
  }

  public String source() {
    return source.text();
  }

  /** What {@code EVALSHA} takes. */
  public String sha1() {
    return source.sha1();
  }
}
