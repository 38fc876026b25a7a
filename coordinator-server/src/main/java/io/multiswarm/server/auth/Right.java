package io.multiswarm.server.auth;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.server.protocol.Params;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/**
 * What a method takes: one of its rules must cover the call. The scope {@code admin} covers every
 * call.
 *
 * @param rules none when any open session may
 * @param isAudited whether each call leaves a line in the audit log
 */
public record Right(List<Rule> rules, boolean isAudited) {

  /** Returned when the call may begin at once. */
  public static final Mono<Void> ALLOWED = Mono.empty();

  /** For every open session. */
  static final Right EVERYBODY = new Right(List.of(), false);

  /** For administrators alone. */
  static final Right ADMINISTRATOR = new Right(List.of(new Rule(Scope.ADMIN, Subject.ALL)), true);

  /** With this scope the method may be called for that. */
  record Rule(Scope scope, Subject subject) {}

  static Right of(Scope scope, Subject subject) {
    return new Right(List.of(new Rule(scope, subject)), false);
  }

  Right or(Scope scope, Subject subject) {
    return new Right(
        Stream.concat(rules.stream(), Stream.of(new Rule(scope, subject))).toList(), isAudited);
  }

  Right audited() {
    return new Right(rules, true);
  }

  /** The scopes that are of use for the method, beside {@code admin}, in their order. */
  public List<Scope> scopes() {
    return Arrays.stream(Scope.values())
        .filter(scope -> rules.stream().anyMatch(rule -> rule.scope() == scope))
        .toList();
  }

  /**
   * Lets the call pass or refuses it.
   *
   * @return {@link #ALLOWED}, or what completes when it may begin; an error is {@code
   *     PERMISSION_DENIED}, or why that could not be found out
   * @throws CoordinationException {@code PERMISSION_DENIED}, or {@code INVALID_ARGUMENT} when the
   *     call does not name what it is about
   */
  public Mono<Void> check(String method, Principal principal, Params params, TaskOwners owners) {
    if (rules.isEmpty() || principal.may(Scope.ADMIN)) {
      return ALLOWED;
    }
    boolean asksForTask = false;
    boolean hasScope = false;
    for (Rule rule : rules) {
      if (principal.may(rule.scope())) {
        hasScope = true;
        Cover cover = rule.subject().cover(principal, params);
        if (cover == Cover.YES) {
          return ALLOWED;
        }
        asksForTask |= cover == Cover.TASK;
      }
    }
    if (!hasScope) {
      throw denied("%s takes the scope %s".formatted(method, words()));
    }
    CoordinationException missing = denied(method + ": " + missing(principal, params));
    return asksForTask ? ofTask(principal, params, owners, missing) : Mono.error(missing);
  }

  private Mono<Void> ofTask(
      Principal principal, Params params, TaskOwners owners, CoordinationException missing) {
    return owners
        .of(Subject.task(params))
        .filter(task -> rules.stream().anyMatch(rule -> covers(rule, principal, task)))
        .onErrorMap(error -> CoordinationException.is(error, ErrorCode.NOT_FOUND), any -> missing)
        .switchIfEmpty(Mono.error(missing))
        .then();
  }

  private static boolean covers(Rule rule, Principal principal, TaskOwner task) {
    return principal.may(rule.scope()) && rule.subject().covers(principal, task);
  }

  /** Whether it lets the principal call the method for that task. */
  public boolean covers(Principal principal, TaskOwner task) {
    return principal.may(Scope.ADMIN)
        || rules.stream().anyMatch(rule -> covers(rule, principal, task));
  }

  /** Whether a listing that was let pass must be confined to what the principal submitted. */
  public boolean isConfined(Principal principal, Params params) {
    return !principal.may(Scope.ADMIN)
        && rules.stream()
            .filter(rule -> principal.may(rule.scope()))
            .filter(rule -> rule.subject().cover(principal, params) == Cover.YES)
            .allMatch(rule -> rule.subject() == Subject.OWN_SUBMISSIONS);
  }

  private String missing(Principal principal, Params params) {
    return rules.stream()
        .filter(rule -> principal.may(rule.scope()))
        .map(rule -> rule.subject().missing(principal, params))
        .distinct()
        .collect(Collectors.joining("; "));
  }

  private String words() {
    return scopes().stream().map(Scope::word).collect(Collectors.joining(" or "));
  }

  private static CoordinationException denied(String why) {
    return new CoordinationException(ErrorCode.PERMISSION_DENIED, why);
  }
}
