package io.multiswarm.internal.redis;

import java.util.Locale;

/**
 * The Lua scripts, one file an operation. Loaded and hashed when the class is initialised; the
 * contract of each (KEYS, ARGV, result) is the header of its file.
 *
 * <p>{@code #include lib/NAME} lines are replaced by the library's text, so that a script stays one
 * atomic call.
 */
public enum Script {
  // channels
  CHANNEL_PUBLISH(Lane.COMMANDS),
  CHANNEL_POSITION(Lane.COMMANDS),
  CHANNEL_POSITIONS(Lane.COMMANDS),
  CHANNEL_REST(Lane.COMMANDS),
  CHANNEL_READ(Lane.COMMANDS),

  // requests and replies
  REQUEST_SEND(Lane.COMMANDS),
  REQUEST_REPLY(Lane.COMMANDS),

  // election
  LEADER_CAMPAIGN(Lane.CONTROL),
  LEADER_RENEW(Lane.CONTROL),
  LEADER_RELEASE(Lane.CONTROL),
  LEADER_LOOK(Lane.CONTROL),

  // tasks
  TASK_SUBMIT(Lane.COMMANDS),
  TASK_ASSIGN(Lane.COMMANDS),
  TASK_COMPLETE(Lane.COMMANDS),
  TASK_FAIL(Lane.COMMANDS),
  TASK_EXTEND(Lane.COMMANDS),
  TASK_REQUEST(Lane.COMMANDS),
  TASK_EXPIRE(Lane.COMMANDS),
  TASK_RETURN(Lane.COMMANDS),
  TASK_ORPHANS(Lane.COMMANDS),
  TASK_DUE(Lane.COMMANDS),
  TASK_FORGET(Lane.COMMANDS),
  TASK_CANCEL(Lane.COMMANDS),
  TASK_RETRY(Lane.COMMANDS),
  TASK_READ(Lane.COMMANDS),
  TASK_MEMBERS(Lane.COMMANDS),
  TASK_STRATEGY(Lane.COMMANDS),
  TASK_UNROUTABLE(Lane.COMMANDS),
  TASK_STATISTICS(Lane.COMMANDS),

  // resources
  RESOURCE_DEFINE(Lane.COMMANDS),
  RESOURCE_ALLOCATE(Lane.COMMANDS),
  RESOURCE_RELEASE(Lane.COMMANDS),
  RESOURCE_LEAVE(Lane.COMMANDS),
  RESOURCE_LIST(Lane.COMMANDS),
  RESOURCE_HOLDING(Lane.COMMANDS),
  RESOURCE_SWEEP(Lane.COMMANDS),
  RESOURCE_IDLE(Lane.COMMANDS),

  // conflicts
  CONFLICT_OPEN(Lane.COMMANDS),
  CONFLICT_VOTE(Lane.COMMANDS),
  CONFLICT_DECIDE(Lane.COMMANDS),
  CONFLICT_ASKED(Lane.COMMANDS),

  // registry
  SWARM_REGISTER(Lane.COMMANDS),
  SWARM_ATTACH(Lane.COMMANDS),
  SWARM_READ(Lane.COMMANDS),
  SWARM_UPDATE(Lane.COMMANDS),
  SWARM_HEARTBEAT(Lane.COMMANDS),
  SWARM_DEREGISTER(Lane.COMMANDS),
  SWARM_DETACH(Lane.COMMANDS),
  SWARM_INTERRUPT(Lane.COMMANDS),
  SWARM_EXPIRE(Lane.COMMANDS),
  SWARM_ACTIVITY(Lane.COMMANDS),

  // life of nodes; the first three alone are urgent, the others must not overtake detachments
  NODE_BEAT(Lane.CONTROL),
  NODE_SWEEP(Lane.CONTROL),
  NODE_REMOVE(Lane.CONTROL),
  SWARM_HELD(Lane.COMMANDS),
  NODE_HEARTBEATS(Lane.COMMANDS),
  NODE_RENEW(Lane.COMMANDS),

  // state, snapshots and checkpoints
  STATE_SAVE(Lane.COMMANDS),
  STATE_LOAD(Lane.COMMANDS),
  STATE_DELETE(Lane.COMMANDS),
  STATE_RENEW(Lane.COMMANDS),
  STATE_CLEAR(Lane.COMMANDS),
  SNAPSHOT_CREATE(Lane.COMMANDS),
  SNAPSHOT_LIST(Lane.COMMANDS),
  SNAPSHOT_RESTORE(Lane.COMMANDS),
  SNAPSHOT_DELETE(Lane.COMMANDS),
  CHECKPOINT_CREATE(Lane.COMMANDS),

  // statistics
  COUNTS_READ(Lane.COMMANDS),

  // recovery
  RECOVERY_DUE(Lane.COMMANDS),
  RECOVERY_RECORD(Lane.COMMANDS),
  RECOVERY_TASKS(Lane.COMMANDS),
  ;

  private final Lane lane;
  private final ScriptSource source;

  Script(Lane lane) {
    this.lane = lane;
    this.source = ScriptSource.load(fileName());
  }

  /** Reads the files now, on a thread that may, and not with the first call on an event loop. */
  static void load() {
    // Being called has initialised the class, which is all there is to do.
  }

  public Lane lane() {
    return lane;
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
