package io.multiswarm.server.files;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The blocks of a PEM file (RFC 7468), in their order; what stands between them is comment. */
public final class Pem {

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

  private Pem() {}

  /**
   * One block.
   *
   * @param kind such as {@code CERTIFICATE}
   */
  public record Block(String kind, byte[] der) {

    /** Without the content, which may be secret. */
    @Override
    public String toString() {
      return kind;
    }
  }

  public static List<Block> blocks(String text) {
    List<Block> blocks = new ArrayList<>();
    Matcher block = BLOCK.matcher(text);
    while (block.find()) {
      try {
        byte[] der = Base64.getMimeDecoder().decode(block.group(2));
        blocks.add(new Block(block.group(1), der));
      } catch (IllegalArgumentException e) {
        throw new FileException("has a " + block.group(1) + " that cannot be read");
      }
    }
    return blocks;
  }
}
