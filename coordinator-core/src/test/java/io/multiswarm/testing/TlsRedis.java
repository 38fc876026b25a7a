package io.multiswarm.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/**
 * A Redis that speaks TLS alone. The packaged one cannot: it takes the machine's, and aborts the
 * test where there is none that can.
 */
public final class TlsRedis implements AutoCloseable {

  private final ForkedRedis server;
  private final Path program;

  private TlsRedis(ForkedRedis server, Path program) {
    this.server = server;
    this.program = program;
  }

  /**
   * @param clients whose certificates it asks for; null for none
   * @param more settings
   */
  public static TlsRedis launch(SelfSigned own, SelfSigned clients, String... more) {
    Optional<Path> installed =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
            .map(directory -> Path.of(directory, "redis-server"))
            .filter(Files::isExecutable)
            .findFirst();
    Assumptions.assumeTrue(installed.isPresent(), "no redis-server that speaks TLS is installed");
    try {
      return new TlsRedis(
          ForkedRedis.launch(
              ForkedRedis.Program.of(installed.get()), port -> settings(port, own, clients, more)),
          installed.get());
    } catch (IllegalStateException e) {
      boolean cannot = String.valueOf(e.getMessage()).contains("Bad directive");
      Assumptions.assumeFalse(cannot, "the installed redis-server does not speak TLS");
      throw e;
    }
  }

  /**
   * A Sentinel of one such Redis, which speaks TLS on both sides.
   *
   * @param password for those who ask it
   */
  public static TlsRedis sentinelOf(TlsRedis master, SelfSigned own, String password) {
    return new TlsRedis(
        ForkedRedis.launch(
            new ForkedRedis.Program(master.program, "+monitor", List.of("--sentinel")),
            port ->
                settings(
                    port,
                    own,
                    null,
                    "tls-replication yes",
                    "requirepass " + password,
                    "sentinel monitor mymaster 127.0.0.1 " + master.server.uri().getPort() + " 1")),
        master.program);
  }

  private static List<String> settings(
      int port, SelfSigned own, SelfSigned clients, String... more) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "port 0",
                "tls-port " + port,
                "tls-cert-file " + own.certificate(),
                "tls-key-file " + own.key(),
                "tls-ca-cert-file " + (clients == null ? own : clients).certificate(),
                "tls-auth-clients " + (clients == null ? "no" : "yes"),
                "save \"\"",
                "enable-debug-command yes"));
    lines.addAll(List.of(more));
    return lines;
  }

  /** {@code host:port}. */
  public String address() {
    return "127.0.0.1:" + server.uri().getPort();
  }

  /** Cuts all connections, by ending it and starting it again. */
  public void restart() {
    server.stop();
    server.start();
  }

  @Override
  public void close() {
    server.close();
  }
}
