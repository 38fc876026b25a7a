package io.multiswarm.server.auth;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds out where a client is that comes through proxies. What they say counts from the connection
 * backwards, as far as each is one that is trusted; what a client claims itself stands before that
 * and counts for nothing.
 */
public final class Proxies {

  /** Of a client of whom nobody can tell where it is. */
  static final InetAddress UNKNOWN = AddressRange.address("0.0.0.0").orElseThrow();

  private static final int MOST_HOPS = 32;

  /** The {@code for} of an element of {@code Forwarded} (RFC 7239). */
  private static final Pattern FOR =
      Pattern.compile("(?:^|;)\\s*for\\s*=\\s*(\"[^\"]*\"|[^;\\s]*)", Pattern.CASE_INSENSITIVE);

  /** The {@code proto} likewise. */
  private static final Pattern PROTO =
      Pattern.compile("(?:^|;)\\s*proto\\s*=\\s*(\"[^\"]*\"|[^;\\s]*)", Pattern.CASE_INSENSITIVE);

  private static final Pattern V6_IN_BRACKETS = Pattern.compile("\\[([^\\]]*)\\](?::\\d+)?");
  private static final Pattern V4_WITH_PORT = Pattern.compile("([\\d.]+)(?::\\d+)?");

  private final List<AddressRange> trusted;

  public Proxies(List<AddressRange> trusted) {
    this.trusted = List.copyOf(trusted);
  }

  /**
   * The client's address.
   *
   * <p>A proxy that writes one of the headers passes on the other as the client sent it. Where both
   * are there and lead to different addresses, {@link #UNKNOWN} is what those clients have in
   * common.
   *
   * @param connected where the connection comes from
   * @param forwarded the lines of {@code Forwarded}
   * @param forwardedFor the lines of {@code X-Forwarded-For}
   */
  public InetAddress client(
      InetAddress connected, List<String> forwarded, List<String> forwardedFor) {
    if (!isTrusted(connected)) {
      return connected;
    }
    InetAddress byName = client(connected, found(FOR, elements(forwarded)));
    InetAddress byCustom = client(connected, elements(forwardedFor));
    if (forwardedFor.isEmpty() || byName.equals(byCustom)) {
      return byName;
    }
    return forwarded.isEmpty() ? byCustom : UNKNOWN;
  }

  private InetAddress client(InetAddress connected, List<String> hops) {
    InetAddress client = connected;
    for (int i = hops.size() - 1; i >= 0 && i >= hops.size() - MOST_HOPS; i--) {
      Optional<InetAddress> hop = address(hops.get(i));
      if (hop.isEmpty()) {
        return client;
      }
      // Its own machine is where a proxy is: nobody becomes a caller from ours by a header.
      client = hop.get().isLoopbackAddress() ? client : hop.get();
      if (!isTrusted(hop.get())) {
        return client;
      }
    }
    return client;
  }

  /**
   * Whether the client speaks TLS, by what a trusted proxy that it comes through says last; null
   * when none says so.
   *
   * @param connected where the connection comes from
   * @param forwarded the lines of {@code Forwarded}
   * @param forwardedProto the lines of {@code X-Forwarded-Proto}, for where there are none of the
   *     former
   */
  public @Nullable Boolean isSecure(
      InetAddress connected, List<String> forwarded, List<String> forwardedProto) {
    if (!isTrusted(connected)) {
      return null;
    }
    List<String> schemes =
        forwarded.isEmpty() ? elements(forwardedProto) : found(PROTO, elements(forwarded));
    String last = schemes.isEmpty() ? "" : schemes.get(schemes.size() - 1);
    if (last.equalsIgnoreCase("https")) {
      return true;
    }
    return last.equalsIgnoreCase("http") ? false : null;
  }

  private boolean isTrusted(InetAddress address) {
    return trusted.stream().anyMatch(range -> range.contains(address));
  }

  private static List<String> elements(List<String> lines) {
    List<String> elements = new ArrayList<>();
    for (String line : lines) {
      for (String element : line.split(",")) {
        elements.add(element.strip());
      }
    }
    return elements;
  }

  private static List<String> found(Pattern wanted, List<String> elements) {
    return elements.stream()
        .map(wanted::matcher)
        .map(found -> found.find() ? found.group(1).replace("\"", "") : "")
        .toList();
  }

  private static Optional<InetAddress> address(String hop) {
    Matcher six = V6_IN_BRACKETS.matcher(hop);
    if (six.matches()) {
      return AddressRange.address(six.group(1));
    }
    Matcher four = V4_WITH_PORT.matcher(hop);
    return AddressRange.address(four.matches() ? four.group(1) : hop);
  }
}
