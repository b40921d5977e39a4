package dev.gatlingllm.metrics;

import dev.gatlingllm.metrics.Figure.Unit;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The samples that a response adds to each scope that it enters in a span of time. A response
 * enters some ten scopes, so its gaps between chunks are counted once, by bucket, and each scope
 * takes over the counts.
 */
final class AddedSamples {

  private static final int SIGNIFICANT_DIGITS = 3;

  private final Figure[] figures =
      new Figure[Figure.distributions().size() + Figure.ofConversations().size()];

  /** The one sample of a figure, unless it has a histogram of several. */
  private final double[] values = new double[figures.length];

  private final @Nullable ValueHistogram[] histograms = new ValueHistogram[figures.length];
  private int size;

  private AddedSamples() {}

  /** Returns the samples of a response in its span. */
  static AddedSamples of(WindowedResponse windowed) {
    AddedSamples added = new AddedSamples();
    Collector collector = new Collector(windowed.response().timing().chunks());
    List<Figure> distributions = Figure.distributions();
    for (int i = 0; i < distributions.size(); i++) {
      distributions.get(i).samples(windowed, collector);
      added.addAll(distributions.get(i), collector);
    }
    ConversationSums conversation = windowed.conversation();
    if (conversation != null && conversation.outcome() == ConversationOutcome.COMPLETED) {
      added.addConversation(windowed.isFromWarmUp(conversation.beganNanos()), conversation);
    }
    if (windowed.isCensored()) {
      added.add(Figure.UNFINISHED_REQUEST_AGE, windowed.waitedNanos() / 1e6);
      if (windowed.openGapNanos() > 0) {
        added.add(Figure.OPEN_GAP, windowed.openGapNanos() / 1e6);
      }
    }
    if (windowed.isWaiting()) {
      added.add(Figure.WAITING_AGE, windowed.waitedNanos() / 1e6);
    }
    if (windowed.isWaitingForOutput()) {
      added.add(Figure.WAITING_FOR_OUTPUT_AGE, windowed.waitedNanos() / 1e6);
    }
    boolean sawTokens = windowed.isAbandoned() && windowed.response().timing().hasOutput();
    if (sawTokens && !windowed.isFromWarmUp()) {
      added.add(Figure.SEEN_TPOT, windowed.leastAtEnd(Figure.TPOT));
    }
    if (windowed.isCut()) {
      added.add(Figure.CUT_AGE, windowed.response().timing().e2eNanos() / 1e6);
    }
    return added;
  }

  /** Returns the samples of a conversation that has ended in the window. */
  static AddedSamples ofConversation(boolean isFromWarmUp, ConversationSums conversation) {
    AddedSamples added = new AddedSamples();
    added.addConversation(isFromWarmUp, conversation);
    return added;
  }

  /** Adds a conversation; one that began in the warm-up has no times, as responses have none. */
  private void addConversation(boolean isFromWarmUp, ConversationSums conversation) {
    for (Figure figure : Figure.ofConversations()) {
      double value = figure.sample(conversation);
      if (!Double.isNaN(value) && !(isFromWarmUp && figure.unit() == Unit.MILLISECONDS)) {
        add(figure, value);
      }
    }
  }

  private void add(Figure figure, double value) {
    figures[size] = figure;
    values[size++] = value;
  }

  private void addAll(Figure figure, Collector collector) {
    if (collector.length == 1) {
      add(figure, collector.values[0]);
    } else if (collector.length > 1) {
      figures[size] = figure;
      histograms[size++] = collector.histogram(figure.ticksPerUnit());
    }
    collector.length = 0;
  }

  int size() {
    return size;
  }

  Figure figure(int index) {
    return figures[index];
  }

  /** Adds the samples of a figure to its histogram. */
  void addTo(ValueHistogram to, int index) {
    ValueHistogram histogram = histograms[index];
    if (histogram == null) {
      to.add(values[index]);
    } else {
      to.add(histogram);
    }
  }

  /** Takes the samples of one figure after the other. */
  private static final class Collector implements DoubleConsumer {

    private double[] values;
    private int length;
    private double[] counted = {};
    private @Nullable ValueHistogram histogram;

    Collector(int chunks) {
      values = new double[Math.max(1, chunks)];
    }

    @Override
    public void accept(double value) {
      if (length == values.length) {
        values = Arrays.copyOf(values, 2 * length);
      }
      values[length++] = value;
    }

    /**
     * Counts the samples, unless they are the same as before: ITL is most often the same as ICL.
     */
    ValueHistogram histogram(double ticksPerUnit) {
      ValueHistogram known = histogram;
      if (known != null && Arrays.equals(counted, 0, counted.length, values, 0, length)) {
        return known;
      }
      ValueHistogram made = new ValueHistogram(SIGNIFICANT_DIGITS, ticksPerUnit);
      for (int i = 0; i < length; i++) {
        made.add(values[i]);
      }
      counted = Arrays.copyOf(values, length);
      histogram = made;
      return made;
    }
  }
}
