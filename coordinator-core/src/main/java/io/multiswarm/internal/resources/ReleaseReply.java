package io.multiswarm.internal.resources;

import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.resources.Grant;
import org.jspecify.annotations.Nullable;

/**
 * What became of a release.
 *
 * @param rest null when it was refused
 * @param held of the type, when that is less than was to be released
 */
@ReplyOf(Script.RESOURCE_RELEASE)
record ReleaseReply(String status, @Nullable Grant rest, long held) {

  static ReleaseReply from(ScriptReply reply) {
    String status = reply.status();
    return new ReleaseReply(
        status,
        reply.isOk() ? Grant.parse(reply.string(1)) : null,
        status.equals("FAILED_PRECONDITION") ? reply.number(1) : 0);
  }
}
