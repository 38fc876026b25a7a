package io.multiswarm.server.http;

import io.multiswarm.common.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The wire protocol for machines: an AsyncAPI document with the schemas of all frames. It is
 * written by hand; tests compare it with what the server has, and with every frame that it
 * exchanges.
 */
public final class ApiDocument {

  private static final String RESOURCE = "asyncapi.json";
  private static final String VERSION = "\"${version}\"";
  private static final String HOST = "\"${host}\"";

  /** What is between the places where the host is named. */
  private final List<byte[]> parts;

  private ApiDocument(String text) {
    this.parts =
        Arrays.stream(text.split(Pattern.quote(HOST), -1))
            .map(part -> part.getBytes(StandardCharsets.UTF_8))
            .toList();
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
   * The JSON text in UTF-8.
   *
   * @param host of the server that gives it, with its port
   */
  public byte[] bytes(String host) {
    byte[] name = Json.quote(host).getBytes(StandardCharsets.UTF_8);
    int length = parts.stream().mapToInt(part -> part.length + name.length).sum() - name.length;
    ByteBuffer bytes = ByteBuffer.allocate(length).put(parts.get(0));
    parts.stream().skip(1).forEach(part -> bytes.put(name).put(part));
    return bytes.array();
  }
}
