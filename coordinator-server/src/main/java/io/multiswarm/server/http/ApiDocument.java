package io.multiswarm.server.http;

import io.multiswarm.common.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The wire protocol for machines: an AsyncAPI document with the schemas of all frames. It is
 * written by hand; tests compare it with what the server has, and with every frame that it
 * exchanges.
 */
public final class ApiDocument {

  private static final String RESOURCE = "asyncapi.json";
  private static final String VERSION = "\"${version}\"";
  private static final String HOST = "\"${host}\"";

  private final String text;

  private ApiDocument(String text) {
    this.text = text;
  }

  /**
   * Reads it; to be done before the first event loop is there, for it blocks.
   *
   * @param version of this build
   */
  public static ApiDocument of(String version) {
    return new ApiDocument(resource().replace(VERSION, Json.quote(version)));
  }

  private static String resource() {
    try (InputStream in = ApiDocument.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("The server was built without its " + RESOURCE);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The JSON text.
   *
   * @param host of the server that gives it, with its port
   */
  public String text(String host) {
    return text.replace(HOST, Json.quote(host));
  }
}
