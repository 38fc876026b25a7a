package io.multiswarm.server.auth;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The token of an {@code Authorization} header (RFC 6750). */
public final class BearerToken {

  private static final Pattern FORM =
      Pattern.compile("Bearer +([A-Za-z0-9._~+/-]+=*) *", Pattern.CASE_INSENSITIVE);

  private BearerToken() {}

  /**
   * Returns the token; empty, which is none that anybody has, when there is a header and it has
   * none; null without a header.
   *
   * @param headers the lines of {@code Authorization}
   */
  public static @Nullable String of(List<String> headers) {
    if (headers.isEmpty()) {
      return null;
    }
    Matcher form = FORM.matcher(headers.get(0));
    return headers.size() == 1 && form.matches() ? form.group(1) : "";
  }
}
