package io.multiswarm.server.session;

/** Hears what a node is asked and what comes of it; for metrics. */
public interface CallMeter {

  /** Of calls to what is no method: names from outside must not become labels. */
  String NO_METHOD = "none";

  /** Of calls that gave a result. */
  String OK = "ok";

  /** For nobody. */
  CallMeter NONE =
      new CallMeter() {
        @Override
        public long now() {
          return 0;
        }

        @Override
        public void received(int bytes) {}

        @Override
        public void sent(int bytes) {}

        @Override
        public void ended(String method, String outcome, long began) {}
      };

  /** A moment, for {@link #ended}. */
  long now();

  /** A message came. */
  void received(int bytes);

  /** A message goes: an answer or a notification. */
  void sent(int bytes);

  /**
   * A call has its answer.
   *
   * @param method one of the protocol's, or {@link #NO_METHOD}
   * @param outcome {@link #OK} or the name of the error
   * @param began when it came
   */
  void ended(String method, String outcome, long began);
}
