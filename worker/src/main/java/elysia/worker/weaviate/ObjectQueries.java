package elysia.worker.weaviate;

import elysia.core.outcome.Outcome;
import elysia.worker.weaviate.Classes.StoreClass;
import java.util.List;

/// One of the server's two ways to be asked for the objects that match a filter.
interface ObjectQueries {
  /// The objects of one answer.
  ///
  /// @param asked the most that it could have: fewer than were wanted where the server gives fewer
  record Page(List<StoredObject> objects, int asked) {
    public Page {
      objects = List.copyOf(objects);
    }

    /// Whether more may match.
    boolean full() {
      return objects.size() >= asked;
    }
  }

  /// @param limit the most objects
  /// @param properties what of them is wanted beside the id
  /// @param vector whether their vectors are wanted
  Outcome<Page> objects(StoreClass target, Where where, int limit, List<String> properties,
      boolean vector);
}
