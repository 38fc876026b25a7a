package io.multiswarm.server.session;

import io.multiswarm.server.auth.AccessGrant;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who connected.
 *
 * @param address where the client is; behind a proxy that is trusted, what that says
 * @param grant of the token in the handshake; null when there was none
 * @param fleet that was asked for when it connected; null when that is left to its session
 */
public record Client(InetAddress address, @Nullable AccessGrant grant, @Nullable String fleet) {

  /** Who did not ask for a fleet yet. */
  public Client(InetAddress address, @Nullable AccessGrant grant) {
    this(address, grant, null);
  }
}
