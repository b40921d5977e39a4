package dev.gatlingllm.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * Input for fuzz tests: samples of a format with a few random edits, as a full disk, a broken
 * network or an attacker makes them. jqwik shrinks an input that makes a test fail to few edits.
 *
 * <p>A property without {@code tries} of its own runs 200 times. {@code
 * -Djqwik.tries.default=1000000} makes it run longer.
 */
public final class DamagedBytes {

  /** What parsers are known to stumble over. */
  private static final String[] HOSTILE = {
    "\0",
    "\n",
    "\r\n",
    "\n\n",
    "\u001b[31m",
    "\u001e",
    "\u202e",
    "\ufeff",
    "\"",
    "\\",
    "\\u0000",
    "\\ud800",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "data: ",
    "null",
    "true",
    "{}",
    "[]",
    "\"\"",
    "0",
    "-1",
    "1e999",
    "NaN",
    "2147483647",
    "2147483648",
    "-9223372036854775809",
    "9".repeat(1_200),
    "[".repeat(1_200),
    "{\"a\":".repeat(1_200),
    "x".repeat(70_000),
    "../../etc/passwd",
    "</script><script>",
    "__proto__"
  };

  private DamagedBytes() {}

  /** Changes some bytes. */
  @FunctionalInterface
  private interface Edit {
    byte[] apply(byte[] bytes);
  }

  /** Returns damaged versions of these samples in UTF-8; some are left whole. */
  public static Arbitrary<byte[]> of(String... samples) {
    return of(Arrays.stream(samples).map(sample -> sample.getBytes(UTF_8)).toList());
  }

  /** Returns damaged versions of these samples; some are left whole. */
  public static Arbitrary<byte[]> of(List<byte[]> samples) {
    return Combinators.combine(Arbitraries.of(samples), edits(samples).list().ofMaxSize(6))
        .as(
            (sample, edits) -> {
              byte[] bytes = sample;
              for (Edit edit : edits) {
                bytes = edit.apply(bytes);
              }
              return bytes;
            });
  }

  /** Returns gzip files: damaged ones of these samples, and whole ones of damaged samples. */
  public static Arbitrary<byte[]> gzipped(List<byte[]> samples) {
    List<byte[]> files = samples.stream().map(DamagedBytes::gzip).toList();
    return Arbitraries.oneOf(of(files), of(samples).map(DamagedBytes::gzip));
  }

  private static Arbitrary<Edit> edits(List<byte[]> samples) {
    Arbitrary<Double> places = Arbitraries.doubles().between(0, 1);
    Arbitrary<byte[]> insertions =
        Arbitraries.oneOf(
            Arbitraries.of(HOSTILE).map(text -> text.getBytes(UTF_8)),
            Arbitraries.bytes().array(byte[].class).ofMinSize(1).ofMaxSize(4));
    return Arbitraries.oneOf(
        Combinators.combine(places, Arbitraries.bytes()).as(DamagedBytes::overwrite),
        Combinators.combine(places, insertions).as(DamagedBytes::insert),
        Combinators.combine(places, places).as(DamagedBytes::remove),
        Combinators.combine(places, places).as(DamagedBytes::repeat),
        Combinators.combine(places, places, Arbitraries.of(samples)).as(DamagedBytes::splice),
        places.map(DamagedBytes::cut));
  }

  private static Edit overwrite(double place, byte value) {
    return bytes -> {
      byte[] changed = bytes.clone();
      if (changed.length > 0) {
        changed[Math.min(index(place, bytes), changed.length - 1)] = value;
      }
      return changed;
    };
  }

  private static Edit insert(double place, byte[] more) {
    return bytes -> {
      int at = index(place, bytes);
      return join(part(bytes, 0, at), more, part(bytes, at, bytes.length));
    };
  }

  private static Edit remove(double from, double to) {
    return bytes -> {
      int first = index(Math.min(from, to), bytes);
      int last = index(Math.max(from, to), bytes);
      return join(part(bytes, 0, first), part(bytes, last, bytes.length));
    };
  }

  private static Edit repeat(double from, double to) {
    return bytes -> {
      int first = index(Math.min(from, to), bytes);
      int last = index(Math.max(from, to), bytes);
      return join(part(bytes, 0, last), part(bytes, first, bytes.length));
    };
  }

  /** Goes on as another sample does. */
  private static Edit splice(double place, double otherPlace, byte[] other) {
    return bytes ->
        join(
            part(bytes, 0, index(place, bytes)),
            part(other, index(otherPlace, other), other.length));
  }

  private static Edit cut(double place) {
    return bytes -> part(bytes, 0, index(place, bytes));
  }

  private static int index(double place, byte[] bytes) {
    return (int) Math.round(place * bytes.length);
  }

  private static byte[] part(byte[] bytes, int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(bytes);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return packed.toByteArray();
  }
}
