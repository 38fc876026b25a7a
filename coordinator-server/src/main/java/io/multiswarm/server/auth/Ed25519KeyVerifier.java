package io.multiswarm.server.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Set;

/** EdDSA by the JDK, which has it since 15; the library's own verifier takes Google's Tink. */
final class Ed25519KeyVerifier implements JWSVerifier {

  private final JCAContext context = new JCAContext();
  private final PublicKey key;

  Ed25519KeyVerifier(PublicKey key) {
    this.key = key;
  }

  @Override
  public Set<JWSAlgorithm> supportedJWSAlgorithms() {
    return Set.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519);
  }

  @Override
  public JCAContext getJCAContext() {
    return context;
  }

  /** Extensions that must be understood are none, as in the library's verifiers by default. */
  @Override
  public boolean verify(JWSHeader header, byte[] signed, Base64URL signature) throws JOSEException {
    if (header.getCriticalParams() != null && !header.getCriticalParams().isEmpty()) {
      return false;
    }
    try {
      Signature verification = Signature.getInstance("Ed25519");
      verification.initVerify(key);
      verification.update(signed);
      return verification.verify(signature.decode());
    } catch (GeneralSecurityException e) {
      // A signature of the wrong length, for instance.
      return false;
    }
  }
}
