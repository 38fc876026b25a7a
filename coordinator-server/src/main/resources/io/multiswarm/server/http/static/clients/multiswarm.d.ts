// Types of multiswarm.js.

/** `name` is one of the server's, or CONNECTION_LOST (a call's outcome is unknown), or CLOSED. */
export class CoordinationError extends Error {
  readonly name: ErrorName | "CONNECTION_LOST" | "CLOSED";
  readonly retryable: boolean;
  readonly data: { retryAfterMs?: number; param?: string; version?: number; [member: string]: unknown };
}

export interface Options {
  /** Or a function that gives a fresh one for each connection. */
  token?: string | (() => string | Promise<string>);
  /** Of a server that serves several; else that of the token, or the first. */
  fleet?: string;
  /** What the server's log is to call this client. */
  client?: { name?: string; version?: string };
  /** How long the first connection may take; 30 s. */
  patienceMs?: number;
  /** Instead of the global one, or of the package ws. */
  WebSocket?: unknown;
}

export interface CallOptions {
  /** How long the answer may take; for methods that wait, longer than their own time. */
  timeoutMs?: number;
  /** Send it again after UNAVAILABLE and after a lost connection; for what may be sent twice. */
  repeat?: boolean;
  /** False: fail at once when there is no connection. */
  wait?: boolean;
}

type Method = keyof Calls;
type Params<M extends Method> = Calls[M]["params"];
type Result<M extends Method> = Calls[M]["result"];

/** What the client tells by itself, beside the notifications of the server. */
export interface Events extends Notifications {
  open: Result<"session.open">;
  lost: { code: number; reason: string };
  closed: CoordinationError;
  detached: { swarmId: string; error: CoordinationError };
  fenced: CoordinationError;
  gap: Notifications["channel.gap"];
  error: Error;
}

export function connect(urls: string | string[], options?: Options): Promise<Coordinator>;

export class Coordinator {
  constructor(urls: string | string[], options?: Options);
  readonly welcome: Result<"session.open"> | null;
  readonly isOpen: boolean;
  readonly opened: Promise<Coordinator>;
  readonly lastFailure: string;
  on<E extends keyof Events>(event: E, listener: (value: Events[E]) => void): () => void;
  call<M extends Method>(method: M, params?: Params<M>, options?: CallOptions): Promise<Result<M>>;
  /** Creates a swarm, or attaches the one of that key. */
  swarm(swarm: Params<"swarm.create"> | { id: string; key: string }): Promise<SwarmHandle>;
  submit(task: NewTask, from?: string): Promise<Result<"task.submit">>;
  awaitTask(taskId: string, timeoutMs?: number): Promise<Task>;
  subscribe(
    channel: string,
    handler: (message: Message, position?: Position) => unknown,
    options?: {
      since?: Position | "start";
      /** How many messages may wait for the handler; 256. */
      credit?: number;
      onGap?: (gap: Notifications["channel.gap"]) => unknown;
    },
  ): Promise<Subscription>;
  close(error?: CoordinationError): void;
}

export interface Subscription {
  readonly channel: string;
  /** Of the last message that was handled: what to keep, for `since`. */
  readonly position: Position;
  close(): void;
}

/** An attempt at a task. */
export interface Attempt {
  attempt: number;
  /** What became of the attempts before this one, the newest first. */
  previous: Array<{ attempt: number; swarmId: string; reason: string; progress?: unknown }>;
  /** Aborted when the task is taken away. */
  signal: AbortSignal;
  /** Renews the lease, and tells how far it is. */
  progress(progress?: unknown): Promise<unknown>;
}

export interface SwarmHandle {
  readonly id: string;
  readonly key: string;
  /** Calls a method as this swarm: its id is added. */
  call<M extends Method>(
    method: M,
    params?: Omit<Params<M>, "swarmId" | "from">,
    options?: CallOptions,
  ): Promise<Result<M>>;
  send(to: string, type: string, data: unknown): Promise<Result<"message.send">>;
  /** An error that the handler throws is a failed attempt; with `retry: false` it is the last one. */
  work(slots: number, handler: (task: NewTask & { id: string }, attempt: Attempt) => unknown): void;
  stop(): Promise<void>;
}

// What follows is made from asyncapi.json by ClientTypesTest, with -Dwrite.client.types

