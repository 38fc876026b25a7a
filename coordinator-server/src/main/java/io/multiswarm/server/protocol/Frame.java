package io.multiswarm.server.protocol;

import io.multiswarm.common.CoordinationException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one text message says: a single entry, or a batch of them. */
public sealed interface Frame {

  /** A part of a frame that stands for itself. */
  sealed interface Entry extends Frame {

    void accept(Visitor visitor);
  }

  /** Takes the entries of a frame apart. */
  interface Visitor {

    void request(Request request);

    void malformed(Malformed malformed);
  }

  /**
   * A well-formed request or notification.
   *
   * @param id null for a notification, which is not answered
   * @param params null when they were given and are no object
   */
  record Request(@Nullable RequestId id, String method, @Nullable Params params) implements Entry {

    public boolean isNotification() {
      return id == null;
    }

    /** The parameters; refuses those that are no object. */
    public Params objectParams() {
      if (params == null) {
        throw CoordinationException.invalid(
            "params", "must be an object of named parameters, such as {\"swarmId\":\"s1\"}");
      }
      return params;
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.request(this);
    }
  }

  /**
   * What cannot be understood.
   *
   * @param id {@link RequestId#NULL} when it cannot be read
   * @param error {@code PARSE_ERROR} or {@code INVALID_REQUEST}
   */
  record Malformed(RequestId id, CoordinationException error) implements Entry {

    @Override
    public void accept(Visitor visitor) {
      visitor.malformed(this);
    }
  }

  /** One to {@link FrameParser#MAX_BATCH} entries that are answered together. */
  record Batch(List<Entry> entries) implements Frame {}
}
