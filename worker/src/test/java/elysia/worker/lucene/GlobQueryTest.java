package elysia.worker.lucene;

import elysia.core.glob.Glob;
import elysia.testkit.glob.GlobContract;
import org.apache.lucene.util.automaton.CharacterRunAutomaton;

class GlobQueryTest implements GlobContract {
  @Override
  public boolean matches(String glob, String path) {
    return new CharacterRunAutomaton(GlobQuery.automaton(Glob.parse(glob))).run(path);
  }
}
