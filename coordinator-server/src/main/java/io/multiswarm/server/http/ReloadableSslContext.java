package io.multiswarm.server.http;

import io.multiswarm.server.tls.TlsMaterial;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSessionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS with the certificate of the moment: each handshake takes the latest, and what is connected
 * stays so.
 */
final class ReloadableSslContext extends SslContext {

  private static final Logger log = LoggerFactory.getLogger(ReloadableSslContext.class);

  private volatile SslContext current;

  /** Blocks, for it reads random numbers. */
  ReloadableSslContext(TlsMaterial material) throws SSLException {
    this.current = context(material);
  }

  /** Takes other material from now on, unless TLS has no use for it. Blocks. */
  void reload(TlsMaterial material) {
    try {
      current = context(material);
    } catch (SSLException e) {
      log.warn("The new certificate is of no use to TLS ({}); the former stays", e.getMessage());
    }
  }

  private static SslContext context(TlsMaterial material) throws SSLException {
    SslContextBuilder builder =
        SslContextBuilder.forServer(material.key(), array(material.chain()))
            .sslProvider(SslProvider.JDK)
            .protocols("TLSv1.3", "TLSv1.2");
    if (!material.clientAuthorities().isEmpty()) {
      builder
          .trustManager(array(material.clientAuthorities()))
          .clientAuth(material.clientsMust() ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL);
    }
    return builder.build();
  }

  private static X509Certificate[] array(List<X509Certificate> certificates) {
    return certificates.toArray(X509Certificate[]::new);
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator) {
    return current.newEngine(allocator);
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator, String host, int port) {
    return current.newEngine(allocator, host, port);
  }

  @Override
  public boolean isClient() {
    return false;
  }

  @Override
  public List<String> cipherSuites() {
    return current.cipherSuites();
  }

  @Override
  public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
    return current.applicationProtocolNegotiator();
  }

  @Override
  public SSLSessionContext sessionContext() {
    return current.sessionContext();
  }
}
