package io.multiswarm.internal.distribution;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.TestNodes;
import io.multiswarm.internal.stream.ChannelHistory;
import io.multiswarm.internal.stream.ChannelPublisher;
import io.multiswarm.internal.stream.ChannelStreams;
import io.multiswarm.internal.stream.StreamCounters;

/** A node of which only the channels are there. Close it. */
final class ChannelNode implements AutoCloseable {

  final NodeContext context;
  final StreamCounters counters = new StreamCounters();
  final ChannelHistory history;
  final ChannelStreams streams;
  final ChannelPublisher publisher;
  final DefaultChannels channels;
  private final TestNodes connected;

  ChannelNode(String uri, CoordinationOptions options) {
    connected = TestNodes.connect(uri, options);
    context = connected.context();
    history = new ChannelHistory(context, counters);
    streams = new ChannelStreams(context, history, counters);
    streams.start(context.scheduler());
    publisher = new ChannelPublisher(context);
    channels = new DefaultChannels(streams, history, counters, context.scheduler());
  }

  @Override
  public void close() {
    streams.stop();
    connected.close();
  }
}
