package io.multiswarm.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/**
 * A certificate that signs itself, made by the JDK's keytool, and its key; both in PEM. Whoever is
 * to believe it takes it for a CA.
 */
public record SelfSigned(Path certificate, Path key) {

  private static final String PASSWORD = "changeit";

  /**
   * A new one, in files of that name.
   *
   * @param names as keytool takes them: {@code dns:localhost,ip:127.0.0.1}
   */
  public static SelfSigned make(Path directory, String name, String names) {
    try {
      Path store = directory.resolve(name + ".p12");
      run(directory.resolve(name + ".log"), store, name, names);
      KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
      Path certificate = directory.resolve(name + ".crt");
      Path key = directory.resolve(name + ".key");
      byte[] secret = keys.getKey("own", PASSWORD.toCharArray()).getEncoded();
      Files.writeString(certificate, pem("CERTIFICATE", keys.getCertificate("own").getEncoded()));
      Files.writeString(key, pem("PRIVATE KEY", secret));
      return new SelfSigned(certificate, key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void run(Path log, Path store, String name, String names) throws IOException {
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    ProcessBuilder made =
        new ProcessBuilder(
                (keytool
                        + " -genkeypair -alias own -keyalg EC -groupname secp256r1 -validity 30"
                        + " -storetype PKCS12 -ext bc:c -dname CN="
                        + name
                        + " -ext SAN="
                        + names
                        + " -storepass "
                        + PASSWORD
                        + " -keystore "
                        + store)
                    .split(" "))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    Process process = made.start();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException(Files.readString(log));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while keytool ran", e);
    }
  }

  private static String pem(String kind, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(kind, Base64.getMimeEncoder().encodeToString(der), kind);
  }
}
