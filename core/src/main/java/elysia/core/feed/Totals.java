package elysia.core.feed;

/// Counts of changes, as their producer named them, and of what they cost.
///
/// @param updated modified and renamed files
/// @param skipped files that do not belong in the index: `skip_index`, too large
/// @param unindexable of the added and updated ones, those without text to index: binary, blank
/// @param chunksEmbedded texts for which a vector was, or would be, computed
/// @param chunksReused chunks whose vector was there
public record Totals(long updated, long added, long deleted, long skipped, long failed,
    long unindexable, long chunks, long chunksEmbedded, long chunksReused) {
  public static final Totals NONE = new Totals(0, 0, 0, 0, 0, 0, 0, 0, 0);

  public Totals plus(Totals o) {
    return new Totals(updated + o.updated, added + o.added, deleted + o.deleted,
        skipped + o.skipped, failed + o.failed, unindexable + o.unindexable, chunks + o.chunks,
        chunksEmbedded + o.chunksEmbedded, chunksReused + o.chunksReused);
  }
}
