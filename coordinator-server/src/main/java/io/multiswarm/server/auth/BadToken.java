package io.multiswarm.server.auth;

/** A token that is not good. The message says why, without any part of the token. */
final class BadToken extends RuntimeException {

  private static final long serialVersionUID = 1L;

  BadToken(String why) {
    super(why, null, false, false);
  }
}
