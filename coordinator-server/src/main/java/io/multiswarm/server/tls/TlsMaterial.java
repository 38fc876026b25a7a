package io.multiswarm.server.tls;

import io.multiswarm.server.files.FileException;
import io.multiswarm.server.files.Pem;
import io.multiswarm.server.files.WatchedFiles;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the server speaks TLS with.
 *
 * @param chain its own certificate first
 * @param clientAuthorities empty when no certificate is asked of clients
 */
public record TlsMaterial(
    List<X509Certificate> chain,
    PrivateKey key,
    List<X509Certificate> clientAuthorities,
    boolean clientsMust) {

  private static final Map<String, String> SIGNATURES =
      Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "Ed25519");

  /**
   * Reads the files. Blocks.
   *
   * @throws FileException when they cannot be used
   */
  public static WatchedFiles<TlsMaterial> open(TlsSettings settings) {
    return WatchedFiles.open(
        "TLS_CERT_FILE", settings.files(), contents -> read(contents, settings.clientsMust()));
  }

  private static TlsMaterial read(List<byte[]> contents, boolean clientsMust) {
    List<X509Certificate> chain = certificates(contents.get(0), "the certificate");
    PrivateKey key = key(contents.get(1));
    requirePair(chain.get(0), key);
    List<X509Certificate> authorities =
        contents.size() > 2 ? certificates(contents.get(2), "the clients' CA") : List.of();
    return new TlsMaterial(chain, key, authorities, clientsMust);
  }

  private static List<X509Certificate> certificates(byte[] pem, String what) {
    List<X509Certificate> certificates = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (Pem.Block block : Pem.blocks(new String(pem, StandardCharsets.US_ASCII))) {
        if (block.kind().equals("CERTIFICATE")) {
          certificates.add(
              (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der())));
        }
      }
    } catch (GeneralSecurityException e) {
      throw new FileException(what + " cannot be read");
    }
    if (certificates.isEmpty()) {
      throw new FileException(what + " has no CERTIFICATE in PEM");
    }
    return certificates;
  }

  private static PrivateKey key(byte[] pem) {
    List<Pem.Block> blocks = Pem.blocks(new String(pem, StandardCharsets.US_ASCII));
    for (Pem.Block block : blocks) {
      if (block.kind().equals("PRIVATE KEY")) {
        return key(block);
      }
    }
    boolean isOther = blocks.stream().anyMatch(block -> block.kind().endsWith("PRIVATE KEY"));
    throw new FileException(
        isOther
            ? "the key is no unencrypted PKCS#8: openssl pkcs8 -topk8 -nodes -in KEY makes it one"
            : "the key has no PRIVATE KEY in PEM");
  }

  private static PrivateKey key(Pem.Block block) {
    for (String algorithm : SIGNATURES.keySet()) {
      try {
        return KeyFactory.getInstance(algorithm)
            .generatePrivate(new PKCS8EncodedKeySpec(block.der()));
      } catch (GeneralSecurityException e) {
        // Of another kind, then.
        continue;
      }
    }
    throw new FileException("the key is none of RSA, EC and Ed25519");
  }

  /** Otherwise each handshake would fail, and say why to nobody. */
  private static void requirePair(X509Certificate certificate, PrivateKey key) {
    try {
      Signature signature = Signature.getInstance(SIGNATURES.get(key.getAlgorithm()));
      signature.initSign(key);
      signature.update(certificate.getEncoded());
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(certificate.getEncoded());
      if (signature.verify(signed)) {
        return;
      }
    } catch (GeneralSecurityException e) {
      // Keys of two kinds: no pair either.
    }
    throw new FileException("the key is not that of the certificate");
  }

  /** For people: whose certificate, and for how long. */
  public String describe(Instant now) {
    X509Certificate own = chain.get(0);
    long days = Duration.between(now, own.getNotAfter().toInstant()).toDays();
    return "TLS by the certificate of %s, which %s; clients %s"
        .formatted(
            own.getSubjectX500Principal().getName(),
            isOver(now) ? "HAS EXPIRED" : "expires in " + days + " days",
            clientAuthorities.isEmpty()
                ? "need none"
                : clientsMust ? "must show one" : "may show one");
  }

  /** Whether the server's certificate has expired. */
  public boolean isOver(Instant now) {
    return now.isAfter(chain.get(0).getNotAfter().toInstant());
  }
}
