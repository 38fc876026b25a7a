package io.multiswarm.internal.stream;

import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.messaging.Position;
import java.util.function.Function;

/** What waits to enter a channel: a message that may share its call with others, or one alone. */
sealed interface Leaving permits Outgoing, Leaving.Alone {

  /** Of the message. */
  int bytes();

  /** See {@link ChannelPublisher#publishAlone}. */
  record Alone(ScriptCall call, int bytes, Function<ScriptReply, Position> stored)
      implements Leaving {}
}
