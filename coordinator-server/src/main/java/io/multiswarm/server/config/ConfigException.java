package io.multiswarm.server.config;

/**
 * A setting that cannot be used. The message is one line, names the setting and says what to do; it
 * holds no secret.
 */
public final class ConfigException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public ConfigException(String message) {
    // Without a stack trace: it is for the person who wrote the setting, and is printed as it
    // stands.
    super(message, null, false, false);
  }
}
