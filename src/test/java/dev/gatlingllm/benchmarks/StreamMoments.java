package dev.gatlingllm.benchmarks;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The times of one streamed response, as one side of the connection saw it. Times are {@link
 * System#nanoTime()}, which two processes of one Linux machine share.
 *
 * @param id the server's id of the response
 * @param start when the request was written, or received
 * @param tokens when each token arrived, or was written
 */
record StreamMoments(String id, long start, long[] tokens) {

  static void write(List<StreamMoments> streams, Path file) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16))) {
      out.writeInt(streams.size());
      for (StreamMoments stream : streams) {
        out.writeUTF(stream.id);
        out.writeLong(stream.start);
        out.writeInt(stream.tokens.length);
        for (long token : stream.tokens) {
          out.writeLong(token);
        }
      }
    }
  }

  static List<StreamMoments> read(Path file) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
      int count = in.readInt();
      List<StreamMoments> streams = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        String id = in.readUTF();
        long start = in.readLong();
        long[] tokens = new long[in.readInt()];
        for (int t = 0; t < tokens.length; t++) {
          tokens[t] = in.readLong();
        }
        streams.add(new StreamMoments(id, start, tokens));
      }
      return streams;
    }
  }
}
