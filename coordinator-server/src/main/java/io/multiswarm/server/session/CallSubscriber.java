package io.multiswarm.server.session;

import io.multiswarm.common.Json;
import io.multiswarm.server.protocol.Answers;
import io.multiswarm.server.protocol.Frame;
import io.multiswarm.server.protocol.RequestId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/** Waits for a call's result and puts the answer into its slot. */
final class CallSubscriber implements CoreSubscriber<Json> {

  private final Frame.Request request;
  private final Call call;
  private final ReplySlot slot;
  private boolean done;

  CallSubscriber(Frame.Request request, Call call, ReplySlot slot) {
    this.request = request;
    this.call = call;
    this.slot = slot;
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(Json result) {
    succeed(result);
  }

  @Override
  public void onComplete() {
    succeed(Json.EMPTY_OBJECT);
  }

  private void succeed(Json result) {
    if (!done) {
      done = true;
      call.ended(null);
      RequestId id = request.id();
      slot.done(id == null ? null : Answers.result(id, result), call.actionsAfterAnswer());
    }
  }

  @Override
  public void onError(@Nullable Throwable error) {
    if (!done && error != null) {
      done = true;
      call.ended(error);
      slot.done(Dispatcher.error(request, error), List.of());
    }
  }
}
