package io.multiswarm.server.http;

import static io.netty.handler.codec.http.HttpHeaderNames.CACHE_CONTROL;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_LENGTH;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_TYPE;
import static io.netty.handler.codec.http.HttpHeaderNames.ETAG;
import static io.netty.handler.codec.http.HttpHeaderNames.IF_NONE_MATCH;
import static io.netty.handler.codec.http.HttpResponseStatus.NOT_MODIFIED;

import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * What is served as it is: the dashboard, and the clients to copy. A build lists them in {@code
 * files.txt}, a line each: the path, the file under {@code static} or in a library that is packed
 * as a webjar, its type. They are read once, for reading blocks.
 */
final class StaticFiles {

  private static final String ROOT = "static/";
  private static final String LIBRARIES = "/META-INF/resources/webjars/";
  private static final String LIST = "files.txt";

  /**
   * Pages load and run nothing but what is served here, speak to nobody but this server, and are
   * shown in nobody's frame. All answers say so, for a page can be made of any.
   */
  static final Map<String, String> GUARDS =
      Map.of(
          "content-security-policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
              + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "x-content-type-options",
          "nosniff",
          "referrer-policy",
          "no-referrer",
          "cross-origin-opener-policy",
          "same-origin");

  private record File(String type, byte[] bytes, String tag) {}

  private final Map<String, File> byPath = new HashMap<>();

  /** To be called before the first event loop is there, for it blocks. */
  static StaticFiles read() {
    StaticFiles files = new StaticFiles();
    for (String line : new String(resource(LIST), StandardCharsets.UTF_8).split("\n")) {
      String[] words = line.strip().split(" +", 3);
      if (words.length == 3 && !line.startsWith("#")) {
        byte[] bytes = resource(words[1].replaceFirst("^webjar:", LIBRARIES));
        files.byPath.put(words[0], new File(words[2], bytes, tag(bytes)));
      }
    }
    return files;
  }

  private static byte[] resource(String name) {
    String place = name.startsWith("/") ? name : ROOT + name;
    try (InputStream in = StaticFiles.class.getResourceAsStream(place)) {
      if (in == null) {
        throw new IllegalStateException("The server was built without its " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String tag(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return '"' + HexFormat.of().formatHex(digest, 0, 12) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  /** The answer, or null when no file has that path. */
  @Nullable Mono<Void> answer(HttpServerRequest request, HttpServerResponse response) {
    File file = byPath.get(request.fullPath());
    if (file == null) {
      return null;
    }
    GUARDS.forEach(response::header);
    // Asked for again each time, and sent again only when a new version of the server has another.
    response.header(CACHE_CONTROL, "no-cache").header(ETAG, file.tag());
    if (file.tag().equals(request.requestHeaders().get(IF_NONE_MATCH))) {
      return response.status(NOT_MODIFIED).send();
    }
    response
        .header(CONTENT_TYPE, file.type())
        .header(CONTENT_LENGTH, String.valueOf(file.bytes().length));
    return request.method().equals(HttpMethod.HEAD)
        ? response.send()
        : response.sendByteArray(Mono.just(file.bytes())).then();
  }
}