export type Assignment = {
  assignedBy: string;
  attempt: number;
  epoch: number;
  leaseMs: number;
  previous?: Array<{
    attempt: number;
    progress?: unknown;
    reason: "failed" | "lease_expired" | "swarm_lost" | "released" | "deregistered";
    swarmId: string;
  }>;
  strategy: string;
  swarmId: string;
  task: {
    capabilities: Array<string>;
    data?: unknown;
    dedupeKey?: string;
    delayMs?: number;
    description: string;
    estimatedEffort?: string;
    from?: string;
    id: string;
    maxAttempts: number;
    metadata?: {
      traceparent?: string;
    };
    principal?: string;
    priority: "high" | "normal" | "low";
    strategy?: string;
    timeoutMs: number;
    type?: string;
  };
};

export type Checkpoint = {
  bytes: number;
  checkpointId: string;
  createdAt: number;
  label: string | null;
  version: number;
};

export type Message = {
  id: string;
  messageType: "targeted" | "broadcast" | "coordination" | "agent" | "task" | "event";
  metadata: Record<string, unknown>;
  payload: {
    data: unknown;
    requestId?: string;
    type: string;
  };
  swarmId: string;
  target: string | null;
  targetAgent: string | null;
  timestamp: number;
};

export type Metadata = {
  capabilities: Array<string>;
  creator: string | null;
  phase: string | null;
  priority: "high" | "normal" | "low";
  tags: Array<string>;
};

export type NewMetadata = {
  capabilities?: unknown | null;
  creator?: string | null;
  phase?: string | null;
  priority?: unknown;
  tags?: unknown | null;
};

export type NewTask = {
  capabilities?: Array<string>;
  data?: unknown;
  dedupeKey?: string;
  delayMs?: number;
  description: string;
  estimatedEffort?: string;
  id?: string;
  maxAttempts?: number;
  metadata?: {
    traceparent?: string;
  };
  priority?: "high" | "normal" | "low";
  strategy?: string;
  timeoutMs?: number;
  type?: string;
};

export type Pool = {
  allocations: Array<{
    amount: number;
    swarmId: string;
  }>;
  available: number;
  total: number;
  type: string;
};

export type Position = {
  epoch: string;
  offset: number;
};

export type Recovery = {
  recoveryPlan: unknown;
  source: "state" | "checkpoint" | "snapshot" | null;
  state: Record<string, unknown> | null;
  success: boolean;
  swarmId: string;
  version?: number;
};

export type Resolution = {
  conflictId: string;
  loser: string;
  reason: string;
  strategy: "priority" | "timestamp" | "voting";
  votes?: Record<string, number>;
  winner: string;
};

export type Snapshot = {
  automatic: boolean;
  bytes: number;
  createdAt: number;
  label: string | null;
  snapshotId: string;
  version: number;
};

export type Statistics = {
  coordinator: {
    heldSwarms: number;
    isLeader: boolean;
    messenger: {
      activeSubscriptions: number;
      broadcastsSent: number;
      errors: number;
      foreignMessages: number;
      gapsAnnounced: number;
      gapsFilled: number;
      lateReplies: number;
      messagesReceived: number;
      messagesSent: number;
      pendingRequests: number;
      targetedSent: number;
    };
    node: string;
    tasksDistributed: number;
    unreadableRecords: number;
  };
  coordinators: Array<{
    heldSwarms: number;
    isLeader: boolean;
    messenger: {
      activeSubscriptions: number;
      broadcastsSent: number;
      errors: number;
      foreignMessages: number;
      gapsAnnounced: number;
      gapsFilled: number;
      lateReplies: number;
      messagesReceived: number;
      messagesSent: number;
      pendingRequests: number;
      targetedSent: number;
    };
    node: string;
    tasksDistributed: number;
    unreadableRecords: number;
  }>;
  health: {
    commandLatency: number | null;
    controlLatency: number | null;
    schedulerDelay: number;
    sweepLag: number;
  };
  heldSwarms: number;
  leader: {
    epoch: number;
    failures: number;
    leadershipChanges: number;
    leading: boolean;
    leaseAge: number;
    scripts: number;
  };
  messenger: {
    activeSubscriptions: number;
    broadcastsSent: number;
    errors: number;
    foreignMessages: number;
    gapsAnnounced: number;
    gapsFilled: number;
    lateReplies: number;
    messagesReceived: number;
    messagesSent: number;
    pendingRequests: number;
    targetedSent: number;
  };
  node: string;
  registry: {
    activeSwarms: number;
    archiveBytes: number;
    byStatus: Record<string, number>;
    historyBytes: number;
    totalDeregistered: number;
    totalExpired: number;
    totalInterrupted: number;
    totalRegistered: number;
    totalSwarms: number;
  };
  resources: {
    allocated: number;
    holders: number;
    idle: number;
    pools: number;
    reclaimed: number;
    refused: number;
    released: number;
    returned: number;
    waited: number;
    waiting: number;
  };
  state: {
    bytes: number;
    cacheHits: number;
    cacheMisses: number;
    checkpointsCreated: number;
    errors: number;
    recoveriesFailed: number;
    recoveriesPerformed: number;
    snapshotsCreated: number;
    statesDeleted: number;
    statesRestored: number;
    statesSaved: number;
  };
  tasks: {
    assigned: number;
    dead: number;
    delayed: number;
    endedBytes: number;
    expired: number;
    lanes: number;
    oldestAge: number;
    paused: boolean;
    queueBytes: number;
    queueDepth: number;
    redelivered: number;
    returned: number;
    tasksCancelled: number;
    tasksCompleted: number;
    tasksDistributed: number;
    tasksFailed: number;
    tasksSubmitted: number;
    unroutable: number;
  };
};

