package io.multiswarm.internal.resources;

import io.multiswarm.common.Ownership;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;

/** How the calls of the resource scripts begin that are no leader's. */
record ResourceCalls(NodeContext context) {

  /** On the pools and their line; what the script frees is told to those whose turn has come. */
  ScriptCall of(Script script) {
    return ScriptCall.of(script)
        .keys(context.keys().resources())
        .arg(context.keys().nodeSignals(""));
  }

  /** Of a swarm, which has its effect once, however often it is sent with the same request id. */
  ScriptCall of(Script script, Ownership owner, String requestId) {
    return of(script)
        .key(context.keys().resourceMemo(owner.swarmId()))
        .arg(owner.swarmId())
        .arg(owner.incarnation())
        .arg(requestId);
  }
}
