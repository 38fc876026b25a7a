package io.multiswarm.load;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a mix of messages as the number of broadcasts among a hundred. */
final class BroadcastShare implements ITypeConverter<Integer> {

  private static final int MIXED = 5;

  @Override
  public Integer convert(String text) {
    return switch (text) {
      case "targeted" -> 0;
      case "broadcast" -> 100;
      case "mixed" -> MIXED;
      default -> number(text);
    };
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new TypeConversionException(
          "'%s' is not targeted, broadcast, mixed or a number".formatted(text));
    }
  }
}
