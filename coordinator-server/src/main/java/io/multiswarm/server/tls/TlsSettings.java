package io.multiswarm.server.tls;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the server's certificate is, and whose certificates clients must show.
 *
 * @param certificates the chain, the server's own first
 * @param key its private key
 * @param clientAuthorities who signs clients' certificates; null asks for none
 * @param clientsMust whether a client without a certificate is refused
 */
public record TlsSettings(
    Path certificates, Path key, @Nullable Path clientAuthorities, boolean clientsMust) {

  List<Path> files() {
    return Stream.of(certificates, key, clientAuthorities).filter(Objects::nonNull).toList();
  }
}
