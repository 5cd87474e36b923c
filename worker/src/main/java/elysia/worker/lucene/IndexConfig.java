package elysia.worker.lucene;

import elysia.core.outcome.FullDisk;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene104.Lucene104HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues.ScalarEncoding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The configuration of the index writer; docs/decisions/0002 has the measurements behind it.
final class IndexConfig {
  private static final Logger LOG = LoggerFactory.getLogger(IndexConfig.class);
  private static final double MIB = 1 << 20;
  /// Beyond Lucene's default of 1,024: models of 3,072 numbers are common.
  static final int MAX_DIMENSION = 4_096;

  private IndexConfig() {}

  static IndexWriterConfig of(LuceneSettings settings) {
    TieredMergePolicy merges = new TieredMergePolicy();
    merges.setMaxMergedSegmentMB(settings.maxSegmentBytes() / MIB);
    ConcurrentMergeScheduler scheduler = new LoggingMergeScheduler();
    scheduler.setMaxMergesAndThreads(settings.mergeThreads() + 8, settings.mergeThreads());
    scheduler.disableAutoIOThrottle();
    return new IndexWriterConfig()
        .setRAMBufferSizeMB(settings.ramBufferBytes() / MIB)
        .setMergePolicy(merges)
        .setMergeScheduler(scheduler)
        .setMaxFullFlushMergeWaitMillis(0) // a commit waits for no merge
        .setCodec(codec(settings));
  }

  private static Codec codec(LuceneSettings settings) {
    KnnVectorsFormat vectors = new WideVectors(settings);
    return new Lucene104Codec() {
      @Override
      public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
        return vectors;
      }
    };
  }

  /// Seven bits a number for the graph, beside the vectors as they came.
  private static final class WideVectors extends Lucene104HnswScalarQuantizedVectorsFormat {
    WideVectors(LuceneSettings settings) {
      super(ScalarEncoding.SEVEN_BIT, settings.graphNeighbours(), settings.graphCandidates(), 1,
          null, settings.scanThreshold());
    }

    @Override
    public int getMaxDimensions(String field) {
      return MAX_DIMENSION;
    }
  }

  /// A merge that fails closes the writer, which the next commit finds and repairs.
  private static final class LoggingMergeScheduler extends ConcurrentMergeScheduler {
    @Override
    protected void handleMergeException(Throwable e) {
      if (FullDisk.caused(e))
        LOG.warn("embedded store: no room on the disk for merging segments");
      else
        LOG.warn("merging segments of the embedded store failed", e);
    }
  }
}
