package io.multiswarm.server.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.server.session.FakeCustody;
import io.multiswarm.server.session.FakePeer;
import io.multiswarm.server.session.Limits;
import io.multiswarm.server.session.NodeBuffers;
import io.multiswarm.server.session.SessionDirectory;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Fuseable;

class OutboundTest {

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final Queue<String> notifications = new ArrayDeque<>();
  private final SendLoop loop = new SendLoop();
  private final List<Integer> sizes = new ArrayList<>();
  private final NodeBuffers buffers = new NodeBuffers(1 << 20);
  private Outbound outbound;

  @BeforeEach
  void subscribe() {
    outbound =
        new Outbound(
            channel,
            () -> {
              String next = notifications.poll();
              return next == null ? null : next.getBytes(StandardCharsets.UTF_8);
            },
            new SessionDirectory(buffers)
                .begin(
                    new FakePeer(),
                    FakePeer.CLIENT,
                    Limits.defaults(1 << 20),
                    new FakeCustody().fleet())
                .share(),
            sizes::add,
            () -> {});
    outbound.subscribe(loop);
  }

  @AfterEach
  void release() {
    channel.finishAndReleaseAll();
  }

  @Test
  void answer_behindANotification_goesFirst() {
    notifications.add("n1");
    outbound.send(utf8("a1"));
    outbound.send(utf8("a2"));

    loop.drain();

    assertThat(loop.taken).containsExactly("a1", "a2", "n1");
    assertThat(sizes).containsExactly(2, 2, 2);
    assertThat(outbound.pendingBytes()).isZero();
  }

  @Test
  void nothing_whileNotWritable_isTaken() {
    fill(channel);
    notifications.add("n1");
    outbound.send(utf8("a1"));

    loop.drain();
    assertThat(loop.taken).isEmpty();
    assertThat(outbound.pendingBytes()).isEqualTo(2);
    assertThat(notifications).hasSize(1);

    channel.unsafe().outboundBuffer().remove();
    loop.drain();
    assertThat(loop.taken).containsExactly("a1", "n1");
  }

  @Test
  void finish_always_sendsTheAnswersAndNoMoreNotifications() {
    outbound.send(utf8("a1"));
    outbound.finish();
    notifications.add("n1");
    outbound.send(utf8("a2"));

    loop.drain();

    assertThat(loop.taken).containsExactly("a1");
    assertThat(loop.completed).isEqualTo(1);
  }

  @Test
  void frame_ofEachLength_hasItsHeader() {
    for (int length : new int[] {0, 125, 126, 65_535, 65_536}) {
      ByteBuf frame = whole(new TextFrame(new byte[length]));
      assertThat(frame.readUnsignedByte()).isEqualTo((short) 0x81);
      int first = frame.readUnsignedByte();
      long told = first < 126 ? first : first == 126 ? frame.readUnsignedShort() : frame.readLong();
      assertThat(told).isEqualTo(length);
      assertThat(frame.readableBytes()).isEqualTo(length);
      frame.release();
    }
  }

  private ByteBuf whole(TextFrame text) {
    ByteBuf frame = channel.alloc().buffer();
    while (!text.isWritten()) {
      ByteBuf piece = text.next(channel.alloc());
      assertThat(piece.readableBytes()).isLessThanOrEqualTo(TextFrame.PIECE + 10);
      frame.writeBytes(piece);
      piece.release();
    }
    return frame;
  }

  private static void fill(EmbeddedChannel channel) {
    channel
        .config()
        .setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(8, 16));
    channel
        .unsafe()
        .outboundBuffer()
        .addMessage(channel.alloc().buffer().writeZero(100), 100, channel.newPromise());
    channel.unsafe().outboundBuffer().addFlush();
    assertThat(channel.isWritable()).isFalse();
  }

  @Test
  void text_largerThanAPiece_isGivenInPiecesAndCountedUntilItsEnd() {
    outbound.send(new byte[3 * TextFrame.PIECE]);
    outbound.send(utf8("a2"));

    ByteBuf first = loop.poll();
    assertThat(first.readableBytes()).isEqualTo(TextFrame.PIECE + 4);
    first.release();
    assertThat(buffers.held()).isEqualTo(3 * TextFrame.PIECE + 2);

    loop.poll().release();
    loop.poll().release();
    assertThat(buffers.held()).isEqualTo(2);
    loop.drain();
    assertThat(buffers.held()).isZero();
  }

  @Test
  void pings_unanswered_areAnsweredByTheLatestAlone() {
    fill(channel);
    for (int i = 0; i < 1_000; i++) {
      outbound.pong(utf8("ping " + i));
    }
    loop.drain();
    assertThat(loop.taken).isEmpty();

    channel.unsafe().outboundBuffer().remove();
    loop.drain();
    assertThat(loop.taken).containsExactly("ping 999");
  }

  @Test
  void drop_withinAText_leavesItsRestAlone() {
    outbound.send(new byte[2 * TextFrame.PIECE]);
    outbound.send(utf8("a2"));
    loop.poll().release();

    outbound.drop();
    outbound.finish();

    ByteBuf rest = loop.poll();
    assertThat(rest.readableBytes()).isEqualTo(TextFrame.PIECE);
    rest.release();
    loop.drain();
    assertThat(loop.taken).isEmpty();
    assertThat(loop.completed).isEqualTo(1);
    assertThat(buffers.held()).isZero();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** What Reactor Netty's send loop does with a fused source, without its writes. */
  private static final class SendLoop implements CoreSubscriber<ByteBuf> {

    private final List<String> taken = new ArrayList<>();
    private int completed;
    private Fuseable.@Nullable QueueSubscription<ByteBuf> queue;

    @Override
    @SuppressWarnings("unchecked")
    public void onSubscribe(Subscription subscription) {
      queue = (Fuseable.QueueSubscription<ByteBuf>) subscription;
      assertThat(queue.requestFusion(Fuseable.ANY | Fuseable.THREAD_BARRIER))
          .isEqualTo(Fuseable.ASYNC);
    }

    ByteBuf poll() {
      return java.util.Objects.requireNonNull(queue).poll();
    }

    void drain() {
      for (ByteBuf frame = queue.poll(); frame != null; frame = queue.poll()) {
        frame.skipBytes(2);
        taken.add(frame.toString(StandardCharsets.UTF_8));
        frame.release();
      }
    }

    @Override
    public void onNext(ByteBuf wakeUp) {
      assertThat(wakeUp).isNull();
    }

    @Override
    public void onError(Throwable error) {
      throw new AssertionError(error);
    }

    @Override
    public void onComplete() {
      completed++;
    }
  }
}
