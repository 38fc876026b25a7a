package io.multiswarm.load.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import reactor.core.publisher.Flux;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;
import reactor.util.concurrent.Queues;

/** What a connection is to send: one publisher, fed on the connection's event loop alone. */
final class FrameQueue {

  private final EventLoop loop;
  private final Sinks.Many<WebSocketFrame> frames;

  FrameQueue(EventLoop loop, int most) {
    this.loop = loop;
    this.frames =
        Sinks.unsafe()
            .many()
            .unicast()
            .onBackpressureBuffer(Queues.<WebSocketFrame>get(most).get());
  }

  /** To be subscribed once. */
  Flux<WebSocketFrame> frames() {
    return frames.asFlux();
  }

  /** Takes the frame over; who waits for its answer is told when it cannot be sent. */
  void write(ByteBuf frame, MonoSink<?> sink) {
    if (loop.inEventLoop()) {
      writeHere(frame, sink);
    } else {
      loop.execute(() -> writeHere(frame, sink));
    }
  }

  /** So the only refusals are a full queue and an ended connection. */
  private void writeHere(ByteBuf frame, MonoSink<?> sink) {
    Sinks.EmitResult result = frames.tryEmitNext(new TextWebSocketFrame(frame));
    if (result.isFailure()) {
      frame.release();
      sink.error(new Disconnected(0, "before the request was written (" + result + ")"));
    }
  }

  /** Sends what is queued, and no more. */
  void complete() {
    frames.tryEmitComplete();
  }
}
