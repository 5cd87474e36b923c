package elysia.worker.lucene;

import elysia.core.store.Keywords;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/// The [Keywords] of some texts, one after the other.
final class WordStream extends TokenStream {
  private final CharTermAttribute term = addAttribute(CharTermAttribute.class);
  private final List<String> texts;
  private List<String> words = List.of();
  private int next;

  WordStream(List<String> texts) {
    this.texts = texts;
  }

  @Override
  public void reset() {
    words = new ArrayList<>();
    for (String text : texts)
      Keywords.each(text, words::add);
    next = 0;
  }

  @Override
  public boolean incrementToken() {
    if (next == words.size())
      return false;
    clearAttributes();
    term.append(words.get(next++));
    return true;
  }
}
