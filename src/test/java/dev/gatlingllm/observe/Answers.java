package dev.gatlingllm.observe;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** Metrics endpoints that answer with texts, one after the other, the last one again and again. */
final class Answers implements MetricsConnections {

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
  public synchronized HttpURLConnection open(String url) throws IOException {
    String text = texts.size() > 1 ? texts.removeFirst() : texts.getFirst();
    InputStream body = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    return answering(url, body);
  }

  HttpURLConnection answering(String url, InputStream body) throws IOException {
    return new HttpURLConnection(new URL(url)) {
      @Override
      public void connect() {}

      @Override
      public void disconnect() {}

      @Override
      public boolean usingProxy() {
        return false;
      }

      @Override
      public int getResponseCode() {
        return status;
      }

      @Override
      public String getContentType() {
        return type;
      }

      @Override
      public InputStream getInputStream() {
        return body;
      }
    };
  }
}
