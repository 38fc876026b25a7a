package io.multiswarm.internal.redis;

import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisURI;
import org.jspecify.annotations.Nullable;

/**
 * Who met whom in a handshake, for who has to find out why it was refused.
 *
 * @param server as a sentence begins
 * @param user as it goes on
 * @param database that was chosen
 */
record RedisHandshake(String server, String user, String database) {

  private static final RedisHandshake UNKNOWN =
      new RedisHandshake("Redis", "this node", "of the number that was chosen");

  /** A refusal, and the handshake that met it. */
  private static final class RefusedException extends RedisConnectionException {
    private static final long serialVersionUID = 1L;
    private final transient RedisHandshake handshake;

    RefusedException(RedisHandshake handshake, Throwable cause) {
      super(RedisFailure.words(cause), cause);
      this.handshake = handshake;
    }
  }

  /**
   * The error of a connection, which knows its handshake from now on if that was refused.
   *
   * @param server that was asked, if it is known
   */
  static Throwable failed(
      Throwable error, String kind, @Nullable RedisAddress server, RedisURI as) {
    if (!RedisFailure.of(error).isConfiguration()) {
      return error;
    }
    return new RefusedException(
        new RedisHandshake(
            server == null ? kind : kind + " at " + server,
            user(as),
            Integer.toString(as.getDatabase())),
        error);
  }

  /** Of what is known without waiting. */
  private static String user(RedisURI as) {
    RedisCredentials login =
        as.getCredentialsProvider().resolveCredentials().toFuture().getNow(null);
    if (login == null) {
      return UNKNOWN.user;
    }
    if (login.hasUsername()) {
      return "user " + login.getUsername();
    }
    return login.hasPassword() ? "the default user" : "this node, which gave no password";
  }

  /** The handshake that an error is about; of one that another led to, that other. */
  static RedisHandshake of(Throwable error) {
    RefusedException refused = Causes.lowest(error, RefusedException.class);
    return refused == null || refused.handshake == null ? UNKNOWN : refused.handshake;
  }
}
