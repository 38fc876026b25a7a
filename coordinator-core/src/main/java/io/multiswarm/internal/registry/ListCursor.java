package io.multiswarm.internal.registry;

import io.multiswarm.common.CoordinationException;
import java.nio.ByteBuffer;
import java.util.Base64;

/**
 * A position in a listing, as text: the score of the last swarm that was looked at, and a checksum
 * that tells a cursor of this fleet from anything else.
 */
final class ListCursor {

  private static final int LENGTH = 2 * Long.BYTES;

  private final String fleet;

  ListCursor(String fleet) {
    this.fleet = fleet;
  }

  String encode(double score) {
    ByteBuffer bytes = ByteBuffer.allocate(LENGTH).putDouble(score).putLong(checksum(score));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }

  double decode(String cursor) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(cursor);
      if (bytes.length == LENGTH) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        double score = buffer.getDouble();
        if (buffer.getLong() == checksum(score) && cursor.equals(encode(score))) {
          return score;
        }
      }
    } catch (IllegalArgumentException e) {
      throw foreign().causedBy(e);
    }
    throw foreign();
  }

  private long checksum(double score) {
    String text = "swarms/" + fleet + '/' + Double.doubleToLongBits(score);
    return ByteBuffer.wrap(AttachKey.sha256(text)).getLong();
  }

  private static CoordinationException foreign() {
    return CoordinationException.invalid(
        "cursor", "not one that a listing of swarms gave; begin without a cursor");
  }
}
