package io.multiswarm.server.auth;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Addresses of one network: {@code 10.0.0.0/8}, {@code fd00::/8}, or a single one.
 *
 * @param prefix how many bits of the address count
 */
public record AddressRange(InetAddress address, int prefix) {

  private static final String OCTET = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
  private static final Pattern V4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
  private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
  private static final Pattern BITS = Pattern.compile("\\d{1,3}");

  /** Reads an address as it is written in numbers; asks no name server. Empty when it is none. */
  public static Optional<InetAddress> address(String text) {
    if (!V4.matcher(text).matches() && !V6.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(text));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /** Empty when the text is no range. */
  public static Optional<AddressRange> parse(String text) {
    int slash = text.indexOf('/');
    String bits = slash < 0 ? "" : text.substring(slash + 1);
    if (slash >= 0 && !BITS.matcher(bits).matches()) {
      return Optional.empty();
    }
    return address(slash < 0 ? text : text.substring(0, slash))
        .map(
            address ->
                new AddressRange(
                    address,
                    slash < 0 ? address.getAddress().length * Byte.SIZE : Integer.parseInt(bits)))
        .filter(range -> range.prefix() <= range.address().getAddress().length * Byte.SIZE);
  }

  public boolean contains(InetAddress other) {
    byte[] mine = address.getAddress();
    byte[] its = other.getAddress();
    if (mine.length != its.length) {
      return false;
    }
    for (int bit = 0; bit < prefix; bit++) {
      int mask = 0x80 >> (bit % Byte.SIZE);
      if ((mine[bit / Byte.SIZE] & mask) != (its[bit / Byte.SIZE] & mask)) {
        return false;
      }
    }
    return true;
  }
}
