package elysia.worker.weaviate;

import elysia.core.identity.RepositoryName;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Unit;
import elysia.core.store.ChunkHeader;
import elysia.worker.weaviate.Classes.StoreClass;
import elysia.worker.weaviate.ObjectQueries.Page;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// All chunks of a repository, page by page.
///
/// The server's cursor goes over a whole class and takes no filter. So a repository that is most of
/// its class is listed by the cursor; one that is a small part of it by slices of `content_hash`,
/// each small enough for one answer.
final class Listing {
  private static final int PAGE = 1_000;
  private static final int DEEPEST = 8;

  private final GraphQl graphQl;

  Listing(GraphQl graphQl) {
    this.graphQl = graphQl;
  }

  Outcome<Unit> list(StoreClass target, RepositoryName repo, Consumer<ChunkHeader> visitor) {
    Where own = Where.equal("repo", repo.value());
    return graphQl.count(target, own).flatMap(mine -> graphQl.count(target, null)
        .flatMap(all -> {
          int slice = Math.max(1, graphQl.limit().most() / 4);
          if (mine > slice && mine > all / 2)
            return cursor(target, repo, _ -> true, visitor);
          int depth = 0;
          for (long rest = mine; rest > slice && depth < DEEPEST; rest /= 16)
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
    Outcome<Page> page = graphQl.objects(target, where, graphQl.limit().most(),
        StoredObject.HEADER, false);
    if (!(page instanceof Outcome.Ok<Page>(var found)))
      return page.map(_ -> Unit.UNIT);
    if (found.full())
      return prefix.length() < DEEPEST
          ? slices(target, repo, prefix, prefix.length() + 1, visitor)
          : cursor(target, repo, header -> header.contentHash().startsWith(prefix), visitor);
    visit(found.objects(), repo, _ -> true, visitor);
    return Unit.ok();
  }

  private Outcome<Unit> cursor(StoreClass target, RepositoryName repo,
      Predicate<ChunkHeader> wanted, Consumer<ChunkHeader> visitor) {
    String after = "";
    while (true) {
      Outcome<Page> page = graphQl.next(target, after, PAGE, StoredObject.HEADER);
      if (!(page instanceof Outcome.Ok<Page>(var found)))
        return page.map(_ -> Unit.UNIT);
      if (found.objects().isEmpty())
        return Unit.ok();
      visit(found.objects(), repo, wanted, visitor);
      after = found.objects().getLast().id().toString();
    }
  }

  private static void visit(List<StoredObject> objects, RepositoryName repo,
      Predicate<ChunkHeader> wanted, Consumer<ChunkHeader> visitor) {
    for (StoredObject object : objects) {
      if (!object.isOf(repo))
        continue;
      ChunkHeader header = object.header();
      if (wanted.test(header))
        visitor.accept(header);
    }
  }
}
