package elysia.worker.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.identity.RepositoryName;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Unit;
import elysia.core.store.ChunkHeader;
import elysia.worker.weaviate.Classes.StoreClass;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// All chunks of a repository, page by page.
///
/// The server's cursor goes over a whole class and takes no filter. So a repository that is most of
/// its class is listed by the cursor; one that is a small part of it by slices of `content_hash`,
/// each small enough for one answer.
final class Listing {
  private static final int PAGE = 1_000;
  private static final int SLICE = GraphQl.MOST / 4;
  private static final int DEEPEST = 8;
  private static final String FIELDS = String.join(" ", ChunkJson.HEADER) + " _additional{id}";

  private final GraphQl graphQl;

  Listing(GraphQl graphQl) {
    this.graphQl = graphQl;
  }

  Outcome<Unit> list(StoreClass target, RepositoryName repo, Consumer<ChunkHeader> visitor) {
    Where own = Where.equal("repo", repo.value());
    return graphQl.count(target, own).flatMap(mine -> graphQl.count(target, null)
        .flatMap(all -> {
          if (mine > SLICE && mine > all / 2)
            return cursor(target, repo, _ -> true, visitor);
          int depth = 0;
          for (long rest = mine; rest > SLICE; rest /= 16)
            depth++;
          return slices(target, repo, "", depth, visitor);
        }));
  }

  private Outcome<Unit> slices(StoreClass target, RepositoryName repo, String prefix, int depth,
      Consumer<ChunkHeader> visitor) {
    if (prefix.length() >= depth)
      return slice(target, repo, prefix, visitor);
    for (char digit : "0123456789abcdef".toCharArray()) {
      Outcome<Unit> outcome = slices(target, repo, prefix + digit, depth, visitor);
      if (!(outcome instanceof Outcome.Ok))
        return outcome;
    }
    return Unit.ok();
  }

  private Outcome<Unit> slice(StoreClass target, RepositoryName repo, String prefix,
      Consumer<ChunkHeader> visitor) {
    Where own = Where.equal("repo", repo.value());
    Where where = prefix.isEmpty() ? own : Where.and(own, Where.like("content_hash", prefix + "*"));
    Outcome<JsonNode> page = graphQl.get(target,
        GraphQl.where(where) + "limit:" + GraphQl.MOST, FIELDS);
    if (!(page instanceof Outcome.Ok<JsonNode>(var objects)))
      return page.map(_ -> Unit.UNIT);
    if (objects.size() == GraphQl.MOST)
      return prefix.length() < DEEPEST
          ? slices(target, repo, prefix, prefix.length() + 1, visitor)
          : cursor(target, repo, header -> header.contentHash().startsWith(prefix), visitor);
    visit(objects, repo, _ -> true, visitor);
    return Unit.ok();
  }

  private Outcome<Unit> cursor(StoreClass target, RepositoryName repo,
      Predicate<ChunkHeader> wanted, Consumer<ChunkHeader> visitor) {
    String after = "";
    while (true) {
      Outcome<JsonNode> page = graphQl.get(target,
          "limit:" + PAGE + ",after:" + Where.text(after), FIELDS);
      if (!(page instanceof Outcome.Ok<JsonNode>(var objects)))
        return page.map(_ -> Unit.UNIT);
      if (objects.isEmpty())
        return Unit.ok();
      visit(objects, repo, wanted, visitor);
      after = ChunkJson.id(objects.get(objects.size() - 1)).toString();
    }
  }

  private static void visit(JsonNode objects, RepositoryName repo, Predicate<ChunkHeader> wanted,
      Consumer<ChunkHeader> visitor) {
    for (JsonNode object : objects) {
      if (!ChunkJson.of(object, repo))
        continue;
      ChunkHeader header = ChunkJson.header(object);
      if (wanted.test(header))
        visitor.accept(header);
    }
  }
}
