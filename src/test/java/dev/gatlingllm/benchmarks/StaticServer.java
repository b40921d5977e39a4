package dev.gatlingllm.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/**
 * Sends the same short response to every request at once, so that a benchmark measures the client
 * and not the server. Ends with its standard input.
 */
final class StaticServer {

  /** Precedes the server's URL on its standard output. */
  static final String READY = "ready ";

  private static final int MAX_REQUEST = 1 << 16;

  /** The end of {@code Content-Length}, which clients write in small letters or capitalised. */
  private static final String LENGTH = "ength: ";

  private final String head;
  private final String body;

  private ByteBuffer response = ByteBuffer.allocate(0);
  private long second;

  private StaticServer(ShortResponse kind) {
    head = "HTTP/1.1 200 OK\r\n" + kind.headers() + "Date: ";
    body = "\r\n\r\n" + kind.body();
  }

  /** Serves until the standard input ends; the argument is a {@link ShortResponse}. */
  public static void main(String[] arguments) throws IOException {
    endWithInput();
    new StaticServer(ShortResponse.valueOf(arguments[0])).serve();
  }

  private static void endWithInput() {
    Thread ending =
        new Thread(
            () -> {
              try {
                System.in.transferTo(java.io.OutputStream.nullOutputStream());
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              } finally {
                System.exit(0);
              }
            });
    ending.setDaemon(true);
    ending.start();
  }

  private void serve() throws IOException {
    try (Selector selector = Selector.open();
        ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_024);
      server.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
      System.out.println(READY + "http://127.0.0.1:" + server.socket().getLocalPort());
      while (true) {
        selector.select(key -> handle(selector, server, key));
      }
    }
  }

  private void handle(Selector selector, ServerSocketChannel server, SelectionKey key) {
    try {
      if (key.isAcceptable()) {
        SocketChannel accepted = server.accept();
        accepted.socket().setTcpNoDelay(true);
        accepted
            .configureBlocking(false)
            .register(selector, SelectionKey.OP_READ, ByteBuffer.allocate(MAX_REQUEST));
      } else {
        read((SocketChannel) key.channel(), (ByteBuffer) key.attachment());
      }
    } catch (IOException closed) {
      key.cancel();
    }
  }

  private void read(SocketChannel client, ByteBuffer request) throws IOException {
    if (client.read(request) < 0) {
      client.close();
    } else if (isWhole(request)) {
      request.clear();
      for (ByteBuffer whole = response(); whole.hasRemaining(); ) {
        client.write(whole);
      }
    }
  }

  /** Clients send no request before the response to the last one. */
  private static boolean isWhole(ByteBuffer request) {
    String text = new String(request.array(), 0, request.position(), ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      return false;
    }
    int length = text.indexOf(LENGTH);
    if (length < 0 || length > end) {
      return true;
    }
    String bytes = text.substring(length + LENGTH.length(), text.indexOf('\r', length));
    return text.length() >= end + 4 + Integer.parseInt(bytes);
  }

  private ByteBuffer response() {
    long now = System.currentTimeMillis() / 1_000;
    if (now != second) {
      second = now;
      String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
      response = ByteBuffer.wrap((head + date + body).getBytes(ISO_8859_1));
    }
    return response.rewind();
  }
}
