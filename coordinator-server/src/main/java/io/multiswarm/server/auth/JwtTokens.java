package io.multiswarm.server.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * JSON Web Tokens. A signature counts when a key of ours fits it, and the token names an algorithm
 * of that key. Nothing of a token is believed before that.
 *
 * @param keys those of today
 */
record JwtTokens(Supplier<List<JwtKey>> keys, @Nullable String issuer, @Nullable String audience) {

  /** By how much clocks may differ. */
  static final Duration LEEWAY = Duration.ofSeconds(30);

  private static final int LONGEST_NAME = 256;

  /** The last second of the year 9999. */
  private static final long LATEST = 253_402_300_799L;

  /** Whether a token has the shape of one. */
  static boolean looksLike(String token) {
    int first = token.indexOf('.');
    return first > 0 && token.indexOf('.', first + 1) > 0;
  }

  /**
   * What the token grants.
   *
   * @throws BadToken when it is not good
   */
  AccessGrant verify(String token, Instant now) {
    try {
      SignedJWT jwt = SignedJWT.parse(token);
      JwtKey key = keyOf(jwt);
      JWTClaimsSet claims = jwt.getJWTClaimsSet();
      checkTimes(jwt.getPayload().toJSONObject());
      return grant(claims, key, now);
    } catch (ParseException | JOSEException e) {
      throw new BadToken("the token is no JWT that is signed as it should be");
    }
  }

  private JwtKey keyOf(SignedJWT jwt) throws JOSEException {
    for (JwtKey key : keys.get()) {
      if (key.fits(jwt.getHeader().getKeyID())
          && key.algorithms().contains(jwt.getHeader().getAlgorithm())
          && jwt.verify(key.verifier())) {
        return key;
      }
    }
    throw new BadToken("no key of this server fits the token");
  }

  /**
   * Looks at the numbers themselves: what the library makes of those beyond its dates is any date,
   * and one of five digits is of milliseconds that were taken for seconds.
   */
  private static void checkTimes(Map<String, Object> claims) {
    for (String name : List.of("exp", "nbf")) {
      if (claims.get(name) instanceof Number time
          && !(time.doubleValue() >= 0 && time.doubleValue() <= LATEST)) {
        throw new BadToken("the token's " + name + " is no time in seconds since 1970");
      }
    }
  }

  private AccessGrant grant(JWTClaimsSet claims, JwtKey key, Instant now) throws ParseException {
    Date expiration = claims.getExpirationTime();
    if (expiration == null) {
      throw new BadToken("the token has no exp");
    }
    Instant expires = expiration.toInstant();
    if (!now.isBefore(expires.plus(LEEWAY))) {
      throw new BadToken("the token has expired");
    }
    Date notBefore = claims.getNotBeforeTime();
    if (notBefore != null && now.isBefore(notBefore.toInstant().minus(LEEWAY))) {
      throw new BadToken("the token is not yet valid");
    }
    if (issuer != null && !issuer.equals(claims.getIssuer())) {
      throw new BadToken("the token is by another issuer");
    }
    if (audience != null && !claims.getAudience().contains(audience)) {
      throw new BadToken("the token is for another audience");
    }
    // Shown in its leeway it is good to the end of that.
    Instant until = now.isBefore(expires) ? expires : expires.plus(LEEWAY);
    return new AccessGrant(principal(claims), until, key.fingerprint());
  }

  private static Principal principal(JWTClaimsSet claims) throws ParseException {
    String subject = claims.getSubject();
    if (subject == null || subject.isEmpty() || subject.length() > LONGEST_NAME) {
      throw new BadToken("the token has no sub of 1 to " + LONGEST_NAME + " characters");
    }
    return Principal.of(subject, scopes(claims), swarms(claims), fleets(claims));
  }

  /** Words that are not ours are somebody else's. */
  private static Set<Scope> scopes(JWTClaimsSet claims) throws ParseException {
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    String words = claims.getStringClaim("scope");
    if (words != null) {
      for (String word : words.split(" ")) {
        Scope.of(word).ifPresent(scopes::add);
      }
    }
    return scopes;
  }

  private static SwarmPatterns swarms(JWTClaimsSet claims) throws ParseException {
    List<String> patterns = words(claims, "swarms");
    return patterns == null ? SwarmPatterns.NONE : new SwarmPatterns(patterns);
  }

  /** Null where there is no such claim. */
  private static @Nullable List<String> words(JWTClaimsSet claims, String name)
      throws ParseException {
    List<String> words = claims.getStringListClaim(name);
    if (words != null && words.stream().anyMatch(Objects::isNull)) {
      throw new BadToken("the token's " + name + " are no list of texts");
    }
    return words;
  }

  /** Where neither claim is, any; those that are there bind, and an empty one binds to none. */
  private static FleetNames fleets(JWTClaimsSet claims) throws ParseException {
    String one = claims.getStringClaim("fleet");
    List<String> several = words(claims, "fleets");
    if (one != null && several != null) {
      throw new BadToken("the token has both fleet and fleets");
    }
    if (one != null) {
      return FleetNames.of(List.of(one));
    }
    return several == null ? FleetNames.ANY : FleetNames.of(several);
  }

  /** What an earlier grant is worth now: all or nothing, by whether its key is still there. */
  @Nullable AccessGrant current(AccessGrant earlier) {
    return keys.get().stream().anyMatch(key -> key.fingerprint().equals(earlier.proof()))
        ? earlier
        : null;
  }
}
