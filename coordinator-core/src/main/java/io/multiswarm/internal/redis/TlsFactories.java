package io.multiswarm.internal.redis;

import io.multiswarm.common.RedisTls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Java's TLS is made from. Made before a connection begins: to protect a key in memory takes
 * XX
 *
 * @param trust null for Java's own authorities
 * @param keys null for no certificate
 */
record TlsFactories(RedisTls of, TrustManagerFactory trust, @Nullable KeyManagerFactory keys) {

  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]*)-----END PRIVATE KEY-----");
  private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA");
  private static final char[] IN_MEMORY = {};
  private static final Logger log = LoggerFactory.getLogger(TlsFactories.class);

  static TlsFactories of(RedisTls tls) {
    try {
      return new TlsFactories(tls, trust(tls.authorities()), keys(tls.certificates(), tls.key()));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException(
          "its certificates and key cannot be used (" + e.getMessage() + ")", e);
    }
  }

  private static TrustManagerFactory trust(@Nullable String authorities)
      throws GeneralSecurityException, IOException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(authorities == null ? null : store(authorities));
    return factory;
  }

  private static KeyStore store(String authorities) throws GeneralSecurityException, IOException {
    KeyStore store = empty();
    int number = 0;
    for (Certificate certificate : certificates(authorities)) {
      store.setCertificateEntry("ca" + number++, certificate);
    }
    return store;
  }

  private static @Nullable KeyManagerFactory keys(@Nullable String chain, @Nullable String key)
      throws GeneralSecurityException, IOException {
    if (chain == null || key == null) {
      return null;
    }
    KeyStore store = empty();
    store.setKeyEntry(
        "node", privateKey(key), IN_MEMORY, certificates(chain).toArray(Certificate[]::new));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, IN_MEMORY);
    return factory;
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static Collection<? extends Certificate> certificates(String pem)
      throws GeneralSecurityException {
    Collection<? extends Certificate> found =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(
                new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    if (found.isEmpty()) {
      throw new GeneralSecurityException("there is no CERTIFICATE in PEM");
    }
    return found;
  }

  private static PrivateKey privateKey(String pem) throws GeneralSecurityException {
    Matcher found = KEY.matcher(pem);
    if (!found.find()) {
      throw new GeneralSecurityException(
          "there is no unencrypted PKCS#8 key: openssl pkcs8 -topk8 -nodes -in KEY makes one");
    }
    PKCS8EncodedKeySpec encoded =
        new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(found.group(1)));
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
      } catch (InvalidKeySpecException e) {
        log.trace("The key is of another algorithm", e);
      }
    }
    throw new GeneralSecurityException("the key is of none of " + ALGORITHMS);
  }
}
