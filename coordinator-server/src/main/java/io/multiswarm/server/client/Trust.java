package io.multiswarm.server.client;

import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** Which servers are believed to be who they say, for a client of the JDK. */
public final class Trust {

  private Trust() {}

  /**
   * Those with the certificates of a file in PEM, or with one that these signed; no others.
   *
   * @throws IllegalArgumentException when the file has none, or cannot be read
   */
  public static SSLContext in(Path file) throws SSLException {
    SslContext context =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.JDK)
            .trustManager(file.toFile())
            .build();
    return ((JdkSslContext) context).context();
  }
}
