package io.multiswarm.internal.redis;

/** The connection that a command takes. Bulk traffic must not delay a lease. */
enum ConnectionRole {
  /** Everything that clients ask for. */
  COMMANDS,
  /** Election and liveness alone. */
  CONTROL
}