export type Swarm = {
  activeTasks: number;
  agents: unknown[];
  attached: boolean;
  createdAt: number;
  id: string;
  incarnation: number;
  lastActivity: number;
  lastHeartbeat: number;
  maxAgents: number;
  metadata: Metadata;
  metrics: {
    errors: number;
    messagesSent: number;
    tasksCompleted: number;
    tasksFailed: number;
  };
  mode: "mesh" | "hierarchical";
  objective: string;
  paused?: true;
  status: SwarmStatus;
  strategy: string;
};

export type SwarmStatus = "initializing" | "active" | "recovering" | "interrupted" | "completed" | "failed";

export type Task = {
  attempts: number;
  capabilities: Array<string>;
  data?: unknown;
  dedupeKey?: string;
  delayMs?: number;
  description: string;
  error?: unknown;
  estimatedEffort?: string;
  failures: number;
  from?: string;
  history: Array<{
    at: number;
    attempt?: number;
    reason?: string;
    status: "pending" | "assigned" | "completed" | "failed" | "dead" | "cancelled";
    swarmId?: string;
  }>;
  id: string;
  lateResults?: Array<{
    at: number;
    attempt: number;
    result?: unknown;
    swarmId: string;
    truncated?: true;
  }>;
  maxAttempts: number;
  metadata?: {
    traceparent?: string;
  };
  principal?: string;
  priority: "high" | "normal" | "low";
  progress?: unknown;
  result?: unknown;
  status: TaskStatus;
  strategy?: string;
  submittedAt: number;
  swarmId?: string;
  timeoutMs: number;
  type?: string;
  updatedAt: number;
};

export type TaskStatus = "pending" | "assigned" | "completed" | "dead" | "cancelled";

export type ErrorName = "PARSE_ERROR" | "INVALID_REQUEST" | "METHOD_NOT_FOUND" | "INVALID_ARGUMENT" | "INTERNAL" | "UNAUTHENTICATED" | "PERMISSION_DENIED" | "NOT_FOUND" | "ALREADY_EXISTS" | "FAILED_PRECONDITION" | "CONFLICT" | "FENCED" | "RESOURCE_EXHAUSTED" | "NO_RESPONDERS" | "DEADLINE_EXCEEDED" | "PAYLOAD_TOO_LARGE" | "UNAVAILABLE";

