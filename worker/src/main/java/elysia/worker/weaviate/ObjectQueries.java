package elysia.worker.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.outcome.Outcome;
import elysia.worker.weaviate.Classes.StoreClass;
import java.util.List;

/// One of the server's two ways to be asked for the objects that match a filter.
interface ObjectQueries {
  /// @param limit
  ///          the most objects, at most [GraphQl#MOST]
  /// @param properties
  ///          what of them is wanted beside the id
  /// @param vector
  ///          whether their vectors are wanted
  /// @return the objects, each with its properties and `_additional{id vector}`
  Outcome<JsonNode> objects(StoreClass target, Where where, int limit, List<String> properties,
      boolean vector);
}
