package elysia.bench.limit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import elysia.core.json.Json;
import elysia.testkit.process.Http;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Weaviate's REST batch API alone, with the objects that the product has put into a class: read
/// back, and written to a class of the same schema, in batches on several connections.
public final class BareWeaviate {
  private static final int PAGE = 1_000;
  private static final int BATCH = 100;
  private static final int CONNECTIONS = 4;

  private BareWeaviate() {}

  /// Objects per second, made and removed again.
  public static double objectsPerSecond(String url, String collection) {
    Http http = new Http(URI.create(url));
    String name = collection + "Bare";
    List<ObjectNode> objects = objects(http, collection);
    ObjectNode schema = (ObjectNode) http.get("/v1/schema/" + collection);
    schema.put("class", name);
    var _ = http.send("POST", "/v1/schema", bytes(schema));
    try {
      return objects.size() / seconds(http, batches(objects, name));
    } finally {
      var _ = http.send("DELETE", "/v1/schema/" + name, new byte[0]);
    }
  }

  private static List<ObjectNode> objects(Http http, String collection) {
    List<ObjectNode> objects = new ArrayList<>();
    String after = "";
    while (true) {
      JsonNode page = http.get("/v1/objects?class=" + collection + "&limit=" + PAGE
          + "&include=vector&after=" + after).path("objects");
      if (page.isEmpty())
        return objects;
      for (JsonNode object : page) {
        after = object.path("id").asText();
        objects.add((ObjectNode) object);
      }
    }
  }

  private static List<byte[]> batches(List<ObjectNode> objects, String name) {
    List<byte[]> batches = new ArrayList<>();
    for (int from = 0; from < objects.size(); from += BATCH) {
      ObjectNode batch = Json.mapper().createObjectNode();
      ArrayNode all = batch.putArray("objects");
      for (ObjectNode object : objects.subList(from, Math.min(objects.size(), from + BATCH))) {
        ObjectNode copy = all.addObject();
        copy.put("class", name);
        copy.set("id", object.get("id"));
        copy.set("properties", object.get("properties"));
        copy.set("vector", object.get("vector"));
      }
      batches.add(bytes(batch));
    }
    return batches;
  }

  private static double seconds(Http http, List<byte[]> batches) {
    AtomicInteger next = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    long start = System.nanoTime();
    for (int t = 0; t < CONNECTIONS; t++)
      threads.add(Thread.ofPlatform().start(() -> {
        for (int i = next.getAndIncrement(); i < batches.size(); i = next.getAndIncrement()) {
          String answer = http.send("POST", "/v1/batch/objects", batches.get(i));
          if (answer.contains("\"FAILED\""))
            throw new IllegalStateException(answer.substring(0, Math.min(500, answer.length())));
        }
      }));
    try {
      for (Thread thread : threads)
        thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static byte[] bytes(JsonNode json) {
    try {
      return Json.mapper().writeValueAsBytes(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
