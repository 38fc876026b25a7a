package io.multiswarm.load.client;

import io.multiswarm.load.judge.ChannelPosition;
import java.util.function.Supplier;
import reactor.core.publisher.MonoSink;
import tools.jackson.databind.JsonNode;

/** A request that has no answer yet, by what its answer is read as. */
sealed interface Pending {

  String method();

  MonoSink<?> sink();

  /** The answer says yes; the tree is built only for those who want one. */
  void succeeded(FrameScan scan, Supplier<JsonNode> tree);

  record ForTree(String method, MonoSink<JsonNode> sink) implements Pending {
    @Override
    public void succeeded(FrameScan scan, Supplier<JsonNode> tree) {
      sink.success(tree.get().path("result"));
    }
  }

  record ForPosition(String method, MonoSink<ChannelPosition> sink) implements Pending {
    @Override
    public void succeeded(FrameScan scan, Supplier<JsonNode> tree) {
      sink.success(new ChannelPosition(scan.epoch(), scan.offset()));
    }
  }

  record ForNothing(String method, MonoSink<Void> sink) implements Pending {
    @Override
    public void succeeded(FrameScan scan, Supplier<JsonNode> tree) {
      sink.success();
    }
  }
}
