package dev.gatlingllm.prompt;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Reads synthetic images. */
public final class Png {

  private Png() {}

  /** Returns the whole file of an image. */
  public static byte[] of(SyntheticImages.Image image) {
    String base64 =
        new String(image.start(), StandardCharsets.US_ASCII)
            + new String(image.rest(), StandardCharsets.US_ASCII);
    return Base64.getDecoder().decode(base64);
  }
}
