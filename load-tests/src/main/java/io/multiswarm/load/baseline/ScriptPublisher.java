package io.multiswarm.load.baseline;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.multiswarm.load.judge.ChannelPosition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import reactor.core.publisher.Mono;

/** The bare publish script, naturally batched. */
final class ScriptPublisher implements BarePublisher {

  private static final Batcher.Limits LIMITS = new Batcher.Limits(4, 32);

  private final BareScript.Loaded script;
  private final String prefix;
  private final Set<String> channels = new HashSet<>();
  private final Batcher<Message, Long> batcher = new Batcher<>(LIMITS, this::publishAll);

  private record Message(String channel, byte[] body) {}

  /**
   * @param prefix of the keys
   */
  ScriptPublisher(BareScript.Loaded script, String prefix) {
    this.script = script;
    this.prefix = prefix;
  }

  /** Reads a file; not for an event loop. */
  static BareScript script() {
    return BareScript.beside(ScriptPublisher.class, "bare_publish.lua");
  }

  @Override
  public Mono<ChannelPosition> publish(String channel, byte[] message) {
    return batcher
        .send(new Message(channel, message))
        .map(offset -> new ChannelPosition(BareTransport.EPOCH, offset));
  }

  private synchronized CompletionStage<List<Long>> publishAll(List<Message> batch) {
    List<byte[]> keys = new ArrayList<>(batch.size() + 1);
    List<byte[]> arguments = new ArrayList<>(2 * batch.size());
    keys.add(offsetsKey());
    for (Message message : batch) {
      channels.add(message.channel());
      keys.add(historyKey(message.channel()));
      arguments.add(message.channel().getBytes(US_ASCII));
      arguments.add(message.body());
    }
    return script.numbers(keys, arguments);
  }

  private byte[] offsetsKey() {
    return (prefix + "offsets").getBytes(US_ASCII);
  }

  private byte[] historyKey(String channel) {
    return (prefix + "history:" + channel).getBytes(US_ASCII);
  }

  @Override
  public synchronized Mono<Void> cleanUp() {
    List<byte[]> keys = new ArrayList<>(channels.stream().map(this::historyKey).toList());
    keys.add(offsetsKey());
    return Mono.fromCompletionStage(() -> script.redis().unlink(keys.toArray(byte[][]::new)))
        .then();
  }
}
