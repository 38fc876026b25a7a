package io.multiswarm.internal.state;

import io.multiswarm.common.Ownership;
import io.multiswarm.state.Copies;
import io.multiswarm.state.SavedVersion;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** What snapshots and checkpoints do alike; how one is made is the subclasses' business. */
abstract class RedisCopies<T> implements Copies<T> {

  private final CopyStore store;
  private final Function<Copy, T> reading;

  RedisCopies(CopyStore store, Function<Copy, T> reading) {
    this.store = store;
    this.reading = reading;
  }

  CopyStore store() {
    return store;
  }

  @Override
  public final Mono<List<T>> list(Ownership owner) {
    return store.list(owner).map(copies -> copies.stream().map(reading).toList());
  }

  @Override
  public final Mono<SavedVersion> restore(Ownership owner, String id) {
    return store.restore(owner, id);
  }

  @Override
  public final Mono<Void> delete(Ownership owner, String id) {
    return store.delete(owner, id);
  }
}
