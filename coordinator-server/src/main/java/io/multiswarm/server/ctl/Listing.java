package io.multiswarm.server.ctl;

import io.multiswarm.common.Json;
import io.multiswarm.server.client.AnswerParts;
import io.multiswarm.server.client.Tree;
import io.multiswarm.server.config.ConfigException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The pages of a listing, one after the other, until there are as many as were asked for. */
final class Listing {

  private static final int LARGEST_PAGE = 1_000;
  private static final int MOST = 100_000;

  private final String method;
  private final String member;
  private final Json filters;
  private final int limit;

  Listing(String method, String member, Json filters, int limit) {
    if (limit < 1 || limit > MOST) {
      throw new ConfigException("--limit: must be 1 to " + MOST);
    }
    this.method = method;
    this.member = member;
    this.filters = filters;
    this.limit = limit;
  }

  /** An object of the one member that has all. */
  Mono<Tree> read(Console console) {
    return page(console, "")
        .expand(
            page -> {
              String cursor = page.text("nextCursor");
              return cursor.isEmpty() ? Mono.empty() : page(console, cursor);
            })
        .concatMap(page -> Flux.fromIterable(page.items(member)), 1)
        .take(limit)
        .map(Tree::json)
        .collectList()
        .map(this::object);
  }

  private Tree object(List<Json> all) {
    return new Tree(AnswerParts.object(Map.of(member, AnswerParts.array(all))));
  }

  private Mono<Tree> page(Console console, String cursor) {
    Map<String, Json> params = new LinkedHashMap<>(filters.members());
    params.put("limit", Json.of(Math.min(limit, LARGEST_PAGE)));
    if (!cursor.isEmpty()) {
      params.put("cursor", Json.of(cursor));
    }
    return console.client().call(method, Json.object(params)).map(Tree::new);
  }
}
