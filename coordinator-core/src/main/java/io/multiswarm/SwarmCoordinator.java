package io.multiswarm;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.conflict.Conflict;
import io.multiswarm.conflict.Resolution;
import io.multiswarm.election.Leadership;
import io.multiswarm.election.Leadership.Leader;
import io.multiswarm.messaging.Message;
import io.multiswarm.messaging.Messenger.Published;
import io.multiswarm.messaging.Messenger.Reply;
import io.multiswarm.messaging.NewMessage;
import io.multiswarm.registry.Swarm;
import io.multiswarm.registry.SwarmRegistry.Departure;
import io.multiswarm.registry.SwarmUpdate;
import io.multiswarm.tasks.Assignment;
import io.multiswarm.tasks.NewTask;
import io.multiswarm.tasks.TaskHandle;
import io.multiswarm.tasks.TaskWorker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The handle of one swarm that is held by this node: everything that one does with it. It carries
 * the swarm's {@link Ownership}; once the swarm is attached elsewhere, every call fails with {@code
 * FENCED}, and {@link #lost} tells so without a call.
 *
 * <p><b>Errors.</b> Every Mono fails with a {@link io.multiswarm.common.CoordinationException}, as
 * {@link MultiSwarmCoordination} says.
 *
 * <p><b>Threading.</b> Safe for concurrent use. All Monos and Fluxes are cold. Handlers, which
 * {@link #work}, {@link #whileLeading} and {@link #onMessage} take, may block; results arrive on an
 * event loop or on the library's scheduler: do not block there.
 */
public final class SwarmCoordinator {

  private final MultiSwarmCoordination node;
  private final Ownership ownership;
  private final Mono<SwarmLost> lost;

  SwarmCoordinator(MultiSwarmCoordination node, Ownership ownership, Mono<SwarmLost> lost) {
    this.node = node;
    this.ownership = ownership;
    this.lost = lost;
  }

  /** Whose handle this is. */
  public String swarmId() {
    return ownership.swarmId();
  }

  /** The proof that calls for this swarm carry; outdated once the swarm is attached elsewhere. */
  public Ownership ownership() {
    return ownership;
  }

  /** The swarm as it is registered now. */
  public Mono<Swarm> swarm() {
    return node.registry().get(swarmId());
  }

  /** Changes what the registry says of the swarm; gives it as it is then. */
  public Mono<Swarm> update(SwarmUpdate change) {
    return node.registry().update(ownership, change);
  }

  /** When this node holds the swarm no more, and why; at once when it is so already. */
  public Mono<SwarmLost> lost() {
    return lost;
  }

  /** Lets go of the swarm, which keeps everything for its grace and may be attached again. */
  public Mono<Void> detach() {
    return node.registry().detach(List.of(ownership), Departure.LOST);
  }

  /**
   * Ends the swarm.
   *
   * @param reason {@code failed} archives it as failed, all else as completed
   */
  public Mono<Void> deregister(@Nullable String reason) {
    return node.registry().deregister(ownership, reason);
  }

  // Messages

  /** What the swarm says and hears, under the names of the messenger. */
  public SwarmMessenger messenger() {
    return node.getMessenger(swarmId());
  }

  /** To one swarm. */
  public Mono<Published> send(String toSwarmId, NewMessage message) {
    return messenger().send(toSwarmId, message);
  }

  /** To all, on {@code swarm:global}. */
  public Mono<Published> broadcast(NewMessage message) {
    return messenger().broadcast(message);
  }

  /** On any channel, such as {@link io.multiswarm.messaging.ChannelName#AGENTS}. */
  public Mono<Published> publish(String channel, NewMessage message) {
    return messenger().publish(channel, message);
  }

  /** Answers a message that is a request. */
  public Mono<Void> reply(Message request, Json data) {
    return messenger().reply(request, data);
  }

  /** Asks a swarm and waits for its reply; {@code DEADLINE_EXCEEDED} after {@code timeout}. */
  public Mono<Reply> request(String toSwarmId, NewMessage message, Duration timeout) {
    return messenger().request(toSwarmId, message, timeout);
  }

  /** As {@link SwarmMessenger#messages}. */
  public Flux<Message> messages(String type) {
    return messenger().messages(type);
  }

  /** As {@link SwarmMessenger#listen}. */
  public Mono<Flux<Message>> listen(String type) {
    return messenger().listen(type);
  }

  /** As {@link SwarmMessenger#onMessage}. */
  public Listening onMessage(String type, BiConsumer<Json, Message> handler) {
    return messenger().onMessage(type, handler);
  }

  // Tasks

  /** Submits a task in the name of this swarm; whichever node leads assigns it. */
  public Mono<TaskHandle> submit(NewTask task) {
    return node.distributeTask(swarmId(), task);
  }

  /**
   * Works on the tasks that the swarm is assigned: what the handler gives completes the task, an
   * error fails it. Completes when the swarm is held here no more, of which {@link #lost} says why;
   * reports and leases are as {@link TaskWorker#work} says.
   *
   * @param concurrency tasks at once, which is the credit that is open
   * @param handler is called and subscribed on Reactor's bounded elastic scheduler, so it may
   *     block; an empty Mono completes the task with JSON null
   */
  public Mono<Void> work(int concurrency, Function<Assignment, Mono<Json>> handler) {
    return new TaskWorker(node.workers(), concurrency, node.scheduler())
        .work(
            ownership,
            given ->
                Handlers.mono(() -> handler.apply(given))
                    .contextWrite(context -> node.observed(context, given)))
        .onErrorComplete(error -> CoordinationException.is(error, ErrorCode.FENCED));
  }

  // Leadership

  /** Whether this swarm leads the fleet, by this node's clock. */
  public boolean isLeader() {
    return term(node.election().current()).isPresent();
  }

  /**
   * Does something only while this swarm leads.
   *
   * <p><b>Emission.</b> What {@code work} gives. It is subscribed at the start of each term of this
   * swarm, and cancelled before the lease of that term can be lost. When it completes, the rest of
   * the term passes without it.
   *
   * <p><b>Completion.</b> When the swarm is lost. <b>Errors.</b> That of {@code work} ends all: to
   * go on in the next term, retry. <b>Cancellation.</b> Cancels the work; leadership remains.
   *
   * @param work takes the term, whose epoch is the fencing token for writes elsewhere; called and
   *     subscribed on Reactor's bounded elastic scheduler
   */
  public <T> Flux<T> whileLeading(Function<Leader, ? extends Publisher<T>> work) {
    return node.election()
        .leadership()
        .map(this::term)
        .distinctUntilChanged(term -> term.map(Leader::epoch))
        .switchMap(
            term -> term.map(led -> Handlers.<T>flux(() -> work.apply(led))).orElseGet(Flux::empty))
        .takeUntilOther(lost);
  }

  private Optional<Leader> term(Leadership leadership) {
    return leadership instanceof Leader leader && leader.swarmId().equals(swarmId())
        ? Optional.of(leader)
        : Optional.empty();
  }

  // State, resources, conflicts

  /** The swarm's state. */
  public HeldState state() {
    return new HeldState(node.stateManager().states(), ownership);
  }

  /** Copies of the swarm's state. */
  public HeldSnapshots snapshots() {
    return new HeldSnapshots(node.stateManager().snapshots(), ownership);
  }

  /** What the swarm says that it can resume from. */
  public HeldCheckpoints checkpoints() {
    return new HeldCheckpoints(node.stateManager().checkpoints(), ownership);
  }

  /** What the swarm holds of the fleet's pools. */
  public HeldResources resources() {
    return new HeldResources(node.resources(), ownership);
  }

  /** The votes that the swarm is asked for. */
  public HeldConflicts conflicts() {
    return new HeldConflicts(node.conflicts(), ownership);
  }

  /** Decides between two swarms, whichever; as {@link MultiSwarmCoordination#resolveConflict}. */
  public Mono<Resolution> resolveConflict(Conflict conflict) {
    return node.resolveConflict(conflict);
  }
}
