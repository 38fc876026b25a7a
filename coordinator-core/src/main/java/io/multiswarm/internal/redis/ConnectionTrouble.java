package io.multiswarm.internal.redis;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.net.ConnectException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Why there is no connection, in a line that leads to the cause. */
final class ConnectionTrouble {

  /** How it is told that who listens there has ended a connection, or has sent something else. */
  private static final Pattern NOT_UNDERSTOOD =
      Pattern.compile("connection reset|broken pipe|closed|invalid first byte");

  private ConnectionTrouble() {}

  /**
   * @param encrypted whether TLS was spoken
   */
  static @Nullable String of(Throwable thrown, boolean encrypted) {
    Obstacle obstacle = Obstacle.below(thrown);
    if (obstacle != null) {
      return obstacle.getMessage();
    }
    if (RedisFailure.told(thrown) != null) {
      return RedisFailure.translate("connect", thrown).getMessage();
    }
    String reason = reason(thrown);
    String cure = encrypted ? ofTls(thrown) : ofPlain(thrown, reason);
    return "Redis does not answer: " + reason + cure;
  }

  private static String ofTls(Throwable thrown) {
    if (has(thrown, SslHandshakeTimeoutException.class)
        || has(thrown, NotSslRecordException.class)) {
      return "; if no TLS is spoken there, the address begins with redis://";
    }
    if (has(thrown, CertPathBuilderException.class)) {
      return "; name a file of the certificates (CA) that vouch for Redis's";
    }
    return has(thrown, CertificateException.class)
        ? "; give the name that Redis's certificate has"
        : "";
  }

  private static String ofPlain(Throwable thrown, String reason) {
    return !has(thrown, ConnectException.class)
            && NOT_UNDERSTOOD.matcher(reason.toLowerCase(Locale.ROOT)).find()
        ? "; if TLS is spoken there, the address begins with rediss://"
        : "";
  }

  private static boolean has(Throwable thrown, Class<? extends Throwable> kind) {
    return Causes.lowest(thrown, kind) != null;
  }

  /** What the first says that says something, and what lies at the bottom. */
  static String reason(Throwable thrown) {
    List<String> said = new ArrayList<>();
    for (Throwable t : Causes.of(thrown)) {
      if (t.getMessage() != null && !(t instanceof CompletionException)) {
        said.add(RedisFailure.words(t));
      }
    }
    if (said.isEmpty()) {
      return RedisFailure.words(thrown);
    }
    String first = said.get(0);
    String last = said.get(said.size() - 1);
    return first.equals(last) ? first : first + ": " + last;
  }
}
