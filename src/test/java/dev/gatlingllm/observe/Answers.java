package dev.gatlingllm.observe;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** Metrics endpoints that answer with texts, one after the other, the last one again and again. */
final class Answers implements MetricsSource {

  private final Deque<String> texts = new ArrayDeque<>();
  private int status = 200;
  private String type = "text/plain; version=0.0.4";

  Answers(String... texts) {
    this.texts.addAll(Arrays.asList(texts));
  }

  Answers ofType(String type) {
    this.type = type;
    return this;
  }

  Answers withStatus(int status) {
    this.status = status;
    return this;
  }

  @Override
  public synchronized Answer get(String url) {
    return new Answer(status, type, texts.size() > 1 ? texts.removeFirst() : texts.getFirst());
  }
}
