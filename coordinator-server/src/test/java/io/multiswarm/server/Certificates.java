package io.multiswarm.server;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Certificates that sign themselves, made by the JDK's keytool. */
final class Certificates {

  private static final char[] PASSWORD = "changeit".toCharArray();

  private final Path store;

  private Certificates(Path store) {
    this.store = store;
  }

  /** A new one of that name, for localhost. */
  static Certificates make(Path directory, String name) throws Exception {
    Path store = directory.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "own",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=" + name,
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve(name + ".log").toFile())
            .start();
    if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      throw new IOException(Files.readString(directory.resolve(name + ".log")));
    }
    return new Certificates(store);
  }

  private KeyStore keys() throws Exception {
    return KeyStore.getInstance(store.toFile(), PASSWORD);
  }

  /** Writes certificate and key in PEM. */
  void write(Path certificate, Path key) throws Exception {
    Files.writeString(key, pem("PRIVATE KEY", keys().getKey("own", PASSWORD).getEncoded()));
    Files.writeString(certificate, certificate());
  }

  String certificate() throws Exception {
    return pem("CERTIFICATE", keys().getCertificate("own").getEncoded());
  }

  private static String pem(String kind, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(kind, Base64.getMimeEncoder().encodeToString(der), kind);
  }

  /** A client that believes these alone, and shows itself by {@code own} if that is given. */
  static HttpClient client(Certificates own, Certificates... trusted) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (int i = 0; i < trusted.length; i++) {
      store.setCertificateEntry("c" + i, trusted[i].keys().getCertificate("own"));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    KeyManagerFactory mine = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    mine.init(own == null ? null : own.keys(), PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(mine.getKeyManagers(), trust.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }
}
