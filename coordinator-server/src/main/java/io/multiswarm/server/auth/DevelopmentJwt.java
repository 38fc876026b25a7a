package io.multiswarm.server.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.multiswarm.server.files.FileException;
import io.multiswarm.server.files.WatchedFiles;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JWT that an identity provider would make, for who has none at hand. HS256. Blocks. */
public final class DevelopmentJwt {

  private DevelopmentJwt() {}

  /**
   * Makes one.
   *
   * @param secret whose bytes sign, as the server's
   */
  public static String sign(
      Path secret,
      NewToken token,
      @Nullable String issuer,
      @Nullable String audience,
      Instant now) {
    byte[] key =
        WatchedFiles.open(
                "AUTH_JWT_SECRET_FILE",
                List.of(secret),
                contents -> {
                  JwtKeys.ofSecret(contents.get(0));
                  return contents.get(0);
                })
            .value();
    Instant expires = token.expires();
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .subject(token.name())
            .issueTime(Date.from(now))
            .claim("scope", String.join(" ", token.scopes()))
            .claim("swarms", token.swarms())
            .claim("fleets", token.fleets().isEmpty() ? null : token.fleets())
            .issuer(issuer)
            .audience(audience);
    if (expires != null) {
      claims.expirationTime(Date.from(expires));
    }
    try {
      SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims.build());
      jwt.sign(new MACSigner(key));
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new FileException("AUTH_JWT_SECRET_FILE: is no secret for HS256");
    }
  }
}
