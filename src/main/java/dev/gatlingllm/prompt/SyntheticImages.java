package dev.gatlingllm.prompt;

import dev.gatlingllm.text.Require;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/**
 * Images of one size and random content, as PNG. All of them share the index of a color for each
 * pixel, which takes the most bytes and is rendered once; each has a palette of its own, so that
 * every pixel differs from image to image and no cache can take one for another. Immutable; any
 * thread may call.
 */
public final class SyntheticImages {

  /** The media type. */
  public static final String MEDIA_TYPE = "image/png";

  /** Pixels at each side of a square of one color: about a bit a pixel, as of a photo's JPEG. */
  private static final int SQUARE = 4;

  private static final int COLORS = 256;
  private static final int INDEXED = 3;

  // purposes of random numbers
  private static final int PIXELS = 0;
  private static final int PALETTE = 1;

  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

  private final long seed;
  private final byte[] header;

  /** Base64 of the chunks after the palette: what comes before is a multiple of three bytes. */
  private final ByteBuffer pixels;

  /**
   * Renders what all images share.
   *
   * @param seed decides all content
   */
  public SyntheticImages(Size size, long seed) {
    this.seed = seed;
    this.header = header(size);
    byte[] content = deflated(size, SeededRandom.of(seed, PIXELS));
    ByteBuffer last = ByteBuffer.allocate(content.length + 24);
    putChunk(last, "IDAT", content);
    putChunk(last, "IEND", new byte[0]);
    this.pixels = OffHeap.keep(Base64.getEncoder().encode(last.array()));
  }

  /**
   * A number of pixels.
   *
   * @param width from 1 to {@link #MAX}
   * @param height from 1 to {@link #MAX}
   */
  public record Size(int width, int height) {

    /** Most pixels at a side. */
    public static final int MAX = 8_192;

    /** Checks the numbers. */
    public Size {
      check(width);
      check(height);
    }

    private static void check(int pixels) {
      Require.that(pixels >= 1 && pixels <= MAX, "imageSize", pixels, "from 1 to " + MAX);
    }

    /**
     * Reads a size such as {@code 512x512}.
     *
     * @throws IllegalArgumentException if it is invalid
     */
    public static Size parse(String text) {
      if (!text.matches("\\d{1,4}x\\d{1,4}")) {
        throw new IllegalArgumentException(
            "must be width x height in pixels such as 512x512, got " + text);
      }
      String[] sides = text.split("x");
      return new Size(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
    }

    /** Returns the form that can be read. */
    @Override
    public String toString() {
      return width + "x" + height;
    }
  }

  /**
   * An image, in Base64 in two pieces, of which the second is shared by all images.
   *
   * @param start first piece; must not be changed
   * @param rest second piece; must not be changed
   * @param hash of the content
   */
  public record Image(ByteBuffer start, ByteBuffer rest, long hash) {}

  /**
   * Returns an image.
   *
   * @param path decides the content together with the seed
   */
  public Image image(long... path) {
    long[] whole = new long[path.length + 1];
    whole[0] = PALETTE;
    System.arraycopy(path, 0, whole, 1, path.length);
    SeededRandom random = SeededRandom.of(seed, whole);
    byte[] palette = new byte[3 * COLORS];
    random.nextBytes(palette);
    ByteBuffer start = ByteBuffer.allocate(header.length + palette.length + 12);
    start.put(header);
    putChunk(start, "PLTE", palette);
    return new Image(
        ByteBuffer.wrap(Base64.getEncoder().encode(start.array())), pixels, random.nextLong());
  }

  private static byte[] header(Size size) {
    ByteBuffer fields = ByteBuffer.allocate(13);
    fields.putInt(size.width()).putInt(size.height());
    // eight bits for each pixel, of a palette; compression, filter and interlace are the defaults
    fields.put((byte) 8).put((byte) INDEXED);
    ByteBuffer header = ByteBuffer.allocate(SIGNATURE.length + 25);
    header.put(SIGNATURE);
    putChunk(header, "IHDR", fields.array());
    return header.array();
  }

  private static byte[] deflated(Size size, SeededRandom random) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(bytes)) {
      byte[] squares = new byte[(size.width() + SQUARE - 1) / SQUARE];
      // a row begins with the number of its filter, 0 for none
      byte[] row = new byte[size.width() + 1];
      for (int y = 0; y < size.height(); y++) {
        if (y % SQUARE == 0) {
          random.nextBytes(squares);
          for (int x = 0; x < size.width(); x++) {
            row[x + 1] = squares[x / SQUARE];
          }
        }
        deflater.write(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail", e);
    }
    return bytes.toByteArray();
  }

  private static void putChunk(ByteBuffer png, String type, byte[] content) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(content);
    png.putInt(content.length).put(name).put(content).putInt((int) crc.getValue());
  }
}