export interface Calls {
  "channel.history": { params: {
    channel: string;
    limit?: number;
    since?: Position;
  }; result: {
    epoch: string;
    first: number;
    last: number;
    messages: Array<{
      message: Message;
      offset: number;
    }>;
  } };
  "channel.request": { params: {
    channel: string;
    n: number;
  }; result: Record<string, unknown> };
  "channel.subscribe": { params: {
    channel: string;
    credit?: number;
    since?: Position;
    swarmId?: string;
  }; result: {
    channel: string;
    epoch: string;
    offset: number;
    recovered: boolean;
  } };
  "channel.unsubscribe": { params: {
    channel: string;
  }; result: Record<string, unknown> };
  "checkpoint.create": { params: {
    data: Record<string, unknown>;
    label?: string;
    swarmId: string;
  }; result: Checkpoint };
  "checkpoint.delete": { params: {
    checkpointId: string;
    swarmId: string;
  }; result: {
    checkpointId: string;
    deleted: true;
  } };
  "checkpoint.list": { params: {
    swarmId: string;
  }; result: {
    checkpoints: Array<Checkpoint>;
  } };
  "checkpoint.restore": { params: {
    checkpointId: string;
    swarmId: string;
  }; result: {
    checkpointId: string;
    savedAt: number;
    version: number;
  } };
  "conflict.resolve": { params: {
    conflictId?: string;
    electorate?: Array<string>;
    quorum?: number;
    strategy?: "priority" | "timestamp" | "voting";
    swarmA: string | {
      createdAt?: number;
      id: string;
      metadata?: {
        priority?: "high" | "normal" | "low";
      };
    };
    swarmB: string | {
      createdAt?: number;
      id: string;
      metadata?: {
        priority?: "high" | "normal" | "low";
      };
    };
    timeoutMs?: number;
    type: string;
  }; result: Resolution };
  "conflict.vote": { params: {
    choice: string;
    conflictId: string;
    swarmId: string;
  }; result: Record<string, unknown> };
  "leader.get": { params: Record<string, unknown>; result: {
    epoch: number;
    leaseMs: number;
    node: string | null;
    swarmId: string;
  } | {
    swarmId: null;
  } };
  "message.broadcast": { params: {
    data: unknown;
    from: string;
    id?: string;
    metadata?: {
      traceparent?: string;
    };
    type: string;
  }; result: {
    epoch: string;
    id: string;
    offset: number;
  } };
  "message.publish": { params: {
    channel: string;
    data: unknown;
    from: string;
    id?: string;
    metadata?: {
      traceparent?: string;
    };
    type: string;
  }; result: {
    epoch: string;
    id: string;
    offset: number;
  } };
  "message.reply": { params: {
    data?: unknown;
    error?: unknown;
    from: string;
    requestId: string;
  }; result: Record<string, unknown> };
  "message.request": { params: {
    data: unknown;
    from: string;
    id?: string;
    metadata?: {
      traceparent?: string;
    };
    timeoutMs?: number;
    to: string;
    type: string;
  }; result: {
    data: unknown;
    from: string;
  } | {
    error: unknown;
    from: string;
  } };
  "message.send": { params: {
    data: unknown;
    from: string;
    id?: string;
    metadata?: {
      traceparent?: string;
    };
    to: string;
    toAgent?: string;
    type: string;
  }; result: {
    epoch: string;
    id: string;
    offset: number;
  } };
  "node.list": { params: Record<string, unknown>; result: {
    nodes: Array<{
      leading: boolean;
      node: string;
      redisLatencyMs: number;
      sessions: number;
      startedAt: number;
      swarms: number;
      version: string;
    }>;
  } };
  "resource.allocate": { params: {
    amount?: number;
    requestId?: string;
    resources?: Record<string, number>;
    swarmId: string;
    type?: string;
    waitMs?: number;
  }; result: {
    allocated: number;
    available: number;
  } | {
    allocated: Record<string, number>;
    available: Record<string, number>;
  } };
  "resource.define": { params: {
    reclaim?: boolean;
    total: number;
    type: string;
  }; result: {
    available: number;
    total: number;
    type: string;
  } };
  "resource.list": { params: {
    swarmId?: string;
    type?: string;
  }; result: {
    resources: Array<Pool>;
  } };
  "resource.release": { params: {
    amount?: number;
    requestId?: string;
    swarmId: string;
    type: string;
  }; result: {
    available: number;
    released: number;
  } };
  "session.open": { params: {
    client?: {
      name?: string;
      version?: string;
    };
    fleet?: string;
    protocol: 1;
    token?: string;
  }; result: {
    expiresAt?: number;
    fleet?: string;
    graceMs: number;
    limits: {
      maxFrameBytes: number;
      maxInFlight: number;
      maxSubscriptions: number;
    };
    node: string;
    pingIntervalMs: number;
    protocol: 1;
    scopes: Array<"admin" | "observe" | "submit" | "swarm">;
    server: {
      name: string;
      version: string;
    };
    session: string;
    swarms: Array<string>;
  } };
  "session.ping": { params: Record<string, unknown>; result: {
    time: number;
  } };
  "session.refresh": { params: {
    token: string;
  }; result: {
    expiresAt?: number;
  } };
  "snapshot.create": { params: {
    label?: string;
    swarmId: string;
  }; result: Snapshot };
  "snapshot.delete": { params: {
    snapshotId: string;
    swarmId: string;
  }; result: {
    deleted: true;
    snapshotId: string;
  } };
  "snapshot.list": { params: {
    swarmId: string;
  }; result: {
    snapshots: Array<Snapshot>;
  } };
  "snapshot.restore": { params: {
    snapshotId: string;
    swarmId: string;
  }; result: {
    savedAt: number;
    snapshotId: string;
    version: number;
  } };
  "state.delete": { params: {
    swarmId: string;
  }; result: {
    deleted: boolean;
  } };
  "state.load": { params: {
    swarmId: string;
  }; result: {
    savedAt: number;
    state: Record<string, unknown>;
    version: number;
  } };
  "state.save": { params: {
    ifVersion?: number;
    state: Record<string, unknown>;
    swarmId: string;
  }; result: {
    savedAt: number;
    version: number;
  } };
  "state.update": { params: {
    ifVersion?: number;
    patch: Record<string, unknown>;
    swarmId: string;
  }; result: {
    savedAt: number;
    state: Record<string, unknown>;
    version: number;
  } };
  "stats.get": { params: Record<string, unknown>; result: Statistics };
  "stats.subscribe": { params: {
    intervalMs?: number;
  }; result: Record<string, unknown> };
  "stats.unsubscribe": { params: Record<string, unknown>; result: Record<string, unknown> };
  "swarm.attach": { params: {
    key?: string;
    newKey?: boolean;
    swarmId: string;
  }; result: {
    key?: string;
    leader: unknown;
    leases: Array<Assignment>;
    swarm: Swarm;
  } };
  "swarm.create": { params: {
    id?: string;
    maxAgents?: number;
    metadata?: NewMetadata;
    mode?: "mesh" | "hierarchical";
    objective: string;
    strategy?: string;
  }; result: {
    key: string;
    leader: unknown;
    swarm: Swarm;
  } };
  "swarm.deregister": { params: {
    reason?: string;
    swarmId: string;
  }; result: {
    archived: true;
  } };
  "swarm.get": { params: {
    swarmId: string;
  }; result: {
    swarm: Swarm;
  } };
  "swarm.heartbeat": { params: {
    agents?: unknown[];
    swarmId: string;
  }; result: Record<string, unknown> };
  "swarm.interrupted": { params: {
    cursor?: string;
    limit?: number;
  }; result: {
    nextCursor?: string;
    swarms: Array<Swarm>;
  } };
  "swarm.list": { params: {
    capability?: string;
    cursor?: string;
    limit?: number;
    mode?: "mesh" | "hierarchical";
    objective?: string;
    phase?: string;
    priority?: "high" | "normal" | "low";
    status?: SwarmStatus;
    strategy?: string;
  }; result: {
    nextCursor?: string;
    swarms: Array<Swarm>;
  } };
  "swarm.pause": { params: {
    swarmId: string;
  }; result: {
    paused: boolean;
  } };
  "swarm.recover": { params: {
    swarmId: string;
  }; result: Recovery };
  "swarm.resume": { params: {
    swarmId: string;
  }; result: {
    paused: boolean;
  } };
  "swarm.update": { params: {
    agents?: unknown[];
    metadata?: Record<string, unknown>;
    status?: SwarmStatus;
    swarmId: string;
  }; result: {
    swarm: Swarm;
  } };
  "task.adopt": { params: {
    attempt: number;
    taskId: string;
  }; result: Record<string, unknown> };
  "task.await": { params: {
    taskId: string;
    timeoutMs?: number;
  }; result: {
    task: Task;
  } };
  "task.cancel": { params: {
    reason?: string;
    taskId: string;
  }; result: {
    cancelled: boolean;
  } };
  "task.cancelAll": { params: {
    capability?: string;
    dryRun?: boolean;
    from?: string;
    limit?: number;
    olderThanMs?: number;
    priority?: "high" | "normal" | "low";
    status?: TaskStatus;
    strategy?: string;
    swarmId?: string;
    type?: string;
  }; result: {
    changed: number;
    matched: number;
  } };
  "task.complete": { params: {
    attempt: number;
    result?: unknown;
    swarmId: string;
    taskId: string;
  }; result: Record<string, unknown> };
  "task.explain": { params: {
    taskId: string;
  }; result: {
    ahead?: number;
    attempts: number;
    detail: string;
    dueMs?: number;
    reason: "ended" | "assigned" | "paused" | "delayed" | "no_leader" | "no_able_swarm" | "no_credit" | "behind";
    status: TaskStatus;
    swarmId?: string;
    taskId: string;
  } };
  "task.extend": { params: {
    attempt: number;
    progress?: unknown;
    swarmId: string;
    taskId: string;
  }; result: {
    leaseMs: number;
  } };
  "task.fail": { params: {
    attempt: number;
    delayMs?: number;
    error: unknown;
    retry?: boolean;
    swarmId: string;
    taskId: string;
  }; result: {
    status: "pending" | "dead";
  } };
  "task.get": { params: {
    taskId: string;
  }; result: {
    mayCancel: boolean;
    task: Task;
  } };
  "task.list": { params: {
    capability?: string;
    cursor?: string;
    from?: string;
    limit?: number;
    olderThanMs?: number;
    priority?: "high" | "normal" | "low";
    status?: TaskStatus;
    strategy?: string;
    swarmId?: string;
    type?: string;
  }; result: {
    nextCursor?: string;
    tasks: Array<Task>;
  } };
  "task.pause": { params: Record<string, unknown>; result: {
    paused: boolean;
  } };
  "task.release": { params: {
    attempt: number;
    swarmId: string;
    taskId: string;
  }; result: Record<string, unknown> };
  "task.request": { params: {
    autoExtend?: boolean;
    n: number;
    swarmId: string;
  }; result: {
    credit: number;
  } };
  "task.resume": { params: Record<string, unknown>; result: {
    paused: boolean;
  } };
  "task.retry": { params: {
    taskId: string;
  }; result: {
    status: TaskStatus;
  } };
  "task.retryAll": { params: {
    capability?: string;
    dryRun?: boolean;
    from?: string;
    limit?: number;
    olderThanMs?: number;
    priority?: "high" | "normal" | "low";
    status?: TaskStatus;
    strategy?: string;
    swarmId?: string;
    type?: string;
  }; result: {
    changed: number;
    matched: number;
  } };
  "task.submit": { params: {
    from?: string;
    task: NewTask;
  }; result: {
    status: TaskStatus;
    taskId: string;
  } };
  "task.submitBatch": { params: {
    from?: string;
    tasks: Array<unknown>;
  }; result: {
    results: Array<{
      status: TaskStatus;
      taskId: string;
    } | {
      error: {
        code: number;
        data: {
          incident?: string;
          limit?: number;
          name: string;
          param?: string;
          retryAfterMs?: number;
          retryable: boolean;
          supported?: Array<number>;
          version?: number;
        };
        message: string;
      };
    }>;
  } };
  "task.watch": { params: {
    from?: string;
    taskId?: string;
  }; result: Record<string, unknown> };
}

export interface Notifications {
  "channel.gap": {
    channel: string;
    epoch: string;
    from: number;
    reason: "trimmed" | "epoch";
    to: number;
  };
  "channel.message": {
    channel: string;
    epoch: string;
    message: Message;
    offset: number;
  } | {
    channel: string;
    live: true;
    message: Message;
  } | {
    channel: string;
    foreign: true;
    message: {
      payload: Record<string, unknown>;
      swarmId: string;
    };
  };
  "conflict.vote_requested": {
    conflictId: string;
    swarmA: string;
    swarmB: string;
    swarmId: string;
    timeoutMs: number;
    type: string;
  };
  "stats.update": Statistics;
  "swarm.detached": {
    incarnation: number;
    reason: string;
    swarmId: string;
  };
  "task.assigned": Assignment;
  "task.revoked": {
    attempt: number;
    reason: string;
    swarmId: string;
    taskId: string;
  };
  "task.updated": {
    attempt: number;
    from?: string;
    status: TaskStatus;
    swarmId?: string;
    taskId: string;
  };
}
