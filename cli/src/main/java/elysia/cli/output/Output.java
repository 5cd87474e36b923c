package elysia.cli.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import elysia.core.json.Json;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes data in the format that was asked for. The JSON is stable: fields in the order of their
/// record, map entries by key, line ends LF, and no character in it that could steer a terminal.
public final class Output {
  private static final JsonMapper MAPPER = Json.mapper().rebuild()
      .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
      .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
  private static final ObjectWriter LINE = MAPPER.writer();
  private static final ObjectWriter INDENTED = MAPPER.writer(new Indented());

  /// The API's JSON read leniently: a newer node may answer with more than this client knows.
  public static JsonMapper lenient() {
    return MAPPER;
  }

  private final Console console;
  private final Format format;
  private @Nullable List<Object> together;

  public Output(Console console, Format format) {
    this.console = console;
    this.format = format;
  }

  public boolean table() {
    return format == Format.TABLE;
  }

  public boolean lines() {
    return format == Format.JSONL;
  }

  /// One document; for a person, what `table` prints.
  public void one(Object document, Runnable table) {
    switch (format) {
      case TABLE -> table.run();
      case JSON -> {
        List<Object> documents = together;
        if (documents == null)
          console.data(text(INDENTED, document));
        else
          documents.add(document);
      }
      case JSONL -> line(document);
    }
  }

  /// What writes one document after another: as JSON they become one array.
  public void together(Runnable writing) {
    if (format != Format.JSON) {
      writing.run();
      return;
    }
    List<Object> documents = new ArrayList<>();
    together = documents;
    try {
      writing.run();
    } finally {
      together = null;
      many(documents.iterator());
    }
  }

  /// One document on one line, whichever JSON was asked for.
  public void line(Object document) {
    console.data(text(LINE, document));
  }

  /// Many documents: an array, or one per line. They are written as they come.
  public void many(Iterator<?> documents) {
    if (format == Format.JSONL) {
      documents.forEachRemaining(this::line);
      return;
    }
    if (!documents.hasNext()) {
      console.data("[]");
      return;
    }
    console.data("[");
    while (documents.hasNext()) {
      String document = text(INDENTED, documents.next()).indent(2).stripTrailing();
      console.data(documents.hasNext() ? document + "," : document);
    }
    console.data("]");
  }

  private static String text(ObjectWriter writer, Object document) {
    try {
      return escape(writer.writeValueAsString(document));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer cannot be written as JSON", e);
    }
  }

  /// Jackson escapes ASCII controls only; C1 controls and bidirectional overrides may stand in
  /// strings alone, where their escape means the same.
  private static String escape(String json) {
    StringBuilder out = new StringBuilder(json.length());
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (c < 0x7f)
        out.append(c);
      else
        out.append(Text.safe(String.valueOf(c)));
    }
    return out.toString();
  }

  private static final class Indented extends DefaultPrettyPrinter {
    private static final long serialVersionUID = 1;

    Indented() {
      DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
      indentObjectsWith(indenter);
      indentArraysWith(indenter);
    }

    private Indented(Indented base) {
      super(base);
    }

    @Override
    public DefaultPrettyPrinter createInstance() {
      return new Indented(this);
    }
  }
}
